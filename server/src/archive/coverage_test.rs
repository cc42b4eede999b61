//! `docs/archive.md` against the schema: nothing about athletes is forgotten.

use std::collections::{BTreeMap, BTreeSet};

use crate::storage::{Db, conformance::storage_tests};

type Schema = BTreeMap<String, BTreeSet<String>>;

/// Tables, columns in and out, and whether the whole table is left out.
type Row = (BTreeSet<String>, BTreeSet<String>, BTreeSet<String>, bool);

/// What stands between backticks.
fn words(cell: &str) -> BTreeSet<String> {
    let words = cell.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

/// The rows of the page.
fn page() -> Vec<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/archive.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut rows = vec![];
    for line in text.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, tables, inside, _, _, out, _] = cells[..] else {
            panic!("{line}");
        };
        rows.push((
            words(tables),
            words(inside),
            words(out),
            out.starts_with("all: "),
        ));
    }
    rows
}

async fn schema(db: &Db) -> Schema {
    const SQLITE: &str = "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
    const POSTGRES: &str = "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_class c \
        JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid \
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped";
    let rows: Vec<(String, String)> = match db {
        Db::Sqlite { read, .. } => sqlx::query_as(SQLITE).fetch_all(read).await.unwrap(),
        Db::Postgres(pool, _) => sqlx::query_as(POSTGRES).fetch_all(pool).await.unwrap(),
    };
    let mut schema = Schema::new();
    for (table, column) in rows {
        schema.entry(table).or_default().insert(column);
    }
    schema.remove("_sqlx_migrations");
    assert!(schema.len() > 20, "the schema was not found");
    schema
}

storage_tests! {
    // Seen failing with a table taken out of the page.
    async fn whatever_is_stored_is_in_the_archive_or_left_out_with_a_reason(db: Db) {
        let schema = schema(&db).await;
        let mut told = Schema::new();
        for (tables, inside, out, whole) in page() {
            for table in tables {
                let columns = schema.get(&table).unwrap_or_else(|| panic!("no table {table}"));
                if whole {
                    let about = columns.contains("athlete_id");
                    assert_eq!(about, out.contains("athlete_id"), "{table} is left out, athlete_id unsaid");
                } else {
                    assert_eq!(inside.intersection(&out).count(), 0, "{table}: both in and out");
                    let named: BTreeSet<String> = inside.union(&out).cloned().collect();
                    assert_eq!(*columns, named, "{table}");
                }
                assert!(told.insert(table.clone(), columns.clone()).is_none(), "{table} twice");
            }
        }
        assert!(schema.keys().eq(told.keys()), "{:?}", schema.keys().filter(|t| !told.contains_key(*t)).collect::<Vec<_>>());
    }
}
