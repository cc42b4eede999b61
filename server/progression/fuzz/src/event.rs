//! Events, such as fit a plan and such as do not.

use arbitrary::{Result, Unstructured};
use rung_progression::{
    Activity, Amendment, Correction, EarlierRung, Event, EventBody, EventId, MorningReport,
    PlanDefinition, Report, RungIndex, RungSetting, SessionReport, Swelling, TrackId,
    UnplannedReport, WellnessReport,
};
use uuid::Uuid;

use crate::plan;
use crate::value::{flags, maybe, text, time, track, within};

/// The event of this place in the order of acceptance.
pub(crate) fn any(bytes: &mut Unstructured, plan: &PlanDefinition, seq: u64) -> Result<Event> {
    let (at, date) = time(bytes, seq)?;
    let body = match bytes.int_in_range(0_u8..=31)? {
        0..=9 => EventBody::Session(session(bytes, plan)?),
        10..=17 => EventBody::Morning(morning(bytes)?),
        18..=20 => EventBody::Wellness(wellness(bytes)?),
        21 | 22 => EventBody::Unplanned(unplanned(bytes)?),
        23 | 24 => EventBody::Correction(Box::new(Correction {
            corrects: EventId::from(Uuid::nil()),
            was: report(bytes, plan)?,
            now: report(bytes, plan)?,
        })),
        25 => EventBody::Start {
            effective: time(bytes, seq)?.1,
        },
        26 => EventBody::Pause {
            reason: text(bytes)?,
        },
        27 => EventBody::Resume {
            rungs: settings(bytes, plan)?,
            reason: text(bytes)?,
        },
        28 => EventBody::MoveTo {
            track: known(bytes, plan)?,
            rung: within(bytes, 99)?,
            reason: text(bytes)?,
        },
        29 => {
            let (track, reason) = (known(bytes, plan)?, text(bytes)?);
            if bytes.arbitrary()? {
                EventBody::Approve { track, reason }
            } else {
                EventBody::Decline { track, reason }
            }
        }
        30 => {
            let mut to = if bytes.arbitrary()? {
                plan.clone()
            } else {
                plan::any(bytes)?
            };
            to.revision = plan.revision.saturating_add(bytes.int_in_range(0..=2)?);
            let rungs = settings(bytes, &to)?;
            let reason = text(bytes)?;
            EventBody::Amend(Box::new(Amendment { to, rungs, reason }))
        }
        _ => EventBody::Tick,
    };
    Ok(Event {
        id: EventId::from(Uuid::from_u128(u128::from(seq))),
        seq: if bytes.ratio(1, 32)? { u64::MAX } else { seq },
        at,
        date,
        revision: bytes.int_in_range(0..=3)?,
        body,
    })
}

/// Mostly a track of the plan.
fn known(bytes: &mut Unstructured, plan: &PlanDefinition) -> Result<TrackId> {
    if plan.tracks.is_empty() || bytes.ratio(1, 16)? {
        return track(bytes);
    }
    Ok(bytes.choose(&plan.tracks)?.id)
}

fn settings(bytes: &mut Unstructured, plan: &PlanDefinition) -> Result<Vec<RungSetting>> {
    let count = bytes.int_in_range(0..=2)?;
    let settings = (0..count).map(|_| {
        Ok(RungSetting {
            track: known(bytes, plan)?,
            rung: within(bytes, 6)?,
        })
    });
    settings.collect()
}

fn swelling(bytes: &mut Unstructured) -> Result<Swelling> {
    let all = [
        Swelling::None,
        Swelling::None,
        Swelling::Unchanged,
        Swelling::Increased,
    ];
    bytes.choose(&all).copied()
}

fn session(bytes: &mut Unstructured, plan: &PlanDefinition) -> Result<SessionReport> {
    let track = known(bytes, plan)?;
    let definition = plan.track(track).map(|(_, definition)| definition);
    let rung: RungIndex = within(bytes, 6)?;
    let rungs = definition.and_then(|definition| definition.rung(rung));
    Ok(SessionReport {
        track,
        rung,
        pain_before: maybe(bytes, 10)?,
        pain_during: within(bytes, 10)?,
        pain_after: within(bytes, 10)?,
        altered_gait: bytes.ratio(1, 8)?,
        swelling: swelling(bytes)?,
        red_flags: flags(bytes)?,
        dose_done: match rungs {
            Some(rung) if bytes.ratio(3, 4)? => rung.dose,
            _ => within(bytes, 1_000_000)?,
        },
        confidence: maybe(bytes, 10)?,
        fear: maybe(bytes, 100)?,
        feared_outcome: bytes.arbitrary()?,
        context: match bytes.int_in_range(0_u8..=15)? {
            0 => None,
            key => Some(key.to_string()),
        },
        distance: maybe(bytes, 1_000_000)?,
        earlier: if bytes.ratio(1, 8)? {
            Some(EarlierRung {
                dose: within(bytes, 1_000_000)?,
                rest_days: bytes.arbitrary()?,
                same: bytes.arbitrary()?,
            })
        } else {
            None
        },
    })
}

fn unplanned(bytes: &mut Unstructured) -> Result<UnplannedReport> {
    Ok(UnplannedReport {
        activity: *bytes.choose(&[Activity::Run, Activity::Other])?,
        pain_before: maybe(bytes, 10)?,
        pain_during: within(bytes, 10)?,
        pain_after: within(bytes, 10)?,
        altered_gait: bytes.ratio(1, 8)?,
        swelling: swelling(bytes)?,
        red_flags: flags(bytes)?,
        distance: maybe(bytes, 1_000_000)?,
    })
}

fn morning(bytes: &mut Unstructured) -> Result<MorningReport> {
    Ok(MorningReport {
        pain: within(bytes, 10)?,
        stiffness: maybe(bytes, 600)?,
        swelling: swelling(bytes)?,
        red_flags: flags(bytes)?,
    })
}

fn wellness(bytes: &mut Unstructured) -> Result<WellnessReport> {
    let mut score = || maybe(bytes, 4);
    let shift = |score: Option<u32>| {
        score.and_then(|score| rung_progression::WellnessScore::try_from(score + 1).ok())
    };
    let [energy, calm, mood, freshness, fuelling] =
        [score()?, score()?, score()?, score()?, score()?].map(shift);
    Ok(WellnessReport {
        ill: bytes.ratio(1, 8)?,
        red_flags: flags(bytes)?,
        sleep: maybe(bytes, 1440)?,
        energy,
        calm,
        mood,
        freshness,
        fuelling,
    })
}

fn report(bytes: &mut Unstructured, plan: &PlanDefinition) -> Result<Report> {
    Ok(match bytes.int_in_range(0_u8..=3)? {
        0 => Report::Session(session(bytes, plan)?),
        1 => Report::Morning(morning(bytes)?),
        2 => Report::Unplanned(unplanned(bytes)?),
        _ => Report::Wellness(wellness(bytes)?),
    })
}
