//! Days, unplanned activity, predictions and corrections that are refused, each with its own code, reason and field, and
//! nothing changed by them.

use chrono::{SecondsFormat, TimeDelta};
use rung_proto::v1::{self, check_in_service_client::CheckInServiceClient};
use rung_tests::{Clinic, Refusal, Result, new_id, now, text};
use tonic::Code;

use crate::{
    api::Api,
    on_both_databases,
    prescription::{
        Prescribed, athlete, morning, predict, publish, session, unchanged, unplanned, wellness,
    },
};

on_both_databases!(
    each_bad_value_is_named,
    missing_is_never_read_as_a_good_answer,
    a_prediction_is_answered_once_and_by_its_own_session,
    a_correction_is_of_the_athletes_own_check_in_and_of_its_kind,
    the_same_id_is_the_same_prediction,
);

const AT: &str = "2015-08-02T07:00:00Z";

/// Refused for one field, with nothing changed.
fn refused(clinic: &Clinic, nils: &Prescribed, args: &[&str], field: &str) -> Result<()> {
    let refusal = nils.refused(clinic, args)?;
    assert_eq!(
        (
            refusal.exit,
            refusal.code.as_str(),
            refusal.reason.as_str(),
            refusal.paths()
        ),
        (2, "INVALID_ARGUMENT", "INVALID_FIELDS", vec![field]),
        "{args:?}: {}",
        refusal.message
    );
    Ok(())
}

fn each_bad_value_is_named(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    for (flag, values) in [
        ("--sleep", ["-1", "1441"]),
        ("--energy", ["0", "6"]),
        ("--calm", ["0", "6"]),
        ("--mood", ["0", "6"]),
        ("--freshness", ["0", "6"]),
        ("--fuelling", ["0", "6"]),
    ] {
        let field = format!("check_in.wellness.{}", &flag[2..]);
        for value in values {
            refused(clinic, &nils, &wellness(AT, &[flag, value]), &field)?;
        }
    }
    for (flag, field, values) in [
        ("--pain-before", "pain_before", ["-1", "11"]),
        ("--pain-during", "pain_during", ["-1", "11"]),
        ("--pain-after", "pain_after", ["-1", "11"]),
        ("--rpe", "rpe", ["-1", "11"]),
        ("--distance-m", "measurement.distance_m", ["-1", "1000001"]),
        ("--duration-s", "measurement.duration_s", ["-1", "604801"]),
        ("--cadence", "measurement.cadence_spm", ["-1", "401"]),
        ("--ascent-m", "measurement.ascent_m", ["-1", "20001"]),
    ] {
        let field = format!("check_in.unplanned.{field}");
        for value in values {
            let args = unplanned(AT, "run", &[flag, value]);
            refused(clinic, &nils, &args, &field)?;
        }
    }
    for (flag, field, values) in [
        ("--rung", "rung", ["-1", "4"]),
        ("--likelihood", "likelihood", ["-1", "101"]),
        ("--expected-fear", "expected_fear", ["-1", "101"]),
        ("--expected-pain", "expected_pain", ["-1", "11"]),
    ] {
        let field = format!("prediction.{field}");
        for value in values {
            refused(clinic, &nils, &predict(AT, &[flag, value]), &field)?;
        }
    }
    let nobody = new_id().to_string();
    let long = "x".repeat(2001);
    for (flag, value, field) in [
        ("--surprise", "101", "session.surprise"),
        ("--surprise", "-1", "session.surprise"),
        ("--lesson", &long, "session.lesson"),
        ("--prediction", &nobody, "session.prediction_id"),
        ("--revision", "2", "revision"),
        ("--revision", "-1", "revision"),
    ] {
        let args = session(AT, "0", "3000", &[flag, value]);
        refused(clinic, &nils, &args, &format!("check_in.{field}"))?;
    }
    for args in [
        wellness(AT, &["--revision", "2"]),
        unplanned(AT, "run", &["--revision", "2"]),
        morning(AT, "1", &["--revision", "2"]),
    ] {
        refused(clinic, &nils, &args, "check_in.revision")?;
    }
    let track = predict(AT, &["--track", &nobody]);
    refused(clinic, &nils, &track, "prediction.track_id")?;
    let ahead = now() + TimeDelta::minutes(10);
    let ahead = ahead.to_rfc3339_opts(SecondsFormat::Secs, true);
    refused(clinic, &nils, &predict(&ahead, &[]), "prediction.made_at")?;
    refused(
        clinic,
        &nils,
        &wellness(&ahead, &[]),
        "check_in.performed_at",
    )
}

