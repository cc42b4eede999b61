//! The physiotherapist's word on a step up, and amendments.

use std::{fs, thread};

use chrono::Days;
use rung_tests::{Clinic, Output, Result, Rung, data, fail, now, rungd};
use serde_json::Value;

use crate::{
    on_both_databases,
    prescription::{Prescribed, morning, outcomes, publish, reasons, session, unchanged},
};

on_both_databases!(
    a_step_up_waits_for_a_word,
    an_amendment_tells_what_it_changes_and_the_pending_session_stays,
    a_newer_ladder_comes_by_an_amendment_alone,
    of_two_physios_at_once_one_acts,
    small_goals_are_set_beside_the_plan,
    what_is_stored_can_be_decided_again,
    red_flags_can_be_kept,
);

/// The date so many days ago, as the server counts days.
pub(crate) fn ago(days: u64) -> String {
    (now().date_naive() - Days::new(days)).to_string()
}

pub(crate) fn at(days: u64, time: &str) -> String {
    format!("{}T{time}:00Z", ago(days))
}

/// Publishes the harbour loop with what `change` makes of it.
fn publish_changed(clinic: &Clinic, change: impl Fn(&str) -> String) -> Result<()> {
    let file = tempfile::Builder::new().suffix(".toml").tempfile()?;
    let text = fs::read_to_string(data("ladders/harbour-loop.toml"))?;
    fs::write(file.path(), change(&text))?;
    let path = file.path().display().to_string();
    clinic.physio.json(&["ladders", "publish", &path])?;
    Ok(())
}

/// A plan in force since so many days ago, on which one session is enough.
pub(crate) fn plan(clinic: &Clinic, days: u64) -> Result<Prescribed> {
    let member = clinic.athlete("Nils Berg", "UTC")?;
    let plan = clinic.physio.json(&[
        "plan",
        "prescribe",
        &member.id,
        "--ladder",
        "harbour-loop",
        "--baseline-pain",
        "1",
        "--baseline-stiffness",
        "10",
        "--confirm-all",
        // A few days between two sessions are no gap.
        "--sessions-per-week",
        "1",
        "--policy",
        "successes_to_advance=1",
        "--policy",
        "deload_every_weeks=0",
        "--micro-goal",
        "Warm up longer=5 minutes by 2027-01-01",
    ])?;
    let plan = rung_tests::text(&plan, "/plan/id")?;
    let from = ago(days);
    clinic
        .physio
        .json(&["plan", "start", &plan, "--from", &from])?;
    Ok(Prescribed { member, plan })
}

pub(crate) fn shown(clinic: &Clinic, athlete: &Prescribed) -> Result<Value> {
    Ok(clinic.physio.json(&["plan", "show", &athlete.plan])?["plan"].clone())
}

fn paths(answer: &Value) -> Vec<&str> {
    let changes = answer["changes"].as_array().into_iter().flatten();
    changes
        .filter_map(|change| change["path"].as_str())
        .collect()
}

fn each_step_needs_a_word(text: &str) -> String {
    text.replace("dose = 6000\n", "dose = 6000\nneeds_approval = true\n")
        .replace("dose = 9000\n", "dose = 9000\nneeds_approval = true\n")
}

