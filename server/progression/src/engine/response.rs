//! What a RED or AMBER response does to its track, whether a session, its morning
//! or a late report brought it (§6).

use chrono::{DateTime, NaiveDate, Utc};

use super::run::Run;
use crate::decision::Outcome;
use crate::policy::TissueProfile;
use crate::reason::{Evidence, Measure, Reason, ReasonCode, Value};
use crate::scale::RungIndex;
use crate::state::{Facts, Grade};

/// A response to a session that was not GREEN.
pub(super) struct Response {
    /// The final grade so far: RED or AMBER.
    pub(super) grade: Grade,
    /// The reason that says so.
    pub(super) code: ReasonCode,
    pub(super) evidence: Vec<Evidence>,
    /// The rung that was done.
    pub(super) rung: RungIndex,
    /// Full days off after a GREEN session on it.
    pub(super) usual_rest: u32,
    /// The track's rung before the session; the target is absolute from here, so that
    /// one session never steps back twice.
    pub(super) rung_before: RungIndex,
    /// Sessions in a row that are not GREEN, with this one.
    pub(super) streak: u32,
    /// RED_AGAIN, if the facts before the session say so.
    pub(super) red_again: Option<Reason>,
    /// Where rest and the wait for a step up count from.
    pub(super) date: NaiveDate,
    pub(super) at: DateTime<Utc>,
}

/// The code of a session's own grade.
pub(super) fn session_code(profile: TissueProfile, grade: Grade) -> ReasonCode {
    match (grade, profile) {
        (Grade::Red, TissueProfile::BoneStress) => ReasonCode::BonePain,
        (Grade::Red, _) => ReasonCode::PainRed,
        _ => ReasonCode::PainAmber,
    }
}

/// RED_AGAIN: RED among the 2 sessions before, or a step back by the last one.
pub(super) fn red_again(before: &Facts) -> Option<Reason> {
    let recent = before.grades.iter().rev().take(2);
    let reds = recent.filter(|grade| **grade == Grade::Red).count();
    red_again_of(reds, before.stepped_back)
}

pub(super) fn red_again_of(reds: usize, stepped_back: bool) -> Option<Reason> {
    (reds > 0 || stepped_back).then(|| {
        Reason::new(ReasonCode::RedAgain, Outcome::Pause)
            .held(
                Measure::RedSessions,
                u32::try_from(reds).unwrap_or(u32::MAX),
                1_u32,
            )
            .held(Measure::SteppedBack, stepped_back, true)
            .ask_if(true)
    })
}

/// AMBER_THRICE fires from the third session in a row that is not GREEN.
pub(super) const THRICE: u32 = 3;

impl Run<'_> {
    /// Applies a response and returns its reasons.
    pub(super) fn respond(&mut self, index: usize, response: Response) -> Vec<Reason> {
        self.lose_count(index);
        self.earn_rest(
            index,
            response.usual_rest,
            response.grade,
            response.date,
            response.at,
        );
        match response.grade {
            Grade::Red => self.respond_to_red(index, response),
            Grade::Amber => self.respond_to_amber(index, response),
            Grade::Green => Vec::new(),
        }
    }

    fn respond_to_red(&mut self, index: usize, response: Response) -> Vec<Reason> {
        let lower = response.rung_before.min(response.rung).checked_down(1);
        let outcome = self.step_down(index, lower.unwrap_or(RungIndex::MIN), Outcome::Hold);
        self.no_advance_from(index, response.date);
        let bone = self.definition(index).ladder.profile == TissueProfile::BoneStress;
        let mut reason = Reason::new(response.code, outcome).ask_if(bone);
        reason.evidence = response.evidence;
        let mut reasons = vec![reason];
        if let Some(again) = response.red_again {
            self.pause(ReasonCode::RedAgain);
            reasons.push(again);
        }
        if lower.is_none() {
            self.pause(ReasonCode::AtBottom);
            reasons.push(at_bottom(Outcome::Pause));
        }
        reasons
    }

    fn respond_to_amber(&mut self, index: usize, response: Response) -> Vec<Reason> {
        let mut reason = Reason::new(response.code, Outcome::Repeat);
        reason.evidence = response.evidence;
        let mut reasons = vec![reason];
        if response.streak >= THRICE {
            let lower = response.rung_before.checked_down(1);
            let target = lower.unwrap_or(RungIndex::MIN);
            let outcome = self.step_down(index, target, Outcome::Repeat);
            self.no_advance_from(index, response.date);
            let asked = self.track(index).now.thrice_asked;
            self.track_mut(index).now.thrice_asked = true;
            reasons.push(
                Reason::new(ReasonCode::AmberThrice, outcome)
                    .held(Measure::NotGreenInARow, response.streak, THRICE)
                    .ask_if(!asked),
            );
            if lower.is_none() {
                reasons.push(at_bottom(Outcome::Repeat));
            }
        }
        reasons
    }

    /// Lowers the rung to a target, never raises it. Silent: what a RED asks for that
    /// finds the rung low enough already; it holds.
    fn step_down(&mut self, index: usize, target: RungIndex, otherwise: Outcome) -> Outcome {
        if target < self.track(index).rung {
            self.set_rung(index, target);
            Outcome::StepBack
        } else {
            otherwise
        }
    }

    /// OTHER_TRACK_RED: the other running tracks hold; RED ones name each other.
    pub(super) fn hold_other_tracks(&mut self, red: &[usize]) {
        for index in self.running_positions() {
            if let Some(reason) = self.other_track_red(red, index) {
                self.add_reason(index, reason);
            }
        }
    }

    /// The reason for one running track, if another running one is RED.
    pub(super) fn other_track_red(&self, red: &[usize], index: usize) -> Option<Reason> {
        let others: Vec<_> = red
            .iter()
            .filter(|other| **other != index && self.definition(**other).is_running())
            .collect();
        if others.is_empty() || !self.definition(index).is_running() {
            return None;
        }
        let reason = Reason::new(ReasonCode::OtherTrackRed, Outcome::Hold);
        let red = || Value::code(Grade::Red.code());
        Some(others.into_iter().fold(reason, |reason, other| {
            reason.saw(Measure::Track, self.definition(*other).id).held(
                Measure::Grade,
                red(),
                red(),
            )
        }))
    }
}

fn at_bottom(outcome: Outcome) -> Reason {
    Reason::new(ReasonCode::AtBottom, outcome)
        .held(Measure::TargetRung, -1_i64, 0_i64)
        .ask_if(true)
}
