//! Accounts: what is asked with a password or a session.

use rung_proto::v1;
use rung_tests::{PASSWORD, Result};

use super::{Ask, Scene, ask, fresh, sid};
use crate::matrix::{answer::Expect, fact::Fact, table::Object};

impl Scene<'_> {
    pub(super) async fn auth(&self, rpc: &str) -> Result<Ask> {
        let world = self.world;
        let wrong = || fresh();
        // Whose password or code it is does not depend on whose token comes along.
        let person = world
            .people
            .person(self.caller)
            .or_else(|_| world.people.person("bert"))?;
        let named = vec![Expect::is("/person_id", &person.id)];
        Ok(match rpc {
            "Login" => {
                let request = v1::LoginRequest {
                    email: person.email.clone(),
                    password: PASSWORD.to_owned(),
                    clinic_id: self.record().clinic,
                };
                ask(&request, named)
            }
            "RefreshToken" => {
                let refresh_token = if self.allowed {
                    person.login(&world.wire).await?.refresh
                } else {
                    wrong()
                };
                ask(
                    &v1::RefreshTokenRequest { refresh_token },
                    vec![Expect::Token("/tokens/access_token", person.id.clone())],
                )
            }
            "AcceptInvitation" => {
                let email = format!("{}@new.example", fresh());
                let code = if self.allowed {
                    world.invite("admin", &email, v1::Role::Physio, "").await?
                } else {
                    wrong()
                };
                let request = v1::AcceptInvitationRequest {
                    code,
                    password: PASSWORD.to_owned(),
                    display_name: "Newcomer".to_owned(),
                };
                let clinic = &world.own.clinic;
                ask(&request, vec![Expect::is("/membership/clinic_id", clinic)])
            }
            "ExchangeAssertion" => {
                let system = world.people.system("svc")?;
                let mut claims = system.claims();
                if !self.allowed {
                    claims["aud"] = "somebody else".into();
                }
                let request = v1::ExchangeAssertionRequest {
                    assertion: system.sign(&claims)?,
                    scopes: vec![],
                };
                ask(&request, vec![Expect::Token("/access_token", system.id)])
            }
            "WhoAmI" => {
                let id = world.people.id(self.caller).unwrap_or_default();
                ask(&v1::WhoAmIRequest {}, vec![Expect::is("/person_id", &id)])
            }
            "SwitchClinic" => {
                let clinic_id = self.record().clinic;
                let expect = vec![Expect::is("/membership/clinic_id", &clinic_id)];
                ask(&v1::SwitchClinicRequest { clinic_id }, expect)
            }
            "ListSessions" => {
                let sid = self.sid(self.caller).unwrap_or_default();
                ask(
                    &v1::ListSessionsRequest {},
                    vec![Expect::has("/sessions/*/id", &sid)],
                )
            }
            "RevokeSession" => {
                let mut facts = vec![];
                let session_id = match self.object {
                    Object::Own if self.allowed => {
                        let ended = person.login(&world.wire).await?.access;
                        facts = vec![Fact::Out(ended.clone()), Fact::In(person.access)];
                        sid(&ended)?
                    }
                    Object::Own => sid(&person.access)?,
                    Object::Same => self.sid(world.own.mate)?,
                    Object::Other => self.sid(world.other.mate)?,
                    Object::Missing => world.nobody.clone(),
                };
                ask(&v1::RevokeSessionRequest { session_id }, vec![]).then(facts)
            }
            "Logout" => {
                let token = if self.allowed {
                    Some(person.login(&world.wire).await?.access)
                } else {
                    None
                };
                let facts = token
                    .iter()
                    .flat_map(|ended| [Fact::Out(ended.clone()), Fact::In(person.access.clone())]);
                let facts = facts.collect();
                Ask {
                    token,
                    ..ask(&v1::LogoutRequest {}, vec![]).then(facts)
                }
            }
            "ChangePassword" => {
                let mut facts = vec![];
                if self.allowed {
                    // Sessions of the one whose password it is end, but for the one that changes it.
                    let beside = person.login(&world.wire).await?.access;
                    let bystander = world.people.person("bert")?.access;
                    facts = vec![
                        Fact::Out(beside),
                        Fact::In(person.access),
                        Fact::In(bystander),
                    ];
                }
                // To the same one: whoever signs in after this need not know.
                let request = v1::ChangePasswordRequest {
                    old_password: PASSWORD.to_owned(),
                    new_password: PASSWORD.to_owned(),
                };
                ask(&request, vec![]).then(facts)
            }
            other => return self.second(other).await,
        })
    }

    pub(super) fn sid(&self, who: &str) -> Result<String> {
        sid(&self.world.people.token(who)?.unwrap_or_default())
    }
}
