//! The weeks ahead: laid on the days that were named, as far as they fit, and the same for whoever may see them.

use chrono::{Datelike as _, Days, NaiveDate};
use rung_tests::{Clinic, Result, now, text};
use serde_json::{Value, json};

use crate::{
    on_both_databases,
    prescription::{publish, unchanged},
};

on_both_databases!(
    sessions_lie_on_the_days_that_were_named,
    what_does_not_fit_is_told_with_the_reason,
    a_draft_and_a_paused_plan_say_why_nothing_is_laid,
    a_window_out_of_reach_and_a_day_twice_are_refused,
);

/// Prescribes the harbour loop, three times a week, on these days; a draft.
fn prescribe(clinic: &Clinic, athlete_id: &str, days: &[&str]) -> Result<Value> {
    let words = [
        "plan",
        "prescribe",
        athlete_id,
        "--ladder",
        "harbour-loop",
        "--baseline-pain",
        "1",
        "--baseline-stiffness",
        "10",
        "--confirm-all",
    ];
    clinic.physio.json(&[&words[..], days].concat())
}

/// The Monday of this week, as the server counts days.
fn monday() -> NaiveDate {
    let today = now().date_naive();
    today - Days::new(u64::from(today.weekday().num_days_from_monday()))
}

/// How many sessions each day of a week has.
fn sessions(week: &Value) -> Vec<usize> {
    let days = week["days"].as_array().into_iter().flatten();
    days.map(|day| day["sessions"].as_array().map_or(0, Vec::len))
        .collect()
}

// Seen failing with the days left out of what is stored.
fn sessions_lie_on_the_days_that_were_named(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = clinic.athlete("Nils Berg", "UTC")?;
    let plan = prescribe(clinic, &nils.id, &["--days", "sun,tue,thu"])?;
    let days = ["WEEKDAY_SUNDAY", "WEEKDAY_TUESDAY", "WEEKDAY_THURSDAY"];
    assert_eq!(plan["plan"]["definition"]["weekdays"], json!(days));
    let plan = text(&plan, "/plan/id")?;
    let from = monday().to_string();
    clinic
        .physio
        .json(&["plan", "start", &plan, "--from", &from])?;

    let own = unchanged(clinic, &nils.id, || nils.rung.json(&["schedule"]))?;
    assert_eq!(own["plan_id"], json!(plan));
    let weeks = own["weeks"].as_array().ok_or("no weeks")?;
    assert_eq!(weeks.len(), 2);
    assert_eq!(sessions(&weeks[1]), [0, 1, 0, 1, 0, 0, 1]);
    assert_eq!(weeks[1]["unfit"], json!([]));
    assert_eq!(weeks[1]["days"][1]["sessions"][0]["advised_dose"], 3000);

    // The physiotherapist sees the same, of any weeks ahead; one row a day for a program.
    let same = clinic.physio.json(&["schedule", "--athlete", &nils.id])?;
    assert_eq!(same, own);
    let next = (monday() + Days::new(10)).to_string();
    let ahead = [
        "schedule",
        "--athlete",
        "Nils Berg",
        "--from",
        &next,
        "--weeks",
        "1",
    ];
    let told = clinic.physio.json(&ahead)?;
    assert_eq!(told["weeks"][0], weeks[1]);
    let rows = clinic.physio.text(&ahead)?;
    let what = rows.lines().skip(1).map(|row| row.split('\t').nth(1));
    let what: Vec<&str> = what.collect::<Option<_>>().ok_or("a row without a kind")?;
    assert_eq!(
        what,
        [
            "REST", "SESSION", "REST", "SESSION", "REST", "REST", "SESSION"
        ]
    );
    let shown = nils.rung.shown(&["schedule"], 100)?;
    assert!(shown.contains("Harbour loop: 3000 m of running"), "{shown}");
    Ok(())
}

