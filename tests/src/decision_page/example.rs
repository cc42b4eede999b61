//! An example of every reason, with what a rule would have observed.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rung_progression::{
    Ask, Evidence, Measure as M, Outcome, Reason, ReasonCode as C, TrackId, Value,
};
use uuid::Uuid;

/// A track of the examples.
pub(super) fn hills() -> TrackId {
    TrackId::from(Uuid::from_u128(0x0190_b000_0000_7000_8000_0000_0000_0001))
}

/// An example of this reason.
#[expect(
    clippy::too_many_lines,
    reason = "one arm per code, so that none is forgotten"
)]
pub(super) fn of(code: C) -> Reason {
    let increased = || named("INCREASED");
    let said = |text: &str| saw(M::PhysioReason, Value::Text(text.to_owned()));
    let (outcome, asks, evidence) = match code {
        C::RedFlag => (
            Outcome::Pause,
            true,
            vec![saw(M::RedFlag, named("CALF_SWELLING"))],
        ),
        C::Paused => (
            Outcome::Pause,
            false,
            vec![
                saw(M::PauseCause, named("RED_AGAIN")),
                saw(M::PausedSince, day(2)),
            ],
        ),
        C::RedAgain => (
            Outcome::Pause,
            true,
            vec![
                held(M::RedSessions, 1_u32, 1_u32),
                held(M::SteppedBack, true, true),
            ],
        ),
        C::AtBottom => (
            Outcome::Pause,
            true,
            vec![held(M::TargetRung, -1_i64, 0_u32)],
        ),
        C::NeedsClearance => (
            Outcome::Pause,
            true,
            vec![held(M::DaysWithoutSession, 45_u32, 42_u32)],
        ),
        C::BonePain => (
            Outcome::StepBack,
            true,
            vec![held(M::PainDuring, 2_u32, 0_u32)],
        ),
        C::PainRed => (
            Outcome::StepBack,
            false,
            vec![
                held(M::PainDuring, 7_u32, 5_u32),
                held(M::AlteredGait, true, false),
            ],
        ),
        C::MorningRed => (
            Outcome::StepBack,
            false,
            vec![held(M::MorningPainOverBaseline, 3_u32, 2_u32)],
        ),
        C::UnplannedRed => (
            Outcome::Hold,
            true,
            vec![
                held(M::PainAfter, 6_u32, 5_u32),
                saw(M::Activity, named("OTHER")),
            ],
        ),
        C::OtherTrackRed => (
            Outcome::Hold,
            false,
            vec![
                saw(M::Track, hills()),
                held(M::Grade, named("RED"), named("RED")),
            ],
        ),
        C::AmberThrice => (
            Outcome::StepBack,
            true,
            vec![held(M::NotGreenInARow, 3_u32, 3_u32)],
        ),
        C::Spike => (
            Outcome::Hold,
            true,
            vec![
                held(M::DistanceM, 12_400_u32, 9_900_u32),
                saw(M::LongestM, 9_000_u32),
            ],
        ),
        C::PainAmber => (
            Outcome::Repeat,
            false,
            vec![
                held(M::PainDuring, 4_u32, 3_u32),
                held(M::Swelling, increased(), increased()),
            ],
        ),
        C::MorningAmber => (
            Outcome::Repeat,
            false,
            vec![
                held(M::MorningPainOverBaseline, 1_u32, 1_u32),
                held(M::StiffnessOverBaseline, 35_u32, 30_u32),
            ],
        ),
        C::Layoff => (
            Outcome::StepBack,
            false,
            vec![
                held(M::GapDays, 5_u32, 3_u32),
                held(M::DosePercent, 60_u32, 65_u32),
            ],
        ),
        C::MorningMissing => (
            Outcome::Repeat,
            false,
            vec![held(M::HoursSinceSession, 63_u32, 48_u32)],
        ),
        C::Silent => (
            Outcome::Repeat,
            true,
            vec![held(M::MorningsMissing, 2_u32, 2_u32)],
        ),
        C::Illness => (Outcome::Hold, false, vec![saw(M::IllSince, day(3))]),
        C::IllnessLong => (Outcome::Hold, true, vec![held(M::IllDays, 7_u32, 7_u32)]),
        C::WeeklyTrend => (
            Outcome::Hold,
            true,
            vec![held(M::WeekMeanPain, 235_u32, 180_u32)],
        ),
        C::Late => (
            Outcome::Hold,
            false,
            vec![held(M::SessionAt, at(3, 7), at(5, 7))],
        ),
        C::Corrected => (
            Outcome::Hold,
            true,
            vec![saw(M::CorrectedEvent, Value::Text(hills().to_string()))],
        ),
        C::ReadinessLow => (
            Outcome::Repeat,
            false,
            vec![
                held(M::BadItems, 2_u32, 2_u32),
                saw(M::Item, named("SLEEP")),
                saw(M::Item, named("MOOD")),
                held(M::SleepMinutes, 330_u32, 360_u32),
            ],
        ),
        C::ReadinessTrend => (
            Outcome::Repeat,
            true,
            vec![held(M::LowDaysInARow, 3_u32, 3_u32)],
        ),
        C::DeloadWeek => (
            Outcome::Repeat,
            false,
            vec![
                held(M::DeloadWeek, 4_u32, 4_u32),
                saw(M::DeloadPercent, 60_u32),
            ],
        ),
        C::AwaitMorning => (
            Outcome::Hold,
            false,
            vec![
                held(M::PainDuring, 1_u32, 3_u32),
                held(M::PainAfter, 0_u32, 3_u32),
            ],
        ),
        C::TooEarly => (
            Outcome::Hold,
            false,
            vec![held(M::HoursSinceSession, 3_u32, 4_u32)],
        ),
        C::UnmatchedMorning => (Outcome::Hold, false, vec![saw(M::EventDate, day(9))]),
        C::FearedOutcome => (
            Outcome::Repeat,
            true,
            vec![held(M::FearedOutcome, true, false)],
        ),
        C::Overdone => (
            Outcome::Repeat,
            true,
            vec![held(M::Completion, 125_u32, 110_u32)],
        ),
        C::RestNotMet => (
            Outcome::Repeat,
            false,
            vec![held(M::SessionDate, day(3), day(4))],
        ),
        C::Underdone => (
            Outcome::Repeat,
            false,
            vec![
                held(M::Completion, 60_u32, 80_u32),
                held(M::Rung, 2_u32, 3_u32),
            ],
        ),
        C::ConfidenceMissing => {
            let limit = Some(Value::from(7_u32));
            let unanswered = evidence(M::Confidence, None, limit);
            (Outcome::Repeat, false, vec![unanswered])
        }
        C::ConfidenceLow => (
            Outcome::Repeat,
            false,
            vec![held(M::Confidence, 5_u32, 7_u32)],
        ),
        C::FearHigh => (Outcome::Repeat, false, vec![held(M::Fear, 80_u32, 69_u32)]),
        C::ConfidenceStuck | C::Overdoing => (
            Outcome::Repeat,
            true,
            vec![held(M::SessionsInARow, 3_u32, 3_u32)],
        ),
        C::Locked => (
            Outcome::Hold,
            false,
            vec![saw(M::Track, hills()), held(M::TrackDone, false, true)],
        ),
        C::Moved => (Outcome::Repeat, false, vec![held(M::Rung, 3_u32, 2_u32)]),
        C::LadderDone => (Outcome::Repeat, true, vec![held(M::Rung, 6_u32, 6_u32)]),
        C::WeeklyCap => (
            Outcome::Hold,
            false,
            vec![
                held(M::AdvancesIn7Days, 2_u32, 2_u32),
                held(M::SessionDate, day(5), day(7)),
            ],
        ),
        C::NeedsApproval => (
            Outcome::Hold,
            true,
            vec![
                saw(M::TargetRung, 4_u32),
                held(M::ApprovalNeeded, true, false),
            ],
        ),
        C::Counted => (Outcome::Repeat, false, vec![held(M::Counted, 1_u32, 2_u32)]),
        C::Unlocked => (
            Outcome::Repeat,
            false,
            vec![saw(M::Track, hills()), held(M::TrackDone, true, true)],
        ),
        C::Start => (
            Outcome::Hold,
            false,
            vec![held(M::EventDate, day(1), day(2))],
        ),
        C::Pause => (Outcome::Pause, false, vec![said("Fever.")]),
        C::Resume => (
            Outcome::StepBack,
            false,
            vec![held(M::Rung, 2_u32, 3_u32), said("Well again.")],
        ),
        C::MoveTo => (
            Outcome::Advance,
            false,
            vec![held(M::Rung, 4_u32, 2_u32), said("Seen in the practice.")],
        ),
        C::Approve => (Outcome::Advance, false, vec![held(M::Rung, 4_u32, 3_u32)]),
        C::Decline => (
            Outcome::Repeat,
            false,
            vec![saw(M::Rung, 3_u32), said("One week more.")],
        ),
        C::Amend => (
            Outcome::Repeat,
            false,
            vec![
                held(M::Revision, 2_u32, 1_u32),
                held(M::Rung, 2_u32, 2_u32),
                said("A race is near."),
            ],
        ),
    };
    Reason {
        code,
        outcome,
        ask: asks.then_some(Ask {
            urgent: code == C::RedFlag,
        }),
        evidence,
    }
}

fn evidence(measure: M, observed: Option<Value>, threshold: Option<Value>) -> Evidence {
    Evidence {
        measure,
        observed,
        threshold,
    }
}

fn saw(measure: M, observed: impl Into<Value>) -> Evidence {
    evidence(measure, Some(observed.into()), None)
}

fn held(measure: M, observed: impl Into<Value>, threshold: impl Into<Value>) -> Evidence {
    evidence(measure, Some(observed.into()), Some(threshold.into()))
}

fn named(code: &'static str) -> Value {
    Value::Code(code.into())
}

/// A day of March 2026.
fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap_or_default()
}

fn at(on: u32, hour: i64) -> DateTime<Utc> {
    day(on).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(hour)
}
