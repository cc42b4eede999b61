//! What a decision costs, and what comparing two policies over a cohort does. `make bench`.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

mod history;

use divan::{Bencher, black_box};
use rung_progression::plan::Baseline;
use rung_progression::simulation::compare;
use rung_progression::{
    Event, EventBody, LadderId, PainScore, PlanDefinition, PlanState, RungIndex, StiffnessMinutes,
    TrackDefinition, TrackId, decide, decide_in_place, ladder,
};
use uuid::Uuid;

fn main() {
    divan::main();
}

/// A plan of one track: the `OxSport` ladder as a clinic would prescribe it.
fn plan() -> PlanDefinition {
    let text = include_str!("../../../ladders/oxsport-walk-run.toml");
    let ladder = ladder::file::read(text).unwrap();
    let track = TrackDefinition {
        id: TrackId::from(Uuid::from_u128(1)),
        ladder_id: LadderId::from(Uuid::from_u128(2)),
        policy: ladder.resolved_policy(),
        start_rung: RungIndex::MIN,
        prerequisites: Vec::new(),
        sessions_per_week: ladder.sessions_per_week,
        entry: Vec::new(),
        ladder,
    };
    PlanDefinition {
        revision: 1,
        tracks: vec![track],
        baseline: Baseline {
            pain: PainScore::MIN,
            stiffness: StiffnessMinutes::MIN,
            over_limit_reason: None,
        },
        concurrent: false,
        weekdays: Vec::new(),
        anchors: Vec::new(),
        micro_goals: Vec::new(),
        coping_tools: Vec::new(),
        sites: Vec::new(),
    }
}

/// What is left of a history.
fn after(plan: &PlanDefinition, events: &[Event]) -> PlanState {
    let mut state = PlanState::new(plan);
    for event in events {
        decide_in_place(plan, &mut state, event);
    }
    state
}

/// One decision on an event of `kind` after so many events.
fn one(bencher: Bencher, kind: &str, length: usize) {
    let plan = plan();
    // Two days have a session, a morning and two wellness check-ins.
    let days = (length as u64).div_ceil(2).next_multiple_of(2);
    let mut events = history::days(&plan, 1, days);
    let seq = events.len() as u64 + 1;
    let (day, hour) = match kind {
        "session" => (days, 17),
        "morning" => {
            events.pop();
            (days - 1, 7)
        }
        "wellness" => (days, 6),
        _ => (days, 12),
    };
    let state = after(&plan, &events);
    assert!(state.paused.is_none(), "a paused plan judges little");
    let body = match kind {
        "session" => history::session(&plan, state.tracks[0].rung, 0),
        "morning" => history::morning(0),
        "wellness" => history::wellness(1, days),
        _ => EventBody::Tick,
    };
    let event = history::event(&plan, seq, day, hour, body);
    bencher.bench(|| decide(black_box(&plan), black_box(&state), black_box(&event)));
}

/// Asked of a full history, and, to see that the cost does not grow, of ten events and 100 000.
#[divan::bench(args = ["session", "morning", "wellness", "tick"], consts = [10, 1_000, 100_000])]
fn decision<const LENGTH: usize>(bencher: Bencher, kind: &str) {
    one(bencher, kind, LENGTH);
}

/// 1 000 athletes and 365 days under two policies, one after the other on one core.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn cohort_of_1000_athletes_and_365_days(bencher: Bencher) {
    let plan = plan();
    let milder = |plan: &PlanDefinition| {
        let mut plan = plan.clone();
        let policy = &mut plan.tracks[0].policy;
        policy.successes_to_advance = 2;
        policy.green_max = 2;
        policy.amber_max = 4;
        plan
    };
    let athletes: Vec<Vec<Event>> = (0..1_000)
        .map(|athlete| history::days(&plan, athlete, 365))
        .collect();
    bencher.bench(|| {
        let compared = athletes.iter().map(|events| compare(&plan, milder, events));
        compared.filter(|compared| compared.differing > 0).count()
    });
}
