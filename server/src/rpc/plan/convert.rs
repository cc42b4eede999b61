//! Plans as the contract has them.

use chrono::Weekday;
use rung_progression::{
    Ladder, LadderId, PainScore, PlanDefinition, PlanState, PolicyEdits, RungIndex,
    StiffnessMinutes, TrackDefinition, TrackId, TrackState, TrackStatus,
    plan::{Baseline, EntryConfirmation, Prerequisite, Requirement},
};
use rung_proto::v1;

use super::content;
use crate::{
    rpc::{
        decision::not_before,
        field::Fields,
        ladder::convert::definition as ladder_definition,
        policy,
        time::{date, timestamp},
    },
    storage::plan::{Status, StoredPlan},
};

/// The most entries that are looked at; the domain's own bounds are not above these.
const PREREQUISITES: usize = 8;
const ENTRY: usize = 30;

/// A track as it was asked for, before its ladder was looked up.
#[derive(Clone)]
pub(crate) struct TrackRequest {
    id: TrackId,
    /// None where it did not read: nothing more can be said of the track then.
    pub(crate) ladder_id: Option<LadderId>,
    start_rung: RungIndex,
    policy: PolicyEdits,
    /// None: the ladder's.
    sessions_per_week: Option<u32>,
    prerequisites: Vec<Prerequisite>,
    entry: Vec<EntryConfirmation>,
}

/// Reads one track; `new_id` makes an id where the client made none. Where a field does not read, a harmless one stands
/// in, so that everything else is judged all the same.
pub(crate) fn track(
    f: &mut Fields,
    t: &v1::TrackPrescription,
    new_id: impl FnOnce() -> TrackId,
) -> TrackRequest {
    let id = f.optional_id("id", &t.id).flatten();
    let ladder_id = f.id("ladder_id", &t.ladder_id);
    let start_rung = f.check("start_rung", RungIndex::try_from(i64::from(t.start_rung)));
    let policy = f.part("policy", |f| policy::edits(f, t.policy.as_ref()));
    let sessions_per_week = match t.sessions_per_week {
        0 => None,
        n => f.within("sessions_per_week", n, 1..=7),
    };
    let prerequisites = f
        .at_most("prerequisites", &t.prerequisites, PREREQUISITES)
        .iter()
        .enumerate()
        .filter_map(|(i, p)| f.part(&format!("prerequisites[{i}]"), |f| prerequisite(f, p)))
        .collect();
    let entry = f
        .at_most("entry", &t.entry, ENTRY)
        .iter()
        .map(|e| EntryConfirmation {
            criterion: e.criterion.clone(),
            confirmed: e.confirmed,
            reason: (!e.reason.trim().is_empty()).then(|| e.reason.trim().to_owned()),
        })
        .collect();
    TrackRequest {
        id: id.unwrap_or_else(new_id),
        ladder_id,
        start_rung: start_rung.unwrap_or(RungIndex::MIN),
        policy: policy.unwrap_or_default(),
        sessions_per_week,
        prerequisites,
        entry,
    }
}

fn prerequisite(f: &mut Fields, p: &v1::Prerequisite) -> Option<Prerequisite> {
    use v1::prerequisite::Requirement as R;
    let track = f.id("track_id", &p.track_id);
    let requirement = match p.requirement {
        Some(R::Done(true)) => Some(Requirement::Done),
        Some(R::RungAtLeast(rung)) => f
            .check("rung_at_least", RungIndex::try_from(i64::from(rung)))
            .map(Requirement::AtLeast),
        Some(R::Done(false)) | None => {
            f.fault("requirement", "must be done or rung_at_least");
            None
        }
    };
    Some(Prerequisite {
        track: track?,
        requirement: requirement?,
    })
}

/// Reads the baseline; zeros stand in for what does not read.
pub(crate) fn baseline(f: &mut Fields, b: Option<&v1::Baseline>) -> Baseline {
    let b = f.required("baseline", b).cloned().unwrap_or_default();
    let (pain, stiffness) = f.part("baseline", |f| {
        if f.is_noted() {
            return (None, None);
        }
        (f.scale("pain", b.pain), f.scale("stiffness", b.stiffness))
    });
    let reason = b.over_limit_reason.trim();
    Baseline {
        pain: pain.unwrap_or(PainScore::MIN),
        stiffness: stiffness.unwrap_or(StiffnessMinutes::MIN),
        over_limit_reason: (!reason.is_empty()).then(|| reason.to_owned()),
    }
}

/// Reads the days on which the athlete can train; what does not read is left out.
pub(crate) fn weekdays(f: &mut Fields, days: &[i32]) -> Vec<Weekday> {
    f.at_most("weekdays", days, 7)
        .iter()
        .enumerate()
        .filter_map(|(i, day)| f.choice(&format!("weekdays[{i}]"), *day).map(weekday_in))
        .collect()
}

fn weekday_in(day: v1::Weekday) -> Weekday {
    use v1::Weekday as D;
    match day {
        // `Fields::choice` has refused a missing one.
        D::Monday | D::Unspecified => Weekday::Mon,
        D::Tuesday => Weekday::Tue,
        D::Wednesday => Weekday::Wed,
        D::Thursday => Weekday::Thu,
        D::Friday => Weekday::Fri,
        D::Saturday => Weekday::Sat,
        D::Sunday => Weekday::Sun,
    }
}

fn weekday_out(day: Weekday) -> v1::Weekday {
    use v1::Weekday as D;
    match day {
        Weekday::Mon => D::Monday,
        Weekday::Tue => D::Tuesday,
        Weekday::Wed => D::Wednesday,
        Weekday::Thu => D::Thursday,
        Weekday::Fri => D::Friday,
        Weekday::Sat => D::Saturday,
        Weekday::Sun => D::Sunday,
    }
}

