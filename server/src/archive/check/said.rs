//! Whether check-ins are what the events say was reported: a correction in place of what was said last, and one session to
//! each prediction.

use std::collections::BTreeMap;

use rung_progression::{CheckInId, Event, EventBody, Judged};
use uuid::Uuid;

use crate::storage::check_in::{Judgement, StoredCheckIn};

/// What one plan was told so far.
#[derive(Default)]
pub(super) struct Said<'a> {
    /// What was said last, by the first check-in of those that correct each other.
    last: BTreeMap<CheckInId, &'a StoredCheckIn>,
    /// The first check-in of those that answer a prediction.
    answered: BTreeMap<Uuid, CheckInId>,
}

impl<'a> Said<'a> {
    /// Whether the check-in is what the event says; none where nothing was reported. Takes it as said.
    pub(super) fn fits(
        &mut self,
        event: &Event,
        judged: Judged,
        check_in: Option<&'a StoredCheckIn>,
    ) -> bool {
        let Some(check_in) = check_in else {
            return !event.is_check_in();
        };
        let judgement = match judged {
            Judged::Fully => Judgement::Fully,
            _ => Judgement::RedFlagsOnly,
        };
        let fits = self.reports(event, check_in)
            && check_in.id.uuid() == event.id.uuid()
            && check_in.performed_at == event.at
            && check_in.civil_date == event.date
            && check_in.revision == event.revision
            && check_in.judged == judgement
            && self.may_answer(check_in);
        self.take(check_in);
        fits
    }

    fn reports(&self, event: &Event, check_in: &StoredCheckIn) -> bool {
        let body = &check_in.report.body;
        let EventBody::Correction(correction) = &event.body else {
            return check_in.corrects_id.is_none() && event.body == body.happened();
        };
        let first = check_in.corrects_id.map(CheckInId::from);
        let last = first.and_then(|first| self.last.get(&first));
        last.is_some_and(|last| {
            correction.corrects.uuid() == last.id.uuid()
                && correction.was == last.report.body.judged()
                && correction.now == body.judged()
        })
    }

    fn may_answer(&self, check_in: &StoredCheckIn) -> bool {
        let by = check_in.prediction_id.and_then(|id| self.answered.get(&id));
        by.is_none_or(|by| *by == check_in.first())
    }

    fn take(&mut self, check_in: &'a StoredCheckIn) {
        let first = check_in.first();
        let before = self.last.insert(first, check_in);
        if let Some(id) = before.and_then(|before| before.prediction_id) {
            self.answered.remove(&id);
        }
        if let Some(id) = check_in.prediction_id {
            self.answered.insert(id, first);
        }
    }
}
