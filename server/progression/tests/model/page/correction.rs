//! A check-in corrected (§6 Late and corrected sessions).

use rung_progression::{Correction, Event, Grade, MorningReport, Outcome, ReasonCode, Report};

use super::morning::Match;
use super::{Fired, Model, fired};

impl Model {
    /// "RED acts as LATE if the old one was not; anything else moves nothing; always Ask."
    pub(crate) fn correction(&mut self, event: &Event, correction: &Correction) {
        let corrected = || fired(ReasonCode::Corrected, Outcome::Hold).ask();
        if self.paused.is_some() {
            let reasons = vec![fired(ReasonCode::Paused, Outcome::Pause), corrected()];
            let track = match &correction.now {
                Report::Session(now) => Some(self.index(now.track)),
                _ => None,
            };
            return self.decide(track, reasons);
        }
        match (&correction.was, &correction.now) {
            (Report::Session(was), Report::Session(now)) => {
                let track = self.index(now.track);
                let old = self.session_grade(self.index(was.track), was.symptoms());
                let new = self.session_grade(track, now.symptoms());
                if new == Grade::Red && old != Grade::Red {
                    let now = self.on_this_ladder(now);
                    self.late_red(event, &now, track, corrected());
                } else {
                    self.decide(Some(track), vec![corrected()]);
                }
            }
            (Report::Unplanned(was), Report::Unplanned(now)) => {
                let old = self.unplanned_grade(was.symptoms());
                let new = self.unplanned_grade(now.symptoms());
                if new == Grade::Red && old != Grade::Red {
                    self.rest_all(event, Grade::Red, 0);
                    let red = fired(ReasonCode::UnplannedRed, Outcome::Hold).ask();
                    self.say_on_running(vec![red], true);
                }
                self.decide(None, self.unless_paused(corrected()));
            }
            (Report::Morning(was), Report::Morning(now)) => {
                self.corrected_morning(event, was, now, corrected());
            }
            _ => self.decide(None, vec![corrected()]),
        }
    }

    /// A morning that is RED now acts as a LATE one on the tracks where it was not.
    fn corrected_morning(
        &mut self,
        event: &Event,
        was: &MorningReport,
        now: &MorningReport,
        corrected: Fired,
    ) {
        let turned = |model: &Self, track: usize| {
            model.morning_grade(track, now) == Grade::Red
                && model.morning_grade(track, was) != Grade::Red
        };
        let tracks: Vec<_> = (0..self.tracks.len())
            .filter(|track| turned(self, *track))
            .collect();
        let matched = |model: &Self, track: &usize| {
            matches!(model.matching(*track, event), Match::Answers | Match::Late)
        };
        let matched: Vec<_> = tracks
            .iter()
            .copied()
            .filter(|track| matched(self, track))
            .collect();
        for track in &tracks {
            self.rest_today(*track, event.date, event.at);
        }
        for track in &matched {
            self.bad_morning(*track, now);
        }
        for track in &matched {
            self.other_tracks_red(*track);
        }
        if matched.is_empty() && !tracks.is_empty() {
            // Adopted: RED by the limits of any track, while a morning that was so from the
            // first is judged by the RUNNING ones'.
            self.unmatched_as(event, Grade::Red);
        }
        self.decide(None, self.unless_paused(corrected));
    }
}