fn a_step_up_waits_for_a_word(clinic: &mut Clinic) -> Result<()> {
    publish_changed(clinic, each_step_needs_a_word)?;
    let nils = plan(clinic, 10)?;
    nils.checks_in(&session(&at(3, "07:00"), "0", "3000", &[]))?;
    let waits = nils.checks_in(&morning(&at(2, "06:00"), "1", &[]))?;
    assert_eq!(
        (outcomes(&waits), reasons(&waits)[0]),
        (vec!["HOLD"], "NEEDS_APPROVAL")
    );
    assert_eq!(waits["decisions"][0]["ask"], "ASK_REVIEW");
    assert_eq!(
        shown(clinic, &nils)?["tracks"][0]["awaiting_approval"],
        true
    );

    let refusal = nils.member.rung.refused(&["plan", "approve", &nils.plan])?;
    assert_eq!(
        (refusal.exit, refusal.reason.as_str()),
        (4, "ROLE_REQUIRED")
    );
    let approved =
        clinic
            .physio
            .json(&["plan", "approve", &nils.plan, "--reason", "Runs well."])?;
    assert_eq!(
        (outcomes(&approved), reasons(&approved)),
        (vec!["ADVANCE"], vec!["APPROVE"])
    );
    assert!(
        approved["decisions"][0].to_string().contains("Runs well."),
        "the reason is kept"
    );
    assert_eq!(approved["plan"]["tracks"][0]["rung"], 1);

    let refusal = unchanged(clinic, &nils.member.id, || {
        clinic.physio.refused(&["plan", "approve", &nils.plan])
    })?;
    assert_eq!(
        (refusal.exit, refusal.reason.as_str()),
        (6, "ADVANCE_BARRED")
    );
    assert_eq!(refusal.metadata["bars"], "NEEDS_APPROVAL");

    nils.checks_in(&session(&at(1, "05:00"), "1", "6000", &[]))?;
    let waits = nils.checks_in(&morning(&now().to_rfc3339(), "1", &[]))?;
    assert_eq!(reasons(&waits)[0], "NEEDS_APPROVAL", "{waits:#}");
    let declined =
        clinic
            .physio
            .json(&["plan", "decline", &nils.plan, "--reason", "The calf first."])?;
    assert_eq!(
        (outcomes(&declined), reasons(&declined)),
        (vec!["REPEAT"], vec!["DECLINE"])
    );
    let track = &declined["plan"]["tracks"][0];
    assert_eq!((&track["rung"], &track["counted"]), (&1.into(), &0.into()));
    Ok(())
}

fn an_amendment_tells_what_it_changes_and_the_pending_session_stays(
    clinic: &mut Clinic,
) -> Result<()> {
    publish(clinic)?;
    let nils = plan(clinic, 10)?;
    nils.checks_in(&session(&at(1, "05:00"), "0", "3000", &[]))?;
    let amend = [
        "plan",
        "amend",
        &nils.plan,
        "--anchor",
        "Water before",
        "--reason",
        "Runs dry.",
    ];
    let dry = unchanged(clinic, &nils.member.id, || {
        clinic.physio.json(&[&amend[..], &["--dry-run"]].concat())
    })?;
    assert_eq!(
        (paths(&dry), &dry["plan"]["revision"]),
        (vec!["anchors"], &2.into())
    );
    let amended = clinic.physio.json(&amend)?;
    assert_eq!(amended["changes"], dry["changes"]);
    assert_eq!(amended["changes"][0]["after"]["text"], "Water before");

    let told = clinic.physio.json(&["plan", "changes", &nils.plan])?;
    assert_eq!(
        (&told[0]["revision"], &told[0]["reason"]),
        (&2.into(), &"Runs dry.".into())
    );
    assert_eq!(told[0]["changes"], amended["changes"]);
    let decided = nils.member.rung.json(&["decisions"])?;
    assert_eq!(
        decided[0]["changes"], amended["changes"],
        "the athlete is told too"
    );
    let people = clinic.physio.shown(&["plan", "changes", &nils.plan], 80)?;
    assert!(people.contains("anchors: – → Water before"), "{people}");

    // The session of before counts, on a rung that is the same.
    let counted = nils.checks_in(&morning(&now().to_rfc3339(), "1", &[]))?;
    assert_eq!(outcomes(&counted), ["ADVANCE"]);

    let refusal = clinic.physio.refused(&[
        "plan",
        "amend",
        &nils.plan,
        "--policy",
        "green_max=9",
        "--rung",
        "4",
        "--reason",
        "Up.",
    ])?;
    assert_eq!(refusal.reason, "INVALID_FIELDS");
    let paths = refusal.paths();
    assert!(paths.contains(&"rungs[0].rung"), "{paths:?}");
    assert!(
        paths
            .iter()
            .any(|path| path.starts_with("definition.tracks[0].policy")),
        "{paths:?}"
    );
    Ok(())
}

