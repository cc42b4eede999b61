//! How to make a history worse.

use proptest::prelude::*;

use super::answer::{best_morning, best_session};
use crate::event::{
    Event, EventBody, MorningReport, Report, SessionReport, Swelling, UnplannedReport,
};
use crate::red_flag::RedFlag;
use crate::scale::PainScore;
use crate::test::story::{confidence, fear, pain, stiffness};

/// A way to make one check-in worse.
#[derive(Clone, Debug)]
pub(super) enum Worse {
    /// Pain during an effort, or in the morning.
    During(u32),
    After(u32),
    /// Pain before an effort, or stiffness in the morning.
    Before(u32),
    Fear(u32),
    Confidence(u32),
    Gait,
    Swelling,
    Flag,
}

pub(super) fn worse() -> impl Strategy<Value = Worse> {
    prop_oneof![
        4 => (1_u32..7).prop_map(Worse::During),
        2 => (1_u32..7).prop_map(Worse::After),
        2 => (1_u32..7).prop_map(Worse::Before),
        1 => (1_u32..101).prop_map(Worse::Fear),
        2 => (1_u32..11).prop_map(Worse::Confidence),
        1 => Just(Worse::Gait),
        1 => Just(Worse::Swelling),
        1 => Just(Worse::Flag),
    ]
}

impl Worse {
    fn of(&self, report: &mut Report) {
        match report {
            Report::Session(report) => self.of_session(report),
            Report::Unplanned(report) => self.of_unplanned(report),
            Report::Morning(report) => self.of_morning(report),
            // What it says of the day has no part in this; a red flag has.
            Report::Wellness(report) => {
                if matches!(self, Self::Flag) {
                    flag(&mut report.red_flags);
                }
            }
        }
    }

    fn of_session(&self, report: &mut SessionReport) {
        match self {
            Self::During(by) => report.pain_during = more(report.pain_during, *by),
            Self::After(by) => report.pain_after = more(report.pain_after, *by),
            Self::Before(by) => report.pain_before = report.pain_before.map(|it| more(it, *by)),
            Self::Fear(by) => report.fear = report.fear.map(|it| fear((it.get() + by).min(100))),
            Self::Confidence(by) => {
                let lower = report.confidence.map(|it| it.get().saturating_sub(*by));
                report.confidence = lower.map(confidence);
            }
            Self::Gait => report.altered_gait = true,
            Self::Swelling => report.swelling = Swelling::Increased,
            Self::Flag => flag(&mut report.red_flags),
        }
    }

    fn of_unplanned(&self, report: &mut UnplannedReport) {
        match self {
            Self::During(by) => report.pain_during = more(report.pain_during, *by),
            Self::After(by) => report.pain_after = more(report.pain_after, *by),
            Self::Before(by) => report.pain_before = report.pain_before.map(|it| more(it, *by)),
            Self::Fear(_) | Self::Confidence(_) => {}
            Self::Gait => report.altered_gait = true,
            Self::Swelling => report.swelling = Swelling::Increased,
            Self::Flag => flag(&mut report.red_flags),
        }
    }

    fn of_morning(&self, report: &mut MorningReport) {
        match self {
            Self::During(by) | Self::After(by) => report.pain = more(report.pain, *by),
            Self::Before(by) => {
                let longer = report.stiffness.map(|it| (it.get() + by * 15).min(600));
                report.stiffness = longer.map(stiffness);
            }
            Self::Fear(_) | Self::Confidence(_) | Self::Gait => {}
            Self::Swelling => report.swelling = Swelling::Increased,
            Self::Flag => flag(&mut report.red_flags),
        }
    }
}

fn more(score: PainScore, by: u32) -> PainScore {
    pain((score.get() + by).min(10))
}

fn flag(flags: &mut Vec<RedFlag>) {
    if !flags.contains(&RedFlag::NewLimp) {
        flags.push(RedFlag::NewLimp);
    }
}

