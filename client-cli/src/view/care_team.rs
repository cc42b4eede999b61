//! Who is in care of an athlete.

use prost::{Message, Name};
use rung_proto::v1;
use serde_json::Value;

use crate::error::Result;
use crate::out::{Screen, Style};
use crate::sheet::{Cell, For, Sheet};

/// A care team as it is now, in whatever answer it came.
pub(crate) struct CareTeam<'a, M> {
    answer: &'a M,
    athlete_id: &'a str,
    team: &'a [v1::CareTeamMember],
}

impl<'a, M> CareTeam<'a, M> {
    /// The care team of an answer.
    pub(crate) fn of(answer: &'a M, athlete_id: &'a str, team: &'a [v1::CareTeamMember]) -> Self {
        Self {
            answer,
            athlete_id,
            team,
        }
    }
}

impl<M: Message + Name> Screen for CareTeam<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("display_name", For::All),
            ("lead", For::All),
            ("person_id", For::All),
            ("athlete_id", For::Machine),
        ]);
        for member in self.team {
            let lead = if member.lead { "lead" } else { "" };
            sheet.row(vec![
                Cell::text(&member.display_name),
                Cell::both(lead, member.lead.to_string()),
                Cell::text(&member.person_id),
                Cell::text(self.athlete_id),
            ]);
        }
        sheet
    }
}
