use rung_progression::{
    CheckInId, Correction, EventBody, EventId, Judged, MorningReport, PainScore, RungIndex,
    SessionReport, Step, Swelling, simulation::Replay,
};
use serde_json::json;
use sqlx::types::Json;

use super::*;
use crate::{
    clock::{Ambient as _, System},
    storage::{
        check_in::{Judgement, Reflection, Report, ReportBody},
        conformance::fixture::{amends, definition, noon},
    },
};

/// Something that happened, and what was stored of it if it was reported.
struct Told {
    id: Uuid,
    body: EventBody,
    report: Option<ReportBody>,
    corrects: Option<Uuid>,
    prediction: Option<Uuid>,
}

impl Told {
    fn start() -> Self {
        Self {
            id: System.new_id(),
            body: EventBody::Start {
                effective: noon().date_naive(),
            },
            report: None,
            corrects: None,
            prediction: None,
        }
    }

    /// To the first revision.
    fn amendment(first: &PlanDefinition) -> Self {
        let mut to = first.clone();
        to.anchors = vec!["Water before".to_owned()];
        Self {
            body: amends(first, to),
            ..Self::start()
        }
    }

    fn report(report: ReportBody) -> Self {
        Self {
            body: report.happened(),
            report: Some(report),
            ..Self::start()
        }
    }

    /// In place of `first`, of which `last` was said last.
    fn correction(first: &Self, last: &Self, report: ReportBody) -> Self {
        let correction = Correction {
            corrects: EventId::from(last.id),
            was: last.report.as_ref().unwrap().judged(),
            now: report.judged(),
        };
        Self {
            body: EventBody::Correction(Box::new(correction)),
            report: Some(report),
            corrects: Some(first.id),
            ..Self::start()
        }
    }
}

fn morning(pain: i64) -> ReportBody {
    ReportBody::Morning {
        judged: MorningReport {
            pain: PainScore::try_from(pain).unwrap(),
            stiffness: None,
            swelling: Swelling::None,
            red_flags: vec![],
        },
    }
}

/// An athlete with a plan that was started, and a morning that was reported, as lines.
pub(crate) fn lines() -> Vec<String> {
    let definition = definition();
    let happened = vec![
        Told::start(),
        Told::amendment(&definition),
        Told::report(morning(1)),
    ];
    archive(&definition, happened, &[])
}

/// A check-in at noon: its id, the one that it corrects and the prediction that it answers.
fn stored(
    body: ReportBody,
    (id, corrects, prediction): (Uuid, Option<Uuid>, Option<Uuid>),
    seq: u64,
    revision: u32,
    physio: PersonId,
) -> StoredCheckIn {
    StoredCheckIn {
        id: CheckInId::from(id),
        plan_id: plan_id(),
        seq: seq.cast_signed(),
        fingerprint: vec![7; 32],
        performed_at: noon(),
        time_zone: "UTC".to_owned(),
        civil_date: noon().date_naive(),
        recorded_at: noon(),
        entered_by: physio,
        judged: Judgement::Fully,
        revision,
        corrects_id: corrects,
        prediction_id: prediction,
        report: Json(Report {
            note: "slept well".to_owned(),
            body,
        }),
        corrected_by: None,
        predicted_at: None,
    }
}

fn happened(event: Event, physio: PersonId) -> Happened {
    Happened {
        plan_id: plan_id(),
        event,
        recorded_at: noon(),
        recorded_by: physio,
    }
}

fn ruling(decision: rung_progression::Record) -> Ruling {
    Ruling {
        id: DecisionId::from(System.new_id()),
        plan_id: plan_id(),
        check_in_id: None,
        decision,
        decided_at: noon(),
    }
}

