//! Decisions as the contract has them, in the words of a voice: the athlete's, and where only physiotherapists look, theirs.

use rung_progression::{
    Ask, Decision, Evidence, Measure, NotBefore, Outcome, PlanDefinition, PlanId, Reason,
    ReasonCode, Record, TrackId, Value,
    explain::{Language, Reader, Voice},
    plan::Change,
};
use rung_proto::v1;

use super::time::{date, timestamp};
use crate::storage::decision::StoredDecision;

/// Where athletes look too.
pub(crate) const ATHLETE: Voice<'static> = Voice::new(Reader::Athlete, Language::English);

/// Where only physiotherapists look.
pub(crate) const PHYSIO: Voice<'static> = Voice::new(Reader::Physio, Language::English);

/// What tracks are called: by the titles of their ladders.
pub(crate) fn names(plan: &PlanDefinition) -> Vec<(TrackId, &str)> {
    let tracks = plan.tracks.iter();
    tracks
        .map(|track| (track.id, track.ladder.title.as_str()))
        .collect()
}

/// A stored decision.
pub(crate) fn stored(voice: &Voice<'_>, plan: PlanId, stored: &StoredDecision) -> v1::Decision {
    v1::Decision {
        id: stored.id.to_string(),
        check_in_id: stored
            .check_in_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        decided_at: Some(timestamp(stored.decided_at)),
        changes: changes_of(&stored.record.decision, stored.changes.as_deref()),
        ..recorded(voice, plan, &stored.record)
    }
}

/// What an amendment changed, as far as a decision on it is about that: in the plan as a whole, and in its track.
pub(crate) fn changes_of(
    decision: &Decision,
    changes: Option<&Vec<Change>>,
) -> Vec<v1::PlanChange> {
    let all = changes.into_iter().flatten();
    let own = all.filter(|change| change.track.is_none() || change.track == decision.track);
    own.map(change).collect()
}

/// One thing that an amendment changed.
pub(crate) fn change(c: &Change) -> v1::PlanChange {
    v1::PlanChange {
        path: c.path.clone(),
        track_id: c.track.map(|track| track.to_string()).unwrap_or_default(),
        before: c.before.as_ref().map(value),
        after: c.after.as_ref().map(value),
    }
}

/// A decision with the fingerprints of what it was made from.
pub(crate) fn recorded(voice: &Voice<'_>, plan: PlanId, record: &Record) -> v1::Decision {
    let mut decision = preview(voice, plan, &record.decision);
    if let Some(provenance) = &mut decision.provenance {
        provenance.plan_hash.clone_from(&record.plan_hash);
        provenance
            .state_before_hash
            .clone_from(&record.state_before);
        provenance.state_after_hash.clone_from(&record.state_after);
    }
    decision
}

/// A decision that is not stored: it has no id, and nobody has taken it yet.
pub(crate) fn preview(voice: &Voice<'_>, plan: PlanId, d: &Decision) -> v1::Decision {
    v1::Decision {
        id: String::new(),
        plan_id: plan.to_string(),
        check_in_id: String::new(),
        seq: d.seq.cast_signed(),
        ordinal: d.ordinal.cast_signed(),
        track_id: d.track.map(|track| track.to_string()).unwrap_or_default(),
        outcome: outcome(d.outcome).into(),
        from_rung: d.from_rung.map(|rung| rung.get().cast_signed()),
        to_rung: d.to_rung.map(|rung| rung.get().cast_signed()),
        not_before: d.not_before.map(not_before),
        ask: ask(d.ask).into(),
        reasons: d.reasons.iter().map(|r| reason(voice, r)).collect(),
        headline: voice.headline(d),
        decided_at: None,
        provenance: Some(v1::Provenance {
            plan_revision: d.plan_revision.cast_signed(),
            ladder_version: d.ladder_version.unwrap_or_default().cast_signed(),
            engine_version: d.engine_version.cast_signed(),
            ..v1::Provenance::default()
        }),
        date: Some(date(d.date)),
        automatic: d.automatic,
        changes: vec![],
    }
}

/// When a session may be done again.
pub(crate) fn not_before(n: NotBefore) -> v1::NotBefore {
    v1::NotBefore {
        date: Some(date(n.date)),
        instant: Some(timestamp(n.at)),
    }
}

/// A fired rule in words.
pub(crate) fn reason(voice: &Voice<'_>, r: &Reason) -> v1::Reason {
    v1::Reason {
        code: code(r.code).into(),
        evidence: r.evidence.iter().map(evidence).collect(),
        text: voice.brief(r),
        outcome: outcome(r.outcome).into(),
        ask: ask(r.ask).into(),
    }
}

/// What was observed, and what it was held against.
pub(crate) fn evidence(e: &Evidence) -> v1::Evidence {
    v1::Evidence {
        measure: measure(e.measure).into(),
        observed: e.observed.as_ref().map(value),
        threshold: e.threshold.as_ref().map(value),
    }
}

fn value(v: &Value) -> v1::Value {
    use v1::value::Kind;
    v1::Value {
        kind: Some(match v {
            Value::Number(number) => Kind::Number(*number),
            Value::Date(on) => Kind::Date(date(*on)),
            Value::Instant(at) => Kind::Instant(timestamp(*at)),
            Value::Flag(flag) => Kind::Flag(*flag),
            Value::Code(code) => Kind::Code(code.to_string()),
            Value::Track(track) => Kind::TrackId(track.to_string()),
            Value::Text(text) => Kind::Text(text.clone()),
        }),
    }
}

fn outcome(o: Outcome) -> v1::Outcome {
    match o {
        Outcome::Pause => v1::Outcome::Pause,
        Outcome::StepBack => v1::Outcome::StepBack,
        Outcome::Hold => v1::Outcome::Hold,
        Outcome::Repeat => v1::Outcome::Repeat,
        Outcome::Advance => v1::Outcome::Advance,
    }
}

fn ask(a: Option<Ask>) -> v1::Ask {
    match a {
        None => v1::Ask::None,
        Some(Ask { urgent: false }) => v1::Ask::Review,
        Some(Ask { urgent: true }) => v1::Ask::Urgent,
    }
}

/// The contract's value of an enum whose names it shares with the engine; a test compares the lists.
pub(crate) fn code(code: ReasonCode) -> v1::ReasonCode {
    code_named(code.code())
}

/// [`code`] of the name that the engine has for it.
pub(crate) fn code_named(name: &str) -> v1::ReasonCode {
    v1::ReasonCode::from_str_name(&format!("REASON_CODE_{name}")).unwrap_or_default()
}

fn measure(measure: Measure) -> v1::Measure {
    v1::Measure::from_str_name(&format!("MEASURE_{}", measure.code())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_and_measure_of_the_engine_stands_in_the_contract_and_no_other() {
        for c in ReasonCode::ALL {
            assert_ne!(code(*c), v1::ReasonCode::Unspecified, "{}", c.code());
        }
        for m in Measure::ALL {
            assert_ne!(measure(*m), v1::Measure::Unspecified, "{}", m.code());
        }
        let count = |is: &dyn Fn(i32) -> bool| (1..1000).take_while(|n| is(*n)).count();
        assert_eq!(
            count(&|n| v1::ReasonCode::try_from(n).is_ok()),
            ReasonCode::ALL.len()
        );
        assert_eq!(
            count(&|n| v1::Measure::try_from(n).is_ok()),
            Measure::ALL.len()
        );
    }
}