/// What a correction says: worse, or as good as can be.
pub(super) fn corrected(report: &Report, how: Option<&Worse>) -> Report {
    let mut report = report.clone();
    match (how, &mut report) {
        (Some(how), report) => how.of(report),
        (None, Report::Session(report)) => {
            let best = best_session();
            *report = SessionReport {
                track: report.track,
                rung: report.rung,
                dose_done: report.dose_done,
                ..best
            };
        }
        (None, Report::Unplanned(report)) => {
            report.pain_before = None;
            report.pain_during = PainScore::MIN;
            report.pain_after = PainScore::MIN;
            report.altered_gait = false;
            report.swelling = Swelling::None;
            report.red_flags = Vec::new();
        }
        (None, Report::Morning(report)) => *report = best_morning(),
        (None, Report::Wellness(report)) => {
            report.ill = false;
            report.red_flags = Vec::new();
        }
    }
    report
}

/// What a check-in or a correction says in the end.
pub(super) fn said(body: &EventBody) -> Option<Report> {
    match body {
        EventBody::Session(report) => Some(Report::Session(report.clone())),
        EventBody::Unplanned(report) => Some(Report::Unplanned(report.clone())),
        EventBody::Morning(report) => Some(Report::Morning(report.clone())),
        EventBody::Wellness(report) => Some(Report::Wellness(report.clone())),
        EventBody::Correction(correction) => Some(correction.now.clone()),
        _ => None,
    }
}

/// Says something else in its place.
fn say(body: &mut EventBody, report: Report) {
    if let EventBody::Correction(correction) = body {
        correction.now = report;
        return;
    }
    *body = match report {
        Report::Session(report) => EventBody::Session(report),
        Report::Unplanned(report) => EventBody::Unplanned(report),
        Report::Morning(report) => EventBody::Morning(report),
        Report::Wellness(report) => EventBody::Wellness(report),
    };
}

/// The events that say what an event is about: itself, what corrects it, what corrects
/// that, and so on.
pub(super) fn chain(events: &[Event], position: usize) -> Vec<usize> {
    let mut chain = vec![position];
    for (later, event) in events.iter().enumerate().skip(position + 1) {
        if let EventBody::Correction(correction) = &event.body
            && correction.corrects == events[chain[chain.len() - 1]].id
        {
            chain.push(later);
        }
    }
    chain
}

/// Changes a check-in, and everything that was said about it later, alike.
pub(super) fn rewrite(events: &mut [Event], position: usize, change: impl Fn(&mut Report)) {
    let mut was: Option<Report> = None;
    for place in chain(events, position) {
        let Some(mut report) = said(&events[place].body) else {
            return;
        };
        change(&mut report);
        if let (EventBody::Correction(correction), Some(was)) = (&mut events[place].body, was) {
            correction.was = was;
        }
        was = Some(report.clone());
        say(&mut events[place].body, report);
    }
}

/// Whether a correction says nothing worse than what it corrects.
pub(super) fn is_no_worse(was: &Report, now: &Report) -> bool {
    let (known, flags) = (was.red_flags(), now.red_flags());
    let pains = |of: &Report| match of {
        Report::Session(of) => Some(of.symptoms()),
        Report::Unplanned(of) => Some(of.symptoms()),
        Report::Morning(_) | Report::Wellness(_) => None,
    };
    let effort = match (pains(was), pains(now)) {
        (Some(was), Some(now)) => {
            now.pain_before <= was.pain_before
                && now.pain_during <= was.pain_during
                && now.pain_after <= was.pain_after
                && now.altered_gait <= was.altered_gait
                && now.swelling <= was.swelling
        }
        _ => true,
    };
    let morning = match (was, now) {
        (Report::Morning(was), Report::Morning(now)) => {
            now.pain <= was.pain && now.stiffness <= was.stiffness && now.swelling <= was.swelling
        }
        _ => true,
    };
    effort && morning && flags.iter().all(|flag| known.contains(flag))
}

/// Makes a check-in worse, and whatever corrects it later alike: what it was in truth is
/// worse, whoever says so. Where a correction says something worse itself, that one is made
/// worse, and what was said before it stays: to tell the worse truth at once may lead
/// higher than to tell it late, as it should, since the step back comes earlier too.
pub(super) fn worsen(events: &mut [Event], position: usize, how: &Worse) {
    let raises = |place: &usize| match &events[*place].body {
        EventBody::Correction(correction) => !is_no_worse(&correction.was, &correction.now),
        _ => false,
    };
    let later = chain(events, position);
    let from = later.iter().copied().rfind(raises).unwrap_or(position);
    rewrite(events, from, |report| how.of(report));
}
