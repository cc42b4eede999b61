//! How it responded overnight (§6 Morning).

use chrono::TimeDelta;
use rung_progression::{Event, Grade, MorningReport, Outcome, ReasonCode};

use super::calendar::{between, plus};
use super::rest::later;
use super::session::next_streak;
use super::{Fired, Model, MorningAnswer, Session, fired, rest};

/// What a morning is for a track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Answers,
    Late,
    TooEarly,
    Nothing,
}

impl Model {
    pub(crate) fn morning(&mut self, event: &Event, report: &MorningReport) {
        if self.paused.is_some() {
            let red = self.worst_morning(report) == Grade::Red;
            let paused = fired(ReasonCode::Paused, Outcome::Pause).ask_if(red);
            return self.decide(None, vec![paused]);
        }
        self.mornings.push(MorningAnswer {
            date: event.date,
            pain: i64::from(report.pain.get()),
            stiffness: report.stiffness.map(|minutes| i64::from(minutes.get())),
        });
        let tracks = 0..self.tracks.len();
        let matches: Vec<_> = tracks
            .clone()
            .map(|track| self.matching(track, event))
            .collect();
        let grades: Vec<_> = tracks
            .clone()
            .map(|track| self.morning_grade(track, report))
            .collect();
        // "Every RED or AMBER morning, also one that changes nothing else." Adopted: also
        // on a track it answers no session of, by that track's own limits.
        for track in tracks
            .clone()
            .filter(|track| grades[*track] != Grade::Green)
        {
            self.rest_today(track, event.date, event.at);
        }
        let bad = |model: &Self, track: &usize| match matches[*track] {
            Match::Answers => model.last_grade(*track).max(grades[*track]) != Grade::Green,
            Match::Late => grades[*track] != Grade::Green,
            Match::TooEarly | Match::Nothing => false,
        };
        let bad: Vec<_> = tracks.clone().filter(|track| bad(self, track)).collect();
        let red = |track: &&usize| grades[**track] == Grade::Red;
        let red: Vec<_> = bad.iter().filter(red).copied().collect();
        for track in &bad {
            self.bad_morning(*track, report);
        }
        for track in tracks.clone().filter(|track| !bad.contains(track)) {
            match matches[track] {
                Match::Answers => self.close_green(track, event, &red),
                Match::Late => {
                    self.tracks[track].missing_in_a_row = 0;
                    self.decide(Some(track), vec![fired(ReasonCode::Late, Outcome::Hold)]);
                }
                Match::TooEarly => {
                    self.decide(
                        Some(track),
                        vec![fired(ReasonCode::TooEarly, Outcome::Hold)],
                    );
                }
                Match::Nothing => {}
            }
        }
        for track in &red {
            self.other_tracks_red(*track);
        }
        if matches
            .iter()
            .all(|how| matches!(how, Match::TooEarly | Match::Nothing))
        {
            self.unmatched(event, report);
        }
    }

    pub(crate) fn matching(&self, track: usize, event: &Event) -> Match {
        let state = &self.tracks[track];
        if let Some(pending) = &state.pending {
            let young = event.at - pending.at < TimeDelta::hours(4);
            return if pending.date >= event.date || young {
                Match::TooEarly
            } else {
                Match::Answers
            };
        }
        let days = state
            .last
            .as_ref()
            .map(|last| between(last.date, event.date));
        if days.is_some_and(|days| (1..=7).contains(&days)) {
            Match::Late
        } else {
            Match::Nothing
        }
    }

    /// For mornings that belong to no track: the worst over all.
    fn worst_morning(&self, report: &MorningReport) -> Grade {
        let grades = (0..self.tracks.len()).map(|track| self.morning_grade(track, report));
        grades.max().expect("a track")
    }

    pub(crate) fn unmatched(&mut self, event: &Event, report: &MorningReport) {
        let grades = self
            .judges()
            .into_iter()
            .map(|track| self.morning_grade(track, report));
        self.unmatched_as(event, grades.max().expect("a track"));
    }

    pub(crate) fn unmatched_as(&mut self, event: &Event, grade: Grade) {
        let red = grade == Grade::Red;
        let reason = || fired(ReasonCode::UnmatchedMorning, Outcome::Hold).ask_if(red);
        let running = self.running();
        if grade == Grade::Green || running.is_empty() {
            return self.decide(None, vec![reason()]);
        }
        if red {
            let n = running
                .iter()
                .map(|track| self.plan.tracks[*track].policy.red_rest_days);
            let n = n.max().expect("a running track");
            self.hold(&running, plus(event.date, n), later(event.at, n));
        }
        for track in running {
            self.decide_beside(track, reason());
        }
    }

    fn last_grade(&self, track: usize) -> Grade {
        self.tracks[track].last.as_ref().expect("a session").grade
    }

    /// A final grade that is not GREEN: what it would have done at the session, less what
    /// was already done.
    pub(crate) fn bad_morning(&mut self, track: usize, report: &MorningReport) {
        let from = self.rung(track);
        let session = self.tracks[track].last.clone().expect("a session");
        let morning = self.morning_grade(track, report);
        let grade = session.grade.max(morning);
        self.tracks[track].missing_in_a_row = 0;
        let pending = self.tracks[track].pending.take();
        let mut reasons: Vec<Fired> = match pending {
            Some(pending) => pending.reasons().collect(),
            None => vec![fired(ReasonCode::Late, Outcome::Repeat)],
        };
        let mut thrice = false;
        match morning {
            Grade::Green => {}
            Grade::Amber => {
                reasons.push(fired(ReasonCode::MorningAmber, Outcome::Repeat));
                thrice = grade == Grade::Amber && next_streak(&session.before, grade) >= 3;
            }
            Grade::Red => {
                let again = session.before.red_among(2) || session.before.stepped_back;
                let rung = session.rung_before.min(session.rung);
                reasons.extend(self.red(track, rung, again, session.date, true));
            }
        }
        if thrice {
            reasons.extend(self.thrice_at_morning(track, &session));
        }
        if morning != Grade::Green {
            self.tracks[track].lose_count();
            self.remember(track, &session, grade, thrice);
            let n = rest::days(grade, session.rest_days, &self.plan.tracks[track].policy);
            self.rest(track, n, session.date, session.at);
        }
        self.decide_from(Some(track), Some(from), reasons);
    }

    fn thrice_at_morning(&mut self, track: usize, session: &Session) -> Vec<Fired> {
        self.amber_thrice(track, session.rung_before, &session.before, session.date)
    }

    /// The facts with the session's final grade; `streak` moves once per session.
    fn remember(&mut self, track: usize, session: &Session, grade: Grade, thrice: bool) {
        let state = &mut self.tracks[track];
        let last = state.last.as_mut().expect("a session");
        if last.in_grades {
            *state.now.grades.last_mut().expect("its grade") = grade;
        } else if grade > last.grade {
            state.now.grades.push(grade);
            last.in_grades = true;
        }
        last.grade = grade;
        state.now.streak = next_streak(&session.before, grade);
        // Adopted: the last session alone says so, even if a late RED said so before.
        state.now.stepped_back = grade == Grade::Red || thrice;
        state.now.asked |= session.before.asked || thrice;
    }
}
