//! The story: from an empty database to a pause by a red flag, with every decision held against the page's rules.
//!
//! The golden file `snapshots/…story__decisions.snap` was checked by hand against the rules, line by line; a change in
//! it is a change of what athletes are told.

use std::fmt::Write as _;

use rung_tests::{Clinic, Normal, Result, data};
use serde_json::Value;

use crate::{
    on_both_databases,
    prescription::{morning, publish, session, started},
};

on_both_databases!(from_first_run_to_red_flag);

enum Step {
    Session(
        &'static str,
        &'static str,
        &'static str,
        &'static [&'static str],
    ),
    Morning(&'static str, &'static str, &'static [&'static str]),
    /// The run that the watch recorded; its start comes from the file.
    Recorded(&'static str, &'static str),
    Crash,
}
use Step::{Crash, Morning, Recorded, Session};

/// TENDON: green to 3, amber to 5, morning +1 amber and +2 red, two successes, one rest day, no lighter weeks, baseline
/// pain 1.
const STEPS: &[Step] = &[
    // Before the plan is in force.
    Session("2015-07-31T07:00:00Z", "0", "3000", &["--pain-during", "9"]),
    // Two good sessions: up.
    Session("2015-08-02T07:00:00Z", "0", "3000", &[]),
    Morning("2015-08-03T06:00:00Z", "1", &[]),
    Session("2015-08-04T07:00:00Z", "0", "3000", &[]),
    Morning("2015-08-05T06:00:00Z", "1", &[]),
    // And again; pain on the green limit, dose on the lower limit.
    Session("2015-08-06T07:00:00Z", "1", "6000", &["--pain-during", "3"]),
    Morning("2015-08-07T06:00:00Z", "1", &[]),
    Session("2015-08-08T07:00:00Z", "1", "4800", &[]),
    Morning("2015-08-09T06:00:00Z", "1", &[]),
    // Amber: once more, one extra rest day. Which is not kept.
    Session("2015-08-10T07:00:00Z", "2", "9000", &["--pain-during", "4"]),
    Morning("2015-08-11T06:00:00Z", "1", &[]),
    Session("2015-08-12T07:00:00Z", "2", "9000", &[]),
    Morning("2015-08-13T06:00:00Z", "1", &[]),
    // From the watch; the server loses power before the morning.
    Recorded("2", "9010"),
    Crash,
    Morning("2015-08-16T06:00:00Z", "1", &[]),
    // Not confident enough.
    Session("2015-08-17T15:00:00Z", "2", "9000", &["--confidence", "6"]),
    Morning("2015-08-18T06:00:00Z", "1", &[]),
    // No morning.
    Session("2015-08-19T16:00:00Z", "2", "9000", &[]),
    Session("2015-08-22T07:00:00Z", "2", "9000", &[]),
    Morning("2015-08-23T06:00:00Z", "1", &[]),
    // Too little, then too much.
    Session("2015-08-24T07:00:00Z", "3", "7900", &[]),
    Morning("2015-08-25T06:00:00Z", "1", &[]),
    Session("2015-08-26T07:00:00Z", "3", "11100", &[]),
    Morning("2015-08-27T06:00:00Z", "1", &[]),
    // Seven days longer than usual without a session.
    Session("2015-09-05T07:00:00Z", "1", "6000", &[]),
    Morning("2015-09-06T06:00:00Z", "1", &[]),
    Session("2015-09-07T07:00:00Z", "1", "6000", &[]),
    Morning("2015-09-08T06:00:00Z", "1", &[]),
    // Red: back, and not up again for a week.
    Session("2015-09-09T07:00:00Z", "2", "9000", &["--pain-during", "6"]),
    Morning("2015-09-10T06:00:00Z", "4", &[]),
    Session("2015-09-12T07:00:00Z", "1", "6000", &[]),
    Morning("2015-09-13T06:00:00Z", "1", &[]),
    Session("2015-09-14T07:00:00Z", "1", "6000", &[]),
    Morning("2015-09-15T06:00:00Z", "1", &[]),
    // A red flag stops everything.
    Session(
        "2015-09-16T07:00:00Z",
        "1",
        "6000",
        &["--red-flag", "calf-swelling"],
    ),
    Morning("2015-09-17T06:00:00Z", "1", &[]),
];