/// The lines of an athlete with one plan, to which all this has happened.
fn archive(
    definition: &PlanDefinition,
    told: Vec<Told>,
    predictions: &[StoredPrediction],
) -> Vec<String> {
    let (plan_id, physio) = (plan_id(), PersonId::from(System.new_id()));
    let athlete = AthleteId::from(System.new_id());
    let date = noon().date_naive();
    let first = Revision::first(definition.clone(), noon(), physio);
    let (mut revisions, mut events) = (vec![first], vec![]);
    let (mut decisions, mut check_ins) = (vec![], vec![]);
    let mut replay = Replay::new(definition.clone());
    for (seq, told) in (1..).zip(told) {
        let (plan, before) = (replay.plan().clone(), replay.state().clone());
        let event = Event {
            id: EventId::from(told.id),
            seq,
            at: noon(),
            date,
            revision: plan.revision,
            body: told.body,
        };
        let (decided, judged) = replay.next(&event);
        assert!(judged == Judged::Fully);
        let step = Step {
            state: replay.state().clone(),
            decisions: decided,
            judged,
        };
        decisions.extend(step.records(&plan, &before));
        if let EventBody::Amend(amendment) = &event.body {
            revisions.push(Revision {
                definition: amendment.to.clone(),
                amendment: Some(Amended {
                    seq: seq.cast_signed(),
                    reason: amendment.reason.clone(),
                    changes: plan.changes(&amendment.to),
                }),
                created_at: noon(),
                created_by: physio,
            });
        }
        events.push(event);
        let Some(body) = told.report else {
            continue;
        };
        check_ins.push(stored(
            body,
            (told.id, told.corrects, told.prediction),
            seq,
            plan.revision,
            physio,
        ));
    }
    let state = replay.state().clone();
    let plan = Plan {
        id: plan_id,
        version: state.seq.cast_signed(),
        status: Status::of(&state),
        revisions: vec![],
        state,
        goals: vec![],
        last_check_in_at: (!check_ins.is_empty()).then(noon),
        created_at: noon(),
        created_by: physio,
    };
    let mut pen = Pen::new();
    let manifest = Manifest::new(ClinicId::from(System.new_id()), athlete, noon());
    let person = json!({
        "id": athlete, "etag": 3, "display_name": "Nora", "time_zone": "Europe/Berlin", "person_id": null,
        "created_at": noon(), "created_by": physio,
    });
    let mut lines = vec![
        pen.line("manifest", &manifest).unwrap(),
        pen.line("athlete", &person).unwrap(),
        pen.line("plan", &plan).unwrap(),
    ];
    for revision in revisions {
        lines.push(
            pen.line("revision", &Revised::of(plan_id, revision))
                .unwrap(),
        );
    }
    for record in FOR_THE_READER {
        lines.push(pen.line(record, &json!({"id": physio})).unwrap());
    }
    for event in events {
        lines.push(pen.line("event", &happened(event, physio)).unwrap());
    }
    for decision in decisions {
        lines.push(pen.line("decision", &ruling(decision)).unwrap());
    }
    for check_in in check_ins {
        lines.push(pen.line("check_in", &check_in).unwrap());
    }
    for prediction in predictions {
        lines.push(pen.line("prediction", prediction).unwrap());
    }
    lines.push(pen.seal().unwrap());
    lines
}

/// The one plan of these archives.
fn plan_id() -> PlanId {
    PlanId::from(Uuid::from_u128(7))
}

/// A prediction for the lowest rung.
fn prediction(definition: &PlanDefinition) -> StoredPrediction {
    StoredPrediction {
        id: System.new_id(),
        plan_id: plan_id(),
        revision: 1,
        track_id: definition.tracks[0].id,
        rung: 0_u32.try_into().unwrap(),
        fingerprint: vec![5; 32],
        made_at: noon(),
        recorded_at: noon(),
        entered_by: PersonId::from(System.new_id()),
        feared_outcome: "it gives way".to_owned(),
        likelihood: 60,
        expected_fear: 70_u32.try_into().unwrap(),
        expected_pain: 4_u32.try_into().unwrap(),
        check_in_id: None,
        performed_at: None,
    }
}

/// A session on the lowest rung.
fn session(definition: &PlanDefinition, lesson: &str) -> ReportBody {
    let track = &definition.tracks[0];
    let zero = || 0_u32.try_into().unwrap();
    ReportBody::Session {
        judged: Box::new(SessionReport {
            track: track.id,
            rung: zero_rung(),
            pain_before: None,
            pain_during: zero(),
            pain_after: zero(),
            altered_gait: false,
            swelling: Swelling::None,
            red_flags: vec![],
            dose_done: track.rung(zero_rung()).unwrap().dose,
            confidence: None,
            fear: None,
            feared_outcome: None,
            context: None,
            distance: None,
            earlier: None,
        }),
        detail: Box::default(),
        reflection: Reflection {
            surprise: None,
            lesson: lesson.to_owned(),
        },
    }
}

