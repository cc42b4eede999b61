//! What happens in a history: a day, a time unless it is the usual one, and what.

use chrono::{DateTime, NaiveDate, Utc};

use super::plan::{Prescription, after};
use super::word::{clock, day, number, numbers};
use crate::event::{
    Activity, Amendment, Correction, EventBody, MorningReport, Report, RungSetting, SessionReport,
    Swelling, UnplannedReport, WellnessReport,
};
use crate::plan::PlanDefinition;
use crate::red_flag::RedFlag;
use crate::test::story::{
    Story, confidence, dose, effort, fear, metres, morning, pain, report_of, rung, score, sleep,
    stiffness, track_id, wellness,
};

pub(super) fn read(
    prescription: &Prescription,
    story: &Story,
    line: &str,
) -> (NaiveDate, DateTime<Utc>, EventBody) {
    let (date, rest) = day(line);
    let rest = rest.trim_start();
    let (at, what) = match clock(date, rest) {
        Some((at, what)) => (at, what.trim_start()),
        None => (usual(date, rest), rest),
    };
    let (verb, rest) = what.split_once([' ', ',']).unwrap_or((what, ""));
    let clauses: Vec<&str> = rest
        .split(", ")
        .map(str::trim)
        .filter(|c| !c.is_empty())
        .collect();
    if verb == "corrects" {
        return correction(story, &clauses);
    }
    let body = match verb {
        "session" => EventBody::Session(session(prescription, story, &clauses)),
        "morning" => {
            let mut report = morning();
            clauses
                .iter()
                .for_each(|clause| edit_morning(&mut report, clause));
            EventBody::Morning(report)
        }
        "wellness" => {
            let mut report = wellness();
            clauses
                .iter()
                .for_each(|clause| edit_wellness(&mut report, clause));
            EventBody::Wellness(report)
        }
        "unplanned" => {
            let activity = match clauses.first() {
                Some(&"run") => Activity::Run,
                _ => Activity::Other,
            };
            let mut report = effort(activity);
            clauses[1..]
                .iter()
                .for_each(|clause| edit_unplanned(&mut report, clause));
            EventBody::Unplanned(report)
        }
        "time" => EventBody::Tick,
        _ => instruction(prescription, story, date, verb, &clauses),
    };
    (date, at, body)
}

fn usual(date: NaiveDate, what: &str) -> DateTime<Utc> {
    let hour = match what.split([' ', ',']).next() {
        Some("session") => 10,
        Some("morning") => 7,
        Some("wellness") => 8,
        Some("unplanned") => 18,
        Some("start") => 0,
        _ => 12,
    };
    date.and_hms_opt(hour, 0, 0).expect("an hour").and_utc()
}

fn session(prescription: &Prescription, story: &Story, clauses: &[&str]) -> SessionReport {
    let (name, clauses) = match clauses {
        [name, rest @ ..] if prescription.names.iter().any(|known| known == name) => (*name, rest),
        _ => ("", clauses),
    };
    let id = track_id(prescription.place(name));
    let (track, _) = story.plan.track(id).expect("a track of the plan");
    let (done, clauses) = clauses.split_first().expect("a rung");
    let index = rung(number(after(done, "rung ")));
    let earlier = clauses
        .iter()
        .find_map(|clause| clause.strip_prefix("under revision "));
    let mut report = story.report_on(track, index.min(story.plan.tracks[track].ladder.top()));
    report.rung = index;
    if let Some(revision) = earlier {
        let former = &story.former[number(revision) as usize - 1];
        report.earlier = former.earlier_rung(&story.plan, id, index);
        report.dose_done = report.earlier.expect("a rung of that revision").dose;
    }
    clauses
        .iter()
        .for_each(|clause| edit_session(&mut report, clause));
    report
}

