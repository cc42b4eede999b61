//! A feared rung: what was expected beforehand, and what came of it.

use rung_tests::{Clinic, Result, data, text};
use serde_json::Value;

use crate::{
    on_both_databases,
    prescription::{Prescribed, morning, outcomes, predict, reasons, session},
};

on_both_databases!(what_was_feared_is_held_against_what_happened);

/// An athlete who is afraid of a bridge.
fn athlete(clinic: &Clinic) -> Result<Prescribed> {
    let file = data("ladders/old-bridge.toml");
    clinic
        .physio
        .json(&["ladders".as_ref(), "publish".as_ref(), file.as_os_str()])?;
    let member = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let plan = clinic.physio.json(&[
        "plan",
        "prescribe",
        &member.id,
        "--ladder",
        "old-bridge",
        "--baseline-pain",
        "1",
        "--baseline-stiffness",
        "10",
        "--confirm-all",
    ])?;
    let plan = text(&plan, "/plan/id")?;
    let start = ["plan", "start", &plan, "--from", "2015-08-01"];
    clinic.physio.json(&start)?;
    Ok(Prescribed { member, plan })
}

/// Seen failing with the feared outcome left out of the event, and with a late prediction asked for its outcome.
fn what_was_feared_is_held_against_what_happened(clinic: &mut Clinic) -> Result<()> {
    let nils = athlete(clinic)?;
    let counted = || -> Result<Value> {
        let plan = clinic.physio.json(&["plan", "show", &nils.plan])?;
        Ok(plan["plan"]["tracks"][0]["counted"].clone())
    };
    let expected = |at: &str| -> Result<String> {
        let answer = nils.member.rung.json(&predict(at, &[]))?;
        assert_eq!(answer["prediction"]["check_in_id"], "");
        assert_eq!(answer["prediction"]["likelihood"], 60);
        text(&answer, "/prediction/id")
    };

    // It did not happen: evidence against the fear, and one of two.
    let first = expected("2015-08-02T06:30:00Z")?;
    let said = [
        "--prediction",
        &first,
        "--fear",
        "55",
        "--feared-outcome",
        "no",
        "--surprise",
        "80",
        "--lesson",
        "It holds.",
        "--context",
        "alone",
    ];
    let answer = nils.checks_in(&session("2015-08-02T07:00:00Z", "0", "1", &said))?;
    assert_eq!(answer["asked"], Value::Array(vec![]));
    assert_eq!(answer["check_in"]["session"]["prediction_late"], false);
    assert_eq!(answer["check_in"]["session"]["surprise"], 80);
    let answered = text(&answer, "/check_in/id")?;
    nils.checks_in(&morning("2015-08-03T06:00:00Z", "1", &[]))?;
    assert_eq!(counted()?, 1);

    // It happened: it does not count, and the physiotherapist is asked.
    let second = expected("2015-08-04T06:30:00Z")?;
    let said = [
        "--prediction",
        &second,
        "--fear",
        "90",
        "--feared-outcome",
        "yes",
        "--context",
        "rain",
    ];
    let answer = nils.checks_in(&session("2015-08-04T07:00:00Z", "0", "1", &said))?;
    assert!(reasons(&answer).contains(&"FEARED_OUTCOME"), "{answer:#}");
    assert_eq!(answer["decisions"][0]["ask"], "ASK_REVIEW");
    let answer = nils.checks_in(&morning("2015-08-05T06:00:00Z", "1", &[]))?;
    assert_eq!(
        (outcomes(&answer), reasons(&answer)),
        (vec!["REPEAT"], vec!["FEARED_OUTCOME"])
    );
    assert_eq!(counted()?, 1);

    // What is left open is asked, and a correction says it.
    let third = expected("2015-08-06T06:30:00Z")?;
    let said = ["--prediction", &third, "--fear", "30", "--context", "alone"];
    let open = nils.checks_in(&session("2015-08-06T07:00:00Z", "0", "1", &said))?;
    assert_eq!(open["asked"], serde_json::json!(["feared_outcome"]));
    let id = text(&open, "/check_in/id")?;
    let say = [
        "checkin",
        "correct",
        &id,
        "session",
        "--feared-outcome",
        "no",
    ];
    let answer = nils.checks_in(&say)?;
    assert_eq!(answer["asked"], Value::Array(vec![]));
    assert_eq!(reasons(&answer), ["CORRECTED"]);
    let said_at_last = text(&answer, "/check_in/id")?;

    // What was written down afterwards is no prediction, and is not asked whether it came true.
    let late = expected("2015-08-10T08:00:00Z")?;
    let said = ["--prediction", &late, "--context", "fog"];
    let answer = nils.checks_in(&session("2015-08-10T07:00:00Z", "0", "1", &said))?;
    assert_eq!(answer["check_in"]["session"]["prediction_late"], true);
    assert_eq!(answer["asked"], serde_json::json!(["fear"]));

    // Who may read check-ins reads them all, and without notes no word of what was feared.
    let physio = clinic
        .physio
        .json(&["predictions", "--athlete", &nils.member.id])?;
    assert_eq!(nils.member.rung.json(&["predictions"])?, physio);
    let told: Vec<_> = physio
        .as_array()
        .into_iter()
        .flatten()
        .map(|p| (p["id"].clone(), p["check_in_id"].clone(), p["late"].clone()))
        .collect();
    let ids: Vec<&Value> = told.iter().map(|(id, ..)| id).collect();
    assert_eq!(ids, [&late, &third, &second, &first]);
    assert_eq!(told[0].2, true);
    assert_eq!(
        (&told[1].1, &told[1].2),
        (&said_at_last.into(), &false.into())
    );
    assert_eq!((&told[3].1, &told[3].2), (&answered.into(), &false.into()));
    supporters(clinic, &nils)
}

/// Two supporters: one may read notes, one may not.
fn supporters(clinic: &Clinic, nils: &Prescribed) -> Result<()> {
    for (name, notes) in [("bo", false), ("gran", true)] {
        let mail = format!("{name}@family.example");
        let mut invite = vec![
            "supporters",
            "invite",
            &mail,
            "--part",
            "check-ins",
            "--purpose",
            "Cheers.",
        ];
        if notes {
            invite.extend(["--part", "notes"]);
        }
        let invitation = nils.member.rung.json(&invite)?;
        let supporter = clinic.physio.profile(name);
        clinic.join(&supporter, name, &invitation, &[])?;
        let told = supporter.json(&["predictions", "--athlete", &nils.member.id])?;
        let feared = if notes { "My knee gives way" } else { "" };
        for prediction in told.as_array().into_iter().flatten() {
            assert_eq!(prediction["feared_outcome"], feared);
            assert_eq!(prediction["notes_withheld"], !notes);
            assert_eq!(prediction["expected_fear"], 70);
        }
        let told = supporter.json(&["checkin", "list", "--athlete", &nils.member.id])?;
        assert_eq!(told.to_string().contains("It holds."), notes);
        assert!(told.to_string().contains("\"surprise\":80"));
    }
    Ok(())
}