fn a_newer_ladder_comes_by_an_amendment_alone(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = plan(clinic, 10)?;
    publish_changed(clinic, |text| text.replace("dose = 9000", "dose = 8500"))?;
    let ladder = |plan: &Value| plan["definition"]["tracks"][0]["ladder_version"].clone();
    clinic.physio.json(&[
        "plan",
        "amend",
        &nils.plan,
        "--sessions-per-week",
        "2",
        "--reason",
        "Works at weekends.",
    ])?;
    assert_eq!(ladder(&shown(clinic, &nils)?), 1, "a plan keeps its copy");
    let amend = [
        "plan",
        "amend",
        &nils.plan,
        "--ladder",
        "harbour-loop",
        "--policy",
        "successes_to_advance=1",
        "--policy",
        "deload_every_weeks=0",
        "--reason",
        "The lighthouse was too far.",
    ];
    let dry = clinic.physio.json(&[&amend[..], &["--dry-run"]].concat())?;
    let loop_ = "tracks[\"Harbour loop\"].ladder";
    assert_eq!(
        paths(&dry),
        [format!("{loop_}.rungs[2].dose"), format!("{loop_}.version")]
    );
    assert_eq!(ladder(&shown(clinic, &nils)?), 1, "nothing is stored");
    let amended = clinic.physio.json(&amend)?;
    assert_eq!(
        (&amended["changes"], ladder(&amended["plan"])),
        (&dry["changes"], 2.into())
    );
    let first = nils
        .member
        .rung
        .json(&["plan", "changes", "--revision", "2"])?;
    assert_eq!(
        first[0]["changes"][0]["path"],
        "tracks[\"Harbour loop\"].sessions_per_week"
    );
    Ok(())
}

/// Another physiotherapist who cares for the athlete.
fn second_physio(clinic: &Clinic, athlete: &Prescribed) -> Result<Rung> {
    let invitation = clinic.admin.json(&[
        "members",
        "invite",
        "bea@harbour.example",
        "--role",
        "physio",
    ])?;
    let bea = clinic.physio.profile("bea");
    clinic.join(&bea, "Bea", &invitation, &[])?;
    let id = rung_tests::text(&bea.json(&["whoami"])?, "/person_id")?;
    clinic
        .physio
        .json(&["athletes", "care", "add", &athlete.member.id, &id])?;
    Ok(bea)
}

/// Both do it at the same moment, on the plan as both have read it: one did it, and the other is told how it stands now.
fn at_once(clinic: &Clinic, bea: &Rung, athlete: &Prescribed, act: &[&str]) -> Result<()> {
    let etag = rung_tests::text(&shown(clinic, athlete)?, "/etag")?;
    let args = [
        &["--json", "plan", act[0], &athlete.plan, "--etag", &etag],
        &act[1..],
    ]
    .concat();
    let both: [Result<Output>; 2] = thread::scope(|scope| {
        let one = scope.spawn(|| clinic.physio.run(&args, &[]));
        let two = bea.run(&args, &[]);
        [
            one.join()
                .unwrap_or_else(|_| fail("the other one fell over")),
            two,
        ]
    });
    let mut exits = Vec::new();
    for output in both {
        let output = output?;
        exits.push(output.code);
        if output.code != 0 {
            let error: Value = serde_json::from_str(&output.stderr)?;
            assert_eq!(
                (&error["code"], &error["reason"]),
                (&"ABORTED".into(), &"ETAG_STALE".into()),
                "{act:?}"
            );
            let current = shown(clinic, athlete)?["etag"].clone();
            assert_eq!(error["metadata"]["etag"], current, "{act:?}");
        }
    }
    exits.sort_unstable();
    assert_eq!(exits, [0, 6], "{act:?}");
    Ok(())
}

fn of_two_physios_at_once_one_acts(clinic: &mut Clinic) -> Result<()> {
    publish_changed(clinic, each_step_needs_a_word)?;
    let nils = plan(clinic, 10)?;
    let bea = &second_physio(clinic, &nils)?;
    nils.checks_in(&session(&at(5, "07:00"), "0", "3000", &[]))?;
    nils.checks_in(&morning(&at(4, "06:00"), "1", &[]))?;
    at_once(
        clinic,
        bea,
        &nils,
        &["decline", "--reason", "The calf first."],
    )?;
    nils.checks_in(&session(&at(3, "07:00"), "0", "3000", &[]))?;
    nils.checks_in(&morning(&at(2, "06:00"), "1", &[]))?;
    at_once(clinic, bea, &nils, &["approve"])?;
    at_once(
        clinic,
        bea,
        &nils,
        &["move", "--rung", "2", "--reason", "Ran this all winter."],
    )?;
    at_once(
        clinic,
        bea,
        &nils,
        &["amend", "--anchor", "Water before", "--reason", "Runs dry."],
    )?;
    at_once(clinic, bea, &nils, &["pause", "--reason", "Fever."])?;
    at_once(clinic, bea, &nils, &["resume", "--reason", "Well again."])?;
    Ok(())
}

