//! Stories over the real binaries, on both databases. `make test` gives them what they need.

#[cfg(test)]
mod access;
#[cfg(test)]
mod api;
#[cfg(test)]
mod archive;
#[cfg(test)]
mod bad_activity;
#[cfg(test)]
mod bad_check_in;
#[cfg(test)]
mod bad_plan;
#[cfg(test)]
mod bad_report;
#[cfg(test)]
mod correction;
#[cfg(test)]
mod day;
#[cfg(test)]
mod door;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod hand;
#[cfg(test)]
mod http;
#[cfg(test)]
mod ladder;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod page;
#[cfg(test)]
mod passing;
#[cfg(test)]
mod physio;
#[cfg(test)]
mod prediction;
#[cfg(test)]
mod prescription;
#[cfg(test)]
mod promise;
#[cfg(test)]
mod schedule;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod story;
#[cfg(test)]
mod system;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod tracks;
#[cfg(test)]
mod unplanned;
#[cfg(test)]
mod wall;

/// Expands stories (`fn(&mut Clinic) -> Result<()>`) to one test per database.
#[cfg(test)]
macro_rules! on_both_databases {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $story() { crate::play(rung_tests::Backend::Sqlite, super::$story); })+
        }
        mod postgres {
            $(#[test] fn $story() { crate::play(rung_tests::Backend::Postgres, super::$story); })+
        }
    };
}
#[cfg(test)]
use on_both_databases;

/// Plays a story in a fresh clinic; a failure shows what the server said.
#[cfg(test)]
fn play(
    backend: rung_tests::Backend,
    story: impl Fn(&mut rung_tests::Clinic) -> rung_tests::Result<()>,
) {
    let mut clinic = rung_tests::Clinic::open(backend).unwrap();
    if let Err(failure) = story(&mut clinic) {
        panic!("{failure}\n--- rungd said:\n{}", clinic.log());
    }
}
