//! Nothing about people leaves the server but in answers to those who may have them.

use aho_corasick::AhoCorasick;
use rung_proto::v1;
use rung_tests::{PASSWORD, Result, Settings, fail, new_id, now};

use crate::matrix::{World, walk};

/// Everything is logged that can be.
pub(super) fn settings() -> Settings {
    Settings {
        more: vec!["--log".to_owned(), "trace".to_owned()],
        ..Settings::default()
    }
}

const NOTE: &str = "Argued with my sister at the lighthouse.";
const WENT_WELL: &str = "Counted herons all the way.";
const LESSON: &str = "The footbridge only looks as if it sways.";
const FEARED: &str = "I freeze halfway over the weir.";
const STIFFNESS: i32 = 457;
/// Pain, and stiffness, as nobody has them: they are refused, and no other number is like them.
const TOO_MUCH: [i32; 5] = [
    1_777_313_905,
    1_777_313_906,
    1_777_313_907,
    1_777_313_908,
    1_777_313_909,
];
/// What stands beside a measurement wherever it is told of: its name in the contract.
const WORDS: [&str; 9] = [
    "pain",
    "stiffness",
    "swelling",
    "dose_done",
    "altered_gait",
    "fuelling",
    "feared_outcome",
    "likelihood",
    "surprise",
];

/// Names, addresses, notes, measurements, passwords, codes and tokens of everybody in the world; the whole matrix is asked
/// meanwhile. Seen failing with the subject of a token put into the log's line, and with a code, a refused number and
/// the word `pain` logged.
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
    let reports = [
        morning(1, STIFFNESS),
        session(&world.own.track, [1, 2, 3]),
        day(2),
        unplanned([1, 2, 3]),
    ];
    for report in reports {
        let request = check_in(new_id().to_string(), report);
        let _: v1::SubmitCheckInResponse = world
            .ask("self", "CheckInService/SubmitCheckIn", &request)
            .await?;
    }
    let request = v1::RecordPredictionRequest {
        prediction: Some(prediction()),
    };
    let _: v1::RecordPredictionResponse = world
        .ask("self", "CheckInService/RecordPrediction", &request)
        .await?;
    // Refused, and quoted nowhere.
    let [before, during, after, pain, stiffness] = TOO_MUCH;
    let mut told = String::new();
    for report in [
        morning(pain, stiffness),
        session(&world.own.track, [before, during, after]),
        unplanned([before, during, after]),
    ] {
        let bad = check_in("no id".to_owned(), report);
        let refused: std::result::Result<v1::SubmitCheckInResponse, _> = world
            .try_ask("self", "CheckInService/SubmitCheckIn", &bad)
            .await?;
        let status = refused.err().ok_or("a bad check-in is taken")?;
        // It names the fields and says what would be right.
        let text = format!("{status:?}\n");
        assert!(text.contains("pain"), "{text}");
        told.push_str(&text);
    }

    let mut secrets: Vec<String> = [
        NOTE,
        "lighthouse",
        WENT_WELL,
        "herons",
        LESSON,
        "footbridge",
        FEARED,
        "weir",
        PASSWORD,
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
    secrets.extend(TOO_MUCH.map(|number| number.to_string()));
    let refusals = walk(world).await?.join("\n");
    told.push_str(&refusals);
    // Every token, code and secret that anybody was given meanwhile or asked with.
    let given = world.wire.secrets.all();
    for kind in ["access_token", "code", "link", "recovery_codes", "secret"] {
        assert!(given.values().any(|known| *known == kind), "no {kind}");
    }
    secrets.extend(given.into_keys());
    let log = world.server.log();
    assert!(log.contains("SubmitCheckIn"), "nothing is logged");
    assert!(
        log.contains("TRACE") || log.contains("DEBUG"),
        "not everything is logged"
    );
    for (place, text) in [("the log", &log), ("an error", &told)] {
        lacks(place, text, &secrets)?;
    }
    // A measurement is a number like any other; beside its name it would be told. The refused reports named their fields
    // to the one whose they are; nobody else is told of any.
    lacks("an error", &refusals, &WORDS)?;
    lacks("the log", &beside_statements(&log), &WORDS)?;
    lacks("the log", &log, &[format!(": {STIFFNESS}")])
}

