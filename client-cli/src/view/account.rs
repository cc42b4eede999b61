//! Sign-in and sign-out.

use rung_proto::v1;
use serde_json::{Value, json};

use super::layout::fields;
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};

fn membership_sheet(rows: &[(&str, &v1::Membership)]) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("person_id", For::Machine),
        ("clinic_name", For::All),
        ("roles", For::All),
        ("clinic_id", For::All),
        ("athlete_id", For::Wide),
    ]);
    for (person_id, membership) in rows {
        sheet.row(vec![
            Cell::text(*person_id),
            Cell::text(&membership.clinic_name),
            Cell::text(word::roles(&membership.roles)),
            Cell::text(&membership.clinic_id),
            Cell::text(&membership.athlete_id),
        ]);
    }
    sheet
}

/// The answer to a sign-in. The tokens are taken out before it is shown.
pub(crate) struct SignedIn {
    json: Value,
    person_id: String,
    membership: v1::Membership,
    clinics: usize,
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
        })
    }
}

impl Screen for SignedIn {
    fn json(&self) -> Result<Value> {
        Ok(self.json.clone())
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        membership_sheet(&[(&self.person_id, &self.membership)])
    }

    fn human(&self, _style: &Style) -> String {
        let mut text = format!(
            "Signed in at {} as {}.",
            self.membership.clinic_name,
            word::roles(&self.membership.roles)
        );
        if self.clinics > 1 {
            text.push_str(&format!(
                "\nThe account has {} clinics; `rung login --clinic ID` chooses another.",
                self.clinics
            ));
        }
        crate::out::printable(&text)
    }
}

/// The answer to `whoami`.
pub(crate) struct WhoAmI(pub(crate) v1::WhoAmIResponse);

impl Screen for WhoAmI {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("email", For::All),
            ("display_name", For::All),
            ("clinic_name", For::All),
            ("roles", For::All),
            ("person_id", For::All),
            ("clinic_id", For::All),
            ("athlete_id", For::All),
        ]);
        let membership = self.0.membership.clone().unwrap_or_default();
        sheet.row(vec![
            Cell::text(&self.0.email),
            Cell::text(&self.0.display_name),
            Cell::text(membership.clinic_name),
            Cell::text(word::roles(&membership.roles)),
            Cell::text(&self.0.person_id),
            Cell::text(membership.clinic_id),
            Cell::text(membership.athlete_id),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let membership = self.0.membership.clone().unwrap_or_default();
        fields(
            &[
                ("Name", self.0.display_name.clone()),
                ("E-mail", self.0.email.clone()),
                ("Clinic", membership.clinic_name),
                ("Roles", word::roles(&membership.roles)),
                ("Person", self.0.person_id.clone()),
                ("Athlete", membership.athlete_id),
            ],
            0,
            style,
        )
    }
}

/// The answer to `logout`.
pub(crate) struct SignedOut {
    pub(crate) profile: String,
    pub(crate) was_signed_in: bool,
}

impl Screen for SignedOut {
    fn json(&self) -> Result<Value> {
        Ok(json!({"profile": self.profile, "was_signed_in": self.was_signed_in}))
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[("profile", For::All), ("was_signed_in", For::All)]);
        sheet.row(vec![
            Cell::text(&self.profile),
            Cell::text(self.was_signed_in.to_string()),
        ]);
        sheet
    }

    fn human(&self, _style: &Style) -> String {
        if self.was_signed_in {
            format!(
                "Signed out of the profile {:?}. The server forgets the session when its token runs out.",
                self.profile
            )
        } else {
            format!("Nobody was signed in under the profile {:?}.", self.profile)
        }
    }
}
