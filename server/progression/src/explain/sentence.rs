//! A reason as one sentence.

use super::part::{
    counted, dose, find, late, layoff, observed, opening, red_flag, response, said, threshold,
    weekly_cap,
};
use crate::decision::Outcome;
use crate::reason::{Evidence, Measure, Reason, ReasonCode};

/// A reason as one sentence (a red flag may take two), with the numbers it rests on.
#[expect(
    clippy::too_many_lines,
    reason = "one arm per code, so that none is forgotten"
)]
pub fn sentence(reason: &Reason) -> String {
    let seen = |measure| observed(reason, measure);
    let limit = |measure| threshold(reason, measure);
    match reason.code {
        ReasonCode::RedFlag => red_flag(reason),
        ReasonCode::Paused => format!(
            "The plan is paused since {}; your physio will say how to go on.",
            seen(Measure::PausedSince)
        ),
        ReasonCode::RedAgain => {
            "The body asked for less twice within a few sessions, so the plan pauses until you \
             have talked to your physio."
                .to_owned()
        }
        ReasonCode::AtBottom => {
            "This is the first rung already, so your physio will look at the next step with you."
                .to_owned()
        }
        ReasonCode::NeedsClearance => format!(
            "It has been {} days since the last session ({} is the limit), so your physio looks \
             first.",
            seen(Measure::DaysWithoutSession),
            limit(Measure::DaysWithoutSession)
        ),
        ReasonCode::PainRed | ReasonCode::BonePain if reason.outcome == Outcome::Repeat => {
            format!("{}, so this session does not count.", opening(reason))
        }
        ReasonCode::BonePain if reason.outcome == Outcome::Hold => format!(
            "{}. Bone needs sessions without pain, so a little rest first; the rung is low \
             enough already.",
            opening(reason)
        ),
        ReasonCode::BonePain => format!(
            "{}. Bone needs sessions without pain, so one step down and a little rest.",
            opening(reason)
        ),
        ReasonCode::PainRed if reason.outcome == Outcome::Hold => format!(
            "{}, so a little rest first; the rung is low enough already.",
            opening(reason)
        ),
        ReasonCode::PainRed => {
            format!(
                "{}, so one step down to where it felt secure.",
                opening(reason)
            )
        }
        ReasonCode::MorningRed => {
            format!(
                "The morning after: {}. That was more than the body wanted.",
                response(reason)
            )
        }
        ReasonCode::UnplannedRed => format!(
            "{} in an activity beside the plan, so the running tracks wait.",
            opening(reason)
        ),
        ReasonCode::OtherTrackRed => {
            "Another running track asked for rest, so this one waits too.".to_owned()
        }
        ReasonCode::AmberThrice if reason.outcome == Outcome::Repeat => format!(
            "{} sessions in a row were a little too much (from {} on the plan goes lower where \
             it can); the rung is low enough already.",
            seen(Measure::NotGreenInARow),
            limit(Measure::NotGreenInARow)
        ),
        ReasonCode::AmberThrice => format!(
            "{} sessions in a row were a little too much (from {} on the plan goes lower), so a \
             lower rung gives room to settle.",
            seen(Measure::NotGreenInARow),
            limit(Measure::NotGreenInARow)
        ),
        ReasonCode::Spike => {
            "This run was much longer than any of the last 30 days, so a day more of rest."
                .to_owned()
        }
        ReasonCode::PainAmber => {
            format!(
                "{}, so one more day of rest, and this session does not count.",
                opening(reason)
            )
        }
        ReasonCode::MorningAmber => {
            format!(
                "The morning after: {}. A little more rest, and the session does not count.",
                response(reason)
            )
        }
        ReasonCode::Layoff => layoff(reason),
        ReasonCode::MorningMissing if find(reason, Measure::SessionDate).is_some() => {
            "Another session came before its morning report, so it does not count.".to_owned()
        }
        ReasonCode::MorningMissing => format!(
            "No morning report came within {} hours, so this session does not count.",
            limit(Measure::HoursSinceSession)
        ),
        ReasonCode::Silent => format!(
            "{} mornings in a row are missing; your physio will ask how things are.",
            seen(Measure::MorningsMissing)
        ),
        ReasonCode::Illness => "Get well first; the plan waits for you.".to_owned(),
        ReasonCode::IllnessLong => {
            "You have been unwell for a week, so your physio will get in touch.".to_owned()
        }
        ReasonCode::WeeklyTrend => {
            "Mornings have been getting a little harder over three weeks, so your physio looks \
             at the plan."
                .to_owned()
        }
        ReasonCode::Late => late(reason),
        ReasonCode::Corrected => "A report was corrected, so your physio looks at it.".to_owned(),
        ReasonCode::FearedOutcome => {
            "What you expected did happen, so this session does not count; your physio will talk \
             it through with you."
                .to_owned()
        }
        ReasonCode::Overdone => {
            format!("{}, so this session does not count.", dose(reason, "More"))
        }
        ReasonCode::Overdoing => format!(
            "{} sessions in a row were early or longer than planned; your physio will talk about \
             the pace with you.",
            seen(Measure::SessionsInARow)
        ),
        ReasonCode::RestNotMet if find(reason, Measure::SessionAt).is_none() => format!(
            "The rest lasts until {}; this session came before that, so it does not count.",
            limit(Measure::SessionDate),
        ),
        ReasonCode::RestNotMet if find(reason, Measure::SessionDate).is_none() => format!(
            "The rest lasts until {}; this session came before that, so it does not count.",
            limit(Measure::SessionAt),
        ),
        ReasonCode::RestNotMet => format!(
            "The rest lasts until {} ({}); this session came before that, so it does not count.",
            limit(Measure::SessionDate),
            limit(Measure::SessionAt)
        ),
        ReasonCode::Underdone => {
            format!("{}, so this session does not count.", dose(reason, "Less"))
        }
        ReasonCode::ConfidenceMissing => {
            "How confident you feel about the next session was not said, so this one does not \
             count."
                .to_owned()
        }
        ReasonCode::ConfidenceLow => format!(
            "Confidence for the next session is {} of 10 (from {} on it counts); the same rung \
             again makes it familiar.",
            seen(Measure::Confidence),
            limit(Measure::Confidence)
        ),
        ReasonCode::FearHigh => format!(
            "It felt like {} of 100 (up to {} it counts); the same rung again makes it familiar.",
            seen(Measure::Fear),
            limit(Measure::Fear)
        ),
        ReasonCode::ConfidenceStuck => format!(
            "Confidence has not come along for {} sessions; your physio will look for what helps.",
            seen(Measure::SessionsInARow)
        ),
        ReasonCode::ReadinessLow => "Today is a day to take it easier.".to_owned(),
        ReasonCode::ReadinessTrend => {
            "Three days in a row felt low, so your physio will get in touch.".to_owned()
        }
        ReasonCode::DeloadWeek => "This is a lighter week; it does not lead up.".to_owned(),
        ReasonCode::Locked => {
            "This track is not open yet, so the session does not count.".to_owned()
        }
        ReasonCode::Moved => format!(
            "The rung changed after this session, which was planned on rung {}, so it does not \
             count.",
            seen(Measure::Rung)
        ),
        ReasonCode::AwaitMorning => {
            "That felt as hoped; tomorrow morning's report decides whether it counts.".to_owned()
        }
        ReasonCode::TooEarly => format!(
            "The morning report comes on the day after the session, {} hours later at the \
             earliest; this one was too early for it.",
            limit(Measure::HoursSinceSession)
        ),
        ReasonCode::UnmatchedMorning => {
            "This morning follows no session it could answer; it is kept for your physio."
                .to_owned()
        }
        ReasonCode::LadderDone => format!(
            "Rung {} is the top, and enough sessions there went as hoped.",
            limit(Measure::Rung)
        ),
        ReasonCode::WeeklyCap => weekly_cap(reason),
        ReasonCode::NeedsApproval => format!(
            "Rung {} is next; your physio agrees to it first.",
            seen(Measure::TargetRung)
        ),
        ReasonCode::Counted => counted(reason),
        ReasonCode::Unlocked => "What this track was waiting for is reached.".to_owned(),
        ReasonCode::Start => match find(reason, Measure::EventDate) {
            Some(Evidence {
                threshold: Some(_), ..
            }) => {
                format!("The plan begins on {}.", limit(Measure::EventDate))
            }
            _ => "Your physio has not started the plan yet.".to_owned(),
        },
        ReasonCode::Pause => format!("Your physio paused the plan: {}", said(reason)),
        ReasonCode::Resume => format!("Your physio resumed the plan: {}", said(reason)),
        ReasonCode::MoveTo => format!(
            "Your physio moved this track from rung {} to rung {}: {}",
            limit(Measure::Rung),
            seen(Measure::Rung),
            said(reason)
        ),
        ReasonCode::Approve => "Your physio agreed to the next rung.".to_owned(),
        ReasonCode::Decline => "Your physio would like to see this rung again first.".to_owned(),
        ReasonCode::Amend => "Your physio changed the plan.".to_owned(),
    }
}
