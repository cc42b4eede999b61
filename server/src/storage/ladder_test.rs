use super::*;
use crate::{
    access::{AthleteAccess, Relation},
    clock::{Ambient as _, System},
    storage::{
        Db,
        conformance::{
            fixture::{self, Practice, noon},
            storage_tests,
        },
    },
};

fn ladder() -> Ladder {
    let mut ladder = fixture::definition().tracks[0].ladder.clone();
    "harbour-knee".clone_into(&mut ladder.key);
    ladder
}

async fn draft(db: &Db, practice: &Practice) -> Result<StoredLadder> {
    let access = practice.access.clone();
    let id = LadderId::from(System.new_id());
    db.write_in(access.clinic(), move |mut tx| {
        let access = access.clone();
        Box::pin(async move { insert_draft(&mut tx, &access, id, ladder(), noon()).await })
    })
    .await
}

async fn publish_it(db: &Db, practice: &Practice, id: LadderId, etag: i64) -> Result<StoredLadder> {
    let access = practice.access.clone();
    db.write_in(access.clinic(), move |mut tx| {
        let access = access.clone();
        Box::pin(async move { publish(&mut tx, &access, id, etag, noon()).await })
    })
    .await
}

storage_tests! {
    async fn a_key_has_one_draft_and_versions_that_count_up(db: Db) {
        let practice = Practice::new();
        let first = draft(&db, &practice).await.unwrap();
        assert_eq!((first.definition.version, first.published_at), (1, None));
        assert!(matches!(draft(&db, &practice).await, Err(Error::AlreadyExists { .. })));
        let published = publish_it(&db, &practice, first.id, first.etag).await.unwrap();
        assert_eq!(published.published_at, Some(noon()));
        let second = draft(&db, &practice).await.unwrap();
        assert_eq!(second.definition.version, 2);
        let mut reader = db.read_in(practice.clinic).await.unwrap();
        let page = list(&mut reader.conn(), &practice.access, None, 1).await.unwrap();
        assert_eq!(page[0].id, first.id);
        let after = Some(("harbour-knee".to_owned(), 1));
        let rest = list(&mut reader.conn(), &practice.access, after, 9).await.unwrap();
        assert_eq!(rest.iter().map(|l| l.id).collect::<Vec<_>>(), [second.id]);
    }

    async fn publishing_wants_the_current_etag_and_happens_once(db: Db) {
        let practice = Practice::new();
        let stored = draft(&db, &practice).await.unwrap();
        let stale = publish_it(&db, &practice, stored.id, 7).await;
        assert!(matches!(stale, Err(Error::EtagStale { current }) if current == "1"));
        let once = publish_it(&db, &practice, stored.id, 1).await.unwrap();
        let twice = publish_it(&db, &practice, stored.id, 1).await.unwrap();
        assert_eq!((once.etag, twice.etag), (2, 2));
    }

    async fn a_ladder_of_another_clinic_is_not_found(db: Db) {
        let stored = draft(&db, &Practice::new()).await.unwrap();
        let stranger = Practice::new();
        let athlete = AthleteAccess::for_test(
            stranger.clinic,
            System.new_id().into(),
            stranger.physio,
            Relation::Care,
        );
        let mut reader = db.read_in(stranger.clinic).await.unwrap();
        let conn = &mut reader.conn();
        assert!(matches!(get(conn, &stranger.access, stored.id).await, Err(Error::NotFound("ladder"))));
        assert!(find_to_prescribe(conn, &athlete, stored.id).await.unwrap().is_none());
        assert!(list(conn, &stranger.access, None, 9).await.unwrap().is_empty());
        assert!(matches!(publish_it(&db, &stranger, stored.id, 1).await, Err(Error::NotFound("ladder"))));
    }
}
