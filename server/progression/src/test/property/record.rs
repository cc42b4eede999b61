//! Rungs, doses and rest stay within what was prescribed, and every decision says what it
//! rests on (invariants 8, 10 and 11).

use chrono::TimeDelta;
use proptest::prelude::*;

use super::config;
use super::history::{Turn, events, events_from, run};
use super::moves::any_moves;
use super::prescription::plans;
use crate::decision::ENGINE_VERSION;
use crate::event::EventBody;
use crate::explain::Voice;
use crate::scale::Dose;
use crate::state::{Grade, NotBefore};
use crate::today::{Advice, today};

proptest! {
    #![proptest_config(config())]

    // Planted: a step up goes to rung 99; and, by itself, today's dose is the largest there
    // is.
    #[test]
    fn invariant_8_rungs_stay_on_the_ladder_and_doses_within_the_rung(
        plan in plans(),
        start in 0_i64..3,
        moves in any_moves(),
    ) {
        let events = events_from(&plan, start, &moves);
        for turn in run(&plan, &events) {
            let plan = match &turn.event.body {
                EventBody::Amend(amendment) if turn.step.judged == crate::Judged::Fully => {
                    &amendment.to
                }
                _ => &*turn.plan,
            };
            let state = &turn.step.state;
            prop_assert_eq!(state.tracks.len(), plan.tracks.len());
            for (track, definition) in state.tracks.iter().zip(&plan.tracks) {
                prop_assert!(track.rung <= definition.ladder.top());
            }
            let day = today(plan, state, turn.event.at, turn.event.date);
            for (track, definition) in day.tracks.iter().zip(&plan.tracks) {
                prop_assert!(!track.reasons.is_empty());
                if let Advice::Do { dose, .. } = &track.advice {
                    let limit = definition.rung(track.rung).map_or(Dose::MIN, |rung| rung.dose);
                    prop_assert!(*dose <= limit);
                    let allowed = state.allowed_rung(track.track);
                    prop_assert_eq!(Some(track.rung), allowed.map(|rung| rung.min(track.rung)));
                }
            }
        }
    }

    // Planted: AT_BOTTOM gives no evidence.
    #[test]
    fn invariant_10_every_decision_says_what_it_rests_on(plan in plans(), moves in any_moves()) {
        let events = events(&plan, &moves);
        for Turn { plan, before, event, step } in &run(&plan, &events) {
            let records = step.records(plan, before);
            prop_assert_eq!(records.len(), step.decisions.len());
            for record in &records {
                prop_assert_eq!(&record.plan_hash, &plan.fingerprint());
                prop_assert_eq!(&record.state_before, &before.fingerprint());
                prop_assert_eq!(&record.state_after, &step.state.fingerprint());
            }
            for (ordinal, decision) in (0_u32..).zip(&step.decisions) {
                prop_assert_eq!(decision.ordinal, ordinal);
                prop_assert_eq!((decision.event, decision.seq), (event.id, event.seq));
                prop_assert_eq!(decision.engine_version, ENGINE_VERSION);
                // Of an amendment, what time alone does is decided by the former revision.
                let amends = matches!(event.body, EventBody::Amend(_));
                let revisions = plan.revision..=plan.revision + u32::from(amends);
                prop_assert!(revisions.contains(&decision.plan_revision));
                prop_assert!(!decision.reasons.is_empty());
                prop_assert!(decision.reasons.is_sorted_by_key(|reason| reason.outcome));
                prop_assert_eq!(decision.reasons[0].outcome, decision.outcome);
                prop_assert!(!Voice::default().headline(decision).is_empty());
                for reason in &decision.reasons {
                    prop_assert!(!reason.evidence.is_empty(), "{reason:?}");
                    let text = Voice::default().sentence(reason);
                    prop_assert!(!text.contains("unknown"), "{text} {reason:?}");
                }
            }
        }
    }

    // Planted: AMBER earns no more rest than GREEN; and, by itself, RED no more than AMBER.
    #[test]
    fn invariant_11_rest_is_never_shorter_than_its_days_and_hours(
        plan in plans(),
        moves in any_moves(),
    ) {
        let events = events(&plan, &moves);
        for Turn { plan, before, event, step } in &run(&plan, &events) {
            let date = |rest: Option<NotBefore>| rest.map(|rest| rest.date);
            let at = |rest: Option<NotBefore>| rest.map(|rest| rest.at);
            for is in &step.state.tracks {
                let was = before.track(is.id).and_then(|was| was.not_before);
                prop_assert!(date(is.not_before) >= date(was), "rest got shorter");
                prop_assert!(at(is.not_before) >= at(was), "rest got shorter");
            }
            let EventBody::Session(report) = &event.body else { continue };
            let judged = step.state.track(report.track).and_then(|track| track.last.clone());
            let Some(last) = judged.filter(|last| {
                last.at == event.at && before.paused.is_none() && event.red_flags().is_empty()
            }) else {
                continue;
            };
            let (_, definition) = plan.track(report.track).expect("a track");
            let usual = report.earlier.map_or_else(|| definition.rest_days(last.rung), |it| it.rest_days);
            let days = match last.grade {
                Grade::Green => usual,
                Grade::Amber => usual + 1,
                Grade::Red => definition.policy.red_rest_days.max(usual + 1),
            };
            for (track, other) in step.state.tracks.iter().zip(&plan.tracks) {
                let shared = definition.is_running() && other.is_running();
                if (shared || track.id == report.track) && step.judged == crate::Judged::Fully {
                    let rest = track.not_before.expect("a rest");
                    prop_assert!(rest.at >= event.at + TimeDelta::hours(24 * i64::from(days)));
                    prop_assert!(rest.date > event.date + TimeDelta::days(i64::from(days)));
                }
            }
        }
    }
}
