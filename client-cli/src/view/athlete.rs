//! Athletes.

use prost::{Message, Name};
use rung_proto::v1;
use serde_json::Value;

use super::layout::fields;
use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

fn sheet<'a>(athletes: impl IntoIterator<Item = &'a v1::Athlete>, style: &Style) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("display_name", For::All),
        ("time_zone", For::All),
        ("has_account", For::All),
        ("care_team", For::All),
        ("plan_id", For::Machine),
        ("created_at", For::Machine),
        ("id", For::Wide),
    ]);
    for athlete in athletes {
        let account = if athlete.has_account { "yes" } else { "no" };
        let created = athlete.created_at.as_ref();
        sheet.row(vec![
            Cell::text(&athlete.display_name),
            Cell::text(&athlete.time_zone),
            Cell::both(account, athlete.has_account.to_string()),
            Cell::text(team(athlete)),
            Cell::text(&athlete.plan_id),
            Cell::both(time::human(created, style), time::machine(created)),
            Cell::text(&athlete.id),
        ]);
    }
    sheet
}

fn team(athlete: &v1::Athlete) -> String {
    let names = athlete.care_team.iter().map(|member| {
        if member.lead {
            format!("{} (lead)", member.display_name)
        } else {
            member.display_name.clone()
        }
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The athletes in the caller's care.
pub(crate) struct Athletes(pub(crate) Vec<v1::Athlete>);

impl Screen for Athletes {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(&self.0, style)
    }

    fn empty(&self) -> Option<&'static str> {
        self.0
            .is_empty()
            .then_some("No athletes in your care yet. Add one: rung athletes add NAME --zone ZONE")
    }
}

/// One athlete, in whatever answer they came.
pub(crate) struct Athlete<'a, M> {
    answer: &'a M,
    athlete: Option<&'a v1::Athlete>,
}

impl<'a, M> Athlete<'a, M> {
    /// The athlete of an answer.
    pub(crate) fn of(answer: &'a M, athlete: Option<&'a v1::Athlete>) -> Self {
        Self { answer, athlete }
    }
}

impl<M: Message + Name> Screen for Athlete<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(self.athlete, style)
    }

    fn human(&self, style: &Style) -> String {
        let Some(athlete) = self.athlete else {
            return String::new();
        };
        let account = if athlete.has_account {
            "yes"
        } else {
            "none yet"
        };
        let plan = if athlete.plan_id.is_empty() {
            "none yet"
        } else {
            athlete.plan_id.as_str()
        };
        fields(
            &[
                ("Name", athlete.display_name.clone()),
                ("Zone", athlete.time_zone.clone()),
                ("Account", account.to_owned()),
                ("Care team", team(athlete)),
                ("Plan", plan.to_owned()),
                ("Since", time::human(athlete.created_at.as_ref(), style)),
                ("Id", athlete.id.clone()),
            ],
            0,
            style,
        )
    }
}
