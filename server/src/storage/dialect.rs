//! What the two databases cannot say in one text: their migrations, and whom Postgres lets do what.

use sqlx::{Connection as _, PgConnection, PgPool, SqliteConnection, migrate::Migrator};

use super::db::postgres_options;
use crate::error::{Error, Result};
use crate::mutant::off;

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// The migrations before a version: what an earlier server knew.
#[cfg(test)]
fn before(all: &'static Migrator, version: i64) -> Migrator {
    let earlier = all.iter().filter(|migration| migration.version < version);
    Migrator {
        migrations: earlier.cloned().collect(),
        ..Migrator::DEFAULT
    }
}

#[cfg(test)]
pub(super) fn sqlite_before(version: i64) -> Migrator {
    before(&SQLITE, version)
}

#[cfg(test)]
pub(super) fn postgres_before(version: i64) -> Migrator {
    before(&POSTGRES, version)
}

/// Brings an embedded database up to date; refuses one that a newer version has written.
pub(super) async fn migrate_sqlite(connection: &mut SqliteConnection) -> Result<()> {
    SQLITE.run(connection).await.map_err(|e| explain(&e))
}

/// Brings a Postgres database up to date, as its owner, and lets the role of `grant_to` work with it without owning anything.
pub(crate) async fn migrate_postgres(url: &str, grant_to: Option<&str>) -> Result<()> {
    use sqlx::ConnectOptions as _;
    let mut connection: PgConnection = postgres_options(url)?.connect().await?;
    POSTGRES
        .run(&mut connection)
        .await
        .map_err(|e| explain(&e))?;
    #[cfg(feature = "mutants")]
    without(&mut connection).await?;
    if let Some(role) = grant_to {
        grant(&mut connection, role).await?;
    }
    connection.close().await?;
    Ok(())
}

/// The tables whose rows may change. All others are append-only for the service, so that a fault in it, or a thief with
/// its password, cannot rewrite what was reported, decided and audited.
const CHANGEABLE: &[&str] = &[
    "access_epoch",
    "athlete",
    "audit_chain",
    "auth_session",
    "break_glass",
    "care_team",
    "clinic",
    "credential",
    "invitation",
    "ladder",
    "membership",
    "person",
    "plan_state",
    "recovery_code",
    "refresh_token",
    "request",
    "reset_code",
    "second_factor",
    "service_account",
    "service_account_key",
    "signing_key",
    "throttle",
];

/// The tables whose rows may be deleted: what has run out, and what an erasure takes. Row-level security lets a row
/// about an athlete go once there is a tombstone for them, and not before.
const DELETABLE: &[&str] = &[
    "athlete",
    "auth_session",
    "break_glass",
    "care_team",
    "check_in",
    "consent",
    "credential",
    "decision",
    "invitation",
    "membership",
    "plan",
    "plan_event",
    "plan_revision",
    "plan_state",
    "prediction",
    "recovery_code",
    "refresh_token",
    "request",
    "reset_code",
    "second_factor",
    "throttle",
    "used_assertion",
];