fn edit_session(report: &mut SessionReport, clause: &str) {
    match clause.rsplit_once(' ') {
        Some(("pain", all)) => {
            let all: Vec<&str> = all.split('/').collect();
            report.pain_before = (all[0] != "-").then(|| pain(number(all[0])));
            report.pain_during = pain(number(all[1]));
            report.pain_after = pain(number(all[2]));
        }
        Some(("did", amount)) => report.dose_done = dose(number(amount)),
        Some(("no", "confidence")) => report.confidence = None,
        Some(("confidence", value)) => report.confidence = Some(confidence(number(value))),
        Some(("fear", value)) => report.fear = Some(fear(number(value))),
        Some(("feared", "outcome")) => report.feared_outcome = Some(true),
        Some(("no feared", "outcome")) => report.feared_outcome = Some(false),
        Some(("context", key)) => report.context = Some(key.to_owned()),
        Some(("distance", value)) => report.distance = Some(metres(number(value))),
        Some(("swelling", how)) => report.swelling = swelling(how),
        Some(("red flag", code)) => report.red_flags.push(flag(code)),
        Some(("under revision", _)) => {}
        _ if clause == "limp" => report.altered_gait = true,
        _ => panic!("no clause of a session: {clause}"),
    }
}

fn edit_unplanned(report: &mut UnplannedReport, clause: &str) {
    let mut as_session = SessionReport {
        pain_before: report.pain_before,
        ..blank()
    };
    as_session.pain_during = report.pain_during;
    as_session.pain_after = report.pain_after;
    edit_session(&mut as_session, clause);
    report.pain_before = as_session.pain_before;
    report.pain_during = as_session.pain_during;
    report.pain_after = as_session.pain_after;
    report.altered_gait |= as_session.altered_gait;
    report.swelling = report.swelling.max(as_session.swelling);
    report.red_flags.extend(as_session.red_flags);
    report.distance = as_session.distance.or(report.distance);
}

fn blank() -> SessionReport {
    Story::new().report(0)
}

fn edit_morning(report: &mut MorningReport, clause: &str) {
    match clause.rsplit_once(' ') {
        Some(("pain", value)) => report.pain = pain(number(value)),
        Some(("no", "stiffness")) => report.stiffness = None,
        Some(("stiffness", minutes)) => report.stiffness = Some(stiffness(number(minutes))),
        Some(("swelling", how)) => report.swelling = swelling(how),
        Some(("red flag", code)) => report.red_flags.push(flag(code)),
        _ => panic!("no clause of a morning: {clause}"),
    }
}

fn edit_wellness(report: &mut WellnessReport, clause: &str) {
    match clause.rsplit_once(' ') {
        Some(("sleep", minutes)) => report.sleep = Some(sleep(number(minutes))),
        Some(("energy", value)) => report.energy = Some(score(number(value))),
        Some(("calm", value)) => report.calm = Some(score(number(value))),
        Some(("mood", value)) => report.mood = Some(score(number(value))),
        Some(("freshness", value)) => report.freshness = Some(score(number(value))),
        Some(("fuelling", value)) => report.fuelling = Some(score(number(value))),
        Some(("red flag", code)) => report.red_flags.push(flag(code)),
        _ if clause == "ill" => report.ill = true,
        _ if clause == "well" => report.ill = false,
        _ => panic!("no clause of a day: {clause}"),
    }
}

fn swelling(how: &str) -> Swelling {
    match how {
        "none" => Swelling::None,
        "unchanged" => Swelling::Unchanged,
        "increased" => Swelling::Increased,
        _ => panic!("no swelling: {how}"),
    }
}

fn flag(code: &str) -> RedFlag {
    let flag = RedFlag::ALL.iter().find(|flag| flag.code() == code);
    *flag.unwrap_or_else(|| panic!("no red flag: {code}"))
}

