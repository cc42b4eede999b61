//! Sign-in and sign-out.

use rung_proto::v1;
use serde_json::{Value, json};

use super::layout::hanging;
use super::{membership, word};
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};

/// The answer to a sign-in. The tokens are taken out before it is shown.
pub(crate) struct SignedIn {
    json: Value,
    person_id: String,
    membership: v1::Membership,
    clinics: usize,
    recovery_codes_left: Option<i32>,
}

impl SignedIn {
    /// After `login`.
    pub(crate) fn login(mut answer: v1::LoginResponse) -> Result<Self> {
        answer.tokens = None;
        Ok(Self {
            json: super::json(&answer)?,
            person_id: answer.person_id,
            membership: answer.membership.unwrap_or_default(),
            clinics: answer.memberships.len(),
            recovery_codes_left: None,
        })
    }

    /// After `login` or `join` with a second factor.
    pub(crate) fn second_factor(mut answer: v1::CompleteSecondFactorResponse) -> Result<Self> {
        answer.tokens = None;
        Ok(Self {
            json: super::json(&answer)?,
            person_id: answer.person_id,
            membership: answer.membership.unwrap_or_default(),
            clinics: answer.memberships.len(),
            recovery_codes_left: Some(answer.recovery_codes_left),
        })
    }

    /// After `clinic switch`.
    pub(crate) fn switched(mut answer: v1::SwitchClinicResponse) -> Result<Self> {
        answer.access_token = String::new();
        Ok(Self {
            json: super::json(&answer)?,
            person_id: String::new(),
            membership: answer.membership.unwrap_or_default(),
            clinics: 1,
            recovery_codes_left: None,
        })
    }

    /// After `join`.
    pub(crate) fn join(mut answer: v1::AcceptInvitationResponse) -> Result<Self> {
        answer.tokens = None;
        Ok(Self {
            json: super::json(&answer)?,
            person_id: answer.person_id,
            membership: answer.membership.unwrap_or_default(),
            clinics: 1,
            recovery_codes_left: None,
        })
    }
}

impl Screen for SignedIn {
    fn json(&self) -> Result<Value> {
        Ok(self.json.clone())
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        membership::sheet(&self.person_id, [(&self.membership, true)])
    }

    fn human(&self, _style: &Style) -> String {
        let mut text = format!(
            "Signed in at {} as {}.",
            self.membership.clinic_name,
            word::roles(&self.membership.roles)
        );
        if self.clinics > 1 {
            text.push_str(&format!(
                "\nThe account has {} clinics; `rung clinic switch NAME` changes to another.",
                self.clinics
            ));
        }
        match self.recovery_codes_left {
            Some(0) => text.push_str(
                "\nNo recovery code is left: `rung totp disable`, then `rung totp enroll` gives new ones.",
            ),
            Some(n @ 1..=3) => text.push_str(&format!("\nRecovery codes left: {n}.")),
            _ => {}
        }
        crate::out::printable(&text)
    }
}

/// What became of the session at the server.
pub(crate) enum AtServer {
    /// It is closed there.
    Ended,
    /// Nobody knows: why not, in a sentence.
    Open(String),
}

/// The answer to `logout`.
pub(crate) struct SignedOut {
    pub(crate) profile: String,
    pub(crate) was_signed_in: bool,
    pub(crate) at_server: AtServer,
}

impl SignedOut {
    fn ended(&self) -> bool {
        matches!(self.at_server, AtServer::Ended)
    }

    fn why_not(&self) -> &str {
        match &self.at_server {
            AtServer::Ended => "",
            AtServer::Open(why) => why,
        }
    }
}

impl Screen for SignedOut {
    fn json(&self) -> Result<Value> {
        Ok(json!({
            "profile": self.profile,
            "was_signed_in": self.was_signed_in,
            "ended_at_server": self.ended(),
            "why_not": self.why_not(),
        }))
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("profile", For::All),
            ("was_signed_in", For::All),
            ("ended_at_server", For::All),
            ("why_not", For::All),
        ]);
        sheet.row(vec![
            Cell::text(&self.profile),
            Cell::text(self.was_signed_in.to_string()),
            Cell::text(self.ended().to_string()),
            Cell::text(self.why_not()),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        if !self.was_signed_in {
            return format!("Nobody was signed in under the profile {:?}.", self.profile);
        }
        match &self.at_server {
            AtServer::Ended => format!("Signed out of the profile {:?}.", self.profile),
            AtServer::Open(why) => {
                let told = format!(
                    "The sign-in of the profile {:?} is forgotten here. The server was not told: {why}\nThe session stays open \
                     there until it runs out, or until you end it from another sign-in: rung sessions list",
                    self.profile
                );
                hanging("", &told, Tone::Plain, style)
            }
        }
    }
}
