use std::sync::Arc;

use chrono::{Days, TimeDelta};
use futures_util::future::join_all;
use rung_progression::{
    EarlierRung, PlanState, SessionReport, decide,
    event::{self, MorningReport},
};

use super::*;
use crate::{
    clock::{Ambient as _, System},
    storage::{
        Db,
        conformance::{
            fixture::{self, Practice, noon},
            storage_tests,
        },
        prediction::StoredPrediction,
    },
};

/// Starts the plan on the day before everything happens.
async fn start(db: &Db, access: &PlanAccess) {
    let effective = noon().date_naive() - Days::new(1);
    act(db, access, EventBody::Start { effective }).await;
}

/// An act of the physiotherapist, at noon.
async fn act(db: &Db, access: &PlanAccess, body: EventBody) {
    let ambient = fixture::ambient();
    let done = fixture::happens(db, access, &ambient, noon(), body).await;
    done.unwrap();
}

fn morning(id: CheckInId, pain: u32, hour: i64) -> Arc<Incoming> {
    Arc::new(of_morning(id, pain, hour))
}

fn of_morning(id: CheckInId, pain: u32, hour: i64) -> Incoming {
    Incoming {
        id,
        performed_at: noon() + TimeDelta::hours(hour),
        zone: chrono_tz::Europe::Berlin,
        under: None,
        corrects: None,
        prediction: None,
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
    }
}

/// What corrects a morning.
fn correction(first: CheckInId, pain: u32) -> Arc<Incoming> {
    Arc::new(Incoming {
        corrects: Some(first),
        ..of_morning(System.new_id().into(), pain, 0)
    })
}

/// A session on a rung of the plan's one track, an hour after noon.
fn session(plan: &PlanDefinition, rung: u32) -> Incoming {
    let rung = rung.try_into().unwrap();
    let track = &plan.tracks[0];
    let zero = 0_u32.try_into().unwrap();
    let judged = SessionReport {
        track: track.id,
        rung,
        pain_before: None,
        pain_during: zero,
        pain_after: zero,
        altered_gait: false,
        swelling: rung_progression::Swelling::None,
        red_flags: vec![],
        dose_done: track.rung(rung).unwrap().dose,
        confidence: None,
        fear: None,
        feared_outcome: None,
        context: None,
        distance: None,
        earlier: None,
    };
    Incoming {
        report: Report {
            note: String::new(),
            body: ReportBody::Session {
                judged: Box::new(judged),
                detail: Box::default(),
                reflection: check_in::Reflection::default(),
            },
        },
        ..of_morning(System.new_id().into(), 0, 1)
    }
}

fn judged(incoming: &mut Incoming) -> &mut SessionReport {
    match &mut incoming.report.body {
        ReportBody::Session { judged, .. } => judged,
        _ => panic!("a session"),
    }
}

async fn send(db: &Db, access: &PlanAccess, incoming: Arc<Incoming>) -> Result<Answer> {
    let access = access.clone();
    db.write_in(access.clinic(), move |mut tx| {
        let (access, incoming) = (access.clone(), Arc::clone(&incoming));
        Box::pin(async move {
            let ambient: SharedAmbient = Arc::new(System);
            accept(&mut tx, &access, &ambient, &incoming).await
        })
    })
    .await
}

/// Predicts a rung, at an hour from noon; the prediction's id.
async fn predict(db: &Db, access: &PlanAccess, rung: u32, hour: i64) -> Uuid {
    let id = System.new_id();
    let access = access.clone();
    db.write_in(access.clinic(), move |mut tx| {
        let access = access.clone();
        Box::pin(async move {
            let locked = plan::lock(&mut tx, &access).await?;
            let new = StoredPrediction {
                id,
                plan_id: access.plan(),
                revision: locked.definition.revision,
                track_id: locked.definition.tracks[0].id,
                rung: rung.try_into().unwrap(),
                fingerprint: vec![3; 32],
                made_at: noon() + TimeDelta::hours(hour),
                recorded_at: noon(),
                entered_by: access.person(),
                feared_outcome: "it gives way".to_owned(),
                likelihood: 60,
                expected_fear: 70_u32.try_into().unwrap(),
                expected_pain: 4_u32.try_into().unwrap(),
                check_in_id: None,
                performed_at: None,
            };
            prediction::insert(&mut tx, &access, &new).await
        })
    })
    .await
    .unwrap();
    id
}

/// The plan as it is stored.
async fn stored(db: &Db, access: &PlanAccess) -> StoredPlan {
    let mut reader = db.read_in(access.clinic()).await.unwrap();
    plan::get(&mut reader.conn(), access).await.unwrap()
}