/// `corrects session of Mon 2 Mar, pain 0/5/0`: the latest of that day, changed so; its
/// `at` and `date` are those of what it is about.
fn correction(story: &Story, clauses: &[&str]) -> (NaiveDate, DateTime<Utc>, EventBody) {
    let (kind, of) = clauses[0].split_once(" of ").expect("a check-in of a day");
    let (date, _) = day(of);
    let told = story.events.iter().rev().find_map(|event| {
        let report = report_of(event).filter(|_| event.date == date)?;
        let same = match report {
            Report::Session(_) => "session",
            Report::Unplanned(_) => "unplanned",
            Report::Morning(_) => "morning",
            Report::Wellness(_) => "wellness",
        };
        (same == kind).then_some((event, report))
    });
    let (event, was) = told.unwrap_or_else(|| panic!("no {kind} of {of}"));
    let mut now = was.clone();
    for clause in &clauses[1..] {
        match &mut now {
            Report::Session(report) => edit_session(report, clause),
            Report::Unplanned(report) => edit_unplanned(report, clause),
            Report::Morning(report) => edit_morning(report, clause),
            Report::Wellness(report) => edit_wellness(report, clause),
        }
    }
    let correction = Correction {
        corrects: event.id,
        was,
        now,
    };
    (
        event.date,
        event.at,
        EventBody::Correction(Box::new(correction)),
    )
}

fn instruction(
    prescription: &Prescription,
    story: &Story,
    date: NaiveDate,
    verb: &str,
    clauses: &[&str],
) -> EventBody {
    let reason = || "Talked about it".to_owned();
    let first = clauses.first().copied().unwrap_or_default();
    let track = |name: &str| track_id(prescription.place(name));
    match verb {
        "start" => EventBody::Start {
            effective: first.strip_prefix("on ").map_or(date, |text| day(text).0),
        },
        "pause" => EventBody::Pause { reason: reason() },
        "resume" => EventBody::Resume {
            rungs: clauses
                .iter()
                .map(|clause| setting(prescription, clause))
                .collect(),
            reason: reason(),
        },
        "move" => {
            let RungSetting { track, rung } = setting(prescription, first);
            let reason = reason();
            EventBody::MoveTo {
                track,
                rung,
                reason,
            }
        }
        "approve" => EventBody::Approve {
            track: track(first),
            reason: String::new(),
        },
        "decline" => EventBody::Decline {
            track: track(first),
            reason: reason(),
        },
        "amend" => EventBody::Amend(Box::new(amendment(prescription, story, clauses))),
        _ => panic!("nothing that happens: {verb}"),
    }
}

/// `NAME at rung 2`, `NAME to rung 2` or, of the only track, without its name.
fn setting(prescription: &Prescription, clause: &str) -> RungSetting {
    let (name, index) = clause.rsplit_once(" rung ").expect("a rung");
    let name = name.strip_suffix("at").or(name.strip_suffix("to"));
    RungSetting {
        track: track_id(prescription.place(name.expect("at or to").trim())),
        rung: rung(number(index)),
    }
}

/// `without NAME`, `with NAME`, `NAME at rung 2`, `NAME doses 100 200`, or any other
/// clause of a track behind its name.
fn amendment(prescription: &Prescription, story: &Story, clauses: &[&str]) -> Amendment {
    let mut to: PlanDefinition = story.plan.clone();
    to.revision += 1;
    let mut rungs = Vec::new();
    for clause in clauses {
        let (word, rest) = clause.split_once(' ').expect("what changes");
        match word {
            "without" => {
                let id = track_id(prescription.place(rest));
                to.tracks.retain(|track| track.id != id);
            }
            "with" => {
                let id = track_id(prescription.place(rest));
                let added = prescription.later.iter().find(|track| track.id == id);
                to.tracks.push(added.expect("a later track").clone());
            }
            name if rest.starts_with("at rung ") => {
                rungs.push(setting(prescription, clause));
                assert!(!name.is_empty(), "whose rung?");
            }
            name => {
                let id = track_id(prescription.place(name));
                let track = to.tracks.iter_mut().find(|track| track.id == id);
                let track = track.expect("a track of the plan");
                match rest.strip_prefix("doses ") {
                    Some(doses) => {
                        let (kind, profile) = (track.ladder.kind, track.ladder.profile);
                        track.ladder = crate::test::story::ladder(kind, profile, &numbers(doses));
                    }
                    None => prescription.edit(track, rest),
                }
            }
        }
    }
    Amendment {
        to,
        rungs,
        reason: "Another plan fits better".to_owned(),
    }
}
