//! A person's place in a clinic.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use rung_progression::{ClinicId, PersonId};
use uuid::Uuid;

use crate::{
    access::{Role, Roles},
    error::Result,
    mutant::{anywhere, off, sql},
    storage::{Conn, Tx, db::on},
};

/// What a person is in one clinic.
#[derive(Clone, Debug)]
pub(crate) struct Membership {
    pub(crate) clinic: ClinicId,
    pub(crate) clinic_name: String,
    pub(crate) roles: Roles,
    /// When the clinic last had proof that the account is the person's.
    pub(crate) vouched_at: Option<DateTime<Utc>>,
}

/// The active memberships of a person in active clinics, oldest clinic first.
pub(crate) async fn of_person(conn: &mut Conn<'_>, person: PersonId) -> Result<Vec<Membership>> {
    const SQL: &str = "SELECT m.clinic_id, c.name, m.roles, m.vouched_at FROM membership m \
                       JOIN clinic c ON c.id = m.clinic_id \
                       WHERE m.person_id = $1 AND m.state = 'ACTIVE' AND c.state = 'ACTIVE' \
                       ORDER BY m.clinic_id";
    let rows: Vec<(Uuid, String, String, Option<DateTime<Utc>>)> =
        on!(conn, fetch_all sqlx::query_as(SQL).bind(person.uuid()))?;
    rows.into_iter()
        .map(|(clinic, clinic_name, roles, vouched_at)| {
            Ok(Membership {
                clinic: clinic.into(),
                clinic_name,
                roles: roles.parse()?,
                vouched_at,
            })
        })
        .collect()
}

/// The roles of an active member; `None` for everybody else.
pub(crate) async fn roles(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    person: PersonId,
) -> Result<Option<Roles>> {
    const SQL: &str = "SELECT roles FROM membership \
                       WHERE clinic_id = $1 AND person_id = $2 AND state = 'ACTIVE'";
    let query = sql(SQL, &[anywhere(off("clinic-roles"))]);
    let roles: Option<String> = on!(conn, fetch_optional sqlx::query_scalar(query)
        .bind(clinic.uuid())
        .bind(person.uuid()))?;
    roles.map(|text| text.parse()).transpose()
}

/// What came of accepting an invitation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Joined {
    /// What the person is from now on. `None` when the membership is deactivated: only an admin's own act brings it back,
    /// not an invitation that a physio may have written.
    pub(crate) roles: Option<Roles>,
    /// When the clinic last had proof that the account is the person's.
    pub(crate) vouched_at: Option<DateTime<Utc>>,
}

/// Makes a person a member, or adds to what they are. Who is new is vouched for, since there is no place of theirs that
/// somebody else could take; who is a member already, when the invitation is `vouching`.
pub(crate) async fn join(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    person: PersonId,
    roles: Roles,
    vouching: bool,
    at: DateTime<Utc>,
) -> Result<Joined> {
    // The write locks the row, so that two invitations accepted at once both count.
    const LOCK: &str = "INSERT INTO membership \
                        (clinic_id, person_id, roles, state, created_at, vouched_at) \
                        VALUES ($1, $2, $3, 'ACTIVE', $4, $4) \
                        ON CONFLICT (clinic_id, person_id) DO UPDATE SET vouched_at = \
                        CASE WHEN $5 THEN excluded.vouched_at ELSE membership.vouched_at END \
                        RETURNING roles, state, vouched_at";
    const SET: &str = "UPDATE membership SET roles = $3, etag = etag + 1 \
                       WHERE clinic_id = $1 AND person_id = $2";
    let (held, state, vouched_at): (String, String, Option<DateTime<Utc>>) = on!(&mut **tx, fetch_one sqlx::query_as(LOCK)
        .bind(clinic.uuid())
        .bind(person.uuid())
        .bind(roles.to_string())
        .bind(at)
        .bind(vouching))?;
    if state != "ACTIVE" && !off("join-deactivated") {
        return Ok(Joined {
            roles: None,
            vouched_at,
        });
    }
    let held: Roles = held.parse()?;
    let united = held.union(roles);
    if united != held {
        on!(&mut **tx, execute sqlx::query(SET)
            .bind(clinic.uuid())
            .bind(person.uuid())
            .bind(united.to_string()))?;
    }
    Ok(Joined {
        roles: Some(united),
        vouched_at,
    })
}

/// Notes that the clinic has proof that the account is the person's; `false` when it has no such active member.
pub(crate) async fn vouch(
    tx: &mut Tx<'_>,
    clinic: ClinicId,
    person: PersonId,
    at: DateTime<Utc>,
) -> Result<bool> {
    const SQL: &str = "UPDATE membership SET vouched_at = $3 \
                       WHERE clinic_id = $1 AND person_id = $2 AND state = 'ACTIVE'";
    let query = sql(SQL, &[(off("reset-member"), " AND state = 'ACTIVE'", "")]);
    let vouched = on!(&mut **tx, execute sqlx::query(query)
        .bind(clinic.uuid())
        .bind(person.uuid())
        .bind(at))?;
    Ok(vouched == 1)
}

/// Whether the clinic has an active admin beside `person`.
pub(crate) async fn has_other_admin(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    person: PersonId,
) -> Result<bool> {
    const SQL: &str = "SELECT roles FROM membership WHERE clinic_id = $1 AND person_id <> $2 AND state = 'ACTIVE'";
    let others: Vec<String> = on!(conn, fetch_all sqlx::query_scalar(SQL)
        .bind(clinic.uuid())
        .bind(person.uuid()))?;
    for roles in others {
        if roles.parse::<Roles>()?.contains(Role::Admin) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How those of `people` who are or were members of the clinic are called: clinical rows hold ids and no names.
pub(crate) async fn names(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, String>> {
    const SQL: &str = "SELECT p.display_name FROM membership m JOIN person p ON p.id = m.person_id \
                       WHERE m.clinic_id = $1 AND m.person_id = $2";
    let mut names = HashMap::new();
    // One read by primary key each: the databases share no way to bind a list, and a page names few people.
    for person in people.into_iter().collect::<BTreeSet<_>>() {
        let query = sql(SQL, &[anywhere(off("clinic-names"))]);
        let name: Option<String> = on!(conn, fetch_optional sqlx::query_scalar(query)
            .bind(clinic.uuid())
            .bind(person.uuid()))?;
        names.extend(name.map(|name| (person, name)));
    }
    Ok(names)
}

#[cfg(test)]
#[path = "membership_test.rs"]
mod tests;
