//! Engine and model side by side.

use std::fmt::Write as _;

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use rung_progression::{
    Decision, Event, EventBody, Judged, PlanDefinition, PlanState, ReasonCode, decide,
};

use crate::r#gen::history::{Step, history};
use crate::r#gen::plan::plan;
use crate::r#gen::play::Play;
use crate::page::{Decided, Model};

/// What of the state both must agree on, as text: it is compared and read.
fn engine_state(state: &PlanState) -> Vec<String> {
    let paused = state.paused.map(|paused| paused.cause);
    let ill = state.ill.as_ref().map(|ill| (ill.since, ill.asked));
    let mut lines = vec![format!("paused {paused:?}, ill {ill:?}, well from {:?}", state.well_from)];
    for track in &state.tracks {
        let nb = track.not_before.map(|until| (until.date, until.at));
        lines.push(format!(
            "{:?} rung {} done {} counted {} contexts {} awaiting {} pending {:?} not before {nb:?} no advance \
             before {:?} streak {} stepped back {}",
            track.status,
            track.rung,
            track.done,
            track.counted,
            track.contexts.len(),
            track.awaiting_approval,
            track.pending.as_ref().map(|pending| pending.at),
            track.no_advance_before,
            track.now.streak,
            track.now.stepped_back,
        ));
    }
    lines
}

fn model_state(model: &Model) -> Vec<String> {
    let ill = model.ill.as_ref().map(|ill| (ill.since, ill.asked));
    let mut lines =
        vec![format!("paused {:?}, ill {ill:?}, well from {:?}", model.paused, model.well_from)];
    for track in &model.tracks {
        let nb = track.not_before;
        lines.push(format!(
            "{:?} rung {} done {} counted {} contexts {} awaiting {} pending {:?} not before {nb:?} no advance \
             before {:?} streak {} stepped back {}",
            track.status,
            track.rung,
            track.done,
            track.counted,
            track.contexts.len(),
            track.awaiting,
            track.pending.as_ref().map(|pending| pending.at),
            track.no_advance_before,
            track.now.streak,
            track.now.stepped_back,
        ));
    }
    lines
}

fn decided(decision: &Decision) -> Decided {
    let mut codes: Vec<ReasonCode> = decision.reasons.iter().map(|reason| reason.code).collect();
    codes.sort();
    codes.dedup();
    Decided {
        track: decision.track,
        outcome: decision.outcome,
        from: decision.from_rung,
        to: decision.to_rung,
        ask: decision.ask.map(|ask| ask.urgent),
        codes,
    }
}

/// What a history did, for the statistics.
#[derive(Default)]
struct Seen {
    advances: u32,
    events: u32,
    codes: std::collections::BTreeSet<ReasonCode>,
}

fn compare(plan: &PlanDefinition, start: i64, steps: &[Step]) -> Result<Seen, TestCaseError> {
    let (mut play, mut model) = (Play::new(plan), Model::new(plan.clone()));
    let mut state = PlanState::new(plan);
    let (mut told, mut seen) = (String::new(), Seen::default());
    let started = play.start(start);
    let mut steps = steps.iter();
    let mut next = Some(started);
    loop {
        if let Some(event) = next.take() {
            let present = play.plan().clone();
            let faults = present.check_event(&state, &event);
            let may_be_refused = matches!(
                event.body,
                EventBody::Approve { .. } | EventBody::Decline { .. } | EventBody::Resume { .. }
            );
            if faults.is_empty() || may_be_refused {
                let step = decide(&present, &state, &event);
                let theirs: Vec<_> = step.decisions.iter().map(decided).collect();
                let ours = model.apply(&event);
                let (engine, page) = (engine_state(&step.state), model_state(&model));
                let _ = writeln!(told, "{}", line(&event));
                for decision in &theirs {
                    let _ = writeln!(told, "      {}", said(decision));
                }
                let states = std::env::var("MODEL_STATES").is_ok();
                if engine != page || (!states && theirs != ours) {
                    let ours: Vec<_> = ours.iter().map(said).collect();
                    return Err(TestCaseError::fail(format!(
                        "they part\n{}\n{told}\nthe model decides {ours:#?}\njudged {:?}\nbefore \
                         {:#?}\nengine {engine:#?}\n model {page:#?}",
                        describe(&present),
                        step.judged,
                        engine_state(&state),
                    )));
                }
                seen.events += 1;
                for decision in &theirs {
                    seen.codes.extend(&decision.codes);
                    seen.advances +=
                        u32::from(decision.outcome == rung_progression::Outcome::Advance);
                }
                if let EventBody::Amend(amendment) = &event.body
                    && step.judged == Judged::Fully
                {
                    play.amended(amendment.to.clone());
                }
                state = step.state;
            } else if !matches!(event.body, EventBody::Correction(_)) {
                let unfit = std::env::var("MODEL_UNFIT").is_ok();
                if unfit {
                    return Err(TestCaseError::fail(format!("does not fit: {faults:?} {event:?}")));
                }
            }
        }
        let Some(step) = steps.next() else { return Ok(seen) };
        next = play.next(&state, step);
    }
}

