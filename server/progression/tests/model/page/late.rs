//! A session that happened before the track's last one (§6 Late).

use rung_progression::{Event, Grade, Outcome, ReasonCode, SessionReport};

use super::{Fired, Model, fired, rest};

impl Model {
    pub(crate) fn late_session(&mut self, event: &Event, report: &SessionReport, grade: Grade) {
        let track = self.index(report.track);
        let late = fired(ReasonCode::Late, Outcome::Hold);
        if grade == Grade::Red {
            self.late_red(event, report, track, late);
        } else {
            self.decide(Some(track), vec![late]);
        }
    }

    /// "RED acts with all effects of a RED", and enters the facts before the last session
    /// as well as the track's.
    pub(crate) fn late_red(
        &mut self,
        event: &Event,
        report: &SessionReport,
        track: usize,
        why: Fired,
    ) {
        let from = self.rung(track);
        let state = &self.tracks[track];
        let (last_date, last_at) = state
            .last
            .as_ref()
            .map_or((event.date, event.at), |last| (last.date, last.at));
        let (date, at) = (event.date.max(last_date), event.at.max(last_at));
        // Adopted: a RESUME does not let go of the facts kept with the last session.
        let again = state.now.stepped_back
            || match &state.last {
                Some(last) => {
                    last.grade == Grade::Red || last.before.red_among(2) || last.before.stepped_back
                }
                None => state.now.red_among(3),
            };
        let mut reasons = vec![why];
        reasons.extend(self.red(track, from.min(report.rung), again, date, false));

        let state = &mut self.tracks[track];
        if let Some(last) = &mut state.last {
            last.before.grades.push(Grade::Red);
            last.before.streak += 1;
            last.before.stepped_back = true;
        }
        let known = state.now.grades.len();
        let in_grades = state.last.as_ref().is_some_and(|last| last.in_grades);
        state
            .now
            .grades
            .insert(if in_grades { known - 1 } else { known }, Grade::Red);
        state.now.streak += 1;
        state.now.stepped_back = true;
        state.block(ReasonCode::Late);

        let n = rest::days(
            Grade::Red,
            self.rest_days(track, report),
            &self.plan.tracks[track].policy,
        );
        self.rest(track, n, date, at);
        self.decide_from(Some(track), Some(from), reasons);
        self.other_tracks_red(track);
    }
}
