//! A check-in that was wrong: what is right is added, and nothing is erased.

use rung_tests::{Clinic, Result, new_id, text};
use serde_json::Value;

use crate::{
    on_both_databases,
    prescription::{athlete, morning, outcomes, publish, reasons, session, unchanged, wellness},
};

on_both_databases!(
    a_session_corrected_to_red_steps_back_and_stays_readable,
    each_kind_of_check_in_is_corrected,
);

/// Seen failing with the correction judged as a session of its own.
fn a_session_corrected_to_red_steps_back_and_stays_readable(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    for (day, next) in [("02", "03"), ("04", "05")] {
        nils.checks_in(&session(
            &format!("2015-08-{day}T07:00:00Z"),
            "0",
            "3000",
            &[],
        ))?;
        nils.checks_in(&morning(&format!("2015-08-{next}T06:00:00Z"), "1", &[]))?;
    }
    let more = ["--note", "easy", "--felt", "warm", "--distance-m", "6000"];
    let first = nils.checks_in(&session("2015-08-06T07:00:00Z", "1", "6000", &more))?;
    let id = text(&first, "/check_in/id")?;
    let rung = |clinic: &Clinic| -> Result<Value> {
        let plan = clinic.physio.json(&["plan", "show", &nils.plan])?;
        Ok(plan["plan"]["tracks"][0]["rung"].clone())
    };
    assert_eq!(rung(clinic)?, 1);

    // It hurt more than was said: it acts, and the physiotherapist is asked. What is not said again stays.
    let own = new_id().to_string();
    let correct = [
        "checkin",
        "correct",
        &id,
        "session",
        "--id",
        &own,
        "--pain-after",
        "7",
    ];
    let second = nils.checks_in(&correct)?;
    assert_eq!(outcomes(&second)[0], "STEP_BACK");
    assert!(reasons(&second).contains(&"CORRECTED"), "{second:#}");
    assert!(reasons(&second).contains(&"PAIN_RED"), "{second:#}");
    assert_eq!(second["decisions"][0]["ask"], "ASK_REVIEW");
    assert_eq!(rung(clinic)?, 0);
    let said = &second["check_in"];
    assert_eq!(said["corrects_id"], id.as_str());
    assert_eq!(said["performed_at"], "2015-08-06T07:00:00Z");
    assert_eq!(said["note"], "easy");
    assert_eq!(said["session"]["pain_after"], 7);
    assert_eq!(said["session"]["pain_during"], 1);
    assert_eq!(said["session"]["sensory_cues"], serde_json::json!(["warm"]));
    assert_eq!(said["session"]["measurement"]["distance_m"], 6000);

    // Sent again it is the same; and back again it moves nothing.
    let again = unchanged(clinic, &nils.member.id, || nils.checks_in(&correct))?;
    assert_eq!(again, second);
    let third = nils.checks_in(&["checkin", "correct", &id, "session", "--pain-after", "0"])?;
    assert_eq!(
        (outcomes(&third), reasons(&third)),
        (vec!["HOLD"], vec!["CORRECTED"])
    );
    assert_eq!(rung(clinic)?, 0);
    let newest = text(&third, "/check_in/id")?;

    // All of it can be read, and who corrected what.
    let listed = nils.member.rung.json(&["checkin", "list"])?;
    let of = |id: &str| -> Value {
        let mut all = listed.as_array().into_iter().flatten();
        all.find(|c| c["id"] == id).cloned().unwrap_or_default()
    };
    assert_eq!(of(&id)["session"], first["check_in"]["session"]);
    assert_eq!(of(&id)["corrected_by"], newest.as_str());
    assert_eq!(of(&own)["corrected_by"], newest.as_str());
    assert_eq!(of(&own)["corrects_id"], id.as_str());
    assert_eq!(of(&newest)["corrected_by"], "");
    assert_eq!(of(&newest)["corrects_id"], id.as_str());
    let shown = clinic
        .physio
        .json(&["checkin", "show", &id, "--athlete", &nils.member.id])?;
    assert_eq!(shown["check_in"], of(&id));
    assert_eq!(shown["judgement"], "JUDGEMENT_FULL");
    // The first answer is the first answer.
    let mut repeat = session("2015-08-06T07:00:00Z", "1", "6000", &more);
    repeat.extend(["--id", &id]);
    assert_eq!(nils.checks_in(&repeat)?, first);
    Ok(())
}

/// Seen failing with a red flag of a correction left out.
fn each_kind_of_check_in_is_corrected(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let at = "2015-08-03T06:00:00Z";
    let correct = |first: &Value, kind: &str, more: &[&str]| {
        let id = text(first, "/check_in/id")?;
        nils.checks_in(&[&["checkin", "correct", &id, kind], more].concat())
    };
    let first = nils.checks_in(&morning(at, "1", &[]))?;
    let second = correct(&first, "morning", &["--pain", "2"])?;
    assert_eq!(second["check_in"]["morning"]["pain"], 2);
    assert_eq!(second["check_in"]["morning"]["stiffness"], 10);
    assert_eq!(reasons(&second), ["CORRECTED"]);

    let first = nils.checks_in(&wellness(at, &[]))?;
    let second = correct(&first, "wellness", &["--mood", "1"])?;
    assert_eq!(second["check_in"]["wellness"]["mood"], 1);
    assert_eq!(second["check_in"]["wellness"]["energy"], 4);
    assert_eq!(reasons(&second), ["CORRECTED"]);

    let run = ["--pain-during", "1"];
    let first = nils.checks_in(&crate::prescription::unplanned(at, "run", &run))?;
    let second = correct(
        &first,
        "unplanned",
        &["--kind", "other", "--swelling", "increased"],
    )?;
    assert_eq!(
        second["check_in"]["unplanned"]["activity"],
        "ACTIVITY_OTHER"
    );
    assert_eq!(reasons(&second), ["CORRECTED"]);

    // The client knows the kind before anything is sent.
    let id = text(&first, "/check_in/id")?;
    let refused = nils.refused(
        clinic,
        &["checkin", "correct", &id, "morning", "--pain", "2"],
    )?;
    assert_eq!((refused.exit, refused.reason.as_str()), (2, "KIND"));

    // A flag that was forgotten stops everything at once.
    let third = correct(&second, "unplanned", &["--red-flag", "chest-pain"])?;
    assert_eq!(outcomes(&third)[0], "PAUSE");
    assert_eq!(reasons(&third)[..2], ["RED_FLAG", "CORRECTED"]);
    assert_eq!(third["decisions"][0]["ask"], "ASK_URGENT");
    Ok(())
}