fn missing_is_never_read_as_a_good_answer(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let without = |mut args: Vec<&'static str>, flag: &str| -> Result<Vec<&'static str>> {
        let at = args.iter().position(|arg| *arg == flag);
        let at = at.ok_or("no such flag")?;
        args.drain(at..at + 2);
        Ok(args)
    };
    let args = without(wellness(AT, &[]), "--ill")?;
    refused(clinic, &nils, &args, "check_in.wellness.ill")?;
    for (flag, field) in [
        ("--kind", "activity"),
        ("--pain-during", "pain_during"),
        ("--pain-after", "pain_after"),
        ("--altered-gait", "altered_gait"),
        ("--swelling", "swelling"),
    ] {
        let args = without(unplanned(AT, "run", &[]), flag)?;
        refused(clinic, &nils, &args, &format!("check_in.unplanned.{field}"))?;
    }
    for (flag, field) in [
        ("--feared", "feared_outcome"),
        ("--likelihood", "likelihood"),
        ("--expected-fear", "expected_fear"),
        ("--expected-pain", "expected_pain"),
    ] {
        let args = without(predict(AT, &[]), flag)?;
        refused(clinic, &nils, &args, &format!("prediction.{field}"))?;
    }
    // No red flag has to be said, whatever it is about.
    for mut args in [wellness(AT, &[]), unplanned(AT, "other", &[])] {
        args.retain(|arg| *arg != "--no-red-flags");
        refused(clinic, &nils, &args, "check_in.red_flags")?;
    }
    // All at once.
    let refusal = nils.refused(
        clinic,
        &[
            "checkin", "wellness", "--at", AT, "--mood", "9", "--sleep", "-5",
        ],
    )?;
    let mut paths = refusal.paths();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "check_in.red_flags",
            "check_in.wellness.ill",
            "check_in.wellness.mood",
            "check_in.wellness.sleep",
        ]
    );
    // What may be left out stays missing: a day on which nothing but health was asked.
    let mut args = vec!["checkin", "wellness", "--at", AT];
    args.extend(["--ill", "no", "--no-red-flags"]);
    let answer = nils.checks_in(&args)?;
    let said = &answer["check_in"]["wellness"];
    assert_eq!(*said, serde_json::json!({"ill": false}));
    Ok(())
}

fn a_prediction_is_answered_once_and_by_its_own_session(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let mia = athlete(clinic, "Mia Holm", "2015-08-01")?;
    let of = |who: &Prescribed| text(&who.member.rung.json(&predict(AT, &[]))?, "/prediction/id");
    let (own, theirs) = (of(&nils)?, of(&mia)?);
    let at = "2015-08-02T08:00:00Z";
    let naming = |rung, id| session(at, rung, "3000", &["--prediction", id]);
    let field = "check_in.session.prediction_id";
    // Another athlete's and one that nobody has: alike.
    let (mut texts, nobody) = (vec![], new_id().to_string());
    for id in [&theirs, &nobody] {
        let refusal = nils.refused(clinic, &naming("0", id))?;
        assert_eq!(refusal.paths(), [field]);
        texts.push(refusal.fields[0].1.clone());
    }
    assert_eq!(texts[0], texts[1], "the text tells them apart");
    refused(clinic, &nils, &naming("1", &own), field)?;
    let answer = nils.checks_in(&naming("0", &own))?;
    let later = "2015-08-04T08:00:00Z";
    let again = session(later, "0", "3000", &["--prediction", &own]);
    refused(clinic, &nils, &again, field)?;
    // Nor by a correction of another session; of the same one it may.
    let other = nils.checks_in(&session(later, "0", "3000", &[]))?;
    let other = text(&other, "/check_in/id")?;
    let correct = [
        "checkin",
        "correct",
        &other,
        "session",
        "--prediction",
        &own,
    ];
    refused(clinic, &nils, &correct, field)?;
    let first = text(&answer, "/check_in/id")?;
    nils.checks_in(&["checkin", "correct", &first, "session", "--fear", "20"])?;
    Ok(())
}

