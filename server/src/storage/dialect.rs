//! What the two databases cannot say in one text: their migrations.

use sqlx::{Connection as _, PgConnection, PgPool, SqliteConnection, migrate::Migrator};

use super::db::postgres_options;
use crate::error::{Error, Result};

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

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
    if let Some(role) = grant_to {
        let role = format!("\"{}\"", role.replace('"', "\"\""));
        for grant in [
            format!("GRANT USAGE ON SCHEMA public TO {role}"),
            format!(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
            ),
            format!("REVOKE INSERT, UPDATE, DELETE ON _sqlx_migrations FROM {role}"),
        ] {
            // The role's name is quoted above; GRANT takes no parameters.
            sqlx::raw_sql(sqlx::AssertSqlSafe(grant))
                .execute(&mut connection)
                .await?;
        }
    }
    connection.close().await?;
    Ok(())
}

/// Refuses a Postgres database whose schema is older or newer than this binary.
pub(super) async fn assert_migrated(pool: &PgPool) -> Result<()> {
    let applied: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(pool)
            .await
            .map_err(|e| match e {
                sqlx::Error::Database(_) => {
                    Error::internal("the database has no schema; run `rungd migrate` as its owner")
                }
                other => Error::Database(other),
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

fn explain(e: &sqlx::migrate::MigrateError) -> Error {
    Error::internal(format!("migration: {e}"))
}

#[cfg(test)]
mod tests {
    use super::{POSTGRES, SQLITE};

    #[test]
    fn both_folders_hold_the_same_migrations() {
        let names = |m: &sqlx::migrate::Migrator| -> Vec<(i64, String)> {
            m.iter()
                .map(|m| (m.version, m.description.to_string()))
                .collect()
        };
        assert_eq!(names(&SQLITE), names(&POSTGRES));
        assert!(!names(&SQLITE).is_empty());
    }
}