/// Makes a next revision whose rungs have half the dose; its definition.
async fn amend(db: &Db, access: &PlanAccess) -> PlanDefinition {
    let former = stored(db, access).await.definition;
    let mut next = former.clone();
    for rung in &mut next.tracks[0].ladder.rungs {
        rung.dose = (rung.dose.get() / 2).try_into().unwrap();
    }
    act(db, access, fixture::amends(&former, next)).await;
    stored(db, access).await.definition
}

/// The one bad field of a refusal.
fn field<T: std::fmt::Debug>(refused: Result<T>) -> (String, String) {
    match refused {
        Err(Error::InvalidFields(faults)) if faults.len() == 1 => {
            (faults[0].field.clone(), faults[0].message.clone())
        }
        other => panic!("{other:?}"),
    }
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
            .map(|answer| answer.unwrap().check_in.seq)
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
        assert_eq!(answer.judgement, v1::Judgement::RedFlagsOnly);
        assert!(answer.decisions.is_empty());
    }

    // Seen failing with the correction held against the first report, and with its own id stored as what it corrects.
    async fn a_correction_names_the_first_report_and_is_held_against_what_was_said_last(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let access = fixture::plan(&db, &athlete).await;
        start(&db, &access).await;
        let first = System.new_id().into();
        send(&db, &access, morning(first, 1, 0)).await.unwrap();
        let second = correction(first, 2);
        send(&db, &access, Arc::clone(&second)).await.unwrap();
        let third = correction(first, 3);
        let answer = send(&db, &access, Arc::clone(&third)).await.unwrap();
        assert_eq!(answer.check_in.corrects_id, first.to_string());
        assert_eq!(answer.check_in.corrected_by, "");

        let mut reader = db.read_in(access.clinic()).await.unwrap();
        let conn = &mut reader.conn();
        let events = plan::events(conn, &access, 0, 9).await.unwrap();
        let EventBody::Correction(last) = &events.last().unwrap().event.body else {
            panic!("a correction");
        };
        assert_eq!(last.corrects.uuid(), second.id.uuid());
        assert_eq!(last.was, second.report.body.judged());
        assert_eq!(last.now, third.report.body.judged());
        let rows = check_in::list(conn, &athlete, None, 9).await.unwrap();
        let told: Vec<_> = rows.iter().map(|c| (c.id, c.corrects_id, c.corrected_by)).collect();
        let (root, newest) = (Some(first.uuid()), Some(third.id.uuid()));
        assert_eq!(told, [(third.id, root, None), (second.id, root, newest), (first, None, newest)]);
        assert_eq!(*rows[2].report, morning(first, 1, 0).report, "the old report stays as it is");
        let found = check_in::newest(conn, &athlete, first).await.unwrap().unwrap();
        assert_eq!(found.id, third.id);
        // A repeat is answered as the first time, without what became of it.
        let again = send(&db, &access, second).await.unwrap();
        assert_eq!(again.check_in.corrected_by, "");
    }

    // Seen failing without the lock: two corrections then name the same report.
    async fn corrections_at_once_correct_each_other_one_after_the_other(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let access = fixture::plan(&db, &athlete).await;
        start(&db, &access).await;
        let first = System.new_id().into();
        send(&db, &access, morning(first, 1, 0)).await.unwrap();
        let sent = (0..16).map(|pain| send(&db, &access, correction(first, pain % 3)));
        for answer in join_all(sent).await {
            answer.unwrap();
        }
        let mut reader = db.read_in(access.clinic()).await.unwrap();
        let events = plan::events(&mut reader.conn(), &access, 1, 99).await.unwrap();
        for pair in events.windows(2) {
            let EventBody::Correction(next) = &pair[1].event.body else {
                panic!("a correction");
            };
            assert_eq!(next.corrects, pair[0].event.id);
        }
        assert_eq!(events.len(), 17);
    }

    // Seen failing with the rung read in the present revision.
    async fn a_session_is_read_under_the_revision_that_it_names(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let access = fixture::plan(&db, &athlete).await;
        start(&db, &access).await;
        let before = stored(&db, &access).await.definition;
        let now = amend(&db, &access).await;
        let mut early = session(&before, 1);
        early.under = Some(before.clone());
        let answer = send(&db, &access, Arc::new(early)).await.unwrap();
        assert_eq!(answer.check_in.revision, 1);
        let mut late = session(&now, 1);
        late.performed_at += TimeDelta::days(3);
        let answer = send(&db, &access, Arc::new(late)).await.unwrap();
        assert_eq!(answer.check_in.revision, 2);

        let mut reader = db.read_in(access.clinic()).await.unwrap();
        let events = plan::events(&mut reader.conn(), &access, 2, 9).await.unwrap();
        let read: Vec<_> = events
            .iter()
            .map(|row| match &row.event.body {
                EventBody::Session(report) => (row.event.revision, report.earlier),
                other => panic!("{other:?}"),
            })
            .collect();
        let rung = 1_u32.try_into().unwrap();
        let there = EarlierRung {
            dose: before.tracks[0].rung(rung).unwrap().dose,
            rest_days: before.tracks[0].rest_days(rung),
            same: false,
        };
        assert_eq!(read, [(1, Some(there)), (2, None)]);
        // A correction is of the revision of what it corrects.
        let first = events[0].event.id.uuid().into();
        let mut corrects = session(&before, 1);
        corrects.under = Some(before);
        corrects.corrects = Some(first);
        judged(&mut corrects).pain_during = 9_u32.try_into().unwrap();
        let answer = send(&db, &access, Arc::new(corrects)).await.unwrap();
        assert_eq!(answer.check_in.revision, 1);
        let last = plan::events(&mut reader.conn(), &access, 4, 9).await.unwrap().remove(0);
        let EventBody::Correction(last) = &last.event.body else {
            panic!("a correction");
        };
        let event::Report::Session(now) = &last.now else {
            panic!("a session");
        };
        assert_eq!(now.earlier, Some(there));
    }

    // Seen failing with the answer of another session not looked for, and with a corrected session still answering.
    async fn a_prediction_is_answered_by_one_session_of_its_rung(db: Db) {
        let athlete = Practice::new().athlete(&db, "Mia").await;
        let access = fixture::plan(&db, &athlete).await;
        start(&db, &access).await;
        let plan = stored(&db, &access).await.definition;
        let (early, late) = (predict(&db, &access, 0, -2).await, predict(&db, &access, 0, 2).await);
        let naming = |prediction, rung| {
            let mut session = session(&plan, rung);
            session.prediction = Some(prediction);
            session
        };
        let path = "check_in.session.prediction_id".to_owned();
        let refused = field(send(&db, &access, Arc::new(naming(System.new_id(), 0))).await);
        assert_eq!(refused, (path.clone(), "is no prediction of the athlete".to_owned()));
        let refused = field(send(&db, &access, Arc::new(naming(early, 1))).await);
        assert_eq!(refused, (path.clone(), "is a prediction of another rung".to_owned()));
        let bo = Practice::of(access.clinic()).athlete(&db, "Bo").await;
        let other = fixture::plan(&db, &bo).await;
        let theirs = predict(&db, &other, 0, -2).await;
        let refused = field(send(&db, &access, Arc::new(naming(theirs, 0))).await);
        assert_eq!(refused.1, "is no prediction of the athlete");

        let first = naming(early, 0);
        let id = first.id;
        let answer = send(&db, &access, Arc::new(first)).await.unwrap();
        assert_eq!(answer.asked, ["fear", "feared_outcome"]);
        let refused = field(send(&db, &access, Arc::new(naming(early, 0))).await);
        assert_eq!(refused, (path, "was answered by another session".to_owned()));
        // Its own correction may, with what was asked.
        let mut corrects = naming(early, 0);
        corrects.corrects = Some(id);
        judged(&mut corrects).fear = Some(30_u32.try_into().unwrap());
        judged(&mut corrects).feared_outcome = Some(false);
        let newest = corrects.id;
        let answer = send(&db, &access, Arc::new(corrects)).await.unwrap();
        assert!(answer.asked.is_empty());
        let found = async || {
            let mut reader = db.read_in(access.clinic()).await.unwrap();
            prediction::find(&mut reader.conn(), &athlete, early).await.unwrap().unwrap()
        };
        let known = found().await;
        assert_eq!((known.check_in_id, known.is_late()), (Some(newest.uuid()), false));
        // One that says nothing of it any more sets it free.
        let mut corrects = session(&plan, 0);
        corrects.corrects = Some(id);
        send(&db, &access, Arc::new(corrects)).await.unwrap();
        assert_eq!(found().await.check_in_id, None);
        let mut again = naming(early, 0);
        again.performed_at += TimeDelta::days(3);
        send(&db, &access, Arc::new(again)).await.unwrap();

        let answer = send(&db, &access, Arc::new(naming(late, 0))).await.unwrap();
        assert_eq!(answer.asked, ["fear"], "what was said afterwards is not asked whether it came true");
        let v1::check_in::Report::Session(told) = answer.check_in.report.unwrap() else {
            panic!("a session");
        };
        assert!(told.prediction_late);
        let mut reader = db.read_in(access.clinic()).await.unwrap();
        let known = prediction::list(&mut reader.conn(), &athlete, None, 9).await.unwrap();
        let late_ones: Vec<_> = known.iter().filter(|p| p.is_late()).map(|p| p.id).collect();
        assert_eq!(late_ones, [late]);
    }
}
