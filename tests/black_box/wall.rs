//! The wall between clinics: what belongs to another one is not there.

use rung_tests::{Clinic, PASSWORD, Result, Rung, bootstrap, new_id};

use crate::{
    on_both_databases,
    prescription::{Prescribed, athlete, publish},
};

on_both_databases!(another_clinic_finds_nothing);

fn another_clinic_finds_nothing(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let ladder = clinic.physio.json(&["ladders", "show", "harbour-loop"])?["ladder"]["id"].clone();
    let ladder = ladder.as_str().ok_or("no ladder")?;

    bootstrap(clinic.database(), "Hill Clinic", "hal@hill.example")?;
    let other_admin = clinic.physio.profile("hill-admin");
    clinic.login(&other_admin, "hal@hill.example", &[])?;
    let invitation =
        other_admin.json(&["members", "invite", "uwe@hill.example", "--role", "physio"])?;
    let stranger = clinic.physio.profile("hill-physio");
    clinic.join(&stranger, "Uwe", &invitation, &[])?;

    nothing_is_told(clinic, &stranger, &nils, ladder)?;

    // An own athlete does not make a foreign ladder one's own.
    let own = stranger.json(&["athletes", "add", "Kim Ode", "--zone", "UTC"])?;
    let own = own["athlete"]["id"].as_str().ok_or("no id")?;
    let refusal = stranger.refused(&[
        "plan",
        "prescribe",
        own,
        "--ladder",
        ladder,
        "--baseline-pain",
        "1",
        "--baseline-stiffness",
        "0",
        "--confirm-all",
    ])?;
    assert_eq!((refusal.exit, refusal.reason.as_str()), (5, "NOT_FOUND"));

    // A token of one clinic does not read the other's lists.
    assert_eq!(
        stranger.json(&["caseload"])?.as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(
        clinic.physio.json(&["caseload"])?.as_array().map(Vec::len),
        Some(1)
    );

    // And the account of one clinic does not open the other.
    let wrong = clinic.physio.profile("wrong");
    let output = sign_in(clinic, &wrong, "hal@hill.example", "another password")?;
    assert_eq!(output, (3, "CREDENTIALS_INVALID".to_owned()));
    let output = sign_in(clinic, &wrong, "nobody@hill.example", PASSWORD)?;
    assert_eq!(output, (3, "CREDENTIALS_INVALID".to_owned()));
    Ok(())
}

/// Everything about an athlete is hidden from a stranger as if it were not there.
fn nothing_is_told(
    clinic: &Clinic,
    stranger: &Rung,
    nils: &Prescribed,
    ladder: &str,
) -> Result<()> {
    let (athlete_id, plan_id) = (nils.member.id.as_str(), nils.plan.as_str());
    let nobody = new_id().to_string();
    let at = "2015-08-02T07:00:00Z";
    let calls = |athlete_id: &str, plan_id: &str, ladder_id: &str| -> Vec<Vec<String>> {
        [
            vec!["athletes", "show", athlete_id],
            vec!["athletes", "export", athlete_id, "--to", "-"],
            vec!["plan", "show", plan_id],
            vec!["plan", "pause", plan_id, "--reason", "x", "--etag", "1"],
            vec!["decisions", plan_id],
            vec!["today", "--athlete", athlete_id],
            vec!["schedule", "--athlete", athlete_id],
            vec!["checkin", "list", "--athlete", athlete_id],
            vec![
                "checkin",
                "morning",
                "--athlete",
                athlete_id,
                "--at",
                at,
                "--pain",
                "1",
                "--swelling",
                "none",
                "--no-red-flags",
            ],
            vec![
                "members",
                "invite",
                "x@hill.example",
                "--role",
                "athlete",
                "--athlete",
                athlete_id,
            ],
            vec!["ladders", "show", ladder_id],
        ]
        .into_iter()
        .map(|args| args.into_iter().map(str::to_owned).collect())
        .collect()
    };
    let before = clinic.export(athlete_id)?;
    for (theirs, nobodys) in calls(athlete_id, plan_id, ladder)
        .into_iter()
        .zip(calls(&nobody, &nobody, &nobody))
    {
        let of = |args: &[String]| -> Result<_> {
            let refusal = stranger.refused(args)?;
            Ok((
                refusal.exit,
                refusal.code,
                refusal.reason,
                refusal.message,
                refusal.metadata,
            ))
        };
        let (hidden, missing) = (of(&theirs)?, of(&nobodys)?);
        assert_eq!(
            (hidden.0, hidden.2.as_str()),
            (5, "NOT_FOUND"),
            "{theirs:?}"
        );
        assert_eq!(hidden, missing, "{theirs:?} tells that there is something");
    }
    assert_eq!(before, clinic.export(athlete_id)?);
    Ok(())
}

fn sign_in(clinic: &Clinic, rung: &Rung, email: &str, password: &str) -> Result<(i32, String)> {
    let url = clinic.url();
    let args = ["--json", "login", "--server", &url, "--email", email];
    let output = rung.run(&args, &[("RUNG_PASSWORD", password)])?;
    let error: serde_json::Value = serde_json::from_str(&output.stderr)?;
    Ok((
        output.code,
        error["reason"].as_str().unwrap_or_default().to_owned(),
    ))
}
