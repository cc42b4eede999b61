//! What athletes let supporters see.

use std::collections::BTreeMap;

use prost::{Message, Name};
use rung_proto::v1;
use serde_json::Value;

use super::word;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

fn sheet<'a>(consents: impl IntoIterator<Item = &'a v1::Consent>, style: &Style) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("athlete", For::All),
        ("supporter", For::All),
        ("sees", For::All),
        ("state", For::All),
        ("purpose", For::All),
        ("valid_from", For::Wide),
        ("valid_until", For::Wide),
        ("version", For::Machine),
        ("recorded_at", For::Machine),
        ("athlete_id", For::Machine),
        ("supporter_id", For::Machine),
    ]);
    for consent in consents {
        let when = |at: Option<&prost_types::Timestamp>| {
            Cell::both(time::human(at, style), time::machine(at))
        };
        let (word, tone) = state(consent);
        sheet.row(vec![
            Cell::text(&consent.athlete_display_name),
            Cell::text(&consent.supporter_display_name),
            Cell::text(word::parts(&consent.parts)),
            Cell::text(word).tone(tone),
            Cell::text(&consent.purpose),
            when(consent.valid_from.as_ref()),
            when(consent.valid_until.as_ref()),
            Cell::text(consent.version.to_string()),
            when(consent.recorded_at.as_ref()),
            Cell::text(&consent.athlete_id),
            Cell::text(&consent.supporter_id),
        ]);
    }
    sheet
}

/// What a version of a consent opens at this moment.
fn state(consent: &v1::Consent) -> (&'static str, Tone) {
    match (consent.withdrawn, consent.in_force) {
        (true, _) => ("withdrawn", Tone::Bad),
        (false, true) => ("in force", Tone::Good),
        (false, false) => ("not in force", Tone::Quiet),
    }
}

/// Consents in all their versions.
pub(crate) struct Consents(pub(crate) Vec<v1::Consent>);

impl Screen for Consents {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(&self.0, style)
    }

    fn empty(&self) -> Option<&'static str> {
        self.0.is_empty().then_some("There are no consents.")
    }
}

/// One version, in whatever answer it came.
pub(crate) struct Consent<'a, M> {
    answer: &'a M,
    consent: Option<&'a v1::Consent>,
}

impl<'a, M> Consent<'a, M> {
    /// The consent of an answer.
    pub(crate) fn of(answer: &'a M, consent: Option<&'a v1::Consent>) -> Self {
        Self { answer, consent }
    }
}

impl<M: Message + Name> Screen for Consent<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(self.consent, style)
    }
}

/// Those whom an athlete has invited: of each the consent that counts.
pub(crate) struct Supporters(Vec<v1::Consent>);

impl Supporters {
    /// The newest version for each supporter, by name.
    pub(crate) fn of(consents: Vec<v1::Consent>) -> Self {
        let mut newest: BTreeMap<(String, String), v1::Consent> = BTreeMap::new();
        for consent in consents {
            let key = (
                consent.supporter_display_name.clone(),
                consent.supporter_id.clone(),
            );
            match newest.get(&key) {
                Some(known) if known.version >= consent.version => {}
                _ => {
                    newest.insert(key, consent);
                }
            }
        }
        Self(newest.into_values().collect())
    }
}

impl Screen for Supporters {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("supporter", For::All),
            ("sees", For::All),
            ("state", For::All),
            ("valid_until", For::All),
            ("supporter_id", For::Wide),
        ]);
        for consent in &self.0 {
            let until = consent.valid_until.as_ref();
            let (word, tone) = state(consent);
            sheet.row(vec![
                Cell::text(&consent.supporter_display_name),
                Cell::text(word::parts(&consent.parts)),
                Cell::text(word).tone(tone),
                Cell::both(time::human(until, style), time::machine(until)),
                Cell::text(&consent.supporter_id),
            ]);
        }
        sheet
    }

    fn empty(&self) -> Option<&'static str> {
        self.0
            .is_empty()
            .then_some("Nobody sees your record but your care team. Invite somebody: rung supporters invite EMAIL")
    }
}