fn zero_rung() -> RungIndex {
    0_u32.try_into().unwrap()
}

fn read(lines: &[String]) -> Result<Archive> {
    Archive::read((lines.join("\n") + "\n").as_bytes())
}

fn told(outcome: Result<Archive>) -> String {
    match outcome {
        Ok(_) => "taken in".to_owned(),
        Err(e) => e.cause().unwrap_or_else(|| e.to_string()),
    }
}

/// The lines with `change` done to those of `record`, under a seal of their own.
fn resealed(lines: &[String], record: &str, change: impl Fn(&mut Value)) -> Vec<String> {
    let mut pen = Pen::new();
    let mut changed = vec![];
    for line in &lines[..lines.len() - 1] {
        let mut object: Value = serde_json::from_str(line).unwrap();
        let is = object["record"].as_str().unwrap().to_owned();
        if is == record {
            change(&mut object);
        }
        if !object.is_null() {
            changed.push(pen.line(&is, &object).unwrap());
        }
    }
    changed.push(pen.seal().unwrap());
    changed
}

#[test]
fn what_was_written_reads_back() {
    let archive = read(&lines()).unwrap();
    assert_eq!((archive.plans.len(), archive.events.len()), (1, 3));
    assert_eq!(archive.plans[0].revisions.len(), 2);
    assert_eq!(archive.check_ins[0].fingerprint, [7; 32]);
    assert_eq!(archive.check_ins[0].report.note, "slept well");
}

// Seen failing with the digest not compared, and with the number of lines not.
#[test]
fn an_archive_that_is_not_whole_or_was_changed_is_refused() {
    let whole = lines();
    for place in 0..whole.len() {
        let mut less = whole.clone();
        less.remove(place);
        assert!(read(&less).is_err(), "without line {place}");
        let mut twice = whole.clone();
        twice.insert(place, whole[place].clone());
        assert!(read(&twice).is_err(), "line {place} twice");
    }
    let mut bent = whole.clone();
    let place = bent
        .iter()
        .position(|line| line.contains("slept well"))
        .unwrap();
    bent[place] = bent[place].replace("slept well", "slept ill!");
    assert!(told(read(&bent)).contains("is a seal that does not fit"));
    let mut more = whole.clone();
    more.push(whole[1].clone());
    assert!(told(read(&more)).contains("more follows"));
    for text in ["", "\n", "{}", "nonsense"] {
        assert!(Archive::read(text.as_bytes()).is_err(), "{text}");
    }
    let endless = "x".repeat(LINE_BYTES + 1);
    assert!(told(Archive::read(endless.as_bytes())).contains("larger than an archive can be"));
}

type Change = fn(&mut Value);

/// Does it to a revision that an amendment made.
fn later(revision: &mut Value, change: Change) {
    if !revision["seq"].is_null() {
        change(revision);
    }
}

// Seen failing with state, decisions, check-ins and versions not compared, one by one.
#[test]
fn an_archive_whose_seal_fits_and_whose_story_does_not_is_refused() {
    let whole = lines();
    assert_eq!(told(read(&resealed(&whole, "none", |_| {}))), "taken in");
    let cases: [(&str, Change); 17] = [
        ("plan", |plan| plan["version"] = 1.into()),
        ("plan", |plan| plan["status"] = "DRAFT".into()),
        ("plan", |plan| plan["state"]["tracks"][0]["rung"] = 5.into()),
        ("plan", |plan| plan["last_check_in_at"] = Value::Null),
        ("event", |event| event["event"]["revision"] = 3.into()),
        ("revision", |revision| *revision = Value::Null),
        ("revision", |revision| later(revision, |r| *r = Value::Null)),
        ("revision", |revision| {
            later(revision, |r| r["seq"] = 3.into());
        }),
        ("revision", |revision| {
            later(revision, |r| r["seq"] = Value::Null);
        }),
        ("revision", |revision| {
            later(revision, |r| r["reason"] = "Another.".into());
        }),
        ("revision", |revision| {
            later(revision, |r| r["changes"] = json!([]));
        }),
        ("revision", |revision| {
            later(revision, |r| r["definition"]["concurrent"] = true.into());
        }),
        ("revision", |revision| {
            later(revision, |r| r["created_by"] = r["plan_id"].clone());
        }),
        ("check_in", |c| c["report"]["judged"]["pain"] = 9.into()),
        ("check_in", |c| c["id"] = System.new_id().to_string().into()),
        ("check_in", |c| *c = Value::Null),
        ("manifest", |m| m["engine_version"] = 0.into()),
    ];
    for (number, (record, change)) in cases.into_iter().enumerate() {
        let outcome = read(&resealed(&whole, record, change));
        assert!(outcome.is_err(), "case {number}: {record}");
    }
    let foreign = resealed(&whole, "athlete", |a| {
        a["id"] = System.new_id().to_string().into();
    });
    assert!(told(read(&foreign)).contains("somebody else"));
}