fn small_goals_are_set_beside_the_plan(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = plan(clinic, 10)?;
    let before = shown(clinic, &nils)?;
    let goal = &before["definition"]["micro_goals"][0];
    assert_eq!(
        (&goal["target"]["value"], &goal["target"]["unit"]),
        (&5.into(), &"minutes".into())
    );
    let today = ago(0);
    let reached = clinic.physio.json(&[
        "plan",
        "goal",
        &nils.plan,
        "--goal",
        "Warm up longer",
        "--reached",
        &today,
    ])?;
    assert_eq!(reached["goal"]["etag"], "2");
    let stale = clinic.physio.refused(&[
        "plan",
        "goal",
        &nils.plan,
        "--goal",
        "Warm up longer",
        "--etag",
        "1",
        "--not-reached",
    ])?;
    assert_eq!(
        (stale.exit, stale.reason.as_str(), &stale.metadata["etag"]),
        (6, "ETAG_STALE", &"2".into())
    );
    clinic.physio.json(&[
        "plan",
        "goal",
        &nils.plan,
        "--set",
        "One gentle hill=1 hill",
    ])?;
    let after = shown(clinic, &nils)?;
    assert_eq!(
        (&after["etag"], &after["revision"]),
        (&before["etag"], &before["revision"])
    );
    let open = nils.member.rung.json(&["today"])?["micro_goals"].clone();
    assert_eq!(
        (open.as_array().map(Vec::len), &open[0]["what"]),
        (Some(1), &"One gentle hill".into())
    );
    let refusal = nils
        .member
        .rung
        .refused(&["plan", "goal", &nils.plan, "--set", "Fly=1 time"])?;
    assert_eq!(refusal.reason, "ROLE_REQUIRED");
    Ok(())
}

fn what_is_stored_can_be_decided_again(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = plan(clinic, 10)?;
    nils.checks_in(&session(&at(3, "07:00"), "0", "3000", &[]))?;
    clinic.physio.json(&[
        "plan",
        "amend",
        &nils.plan,
        "--anchor",
        "Water before",
        "--reason",
        "Runs dry.",
    ])?;
    nils.checks_in(&morning(&at(2, "06:00"), "1", &[]))?;
    let verified = clinic.physio.json(&["plan", "verify", &nils.plan])?;
    assert_eq!(
        (&verified["events"], &verified["state_holds"]),
        (&4.into(), &true.into())
    );
    assert_eq!(
        nils.member
            .rung
            .refused(&["plan", "verify", &nils.plan])?
            .reason,
        "ROLE_REQUIRED"
    );

    let verify = |clinic: &Clinic| {
        let mut args = vec!["admin".to_owned(), "verify-decisions".to_owned()];
        args.extend(clinic.database().serve_args());
        rungd(&args, &[])
    };
    let whole = verify(clinic)?;
    let told = String::from_utf8(whole.stdout)?;
    assert!(
        whole.status.success() && told.contains("all come out the same"),
        "{told}"
    );
    assert!(!told.contains("Nils"), "{told}");

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(
        clinic
            .database()
            .alter("DELETE FROM decision WHERE seq = 2"),
    )?;
    let broken = verify(clinic)?;
    let told = String::from_utf8(broken.stdout)?;
    assert!(!broken.status.success(), "{told}");
    assert!(
        told.contains(&format!(
            "plan {}  decision 0 on event 2 was not stored",
            nils.plan
        )),
        "{told}"
    );
    // What is different is the answer; that there is something is the error.
    let told = clinic
        .physio
        .run(&["--json", "plan", "verify", &nils.plan], &[])?;
    let (answer, error): (Value, Value) = (
        serde_json::from_str(&told.stdout)?,
        serde_json::from_str(&told.stderr)?,
    );
    assert_eq!((told.code, &error["reason"]), (6, &"DIFFERENT".into()));
    assert_eq!(answer["first_difference"]["seq"], 2);
    Ok(())
}

fn red_flags_can_be_kept(clinic: &mut Clinic) -> Result<()> {
    let member = clinic.athlete("Nils Berg", "UTC")?;
    let flags = member.rung.json(&["red-flags"])?;
    let flags = flags.as_array().cloned().unwrap_or_default();
    assert_eq!(flags.len(), 22);
    assert_eq!(flags[0]["tier"], "RED_FLAG_TIER_EMERGENCY");
    for flag in &flags {
        for text in ["question", "advice"] {
            assert!(
                flag[text].as_str().is_some_and(|text| !text.is_empty()),
                "{flag}"
            );
        }
    }
    Ok(())
}
