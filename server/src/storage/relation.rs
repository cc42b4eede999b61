//! How a person stands to an athlete: the questions that permission is decided on, and the one act that joins an
//! account to an athlete record. Each names the clinic.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, BreakGlassId, ClinicId, DecisionId, PersonId, PlanId};
use uuid::Uuid;

use super::{Conn, Tx, db::on};
use crate::{
    access::Parts,
    error::Result,
    mutant::{anywhere, off, sql},
};

/// How a person stands to an athlete of the clinic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) athlete: AthleteId,
    /// The athlete's own account is this person's.
    pub(crate) own: bool,
    /// The person is on the athlete's care team.
    pub(crate) care: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    person_id: Option<Uuid>,
    in_care: bool,
}

impl Row {
    fn standing(self, person: PersonId) -> Standing {
        Standing {
            athlete: self.id.into(),
            own: self.person_id == Some(person.uuid()),
            care: self.in_care,
        }
    }
}

const TO_ATHLETE: &str = "
    SELECT a.id, a.person_id, EXISTS (
        SELECT 1 FROM care_team c WHERE c.clinic_id = a.clinic_id AND c.athlete_id = a.id AND c.person_id = $3
    ) AS in_care
    FROM athlete a WHERE a.clinic_id = $1 AND a.id = $2 AND a.erased_at IS NULL";

/// How `person` stands to an athlete; `None` when the clinic has no such athlete.
pub(crate) async fn to_athlete(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
    person: PersonId,
) -> Result<Option<Standing>> {
    let row = on!(conn, fetch_optional sqlx::query_as::<_, Row>(sql(TO_ATHLETE, &[anywhere(off("clinic-athlete")), (off("erased-athlete"), " AND a.erased_at IS NULL", "")]))
        .bind(clinic.uuid())
        .bind(athlete.uuid())
        .bind(person.uuid()))?;
    Ok(row.map(|row| row.standing(person)))
}

const TO_PLAN: &str = "
    SELECT a.id, a.person_id, EXISTS (
        SELECT 1 FROM care_team c WHERE c.clinic_id = a.clinic_id AND c.athlete_id = a.id AND c.person_id = $3
    ) AS in_care
    FROM plan p JOIN athlete a ON a.clinic_id = p.clinic_id AND a.id = p.athlete_id
    WHERE p.clinic_id = $1 AND p.id = $2 AND a.erased_at IS NULL";

/// How `person` stands to the athlete of a plan; `None` when the clinic has no such plan.
pub(crate) async fn to_plan(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    plan: PlanId,
    person: PersonId,
) -> Result<Option<Standing>> {
    let row = on!(conn, fetch_optional sqlx::query_as::<_, Row>(sql(TO_PLAN, &[anywhere(off("clinic-plan")), (off("erased-plan"), " AND a.erased_at IS NULL", "")]))
        .bind(clinic.uuid())
        .bind(plan.uuid())
        .bind(person.uuid()))?;
    Ok(row.map(|row| row.standing(person)))
}

const TO_DECISION: &str = "
    SELECT d.plan_id, a.id, a.person_id, EXISTS (
        SELECT 1 FROM care_team c WHERE c.clinic_id = a.clinic_id AND c.athlete_id = a.id AND c.person_id = $3
    ) AS in_care
    FROM decision d JOIN athlete a ON a.clinic_id = d.clinic_id AND a.id = d.athlete_id
    WHERE d.clinic_id = $1 AND d.id = $2 AND a.erased_at IS NULL";

/// How `person` stands to the athlete of a decision, and of which plan it is; `None` when the clinic has no such decision.
pub(crate) async fn to_decision(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    decision: DecisionId,
    person: PersonId,
) -> Result<Option<(PlanId, Standing)>> {
    #[derive(sqlx::FromRow)]
    struct OfPlan {
        plan_id: Uuid,
        #[sqlx(flatten)]
        row: Row,
    }
    let query = sql(
        TO_DECISION,
        &[
            anywhere(off("clinic-decision")),
            (off("erased-decision"), " AND a.erased_at IS NULL", ""),
        ],
    );
    let found = on!(conn, fetch_optional sqlx::query_as::<_, OfPlan>(query)
        .bind(clinic.uuid())
        .bind(decision.uuid())
        .bind(person.uuid()))?;
    Ok(found.map(|of| (of.plan_id.into(), of.row.standing(person))))
}

