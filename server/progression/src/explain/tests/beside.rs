//! What is said beside headlines and sentences.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::decision::{Ask, Outcome};
use crate::explain::{Language, Reader, Voice};
use crate::reason::{Measure, Reason, ReasonCode, Value};
use crate::state::NotBefore;

const ATHLETE: Voice<'_> = Voice::new(Reader::Athlete, Language::English);
const GERMAN: Voice<'_> = Voice::new(Reader::Athlete, Language::German);
const PHYSIO: Voice<'_> = Voice::new(Reader::Physio, Language::English);

#[test]
fn in_a_list_a_physio_reads_the_rule_and_what_was_observed() {
    let reason =
        Reason::new(ReasonCode::PainRed, Outcome::StepBack).held(Measure::PainDuring, 7_u32, 4_u32);
    assert_eq!(
        PHYSIO.brief(&reason),
        "PAIN_RED: NPRS during 7 (highest not worse 4)."
    );
    assert_eq!(
        PHYSIO.brief(&Reason::new(ReasonCode::PainRed, Outcome::StepBack)),
        "PAIN_RED."
    );
    assert_eq!(ATHLETE.brief(&reason), ATHLETE.sentence(&reason));
}

#[test]
fn what_keeps_a_step_up_is_told_to_whoever_would_approve_it() {
    let bar = |code| Reason::new(code, Outcome::Hold);
    let paused =
        bar(ReasonCode::Paused).saw(Measure::PauseCause, Value::code(ReasonCode::RedFlag.code()));
    let day: NaiveDate = "2026-03-09".parse().unwrap();
    for (bar, told) in [
        (paused, "The plan is paused by RED_FLAG: resume it first."),
        (
            bar(ReasonCode::NeedsApproval),
            "No step up of this track waits for a word: not enough sessions count yet, or the next rung needs no \
             approval.",
        ),
        (bar(ReasonCode::Illness), "The athlete is ill."),
        (
            bar(ReasonCode::Illness).held(Measure::WellFrom, day, day),
            "The athlete is just well again.",
        ),
        (
            bar(ReasonCode::WeeklyCap).held(Measure::AdvancesIn7Days, 2_u32, 2_u32),
            "Steps up within 7 dates: 2, and the policy allows 2.",
        ),
        (
            bar(ReasonCode::WeeklyCap).held(Measure::SessionDate, day, day),
            "No step up within 7 dates of a RED response, of AMBER for the third time in a row, or of a layoff.",
        ),
        // No bar has these words: the rule is said.
        (bar(ReasonCode::Silent), "SILENT."),
    ] {
        assert_eq!(Voice::bar(&bar), told);
    }
}

#[test]
fn the_next_session_is_told_by_what_binds_longer() {
    let told = |voice: Voice<'_>, at: &str, zone: Tz| {
        let at: DateTime<Utc> = at.parse().unwrap();
        let date = "2026-03-05".parse().unwrap();
        let bar = NotBefore { date, at };
        voice.next_session(bar, bar.at.with_timezone(&zone).naive_local())
    };
    for (at, zone, expected) in [
        (
            "2026-03-04T18:30:00Z",
            Tz::UTC,
            "The next session fits from 5 March 2026 on.",
        ),
        (
            "2026-03-05T08:05:00Z",
            Tz::UTC,
            "The next session fits from 5 March 2026, 08:05 on.",
        ),
        (
            "2026-03-04T18:30:00Z",
            Tz::Asia__Tokyo,
            "The next session fits from 5 March 2026, 03:30 on.",
        ),
        (
            "2026-03-06T00:00:00Z",
            Tz::UTC,
            "The next session fits from 6 March 2026, 00:00 on.",
        ),
    ] {
        assert_eq!(told(ATHLETE, at, zone), expected);
    }
    let (by_date, by_hour) = ("2026-03-04T18:30:00Z", "2026-03-05T08:05:00Z");
    assert_eq!(
        told(GERMAN, by_date, Tz::UTC),
        "Die nächste Einheit passt ab dem 5. März 2026."
    );
    assert_eq!(
        told(GERMAN, by_hour, Tz::UTC),
        "Die nächste Einheit passt ab dem 5. März 2026, 08:05 Uhr."
    );
    assert_eq!(
        told(PHYSIO, by_date, Tz::UTC),
        "Next session not before 5 March 2026."
    );
    assert_eq!(
        told(PHYSIO, by_hour, Tz::UTC),
        "Next session not before 5 March 2026, 08:05 where the athlete is."
    );
}

#[test]
fn who_is_asked_to_look_is_said() {
    let (review, urgent) = (Ask { urgent: false }, Ask { urgent: true });
    assert_eq!(ATHLETE.asked(review), "Your physio is asked to look.");
    assert_eq!(ATHLETE.asked(urgent), "Your physio is asked to look now.");
    assert_eq!(PHYSIO.asked(review), "You are asked to look.");
    assert_eq!(PHYSIO.asked(urgent), "You are asked to look now.");
    assert_eq!(
        GERMAN.asked(review),
        "Deine Physio ist gebeten, darauf zu schauen."
    );
    assert_eq!(
        GERMAN.asked(urgent),
        "Deine Physio ist gebeten, jetzt darauf zu schauen."
    );
}
