//! What single reasons say.

use super::sentence;
use crate::decision::{Ask, Outcome};
use crate::explain::{Language, Reader, Voice};
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::test::story::{Story, date, instant, track_id};

const GERMAN: Voice<'_> = Voice::new(Reader::Athlete, Language::German);
const PHYSIO: Voice<'_> = Voice::new(Reader::Physio, Language::English);

#[test]
fn a_sentence_carries_the_numbers() {
    let reason = Reason::new(ReasonCode::PainRed, Outcome::StepBack)
        .held(Measure::PainDuring, 7_u32, 4_u32)
        .held(Measure::AlteredGait, true, false);
    assert_eq!(
        sentence(&reason),
        "Pain during was 7 (the limit is 4) and the way of moving changed, so one step down \
         to where it felt secure."
    );
    assert_eq!(
        GERMAN.sentence(&reason),
        "Der Schmerz dabei war 7 (die Grenze ist 4) und die Art, dich zu bewegen, war anders; \
         darum eine Stufe tiefer, dorthin, wo es sich sicher anfühlte."
    );
    assert_eq!(
        PHYSIO.sentence(&reason),
        "PAIN_RED → STEP_BACK. RED session: down to min(current rung, rung done) − 1, red rest. \
         Observed: NPRS during 7 (highest not worse 4); altered gait yes (expected no). \
         Rests on: Pain bands by tissue [F18, F19, F20]."
    );
    let reason =
        Reason::new(ReasonCode::Counted, Outcome::Repeat).held(Measure::Counted, 1_u32, 2_u32);
    assert_eq!(
        sentence(&reason),
        "That went as hoped, and so did the morning: 1 of 2 on this rung."
    );
}

#[test]
fn three_answers_are_a_list_in_each_language() {
    let reason = Reason::new(ReasonCode::MorningRed, Outcome::StepBack)
        .held(Measure::MorningPainOverBaseline, 3_u32, 2_u32)
        .held(Measure::StiffnessOverBaseline, 1_u32, 1_u32)
        .held(
            Measure::Swelling,
            Value::Code("INCREASED".into()),
            Value::Code("INCREASED".into()),
        );
    assert_eq!(
        sentence(&reason),
        "The morning after: pain was 3 over the usual (it is to stay below 2), stiffness was one minute over \
         the usual (it is to stay below 1) and there was more swelling. That was more than the body wanted."
    );
    assert_eq!(
        GERMAN.sentence(&reason),
        "Der Morgen danach: Der Schmerz lag 3 über dem Üblichen (es soll unter 2 bleiben), die Steifheit lag \
         eine Minute über dem Üblichen (es soll unter 1 bleiben) und die Schwellung war größer. Das war mehr, \
         als der Körper wollte."
    );
}

#[test]
fn a_physio_sees_what_was_not_answered() {
    let reason = Reason::new(ReasonCode::ConfidenceMissing, Outcome::Repeat)
        .unanswered(Measure::Confidence, 7_u32);
    let text = PHYSIO.sentence(&reason);
    assert!(text.contains("confidence not answered of 10"), "{text}");
    assert!(text.contains("(confidence_min 7)"), "{text}");
}

#[test]
fn a_physio_sees_whether_a_reason_asks() {
    for (ask, end) in [
        (None, "HOLD. "),
        (Some(Ask { urgent: false }), "HOLD, ask. "),
        (Some(Ask { urgent: true }), "HOLD, urgent ask. "),
    ] {
        let reason = Reason {
            ask,
            ..Reason::new(ReasonCode::Illness, Outcome::Hold)
        };
        let text = PHYSIO.sentence(&reason);
        assert!(text.starts_with(&format!("ILLNESS → {end}")), "{text}");
    }
}

#[test]
fn dates_and_plurals_are_those_of_the_language() {
    let days = |days: u32| {
        Reason::new(ReasonCode::Layoff, Outcome::Repeat).held(Measure::GapDays, days, 1_u32)
    };
    assert!(sentence(&days(1)).contains("one day more"));
    assert!(sentence(&days(2)).contains("2 days more"));
    assert!(GERMAN.sentence(&days(1)).contains("einen Tag länger"));
    assert!(GERMAN.sentence(&days(2)).contains("2 Tage länger"));
    let start =
        Reason::new(ReasonCode::Start, Outcome::Hold).held(Measure::EventDate, date(0), date(1));
    assert_eq!(sentence(&start), "The plan begins on 3 March 2026.");
    assert_eq!(GERMAN.sentence(&start), "Der Plan beginnt am 3. März 2026.");
}

#[test]
fn a_day_of_low_readiness_names_what_was_below_the_usual() {
    let item = |code: &'static str| Value::Code(code.into());
    let reason = Reason::new(ReasonCode::ReadinessLow, Outcome::Repeat)
        .held(Measure::BadItems, 2_u32, 2_u32)
        .saw(Measure::Item, item("SLEEP"))
        .saw(Measure::Item, item("MOOD"));
    let text = sentence(&reason);
    assert!(text.contains("(sleep and mood below your usual)"), "{text}");
}

