//! A permission of another clinic reaches nothing, whatever id it names. Each statement asks for the clinic by itself:
//! the ids of an archive that was taken in elsewhere are in two clinics.

use rung_progression::{ClinicId, DecisionId, PersonId};

use super::{
    Db, athlete,
    audit::{self, Effect, Event, Filter, Outcome, Who},
    break_glass, check_in,
    conformance::{
        fixture::{self, Practice, noon},
        storage_tests,
    },
    consent,
    db::on,
    decision,
    erasure::tests::{Story, story},
    identity::{member, service_account},
    ladder,
    plan::{self, revision},
    prediction, relation,
};
use crate::{
    access::{
        AthleteAccess, CareAccess, ClinicAccess, DecisionAccess, ErasureAccess, PlanAccess,
        Relation, Role, SupporterAccess,
    },
    clock::{Ambient as _, System},
    error::{Error, Result},
    storage::erasure,
};

/// Permissions of one clinic for the ids of the story.
struct Permit {
    clinic: ClinicId,
    athlete: AthleteAccess,
    plan: PlanAccess,
    admin: ClinicAccess,
    care: CareAccess,
    supporter: SupporterAccess,
}

/// What is looked for besides.
struct Ids {
    seq: i64,
    decision: DecisionId,
    supporter: PersonId,
    glass: uuid::Uuid,
    glass_person: PersonId,
}

fn permit(
    clinic: ClinicId,
    story: &Story,
    plan: rung_progression::PlanId,
    who: PersonId,
) -> Permit {
    let person = story.practice.physio;
    let athlete = AthleteAccess::for_test(clinic, story.gone.athlete(), person, Relation::Care);
    Permit {
        clinic,
        plan: PlanAccess::for_test(athlete.clone(), plan),
        athlete,
        admin: ClinicAccess::for_test(clinic, person, &[Role::Admin]),
        care: CareAccess::sharing_for_test(clinic, person),
        supporter: SupporterAccess::for_test(clinic, who),
    }
}

/// How many rows there are. The report of the story is none that reads: it is found all the same.
fn found<T>(rows: Result<Vec<T>>) -> usize {
    match rows {
        Ok(rows) => rows.len(),
        Err(Error::Database(sqlx::Error::ColumnDecode { .. })) => 1,
        Err(other) => panic!("{other:?}"),
    }
}

