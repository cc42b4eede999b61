//! Second factors and resets.

use rung_proto::v1;
use rung_tests::{PASSWORD, Result, fail};

use super::{Ask, Scene, ask, code, fresh};
use crate::matrix::{answer::Expect, fact::Fact};

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
                let code = if self.allowed {
                    code(&self.enroll().await?)?
                } else {
                    "000000".to_owned()
                };
                let some = vec![Expect::Some("/recovery_codes")];
                ask(&v1::ConfirmTotpRequest { code }, some)
                    .then(vec![Fact::SecondFactor(self.caller, true)])
            }
            "DisableTotp" => {
                let code = if self.allowed {
                    self.confirmed(self.caller).await?.1
                } else {
                    "000000".to_owned()
                };
                let request = v1::DisableTotpRequest {
                    password: PASSWORD.to_owned(),
                    code,
                };
                ask(&request, vec![]).then(vec![Fact::SecondFactor(self.caller, false)])
            }
            "CompleteSecondFactor" => {
                let (mut challenge, mut digits) = (fresh(), "000000".to_owned());
                if self.allowed {
                    // One who calls nowhere else in the table.
                    let (_, recovery) = self.confirmed("bert").await?;
                    digits = recovery;
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

    /// A secret for the caller's authenticator.
    pub(super) async fn enroll(&self) -> Result<String> {
        self.enroll_for(self.caller).await
    }

    pub(super) async fn enroll_for(&self, who: &str) -> Result<String> {
        let id = self.world.people.id(who)?;
        self.world.without_second_factor(&id).await?;
        let request = v1::EnrollTotpRequest {
            password: PASSWORD.to_owned(),
        };
        let answer: v1::EnrollTotpResponse = self
            .world
            .ask(who, "AuthService/EnrollTotp", &request)
            .await?;
        Ok(answer.secret)
    }

    /// Turns somebody's second factor on; the secret and a recovery code.
    pub(super) async fn confirmed(&self, who: &str) -> Result<(String, String)> {
        let secret = self.enroll_for(who).await?;
        let request = v1::ConfirmTotpRequest {
            code: code(&secret)?,
        };
        let answer: v1::ConfirmTotpResponse = self
            .world
            .ask(who, "AuthService/ConfirmTotp", &request)
            .await?;
        let recovery = answer.recovery_codes.first().cloned().unwrap_or_default();
        Ok((secret, recovery))
    }
}