/// The breaking of glass by which `person` may read an athlete's record at `now`.
pub(crate) async fn glass(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Option<BreakGlassId>> {
    const SQL: &str = "SELECT id FROM break_glass \
        WHERE clinic_id = $1 AND athlete_id = $2 AND person_id = $3 AND expires_at > $4 \
        ORDER BY expires_at DESC LIMIT 1";
    let query = sql(
        SQL,
        &[
            anywhere(off("clinic-glass")),
            (off("glass-athlete"), "athlete_id = $2", "$2 = $2"),
            (off("glass-person"), "person_id = $3", "$3 = $3"),
        ],
    );
    let id: Option<Uuid> = on!(conn, fetch_optional sqlx::query_scalar(query)
        .bind(clinic.uuid())
        .bind(athlete.uuid())
        .bind(person.uuid())
        .bind(if off("glass-expiry") { DateTime::UNIX_EPOCH } else { now }))?;
    Ok(id.map(BreakGlassId::from))
}

/// What the athlete's consent opens to `supporter` at `now`: nothing when there is none, or it is withdrawn, over or not
/// yet begun. The newest version alone counts.
pub(crate) async fn consent(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
    supporter: PersonId,
    now: DateTime<Utc>,
) -> Result<Parts> {
    const SQL: &str = "SELECT state, parts, valid_from, valid_until FROM consent \
        WHERE clinic_id = $1 AND athlete_id = $2 AND supporter_id = $3 ORDER BY version DESC LIMIT 1";
    const FIRST: &str = "SELECT state, parts, valid_from, valid_until FROM consent \
        WHERE clinic_id = $1 AND athlete_id = $2 AND supporter_id = $3 ORDER BY version LIMIT 1";
    type Row = (String, String, DateTime<Utc>, Option<DateTime<Utc>>);
    let newest_first = if off("consent-withdrawn") { FIRST } else { SQL };
    let query = sql(
        newest_first,
        &[
            anywhere(off("clinic-consent")),
            (off("consent-athlete"), "athlete_id = $2", "$2 = $2"),
            (off("consent-supporter"), "supporter_id = $3", "$3 = $3"),
        ],
    );
    let newest: Option<Row> = on!(conn, fetch_optional sqlx::query_as(query)
        .bind(clinic.uuid())
        .bind(athlete.uuid())
        .bind(supporter.uuid()))?;
    let Some((state, parts, from, until)) = newest else {
        return Ok(Parts::default());
    };
    let begun = from <= now || off("consent-start");
    let over = until.is_some_and(|until| until <= now) && !off("consent-expiry");
    let in_force = state == "GRANTED" && begun && !over;
    if in_force {
        parts.parse()
    } else {
        Ok(Parts::default())
    }
}

/// The person's own athlete record in the clinic.
pub(crate) async fn own_athlete(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    person: PersonId,
) -> Result<Option<AthleteId>> {
    const SQL: &str = "SELECT id FROM athlete WHERE clinic_id = $1 AND person_id = $2";
    let query = sql(SQL, &[anywhere(off("clinic-own-athlete"))]);
    let id: Option<Uuid> = on!(conn, fetch_optional sqlx::query_scalar(query)
        .bind(clinic.uuid())
        .bind(person.uuid()))?;
    Ok(id.map(AthleteId::from))
}

/// Joins an account to an athlete record that has none yet; `false` when there is no such record, or it has one.
pub(crate) async fn join_athlete(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    athlete: AthleteId,
    person: PersonId,
) -> Result<bool> {
    // Whether there is an account is part of what a reader of the athlete saw.
    const SQL: &str = "UPDATE athlete SET person_id = $3, etag = etag + 1
        WHERE clinic_id = $1 AND id = $2 AND erased_at IS NULL AND person_id IS NULL";
    let query = sql(SQL, &[(off("athlete-taken"), " AND person_id IS NULL", "")]);
    let joined = on!(&mut **tx, execute sqlx::query(query)
        .bind(clinic.uuid())
        .bind(athlete.uuid())
        .bind(person.uuid()))?;
    Ok(joined == 1)
}
