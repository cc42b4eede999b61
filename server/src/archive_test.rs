use rung_progression::{
    CheckInId, EventBody, EventId, Judged, MorningReport, PainScore, Step, Swelling,
    simulation::Replay,
};
use serde_json::json;
use sqlx::types::Json;

use super::*;
use crate::{
    clock::{Ambient as _, System},
    storage::{
        check_in::{Judgement, Report, ReportBody},
        conformance::fixture::{amends, definition, noon},
    },
};

/// An athlete with a plan that was started, and a morning that was reported, as lines.
pub(crate) fn lines() -> Vec<String> {
    let (plan_id, physio) = (
        PlanId::from(System.new_id()),
        PersonId::from(System.new_id()),
    );
    let athlete = AthleteId::from(System.new_id());
    let definition = definition();
    let morning = MorningReport {
        pain: PainScore::try_from(1_i64).unwrap(),
        stiffness: None,
        swelling: Swelling::None,
        red_flags: vec![],
    };
    let date = noon().date_naive();
    let mut to = definition.clone();
    to.anchors = vec!["Water before".to_owned()];
    let changes = definition.changes(&to);
    let bodies = [
        EventBody::Start { effective: date },
        amends(&definition, to),
        EventBody::Morning(morning.clone()),
    ];
    let first = Revision::first(definition.clone(), noon(), physio);
    let (mut revisions, mut events, mut decisions) = (vec![first], vec![], vec![]);
    let mut replay = Replay::new(definition);
    for (seq, body) in (1..).zip(bodies) {
        let (plan, before) = (replay.plan().clone(), replay.state().clone());
        let event = Event {
            id: EventId::from(System.new_id()),
            seq,
            at: noon(),
            date,
            revision: plan.revision,
            body,
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
                    changes: changes.clone(),
                }),
                created_at: noon(),
                created_by: physio,
            });
        }
        events.push(event);
    }
    let state = replay.state().clone();
    let check_in = StoredCheckIn {
        id: CheckInId::from(events[2].id.uuid()),
        plan_id,
        seq: 3,
        fingerprint: vec![7; 32],
        performed_at: noon(),
        time_zone: "UTC".to_owned(),
        civil_date: date,
        recorded_at: noon(),
        entered_by: physio,
        judged: Judgement::Fully,
        report: Json(Report {
            note: "slept well".to_owned(),
            body: ReportBody::Morning { judged: morning },
        }),
    };
    let plan = Plan {
        id: plan_id,
        version: 3,
        status: Status::of(&state),
        revisions: vec![],
        state,
        goals: vec![],
        last_check_in_at: Some(noon()),
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
        lines.push(pen.line("revision", &Revised::of(plan_id, revision)).unwrap());
    }
    for record in FOR_THE_READER {
        lines.push(pen.line(record, &json!({"id": physio})).unwrap());
    }
    for event in events {
        let happened = Happened {
            plan_id,
            event,
            recorded_at: noon(),
            recorded_by: physio,
        };
        lines.push(pen.line("event", &happened).unwrap());
    }
    for decision in decisions {
        let decided = Ruling {
            id: DecisionId::from(System.new_id()),
            plan_id,
            check_in_id: None,
            decision,
            decided_at: noon(),
        };
        lines.push(pen.line("decision", &decided).unwrap());
    }
    lines.push(pen.line("check_in", &check_in).unwrap());
    lines.push(pen.seal().unwrap());
    lines
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
        ("revision", |revision| later(revision, |r| r["seq"] = 3.into())),
        ("revision", |revision| later(revision, |r| r["seq"] = Value::Null)),
        ("revision", |revision| later(revision, |r| r["reason"] = "Another.".into())),
        ("revision", |revision| later(revision, |r| r["changes"] = json!([]))),
        ("revision", |revision| later(revision, |r| r["definition"]["concurrent"] = true.into())),
        ("revision", |revision| later(revision, |r| r["created_by"] = r["plan_id"].clone())),
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
