//! How to make a history worse.

use proptest::prelude::*;

use crate::event::{Event, EventBody, Swelling};
use crate::red_flag::RedFlag;
use crate::test::story::{confidence, fear, pain, stiffness};

/// A way to make one check-in worse.
#[derive(Clone, Debug)]
pub(super) enum Worse {
    During(u32),
    After(u32),
    Before(u32),
    Fear(u32),
    Confidence(u32),
    Gait,
    Swelling,
    Flag,
}

pub(super) fn worse() -> impl Strategy<Value = (prop::sample::Index, Worse)> {
    let how = prop_oneof![
        4 => (1_u32..7).prop_map(Worse::During),
        2 => (1_u32..7).prop_map(Worse::After),
        2 => (1_u32..7).prop_map(Worse::Before),
        1 => (1_u32..101).prop_map(Worse::Fear),
        2 => (1_u32..11).prop_map(Worse::Confidence),
        1 => Just(Worse::Gait),
        1 => Just(Worse::Swelling),
        1 => Just(Worse::Flag),
    ];
    (any::<prop::sample::Index>(), how)
}

/// Makes a check-in worse; for mornings, pain before stands for stiffness.
pub(super) fn worsen(event: &mut Event, how: &Worse) {
    let up = |value: u32, by: u32, max: u32| (value + by).min(max);
    match &mut event.body {
        EventBody::Session(report) => match how {
            Worse::During(by) => report.pain_during = pain(up(report.pain_during.get(), *by, 10)),
            Worse::After(by) => report.pain_after = pain(up(report.pain_after.get(), *by, 10)),
            Worse::Before(by) => {
                report.pain_before = report.pain_before.map(|p| pain(up(p.get(), *by, 10)));
            }
            Worse::Fear(by) => report.fear = report.fear.map(|f| fear(up(f.get(), *by, 100))),
            Worse::Confidence(by) => {
                let lower = |c: u32| confidence(c.saturating_sub(*by));
                report.confidence = report.confidence.map(|c| lower(c.get()));
            }
            Worse::Gait => report.altered_gait = true,
            Worse::Swelling => report.swelling = Swelling::Increased,
            Worse::Flag => report.red_flags = vec![RedFlag::NewLimp],
        },
        EventBody::Morning(report) => match how {
            Worse::During(by) | Worse::After(by) => {
                report.pain = pain(up(report.pain.get(), *by, 10));
            }
            Worse::Before(by) => {
                let stiff = |s: u32| stiffness(up(s, by * 15, 600));
                report.stiffness = report.stiffness.map(|s| stiff(s.get()));
            }
            Worse::Fear(_) | Worse::Confidence(_) | Worse::Gait => {}
            Worse::Swelling => report.swelling = Swelling::Increased,
            Worse::Flag => report.red_flags = vec![RedFlag::NewLimp],
        },
        EventBody::Start { .. }
        | EventBody::Pause { .. }
        | EventBody::Resume { .. }
        | EventBody::MoveTo { .. }
        | EventBody::Unplanned(_)
        | EventBody::Wellness(_)
        | EventBody::Correction(_)
        | EventBody::Approve { .. }
        | EventBody::Decline { .. }
        | EventBody::Amend(_)
        | EventBody::Tick => {}
    }
}
