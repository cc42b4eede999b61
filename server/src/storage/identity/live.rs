//! Whether a token's subject is let in at this moment, and as what: the one question asked about every caller whom this
//! replica does not know yet.

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, PersonId, SessionId};

use crate::{
    access::Roles,
    error::Result,
    mutant::{off, sql},
    storage::{Conn, db::on},
};

/// What a person is in the clinic of their session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Live {
    pub(crate) roles: Roles,
    /// The clinic lets every physiotherapist of it care for every athlete.
    pub(crate) shared_care: bool,
    /// The clinic asks one of the roles for a second factor, and the account has none.
    pub(crate) second_factor_missing: bool,
    /// The newest rotation of which a token was used.
    pub(crate) confirmed_rotation: i64,
    /// When the session ends, at the latest.
    pub(crate) until: DateTime<Utc>,
}

#[derive(sqlx::FromRow)]
struct Row {
    roles: String,
    shared_care: bool,
    second_factor_roles: String,
    has_second_factor: bool,
    confirmed_rotation: i64,
    expires_at: DateTime<Utc>,
}

/// What the person is, when session, membership and clinic live.
pub(crate) async fn person(
    conn: &mut Conn<'_>,
    session: SessionId,
    person: PersonId,
    clinic: ClinicId,
    now: DateTime<Utc>,
) -> Result<Option<Live>> {
    const SQL: &str = "
        SELECT m.roles, c.shared_care, c.second_factor_roles, s.confirmed_rotation, s.expires_at, EXISTS (
            SELECT 1 FROM second_factor f WHERE f.person_id = s.person_id AND f.confirmed_at IS NOT NULL
        ) AS has_second_factor
        FROM auth_session s
        JOIN membership m ON m.clinic_id = s.clinic_id AND m.person_id = s.person_id
        JOIN clinic c ON c.id = s.clinic_id
        WHERE s.id = $1 AND s.person_id = $2 AND s.clinic_id = $3
        AND s.revoked_at IS NULL AND s.expires_at > $4 AND m.state = 'ACTIVE' AND c.state = 'ACTIVE'";
    let query = sql(
        SQL,
        &[
            (off("session-revoked"), "s.revoked_at IS NULL AND ", ""),
            (off("session-expired"), "s.expires_at > $4", "$4 = $4"),
            (off("session-clinic"), "s.clinic_id = $3", "$3 = $3"),
            (off("session-person"), "s.person_id = $2", "$2 = $2"),
            (off("member-deactivated"), "m.state = 'ACTIVE' AND ", ""),
            (off("clinic-deactivated"), " AND c.state = 'ACTIVE'", ""),
        ],
    );
    let row: Option<Row> = on!(conn, fetch_optional sqlx::query_as(query)
        .bind(session.uuid())
        .bind(person.uuid())
        .bind(clinic.uuid())
        .bind(now))?;
    let Some(row) = row else {
        return Ok(None);
    };
    let roles: Roles = row.roles.parse()?;
    let asked = match row.second_factor_roles.as_str() {
        "" => Roles::default(),
        some => some.parse()?,
    };
    Ok(Some(Live {
        roles,
        shared_care: row.shared_care || off("shared-care"),
        second_factor_missing: !roles.intersection(asked).is_empty() && !row.has_second_factor,
        confirmed_rotation: row.confirmed_rotation,
        until: row.expires_at,
    }))
}
