//! Check-ins as the contract has them.

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::{
    AthleteId, CheckInId, Metres, MorningReport, PlanDefinition, RedFlag, SessionReport, Swelling,
    TrackId,
};
use rung_proto::v1;

use crate::{
    rpc::{
        field::Fields,
        time::{date, date_in, timestamp},
    },
    storage::check_in::{
        BodySide, Judgement, Measurement, Report, ReportBody, SessionDetail, StoredCheckIn,
    },
};

/// How far a client's clock may be ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// A check-in as it was sent, parsed.
pub(crate) struct Read {
    pub(super) id: CheckInId,
    pub(super) performed_at: DateTime<Utc>,
    /// None: the athlete's.
    pub(super) zone: Option<chrono_tz::Tz>,
    pub(crate) report: Report,
}

/// Reads a check-in, held against the plan it will be judged under, where there is one.
pub(crate) fn read(
    f: &mut Fields,
    c: &v1::CheckIn,
    now: DateTime<Utc>,
    plan: Option<&PlanDefinition>,
) -> Option<Read> {
    let id = f.id("id", &c.id);
    let performed_at = performed_at(f, c.performed_at.as_ref(), now);
    let zone = match c.time_zone.as_str() {
        "" => Some(None),
        name => f.zone("time_zone", name).map(Some),
    };
    let note = f.text("note", &c.note, 0..=4000);
    let red_flags = red_flags(f, c);
    let body = match &c.report {
        None => {
            f.fault("report", "is missing: session or morning");
            None
        }
        Some(v1::check_in::Report::Session(s)) => {
            f.part("session", |f| session(f, s, red_flags, plan))
        }
        Some(v1::check_in::Report::Morning(m)) => f.part("morning", |f| morning(f, m, red_flags)),
    };
    Some(Read {
        id: id?,
        performed_at: performed_at?,
        zone: zone?,
        report: Report {
            note: note?,
            body: body?,
        },
    })
}

/// Refuses a stored check-in that no client could have sent, when it was recorded, for a plan like `plan`.
pub(crate) fn could_be_sent(
    f: &mut Fields,
    athlete: AthleteId,
    stored: &StoredCheckIn,
    plan: &PlanDefinition,
) {
    let read = read(
        f,
        &check_in(athlete, stored),
        stored.recorded_at,
        Some(plan),
    );
    let Some(read) = read.filter(|_| f.is_clean()) else {
        return;
    };
    let same = read.report == *stored.report
        && read.performed_at == stored.performed_at
        && read.zone.is_some_and(|zone| {
            zone.name() == stored.time_zone
                && date_in(stored.performed_at, zone) == stored.civil_date
        });
    if !same {
        f.fault("id", "names a check-in that would be stored otherwise");
    }
}

/// When it happened: not later than a clock that is a little ahead may say.
fn performed_at(
    f: &mut Fields,
    at: Option<&prost_types::Timestamp>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let at = f.instant("performed_at", at)?;
    if at > now + AHEAD {
        f.fault(
            "performed_at",
            "lies more than 5 minutes ahead; check the clock of the device",
        );
        return None;
    }
    Some(at)
}

/// Flags are said or denied explicitly: silence is no answer.
fn red_flags(f: &mut Fields, c: &v1::CheckIn) -> Option<Vec<RedFlag>> {
    match (c.red_flags.is_empty(), c.no_red_flags) {
        (true, false) => {
            f.fault(
                "red_flags",
                "is missing: name those that apply, or say no_red_flags",
            );
            return None;
        }
        (false, true) => {
            f.fault("no_red_flags", "contradicts red_flags");
            return None;
        }
        _ => {}
    }
    let read: Vec<Option<RedFlag>> = f
        .at_most("red_flags", &c.red_flags, 100)
        .iter()
        .enumerate()
        .map(|(i, flag)| {
            let path = format!("red_flags[{i}]");
            let flag: v1::RedFlag = f.choice(&path, *flag)?;
            f.required(&path, flag_in(flag))
        })
        .collect();
    let mut flags: Vec<RedFlag> = read.into_iter().collect::<Option<_>>()?;
    // The list is a set; its order and doubles say nothing.
    flags.sort_unstable();
    flags.dedup();
    Some(flags)
}

