//! Second factors: what an authenticator is told, and what it answers.

use rung_proto::v1;
use rung_tests::{PASSWORD, Result, now};

use super::World;
use crate::matrix::totp;

impl World {
    /// A secret for somebody's authenticator, offered and not confirmed yet.
    pub(crate) async fn enroll(&self, who: &str) -> Result<String> {
        let id = self.people.id(who)?;
        self.without_second_factor(&id).await?;
        let request = v1::EnrollTotpRequest {
            password: PASSWORD.to_owned(),
        };
        let answer: v1::EnrollTotpResponse =
            self.ask(who, "AuthService/EnrollTotp", &request).await?;
        Ok(answer.secret)
    }

    /// Turns somebody's second factor on; the recovery codes.
    pub(crate) async fn confirmed(&self, who: &str) -> Result<Vec<String>> {
        let secret = self.enroll(who).await?;
        let request = v1::ConfirmTotpRequest {
            code: code(&secret)?,
        };
        let answer: v1::ConfirmTotpResponse =
            self.ask(who, "AuthService/ConfirmTotp", &request).await?;
        Ok(answer.recovery_codes)
    }
}

/// The six digits of this moment (RFC 6238).
pub(crate) fn code(secret: &str) -> Result<String> {
    totp::code(secret, now().timestamp())
}