/// Takes away the wall that is turned off.
#[cfg(feature = "mutants")]
async fn without(connection: &mut PgConnection) -> Result<()> {
    let each = [
        (off("wall"), "ALTER TABLE %I DISABLE ROW LEVEL SECURITY"),
        (
            off("wall-owner"),
            "ALTER TABLE %I NO FORCE ROW LEVEL SECURITY",
        ),
        (
            off("wall-read"),
            "ALTER POLICY clinic_read ON %I USING (TRUE)",
        ),
        (
            off("wall-insert"),
            "ALTER POLICY clinic_insert ON %I WITH CHECK (TRUE)",
        ),
        (
            off("wall-update"),
            "ALTER POLICY clinic_update ON %I USING (TRUE) WITH CHECK (TRUE)",
        ),
        (
            off("wall-erase"),
            "ALTER POLICY clinic_erase ON %I USING (clinic_id = rung_clinic())",
        ),
    ];
    for (_, statement) in each.iter().filter(|(off, _)| *off) {
        let all = format!(
            "DO $$ DECLARE name TEXT; BEGIN FOR name IN SELECT tablename FROM pg_policies \
             WHERE '{statement}' NOT LIKE '% POLICY %' OR '{statement}' LIKE '%' || policyname || '%' \
             LOOP EXECUTE format('{statement}', name); END LOOP; END $$"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(all))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Gives a role what serving needs, and takes from it what an earlier version gave.
async fn grant(connection: &mut PgConnection, role: &str) -> Result<()> {
    if let Some(might) = might(connection, role)
        .await?
        .filter(|_| !off("wall-grant"))
    {
        return Err(Error::internal(format!(
            "the role {role} {might}: a grant to it would bound nothing; make a role for `rungd serve` alone"
        )));
    }
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    let everything = "ALL TABLES IN SCHEMA public".to_owned();
    let changeable = if off("wall-append") {
        everything
    } else {
        CHANGEABLE.join(", ")
    };
    let deletable = DELETABLE.join(", ");
    // One text is one transaction: a server that runs meanwhile loses no right that it keeps. The role's name is quoted
    // above; GRANT takes no parameters.
    let grants = format!(
        "GRANT USAGE ON SCHEMA public TO {role};
         REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
         GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {role};
         GRANT UPDATE ON {changeable} TO {role};
         GRANT DELETE ON {deletable} TO {role};
         GRANT EXECUTE ON FUNCTION rung_clinic() TO {role};
         REVOKE INSERT ON _sqlx_migrations FROM {role}"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(grants))
        .execute(connection)
        .await?;
    Ok(())
}

/// Refuses to serve as a role that neither grants nor row-level security would bind: a superuser, one with BYPASSRLS,
/// or an owner of the tables.
pub(crate) async fn assert_modest(url: &str) -> Result<()> {
    use sqlx::ConnectOptions as _;
    let mut connection: PgConnection = postgres_options(url)?.connect().await?;
    // The role that signed in, whatever it has set itself to: it can set itself back.
    let role: String = sqlx::query_scalar("SELECT session_user::text")
        .fetch_one(&mut connection)
        .await?;
    let might = might(&mut connection, &role).await?;
    connection.close().await?;
    match might {
        _ if off("wall-modest") => Ok(()),
        None => Ok(()),
        Some(might) => Err(Error::internal(format!(
            "the database role {role} {might}: nothing in the database would hold it back; serve as a role that owns \
             nothing and was let in by `rungd migrate --grant-to ROLE`"
        ))),
    }
}

/// What makes a role, or one that it is a member of, too mighty to serve; `None` when it is modest, or there is none.
async fn might(connection: &mut PgConnection, role: &str) -> Result<Option<String>> {
    // Whoever owns the schema or the database may drop the tables in it; whoever makes roles may, before PostgreSQL 16,
    // make themself a member of any.
    const SQL: &str = "
        SELECT CASE WHEN bool_or(r.rolsuper) THEN 'is a superuser'
                    WHEN bool_or(r.rolbypassrls) THEN 'has BYPASSRLS'
                    WHEN bool_or(r.rolcreaterole) THEN 'has CREATEROLE'
                    WHEN bool_or(
                        EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = n.oid)
                        OR n.nspowner = r.oid
                        OR EXISTS (SELECT FROM pg_database d WHERE d.datdba = r.oid AND d.datname = current_database())
                    ) THEN 'owns the tables, their schema or the database'
               END
        FROM pg_roles login
        JOIN pg_roles r ON pg_has_role(login.oid, r.oid, 'MEMBER')
        LEFT JOIN pg_namespace n ON n.nspname = 'public'
        WHERE login.rolname = $1";
    Ok(sqlx::query_scalar(SQL)
        .bind(role)
        .fetch_one(connection)
        .await?)
}

/// Refuses a Postgres database whose schema is older or newer than this binary.
pub(super) async fn assert_migrated(pool: &PgPool) -> Result<()> {
    let applied: Vec<i64> = sqlx::query_scalar(
        "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version",
    )
    .fetch_all(pool)
    .await
    .map_err(|e| match code(&e).as_deref() {
        Some("42P01") => {
            Error::internal("the database has no schema; run `rungd migrate` as its owner")
        }
        Some("42501") => Error::internal(
            "the database role was not let in; run `rungd migrate --grant-to ROLE` as the owner",
        ),
        _ => Error::Database(e),
    })?;
    let known: Vec<i64> = POSTGRES.iter().map(|m| m.version).collect();
    if applied == known {
        return Ok(());
    }
    Err(Error::internal(format!(
        "the database has migrations {applied:?}, this rungd knows {known:?}; run `rungd migrate` as the owner, or a \
         newer rungd"
    )))
}

/// SQLSTATE, when it was the database that refused.
fn code(e: &sqlx::Error) -> Option<std::borrow::Cow<'_, str>> {
    e.as_database_error()?.code()
}

fn explain(e: &sqlx::migrate::MigrateError) -> Error {
    Error::internal(format!("migration: {e}"))
}

#[cfg(test)]
#[path = "dialect_test.rs"]
mod tests;
