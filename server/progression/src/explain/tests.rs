use super::*;
use crate::decision::Outcome;
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::test::story::Story;

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
    let flags = |codes: &[&'static str]| {
        let reason = Reason::new(ReasonCode::RedFlag, Outcome::Pause);
        let reason = codes.iter().fold(reason, |reason, code| {
            reason.saw(Measure::RedFlag, Value::Code((*code).into()))
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

/// What the latest event says under a code.
fn said(story: &Story, code: ReasonCode) -> String {
    let reasons = story.step.iter().flat_map(|decision| &decision.reasons);
    let mut found = reasons.filter(|reason| reason.code == code);
    sentence(found.next().expect("the reason"))
}

#[test]
fn a_morning_that_changes_nothing_does_not_take_a_session_away() {
    let mut story = Story::new();
    story.counted(0).morning(2, 0);
    assert_eq!(
        said(&story, ReasonCode::Late),
        "The session of 2 March 2026 was closed before this morning came, so this morning \
         changes nothing."
    );
    let mut story = Story::new();
    story.counted(0).morning(2, 1);
    assert!(said(&story, ReasonCode::Late).ends_with("it does not count any more."));
}

#[test]
fn a_session_that_a_late_one_keeps_from_counting_is_not_called_late() {
    let mut story = Story::new();
    story.green(4).red(2);
    assert!(said(&story, ReasonCode::Late).starts_with("This session was reported after"));
    story.morning(5, 0);
    assert!(said(&story, ReasonCode::Late).starts_with("A session before this one"));
}

#[test]
fn a_red_that_finds_the_rung_low_enough_announces_no_step() {
    use crate::policy::TissueProfile::{BoneStress, Unspecified};
    for (profile, code) in [
        (Unspecified, ReasonCode::PainRed),
        (BoneStress, ReasonCode::BonePain),
    ] {
        let mut story = Story::of(profile);
        story.move_to(0, 0, 0).red(0);
        let text = said(&story, code);
        assert!(!text.contains("step down"), "{text}");
        let mut story = Story::of(profile);
        story.red(0);
        assert!(said(&story, code).contains("one step down"));
    }
}

#[test]
fn amber_does_not_promise_the_rung_that_the_third_in_a_row_takes_back() {
    let third = |start: u32| {
        let mut story = Story::new();
        story.move_to(0, 0, start);
        story.amber(0).morning(1, 0).amber(3).morning(4, 0);
        story
    };
    for code in [ReasonCode::PainAmber, ReasonCode::MorningAmber] {
        let mut story = third(5);
        if code == ReasonCode::PainAmber {
            story.amber(6);
        } else {
            story.green(6).morning(7, 1);
        }
        assert!(said(&story, ReasonCode::AmberThrice).contains("a lower rung"));
        let text = said(&story, code);
        assert!(!text.contains("rung"), "{text}");
    }
    let mut story = third(0);
    story.amber(6);
    assert!(!said(&story, ReasonCode::AmberThrice).contains("a lower rung"));
}