fn session(
    f: &mut Fields,
    s: &v1::SessionReport,
    red_flags: Option<Vec<RedFlag>>,
    plan: Option<&PlanDefinition>,
) -> Option<ReportBody> {
    let track = plan.and_then(|plan| track(f, &s.track_id, plan));
    let rung = f.scale("rung", s.rung);
    if let (Some(track), Some(rung)) = (track, rung)
        && let Some((_, definition)) = plan.and_then(|plan| plan.track(track))
        && definition.rung(rung).is_none()
    {
        let top = definition.ladder.top();
        f.fault(
            "rung",
            format!("is {rung}; the ladder's highest rung is {top}"),
        );
    }
    let pain_before = f.optional_scale("pain_before", s.pain_before);
    let pain_during = f.scale("pain_during", s.pain_during);
    let pain_after = f.scale("pain_after", s.pain_after);
    let altered_gait = f.required("altered_gait", s.altered_gait);
    let swelling = f.choice("swelling", s.swelling).map(swelling_in);
    let dose_done = f.scale("dose_done", s.dose_done);
    let confidence = f.optional_scale("confidence", s.confidence);
    let fear = f.optional_scale("fear", s.fear);
    let context = f.text("context", &s.context, 0..=64);
    let detail = detail(f, s);
    Some(ReportBody::Session {
        judged: Box::new(SessionReport {
            track: track?,
            rung: rung?,
            pain_before: pain_before?,
            pain_during: pain_during?,
            pain_after: pain_after?,
            altered_gait: altered_gait?,
            swelling: swelling?,
            red_flags: red_flags?,
            dose_done: dose_done?,
            confidence: confidence?,
            fear: fear?,
            feared_outcome: s.feared_outcome,
            context: Some(context?).filter(|key| !key.is_empty()),
            distance: detail.as_ref().and_then(distance),
            earlier: None,
        }),
        detail: Box::new(detail?),
    })
}

/// How far it went, for the rule that watches distances.
fn distance(detail: &SessionDetail) -> Option<Metres> {
    let measured = detail.measurement.as_ref()?.distance_m?;
    Metres::try_from(measured).ok()
}

/// The track that is named, or the only one there is.
fn track(f: &mut Fields, id: &str, plan: &PlanDefinition) -> Option<TrackId> {
    if let ([only], "") = (plan.tracks.as_slice(), id) {
        return Some(only.id);
    }
    if id.is_empty() {
        f.fault("track_id", "is missing: the plan has several tracks");
        return None;
    }
    let id: TrackId = f.id("track_id", id)?;
    if plan.track(id).is_none() {
        f.fault("track_id", "is no track of the plan");
        return None;
    }
    Some(id)
}

fn detail(f: &mut Fields, s: &v1::SessionReport) -> Option<SessionDetail> {
    let rpe = f.optional_scale("rpe", s.rpe);
    let measurement = match &s.measurement {
        None => Some(None),
        Some(m) => f.part("measurement", |f| measurement(f, m)).map(Some),
    };
    let cues_held = f.texts("cues_held", &s.cues_held, 10, 200);
    let anchors_done = f.texts("anchors_done", &s.anchors_done, 10, 300);
    let sensory_cues = f.texts("sensory_cues", &s.sensory_cues, 10, 200);
    let went_well = f.text("went_well", &s.went_well, 0..=2000);
    let discomfort_site = f.text("discomfort_site", &s.discomfort_site, 0..=200);
    let side = match s.discomfort_side {
        0 => Some(None),
        code => f.choice("discomfort_side", code).map(|side| match side {
            v1::BodySide::Left => Some(BodySide::Left),
            v1::BodySide::Right => Some(BodySide::Right),
            v1::BodySide::Both => Some(BodySide::Both),
            v1::BodySide::Unspecified => None,
        }),
    };
    Some(SessionDetail {
        rpe: rpe?,
        measurement: measurement?,
        cues_held: cues_held?,
        anchors_done: anchors_done?,
        sensory_cues: sensory_cues?,
        paused_and_resumed_lighter: s.paused_and_resumed_lighter,
        went_well: went_well?,
        discomfort_site: discomfort_site?,
        discomfort_side: side?,
    })
}

