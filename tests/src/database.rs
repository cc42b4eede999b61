use std::path::{Path, PathBuf};

use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection,
    sqlite::SqliteConnectOptions,
};

use crate::{Result, fail, new_id, rungd};

/// The databases that Rung runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The embedded one.
    Sqlite,
    /// A server, given by `RUNG_TEST_POSTGRES_URL`.
    Postgres,
}

/// An empty, migrated database of its own; gone when dropped.
pub struct Database {
    data_dir: PathBuf,
    postgres: Option<Postgres>,
}

struct Postgres {
    admin: String,
    name: String,
    owner: String,
    service: String,
}

impl Database {
    /// A fresh one; what the server keeps in files goes to `data_dir`.
    pub fn fresh(backend: Backend, data_dir: PathBuf) -> Result<Self> {
        let postgres = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(Postgres::create()?),
        };
        Ok(Self { data_dir, postgres })
    }

    /// Which kind it is.
    pub fn backend(&self) -> Backend {
        match self.postgres {
            Some(_) => Backend::Postgres,
            None => Backend::Sqlite,
        }
    }

    /// Where the server keeps its files.
    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The URLs of the role that owns the database and of the one that serves it, if it is a Postgres one.
    pub fn postgres_urls(&self) -> Option<(&str, &str)> {
        self.postgres
            .as_ref()
            .map(|postgres| (postgres.owner.as_str(), postgres.service.as_str()))
    }

    /// Everything that is stored, one line a row, without these tables. Past row-level security: nothing hides from it.
    pub async fn dump(&self, without: &[&str]) -> Result<Vec<String>> {
        let Some(postgres) = &self.postgres else {
            return self.dump_sqlite(without).await;
        };
        let mut lines = Vec::new();
        let mut conn = PgConnection::connect(&postgres.superuser()?).await?;
        let tables = "SELECT table_name::text FROM information_schema.tables \
            WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1";
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut conn).await?;
        for table in tables.iter().filter(|t| !without.contains(&t.as_str())) {
            let rows = format!("SELECT to_jsonb(t)::text FROM \"{table}\" t ORDER BY 1");
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows))
                .fetch_all(&mut conn)
                .await?;
            lines.extend(rows.iter().map(|row| format!("{table} {row}")));
        }
        conn.close().await?;
        Ok(lines)
    }

    /// Whether the file is whole; Postgres sees to its own.
    pub fn check_integrity(&self) -> Result<()> {
        if self.postgres.is_some() {
            return Ok(());
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let told = runtime.block_on(self.integrity())?;
        if told == ["ok"] {
            return Ok(());
        }
        fail(format!("integrity_check: {}", told.join("; ")))
    }

    async fn integrity(&self) -> Result<Vec<String>> {
        let mut conn = self.sqlite().await?;
        let told = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_all(&mut conn)
            .await?;
        conn.close().await?;
        Ok(told)
    }

    async fn dump_sqlite(&self, without: &[&str]) -> Result<Vec<String>> {
        const COLUMNS: &str = "SELECT 'quote(\"' || name || '\")' FROM pragma_table_info($1)";
        let mut lines = Vec::new();
        let mut conn = self.sqlite().await?;
        let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1";
        let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut conn).await?;
        for table in tables.iter().filter(|t| !without.contains(&t.as_str())) {
            let columns: Vec<String> = sqlx::query_scalar(COLUMNS)
                .bind(table)
                .fetch_all(&mut conn)
                .await?;
            let columns = columns.join(" || ',' || ");
            let rows = format!("SELECT {columns} AS row FROM \"{table}\" ORDER BY row");
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(rows))
                .fetch_all(&mut conn)
                .await?;
            lines.extend(rows.iter().map(|row| format!("{table} {row}")));
        }
        conn.close().await?;
        Ok(lines)
    }

    /// The role that serves, on Postgres.
    pub fn service_role(&self) -> Option<String> {
        self.postgres
            .as_ref()
            .map(|postgres| format!("{}_service", postgres.name))
    }

    /// An id as a literal of the database's SQL.
    pub fn id(&self, id: &str) -> String {
        match self.postgres {
            Some(_) => format!("'{id}'"),
            None => format!("x'{}'", id.replace('-', "")),
        }
    }

    /// Runs a statement that both databases understand, as somebody whom nothing hinders: for what no RPC can do.
    pub async fn alter(&self, statement: &str) -> Result<()> {
        if let Some(postgres) = &self.postgres {
            let mut conn = PgConnection::connect(&postgres.superuser()?).await?;
            conn.execute(AssertSqlSafe(statement)).await?;
            conn.close().await?;
        } else {
            let mut conn = self.sqlite().await?;
            conn.execute(AssertSqlSafe(statement)).await?;
            conn.close().await?;
        }
        Ok(())
    }

    async fn sqlite(&self) -> Result<SqliteConnection> {
        let file = SqliteConnectOptions::new().filename(self.data_dir.join("rung.db"));
        Ok(SqliteConnection::connect_with(&file).await?)
    }

    /// The flags with which `rungd serve` and `rungd admin` find it.
    pub fn serve_args(&self) -> Vec<String> {
        let mut args = vec![
            "--data-dir".to_owned(),
            self.data_dir().display().to_string(),
        ];
        if let Some(postgres) = &self.postgres {
            args.extend(["--database-url".to_owned(), postgres.service.clone()]);
        }
        args
    }
}

