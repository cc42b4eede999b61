use super::*;
use crate::storage::care_team;
use crate::{
    access::Relation,
    storage::{
        Db,
        conformance::{
            fixture::{Practice, noon},
            storage_tests,
        },
    },
};

storage_tests! {
    async fn an_athlete_reads_back_and_what_is_missing_stays_missing(db: Db) {
        let practice = Practice::new();
        let access = practice.athlete(&db, "Mia").await;
        let mut reader = db.read_in(practice.clinic).await.unwrap();
        let athlete = get(&mut reader.conn(), &access).await.unwrap();
        assert_eq!(athlete.display_name, "Mia");
        assert_eq!(athlete.created_at, noon());
        assert_eq!(athlete.created_by, practice.physio);
        // A NULL must not read as a zero: SQLite would do that for a column that is not Option.
        assert_eq!(athlete.person_id, None);
        let team = care_team::list(&mut reader.conn(), &access).await.unwrap();
        assert_eq!(team.len(), 1);
        assert!(team[0].lead && team[0].person_id == practice.physio);
    }

    async fn an_athlete_of_another_clinic_is_not_found(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let stranger = Practice::new();
        let forged = AthleteAccess::for_test(stranger.clinic, athlete.athlete(), stranger.physio, Relation::Care);
        let mut reader = db.read_in(stranger.clinic).await.unwrap();
        assert!(matches!(get(&mut reader.conn(), &forged).await, Err(Error::NotFound("athlete"))));
        assert!(care_team::list(&mut reader.conn(), &forged).await.unwrap().is_empty());
    }

    async fn a_list_holds_those_in_care_by_name_page_by_page(db: Db) {
        let practice = Practice::new();
        let colleague = Practice::of(practice.clinic);
        for name in ["Cem", "Ada", "Bo"] {
            practice.athlete(&db, name).await;
        }
        colleague.athlete(&db, "Not mine").await;
        let mut reader = db.read_in(practice.clinic).await.unwrap();
        let first = list_in_care(&mut reader.conn(), &practice.care, None, 2).await.unwrap();
        let names: Vec<_> = first.iter().map(|a| a.display_name.as_str()).collect();
        assert_eq!(names, ["Ada", "Bo"]);
        let after = Some(("Bo".to_owned(), first[1].id.uuid()));
        let rest = list_in_care(&mut reader.conn(), &practice.care, after, 2).await.unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].display_name, "Cem");
    }
}