/// What is said of `lines` with the field of `record` at `pointer` set to `value`.
fn told_with(lines: &[String], record: &str, pointer: &str, value: &Value) -> String {
    told(read(&resealed(lines, record, |object| {
        let target = object.pointer_mut(pointer);
        *target.unwrap_or_else(|| panic!("{record}{pointer}")) = value.clone();
    })))
}

// Seen failing with the fields not read, and with those of the check-ins not read.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases, each a few lines")]
fn what_no_request_could_have_brought_is_refused_and_not_quoted() {
    let whole = lines();
    let long = |length: usize| Value::from("secret".repeat(length));
    let cases = [
        ("athlete", "/display_name", json!(""), "display_name"),
        ("athlete", "/display_name", long(17), "display_name"),
        (
            "athlete",
            "/display_name",
            json!("secret\u{202e}"),
            "display_name",
        ),
        (
            "athlete",
            "/display_name",
            json!("secret\u{0}"),
            "display_name",
        ),
        ("athlete", "/display_name", json!(" secret"), "display_name"),
        ("athlete", "/time_zone", json!("secret"), "time_zone"),
        (
            "athlete",
            "/created_at",
            json!("+12026-03-02T12:00:00Z"),
            "created_at",
        ),
        (
            "athlete",
            "/created_at",
            json!("2026-03-02T12:00:00.000000001Z"),
            "created_at",
        ),
        (
            "plan",
            "/created_at",
            json!("0001-03-02T12:00:00Z"),
            "created_at",
        ),
        (
            "revision",
            "/definition/anchors",
            json!(["secret\u{7}"]),
            "definition.anchors[0]",
        ),
        (
            "plan",
            "/goals",
            json!([{"id": System.new_id(), "what": "secret\u{7}", "version": 1}]),
            "goals that it could not have",
        ),
        (
            "event",
            "/recorded_at",
            json!("+12026-03-02T12:00:00Z"),
            "recorded_at",
        ),
        (
            "event",
            "/event/at",
            json!("+12026-03-02T12:00:00Z"),
            "event.at",
        ),
        ("event", "/event/date", json!("+12026-03-02"), "event.date"),
        (
            "decision",
            "/decided_at",
            json!("+12026-03-02T12:00:00Z"),
            "decided_at",
        ),
        ("check_in", "/report/note", long(700), "note"),
        ("check_in", "/report/note", json!("secret\u{1b}[2J"), "note"),
        (
            "check_in",
            "/report/note",
            json!(" secret"),
            "stored otherwise",
        ),
        ("check_in", "/time_zone", json!("secret"), "time_zone"),
        (
            "check_in",
            "/time_zone",
            json!("Pacific/Kiritimati"),
            "stored otherwise",
        ),
        (
            "check_in",
            "/recorded_at",
            json!("2026-03-02T11:54:59Z"),
            "performed_at",
        ),
        ("check_in", "/fingerprint", json!("BwcH"), "fingerprint"),
    ];
    for (record, pointer, value, named) in cases {
        let told = told_with(&whole, record, pointer, &value);
        assert!(told.contains(named), "{record}{pointer} {value}: {told}");
        assert!(!told.contains("secret"), "{told}");
    }
    // A date beyond the calendar's middle is told before anything is counted from it.
    let far = resealed(&whole, "event", |event| {
        if let Some(effective) = event.pointer_mut("/event/body/effective") {
            *effective = json!("+262142-12-31");
        }
    });
    let told = told(read(&far));
    assert!(told.contains("effective"), "{told}");
}

