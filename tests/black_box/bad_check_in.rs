//! Check-ins that are refused, each with its own code, reason and field, and nothing changed by them.

use chrono::{SecondsFormat, TimeDelta};
use rung_tests::{Clinic, Result, new_id, now};

use crate::{
    on_both_databases,
    prescription::{athlete, morning, outcomes, publish, session},
};

on_both_databases!(
    each_bad_value_is_named,
    all_bad_fields_are_named_at_once,
    missing_is_never_read_as_zero,
    somebody_else_is_not_found,
    the_future_is_refused,
    the_same_id_is_the_same_check_in,
    without_a_plan_there_is_nothing_to_judge_by,
);

const AT: &str = "2015-08-02T07:00:00Z";

fn each_bad_value_is_named(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let athlete = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let cases: &[(&[&str], &str)] = &[
        (&["--pain-during", "11"], "check_in.session.pain_during"),
        (&["--pain-during", "-1"], "check_in.session.pain_during"),
        (&["--pain-after", "11"], "check_in.session.pain_after"),
        (&["--pain-before", "11"], "check_in.session.pain_before"),
        (&["--rpe", "11"], "check_in.session.rpe"),
        (&["--confidence", "11"], "check_in.session.confidence"),
        (&["--fear", "101"], "check_in.session.fear"),
        (
            &["--track", "01890000-0000-7000-8000-000000000000"],
            "check_in.session.track_id",
        ),
        (&["--zone", "Europe/Atlantis"], "check_in.time_zone"),
    ];
    for (flags, field) in cases {
        let refusal = athlete.refused(clinic, &session(AT, "0", "3000", flags))?;
        assert_eq!(
            (
                refusal.exit,
                refusal.code.as_str(),
                refusal.reason.as_str(),
                refusal.paths()
            ),
            (2, "INVALID_ARGUMENT", "INVALID_FIELDS", vec![*field]),
            "{flags:?}: {}",
            refusal.message
        );
    }
    // A rung that the ladder does not have, and doses beyond every ladder.
    for (rung, dose, field) in [
        ("4", "3000", "check_in.session.rung"),
        ("-1", "3000", "check_in.session.rung"),
        ("0", "-1", "check_in.session.dose_done"),
        ("0", "1000001", "check_in.session.dose_done"),
    ] {
        let refusal = athlete.refused(clinic, &session(AT, rung, dose, &[]))?;
        assert_eq!(
            (refusal.reason.as_str(), refusal.paths()),
            ("INVALID_FIELDS", vec![field])
        );
    }
    for (pain, flags, field) in [
        ("11", &[][..], "check_in.morning.pain"),
        (
            "1",
            &["--stiffness", "601"][..],
            "check_in.morning.stiffness",
        ),
    ] {
        let refusal = athlete.refused(clinic, &morning(AT, pain, flags))?;
        assert_eq!(
            (refusal.reason.as_str(), refusal.paths()),
            ("INVALID_FIELDS", vec![field])
        );
    }
    Ok(())
}

fn all_bad_fields_are_named_at_once(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let athlete = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let refusal = athlete.refused(
        clinic,
        &[
            "checkin",
            "session",
            "--at",
            AT,
            "--rung",
            "9",
            "--pain-during",
            "11",
            "--pain-after",
            "-3",
            "--confidence",
            "12",
            "--no-red-flags",
            "--red-flag",
            "chest-pain",
            "--zone",
            "Nowhere",
        ],
    )?;
    let mut paths = refusal.paths();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "check_in.no_red_flags",
            "check_in.session.altered_gait",
            "check_in.session.confidence",
            "check_in.session.dose_done",
            "check_in.session.pain_after",
            "check_in.session.pain_during",
            "check_in.session.rung",
            "check_in.session.swelling",
            "check_in.time_zone",
        ]
    );
    assert!(
        refusal
            .fields
            .iter()
            .all(|(_, message)| !message.is_empty())
    );
    Ok(())
}

