use super::*;
use crate::decision::Outcome;
use crate::reason::{Measure, Reason, ReasonCode, Value};

#[test]
fn every_reason_has_a_calm_sentence_of_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for code in ReasonCode::ALL {
        let text = sentence(&Reason::new(*code, Outcome::Hold));
        assert!(text.ends_with(['.', '!', '?']), "{code:?}: {text}");
        for word in [
            "danger", "damage", "fail", "injur", "warning", "severe", "fear",
        ] {
            assert!(!text.to_lowercase().contains(word), "{code:?}: {text}");
        }
        assert!(seen.insert(text), "{code:?} says what another one says");
    }
}

#[test]
fn a_sentence_carries_the_numbers() {
    let reason = Reason::new(ReasonCode::PainRed, Outcome::StepBack)
        .held(Measure::PainDuring, 7_u32, 4_u32)
        .held(Measure::AlteredGait, true, false);
    assert_eq!(
        sentence(&reason),
        "Pain during was 7 (up to 4 is fine) and the way of moving changed, so one step down \
         to where it felt secure."
    );
    let reason =
        Reason::new(ReasonCode::Counted, Outcome::Repeat).held(Measure::Counted, 1_u32, 2_u32);
    assert_eq!(
        sentence(&reason),
        "That went as hoped, and so did the morning: 1 of 2 on this rung."
    );
}

#[test]
fn a_red_flag_says_how_soon_by_its_most_urgent_tier() {
    let flags = |codes: &[&str]| {
        let reason = Reason::new(ReasonCode::RedFlag, Outcome::Pause);
        let reason = codes.iter().fold(reason, |reason, code| {
            reason.saw(Measure::RedFlag, Value::Code((*code).to_owned()))
        });
        sentence(&reason)
    };
    assert!(flags(&["NEW_LIMP"]).ends_with("within three days."));
    assert!(flags(&["NEW_LIMP", "CALF_SWELLING"]).ends_with("today."));
    assert!(flags(&["CALF_SWELLING", "CHEST_PAIN"]).contains("emergency number now"));
}

#[test]
fn a_red_session_that_closes_does_not_announce_a_second_step() {
    let reason =
        Reason::new(ReasonCode::PainRed, Outcome::Repeat).held(Measure::PainAfter, 6_u32, 4_u32);
    assert_eq!(
        sentence(&reason),
        "Pain after was 6 (up to 4 is fine), so this session does not count."
    );
}

#[test]
fn headlines_count_rungs_from_one() {
    use crate::test::story::Story;
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
    story.flag(6, crate::red_flag::RedFlag::NewLimp);
    assert_eq!(said(&story), "Pause and talk to your physio");
}
