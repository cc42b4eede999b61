//! What is said about the entry criteria of a ladder.

use rung_proto::v1;

#[derive(Debug, clap::Args)]
pub(crate) struct Entry {
    /// Entry criterion that holds; may be given several times
    #[arg(long, value_name = "CRITERION_ID")]
    confirm: Vec<String>,
    /// All entry criteria hold, but those waived
    #[arg(long, conflicts_with = "confirm")]
    confirm_all: bool,
    /// Entry criterion to go on without, and why; may be given several times
    #[arg(long, value_name = "CRITERION_ID=REASON", value_parser = parse_waiver)]
    waive: Vec<(String, String)>,
}

fn parse_waiver(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(_, reason)| !reason.trim().is_empty())
        .map(|(id, reason)| (id.to_owned(), reason.to_owned()))
        .ok_or_else(|| "looks like CRITERION_ID=why to go on without it".to_owned())
}

impl Entry {
    /// What was said about the entry criteria, and nothing more: what was not said is not confirmed.
    pub(crate) fn confirmations(&self, ladder: &v1::Ladder) -> Vec<v1::EntryConfirmation> {
        let waived = self.waive.iter().map(|(id, reason)| v1::EntryConfirmation {
            criterion: id.clone(),
            confirmed: false,
            reason: reason.clone(),
        });
        let criteria = ladder
            .definition
            .as_ref()
            .map(|d| d.entry_criteria.as_slice());
        let confirmed: Vec<&String> = if self.confirm_all {
            let is_waived = |id: &String| self.waive.iter().any(|(waived, _)| waived == id);
            criteria
                .unwrap_or_default()
                .iter()
                .map(|c| &c.id)
                .filter(|id| !is_waived(id))
                .collect()
        } else {
            self.confirm.iter().collect()
        };
        confirmed
            .into_iter()
            .map(|id| v1::EntryConfirmation {
                criterion: id.clone(),
                confirmed: true,
                reason: String::new(),
            })
            .chain(waived)
            .collect()
    }

    /// [`Entry::confirmations`] for one of several ladders: of the criteria that it has. What none of them has is said of
    /// the first, so that the server tells it.
    pub(crate) fn confirmations_of(
        &self,
        ladders: &[(String, v1::Ladder)],
        place: usize,
    ) -> Vec<v1::EntryConfirmation> {
        let has = |ladder: &v1::Ladder, id: &str| {
            let mut criteria = ladder.definition.iter().flat_map(|d| &d.entry_criteria);
            criteria.any(|criterion| criterion.id == id)
        };
        let Some((_, ladder)) = ladders.get(place) else {
            return vec![];
        };
        let mut said = self.confirmations(ladder);
        said.retain(|entry| {
            let nowhere = !ladders.iter().any(|(_, l)| has(l, &entry.criterion));
            has(ladder, &entry.criterion) || place == 0 && nowhere
        });
        said
    }

    /// [`Entry::confirmations`], and of the other criteria what was said before.
    pub(crate) fn confirmed_since(
        &self,
        ladder: &v1::Ladder,
        before: &[v1::EntryConfirmation],
    ) -> Vec<v1::EntryConfirmation> {
        let mut said = self.confirmations(ladder);
        for criterion in ladder.definition.iter().flat_map(|d| &d.entry_criteria) {
            let unsaid = said.iter().all(|entry| entry.criterion != criterion.id);
            let known = before.iter().find(|entry| entry.criterion == criterion.id);
            if let (true, Some(known)) = (unsaid, known) {
                said.push(known.clone());
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        entry: Entry,
    }

    type Said = (String, bool, String);

    fn line(flags: &[&str]) -> Entry {
        Line::try_parse_from(["rung"].iter().chain(flags))
            .unwrap()
            .entry
    }

    fn ladder() -> v1::Ladder {
        let criterion = |id: &str| v1::EntryCriterion {
            id: id.into(),
            ..v1::EntryCriterion::default()
        };
        let definition = v1::LadderDefinition {
            entry_criteria: vec![criterion("walk"), criterion("hop")],
            ..Default::default()
        };
        v1::Ladder {
            definition: Some(definition),
            ..Default::default()
        }
    }

    fn plain(said: Vec<v1::EntryConfirmation>) -> Vec<Said> {
        let said = said.into_iter();
        said.map(|c| (c.criterion, c.confirmed, c.reason)).collect()
    }

    #[test]
    fn only_what_was_said_is_confirmed() {
        let confirmed = |flags| plain(line(flags).confirmations(&ladder()));
        assert_eq!(confirmed(&[]), []);
        assert_eq!(
            confirmed(&["--confirm", "walk"]),
            [("walk".into(), true, String::new())]
        );
        let all = confirmed(&["--confirm-all", "--waive", "hop=other side=fine"]);
        assert_eq!(
            all,
            [
                ("walk".into(), true, String::new()),
                ("hop".into(), false, "other side=fine".into())
            ]
        );
    }

    #[test]
    fn what_was_said_before_of_a_criterion_that_stays_is_said_still() {
        let before = ["walk", "jump"].map(|criterion| v1::EntryConfirmation {
            criterion: criterion.into(),
            confirmed: true,
            reason: String::new(),
        });
        let said = line(&["--waive", "hop=fine"]).confirmed_since(&ladder(), &before);
        assert_eq!(
            plain(said),
            [
                ("hop".into(), false, "fine".into()),
                ("walk".into(), true, String::new())
            ]
        );
    }
}