fn missing_is_never_read_as_zero(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let athlete = athlete(clinic, "Nils Berg", "2015-08-01")?;
    for (left_out, field) in [
        ("--pain-during", "check_in.session.pain_during"),
        ("--pain-after", "check_in.session.pain_after"),
        ("--altered-gait", "check_in.session.altered_gait"),
        ("--swelling", "check_in.session.swelling"),
        ("--dose", "check_in.session.dose_done"),
    ] {
        let mut args = session(AT, "0", "3000", &[]);
        let at = args
            .iter()
            .position(|arg| *arg == left_out)
            .ok_or("no such flag")?;
        args.drain(at..at + 2);
        let refusal = athlete.refused(clinic, &args)?;
        assert_eq!(
            (refusal.reason.as_str(), refusal.paths()),
            ("INVALID_FIELDS", vec![field])
        );
    }
    for (left_out, field) in [
        ("--pain", "check_in.morning.pain"),
        ("--swelling", "check_in.morning.swelling"),
    ] {
        let mut args = morning(AT, "1", &[]);
        let at = args
            .iter()
            .position(|arg| *arg == left_out)
            .ok_or("no such flag")?;
        args.drain(at..at + 2);
        let refusal = athlete.refused(clinic, &args)?;
        assert_eq!(
            (refusal.reason.as_str(), refusal.paths()),
            ("INVALID_FIELDS", vec![field])
        );
    }
    // No red flag has to be said.
    for mut args in [session(AT, "0", "3000", &[]), morning(AT, "1", &[])] {
        args.retain(|arg| *arg != "--no-red-flags");
        let refusal = athlete.refused(clinic, &args)?;
        assert_eq!(refusal.reason, "INVALID_FIELDS");
        assert!(
            matches!(
                refusal.paths()[..],
                ["check_in.red_flags" | "check_in.no_red_flags"]
            ),
            "{refusal:?}"
        );
    }
    Ok(())
}

fn somebody_else_is_not_found(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let mia = athlete(clinic, "Mia Holm", "2015-08-01")?;

    // Another athlete of the same clinic, and an id that nobody has: alike.
    let nobody = new_id().to_string();
    let mut texts = vec![];
    for id in [&mia.member.id, &nobody] {
        let refusal = nils.refused(clinic, &session(AT, "0", "3000", &["--athlete", id]))?;
        assert_eq!(
            (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
            (5, "NOT_FOUND", "NOT_FOUND")
        );
        texts.push(refusal.message);
    }
    assert_eq!(texts[0], texts[1], "the text tells them apart");
    let mias = mia.member.rung.json(&["checkin", "list"])?;
    assert_eq!(mias.as_array().map(Vec::len), Some(0));

    // A physiotherapist of the same clinic outside the care team may know that the athlete is there.
    let invitation = clinic.admin.json(&[
        "members",
        "invite",
        "oda@harbour.example",
        "--role",
        "physio",
    ])?;
    let oda = clinic.physio.profile("oda");
    clinic.join(&oda, "Oda", &invitation, &[])?;
    let refusal = oda.refused(&session(AT, "0", "3000", &["--athlete", &nils.member.id]))?;
    assert_eq!(
        (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
        (4, "PERMISSION_DENIED", "NOT_IN_CARE")
    );

    // The administrator sees no clinical content by that role.
    let refusal =
        clinic
            .admin
            .refused(&session(AT, "0", "3000", &["--athlete", &nils.member.id]))?;
    assert_eq!(
        (refusal.exit, refusal.reason.as_str()),
        (4, "ROLE_REQUIRED")
    );
    Ok(())
}

fn the_future_is_refused(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let athlete = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let at =
        |minutes| (now() + TimeDelta::minutes(minutes)).to_rfc3339_opts(SecondsFormat::Secs, true);
    let refusal = athlete.refused(clinic, &session(&at(10), "0", "3000", &[]))?;
    assert_eq!(
        (
            refusal.code.as_str(),
            refusal.reason.as_str(),
            refusal.paths()
        ),
        (
            "INVALID_ARGUMENT",
            "INVALID_FIELDS",
            vec!["check_in.performed_at"]
        )
    );
    // A watch that is a little fast is no lie.
    athlete.checks_in(&session(&at(4), "0", "3000", &[]))?;
    Ok(())
}

fn the_same_id_is_the_same_check_in(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let athlete = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let id = new_id().to_string();
    let report = |pain| {
        session(AT, "0", "3000", &["--id", &id, "--pain-during", pain])
            .iter()
            .map(|s| (*s).to_owned())
            .collect::<Vec<_>>()
    };
    let first = athlete.member.rung.json(&report("1"))?;
    athlete.checks_in(&morning("2015-08-03T06:00:00Z", "1", &[]))?;

    // The same again, after the world went on: the first answer, and nothing new.
    let before = clinic.export(&athlete.member.id)?;
    assert_eq!(athlete.member.rung.json(&report("1"))?, first);
    let listed = athlete.member.rung.json(&["checkin", "list"])?;
    assert_eq!(
        listed.as_array().map(Vec::len),
        Some(2),
        "one row for the session, one for the morning"
    );

    let refusal = athlete.member.rung.refused(&report("2"))?;
    assert_eq!(
        (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
        (6, "ALREADY_EXISTS", "CHECK_IN_ID_REUSED")
    );
    assert_eq!(clinic.export(&athlete.member.id)?, before);
    assert_eq!(outcomes(&first), ["HOLD"]);
    Ok(())
}

fn without_a_plan_there_is_nothing_to_judge_by(clinic: &mut Clinic) -> Result<()> {
    let member = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let refusal = member.rung.refused(&session(AT, "0", "3000", &[]))?;
    assert_eq!(
        (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
        (6, "FAILED_PRECONDITION", "NO_PLAN")
    );
    Ok(())
}