// Seen failing with the advice left out.
#[test]
fn an_archive_of_other_rules_is_told_what_to_do() {
    let told = told_with(&lines(), "manifest", "/engine_version", &json!(7));
    assert!(told.contains("rules have version 7"), "{told}");
    assert!(
        told.contains("take it in with a rungd of their version"),
        "{told}"
    );
}

#[test]
fn what_does_not_read_is_told_by_its_line_and_not_quoted() {
    let bent = resealed(&lines(), "check_in", |c| {
        c["report"]["judged"]["pain"] = "hurts".into();
    });
    let told = told(read(&bent));
    assert!(told.contains("line ") && !told.contains("hurts"), "{told}");
}

// Seen failing with what was said last not compared, with the first check-in not looked for, with a prediction not looked
// for, with its rung not compared, and with the other session that answers it not noticed.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases, each a few lines")]
fn corrections_and_predictions_fit_together_or_are_refused() {
    type Bend<'a> = Box<dyn Fn(&mut Value) + 'a>;

    let definition = definition();
    let feared = prediction(&definition);
    let other = prediction(&definition);
    let first = Told {
        prediction: Some(feared.id),
        ..Told::report(session(&definition, ""))
    };
    let second = Told::correction(&first, &first, session(&definition, "it held"));
    let third = Told {
        prediction: Some(feared.id),
        ..Told::correction(&first, &second, session(&definition, "it held up"))
    };
    let (first_id, second_id) = (first.id, second.id);
    let free = Told {
        prediction: Some(other.id),
        ..Told::report(session(&definition, ""))
    };
    let free_id = free.id;
    let happened = vec![Told::start(), first, second, third, free];
    let whole = archive(&definition, happened, &[feared.clone(), other]);
    let read_back = read(&whole).unwrap();
    assert_eq!(
        (read_back.check_ins.len(), read_back.predictions.len()),
        (4, 2)
    );
    assert_eq!(read_back.check_ins[2].corrects_id, Some(first_id));

    let id_of = |value: &Value| value["id"].as_str().unwrap_or_default().to_owned();
    let is = |value: &Value, id: Uuid| id_of(value) == id.to_string();
    let cases: Vec<(&str, &str, Bend<'_>)> = vec![
        (
            "no correction",
            "check_in",
            Box::new(|c| {
                if is(c, second_id) {
                    c["corrects_id"] = Value::Null;
                }
            }),
        ),
        (
            "a correction of a correction alone",
            "check_in",
            Box::new(|c| {
                if !c["corrects_id"].is_null() && !is(c, second_id) {
                    c["corrects_id"] = second_id.to_string().into();
                }
            }),
        ),
        (
            "what was said before",
            "event",
            Box::new(|e| {
                if let Some(was) = e.pointer_mut("/event/body/was/pain_during") {
                    *was = 1.into();
                }
            }),
        ),
        (
            "what was not said last",
            "event",
            Box::new(|e| {
                if e.pointer("/event/body/corrects").is_some() {
                    e["event"]["body"]["corrects"] = first_id.to_string().into();
                }
            }),
        ),
        (
            "no such prediction",
            "prediction",
            Box::new(|p| {
                if is(p, feared.id) {
                    *p = Value::Null;
                }
            }),
        ),
        (
            "of another rung",
            "prediction",
            Box::new(|p| p["rung"] = 1.into()),
        ),
        (
            "two sessions to one prediction",
            "check_in",
            Box::new(|c| {
                if is(c, free_id) {
                    c["prediction_id"] = feared.id.to_string().into();
                }
            }),
        ),
        (
            "beyond the scale",
            "prediction",
            Box::new(|p| p["likelihood"] = 101.into()),
        ),
        (
            "a revision that is not there",
            "check_in",
            Box::new(|c| c["revision"] = 2.into()),
        ),
        (
            "a plan that is not there",
            "prediction",
            Box::new(|p| p["plan_id"] = System.new_id().to_string().into()),
        ),
    ];
    for (what, record, bend) in cases {
        let bent = resealed(&whole, record, bend);
        assert_ne!(bent, whole, "{what} is bent");
        let outcome = told(read(&bent));
        assert!(
            outcome.contains("the archive was not taken in"),
            "{what}: {outcome}"
        );
    }
}
