//! The physiotherapist's hand on a plan, and the rules that the long story does not reach.

use chrono::{Days, NaiveDate};
use rung_tests::{Clinic, Result, now};
use serde_json::Value;

use crate::{
    on_both_databases,
    prescription::{
        Prescribed, athlete_in, morning, outcomes, prescribe, publish, reasons, session,
    },
};

on_both_databases!(
    a_pause_ends_only_by_hand,
    a_move_is_an_override_with_a_reason,
    red_again_pauses,
    the_third_amber_steps_back,
    a_late_red_counts,
    the_top_is_the_end,
    a_physio_reports_on_behalf,
    a_plan_starts_once,
);

/// An athlete whose days are the server's, so that "two days ago" is no question of the hour this test is run at.
fn athlete(clinic: &Clinic, name: &str, from: &str) -> Result<Prescribed> {
    athlete_in(clinic, "UTC", name, from)
}

/// The plan's single track.
fn track(clinic: &Clinic, plan: &str) -> Result<Value> {
    Ok(clinic.physio.json(&["plan", "show", plan])?["plan"]["tracks"][0].clone())
}

fn state(clinic: &Clinic, plan: &str) -> Result<String> {
    let plan = clinic.physio.json(&["plan", "show", plan])?;
    Ok(plan["plan"]["state"]
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

/// So many days before today, as the server counts days.
fn ago(days: u64) -> NaiveDate {
    now().date_naive() - Days::new(days)
}

fn at(days: u64, time: &str) -> String {
    format!("{}T{time}:00Z", ago(days))
}

/// A session that many days ago, without complaint but for `more`.
fn ran(athlete: &Prescribed, days: u64, rung: &str, dose: &str, more: &[&str]) -> Result<Value> {
    athlete.checks_in(&session(&at(days, "07:00"), rung, dose, more))
}

fn woke(athlete: &Prescribed, days: u64, pain: &str) -> Result<Value> {
    athlete.checks_in(&morning(&at(days, "06:00"), pain, &[]))
}

fn a_pause_ends_only_by_hand(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", &ago(20).to_string())?;
    let plan = nils.plan.as_str();
    ran(&nils, 2, "0", "3000", &[])?;
    woke(&nils, 1, "1")?;
    let paused = clinic
        .physio
        .json(&["plan", "pause", plan, "--reason", "Fever."])?;
    assert_eq!(
        (outcomes(&paused), reasons(&paused)),
        (vec!["PAUSE"], vec!["PAUSE"])
    );
    assert_eq!(paused["plan"]["pause_cause"], "PAUSE");
    assert!(
        paused["decisions"].to_string().contains("Fever."),
        "the reason is kept"
    );

    // Check-ins are stored; nothing moves.
    let answer = ran(&nils, 1, "0", "3000", &[])?;
    assert_eq!(
        (outcomes(&answer), reasons(&answer)),
        (vec!["PAUSE"], vec!["PAUSED"])
    );
    let answer = nils.checks_in(&morning(&now().to_rfc3339(), "1", &[]))?;
    assert_eq!(
        (outcomes(&answer), reasons(&answer)),
        (vec!["PAUSE"], vec!["PAUSED"])
    );
    assert_eq!(track(clinic, plan)?["counted"], 1);
    let today = nils.member.rung.json(&["today"])?;
    assert!(
        today["tracks"][0].get("advised_dose").is_none(),
        "{today:#}"
    );

    let refusal = clinic
        .physio
        .refused(&["plan", "pause", plan, "--reason", "Again."])?;
    assert_eq!((refusal.exit, refusal.reason.as_str()), (6, "PLAN_STATE"));
    let refusal = clinic
        .physio
        .refused(&["plan", "resume", plan, "--reason", "Well.", "--rung", "4"])?;
    assert_eq!(refusal.reason, "INVALID_FIELDS");
    assert_eq!(refusal.paths(), ["rungs[0].rung"]);
    let refusal =
        nils.member
            .rung
            .refused(&["plan", "resume", plan, "--reason", "I feel well."])?;
    assert_eq!(
        (refusal.exit, refusal.reason.as_str()),
        (4, "ROLE_REQUIRED")
    );
    assert_eq!(state(clinic, plan)?, "PLAN_STATE_PAUSED");

    let resumed = clinic.physio.json(&[
        "plan",
        "resume",
        plan,
        "--rung",
        "1",
        "--reason",
        "Well again.",
    ])?;
    assert_eq!(reasons(&resumed), ["RESUME"]);
    assert_eq!(state(clinic, plan)?, "PLAN_STATE_ACTIVE");
    let track = track(clinic, plan)?;
    assert_eq!((&track["rung"], &track["counted"]), (&1.into(), &0.into()));
    let refusal = clinic
        .physio
        .refused(&["plan", "resume", plan, "--reason", "Twice."])?;
    assert_eq!((refusal.exit, refusal.reason.as_str()), (6, "PLAN_STATE"));
    Ok(())
}

fn a_move_is_an_override_with_a_reason(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", &ago(20).to_string())?;
    let plan = nils.plan.as_str();
    let refusal = clinic
        .physio
        .refused(&["plan", "move", plan, "--rung", "2", "--reason", ""])?;
    assert_eq!(
        (refusal.reason.as_str(), refusal.paths()),
        ("INVALID_FIELDS", vec!["reason"])
    );
    let refusal = clinic
        .physio
        .refused(&["plan", "move", plan, "--rung", "4", "--reason", "Up."])?;
    assert_eq!(
        (refusal.reason.as_str(), refusal.paths()),
        ("INVALID_FIELDS", vec!["to.rung"])
    );

    let moved = clinic.physio.json(&[
        "plan",
        "move",
        plan,
        "--rung",
        "2",
        "--reason",
        "Ran this all winter.",
    ])?;
    assert_eq!(reasons(&moved), ["MOVE_TO"]);
    let decision = &moved["decisions"][0];
    assert_eq!(
        (&decision["from_rung"], &decision["to_rung"]),
        (&0.into(), &2.into())
    );
    assert_eq!(decision["automatic"], false);
    assert!(
        decision.to_string().contains("Ran this all winter."),
        "the reason is kept: {decision:#}"
    );
    assert_eq!(track(clinic, plan)?["rung"], 2);
    Ok(())
}

fn red_again_pauses(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    clinic.physio.json(&["plan", "show", &nils.plan])?;
    let red = ["--pain-after", "6"];
    let first = nils.checks_in(&session("2015-08-02T07:00:00Z", "0", "3000", &red))?;
    // Already on the lowest rung: the step back has nowhere to go.
    assert_eq!(outcomes(&first), ["PAUSE"]);
    assert_eq!(reasons(&first)[..2], ["AT_BOTTOM", "PAIN_RED"]);
    assert_eq!(state(clinic, &nils.plan)?, "PLAN_STATE_PAUSED");

    let mia = athlete(clinic, "Mia Holm", &ago(20).to_string())?;
    clinic.physio.json(&[
        "plan",
        "move",
        &mia.plan,
        "--rung",
        "3",
        "--reason",
        "Ran this all winter.",
    ])?;
    let first = ran(&mia, 6, "3", "10000", &["--pain-after", "6"])?;
    assert_eq!(
        (outcomes(&first), first["decisions"][0]["to_rung"].clone()),
        (vec!["STEP_BACK"], 2.into())
    );
    woke(&mia, 5, "1")?;
    let second = ran(&mia, 2, "2", "9000", &["--altered-gait", "yes"])?;
    assert_eq!(outcomes(&second), ["PAUSE"]);
    assert_eq!(reasons(&second), ["RED_AGAIN", "PAIN_RED"]);
    assert_eq!(second["decisions"][0]["to_rung"], 1);
    assert_eq!(state(clinic, &mia.plan)?, "PLAN_STATE_PAUSED");
    Ok(())
}

fn the_third_amber_steps_back(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let member = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let plan = clinic.physio.json(&[
        "plan",
        "prescribe",
        &member.id,
        "--ladder",
        "harbour-loop",
        "--start-rung",
        "1",
        "--baseline-pain",
        "1",
        "--baseline-stiffness",
        "10",
        "--confirm-all",
    ])?;
    let plan = plan["plan"]["id"].as_str().ok_or("no id")?.to_owned();
    clinic
        .physio
        .json(&["plan", "start", &plan, "--from", "2015-08-01"])?;
    let nils = Prescribed { member, plan };
    for (day, expected) in [("02", "REPEAT"), ("05", "REPEAT"), ("08", "STEP_BACK")] {
        // Swelling alone is amber for a tendon.
        let when = format!("2015-08-{day}T07:00:00Z");
        let answer = nils.checks_in(&session(&when, "1", "6000", &["--swelling", "increased"]))?;
        let outcomes = outcomes(&answer);
        assert_eq!(
            outcomes.last(),
            Some(&expected),
            "{day}: {:?}",
            reasons(&answer)
        );
        let expected = if expected == "STEP_BACK" {
            "AMBER_THRICE"
        } else {
            "PAIN_AMBER"
        };
        assert!(
            reasons(&answer).contains(&expected),
            "{day}: {:?}",
            reasons(&answer)
        );
    }
    assert_eq!(track(clinic, &nils.plan)?["rung"], 0);
    Ok(())
}

fn a_late_red_counts(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", &ago(20).to_string())?;
    clinic.physio.json(&[
        "plan",
        "move",
        &nils.plan,
        "--rung",
        "2",
        "--reason",
        "Ran this all winter.",
    ])?;
    ran(&nils, 3, "2", "9000", &[])?;
    // From a phone that was offline: an older session, and a bad one.
    let late = ran(&nils, 5, "2", "9000", &["--pain-during", "8"])?;
    assert_eq!(outcomes(&late), ["STEP_BACK"]);
    assert!(reasons(&late).contains(&"LATE"), "{:?}", reasons(&late));
    assert_eq!(track(clinic, &nils.plan)?["rung"], 1);
    // The good one of before does not count any more.
    let answer = woke(&nils, 2, "1")?;
    assert_eq!(outcomes(&answer), ["REPEAT"]);
    assert!(
        !reasons(&answer).contains(&"COUNTED"),
        "{:?}",
        reasons(&answer)
    );
    // A late good one moves nothing.
    let late = ran(&nils, 6, "0", "3000", &[])?;
    assert_eq!(
        (outcomes(&late), reasons(&late)),
        (vec!["HOLD"], vec!["LATE"])
    );
    Ok(())
}

fn the_top_is_the_end(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", &ago(20).to_string())?;
    clinic.physio.json(&[
        "plan",
        "move",
        &nils.plan,
        "--rung",
        "3",
        "--reason",
        "Ran this all winter.",
    ])?;
    ran(&nils, 6, "3", "10000", &[])?;
    woke(&nils, 5, "1")?;
    ran(&nils, 4, "3", "10000", &[])?;
    let done = woke(&nils, 3, "1")?;
    assert_eq!(
        (outcomes(&done), reasons(&done)),
        (vec!["REPEAT"], vec!["LADDER_DONE", "COUNTED"])
    );
    assert_eq!(done["decisions"][0]["ask"], "ASK_REVIEW");
    let track = track(clinic, &nils.plan)?;
    assert_eq!(
        (&track["rung"], &track["state"]),
        (&3.into(), &"TRACK_STATE_DONE".into())
    );
    Ok(())
}

fn a_physio_reports_on_behalf(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let args = session(
        "2015-08-02T07:00:00Z",
        "0",
        "3000",
        &["--athlete", "Nils Berg"],
    );
    let answer = clinic.physio.json(&args)?;
    let me = clinic.physio.json(&["whoami"])?;
    assert_eq!(answer["check_in"]["entered_by"], me["person_id"]);
    assert_eq!(answer["check_in"]["athlete_id"], nils.member.id.as_str());
    let listed = nils.member.rung.json(&["checkin", "list"])?;
    assert_eq!(
        listed[0]["entered_by"], me["person_id"],
        "and the athlete sees who it was"
    );
    Ok(())
}

fn a_plan_starts_once(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let refusal = clinic
        .physio
        .refused(&["plan", "start", &nils.plan, "--from", "2015-08-02"])?;
    assert_eq!((refusal.exit, refusal.reason.as_str()), (6, "PLAN_STATE"));
    let second = prescribe(clinic, &nils.member.id)?;
    let refusal = clinic
        .physio
        .refused(&["plan", "start", &second, "--from", "2015-08-02"])?;
    assert_eq!(
        (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
        (6, "FAILED_PRECONDITION", "PLAN_ALREADY_OPEN")
    );
    Ok(())
}
