//! What a person is, clinic by clinic.

use rung_proto::v1;
use serde_json::Value;

use super::word;
use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};

/// Memberships of a person; `true` beside the one that the sign-in speaks for.
pub(crate) fn sheet<'a>(
    person_id: &str,
    rows: impl IntoIterator<Item = (&'a v1::Membership, bool)>,
) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("person_id", For::Machine),
        ("clinic_name", For::All),
        ("roles", For::All),
        ("current", For::All),
        ("clinic_id", For::All),
        ("athlete_id", For::Wide),
    ]);
    for (membership, current) in rows {
        sheet.row(vec![
            Cell::text(person_id),
            Cell::text(&membership.clinic_name),
            Cell::text(word::roles(&membership.roles)),
            Cell::both(if current { "here" } else { "" }, current.to_string()),
            Cell::text(&membership.clinic_id),
            Cell::text(&membership.athlete_id),
        ]);
    }
    sheet
}

/// The clinics of an account.
pub(crate) struct Memberships {
    person_id: String,
    clinics: Vec<v1::Membership>,
    current: String,
}

impl Memberships {
    /// Those of whoever is signed in.
    pub(crate) fn of(who: v1::WhoAmIResponse) -> Self {
        Self {
            person_id: who.person_id,
            clinics: who.memberships,
            current: who.membership.unwrap_or_default().clinic_id,
        }
    }
}

impl Screen for Memberships {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.clinics)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let rows = self.clinics.iter();
        sheet(
            &self.person_id,
            rows.map(|m| (m, m.clinic_id == self.current)),
        )
    }

    fn empty(&self) -> Option<&'static str> {
        self.clinics
            .is_empty()
            .then_some("The account has no clinic to change to.")
    }
}
