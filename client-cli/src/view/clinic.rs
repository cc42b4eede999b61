//! A clinic and its settings.

use prost::{Message, Name};
use rung_proto::v1;
use serde_json::Value;

use super::layout::fields;
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

/// The clinic, in whatever answer it came.
pub(crate) struct Clinic<'a, M> {
    answer: &'a M,
    clinic: Option<&'a v1::Clinic>,
}

impl<'a, M> Clinic<'a, M> {
    /// The clinic of an answer.
    pub(crate) fn of(answer: &'a M, clinic: Option<&'a v1::Clinic>) -> Self {
        Self { answer, clinic }
    }
}

impl<M: Message + Name> Screen for Clinic<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("name", For::All),
            ("shared_care", For::All),
            ("second_factor_roles", For::All),
            ("created_at", For::All),
            ("etag", For::All),
            ("id", For::All),
        ]);
        if let Some(clinic) = self.clinic {
            let created = clinic.created_at.as_ref();
            sheet.row(vec![
                Cell::text(&clinic.name),
                Cell::text(clinic.shared_care.to_string()),
                Cell::text(word::roles(&clinic.second_factor_roles)),
                Cell::both(time::human(created, style), time::machine(created)),
                Cell::text(&clinic.etag),
                Cell::text(&clinic.id),
            ]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let Some(clinic) = self.clinic else {
            return String::new();
        };
        let care = if clinic.shared_care {
            "shared: every physiotherapist is in care of every athlete"
        } else {
            "by care team"
        };
        let second_factor = if clinic.second_factor_roles.is_empty() {
            "as everybody likes".to_owned()
        } else {
            format!("required of {}", word::roles(&clinic.second_factor_roles))
        };
        fields(
            &[
                ("Clinic", clinic.name.clone()),
                ("Care", care.to_owned()),
                ("Second factor", second_factor),
                ("Since", time::human(clinic.created_at.as_ref(), style)),
                ("Etag", clinic.etag.clone()),
                ("Id", clinic.id.clone()),
            ],
            0,
            style,
        )
    }
}
