use rung_progression::{BreakGlassId, PersonId};

use super::*;
use crate::{
    access::{Part, Parts},
    clock::{Ambient as _, System},
    storage::{
        Db,
        conformance::{fixture::Practice, storage_tests},
    },
};

/// What each question is answered: its name, and whether anything was told.
async fn answers(db: &Db, access: &AthleteAccess) -> Vec<(&'static str, Result<()>)> {
    let mut reader = db.read_in(access.clinic()).await.unwrap();
    let conn = &mut reader.conn();
    vec![
        ("account", account(conn, access).await.map(drop)),
        ("place", place(conn, access).await.map(drop)),
        ("password", password(conn, access).await.map(drop)),
        ("second factor", second_factor(conn, access).await.map(drop)),
        ("sign-ins", sign_ins(conn, access, None, 9).await.map(drop)),
        (
            "invitations",
            invitations(conn, access, None, 9).await.map(drop),
        ),
    ]
}

storage_tests! {
    // Seen failing with every relation taken for the athlete.
    async fn nobody_but_the_athlete_is_told_of_their_account(db: Db) {
        let practice = Practice::new();
        let record = practice.athlete(&db, "Nora").await;
        let (clinic, athlete) = (record.clinic(), record.athlete());
        let somebody = PersonId::from(System.new_id());
        let (glass, parts): (BreakGlassId, Parts) = (System.new_id().into(), [Part::CheckIns].into_iter().collect());
        let others = [Relation::Care, Relation::Glass(glass), Relation::Consented(parts), Relation::Service];
        for relation in others {
            let access = AthleteAccess::for_test(clinic, athlete, somebody, relation);
            for (what, answer) in answers(&db, &access).await {
                let refused = matches!(answer, Err(Error::RoleRequired));
                assert!(refused, "{what} by {relation:?}: {answer:?}");
            }
        }
        let own = AthleteAccess::for_test(clinic, athlete, somebody, Relation::Own);
        for (what, answer) in answers(&db, &own).await {
            assert!(answer.is_ok(), "{what}: {answer:?}");
        }
    }
}
