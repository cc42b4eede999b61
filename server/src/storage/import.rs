//! Taking in the archive of an athlete: rows under the ids, instants and authors that they had.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::{
    Tx,
    db::on,
    erasure,
    plan::{Status, revision},
};
use crate::{
    access::ImportAccess,
    archive::{Archive, Happened, Plan, Ruling},
    error::{Error, Result},
    storage::{
        check_in::{self, StoredCheckIn},
        prediction::{self, StoredPrediction},
    },
};

/// Stores all of it. The athlete must be new to the clinic, and not erased from it.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    access: &ImportAccess,
    archive: &Archive,
    at: DateTime<Utc>,
) -> Result<()> {
    if erasure::is_buried(tx, access.clinic(), archive.athlete.id).await? {
        return Err(Error::internal(
            "the archive was not taken in: the clinic has erased this athlete, and nobody comes back under the same id",
        ));
    }
    if !athlete(tx, access, archive, at).await? {
        return Err(Error::AlreadyExists {
            what: "this athlete".to_owned(),
        });
    }
    for one in &archive.plans {
        plan(tx, access, archive, one).await?;
    }
    for one in &archive.events {
        event(tx, access, one).await?;
    }
    for one in &archive.predictions {
        prediction(tx, access, archive, one).await?;
    }
    for one in &archive.check_ins {
        check_in(tx, access, archive, one).await?;
    }
    for one in &archive.decisions {
        decision(tx, access, archive, one).await?;
    }
    Ok(())
}

async fn athlete(
    tx: &mut Tx<'_>,
    access: &ImportAccess,
    archive: &Archive,
    at: DateTime<Utc>,
) -> Result<bool> {
    const ATHLETE: &str = "INSERT INTO athlete \
        (clinic_id, id, etag, display_name, time_zone, person_id, created_at, created_by) \
        SELECT $1, $2, 1, CAST($3 AS TEXT), CAST($4 AS TEXT), NULL, $5, $6 WHERE NOT EXISTS \
        (SELECT 1 FROM tombstone t WHERE t.clinic_id = $1 AND t.athlete_id = $2) ON CONFLICT DO NOTHING";
    const LEAD: &str = "INSERT INTO care_team (clinic_id, athlete_id, person_id, lead, added_at) \
        VALUES ($1, $2, $3, $4, $5)";
    let (clinic, new) = (access.clinic().uuid(), &archive.athlete);
    let made = on!(tx, execute sqlx::query(ATHLETE)
        .bind(clinic)
        .bind(new.id.uuid())
        .bind(&new.display_name)
        .bind(&new.time_zone)
        .bind(new.created_at)
        .bind(new.created_by.uuid()))?;
    if made == 0 {
        return Ok(false);
    }
    on!(tx, execute sqlx::query(LEAD)
        .bind(clinic)
        .bind(new.id.uuid())
        .bind(access.lead().uuid())
        .bind(true)
        .bind(at))?;
    Ok(true)
}

async fn plan(tx: &mut Tx<'_>, access: &ImportAccess, archive: &Archive, new: &Plan) -> Result<()> {
    const PLAN: &str = "INSERT INTO plan (clinic_id, id, athlete_id, created_at, created_by) VALUES ($1, $2, $3, $4, $5)";
    const STATE: &str = "INSERT INTO plan_state \
        (clinic_id, plan_id, athlete_id, version, revision, status, state, goals, last_check_in_at, due_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let (clinic, athlete) = (access.clinic().uuid(), archive.athlete.id.uuid());
    on!(tx, execute sqlx::query(PLAN)
        .bind(clinic)
        .bind(new.id.uuid())
        .bind(athlete)
        .bind(new.created_at)
        .bind(new.created_by.uuid()))?;
    let mut latest = 1;
    for revision in &new.revisions {
        latest = revision.definition.revision;
        revision::insert(tx, access.clinic(), new.id, revision).await?;
    }
    on!(tx, execute sqlx::query(STATE)
        .bind(clinic)
        .bind(new.id.uuid())
        .bind(athlete)
        .bind(new.version)
        .bind(i64::from(latest))
        .bind(Status::of(&new.state))
        .bind(new.state.encode())
        .bind(Json(&new.goals))
        .bind(new.last_check_in_at)
        // Whatever time has done since is looked for at once.
        .bind(DateTime::UNIX_EPOCH))?;
    Ok(())
}

async fn event(tx: &mut Tx<'_>, access: &ImportAccess, new: &Happened) -> Result<()> {
    const SQL: &str = "INSERT INTO plan_event (clinic_id, plan_id, seq, id, event, recorded_at, recorded_by) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on!(tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(new.plan_id.uuid())
        .bind(new.event.seq.cast_signed())
        .bind(new.event.id.uuid())
        .bind(Json(&new.event))
        .bind(new.recorded_at)
        .bind(new.recorded_by.uuid()))?;
    Ok(())
}

async fn prediction(
    tx: &mut Tx<'_>,
    access: &ImportAccess,
    archive: &Archive,
    new: &StoredPrediction,
) -> Result<()> {
    on!(tx, execute sqlx::query(prediction::INSERT)
        .bind(access.clinic().uuid())
        .bind(archive.athlete.id.uuid())
        .bind(new.id)
        .bind(new.plan_id.uuid())
        .bind(i64::from(new.revision))
        .bind(new.track_id.uuid())
        .bind(i64::from(new.rung))
        .bind(new.fingerprint.as_slice())
        .bind(new.made_at)
        .bind(new.recorded_at)
        .bind(new.entered_by.uuid())
        .bind(new.feared_outcome.as_str())
        .bind(i64::from(new.likelihood))
        .bind(i64::from(new.expected_fear))
        .bind(i64::from(new.expected_pain)))?;
    Ok(())
}

async fn check_in(
    tx: &mut Tx<'_>,
    access: &ImportAccess,
    archive: &Archive,
    new: &StoredCheckIn,
) -> Result<()> {
    on!(tx, execute sqlx::query(check_in::INSERT)
        .bind(access.clinic().uuid())
        .bind(archive.athlete.id.uuid())
        .bind(new.id.uuid())
        .bind(new.plan_id.uuid())
        .bind(new.seq)
        .bind(new.fingerprint.as_slice())
        .bind(new.performed_at)
        .bind(new.time_zone.as_str())
        .bind(new.civil_date)
        .bind(new.recorded_at)
        .bind(new.entered_by.uuid())
        .bind(new.judged)
        .bind(i64::from(new.revision))
        .bind(new.corrects_id)
        .bind(new.prediction_id)
        .bind(Json(&*new.report)))?;
    Ok(())
}

async fn decision(
    tx: &mut Tx<'_>,
    access: &ImportAccess,
    archive: &Archive,
    new: &Ruling,
) -> Result<()> {
    const SQL: &str = "INSERT INTO decision \
        (clinic_id, plan_id, seq, ordinal, id, athlete_id, check_in_id, decision, decided_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    on!(tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(new.plan_id.uuid())
        .bind(new.decision.decision.seq.cast_signed())
        .bind(i64::from(new.decision.decision.ordinal))
        .bind(new.id.uuid())
        .bind(archive.athlete.id.uuid())
        .bind(new.check_in_id)
        .bind(Json(&new.decision))
        .bind(new.decided_at))?;
    Ok(())
}