fn measurement(f: &mut Fields, m: &v1::Measurement) -> Option<Measurement> {
    let mut optional = |path: &str, value: Option<i64>, max: i64| match value {
        None => Some(None),
        Some(value) => f.within(path, value, 0..=max).map(Some),
    };
    let distance_m = optional("distance_m", m.distance_m, 1_000_000);
    let duration_s = optional("duration_s", m.duration_s, 604_800);
    let cadence_spm = optional("cadence_spm", m.cadence_spm.map(i64::from), 400);
    let ascent_m = optional("ascent_m", m.ascent_m.map(i64::from), 20_000);
    let source = f.text("source", &m.source, 0..=100);
    Some(Measurement {
        distance_m: distance_m?,
        duration_s: duration_s?,
        cadence_spm: cadence_spm?,
        ascent_m: ascent_m?,
        source: source?,
    })
}

fn morning(
    f: &mut Fields,
    m: &v1::MorningReport,
    red_flags: Option<Vec<RedFlag>>,
) -> Option<ReportBody> {
    let pain = f.scale("pain", m.pain);
    let stiffness = f.optional_scale("stiffness", m.stiffness);
    let swelling = f.choice("swelling", m.swelling).map(swelling_in);
    Some(ReportBody::Morning {
        judged: MorningReport {
            pain: pain?,
            stiffness: stiffness?,
            swelling: swelling?,
            red_flags: red_flags?,
        },
    })
}

/// A check-in without what the athlete wrote in their own words.
pub(super) fn without_notes(mut c: v1::CheckIn) -> v1::CheckIn {
    c.notes_withheld = true;
    c.note.clear();
    if let Some(v1::check_in::Report::Session(session)) = &mut c.report {
        session.cues_held.clear();
        session.anchors_done.clear();
        session.sensory_cues.clear();
        session.went_well.clear();
        session.discomfort_site.clear();
        session.context.clear();
        if let Some(measurement) = &mut session.measurement {
            measurement.source.clear();
        }
    }
    c
}

/// A check-in as it is stored.
pub(super) fn check_in(athlete: AthleteId, c: &StoredCheckIn) -> v1::CheckIn {
    let (red_flags, report) = match &c.report.body {
        ReportBody::Session { judged, detail } => (
            &judged.red_flags,
            v1::check_in::Report::Session(session_report(judged, detail)),
        ),
        ReportBody::Morning { judged } => (
            &judged.red_flags,
            v1::check_in::Report::Morning(v1::MorningReport {
                pain: Some(judged.pain.get().cast_signed()),
                stiffness: judged.stiffness.map(|s| s.get().cast_signed()),
                swelling: swelling_out(judged.swelling).into(),
            }),
        ),
    };
    v1::CheckIn {
        id: c.id.to_string(),
        athlete_id: athlete.to_string(),
        plan_id: c.plan_id.to_string(),
        performed_at: Some(timestamp(c.performed_at)),
        time_zone: c.time_zone.clone(),
        red_flags: red_flags
            .iter()
            .map(|flag| flag_out(*flag).into())
            .collect(),
        no_red_flags: red_flags.is_empty(),
        note: c.report.note.clone(),
        report: Some(report),
        recorded_at: Some(timestamp(c.recorded_at)),
        date: Some(date(c.civil_date)),
        entered_by: c.entered_by.to_string(),
        seq: c.seq,
        notes_withheld: false,
    }
}

