//! Confidence, fear, readiness and adherence only ever hold back (invariant 5).

use proptest::prelude::*;
use proptest::sample::Index;

use super::config;
use super::history::events;
use super::moves::unattended;
use super::prescription::plans;
use super::safety::never_higher;
use crate::event::{Event, EventBody, WellnessReport};
use crate::scale::{SleepMinutes, WellnessScore};

/// The answers about the day, or none.
fn answer(report: &mut WellnessReport, sleep: Option<SleepMinutes>, score: Option<WellnessScore>) {
    report.sleep = sleep;
    report.energy = score;
    report.calm = score;
    report.mood = score;
    report.freshness = score;
    report.fuelling = score;
}

/// The latest check-ins about days from a place on say nothing of the day.
fn quiet_after(events: &mut [Event], position: usize) {
    for event in events.iter_mut().skip(position + 1) {
        if let EventBody::Wellness(report) = &mut event.body {
            answer(report, None, None);
        }
    }
}

proptest! {
    #![proptest_config(config())]

    // Planted: confidence that is low lets a session count twice.
    #[test]
    fn invariant_5_confidence_and_fear_never_lead_higher_than_without_their_rules(
        plan in plans(),
        moves in unattended(),
    ) {
        let events = events(&plan, &moves);
        let mut without = plan.clone();
        for track in &mut without.tracks {
            track.policy.require_confidence = false;
            track.policy.confidence_min = 0;
            track.policy.fear_max = 100;
        }
        never_higher([&without, &plan], &events, &events)?;
    }

    // Planted: a session that was OVERDONE and UNDERDONE by its dose alone counts twice.
    #[test]
    fn invariant_5_adherence_never_leads_higher_than_without_its_rule(
        plan in plans(),
        moves in unattended(),
    ) {
        let events = events(&plan, &moves);
        let mut without = plan.clone();
        for track in &mut without.tracks {
            track.policy.completion_min = 1;
            track.policy.completion_max = 1000;
        }
        never_higher([&without, &plan], &events, &events)?;
    }

    // For one day's answer: what comes later says nothing of its day, since a bad day also
    // lowers what later ones are compared with.
    // Planted: low readiness of a date lets its sessions count twice.
    #[test]
    fn invariant_5_one_day_s_answer_never_leads_higher_than_the_best_or_none(
        plan in plans(),
        moves in unattended(),
        which in any::<Index>(),
        best in any::<bool>(),
    ) {
        let mut told = events(&plan, &moves);
        let is_day = |place: &usize| matches!(told[*place].body, EventBody::Wellness(_));
        let days: Vec<_> = (0..told.len()).filter(is_day).collect();
        if days.is_empty() {
            return Ok(());
        }
        let position = days[which.index(days.len())];
        quiet_after(&mut told, position);
        let mut without = told.clone();
        if let EventBody::Wellness(report) = &mut without[position].body {
            let (sleep, score) = (SleepMinutes::MAX, WellnessScore::MAX);
            answer(report, best.then_some(sleep), best.then_some(score));
        }
        never_higher([&plan, &plan], &without, &told)?;
    }
}