// Seen failing with the constraints left out of the answer.
fn what_does_not_fit_is_told_with_the_reason(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = clinic.athlete("Nils Berg", "UTC")?;
    let plan = prescribe(clinic, &nils.id, &["--days", "mon,tue,wed"])?;
    let plan = text(&plan, "/plan/id")?;
    let from = monday().to_string();
    clinic
        .physio
        .json(&["plan", "start", &plan, "--from", &from])?;
    let next = (monday() + Days::new(7)).to_string();
    let asked = ["schedule", "--from", &next, "--weeks", "1"];
    let told = nils.rung.json(&asked)?;
    let week = &told["weeks"][0];
    // One full day off after each: Monday and Wednesday.
    assert_eq!(sessions(week), [1, 0, 1, 0, 0, 0, 0]);
    let unfit = &week["unfit"][0];
    assert_eq!(unfit["constraint"], "SCHEDULE_CONSTRAINT_REST");
    assert_eq!(
        (unfit["fit"].as_i64(), unfit["days"].as_i64()),
        (Some(2), Some(1))
    );
    let sentence = "2 of 3 sessions fit: each is followed by 1 day of rest.";
    assert_eq!(unfit["text"], sentence);
    let shown = nils.rung.shown(&asked, 100)?;
    assert!(shown.contains(sentence), "{shown}");
    Ok(())
}

// Seen failing with a draft laid from today on.
fn a_draft_and_a_paused_plan_say_why_nothing_is_laid(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = clinic.athlete("Nils Berg", "UTC")?;
    let refusal = clinic
        .physio
        .refused(&["schedule", "--athlete", &nils.id])?;
    assert_eq!(
        (refusal.code.as_str(), refusal.reason.as_str()),
        ("FAILED_PRECONDITION", "NO_PLAN")
    );
    let plan = text(&prescribe(clinic, &nils.id, &[])?, "/plan/id")?;
    let barred = |code: &str| -> Result<()> {
        let told = nils.rung.json(&["schedule"])?;
        assert_eq!(told["tracks"][0]["reasons"][0]["code"], code);
        for week in told["weeks"].as_array().into_iter().flatten() {
            assert_eq!(sessions(week), [0; 7]);
            assert_eq!(week["unfit"], json!([]));
        }
        Ok(())
    };
    barred("REASON_CODE_START")?;
    let from = monday().to_string();
    clinic
        .physio
        .json(&["plan", "start", &plan, "--from", &from])?;
    clinic
        .physio
        .json(&["plan", "pause", &plan, "--reason", "Fever."])?;
    barred("REASON_CODE_PAUSED")
}

// Seen failing with any number of weeks answered.
fn a_window_out_of_reach_and_a_day_twice_are_refused(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = clinic.athlete("Nils Berg", "UTC")?;
    prescribe(clinic, &nils.id, &[])?;
    let past = (monday() - Days::new(8)).to_string();
    for (words, path) in [
        (vec!["schedule", "--weeks", "13"], "weeks"),
        (vec!["schedule", "--weeks", "-1"], "weeks"),
        (vec!["schedule", "--from", &past], "from"),
        (vec!["schedule", "--from", "2999-01-01"], "from"),
    ] {
        let refusal = unchanged(clinic, &nils.id, || nils.rung.refused(&words))?;
        assert_eq!(refusal.reason, "INVALID_FIELDS", "{words:?}");
        assert_eq!(refusal.paths(), [path], "{words:?}");
    }
    // A day twice, or one that there is not.
    let words = [
        "plan",
        "prescribe",
        &nils.id,
        "--ladder",
        "harbour-loop",
        "--confirm-all",
    ];
    let more = [
        "--baseline-pain",
        "1",
        "--baseline-stiffness",
        "10",
        "--days",
    ];
    let prescribe = |days| [&words[..], &more, &[days]].concat();
    let twice = unchanged(clinic, &nils.id, || {
        clinic.physio.refused(&prescribe("mon,monday"))
    })?;
    assert_eq!(twice.paths(), ["definition.weekdays"]);
    let output = clinic.physio.run(&prescribe("mon,someday"), &[])?;
    assert_eq!(output.code, 2, "{}", output.stderr);
    assert!(
        output.stderr.contains("a day is mon, tue"),
        "{}",
        output.stderr
    );
    Ok(())
}