/// What is wrong with a correction in one place, and the field that is named.
fn bent(right: &v1::CheckIn) -> [(&'static str, v1::CheckIn); 4] {
    let wellness = v1::WellnessReport {
        ill: Some(false),
        ..v1::WellnessReport::default()
    };
    let of_another_kind = v1::check_in::Report::Wellness(wellness);
    [
        (
            "check_in.corrects_id",
            v1::CheckIn {
                corrects_id: String::new(),
                ..right.clone()
            },
        ),
        (
            "check_in.report",
            v1::CheckIn {
                report: Some(of_another_kind),
                ..right.clone()
            },
        ),
        (
            "check_in.revision",
            v1::CheckIn {
                revision: 2,
                ..right.clone()
            },
        ),
        (
            "check_in.report",
            v1::CheckIn {
                report: None,
                ..right.clone()
            },
        ),
    ]
}

fn a_correction_is_of_the_athletes_own_check_in_and_of_its_kind(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let mia = athlete(clinic, "Mia Holm", "2015-08-01")?;
    let report = |who: &Prescribed| text(&who.checks_in(&morning(AT, "1", &[]))?, "/check_in/id");
    let (own, theirs) = (report(&nils)?, report(&mia)?);
    // Another athlete's and one that nobody has: alike, whether it is read or corrected.
    let nobody = new_id().to_string();
    let not_found = |refusal: &Refusal| {
        let told = (refusal.exit, refusal.code.as_str(), refusal.reason.as_str());
        assert_eq!(told, (5, "NOT_FOUND", "NOT_FOUND"), "{}", refusal.message);
    };
    let mut texts = vec![];
    for id in [&theirs, &nobody] {
        let refusal = nils.refused(clinic, &["checkin", "show", id])?;
        not_found(&refusal);
        texts.push(refusal.message);
    }
    assert_eq!(texts[0], texts[1], "the text tells them apart");

    // What the client does not send.
    let api = Api::of(clinic, &nils.member.rung)?;
    let mut calls = CheckInServiceClient::new(api.channel());
    let right = v1::CheckIn {
        id: new_id().to_string(),
        corrects_id: own.clone(),
        performed_at: Some(prost_types::Timestamp {
            seconds: now().timestamp(),
            nanos: 0,
        }),
        no_red_flags: true,
        report: Some(v1::check_in::Report::Morning(v1::MorningReport {
            pain: Some(2),
            stiffness: None,
            swelling: v1::Swelling::None.into(),
        })),
        ..v1::CheckIn::default()
    };
    for (field, check_in) in bent(&right) {
        let request = v1::CorrectCheckInRequest {
            check_in: Some(check_in),
        };
        let refused = unchanged(clinic, &nils.member.id, || {
            api.refused(calls.correct_check_in(api.request(request.clone())))
        })?;
        let told = (refused.code, refused.reason.as_str(), refused.fields);
        let field = vec![field.to_owned()];
        assert_eq!(told, (Code::InvalidArgument, "INVALID_FIELDS", field));
    }
    for corrects_id in [theirs, nobody] {
        let request = v1::CorrectCheckInRequest {
            check_in: Some(v1::CheckIn {
                corrects_id,
                ..right.clone()
            }),
        };
        let refused = api.refused(calls.correct_check_in(api.request(request)))?;
        let told = (refused.code, refused.reason.as_str());
        assert_eq!(told, (Code::NotFound, "NOT_FOUND"));
    }
    // A correction is none of SubmitCheckIn's; and an id that is taken is taken.
    let request = v1::SubmitCheckInRequest {
        check_in: Some(right.clone()),
    };
    let refused = api.refused(calls.submit_check_in(api.request(request)))?;
    assert_eq!(refused.fields, ["check_in.corrects_id"]);
    let request = v1::CorrectCheckInRequest {
        check_in: Some(v1::CheckIn { id: own, ..right }),
    };
    let refused = unchanged(clinic, &nils.member.id, || {
        api.refused(calls.correct_check_in(api.request(request.clone())))
    })?;
    let told = (refused.code, refused.reason.as_str());
    assert_eq!(told, (Code::AlreadyExists, "CHECK_IN_ID_REUSED"));
    Ok(())
}

fn the_same_id_is_the_same_prediction(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let without = clinic.athlete("Ida Roth", "Europe/Berlin")?;
    let refusal = without.rung.refused(&predict(AT, &[]))?;
    assert_eq!(
        (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
        (6, "FAILED_PRECONDITION", "NO_PLAN")
    );
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let id = new_id().to_string();
    let first = nils.member.rung.json(&predict(AT, &["--id", &id]))?;
    let naming = session("2015-08-02T08:00:00Z", "0", "3000", &["--prediction", &id]);
    nils.checks_in(&naming)?;
    // The same again, after the world went on: the first answer, and nothing new.
    let again = unchanged(clinic, &nils.member.id, || {
        nils.member.rung.json(&predict(AT, &["--id", &id]))
    })?;
    assert_eq!(again, first);
    let other = predict(AT, &["--id", &id, "--likelihood", "61"]);
    let refusal = nils.refused(clinic, &other)?;
    assert_eq!(
        (
            refusal.exit,
            refusal.code.as_str(),
            refusal.reason.as_str(),
            refusal.paths()
        ),
        (
            6,
            "ALREADY_EXISTS",
            "PREDICTION_ID_REUSED",
            vec!["prediction.id"]
        )
    );
    Ok(())
}
