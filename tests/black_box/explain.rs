//! "Why did my plan change?": everybody is told in their own words.

use rung_tests::{Clinic, Result, text};
use serde_json::Value;

use crate::{
    on_both_databases,
    prescription::{athlete, publish, session},
};

on_both_databases!(a_decision_is_explained_to_each_in_their_words);

/// The one decision of an answer.
fn only(answer: &Value) -> Result<&Value> {
    match answer.as_array().map(Vec::as_slice) {
        Some([one]) => Ok(one),
        _ => rung_tests::fail(format!("not one decision: {answer}")),
    }
}

// Seen failing with the newest decision alone explained where its event came to two, and with the language left out of the
// request.
fn a_decision_is_explained_to_each_in_their_words(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let begun = nils.member.rung.json(&["explain"])?;
    assert_eq!(only(&begun)?["headline"], "The plan is started");

    nils.checks_in(&session("2015-08-02T07:00:00Z", "0", "3000", &[]))?;
    nils.checks_in(&session(
        "2015-08-05T07:00:00Z",
        "0",
        "3000",
        &["--pain-during", "4"],
    ))?;
    // The first session is closed, the second is judged: one event, two decisions, the first one first.
    let own = nils.member.rung.json(&["explain"])?;
    let told: Vec<&Value> = own.as_array().into_iter().flatten().collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["reasons"][0]["code"], "REASON_CODE_MORNING_MISSING");
    assert_eq!(
        told[1]["reasons"][0]["text"],
        "Pain during was 4 (the limit is 3), so one more day of rest, and this session does not count."
    );
    assert_eq!(
        (&told[1]["reader"], &told[1]["language"]),
        (&"READER_ATHLETE".into(), &"en".into())
    );
    assert!(
        told[1]["reasons"][0]
            .get("rows")
            .is_none_or(|rows| rows == &Value::Array(vec![]))
    );

    let german = nils
        .member
        .rung
        .json(&["explain", "--language", "de-CH, en"])?;
    assert_eq!(german[1]["language"], "de");
    assert_eq!(german[1]["headline"], "Bleib auf Stufe 0");
    assert_eq!(
        german[1]["notes"][0],
        "Die nächste Einheit passt ab dem 8. August 2015."
    );
    // Not one line of the client's own, which has no German.
    let shown = nils
        .member
        .rung
        .shown(&["explain", "--language", "de"], 100)?;
    for english in ["Next session", "not before", "asked to look"] {
        assert!(!shown.contains(english), "{english} is in:\n{shown}");
    }

    let care = clinic.physio.json(&["explain", "--plan", "Nils Berg"])?;
    assert_eq!(care[1]["reader"], "READER_PHYSIO");
    assert_eq!(care[1]["reasons"][0]["rows"][1]["code"], "TENDON");
    let id = text(&care, "/1/decision/id")?;
    let one = clinic.physio.json(&["explain", &id])?;
    assert_eq!(only(&one)?, &care[1]);
    let shown = clinic.physio.shown(&["explain", &id], 100)?;
    for part in ["PAIN_AMBER", "Tendon bands", "F21: bim.physio"] {
        assert!(shown.contains(part), "{part} is not in:\n{shown}");
    }
    let asked = clinic.physio.json(&["explain", &id, "--for", "athlete"])?;
    assert_eq!(only(&asked)?["reasons"], told[1]["reasons"]);

    let refused = clinic.physio.refused(&["explain", &nils.plan])?;
    assert_eq!(refused.reason, "NOT_FOUND");
    let refused = clinic
        .physio
        .refused(&["explain", &id, "--plan", "Nils Berg"])?;
    assert_eq!((refused.exit, refused.reason.as_str()), (2, "PLAN"));
    let refused = clinic.physio.refused(&["explain", "yesterday"])?;
    assert_eq!(refused.paths(), ["decision_id"]);
    Ok(())
}