fn session_report(s: &SessionReport, d: &SessionDetail) -> v1::SessionReport {
    v1::SessionReport {
        track_id: s.track.to_string(),
        rung: Some(s.rung.get().cast_signed()),
        pain_before: s.pain_before.map(|p| p.get().cast_signed()),
        pain_during: Some(s.pain_during.get().cast_signed()),
        pain_after: Some(s.pain_after.get().cast_signed()),
        altered_gait: Some(s.altered_gait),
        swelling: swelling_out(s.swelling).into(),
        dose_done: Some(s.dose_done.into()),
        rpe: d.rpe.map(|rpe| rpe.get().cast_signed()),
        confidence: s.confidence.map(|c| c.get().cast_signed()),
        fear: s.fear.map(|fear| fear.get().cast_signed()),
        measurement: d.measurement.as_ref().map(|m| v1::Measurement {
            distance_m: m.distance_m.map(i64::from),
            duration_s: m.duration_s.map(i64::from),
            cadence_spm: m.cadence_spm.map(u32::cast_signed),
            ascent_m: m.ascent_m.map(u32::cast_signed),
            source: m.source.clone(),
        }),
        cues_held: d.cues_held.clone(),
        anchors_done: d.anchors_done.clone(),
        sensory_cues: d.sensory_cues.clone(),
        paused_and_resumed_lighter: d.paused_and_resumed_lighter,
        went_well: d.went_well.clone(),
        discomfort_site: d.discomfort_site.clone(),
        context: s.context.clone().unwrap_or_default(),
        feared_outcome: s.feared_outcome,
        discomfort_side: match d.discomfort_side {
            None => v1::BodySide::Unspecified,
            Some(BodySide::Left) => v1::BodySide::Left,
            Some(BodySide::Right) => v1::BodySide::Right,
            Some(BodySide::Both) => v1::BodySide::Both,
        }
        .into(),
    }
}

/// How far it was judged.
pub(super) fn judgement(j: Judgement) -> v1::Judgement {
    match j {
        Judgement::Fully => v1::Judgement::Full,
        Judgement::RedFlagsOnly => v1::Judgement::RedFlagsOnly,
    }
}

fn swelling_in(swelling: v1::Swelling) -> Swelling {
    match swelling {
        v1::Swelling::None => Swelling::None,
        v1::Swelling::Unchanged => Swelling::Unchanged,
        // `Fields::choice` has refused a missing one; were it not so, the worst is meant.
        v1::Swelling::Increased | v1::Swelling::Unspecified => Swelling::Increased,
    }
}

fn swelling_out(swelling: Swelling) -> v1::Swelling {
    match swelling {
        Swelling::None => v1::Swelling::None,
        Swelling::Unchanged => v1::Swelling::Unchanged,
        Swelling::Increased => v1::Swelling::Increased,
    }
}

/// Contract and engine share the names of the flags; a test compares the lists.
fn flag_in(flag: v1::RedFlag) -> Option<RedFlag> {
    let code = flag.as_str_name().strip_prefix("RED_FLAG_")?;
    RedFlag::ALL
        .iter()
        .copied()
        .find(|known| known.code() == code)
}

fn flag_out(flag: RedFlag) -> v1::RedFlag {
    v1::RedFlag::from_str_name(&format!("RED_FLAG_{}", flag.code())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_red_flag_stands_in_the_contract_and_in_the_engine() {
        for flag in RedFlag::ALL {
            assert_eq!(flag_in(flag_out(*flag)), Some(*flag), "{}", flag.code());
        }
        let known = (1..1000)
            .take_while(|n| v1::RedFlag::try_from(*n).is_ok())
            .count();
        assert_eq!(known, RedFlag::ALL.len());
    }
}
