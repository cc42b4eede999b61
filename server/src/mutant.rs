//! Switches that turn one check off, to prove that some test notices.
//!
//! Only a build with the feature `mutants` has them, and that is no release build: everywhere else [`off`] is the
//! constant `false`, and the compiler leaves the check alone. `make mutants` turns one off after the other, by the
//! variable `RUNG_MUTANT`.
//!
//! How do I add one? A line in `mutants.txt` beside the crate's manifest, and `mutant::off("its-id")` at the check.

#[cfg(all(feature = "mutants", not(debug_assertions)))]
compile_error!("a build in which checks can be turned off is for tests alone");

/// Whether the check with this id is turned off.
#[cfg(feature = "mutants")]
pub(crate) fn off(id: &str) -> bool {
    use std::sync::LazyLock;
    static CHOSEN: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("RUNG_MUTANT").ok());
    CHOSEN.as_deref() == Some(id)
}

/// Whether the check with this id is turned off: never.
#[cfg(not(feature = "mutants"))]
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "a check must not even cost the question"
)]
pub(crate) const fn off(_id: &str) -> bool {
    false
}

/// How long a commit that nobody waits for any more lets the server be killed before it.
pub(crate) async fn planted_delay() {
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
}

/// A statement in which the parts whose check is turned off are others: `(off("id"), "what stands there", "instead")`.
#[cfg(feature = "mutants")]
pub(crate) fn sql(sql: &'static str, parts: &[(bool, &str, &str)]) -> &'static str {
    let Some((_, part, instead)) = parts.iter().find(|(off, ..)| *off) else {
        return sql;
    };
    assert!(sql.contains(part), "{part:?} does not stand in {sql:?}");
    // One mutant a run: what is leaked is a few hundred bytes a call of a test.
    Box::leak(sql.replace(part, instead).into_boxed_str())
}

/// The statement as it is.
#[cfg(not(feature = "mutants"))]
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "a check must not even cost the question"
)]
pub(crate) const fn sql(sql: &'static str, _parts: &[(bool, &str, &str)]) -> &'static str {
    sql
}

/// What matches every clinic in place of `clinic_id = $1`, on `SQLite`.
pub(crate) const ANY_CLINIC: (&str, &str) = (
    "clinic_id = $1",
    "clinic_id <> COALESCE(NULLIF($1, $1), '')",
);

/// [`sql`] that asks in every clinic.
pub(crate) const fn anywhere(off: bool) -> (bool, &'static str, &'static str) {
    (off, ANY_CLINIC.0, ANY_CLINIC.1)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    fn sources(dir: &Path, into: &mut Vec<String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|end| end == "rs")
                && !path.ends_with("mutant.rs")
            {
                into.push(fs::read_to_string(path).unwrap());
            }
        }
    }

    // Seen failing with a line taken out of the list, and with one of a switch that is not.
    #[test]
    fn the_list_is_what_can_be_turned_off() {
        let listed: BTreeSet<&str> = include_str!("../mutants.txt")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty())
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        let mut files = Vec::new();
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut files,
        );
        let used: BTreeSet<&str> = files
            .iter()
            .flat_map(|text| text.split("off(\"").skip(1))
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert_eq!(listed, used);
    }
}
