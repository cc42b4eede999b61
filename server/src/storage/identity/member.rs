//! The members of a clinic, for those who run it.

use chrono::{DateTime, Utc};
use rung_progression::PersonId;
use uuid::Uuid;

use super::{clinic, epoch, invitation, reset};
use crate::{
    access::{ClinicAccess, Role, Roles},
    error::{Error, Result},
    mutant::{anywhere, off, sql},
    storage::{Conn, Tx, db::on},
};

/// Somebody of the clinic.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) person: PersonId,
    pub(crate) display_name: String,
    pub(crate) email: String,
    pub(crate) roles: Roles,
    pub(crate) active: bool,
    pub(crate) etag: i64,
    pub(crate) joined_at: DateTime<Utc>,
    pub(crate) second_factor: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    display_name: String,
    email: String,
    roles: String,
    active: bool,
    etag: i64,
    created_at: DateTime<Utc>,
    second_factor: bool,
}

impl TryFrom<Row> for Member {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            person: row.id.into(),
            display_name: row.display_name,
            email: row.email,
            roles: row.roles.parse()?,
            active: row.active,
            etag: row.etag,
            joined_at: row.created_at,
            second_factor: row.second_factor,
        })
    }
}

/// The members of the clinic after `after`, by name. Only an admin is shown those who are shut out, and those who are
/// athletes or supporters and nothing else: who is treated here is not every physio's business.
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<Member>> {
    const SQL: &str = "SELECT p.id, p.display_name, p.email, m.roles, m.state = 'ACTIVE' AS active, m.etag, \
        m.created_at, EXISTS (SELECT 1 FROM second_factor f \
            WHERE f.person_id = p.id AND f.confirmed_at IS NOT NULL) AS second_factor \
        FROM membership m JOIN person p ON p.id = m.person_id \
        WHERE m.clinic_id = $1 AND ($2 OR (m.state = 'ACTIVE' \
            AND m.roles <> 'ATHLETE' AND m.roles <> 'SUPPORTER' AND m.roles <> 'ATHLETE,SUPPORTER')) \
        AND (p.display_name, p.id) > ($3, $4) \
        ORDER BY p.display_name, p.id LIMIT $5";
    // No name is empty, so that everybody comes after this.
    let (name, id) = after.unwrap_or_default();
    let query = sql(
        SQL,
        &[
            anywhere(off("clinic-members")),
            (
                off("members-treated"),
                "AND m.roles <> 'ATHLETE' AND m.roles <> 'SUPPORTER' AND m.roles <> 'ATHLETE,SUPPORTER'",
                "",
            ),
        ],
    );
    let rows = on!(conn, fetch_all sqlx::query_as::<_, Row>(query)
        .bind(access.clinic().uuid())
        .bind(access.roles().contains(Role::Admin))
        .bind(&name)
        .bind(id)
        .bind(limit))?;
    rows.into_iter().map(Member::try_from).collect()
}

/// One member, active or not; `None` when the person is or was none.
pub(crate) async fn get(
    conn: &mut Conn<'_>,
    access: &ClinicAccess,
    person: PersonId,
) -> Result<Option<Member>> {
    const SQL: &str = "SELECT p.id, p.display_name, p.email, m.roles, m.state = 'ACTIVE' AS active, m.etag, \
        m.created_at, EXISTS (SELECT 1 FROM second_factor f \
            WHERE f.person_id = p.id AND f.confirmed_at IS NOT NULL) AS second_factor \
        FROM membership m JOIN person p ON p.id = m.person_id \
        WHERE m.clinic_id = $1 AND m.person_id = $2";
    let query = sql(SQL, &[anywhere(off("clinic-member"))]);
    let row = on!(conn, fetch_optional sqlx::query_as::<_, Row>(query)
        .bind(access.clinic().uuid())
        .bind(person.uuid()))?;
    row.map(Member::try_from).transpose()
}

/// What an admin changes; what is `None` stays.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Change {
    pub(crate) roles: Option<Roles>,
    pub(crate) active: Option<bool>,
}

/// Changes a member, as they were read under `etag`. Who is shut out is signed out; what they have written for others to
/// come in with ends, also when they lose a role, which may be what let them write it. The clinic keeps an admin.
pub(crate) async fn update(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    person: PersonId,
    etag: i64,
    change: Change,
    at: DateTime<Utc>,
) -> Result<Member> {
    const SQL: &str = "UPDATE membership SET etag = etag + 1, roles = $3, state = $4 \
        WHERE clinic_id = $1 AND person_id = $2";
    // Of two admins who shut each other out at the same moment, one comes second.
    clinic::lock(tx, access.clinic()).await?;
    let now = get(tx, access, person).await?;
    let now = now.ok_or(Error::NotFound("member"))?;
    if now.etag != etag {
        return Err(Error::EtagStale {
            current: now.etag.to_string(),
        });
    }
    let roles = change.roles.unwrap_or(now.roles);
    let active = change.active.unwrap_or(now.active);
    // What somebody is already is no reason to keep them in.
    if change.roles.is_some() {
        check(now.roles, roles)?;
    }
    if !active || now.roles.union(roles) != roles {
        // Before the membership, as whoever accepts locks them.
        if !off("reset-writer") {
            reset::close_written_by(tx, access.clinic(), person, at).await?;
        }
        if !off("invitation-writer") {
            invitation::end_written_by(tx, access.clinic(), person, at).await?;
        }
    }
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(person.uuid())
        .bind(roles.to_string())
        .bind(if active { "ACTIVE" } else { "DEACTIVATED" }))?;
    if !has_admin(tx, access).await? && !off("last-admin") {
        return Err(Error::LastAdmin);
    }
    if !active && !off("member-signed-out") {
        sign_out(tx, access, person, at).await?;
    }
    let changed = get(tx, access, person).await?;
    epoch::bump(tx).await?;
    changed.ok_or(Error::NotFound("member"))
}

/// Whether somebody may become `wanted`: who is treated or supports here was invited to it by those whom it concerns, and
/// who is treated here does not work here, since they would decide on their own record.
fn check(held: Roles, wanted: Roles) -> Result<()> {
    for role in [Role::Athlete, Role::Supporter] {
        if wanted.contains(role) && !held.contains(role) && !off("member-treated") {
            let message = "gives ROLE_ATHLETE or ROLE_SUPPORTER, which come by invitation alone";
            return Err(Error::field("roles", message));
        }
    }
    let staff = wanted.contains(Role::Admin) || wanted.contains(Role::Physio);
    if staff && wanted.contains(Role::Athlete) && !off("member-own-record") {
        let message = "holds ROLE_ATHLETE beside one of staff; nobody decides on their own record";
        return Err(Error::field("roles", message));
    }
    Ok(())
}

/// Ends what the person has open in this clinic; their other clinics are none of its business.
async fn sign_out(
    tx: &mut Tx<'_>,
    access: &ClinicAccess,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<()> {
    const SQL: &str = "UPDATE auth_session SET revoked_at = $3 \
        WHERE clinic_id = $1 AND person_id = $2 AND revoked_at IS NULL";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(person.uuid())
        .bind(at))?;
    Ok(())
}

async fn has_admin(conn: &mut Conn<'_>, access: &ClinicAccess) -> Result<bool> {
    const SQL: &str = "SELECT roles FROM membership WHERE clinic_id = $1 AND state = 'ACTIVE'";
    let all: Vec<String> =
        on!(conn, fetch_all sqlx::query_scalar(SQL).bind(access.clinic().uuid()))?;
    for roles in all {
        if roles.parse::<Roles>()?.contains(Role::Admin) {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
#[path = "member_test.rs"]
mod tests;
