//! A session on a track (§6).

use chrono::NaiveDate;
use rung_progression::ladder::DoseUnit;
use rung_progression::{
    Event, Grade, Outcome, ReasonCode, RungIndex, SessionReport, TissueProfile, TrackKind,
    TrackStatus,
};

use super::calendar::plus;
use super::{Facts, Fired, Model, Pending, Session, fired, rest};

impl Model {
    pub(crate) fn session(&mut self, event: &Event, report: &SessionReport) {
        let track = self.index(report.track);
        let report = &self.on_this_ladder(report);
        let grade = self.session_grade(track, report.symptoms());
        if self.paused.is_some() {
            let paused = fired(ReasonCode::Paused, Outcome::Pause).ask_if(grade == Grade::Red);
            return self.decide(Some(track), vec![paused]);
        }
        if self.tracks[track]
            .last
            .as_ref()
            .is_some_and(|last| event.at < last.at)
        {
            self.late_session(event, report, grade);
        } else {
            if self.tracks[track].pending.is_some() {
                self.close_missing(track);
            }
            self.on_time(event, report, track, grade);
        }
        self.log(event.date, report.distance);
    }

    /// Adopted: of a revision that had more rungs, a rung above the top is the top.
    pub(crate) fn on_this_ladder(&self, report: &SessionReport) -> SessionReport {
        let (_, definition) = self.plan.track(report.track).expect("a track of the plan");
        SessionReport {
            rung: report.rung.min(definition.ladder.top()),
            ..report.clone()
        }
    }

    fn on_time(&mut self, event: &Event, report: &SessionReport, track: usize, grade: Grade) {
        let from = self.rung(track);
        let before = self.tracks[track].now.clone();
        let blocked = self.blockers(event, report, track, grade);
        let mut reasons = reported(&blocked);
        reasons.extend(self.rows(track, &blocked, report));
        let rest_days = self.rest_days(track, report);

        let (mut thrice, streak) = (false, next_streak(&before, grade));
        match grade {
            Grade::Green => reasons.push(fired(ReasonCode::AwaitMorning, Outcome::Hold)),
            Grade::Amber => {
                reasons.push(fired(ReasonCode::PainAmber, Outcome::Repeat));
                self.tracks[track].lose_count();
                thrice = streak >= 3;
                if thrice {
                    reasons.extend(self.amber_thrice(track, from, &before, event.date));
                }
            }
            Grade::Red => {
                let again = before.red_among(2) || before.stepped_back;
                let rung = from.min(report.rung);
                reasons.extend(self.red(track, rung, again, event.date, false));
            }
        }

        let state = &mut self.tracks[track];
        state.now.grades.push(grade);
        state.now.streak = streak;
        state.now.stepped_back = grade == Grade::Red || thrice;
        state.now.asked = streak > 0 && (before.asked || thrice);
        state.last = Some(Session {
            at: event.at,
            date: event.date,
            rung: report.rung,
            rest_days,
            rung_before: from,
            grade,
            before,
            in_grades: true,
        });
        state.pending = Some(Pending {
            at: event.at,
            date: event.date,
            blockers: blocked,
            context: report.context.clone(),
        });
        match &mut state.set {
            Some(set) if event.date < set.date => set.session_since = true,
            _ => {
                state.set = None;
                state.layoff_level = 0;
            }
        }
        let n = rest::days(grade, rest_days, &self.plan.tracks[track].policy);
        self.rest(track, n, event.date, event.at);
        self.decide_from(Some(track), Some(from), reasons);
        if grade == Grade::Red {
            self.other_tracks_red(track);
        }
    }

    /// Rest days of the rung done, read in the revision the session names.
    pub(crate) fn rest_days(&self, track: usize, report: &SessionReport) -> u32 {
        let now = || self.plan.tracks[track].rest_days(report.rung);
        report.earlier.map_or_else(now, |earlier| earlier.rest_days)
    }