/// How many rows each question answers.
#[expect(clippy::too_many_lines, reason = "each question is a line or two")]
async fn asked(db: &Db, by: &Permit, story: &Story, ids: &Ids) -> Vec<(&'static str, usize)> {
    let mut reader = db.read_in(by.clinic).await.unwrap();
    let conn = &mut reader.conn();
    let (athlete, plan) = (&by.athlete, &by.plan);
    let glass = relation::glass(
        conn,
        by.clinic,
        athlete.athlete(),
        ids.glass_person,
        noon() - chrono::TimeDelta::hours(1),
    );
    let glass = glass.await.unwrap();
    let opened = relation::consent(
        conn,
        by.clinic,
        athlete.athlete(),
        ids.supporter,
        System.now(),
    );
    let opened = opened.await.unwrap();
    let own = relation::own_athlete(conn, by.clinic, story.person)
        .await
        .unwrap();
    let unseen = break_glass::unseen(conn, by.clinic).await.unwrap();
    let reason = break_glass::reason(conn, athlete, ids.glass).await.unwrap();
    let access = DecisionAccess::for_test(plan.clone(), ids.decision);
    let one = decision::get(conn, &access).await;
    let latest = decision::latest(conn, plan).await.unwrap();
    let of_event = decision::of_event(conn, plan, ids.seq).await.unwrap();
    let accounts = service_account::list(conn, &by.admin, None, 9, noon())
        .await
        .unwrap();
    let events = audit::list(conn, &by.admin, Filter::default(), 9)
        .await
        .unwrap();
    vec![
        (
            "athletes",
            athlete::list_in_care(conn, &by.care, None, 9)
                .await
                .unwrap()
                .len(),
        ),
        ("own athlete", usize::from(own.is_some())),
        ("plan", usize::from(plan::get(conn, plan).await.is_ok())),
        (
            "current plan",
            usize::from(plan::current(conn, athlete).await.unwrap().is_some()),
        ),
        ("plans", plan::list(conn, athlete).await.unwrap().len()),
        (
            "events",
            plan::events(conn, plan, 0, 9).await.unwrap().len(),
        ),
        (
            "revision",
            usize::from(revision::find(conn, plan, 1).await.unwrap().is_some()),
        ),
        ("revisions", revision::list(conn, plan).await.unwrap().len()),
        (
            "check-in",
            found(
                check_in::find(conn, athlete, ids.glass.into())
                    .await
                    .map(Vec::from_iter),
            ),
        ),
        (
            "check-in newest",
            found(
                check_in::newest(conn, athlete, ids.glass.into())
                    .await
                    .map(Vec::from_iter),
            ),
        ),
        (
            "check-in answering",
            found(
                check_in::answering(conn, athlete, ids.glass)
                    .await
                    .map(Vec::from_iter),
            ),
        ),
        (
            "prediction",
            usize::from(
                prediction::find(conn, athlete, ids.glass)
                    .await
                    .unwrap()
                    .is_some(),
            ),
        ),
        (
            "predictions",
            prediction::list(conn, athlete, None, 9)
                .await
                .unwrap()
                .len(),
        ),
        (
            "predictions from",
            prediction::list_from(conn, athlete, None, 9)
                .await
                .unwrap()
                .len(),
        ),
        (
            "check-ins",
            found(check_in::list(conn, athlete, None, 9).await),
        ),
        (
            "check-ins from",
            found(check_in::list_from(conn, athlete, None, 9).await),
        ),
        ("decision", usize::from(one.is_ok())),
        ("decisions of an event", of_event.len()),
        ("latest decisions", latest.len()),
        (
            "decisions",
            decision::list(conn, plan, None, 9).await.unwrap().len(),
        ),
        (
            "decisions from",
            decision::list_from(conn, plan, (0, 0), 9)
                .await
                .unwrap()
                .len(),
        ),
        ("consent", usize::from(!opened.is_empty())),
        (
            "consents",
            consent::list(conn, athlete, None, 9).await.unwrap().len(),
        ),
        (
            "consents given",
            consent::list_given(conn, &by.supporter, None, 9)
                .await
                .unwrap()
                .len(),
        ),
        ("glass", usize::from(glass.is_some())),
        (
            "glasses",
            break_glass::list(conn, &by.admin, false, None, 9)
                .await
                .unwrap()
                .len(),
        ),
        ("glasses unseen", usize::try_from(unseen).unwrap()),
        ("reason", usize::from(reason.is_some())),
        ("audit", events.len()),
        (
            "members",
            member::list(conn, &by.admin, None, 9).await.unwrap().len(),
        ),
        ("service accounts", accounts.len()),
    ]
}

/// A row of the audit and a service account, which the story has none of.
async fn more(db: &Db, story: &Story) {
    let clinic = story.practice.clinic;
    let admin = ClinicAccess::for_test(clinic, story.practice.physio, &[Role::Admin]);
    let event = Event {
        clinic,
        id: System.new_id(),
        at: noon(),
        who: Who::Operator,
        roles: String::new(),
        method: "method".to_owned(),
        effect: Effect::Read,
        athlete: None,
        object: None,
        outcome: Outcome::Allowed,
        purpose: "TREAT".to_owned(),
        break_glass: None,
        call: System.new_id(),
        network: None,
    };
    db.write_in(clinic, move |mut tx| {
        let (admin, event) = (admin.clone(), event.clone());
        Box::pin(async move {
            const SQL: &str = "INSERT INTO service_account (id, clinic_id, display_name, scopes, created_at, created_by) \
                VALUES ($1, $2, 'Watches', 'CHECKINS', $3, $4)";
            audit::insert(&mut tx, &event).await?;
            on!(&mut *tx, execute sqlx::query(SQL)
                .bind(System.new_id())
                .bind(admin.clinic().uuid())
                .bind(noon())
                .bind(admin.person().uuid()))?;
            Ok(())
        })
    })
    .await
    .unwrap();
}