#[test]
fn a_layoff_promises_a_share_of_the_dose_only_where_a_rung_is_within_it() {
    let back = |outcome: Outcome, dose: u32| {
        let reason = Reason::new(ReasonCode::Layoff, outcome)
            .held(Measure::GapDays, 14_u32, 14_u32)
            .held(Measure::DosePercent, dose, 50_u32);
        sentence(&reason)
    };
    for fitting in [33, 50] {
        let text = back(Outcome::StepBack, fitting);
        assert!(text.contains("a rung of at most 50 %"), "{text}");
    }
    let text = back(Outcome::StepBack, 51);
    assert!(text.contains("the first rung makes it easy"), "{text}");
    let text = back(Outcome::Repeat, 50);
    assert!(text.contains("the same rung is counted anew"), "{text}");
}

#[test]
fn rest_ends_on_its_date_unless_its_instant_binds_longer() {
    let rest = |seen: i64, first: i64, hour: (i64, i64)| {
        Reason::new(ReasonCode::RestNotMet, Outcome::Repeat)
            .held(Measure::SessionDate, date(seen), date(first))
            .held(
                Measure::SessionAt,
                instant(seen, 9),
                instant(hour.0, hour.1),
            )
    };
    let by_date = sentence(&rest(0, 2, (1, 10)));
    assert!(
        by_date.starts_with("Sessions count again from 4 March 2026 on;"),
        "{by_date}"
    );
    for by_hour in [rest(2, 2, (1, 17)), rest(0, 2, (3, 17))] {
        let text = sentence(&by_hour);
        assert!(text.contains("March 17:00 UTC on;"), "{text}");
    }
    let german = GERMAN.sentence(&rest(2, 2, (2, 7)));
    assert!(
        german.starts_with("Einheiten zählen wieder ab dem 4. März, 07:00 Uhr (UTC);"),
        "{german}"
    );
}

#[test]
fn tracks_have_the_names_that_are_given() {
    let reason = Reason::new(ReasonCode::OtherTrackRed, Outcome::Hold)
        .saw(Measure::Track, track_id(0))
        .saw(Measure::Track, track_id(1));
    assert!(sentence(&reason).starts_with("Another running part of your plan"));
    let names = [(track_id(0), "Hills"), (track_id(1), "Volume")];
    let text = Voice::default().naming(&names).sentence(&reason);
    assert!(
        text.starts_with("“Hills and Volume” asked for rest"),
        "{text}"
    );
    let physio = PHYSIO.naming(&names[..1]).sentence(&reason);
    assert!(
        physio.contains(&format!("track Hills; track {}", track_id(1))),
        "{physio}"
    );
}

#[test]
fn several_values_of_a_measure_are_a_list_if_they_are_words_else_the_first_is_said() {
    let reason = (0..3).fold(
        Reason::new(ReasonCode::OtherTrackRed, Outcome::Hold),
        |reason, track| reason.saw(Measure::Track, track_id(track)),
    );
    let names = [
        (track_id(0), "Hills"),
        (track_id(1), "Volume"),
        (track_id(2), "Sprints"),
    ];
    let text = Voice::default().naming(&names).sentence(&reason);
    assert!(text.starts_with("“Hills, Volume and Sprints”"), "{text}");
    let reason = Reason::new(ReasonCode::Layoff, Outcome::Repeat)
        .held(Measure::GapDays, 8_u32, 7_u32)
        .held(Measure::GapDays, 15_u32, 14_u32);
    let text = sentence(&reason);
    assert!(text.contains("8 days more than the usual"), "{text}");
}

#[test]
fn what_a_physio_wrote_ends_as_a_sentence_and_no_other_text_does() {
    let said = |measure, text: &str| PHYSIO.value(measure, &Value::Text(text.into()));
    let why = Measure::PhysioReason;
    assert_eq!(said(why, " Fever "), Some("Fever.".into()));
    assert_eq!(said(why, "Fever!"), Some("Fever!".into()));
    assert_eq!(said(why, " "), None);
    assert_eq!(said(Measure::CorrectedEvent, "0190"), Some("0190".into()));
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
    assert!(flags(&["CALF_SWELLING", "SELF_HARM"]).contains("do not stay alone"));
    // Of one that nobody knows any more, the safer is said.
    assert!(flags(&["UNHEARD_OF"]).ends_with("today."));
}

#[test]
fn a_red_session_that_closes_does_not_announce_a_second_step() {
    let reason =
        Reason::new(ReasonCode::PainRed, Outcome::Repeat).held(Measure::PainAfter, 6_u32, 4_u32);
    assert_eq!(
        sentence(&reason),
        "Pain after was 6 (the limit is 4), so this session does not count."
    );
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