fn from_first_run_to_red_flag(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let member = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let even = ["--policy", "deload_every_weeks=0"];
    let athlete = started(clinic, member, "2015-08-01", &even)?;
    let recording = data("activities/fenix2-run.fit").display().to_string();

    let mut told = String::new();
    for step in STEPS {
        let answer = match step {
            Session(at, rung, dose, more) => athlete.checks_in(&session(at, rung, dose, more))?,
            Morning(at, pain, more) => athlete.checks_in(&morning(at, pain, more))?,
            Recorded(rung, dose) => {
                let mut args = session("", rung, dose, &["--activity", &recording]);
                args.retain(|arg| !["--at", ""].contains(arg));
                athlete.checks_in(&args)?
            }
            Crash => {
                clinic.crash_and_restart()?;
                continue;
            }
        };
        tell(&mut told, &answer)?;
    }
    insta::assert_snapshot!("decisions", told);

    // What was answered is what is stored, the newest first, and what anybody may read.
    let stored = clinic.physio.json(&["decisions", &athlete.plan])?;
    let mut from_list = String::new();
    for decision in stored.as_array().into_iter().flatten().rev() {
        tell_decision(&mut from_list, decision)?;
    }
    let answered: String = told
        .lines()
        .filter(|line| line.starts_with(' '))
        .flat_map(|line| [line, "\n"])
        .collect();
    assert!(
        from_list.ends_with(&answered),
        "the list differs from the answers:\n{from_list}\n---\n{answered}"
    );
    assert_eq!(
        athlete.member.rung.json(&["decisions"])?,
        stored,
        "the athlete reads the same"
    );

    let plan = clinic.physio.json(&["plan", "show", &athlete.plan])?;
    assert_eq!(plan["plan"]["state"], "PLAN_STATE_PAUSED");

    let mut normal = Normal::default();
    let mut exported = String::new();
    for line in clinic.export(&athlete.member.id)? {
        writeln!(exported, "{}", normal.value(&line))?;
    }
    // One golden file for both databases: what they export is equal.
    insta::assert_snapshot!("export", exported);
    Ok(())
}

/// One answer: what was reported, then each decision.
fn tell(told: &mut String, answer: &Value) -> Result<()> {
    let check_in = &answer["check_in"];
    let at = check_in["performed_at"].as_str().unwrap_or("?");
    let kind = if check_in["session"].is_object() {
        "session"
    } else {
        "morning"
    };
    let report = &check_in[kind];
    write!(told, "{at} {kind}")?;
    for (key, name) in [
        ("rung", "rung"),
        ("dose_done", "dose"),
        ("pain_during", "pain"),
        ("pain", "pain"),
        ("confidence", "confidence"),
    ] {
        if let Some(number) = report[key].as_i64() {
            write!(told, ", {name} {number}")?;
        }
    }
    if let Some(measured) = report["measurement"].as_object() {
        for (key, value) in measured {
            write!(told, ", {key} {value}")?;
        }
    }
    for flag in check_in["red_flags"].as_array().into_iter().flatten() {
        write!(told, ", {}", flag.as_str().unwrap_or("?"))?;
    }
    if answer["judgement"] != "JUDGEMENT_FULL" {
        write!(told, " ({})", answer["judgement"].as_str().unwrap_or("?"))?;
    }
    writeln!(told)?;
    for decision in answer["decisions"].as_array().into_iter().flatten() {
        tell_decision(told, decision)?;
    }
    Ok(())
}

fn tell_decision(told: &mut String, decision: &Value) -> Result<()> {
    let word = |key: &str, prefix: &str| {
        decision[key]
            .as_str()
            .unwrap_or("?")
            .trim_start_matches(prefix)
            .to_owned()
    };
    write!(told, "  {}", word("outcome", "OUTCOME_"))?;
    match (decision["from_rung"].as_i64(), decision["to_rung"].as_i64()) {
        (Some(from), Some(to)) => write!(told, " {from} -> {to}")?,
        _ => write!(told, " plan")?,
    }
    if let Some(bar) = decision["not_before"].as_object() {
        write!(
            told,
            ", not before {} and {}",
            date(&bar["date"]),
            bar["instant"].as_str().unwrap_or("?")
        )?;
    }
    if decision["ask"] != "ASK_NONE" {
        write!(told, ", {}", word("ask", "ASK_"))?;
    }
    writeln!(told, ": {}", word("headline", ""))?;
    for reason in decision["reasons"].as_array().into_iter().flatten() {
        let code = reason["code"]
            .as_str()
            .unwrap_or("?")
            .trim_start_matches("REASON_CODE_");
        write!(told, "    {code}")?;
        for evidence in reason["evidence"].as_array().into_iter().flatten() {
            let measure = evidence["measure"].as_str().unwrap_or("?");
            let measure = measure.trim_start_matches("MEASURE_").to_lowercase();
            write!(told, " [{measure} {}", value(&evidence["observed"]))?;
            if evidence["threshold"].is_object() {
                write!(told, " against {}", value(&evidence["threshold"]))?;
            }
            write!(told, "]")?;
        }
        writeln!(told, " {}", reason["text"].as_str().unwrap_or("?"))?;
    }
    Ok(())
}

fn date(date: &Value) -> String {
    let part = |key: &str| date[key].as_i64().unwrap_or(0);
    format!(
        "{:04}-{:02}-{:02}",
        part("year"),
        part("month"),
        part("day")
    )
}

fn value(value: &Value) -> String {
    let Some((kind, inner)) = value.as_object().and_then(|fields| fields.iter().next()) else {
        return "-".to_owned();
    };
    match (kind.as_str(), inner) {
        ("date", inner) => date(inner),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}