storage_tests! {
    // Seen failing with the clinic left out of each statement, one by one: see docs/mutants.md.
    async fn nothing_of_a_clinic_is_read_with_a_permission_of_another(db: Db) {
        let story = story(&db).await;
        more(&db, &story).await;
        let here = story.practice.clinic;
        let mut reader = db.read_in(here).await.unwrap();
        let conn = &mut reader.conn();
        let found = plan::current(conn, &story.gone).await.unwrap().unwrap();
        let consent = consent::list(conn, &story.gone, None, 1).await.unwrap().remove(0);
        let admin = ClinicAccess::for_test(here, story.practice.physio, &[Role::Admin]);
        let glasses = break_glass::list(conn, &admin, false, None, 9).await.unwrap();
        let of_plan = PlanAccess::for_test(story.gone.clone(), found.id);
        let decided = decision::latest(conn, &of_plan).await.unwrap().remove(0);
        let glass = glasses.iter().find(|glass| glass.athlete_id == story.gone.athlete().uuid()).unwrap();
        drop(reader);
        let ids = Ids {
            seq: 1,
            decision: decided.id,
            supporter: consent.supporter_id,
            glass: glass.id,
            glass_person: glass.person_id.into(),
        };
        let by = |clinic| permit(clinic, &story, found.id, ids.supporter);
        for (what, rows) in asked(&db, &by(here), &story, &ids).await {
            assert!(rows > 0, "{what} is asked in vain");
        }
        let mut reader = db.read_in(here).await.unwrap();
        let other = SupporterAccess::for_test(here, System.new_id().into());
        assert!(consent::list_given(&mut reader.conn(), &other, None, 9).await.unwrap().is_empty());
        drop(reader);
        let there = Practice::new().clinic;
        for (what, rows) in asked(&db, &by(there), &story, &ids).await {
            assert_eq!(rows, 0, "{what} of another clinic");
        }
    }

    // Seen failing with the clinic left out of each statement, one by one: see docs/mutants.md.
    async fn nothing_of_a_clinic_is_changed_with_a_permission_of_another(db: Db) {
        let story = story(&db).await;
        let (here, there) = (story.practice.clinic, Practice::new().clinic);
        let own = ClinicAccess::for_test(here, story.practice.physio, &[Role::Admin]);
        let mut reader = db.read_in(here).await.unwrap();
        let glass = break_glass::list(&mut reader.conn(), &own, false, None, 1).await.unwrap().remove(0);
        drop(reader);
        let definition = fixture::definition().tracks[0].ladder.clone();
        let theirs = db.write_in(here, move |mut tx| {
            let (own, mut definition) = (own.clone(), definition.clone());
            Box::pin(async move {
                let id = System.new_id().into();
                let draft = ladder::insert_draft(&mut tx, &own, id, definition.clone(), noon()).await?;
                definition.key.push_str("-2");
                let id = System.new_id().into();
                let next = ladder::insert_draft(&mut tx, &own, id, definition, noon()).await?;
                let offered = ladder::publish(&mut tx, &own, next.id, next.etag, noon()).await?;
                Ok((draft, offered))
            })
        });
        let (draft, offered) = theirs.await.unwrap();
        let stranger = ClinicAccess::for_test(there, story.practice.physio, &[Role::Admin]);
        let athlete = story.gone.athlete();
        db.write_in(there, move |mut tx| {
            let (stranger, draft, offered) = (stranger.clone(), draft.clone(), offered.clone());
            Box::pin(async move {
                let seen = break_glass::acknowledge(&mut tx, &stranger, glass.id.into(), noon()).await?;
                assert!(seen.is_none(), "glass of another clinic");
                let said = draft.definition.0.clone();
                let updated = ladder::update_draft(&mut tx, &stranger, draft.id, draft.etag, said).await;
                let published = ladder::publish(&mut tx, &stranger, draft.id, draft.etag, noon()).await;
                let archived = ladder::archive(&mut tx, &stranger, offered.id, offered.etag, noon()).await;
                for done in [updated, published, archived] {
                    assert!(matches!(done, Err(Error::NotFound(_))), "a ladder of another clinic");
                }
                let access = ErasureAccess::of_machine(there, athlete);
                let stone = erasure::Tombstone::new(&access, "asked".to_owned(), noon(), None);
                let erased = erasure::erase(&mut tx, &access, &stone, noon(), None).await?;
                assert!(!erased, "an athlete of another clinic");
                Ok(())
            })
        })
        .await
        .unwrap();
    }
}
