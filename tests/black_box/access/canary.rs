//! Nothing about people leaves the server but in answers to those who may have them.

use rung_proto::v1;
use rung_tests::{PASSWORD, Result, Settings, new_id, now};

use crate::matrix::{World, walk};

/// Everything is logged that can be.
pub(super) fn settings() -> Settings {
    Settings {
        more: vec!["--log".to_owned(), "trace".to_owned()],
        ..Settings::default()
    }
}

const NOTE: &str = "Argued with my sister at the lighthouse.";
const STIFFNESS: i32 = 457;

/// Names, addresses, notes, measurements, passwords, codes and tokens of everybody in the world; the whole matrix is asked
/// meanwhile. Seen failing with the subject of a token put into the log's line.
pub(super) async fn nothing_about_people_gets_out(world: &mut World) -> Result<()> {
    let request = v1::StartPlanRequest {
        request_id: new_id().to_string(),
        plan_id: world.own.plan.clone(),
        etag: world.plan(&world.own).await?.etag,
        effective_date: Some(v1::Date {
            year: 2026,
            month: 1,
            day: 1,
        }),
    };
    let _: v1::StartPlanResponse = world.ask("care", "PlanService/StartPlan", &request).await?;
    let morning = |id: String, stiffness| v1::SubmitCheckInRequest {
        check_in: Some(v1::CheckIn {
            id,
            performed_at: Some(prost_types::Timestamp {
                seconds: now().timestamp(),
                nanos: 0,
            }),
            no_red_flags: true,
            note: NOTE.to_owned(),
            report: Some(v1::check_in::Report::Morning(v1::MorningReport {
                pain: Some(1),
                stiffness: Some(stiffness),
                swelling: v1::Swelling::None.into(),
            })),
            ..v1::CheckIn::default()
        }),
    };
    let good = morning(new_id().to_string(), STIFFNESS);
    let _: v1::SubmitCheckInResponse = world
        .ask("self", "CheckInService/SubmitCheckIn", &good)
        .await?;
    // Refused, and quoted nowhere.
    let bad = morning("no id".to_owned(), 1_777_313_909);
    let refused: std::result::Result<v1::SubmitCheckInResponse, _> = world
        .try_ask("self", "CheckInService/SubmitCheckIn", &bad)
        .await?;
    let mut told = format!("{:?}", refused.err().ok_or("a bad check-in is taken")?);

    let mut secrets: Vec<String> = [
        NOTE,
        "lighthouse",
        PASSWORD,
        "1777313909",
        "Nils Harbour",
        "Cleo Harbour",
        "Xena Hill",
        "mail.example",
        "family.example",
        "harbour.example",
        "Cheers from the side.",
        "Slept well.",
        "Fell at the finish",
        "Europe/Berlin",
        "PRIVATE KEY",
    ]
    .map(str::to_owned)
    .to_vec();
    secrets.extend(world.people.secrets());
    let refusals = walk(world).await?;
    secrets.extend(world.people.secrets());
    for refusal in refusals {
        told.push_str(&refusal);
        told.push('\n');
    }
    let log = world.server.log();
    assert!(log.contains("SubmitCheckIn"), "nothing is logged");
    assert!(
        log.contains("TRACE") || log.contains("DEBUG"),
        "not everything is logged"
    );
    for secret in &secrets {
        for (place, text) in [("the log", &log), ("an error", &told)] {
            if let Some(line) = text.lines().find(|line| line.contains(secret.as_str())) {
                let line: String = line.chars().take(400).collect();
                panic!("{place} tells {secret:?}: {line}");
            }
        }
    }
    // A measurement is a number like any other; beside its name it would be told.
    for word in ["stiffness", "pain_during", &format!(": {STIFFNESS}")] {
        let line = log.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "the log tells of {word}: {line:?}");
    }
    Ok(())
}
