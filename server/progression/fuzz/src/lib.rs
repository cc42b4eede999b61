//! What is asked of the engine on anything that its types can hold, whether a server would
//! have taken it or not.

mod event;
mod plan;
mod value;

use arbitrary::{Result, Unstructured};
use rung_progression::decision::alert;
use rung_progression::explain::{Language, Reader, Voice};
use rung_progression::{
    Event, EventBody, Judged, PlanDefinition, PlanState, decide, decide_in_place, today,
};

/// The most bytes that a state of a valid plan with up to eight tracks may take.
const STATE_BYTES: usize = 4096;
/// The most events of one history.
const EVENTS: usize = 64;

/// Bytes as a stored state, then as a plan and a history.
pub fn history(bytes: &[u8]) {
    let bytes = &mut Unstructured::new(bytes);
    // Bytes that run out give what there was.
    let _ = stored(bytes);
    let _ = told(bytes);
}

/// A state that nobody made from events.
fn stored(bytes: &mut Unstructured) -> Result<()> {
    if bytes.ratio(7, 8)? {
        return Ok(());
    }
    let length = bytes.int_in_range(0..=600)?;
    let length = bytes.len().min(length);
    let state = bytes.bytes(length)?;
    let Some(state) = PlanState::decode(state) else {
        return Ok(());
    };
    let plan = plan::any(bytes)?;
    let event = event::any(bytes, &plan, 1)?;
    ask(&plan, &state, &event);
    Ok(())
}

/// A history from its beginning.
fn told(bytes: &mut Unstructured) -> Result<()> {
    let mut plan = plan::any(bytes)?;
    let mut state = PlanState::new(&plan);
    let mut valid = plan.validate().is_empty();
    for seq in 1..=EVENTS {
        if bytes.is_empty() {
            break;
        }
        let event = event::any(bytes, &plan, seq as u64)?;
        let (after, judged) = ask(&plan, &state, &event);
        if let (EventBody::Amend(amendment), Judged::Fully) = (event.body, judged) {
            plan = amendment.to;
            valid &= plan.validate().is_empty();
        }
        state = after;
        assert!(!valid || state.encode().len() <= STATE_BYTES);
    }
    Ok(())
}

/// Decides on an event, and asks everything that can be asked about it.
fn ask(plan: &PlanDefinition, state: &PlanState, event: &Event) -> (PlanState, Judged) {
    let _ = plan.check_event(state, event);
    let step = decide(plan, state, event);
    let mut again = state.clone();
    let (decisions, judged) = decide_in_place(plan, &mut again, event);
    assert_eq!(
        (&again, &decisions, judged),
        (&step.state, &step.decisions, step.judged)
    );

    let bytes = step.state.encode();
    assert_eq!(PlanState::decode(&bytes).as_ref(), Some(&step.state));
    let records = step.records(plan, state);
    assert_eq!(records.len(), decisions.len());
    let _ = alert(&decisions);
    for decision in &decisions {
        assert!(!decision.reasons.is_empty());
        let voices = Reader::ALL.map(|reader| Voice::new(reader, Language::English));
        let _ = voices.map(|voice| voice.headline(decision));
        for reason in &decision.reasons {
            let _ = voices.map(|voice| (voice.sentence(reason), voice.brief(reason)));
            let _ = Voice::bar(reason);
        }
    }
    let _ = serde_json::to_string(&step);
    let day = today(plan, &step.state, event.at, event.date);
    for track in &day.tracks {
        let _ = plan.bars_to_approval(&step.state, track.track, event.date);
    }
    (step.state, judged)
}
