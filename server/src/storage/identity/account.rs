//! Forgetting who an athlete was: their place in the clinic, and the account when nothing else is left of it.

use chrono::{DateTime, Utc};
use rung_progression::PersonId;

use crate::{
    access::{ErasureAccess, Role, Roles},
    error::Result,
    storage::{Tx, db::on},
};

/// Deletes the invitations to the athlete's record, used or not: they hold addresses.
pub(crate) async fn forget_invitations(tx: &mut Tx<'_>, access: &ErasureAccess) -> Result<()> {
    const SQL: &str = "DELETE FROM invitation WHERE clinic_id = $1 AND athlete_id = $2";
    on!(&mut **tx, execute sqlx::query(SQL)
        .bind(access.clinic().uuid())
        .bind(access.athlete().uuid()))?;
    Ok(())
}

/// Takes the role of an athlete from the person; with the last role goes their place in the clinic, and with the last
/// place everything by which they are known.
pub(crate) async fn forget_athlete(
    tx: &mut Tx<'_>,
    access: &ErasureAccess,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    const LOCK: &str = "UPDATE membership SET etag = etag + 1 WHERE clinic_id = $1 AND person_id = $2 RETURNING roles";
    const KEEP: &str = "UPDATE membership SET roles = $3 WHERE clinic_id = $1 AND person_id = $2";
    const LEAVE: &str = "DELETE FROM membership WHERE clinic_id = $1 AND person_id = $2";
    const CODES: &str = "DELETE FROM reset_code WHERE clinic_id = $1 AND person_id = $2";
    const OUT: &str = "UPDATE auth_session SET revoked_at = $3 \
        WHERE clinic_id = $1 AND person_id = $2 AND revoked_at IS NULL";
    const PLACES: &str = "SELECT COUNT(*) FROM membership WHERE person_id = $1";
    let (clinic, id) = (access.clinic().uuid(), person.uuid());
    let roles: Option<String> = on!(&mut **tx, fetch_optional sqlx::query_scalar(LOCK)
        .bind(clinic)
        .bind(id))?;
    if let Some(roles) = roles {
        let left = roles.parse::<Roles>()?.without(Role::Athlete);
        if !left.is_empty() {
            on!(&mut **tx, execute sqlx::query(KEEP).bind(clinic).bind(id).bind(left.to_string()))?;
            return Ok(());
        }
        for sql in [LEAVE, CODES] {
            on!(&mut **tx, execute sqlx::query(sql).bind(clinic).bind(id))?;
        }
        on!(&mut **tx, execute sqlx::query(OUT).bind(clinic).bind(id).bind(now))?;
    }
    let places: i64 = on!(&mut **tx, fetch_one sqlx::query_scalar(PLACES).bind(id))?;
    if places == 0 {
        forget_person(tx, person).await?;
    }
    Ok(())
}

/// What is known of a person who has no place anywhere. Their row stays, under a pseudonym: others name its id.
async fn forget_person(tx: &mut Tx<'_>, person: PersonId) -> Result<()> {
    // An open invitation of another clinic is that clinic's own knowledge, and ends within days.
    const INVITED: &str = "DELETE FROM invitation WHERE accepted_by = $1";
    const GONE: [&str; 7] = [
        INVITED,
        "DELETE FROM refresh_token WHERE session_id IN (SELECT id FROM auth_session WHERE person_id = $1)",
        "DELETE FROM auth_session WHERE person_id = $1",
        "DELETE FROM recovery_code WHERE person_id = $1",
        "DELETE FROM second_factor WHERE person_id = $1",
        "DELETE FROM reset_code WHERE person_id = $1",
        "DELETE FROM credential WHERE person_id = $1",
    ];
    const HIDE: &str = "UPDATE person SET email = $2, display_name = 'Erased' WHERE id = $1";
    for sql in GONE {
        on!(&mut **tx, execute sqlx::query(sql).bind(person.uuid()))?;
    }
    // Reserved by RFC 2606: nobody has an address there, and each is used once.
    let nobody = format!("{}@erased.invalid", person.uuid());
    on!(&mut **tx, execute sqlx::query(HIDE).bind(person.uuid()).bind(nobody.as_str()))?;
    Ok(())
}