    /// The effects of a RED on its own track: `rung` is the lower of the current and the
    /// done one. Rest is the caller's.
    pub(crate) fn red(
        &mut self,
        track: usize,
        rung: RungIndex,
        again: bool,
        date: NaiveDate,
        morning: bool,
    ) -> Vec<Fired> {
        let bone = self.plan.tracks[track].ladder.profile == TissueProfile::BoneStress;
        let code = match (morning, bone) {
            (true, _) => ReasonCode::MorningRed,
            (false, true) => ReasonCode::BonePain,
            (false, false) => ReasonCode::PainRed,
        };
        let target = rung.checked_down(1);
        // Adopted: a RED that finds the rung low enough already holds.
        let lowers = target.unwrap_or(RungIndex::MIN) < self.rung(track);
        let outcome = if lowers {
            Outcome::StepBack
        } else {
            Outcome::Hold
        };
        let mut reasons = vec![fired(code, outcome).ask_if(bone)];
        if again {
            reasons.push(fired(ReasonCode::RedAgain, Outcome::Pause).ask());
            self.pause(ReasonCode::RedAgain);
        }
        if target.is_none() {
            reasons.push(fired(ReasonCode::AtBottom, Outcome::Pause).ask());
            self.pause(ReasonCode::AtBottom);
        }
        let state = &mut self.tracks[track];
        state.lose_count();
        state.lower_to(target.unwrap_or(RungIndex::MIN));
        state.no_advance_until(plus(date, 7));
        reasons
    }

    /// The effects of AMBER_THRICE; `rung` is the one before the session.
    pub(crate) fn amber_thrice(
        &mut self,
        track: usize,
        rung: RungIndex,
        before: &Facts,
        date: NaiveDate,
    ) -> Vec<Fired> {
        let state = &mut self.tracks[track];
        let first = !before.asked && !state.now.asked;
        state.no_advance_until(plus(date, 7));
        let below = rung.checked_down(1);
        let target = below.unwrap_or(RungIndex::MIN);
        let outcome = if target < state.rung {
            Outcome::StepBack
        } else {
            Outcome::Repeat
        };
        state.lower_to(target);
        let mut reasons = vec![fired(ReasonCode::AmberThrice, outcome).ask_if(first)];
        if below.is_none() {
            reasons.push(fired(ReasonCode::AtBottom, Outcome::Repeat).ask());
        }
        reasons
    }

    /// OTHER_TRACK_RED: the other RUNNING tracks hold.
    pub(crate) fn other_tracks_red(&mut self, track: usize) {
        if self.plan.tracks[track].is_running() {
            for other in self.running().into_iter().filter(|other| *other != track) {
                self.decide_beside(other, fired(ReasonCode::OtherTrackRed, Outcome::Hold));
            }
        }
    }

    /// Everything that will keep the session from counting.
    fn blockers(
        &self,
        event: &Event,
        report: &SessionReport,
        track: usize,
        grade: Grade,
    ) -> Vec<ReasonCode> {
        let definition = &self.plan.tracks[track];
        let (state, policy) = (&self.tracks[track], &definition.policy);
        let bone = definition.ladder.profile == TissueProfile::BoneStress;
        let exposure = definition.ladder.kind == TrackKind::Exposure;
        let early = state
            .not_before
            .is_some_and(|(date, at)| event.date < date || event.at < at);
        let completion = self.completion(event, report, track);
        let moved = report.earlier.is_some_and(|earlier| !earlier.same);
        // Adopted: a rung of an earlier revision that is not here any more is neither below
        // nor above the current one.
        let (below, above) = match report.earlier {
            Some(earlier) if !earlier.same => (false, false),
            _ => (report.rung < state.rung, report.rung > state.rung),
        };
        let (missing, low, fear) = self.unsure(track, report);
        let all = [
            (grade == Grade::Amber, ReasonCode::PainAmber),
            (grade == Grade::Red && !bone, ReasonCode::PainRed),
            (grade == Grade::Red && bone, ReasonCode::BonePain),
            (state.status == TrackStatus::Locked, ReasonCode::Locked),
            (moved, ReasonCode::Moved),
            (early, ReasonCode::RestNotMet),
            (
                completion < policy.completion_min || below,
                ReasonCode::Underdone,
            ),
            (
                completion > policy.completion_max || above,
                ReasonCode::Overdone,
            ),
            (
                missing && policy.require_confidence && !exposure,
                ReasonCode::ConfidenceMissing,
            ),
            (low && !exposure, ReasonCode::ConfidenceLow),
            (fear && !exposure, ReasonCode::FearHigh),
            (
                report.feared_outcome == Some(true),
                ReasonCode::FearedOutcome,
            ),
            (self.is_ill(event.date), ReasonCode::Illness),
            (self.is_low(event.date), ReasonCode::ReadinessLow),
            (self.is_deload(track, event.date), ReasonCode::DeloadWeek),
        ];
        all.into_iter()
            .filter(|(fires, _)| *fires)
            .map(|(_, code)| code)
            .collect()
    }

