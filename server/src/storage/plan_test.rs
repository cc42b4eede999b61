use chrono::Days;
use rung_progression::{EventBody, EventId};

use super::*;
use crate::{
    clock::{Ambient as _, System},
    rpc::apply::{Happening, apply},
    storage::{
        Db,
        conformance::{
            fixture::{self, Practice, noon},
            storage_tests,
        },
    },
};

async fn start(db: &Db, access: &PlanAccess) -> Result<()> {
    let access = access.clone();
    db.write_in(access.clinic(), move |mut tx| {
        let access = access.clone();
        Box::pin(async move {
            let locked = lock(&mut tx, &access).await?;
            let happening = Happening {
                id: EventId::from(System.new_id()),
                at: noon(),
                date: noon().date_naive(),
                body: EventBody::Start {
                    effective: noon().date_naive() - Days::new(1),
                },
            };
            apply(&mut tx, &access, &fixture::ambient(), locked, happening)
                .await
                .map(|_| ())
        })
    })
    .await
}

storage_tests! {
    async fn the_open_plan_counts_before_a_newer_draft(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let first = fixture::plan(&db, &athlete).await;
        let second = fixture::plan(&db, &athlete).await;
        let mut reader = db.read_in(athlete.clinic()).await.unwrap();
        let newest = current(&mut reader.conn(), &athlete).await.unwrap().unwrap();
        assert_eq!((newest.id, newest.status), (second.plan(), Status::Draft));
        assert_eq!(newest.last_check_in_at, None);
        start(&db, &first).await.unwrap();
        let open = current(&mut reader.conn(), &athlete).await.unwrap().unwrap();
        assert_eq!((open.id, open.status, open.version), (first.plan(), Status::Active, 1));
    }

    async fn an_athlete_has_one_open_plan(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let first = fixture::plan(&db, &athlete).await;
        let second = fixture::plan(&db, &athlete).await;
        start(&db, &first).await.unwrap();
        assert!(matches!(start(&db, &second).await, Err(Error::PlanAlreadyOpen)));
        let mut reader = db.read_in(athlete.clinic()).await.unwrap();
        let refused = get(&mut reader.conn(), &second).await.unwrap();
        assert_eq!((refused.version, refused.status), (0, Status::Draft));
        assert!(events(&mut reader.conn(), &second, 0, 9).await.unwrap().is_empty());
    }

    async fn a_plan_under_another_athlete_or_clinic_is_not_found(db: Db) {
        let practice = Practice::new();
        let athlete = practice.athlete(&db, "Mia").await;
        let other = practice.athlete(&db, "Bo").await;
        let stranger = Practice::new().athlete(&db, "Cem").await;
        let access = fixture::plan(&db, &athlete).await;
        let mut reader = db.read_in(access.clinic()).await.unwrap();
        for forged in [other, stranger] {
            let forged = PlanAccess::for_test(forged, access.plan());
            assert!(matches!(get(&mut reader.conn(), &forged).await, Err(Error::NotFound("plan"))));
        }
    }
}
