//! Whether each field of an archive is as a request could have brought it: the same readers, on what is said to be stored.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, EventBody, PlanDefinition};

use super::fault;
use crate::{
    archive::{Athlete, Happened, Plan, Ruling},
    error::{Error, Result, Violation},
    rpc::{
        athlete::described,
        check_in::{Prescribed, answers, could_be_predicted, could_be_sent},
        field::Fields,
        time::{date, timestamp},
    },
    storage::{check_in::StoredCheckIn, plan::Revision, prediction::StoredPrediction},
};

/// SHA-256.
const FINGERPRINT_BYTES: usize = 32;

pub(super) fn athlete(athlete: &Athlete) -> Result<()> {
    let mut f = Fields::new();
    if let Some((name, zone)) = described(&mut f, &athlete.display_name, &athlete.time_zone)
        && (name != athlete.display_name || zone.name() != athlete.time_zone)
    {
        f.fault("display_name", "has blanks around it");
    }
    instant(&mut f, "created_at", athlete.created_at);
    told(f, "an athlete")
}

pub(super) fn plan(plan: &Plan, events: &[&Happened], decisions: &[&Ruling]) -> Result<()> {
    let mut f = Fields::new();
    for revision in &plan.revisions {
        for fault in revision.definition.validate() {
            // The engine's own words may name keys of a ladder as they stand there.
            let path = format!("definition.{}", fault.path);
            f.fault(&path, "could not be prescribed");
        }
        instant(&mut f, "revision.created_at", revision.created_at);
    }
    instant(&mut f, "created_at", plan.created_at);
    told(f, &format!("plan {}", plan.id))?;
    for happened in events {
        let mut f = Fields::new();
        instant(&mut f, "recorded_at", happened.recorded_at);
        instant(&mut f, "event.at", happened.event.at);
        f.date("event.date", Some(&date(happened.event.date)));
        if let EventBody::Start { effective } = happened.event.body {
            f.date("event.body.effective", Some(&date(effective)));
        }
        told(f, &format!("event {}", happened.event.id))?;
    }
    for ruling in decisions {
        let mut f = Fields::new();
        instant(&mut f, "decided_at", ruling.decided_at);
        told(f, &format!("decision {}", ruling.id))?;
    }
    Ok(())
}

pub(super) fn reports(
    athlete: AthleteId,
    plan: &Plan,
    predictions: &[&StoredPrediction],
    check_ins: &[&StoredCheckIn],
) -> Result<()> {
    let mut expected = BTreeMap::new();
    for prediction in predictions {
        let mut f = Fields::new();
        instant(&mut f, "recorded_at", prediction.recorded_at);
        match under(plan, prediction.revision) {
            Some(under) => could_be_predicted(&mut f, athlete, prediction, under),
            None => f.fault("revision", "is none of the plan"),
        }
        fingerprint(&mut f, &prediction.fingerprint);
        if expected.insert(prediction.id, *prediction).is_some() {
            f.fault("id", "is there twice");
        }
        told(f, &format!("prediction {}", prediction.id))?;
    }
    for check_in in check_ins {
        let mut f = Fields::new();
        instant(&mut f, "recorded_at", check_in.recorded_at);
        match under(plan, check_in.revision) {
            Some(under) => {
                let now = plan.in_force(check_in.seq)?;
                could_be_sent(&mut f, athlete, check_in, Prescribed { under, now });
            }
            None => f.fault("revision", "is none of the plan"),
        }
        fingerprint(&mut f, &check_in.fingerprint);
        if let Some(id) = check_in.prediction_id {
            let (body, revision) = (&check_in.report.body, check_in.revision);
            let prediction = expected.get(&id).copied();
            if let Some(fault) = answers(prediction, check_in.plan_id, revision, body) {
                f.fault("prediction_id", fault);
            }
        }
        told(f, &format!("check-in {}", check_in.id))?;
    }
    Ok(())
}

/// The plan as a revision had it.
fn under(plan: &Plan, revision: u32) -> Option<&PlanDefinition> {
    let of_it = |one: &&Revision| one.definition.revision == revision;
    plan.revisions.iter().find(of_it).map(|one| &one.definition)
}

fn fingerprint(f: &mut Fields, bytes: &[u8]) {
    if bytes.len() != FINGERPRINT_BYTES {
        f.fault("fingerprint", "is no SHA-256");
    }
}

/// In the years in which things happen, and in whole microseconds: the databases keep no more.
fn instant(f: &mut Fields, path: &str, at: DateTime<Utc>) {
    if f.instant(path, Some(&timestamp(at)))
        .is_some_and(|kept| kept != at)
    {
        f.fault(path, "is finer than a microsecond");
    }
}

/// Names the first fault; its words quote no text of the archive.
fn told(f: Fields, what: &str) -> Result<()> {
    match f.finish(Some(())) {
        Err(Error::InvalidFields(faults)) => {
            let first = faults.first();
            let Violation { field, message } =
                first.ok_or_else(|| Error::internal("no fault is told"))?;
            Err(fault(&format!("has {what} whose {field} {message}")))
        }
        other => other,
    }
}