impl Postgres {
    /// One database, one role that owns it and migrates it, one that owns nothing and serves.
    fn create() -> Result<Self> {
        let Ok(admin) = std::env::var("RUNG_TEST_POSTGRES_URL") else {
            return fail(
                "RUNG_TEST_POSTGRES_URL names no Postgres to test on; `make test` finds or makes one",
            );
        };
        let name = format!("rung_{}", new_id().simple());
        let (owner, service) = (format!("{name}_owner"), format!("{name}_service"));
        execute(
            &admin,
            &[
                format!("CREATE ROLE {owner} LOGIN PASSWORD '{name}'"),
                format!("CREATE ROLE {service} LOGIN PASSWORD '{name}'"),
                format!("CREATE DATABASE {name} OWNER {owner}"),
            ],
        )?;
        let this = Self {
            owner: url(&admin, &name, &owner, &name)?,
            service: url(&admin, &name, &service, &name)?,
            admin,
            name,
        };
        let output = rungd(
            &[
                "migrate",
                "--database-url",
                &this.owner,
                "--grant-to",
                &service,
            ],
            &[],
        )?;
        if !output.status.success() {
            return fail(format!(
                "rungd migrate: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ));
        }
        Ok(this)
    }
}

impl Postgres {
    /// The database as the one who may do anything.
    fn superuser(&self) -> Result<String> {
        let Some((scheme, rest)) = self.admin.split_once("://") else {
            return fail("RUNG_TEST_POSTGRES_URL is no URL");
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let authority = place.split('/').next().unwrap_or_default();
        Ok(format!("{scheme}://{authority}/{}?{query}", self.name))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let Self { admin, name, .. } = self;
        // Best effort: an ephemeral cluster goes as a whole, and a test has already said what it has to say.
        let _ = execute(
            admin,
            &[
                format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                format!("DROP ROLE IF EXISTS {name}_service"),
                format!("DROP ROLE IF EXISTS {name}_owner"),
            ],
        );
    }
}

/// Runs statements on a Postgres database.
pub fn execute(url: &str, statements: &[String]) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut connection = PgConnection::connect(url).await?;
        for statement in statements {
            connection
                .execute(AssertSqlSafe(statement.as_str()))
                .await?;
        }
        connection.close().await?;
        Ok(())
    })
}

/// The administrator's URL with another database and role. Role and password go into the query: a URL over a unix
/// socket has no host, and a URL without a host cannot name a user before it.
fn url(admin: &str, database: &str, role: &str, password: &str) -> Result<String> {
    let Some((scheme, rest)) = admin.split_once("://") else {
        return fail("RUNG_TEST_POSTGRES_URL is no URL");
    };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = place.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let replaced = ["user=", "password=", "dbname="];
    let mut url = format!("{scheme}://{host}/{database}?user={role}&password={password}");
    for pair in query.split('&') {
        if !pair.is_empty() && !replaced.iter().any(|key| pair.starts_with(key)) {
            url.push('&');
            url.push_str(pair);
        }
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::url;

    // Seen failing with the administrator's name kept before the host.
    #[test]
    fn another_role_takes_the_place_of_the_administrator() {
        let over_socket =
            url("postgres:///postgres?host=/run/x&user=admin", "d", "r", "p").unwrap();
        assert_eq!(over_socket, "postgres:///d?user=r&password=p&host=/run/x");
        let over_network = url(
            "postgres://admin:secret@127.0.0.1:5432/postgres",
            "d",
            "r",
            "p",
        )
        .unwrap();
        assert_eq!(
            over_network,
            "postgres://127.0.0.1:5432/d?user=r&password=p"
        );
    }
}