impl TrackRequest {
    /// The ladder as the plan has it already, where the track keeps it.
    pub(crate) fn copied_from(&self, former: &PlanDefinition) -> Option<Ladder> {
        let (_, track) = former.track(self.id)?;
        (self.ladder_id == Some(track.ladder_id)).then(|| track.ladder.clone())
    }

    /// Puts the published ladder and the resolved policy into the track.
    pub(crate) fn with_ladder(self, ladder_id: LadderId, ladder: Ladder) -> TrackDefinition {
        TrackDefinition {
            id: self.id,
            ladder_id,
            policy: ladder.resolved_policy().with(&self.policy),
            start_rung: self.start_rung,
            prerequisites: self.prerequisites,
            sessions_per_week: self.sessions_per_week.unwrap_or(ladder.sessions_per_week),
            entry: self.entry,
            ladder,
        }
    }
}

/// A plan and where it stands.
pub(crate) fn plan(athlete: rung_progression::AthleteId, p: &StoredPlan) -> v1::Plan {
    v1::Plan {
        id: p.id.to_string(),
        athlete_id: athlete.to_string(),
        etag: p.version.to_string(),
        state: state(p.status).into(),
        revision: p.definition.revision.cast_signed(),
        definition: Some(v1::PlanDefinition {
            micro_goals: p.goals.iter().map(content::goal_out).collect(),
            ..definition(&p.definition)
        }),
        tracks: tracks(&p.definition, &p.state),
        effective_date: p.state.started.map(date),
        pause_cause: p
            .state
            .paused
            .map(|paused| paused.cause.code().to_owned())
            .unwrap_or_default(),
        paused_since: p.state.paused.map(|paused| date(paused.since)),
        created_at: Some(timestamp(p.created_at)),
        created_by: p.created_by.to_string(),
    }
}

/// Where a plan stands in its life.
pub(crate) fn state(status: Status) -> v1::PlanState {
    match status {
        Status::Draft => v1::PlanState::Draft,
        Status::Active => v1::PlanState::Active,
        Status::Paused => v1::PlanState::Paused,
    }
}

/// Where the tracks stand.
pub(crate) fn tracks(definition: &PlanDefinition, state: &PlanState) -> Vec<v1::TrackStatus> {
    definition
        .tracks
        .iter()
        .filter_map(|track| state.track(track.id).map(|s| track_status(track, s)))
        .collect()
}

/// Where one track stands.
pub(super) fn track_status(track: &TrackDefinition, s: &TrackState) -> v1::TrackStatus {
    let state = match (s.status, s.done) {
        (TrackStatus::Locked, _) => v1::TrackState::Locked,
        (TrackStatus::Active, true) => v1::TrackState::Done,
        (TrackStatus::Active, false) => v1::TrackState::Active,
    };
    v1::TrackStatus {
        track_id: track.id.to_string(),
        state: state.into(),
        rung: s.rung.get().cast_signed(),
        rung_title: track
            .rung(s.rung)
            .map(|r| r.title.clone())
            .unwrap_or_default(),
        top_rung: track.ladder.top().get().cast_signed(),
        counted: s.counted.cast_signed(),
        successes_to_advance: track.policy.successes_to_advance.cast_signed(),
        not_before: s.not_before.map(not_before),
        awaiting_morning: s.pending.is_some(),
        ladder_title: track.ladder.title.clone(),
        awaiting_approval: s.awaiting_approval,
    }
}

/// What a revision prescribes.
pub(crate) fn definition(d: &PlanDefinition) -> v1::PlanDefinition {
    v1::PlanDefinition {
        tracks: d.tracks.iter().map(track_prescription).collect(),
        baseline: Some(v1::Baseline {
            pain: Some(d.baseline.pain.get().cast_signed()),
            stiffness: Some(d.baseline.stiffness.get().cast_signed()),
            over_limit_reason: d.baseline.over_limit_reason.clone().unwrap_or_default(),
        }),
        concurrent: d.concurrent,
        anchors: d.anchors.clone(),
        weekdays: d
            .weekdays
            .iter()
            .map(|day| weekday_out(*day).into())
            .collect(),
        micro_goals: d.micro_goals.iter().map(content::prescribed).collect(),
        coping_tools: d.coping_tools.iter().map(content::tool_out).collect(),
        sites: d.sites.iter().copied().map(content::site_out).collect(),
    }
}

fn track_prescription(t: &TrackDefinition) -> v1::TrackPrescription {
    use v1::prerequisite::Requirement as R;
    v1::TrackPrescription {
        id: t.id.to_string(),
        ladder_id: t.ladder_id.to_string(),
        start_rung: t.start_rung.get().cast_signed(),
        policy: Some(policy::policy(&t.policy)),
        sessions_per_week: t.sessions_per_week.cast_signed(),
        prerequisites: t
            .prerequisites
            .iter()
            .map(|p| v1::Prerequisite {
                track_id: p.track.to_string(),
                requirement: Some(match p.requirement {
                    Requirement::Done => R::Done(true),
                    Requirement::AtLeast(rung) => R::RungAtLeast(rung.get().cast_signed()),
                }),
            })
            .collect(),
        entry: t
            .entry
            .iter()
            .map(|e| v1::EntryConfirmation {
                criterion: e.criterion.clone(),
                confirmed: e.confirmed,
                reason: e.reason.clone().unwrap_or_default(),
            })
            .collect(),
        ladder: Some(ladder_definition(&t.ladder)),
        ladder_version: t.ladder.version.cast_signed(),
    }
}
