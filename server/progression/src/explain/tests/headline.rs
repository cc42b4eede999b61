//! What headlines say.

use super::headline;
use crate::decision::{Ask, Decision, Outcome};
use crate::explain::{Language, Reader, Voice};
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::red_flag::RedFlag;
use crate::scale::RungIndex;
use crate::test::story::{Story, rung, track_id};

use super::VOICES;

#[test]
fn headlines_name_rungs_by_their_index() {
    let mut story = Story::new();
    let said = |story: &Story| headline(story.step.last().expect("a decision"));
    assert_eq!(said(&story), "The plan is started");
    story.green(0);
    assert_eq!(said(&story), "Well done; see how the morning is");
    story.morning(1, 0);
    assert_eq!(said(&story), "Stay on rung 2");
    story.counted(2);
    assert_eq!(said(&story), "Go up to rung 3");
    story.red(4);
    assert_eq!(said(&story), "Step back to rung 2");
    story.morning(5, 9);
    assert_eq!(said(&story), "Hold on rung 2");
    story.flag(6, RedFlag::NewLimp);
    assert_eq!(said(&story), "Pause and be seen within three days");
}

#[test]
fn a_physio_reads_the_step_and_a_german_athlete_german() {
    let mut story = Story::new();
    story.counted(0).counted(2);
    let advance = story.step.last().expect("a decision");
    let physio = Voice::new(Reader::Physio, Language::German);
    assert_eq!(physio.headline(advance), "Advance, rung 2 → 3");
    let german = Voice::new(Reader::Athlete, Language::German);
    assert_eq!(german.headline(advance), "Geh hinauf auf Stufe 3");
}

/// A decision with these reasons.
fn decision(outcome: Outcome, rungs: Option<(u32, u32)>, codes: &[ReasonCode]) -> Decision {
    let mut story = Story::new();
    story.green(0);
    let like = story.step.last().expect("a decision").clone();
    let at = |rung_: Option<u32>| -> Option<RungIndex> { rung_.map(rung) };
    Decision {
        outcome,
        track: rungs.map(|_| track_id(0)),
        from_rung: at(rungs.map(|(from, _)| from)),
        to_rung: at(rungs.map(|(_, to)| to)),
        reasons: codes
            .iter()
            .map(|code| Reason::new(*code, outcome))
            .collect(),
        ..like
    }
}

#[test]
fn an_emergency_is_in_the_headline() {
    let mut flagged = decision(
        Outcome::Pause,
        None,
        &[ReasonCode::Paused, ReasonCode::RedFlag],
    );
    let flag = Value::Code(RedFlag::ChestPain.code().into());
    flagged.reasons[1] =
        Reason::new(ReasonCode::RedFlag, Outcome::Pause).saw(Measure::RedFlag, flag);
    assert_eq!(
        headline(&flagged),
        "Stop here and call the emergency number now"
    );
}

// Planted: a headline that names a rung where there is none.
#[test]
fn whatever_is_missing_a_headline_stays_one() {
    let outcomes = [
        Outcome::Pause,
        Outcome::StepBack,
        Outcome::Hold,
        Outcome::Repeat,
        Outcome::Advance,
    ];
    for code in ReasonCode::ALL {
        for outcome in outcomes {
            for rungs in [None, Some((2, 2)), Some((2, 1))] {
                for ask in [None, Some(Ask { urgent: false })] {
                    let decision = Decision {
                        ask,
                        ..decision(outcome, rungs, &[*code])
                    };
                    for (reader, language) in VOICES {
                        let text = Voice::new(reader, language).headline(&decision);
                        let bad = ["none", "{", "  ", "$", " ,"]
                            .iter()
                            .any(|hole| text.contains(hole));
                        let whole = text.chars().next().is_some_and(char::is_uppercase);
                        assert!(
                            whole && !bad && !text.ends_with('.'),
                            "{text}: {decision:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_pause_names_the_rung_only_where_it_moves() {
    let pause = |from, to| {
        headline(&decision(
            Outcome::Pause,
            Some((from, to)),
            &[ReasonCode::RedAgain],
        ))
    };
    assert_eq!(pause(2, 1), "Pause on rung 1 and talk to your physio");
    assert_eq!(pause(2, 2), "Pause and talk to your physio");
}

#[test]
fn what_matters_more_than_the_step_is_the_headline() {
    use ReasonCode::{
        Illness, LadderDone, MoveTo, Paused, ReadinessLow, RestNotMet, Start, Unlocked,
    };
    let on_track = Some((2, 2));
    let said = |outcome, rungs, codes: &[_]| headline(&decision(outcome, rungs, codes));
    assert_eq!(
        said(Outcome::Repeat, on_track, &[LadderDone]),
        "The top of this ladder is reached"
    );
    assert_eq!(
        said(Outcome::Repeat, on_track, &[Unlocked]),
        "This part of your plan is open now: start on rung 2"
    );
    assert_eq!(
        said(Outcome::Repeat, on_track, &[MoveTo, Unlocked]),
        "Stay on rung 2"
    );
    assert_eq!(
        said(Outcome::Repeat, None, &[Start, Paused]),
        "The plan is started"
    );
    assert_eq!(
        said(Outcome::Repeat, None, &[Paused, Start]),
        "Go on as before"
    );
    assert_eq!(
        said(Outcome::Hold, on_track, &[Illness]),
        "Get well first; the plan waits for you"
    );
    assert_eq!(
        said(Outcome::Hold, on_track, &[RestNotMet]),
        "Hold on rung 2"
    );
    // Of the whole plan; on a track the rung says more.
    assert_eq!(
        said(Outcome::Repeat, None, &[ReadinessLow]),
        "Take it easier today"
    );
    assert_eq!(
        said(Outcome::Repeat, on_track, &[ReadinessLow]),
        "Stay on rung 2"
    );
    assert_eq!(said(Outcome::Repeat, None, &[]), "Go on as before");
}

#[test]
fn outcome_and_ask_are_those_of_the_decision_not_of_its_reasons() {
    let asks = Some(Ask { urgent: false });
    let start = decision(Outcome::Repeat, None, &[ReasonCode::Start]);
    let held = Decision {
        outcome: Outcome::Hold,
        ..start.clone()
    };
    assert_eq!(headline(&start), "The plan is started");
    assert_eq!(headline(&held), "The plan has a start date");
    let late = decision(Outcome::Hold, None, &[ReasonCode::Late]);
    let asking = Decision {
        ask: asks,
        ..late.clone()
    };
    assert_eq!(headline(&late), "Thank you; nothing moves for now");
    assert_eq!(headline(&asking), "Your physio will look at this with you");
}