fn said(decision: &Decided) -> String {
    let rung = |rung: Option<rung_progression::RungIndex>| rung.map_or("-".to_owned(), |r| r.to_string());
    format!(
        "track {} {:?} {} -> {} ask {:?} {:?}",
        decision.track.map_or("-".to_owned(), |id| (id.uuid().as_u128() - 100).to_string()),
        decision.outcome,
        rung(decision.from),
        rung(decision.to),
        decision.ask,
        decision.codes
    )
}

fn line(event: &Event) -> String {
    let body = format!("{:?}", event.body)
        .replace("TrackId(00000000-0000-0000-0000-0000000000", "T(")
        .replace("Amendment", "Amend");
    let body = match &event.body {
        EventBody::Amend(amendment) => {
            format!("Amend to {} {:?}", describe(&amendment.to), amendment.rungs)
        }
        _ => body,
    };
    format!("{} {} {} r{} {body}", event.seq, event.at, event.date, event.revision)
}

fn describe(plan: &PlanDefinition) -> String {
    let mut text = format!("plan r{} concurrent {} baseline {:?}\n", plan.revision, plan.concurrent, plan.baseline);
    for track in &plan.tracks {
        let doses: Vec<_> = track
            .ladder
            .rungs
            .iter()
            .map(|rung| format!("{}/{:?}/{}", rung.dose, rung.rest_days, rung.needs_approval))
            .collect();
        let _ = writeln!(
            text,
            "  {} {:?} {:?} {:?} start {} a week {} needs {:?} rungs {doses:?}\n    {:?}",
            track.id, track.ladder.kind, track.ladder.profile, track.ladder.unit, track.start_rung,
            track.sessions_per_week, track.prerequisites, track.policy
        );
    }
    text
}

#[test]
fn engine_and_page_agree_on_every_history() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: cases.unwrap_or(300),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    let seen = std::cell::RefCell::new((0_u32, 0_u32, std::collections::BTreeMap::new(), 0_u32));
    let mut runner = TestRunner::new(config);
    let result = runner.run(&(plan(), history()), |(plan, (start, blocks))| {
        let faults = plan.validate();
        if !faults.is_empty() {
            return Err(TestCaseError::fail(format!("not a sane plan: {faults:?}")));
        }
        let steps: Vec<Step> = blocks.into_iter().flatten().collect();
        let one = compare(&plan, start, &steps)?;
        let mut all = seen.borrow_mut();
        all.0 += 1;
        all.1 += u32::from(one.advances > 0);
        all.3 += one.events;
        for code in one.codes {
            *all.2.entry(code).or_insert(0_u32) += 1;
        }
        Ok(())
    });
    let seen = seen.into_inner();
    println!("{} histories, {} advanced, {} events, {:#?}", seen.0, seen.1, seen.3, seen.2);
    if let Err(error) = result {
        let text = error.to_string();
        let end = text.find("minimal failing input").unwrap_or(text.len());
        panic!("{}", &text[..end]);
    }
}
