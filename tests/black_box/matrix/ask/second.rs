//! Second factors and resets.

use rung_proto::v1;
use rung_tests::{PASSWORD, Result, fail};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{World, answer::Expect, code, fact::Fact};

impl Scene<'_> {
    /// Second factors and resets.
    pub(super) async fn second(&self, rpc: &str) -> Result<Ask> {
        let world = self.world;
        Ok(match rpc {
            "ResetPassword" => {
                let (mut code, password) = (fresh(), fresh());
                let mut facts = vec![];
                if self.allowed {
                    let request = v1::ResetCredentialsRequest {
                        request_id: fresh(),
                        person_id: world.people.id(world.own.mate)?,
                    };
                    let answer: v1::ResetCredentialsResponse = world
                        .ask("admin", "ClinicService/ResetCredentials", &request)
                        .await?;
                    code = answer.code;
                    let mate = world.people.person(world.own.mate)?;
                    facts = vec![Fact::SignsIn {
                        id: mate.id,
                        email: mate.email,
                        password: password.clone(),
                    }];
                }
                let request = v1::ResetPasswordRequest {
                    code,
                    new_password: password,
                };
                ask(&request, vec![]).then(facts)
            }
            "EnrollTotp" => {
                let request = v1::EnrollTotpRequest {
                    password: PASSWORD.to_owned(),
                };
                let person = world.people.person(self.caller);
                let account = person.map_or(String::new(), |p| p.email.replace('@', "%40"));
                let uri = format!("otpauth://totp/Rung:{account}?");
                ask(&request, vec![Expect::Holds("/uri", uri)])
            }
            "ConfirmTotp" => {
                let code = code(&world.enroll(self.holder()).await?)?;
                let some = vec![Expect::Some("/recovery_codes")];
                ask(&v1::ConfirmTotpRequest { code }, some)
                    .then(vec![Fact::SecondFactor(self.caller, true)])
            }
            "DisableTotp" => {
                let request = v1::DisableTotpRequest {
                    password: PASSWORD.to_owned(),
                    code: recovery(world, self.holder()).await?,
                };
                ask(&request, vec![]).then(vec![Fact::SecondFactor(self.caller, false)])
            }
            "CompleteSecondFactor" => {
                let (mut challenge, mut digits) = (fresh(), "000000".to_owned());
                if self.allowed {
                    // One who calls nowhere else in the table.
                    digits = recovery(world, "bert").await?;
                    let bert = world.people.person("bert")?;
                    let request = v1::LoginRequest {
                        email: bert.email,
                        password: PASSWORD.to_owned(),
                        clinic_id: String::new(),
                    };
                    let answer: v1::LoginResponse =
                        world.ask("anon", "AuthService/Login", &request).await?;
                    challenge = answer.challenge;
                }
                let request = v1::CompleteSecondFactorRequest {
                    challenge,
                    code: digits,
                };
                let bert = world.people.id("bert")?;
                ask(&request, vec![Expect::is("/person_id", &bert)])
            }
            _ => return fail(format!("AuthService/{rpc} has no message")),
        })
    }

    /// Whose second factor it is: the caller's own; of callers who can have none, that of somebody else each.
    fn holder(&self) -> &'static str {
        match self.caller {
            "anon" => "bert",
            "svc" => "bea",
            "svc0" => "mate",
            caller => caller,
        }
    }
}

/// Turns somebody's second factor on; what stands in for a code of it, once.
async fn recovery(world: &World, who: &str) -> Result<String> {
    let codes = world.confirmed(who).await?;
    Ok(codes.into_iter().next().unwrap_or_default())
}
