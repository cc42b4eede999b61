use std::sync::Arc;

use chrono::{Days, TimeDelta};
use futures_util::future::join_all;
use rung_progression::{PlanState, decide, event::MorningReport};

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

/// Starts the plan on the day before everything happens.
async fn start(db: &Db, access: &PlanAccess) {
    let access = access.clone();
    db.write_in(access.clinic(), move |mut tx| {
        let access = access.clone();
        Box::pin(async move {
            let locked = plan::lock(&mut tx, &access).await?;
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
    .unwrap();
}

fn morning(id: CheckInId, pain: u32, hour: i64) -> Arc<Incoming> {
    Arc::new(Incoming {
        id,
        performed_at: noon() + TimeDelta::hours(hour),
        zone: chrono_tz::Europe::Berlin,
        report: Report {
            note: "as last week".to_owned(),
            body: ReportBody::Morning {
                judged: MorningReport {
                    pain: pain.try_into().unwrap(),
                    stiffness: None,
                    swelling: rung_progression::Swelling::None,
                    red_flags: vec![],
                },
            },
        },
        fingerprint: vec![u8::try_from(pain).unwrap(); 32],
    })
}

async fn send(
    db: &Db,
    access: &PlanAccess,
    incoming: Arc<Incoming>,
) -> Result<v1::SubmitCheckInResponse> {
    let access = access.clone();
    db.write_in(access.clinic(), move |mut tx| {
        let (access, incoming) = (access.clone(), Arc::clone(&incoming));
        Box::pin(async move {
            let ambient: crate::clock::SharedAmbient = Arc::new(System);
            accept(&mut tx, &access, &ambient, &incoming).await
        })
    })
    .await
}

storage_tests! {
    // Seen failing without the lock of `plan::lock`: on Postgres writers then read the same version.
    async fn sixty_four_writers_on_one_athlete_lose_nothing(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let access = fixture::plan(&db, &athlete).await;
        start(&db, &access).await;
        let sent = (0..64).map(|n| {
            let incoming = morning(System.new_id().into(), n % 3, i64::from(n));
            send(&db, &access, incoming)
        });
        let mut seqs: Vec<i64> = join_all(sent)
            .await
            .into_iter()
            .map(|answer| answer.unwrap().check_in.unwrap().seq)
            .collect();
        seqs.sort_unstable();
        assert_eq!(seqs, (2..=65).collect::<Vec<_>>());

        let mut reader = db.read_in(access.clinic()).await.unwrap();
        let conn = &mut reader.conn();
        let stored = plan::get(conn, &access).await.unwrap();
        assert_eq!(stored.version, 65);
        let events = plan::events(conn, &access, 0, 100).await.unwrap();
        let mut state = PlanState::new(&stored.definition);
        let mut decided = 0;
        for row in &events {
            let step = decide(&stored.definition, &state, &row.event);
            decided += step.decisions.len();
            state = step.state;
        }
        assert_eq!(state, stored.state, "replaying the events gives the stored state");
        let decisions = decision::list_from(conn, &access, (0, -1), 1000).await.unwrap();
        assert_eq!(decisions.len(), decided);
        assert_eq!(check_in::list(conn, &athlete, None, 100).await.unwrap().len(), 64);
    }

    async fn the_same_check_in_sent_sixty_four_times_at_once_is_one(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let access = fixture::plan(&db, &athlete).await;
        start(&db, &access).await;
        let incoming = morning(System.new_id().into(), 1, 0);
        let sent = (0..64).map(|_| send(&db, &access, Arc::clone(&incoming)));
        let answers: Vec<_> = join_all(sent).await.into_iter().map(Result::unwrap).collect();
        for answer in &answers {
            assert_eq!(answer, &answers[0], "the same answer every time");
        }
        let mut reader = db.read_in(access.clinic()).await.unwrap();
        let conn = &mut reader.conn();
        assert_eq!(check_in::list(conn, &athlete, None, 100).await.unwrap().len(), 1);
        assert_eq!(plan::get(conn, &access).await.unwrap().version, 2);
        assert_eq!(plan::events(conn, &access, 0, 100).await.unwrap().len(), 2);
    }

    async fn an_id_with_another_content_is_refused_and_changes_nothing(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let access = fixture::plan(&db, &athlete).await;
        let id = System.new_id().into();
        send(&db, &access, morning(id, 1, 0)).await.unwrap();
        let other = send(&db, &access, morning(id, 2, 0)).await;
        assert!(matches!(other, Err(Error::CheckInIdReused)));
        let mut reader = db.read_in(access.clinic()).await.unwrap();
        let rows = check_in::list(&mut reader.conn(), &athlete, None, 100).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].fingerprint, vec![1; 32]);
        assert_eq!(rows[0].report.note, "as last week");
    }

    async fn before_the_start_only_red_flags_are_judged_and_the_answer_says_so(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let access = fixture::plan(&db, &athlete).await;
        let answer = send(&db, &access, morning(System.new_id().into(), 9, 0)).await.unwrap();
        assert_eq!(answer.judgement(), v1::Judgement::RedFlagsOnly);
        assert!(answer.decisions.is_empty());
    }
}
