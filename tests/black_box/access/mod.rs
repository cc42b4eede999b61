//! Stories about who may do what: what they leave behind, and how they end.

mod audit;
mod canary;
mod end;
mod export;
mod replica;
mod secret;
mod setting;
mod stream;

use rung_tests::{Backend, Result, Settings};

use crate::matrix::World;

/// Plays a story in the world of the matrix; a failure shows what the server said.
fn play(
    backend: Backend,
    settings: &Settings,
    story: impl AsyncFnOnce(&mut World) -> Result<()>,
) -> Result<()> {
    World::begin(backend, settings)?.play(story)
}

macro_rules! stories {
    ($($file:ident::$story:ident),+ $(,)?) => {
        mod sqlite {
            use super::*;
            $(#[test] fn $story() -> Result<()> {
                play(Backend::Sqlite, &$file::settings(), $file::$story)
            })+
        }
        mod postgres {
            use super::*;
            $(#[test] fn $story() -> Result<()> {
                play(Backend::Postgres, &$file::settings(), $file::$story)
            })+
        }
    };
}

stories!(
    audit::every_access_of_others_leaves_one_row,
    audit::every_athlete_that_is_shown_is_one_row,
    audit::what_cannot_be_audited_is_not_done,
    canary::nothing_about_people_gets_out,
    end::who_is_shut_out_is_out_at_once,
    end::broken_glass_is_mended_when_its_time_is_over,
    end::a_deactivated_clinic_stops_everything,
    end::a_scope_counts_while_the_account_holds_it,
    export::an_export_holds_what_the_page_says,
    secret::nothing_stored_gives_a_secret_away,
    setting::shared_care_holds_while_the_clinic_has_chosen_it,
    setting::a_second_factor_is_asked_of_a_role,
    setting::who_asks_for_a_second_factor_has_one,
    stream::an_export_ends_with_what_it_rests_on,
);

/// Two servers on one database: only Postgres is shared.
mod shared {
    use super::*;

    #[test]
    fn another_replica_shuts_out_within_five_seconds() -> Result<()> {
        let story = replica::another_replica_shuts_out_within_five_seconds;
        play(Backend::Postgres, &Settings::default(), story)
    }

    #[test]
    fn an_export_from_another_replica_ends_too() -> Result<()> {
        let story = stream::an_export_from_another_replica_ends_too;
        play(Backend::Postgres, &Settings::default(), story)
    }
}