    /// Missing or low confidence, high fear.
    fn unsure(&self, track: usize, report: &SessionReport) -> (bool, bool, bool) {
        let policy = &self.plan.tracks[track].policy;
        (
            report.confidence.is_none(),
            report
                .confidence
                .is_some_and(|value| value.get() < policy.confidence_min),
            report
                .fear
                .is_some_and(|value| value.get() > policy.fear_max),
        )
    }

    /// completion = floor(100 × done ÷ dose advised that day), 0..1000. Adopted: it is
    /// advised for the rung done, at least 1, and an ordinal is not scaled.
    fn completion(&self, event: &Event, report: &SessionReport, track: usize) -> u32 {
        let definition = &self.plan.tracks[track];
        let rung = definition.rung(report.rung).expect("a rung");
        let prescribed = report
            .earlier
            .map_or(rung.dose, |earlier| earlier.dose)
            .get();
        let mut advised = u64::from(prescribed);
        let scales = definition.ladder.unit != DoseUnit::Ordinal;
        let share = |holds: bool, percent: u32| {
            if scales && holds {
                u64::from(percent)
            } else {
                100
            }
        };
        advised *= share(
            self.is_deload(track, event.date),
            definition.policy.deload_percent,
        );
        advised *= share(self.is_low(event.date), definition.policy.readiness_percent);
        advised /= 10_000;
        let done = u64::from(report.dose_done.get());
        u32::try_from((100 * done / advised.max(1)).min(1000)).expect("at most 1000")
    }

    /// CONFIDENCE_STUCK and OVERDOING: three sessions in a row.
    fn rows(&mut self, track: usize, blocked: &[ReasonCode], report: &SessionReport) -> Vec<Fired> {
        let (missing, low, fear) = self.unsure(track, report);
        let over =
            blocked.contains(&ReasonCode::RestNotMet) || blocked.contains(&ReasonCode::Overdone);
        let state = &mut self.tracks[track];
        state.unsure_in_a_row = if missing || low || fear {
            state.unsure_in_a_row + 1
        } else {
            0
        };
        state.overdone_in_a_row = if over { state.overdone_in_a_row + 1 } else { 0 };
        let mut reasons = Vec::new();
        if state.unsure_in_a_row >= 3 {
            reasons.push(fired(ReasonCode::ConfidenceStuck, Outcome::Repeat).ask());
        }
        if state.overdone_in_a_row == 3 {
            reasons.push(fired(ReasonCode::Overdoing, Outcome::Repeat).ask());
        }
        reasons
    }

    /// What was done counts for NEEDS_CLEARANCE, its distance for SPIKE.
    pub(crate) fn log(&mut self, date: NaiveDate, distance: Option<rung_progression::Metres>) {
        self.efforts.push(date);
        self.distances
            .extend(distance.map(|metres| (date, i64::from(metres.get()))));
    }
}

pub(crate) fn next_streak(before: &Facts, grade: Grade) -> u32 {
    if grade == Grade::Green {
        0
    } else {
        before.streak + 1
    }
}

/// A blocker as a reason.
fn blocker(code: ReasonCode) -> Fired {
    let asks = matches!(code, ReasonCode::Overdone | ReasonCode::FearedOutcome);
    fired(code, Outcome::Repeat).ask_if(asks)
}

/// Blockers as reasons of the session's own decision; its grade has reasons of its own.
fn reported(blocked: &[ReasonCode]) -> Vec<Fired> {
    let pain = [
        ReasonCode::PainAmber,
        ReasonCode::PainRed,
        ReasonCode::BonePain,
    ];
    let blocked = blocked.iter().filter(|code| !pain.contains(code));
    blocked.map(|code| blocker(*code)).collect()
}
