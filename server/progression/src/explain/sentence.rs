//! A reason as one sentence.

use crate::decision::Outcome;
use crate::reason::{Evidence, Measure, Reason, ReasonCode, Value};
use crate::red_flag::{RedFlag, Tier};

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
        ReasonCode::BonePain => format!(
            "{}. Bone needs sessions without pain, so one step down and a little rest.",
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
                "{}, so the same rung again after one more day of rest.",
                opening(reason)
            )
        }
        ReasonCode::MorningAmber => {
            format!(
                "The morning after: {}. The same rung again.",
                response(reason)
            )
        }
        ReasonCode::Layoff => layoff(reason),
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

fn find(reason: &Reason, measure: Measure) -> Option<&Evidence> {
    reason
        .evidence
        .iter()
        .find(|evidence| evidence.measure == measure)
}

fn observed(reason: &Reason, measure: Measure) -> String {
    let value = find(reason, measure).and_then(|evidence| evidence.observed.as_ref());
    value.map_or_else(|| "unknown".to_owned(), shown)
}

fn threshold(reason: &Reason, measure: Measure) -> String {
    let value = find(reason, measure).and_then(|evidence| evidence.threshold.as_ref());
    value.map_or_else(|| "unknown".to_owned(), shown)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Date(date) => date.format("%-d %B %Y").to_string(),
        Value::Instant(at) => at.format("%-d %B %H:%M UTC").to_string(),
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
        Value::Code(text) | Value::Text(text) => text.clone(),
        Value::Track(track) => track.to_string(),
    }
}

/// What a physio wrote, ending as a sentence does.
fn said(reason: &Reason) -> String {
    let text = observed(reason, Measure::PhysioReason);
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// As `response`, as the beginning of a sentence.
fn opening(reason: &Reason) -> String {
    let mut text = response(reason);
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    text
}

/// What was answered, with the limits: "pain during was 7 (up to 4 is fine)".
fn response(reason: &Reason) -> String {
    let parts: Vec<String> = reason
        .evidence
        .iter()
        .filter_map(|evidence| {
            let seen = shown(evidence.observed.as_ref()?);
            let limit = shown(evidence.threshold.as_ref()?);
            Some(match evidence.measure {
                Measure::PainBefore => format!("pain before was {seen} (up to {limit} is fine)"),
                Measure::PainDuring => format!("pain during was {seen} (up to {limit} is fine)"),
                Measure::PainAfter => format!("pain after was {seen} (up to {limit} is fine)"),
                Measure::MorningPainOverBaseline => {
                    format!("pain was {seen} over the usual (below {limit} is fine)")
                }
                Measure::StiffnessOverBaseline => {
                    format!("stiffness was {seen} minutes over the usual (below {limit} is fine)")
                }
                Measure::AlteredGait => "the way of moving changed".to_owned(),
                Measure::Swelling => "there was more swelling".to_owned(),
                _ => return None,
            })
        })
        .collect();
    if parts.is_empty() {
        return "the response was more than hoped".to_owned();
    }
    parts.join(" and ")
}

fn red_flag(reason: &Reason) -> String {
    let flags = reason
        .evidence
        .iter()
        .filter_map(|evidence| match &evidence.observed {
            Some(Value::Code(code)) => RedFlag::ALL.iter().find(|flag| flag.code() == code),
            _ => None,
        });
    let what = match flags.map(|flag| flag.tier()).min() {
        Some(Tier::Emergency) => "Call the emergency number now, or have somebody call it.",
        Some(Tier::SameDay) => "Please be seen by a doctor or your physio today.",
        Some(Tier::Within72Hours) | None => {
            "Please be seen by a doctor or your physio within three days."
        }
    };
    format!("You reported a sign that a clinician should look at before the next session. {what}")
}

fn layoff(reason: &Reason) -> String {
    if find(reason, Measure::GapDays).is_none() {
        return "There was a break after this session, so it does not count.".to_owned();
    }
    let days = observed(reason, Measure::GapDays);
    let what = match (reason.outcome, find(reason, Measure::DosePercent)) {
        (Outcome::StepBack, Some(_)) => format!(
            "a rung of at most {} % of the last dose makes it easy to come back",
            observed(reason, Measure::DosePercent)
        ),
        (Outcome::StepBack, None) => "the first rung makes it easy to come back".to_owned(),
        _ => "the same rung is counted anew".to_owned(),
    };
    let unit = if days == "1" { "day" } else { "days" };
    format!("There was a break, {days} {unit} more than the usual spacing, so {what}.")
}

fn late(reason: &Reason) -> String {
    if find(reason, Measure::SessionAt).is_some() {
        "This session was reported after a later one; it is kept for the record.".to_owned()
    } else {
        format!(
            "The session of {} was closed before this morning came; it does not count any more.",
            observed(reason, Measure::SessionDate)
        )
    }
}

fn dose(reason: &Reason, how: &str) -> String {
    let mut parts = Vec::new();
    if find(reason, Measure::Completion).is_some() {
        parts.push(format!(
            "{} % of the dose was done (the limit is {} %)",
            observed(reason, Measure::Completion),
            threshold(reason, Measure::Completion)
        ));
    }
    if find(reason, Measure::Rung).is_some() {
        parts.push(format!(
            "rung {} was done where rung {} was planned",
            observed(reason, Measure::Rung),
            threshold(reason, Measure::Rung)
        ));
    }
    format!("{how} than planned: {}", parts.join(" and "))
}

fn weekly_cap(reason: &Reason) -> String {
    let mut parts = Vec::new();
    if find(reason, Measure::AdvancesIn7Days).is_some() {
        parts.push(format!(
            "there were {} steps up within 7 days, and {} are allowed",
            observed(reason, Measure::AdvancesIn7Days),
            threshold(reason, Measure::AdvancesIn7Days)
        ));
    }
    if find(reason, Measure::SessionDate).is_some() {
        parts.push(format!(
            "sessions lead up again from {} on",
            threshold(reason, Measure::SessionDate)
        ));
    }
    format!("What you did stays counted, but {}.", parts.join(" and "))
}

fn counted(reason: &Reason) -> String {
    let count = find(reason, Measure::Counted).and_then(|evidence| evidence.observed.as_ref());
    if count == Some(&Value::Number(0)) {
        return match threshold(reason, Measure::Counted).as_str() {
            "1" => "One session that goes as hoped, its morning included, leads up from this rung."
                .to_owned(),
            many => {
                format!(
                    "{many} sessions that go as hoped, mornings included, lead up from this rung."
                )
            }
        };
    }
    let mut text = format!(
        "That went as hoped, and so did the morning: {} of {} on this rung",
        observed(reason, Measure::Counted),
        threshold(reason, Measure::Counted)
    );
    if find(reason, Measure::Contexts).is_some() {
        text.push_str(", in ");
        text.push_str(&observed(reason, Measure::Contexts));
        text.push_str(" of ");
        text.push_str(&threshold(reason, Measure::Contexts));
        text.push_str(" different settings");
    }
    text.push('.');
    text
}
