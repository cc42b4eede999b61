use chrono::TimeDelta;

use super::*;
use crate::{
    clock::{Ambient as _, System},
    storage::{
        Db,
        conformance::{
            fixture::{self, Practice, noon},
            storage_tests,
        },
    },
};

async fn add(db: &Db, access: &PlanAccess, minute: i64) -> Uuid {
    let id = System.new_id();
    let access = access.clone();
    db.write_in(access.clinic(), move |mut tx| {
        let access = access.clone();
        Box::pin(async move {
            let at = noon() + TimeDelta::minutes(minute);
            let new = StoredPrediction {
                id,
                plan_id: access.plan(),
                revision: 1,
                track_id: System.new_id().into(),
                rung: 2_u32.try_into().unwrap(),
                fingerprint: vec![9; 32],
                made_at: at,
                recorded_at: at,
                entered_by: access.person(),
                feared_outcome: "it tears".to_owned(),
                likelihood: 100,
                expected_fear: 0_u32.try_into().unwrap(),
                expected_pain: 10_u32.try_into().unwrap(),
                check_in_id: None,
                performed_at: None,
            };
            insert(&mut tx, &access, &new).await
        })
    })
    .await
    .unwrap();
    id
}

storage_tests! {
    async fn predictions_are_listed_both_ways_page_by_page(db: Db) {
        let practice = Practice::new();
        let athlete = practice.athlete(&db, "Mia").await;
        let other = practice.athlete(&db, "Bo").await;
        let access = fixture::plan(&db, &athlete).await;
        let theirs = fixture::plan(&db, &other).await;
        let mut added = vec![];
        for minute in 0..3 {
            added.push(add(&db, &access, minute).await);
        }
        let of_bo = add(&db, &theirs, 1).await;
        let mut reader = db.read_in(access.clinic()).await.unwrap();
        let conn = &mut reader.conn();
        let ids = |rows: &[StoredPrediction]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
        let newest = list(conn, &athlete, None, 2).await.unwrap();
        assert_eq!(ids(&newest), [added[2], added[1]]);
        let before = (newest[1].recorded_at, newest[1].id);
        assert_eq!(ids(&list(conn, &athlete, Some(before), 2).await.unwrap()), [added[0]]);
        let oldest = list_from(conn, &athlete, None, 2).await.unwrap();
        assert_eq!(ids(&oldest), [added[0], added[1]]);
        let after = (oldest[1].recorded_at, oldest[1].id);
        assert_eq!(ids(&list_from(conn, &athlete, Some(after), 2).await.unwrap()), [added[2]]);

        let found = find(conn, &athlete, added[1]).await.unwrap().unwrap();
        assert_eq!((found.rung.get(), found.likelihood), (2, 100));
        assert_eq!((found.expected_fear.get(), found.expected_pain.get()), (0, 10));
        assert_eq!((found.check_in_id, found.is_late()), (None, false));
        assert!(find(conn, &athlete, of_bo).await.unwrap().is_none(), "of another athlete");
    }
}