/// The log without the text of statements: it names columns, and values are bound to it, never written into it.
fn beside_statements(log: &str) -> String {
    let lines = log.lines().map(|line| {
        let mut read = serde_json::from_str(line).unwrap_or_else(|_| line.into());
        if let serde_json::Value::Object(fields) = &mut read
            && fields.remove("db.statement").is_some()
        {
            fields.remove("summary");
        }
        format!("{read}\n")
    });
    lines.collect()
}

/// There are thousands of secrets and a log of many megabytes: all are looked for at once.
fn lacks<S: AsRef<[u8]>>(place: &str, text: &str, secrets: &[S]) -> Result<()> {
    let Some(found) = AhoCorasick::new(secrets)?.find(text) else {
        return Ok(());
    };
    let begins = text[..found.start()].rfind('\n').map_or(0, |end| end + 1);
    let line: String = text[begins..].lines().take(1).collect();
    let line: String = line.chars().take(400).collect();
    fail(format!("{place} tells {:?}: {line}", &text[found.range()]))
}

fn check_in(id: String, report: v1::check_in::Report) -> v1::SubmitCheckInRequest {
    v1::SubmitCheckInRequest {
        check_in: Some(v1::CheckIn {
            id,
            performed_at: Some(prost_types::Timestamp {
                seconds: now().timestamp(),
                nanos: 0,
            }),
            no_red_flags: true,
            note: NOTE.to_owned(),
            report: Some(report),
            ..v1::CheckIn::default()
        }),
    }
}

fn morning(pain: i32, stiffness: i32) -> v1::check_in::Report {
    v1::check_in::Report::Morning(v1::MorningReport {
        pain: Some(pain),
        stiffness: Some(stiffness),
        swelling: v1::Swelling::None.into(),
    })
}

fn session(track: &str, [before, during, after]: [i32; 3]) -> v1::check_in::Report {
    v1::check_in::Report::Session(v1::SessionReport {
        track_id: track.to_owned(),
        rung: Some(0),
        pain_before: Some(before),
        pain_during: Some(during),
        pain_after: Some(after),
        altered_gait: Some(false),
        swelling: v1::Swelling::None.into(),
        dose_done: Some(3000),
        went_well: WENT_WELL.to_owned(),
        lesson: LESSON.to_owned(),
        ..v1::SessionReport::default()
    })
}

fn day(score: i32) -> v1::check_in::Report {
    v1::check_in::Report::Wellness(v1::WellnessReport {
        ill: Some(false),
        fuelling: Some(score),
        ..v1::WellnessReport::default()
    })
}

fn unplanned([before, during, after]: [i32; 3]) -> v1::check_in::Report {
    v1::check_in::Report::Unplanned(v1::UnplannedReport {
        activity: v1::Activity::Run.into(),
        pain_before: Some(before),
        pain_during: Some(during),
        pain_after: Some(after),
        altered_gait: Some(false),
        swelling: v1::Swelling::None.into(),
        went_well: WENT_WELL.to_owned(),
        ..v1::UnplannedReport::default()
    })
}

fn prediction() -> v1::Prediction {
    v1::Prediction {
        id: new_id().to_string(),
        rung: Some(0),
        made_at: Some(prost_types::Timestamp {
            seconds: now().timestamp(),
            nanos: 0,
        }),
        feared_outcome: FEARED.to_owned(),
        likelihood: Some(60),
        expected_fear: Some(70),
        expected_pain: Some(4),
        ..v1::Prediction::default()
    }
}
