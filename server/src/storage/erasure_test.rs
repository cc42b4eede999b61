use chrono::TimeDelta;
use rung_progression::{AthleteId, EventBody, EventId};
use sqlx::{AssertSqlSafe, Connection as _};

use super::*;
use crate::{
    access::AthleteAccess,
    clock::{Ambient as _, SharedAmbient, System},
    housekeeping,
    rpc::apply::{Happening, apply},
    storage::{
        Db, athlete,
        conformance::{
            as_owner,
            fixture::{self, Practice, noon},
            on_postgres, on_sqlite_in, owner_url, storage_tests,
        },
        identity::clinic,
        plan, request,
    },
    tombstone::{TombstoneFile, erase_again},
};

/// Stands in everything that is told of the athlete.
const CANARY: &str = "Kanarinchen";

/// An athlete with a record in every table, an account and a remembered answer; beside them one who stays.
pub(in crate::storage) struct Story {
    pub(in crate::storage) practice: Practice,
    pub(in crate::storage) gone: AthleteAccess,
    pub(in crate::storage) person: PersonId,
    stays: AthleteAccess,
}

async fn run(db: &Db, clinic: ClinicId, sql: String) {
    db.write_in(clinic, move |mut tx| {
        let sql = sql.clone();
        Box::pin(async move {
            on!(&mut *tx, execute sqlx::query(AssertSqlSafe(sql.clone())).bind(clinic.uuid()))?;
            Ok(())
        })
    })
    .await
    .unwrap();
}

pub(in crate::storage) async fn story(db: &Db) -> Story {
    let practice = Practice::new();
    let clinic = practice.clinic;
    let (gone, stays) = (
        practice.athlete(db, CANARY).await,
        practice.athlete(db, "Bo").await,
    );
    let person = PersonId::from(System.new_id());
    for access in [&gone, &stays] {
        record(db, access).await;
    }
    let (access, physio) = (gone.clone(), practice.physio);
    db.write_in(clinic, move |mut tx| {
        let access = access.clone();
        Box::pin(async move {
            const INVITE: &str = "INSERT INTO invitation (id, clinic_id, code_hash, email, roles, athlete_id, invited_by, \
                created_at, expires_at, accepted_at, accepted_by) VALUES ($1, $2, $3, $4, 'ATHLETE', $5, $6, $7, $7, $7, $8)";
            clinic::insert(&mut tx, clinic, "Harbour", noon()).await?;
            for (id, name) in [(person, CANARY), (physio, "Pia")] {
                const PERSON: &str = "INSERT INTO person (id, email, display_name, created_at) VALUES ($1, $2, $3, $4)";
                const PLACE: &str = "INSERT INTO membership (clinic_id, person_id, roles, state, created_at) \
                    VALUES ($1, $2, $3, 'ACTIVE', $4)";
                const CREDENTIAL: &str = "INSERT INTO credential (person_id, password_hash, updated_at) VALUES ($1, $2, $3)";
                let email = format!("{name}@mail.example").to_lowercase();
                on!(&mut *tx, execute sqlx::query(PERSON).bind(id.uuid()).bind(&email).bind(name).bind(noon()))?;
                let roles = if id == person { "ATHLETE" } else { "PHYSIO" };
                on!(&mut *tx, execute sqlx::query(PLACE).bind(clinic.uuid()).bind(id.uuid()).bind(roles).bind(noon()))?;
                on!(&mut *tx, execute sqlx::query(CREDENTIAL).bind(id.uuid()).bind(name).bind(noon()))?;
            }
            let joined = crate::storage::relation::join_athlete(&mut tx, clinic, access.athlete(), person).await?;
            assert!(joined);
            let invite = format!("{}@mail.example", CANARY.to_lowercase());
            on!(&mut *tx, execute sqlx::query(INVITE)
                .bind(System.new_id()).bind(clinic.uuid()).bind([7_u8; 32].as_slice()).bind(&invite)
                .bind(access.athlete().uuid()).bind(physio.uuid()).bind(noon()).bind(person.uuid()))?;
            Ok(())
        })
    })
    .await
    .unwrap();
    Story {
        practice,
        gone,
        person,
        stays,
    }
}

/// A plan that was started, a check-in and a prediction of it, a consent, broken glass, a remembered answer.
async fn record(db: &Db, access: &AthleteAccess) {
    let plan = fixture::plan(db, access).await;
    let (clinic, athlete) = (access.clinic(), access.athlete());
    db.write_in(clinic, move |mut tx| {
        let plan = plan.clone();
        Box::pin(async move {
            let ambient: SharedAmbient = std::sync::Arc::new(System);
            let locked = plan::lock(&mut tx, &plan).await?;
            let happening = Happening {
                id: EventId::from(System.new_id()),
                at: noon(),
                date: noon().date_naive(),
                body: EventBody::Start {
                    effective: noon().date_naive(),
                },
            };
            apply(&mut tx, &plan, &ambient, locked, happening).await?;
            let claim = request::Claim {
                clinic,
                person: plan.person(),
                request_id: System.new_id(),
                fingerprint: vec![1; 32],
                at: noon(),
            };
            request::claim(&mut tx, &claim).await?;
            request::answer(&mut tx, &claim, CANARY.as_bytes(), Some(athlete)).await
        })
    })
    .await
    .unwrap();
    let about = "FROM plan_event e JOIN plan p ON p.clinic_id = e.clinic_id AND p.id = e.plan_id WHERE e.clinic_id = $1 \
        AND e.seq = 1 AND NOT EXISTS";
    for sql in [
        format!("INSERT INTO check_in (clinic_id, athlete_id, id, plan_id, seq, fingerprint, performed_at, time_zone, \
            civil_date, recorded_at, entered_by, judged, prediction_id, report) SELECT e.clinic_id, p.athlete_id, e.id, \
            p.id, 1, p.id_bytes, e.recorded_at, 'UTC', '2026-03-02', e.recorded_at, e.recorded_by, 'FULLY', e.id, \
            '{{\"note\":\"{CANARY}\"}}' {about} (SELECT 1 FROM check_in c WHERE c.clinic_id = e.clinic_id AND c.plan_id = p.id)")
            .replace("p.id_bytes", "(SELECT r.fingerprint FROM request r WHERE r.clinic_id = e.clinic_id LIMIT 1)"),
        format!("INSERT INTO prediction (clinic_id, athlete_id, id, plan_id, revision, track_id, rung, fingerprint, made_at, \
            recorded_at, entered_by, feared_outcome, likelihood, expected_fear, expected_pain) SELECT e.clinic_id, \
            p.athlete_id, e.id, p.id, 1, e.id, 0, (SELECT r.fingerprint FROM request r WHERE r.clinic_id = e.clinic_id LIMIT 1), \
            e.recorded_at, e.recorded_at, e.recorded_by, '{CANARY} falls', 50, 50, 5 {about} (SELECT 1 FROM prediction c \
            WHERE c.clinic_id = e.clinic_id AND c.plan_id = p.id)"),
        format!("INSERT INTO consent (clinic_id, athlete_id, supporter_id, version, id, state, parts, purpose, valid_from, \
            recorded_at, recorded_by) SELECT e.clinic_id, p.athlete_id, e.id, 1, e.id, 'GRANTED', 'NOTES', '{CANARY}', \
            e.recorded_at, e.recorded_at, e.recorded_by {about} (SELECT 1 FROM consent c WHERE c.clinic_id = e.clinic_id \
            AND c.athlete_id = p.athlete_id)"),
        format!("INSERT INTO break_glass (clinic_id, id, athlete_id, person_id, reason, at, expires_at) SELECT e.clinic_id, \
            e.id, p.athlete_id, e.id, '{CANARY} fell', e.recorded_at, e.recorded_at {about} (SELECT 1 FROM break_glass c \
            WHERE c.clinic_id = e.clinic_id AND c.athlete_id = p.athlete_id)"),
    ] {
        run(db, clinic, sql).await;
    }
}

fn access(of: &AthleteAccess) -> ErasureAccess {
    ErasureAccess::of_machine(of.clinic(), of.athlete())
}

async fn erase_it(db: &Db, of: &AthleteAccess, hold_until: Option<DateTime<Utc>>) -> Tombstone {
    let access = access(of);
    let tombstone = Tombstone::new(&access, "they asked for it".to_owned(), noon(), hold_until);
    let stone = tombstone.clone();
    db.write_in(of.clinic(), move |mut tx| {
        let stone = stone.clone();
        Box::pin(async move { erase(&mut tx, &access, &stone, noon(), None).await })
    })
    .await
    .unwrap();
    tombstone
}

const TABLES: [&str; 12] = [
    "athlete",
    "break_glass",
    "care_team",
    "check_in",
    "consent",
    "plan",
    "plan_event",
    "plan_revision",
    "plan_state",
    "prediction",
    "request",
    "decision",
];

async fn count(db: &Db, clinic: ClinicId, sql: &str) -> i64 {
    let mut reader = db.read_in(clinic).await.unwrap();
    let conn = &mut reader.conn();
    on!(conn, fetch_one sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).bind(clinic.uuid()))
        .unwrap()
}

async fn counts(db: &Db, clinic: ClinicId) -> Vec<(&'static str, i64)> {
    let mut counts = Vec::new();
    for table in TABLES {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE clinic_id = $1");
        counts.push((table, count(db, clinic, &sql).await));
    }
    counts
}

async fn people(db: &Db, clinic: ClinicId) -> [i64; 4] {
    let mut found = [0; 4];
    for (n, sql) in [
        "SELECT COUNT(*) FROM person WHERE display_name = 'Kanarinchen' AND $1 = $1",
        "SELECT COUNT(*) FROM membership WHERE clinic_id = $1",
        "SELECT COUNT(*) FROM credential WHERE $1 = $1",
        "SELECT COUNT(*) FROM invitation WHERE clinic_id = $1",
    ]
    .into_iter()
    .enumerate()
    {
        found[n] = count(db, clinic, sql).await;
    }
    found
}

storage_tests! {
    // Seen failing with the remembered answers left alone.
    async fn everything_about_the_athlete_goes_and_nothing_about_another(db: Db) {
        let story = story(&db).await;
        let clinic = story.practice.clinic;
        let before = counts(&db, clinic).await;
        assert_eq!(people(&db, clinic).await, [1, 2, 2, 1]);
        erase_it(&db, &story.gone, None).await;
        for ((table, before), (_, after)) in before.iter().zip(counts(&db, clinic).await) {
            assert!(*before > 0, "{table}");
            assert_eq!(after * 2, *before, "{table}");
        }
        assert_eq!(people(&db, clinic).await, [0, 1, 1, 0]);
        let mut reader = db.read_in(clinic).await.unwrap();
        let bo = athlete::get(&mut reader.conn(), &story.stays).await.unwrap();
        assert_eq!(bo.display_name, "Bo");
        assert!(is_buried(&mut reader.conn(), clinic, story.gone.athlete()).await.unwrap());
    }

    // Seen failing with the hold left out of `erase`.
    async fn a_held_record_is_locked_under_a_pseudonym_and_goes_when_the_hold_ends(db: Db) {
        let story = story(&db).await;
        let clinic = story.practice.clinic;
        let until = noon() + TimeDelta::days(3650);
        erase_it(&db, &story.gone, Some(until)).await;
        assert!(!stands(&mut db.read_in(clinic).await.unwrap().conn(), &access(&story.gone)).await.unwrap());
        let standing = crate::storage::relation::to_athlete(
            &mut db.read_in(clinic).await.unwrap().conn(), clinic, story.gone.athlete(), story.practice.physio).await.unwrap();
        assert_eq!(standing, None, "nobody sees it");
        let plan = plan::list(&mut db.read_in(clinic).await.unwrap().conn(), &story.gone).await.unwrap()[0].id;
        let standing = crate::storage::relation::to_plan(
            &mut db.read_in(clinic).await.unwrap().conn(), clinic, plan, story.practice.physio).await.unwrap();
        assert_eq!(standing, None, "nor its plan");
        let of_plan = crate::access::PlanAccess::for_test(story.gone.clone(), plan);
        let decision = crate::storage::decision::latest(
            &mut db.read_in(clinic).await.unwrap().conn(), &of_plan).await.unwrap()[0].id;
        let standing = crate::storage::relation::to_decision(
            &mut db.read_in(clinic).await.unwrap().conn(), clinic, decision, story.practice.physio).await.unwrap();
        assert_eq!(standing, None, "nor a decision on it");
        let all = crate::access::CareAccess::sharing_for_test(clinic, story.practice.physio);
        let listed = athlete::list_in_care(&mut db.read_in(clinic).await.unwrap().conn(), &all, None, 9).await.unwrap();
        assert_eq!(listed.iter().map(|a| a.id).collect::<Vec<_>>(), [story.stays.athlete()]);
        let gone = story.gone.athlete();
        let locked = db.write_in(clinic, move |mut tx| Box::pin(async move {
            athlete::lock(&mut tx, clinic, gone).await
        }));
        assert!(!locked.await.unwrap(), "nothing is decided about them");
        assert_eq!(people(&db, clinic).await, [0, 1, 1, 0]);
        let named = "SELECT COUNT(*) FROM athlete WHERE clinic_id = $1 AND display_name = 'Kanarinchen'";
        assert_eq!(count(&db, clinic, named).await, 0);
        let kept = "SELECT COUNT(*) FROM plan WHERE clinic_id = $1";
        assert_eq!(count(&db, clinic, kept).await, 2);
        let clock = std::sync::Arc::new(crate::clock::fixed::Fixed::at(until - TimeDelta::seconds(1)));
        let ambient: SharedAmbient = clock.clone();
        housekeeping::round(&db, &ambient).await.unwrap();
        assert_eq!(count(&db, clinic, kept).await, 2);
        clock.set(until);
        housekeeping::round(&db, &ambient).await.unwrap();
        assert_eq!(count(&db, clinic, kept).await, 1);
        let audited = "SELECT COUNT(*) FROM audit_event WHERE clinic_id = $1 AND method = 'rungd/EndHold'";
        assert_eq!(count(&db, clinic, audited).await, 1);
    }

    async fn somebody_with_another_place_keeps_their_account(db: Db) {
        let story = story(&db).await;
        let other = ClinicId::from(System.new_id());
        let person = story.person;
        db.write(move |mut tx| {
            Box::pin(async move {
                const PLACE: &str = "INSERT INTO membership (clinic_id, person_id, roles, state, created_at) \
                    VALUES ($1, $2, 'ATHLETE', 'ACTIVE', $3)";
                clinic::insert(&mut tx, other, "Elsewhere", noon()).await?;
                on!(&mut *tx, execute sqlx::query(PLACE).bind(other.uuid()).bind(person.uuid()).bind(noon()))?;
                Ok(())
            })
        })
        .await
        .unwrap();
        erase_it(&db, &story.gone, None).await;
        assert_eq!(people(&db, story.practice.clinic).await, [1, 1, 2, 0]);
        assert_eq!(people(&db, other).await[1], 1);
    }

    async fn what_a_restored_backup_brings_back_is_erased_again(db: Db) {
        let story = story(&db).await;
        let clinic = story.practice.clinic;
        let folder = tempfile::tempdir().unwrap();
        let file = TombstoneFile::new(folder.path().join("tombstones.jsonl"));
        assert_eq!(file.read().unwrap(), []);
        // Decided after the backup was made: the database knows nothing of it.
        let stone = Tombstone::new(&access(&story.gone), "they asked".to_owned(), noon(), None);
        file.append(&stone).await.unwrap();
        file.append(&stone).await.unwrap();
        assert_eq!(file.read().unwrap(), [stone.clone(), stone]);
        let ambient: SharedAmbient = std::sync::Arc::new(System);
        let named = file.read().unwrap();
        assert_eq!(erase_again(&db, &ambient, &named).await.unwrap(), 1);
        assert_eq!(erase_again(&db, &ambient, &named).await.unwrap(), 0);
        assert_eq!(count(&db, clinic, "SELECT COUNT(*) FROM plan WHERE clinic_id = $1").await, 1);
        assert_eq!(people(&db, clinic).await[0], 0);
    }

    async fn a_torn_line_is_cut_and_a_wrong_one_is_told(db: Db) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new").join("tombstones.jsonl");
        let file = TombstoneFile::new(path.clone());
        let nobody = ErasureAccess::of_machine(System.new_id().into(), AthleteId::from(System.new_id()));
        let stone = Tombstone::new(&nobody, "line\nbreak".to_owned(), noon(), Some(noon()));
        file.append(&stone).await.unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{whole}{{\"clinic")).unwrap();
        assert_eq!(file.read().unwrap(), std::slice::from_ref(&stone));
        file.append(&stone).await.unwrap();
        assert_eq!(file.read().unwrap(), [stone.clone(), stone.clone()]);
        std::fs::write(&path, format!("nonsense\n{whole}")).unwrap();
        assert!(file.read().is_err());
        let ambient: SharedAmbient = std::sync::Arc::new(System);
        assert_eq!(erase_again(&db, &ambient, &[stone]).await.unwrap(), 0, "the clinic is unknown here");
    }

    async fn answers_are_forgotten_when_they_are_old(db: Db) {
        let story = story(&db).await;
        let clinic = story.practice.clinic;
        let requests = "SELECT COUNT(*) FROM request WHERE clinic_id = $1";
        let ambient: SharedAmbient = std::sync::Arc::new(crate::clock::fixed::Fixed::at(noon() + TimeDelta::days(89)));
        housekeeping::round(&db, &ambient).await.unwrap();
        assert_eq!(count(&db, clinic, requests).await, 2);
        let ambient: SharedAmbient = std::sync::Arc::new(crate::clock::fixed::Fixed::at(noon() + TimeDelta::days(91)));
        housekeeping::round(&db, &ambient).await.unwrap();
        assert_eq!(count(&db, clinic, requests).await, 0);
    }
}

// Seen failing without `secure_delete`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_the_embedded_database_holds_the_canary_afterwards() {
    on_sqlite_in(async |db: Db, folder| {
        let story = story(&db).await;
        let holds = || {
            let files = std::fs::read_dir(&folder).unwrap();
            files
                .filter(|file| {
                    let bytes = std::fs::read(file.as_ref().unwrap().path()).unwrap();
                    let text = String::from_utf8_lossy(&bytes).to_lowercase();
                    text.contains(&CANARY.to_lowercase())
                })
                .count()
        };
        assert!(holds() > 0, "the canary is in");
        db.scrub().await.unwrap();
        assert!(holds() > 0, "also in the file itself");
        // Everything that the other athlete's record says of the canary too: this test is about one.
        erase_it(&db, &story.gone, None).await;
        erase_it(&db, &story.stays, None).await;
        db.scrub().await.unwrap();
        assert_eq!(holds(), 0);
    })
    .await;
}

/// Which tables of a Postgres database hold the canary in their files, those of its catalogue included; its log is not looked at:
/// it is the operator's, as backups are, and goes round.
async fn files_of_postgres(db: &Db) -> Vec<String> {
    const SQL: &str = "SELECT CAST(CAST(oid AS regclass) AS text) FROM pg_class WHERE pg_relation_filepath(oid) IS NOT NULL \
        AND position(convert_to($1, 'UTF8') IN pg_read_binary_file(pg_relation_filepath(oid))) > 0";
    // What is in memory is written out first.
    as_owner(db, "CHECKPOINT").await;
    let url = owner_url(db).expect("a Postgres database");
    let mut conn = sqlx::PgConnection::connect(&url).await.unwrap();
    let lowest = CANARY.to_lowercase();
    let mut held = vec![];
    for word in [CANARY, lowest.as_str()] {
        let tables = sqlx::query_scalar(SQL).bind(word).fetch_all(&mut conn);
        held.extend(tables.await.unwrap());
    }
    conn.close().await.unwrap();
    held
}

// Deleted rows lie in their pages until Postgres clears them up; a full vacuum does it at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_a_vacuumed_postgres_holds_the_canary_afterwards() {
    on_postgres(async |db: Db| {
        let story = story(&db).await;
        assert!(!files_of_postgres(&db).await.is_empty(), "the canary is in");
        erase_it(&db, &story.gone, None).await;
        erase_it(&db, &story.stays, None).await;
        // Whatever still has an older view of the database, such as an analysis of its own accord, keeps dead rows.
        let mut held = vec![];
        for _ in 0..20 {
            as_owner(&db, "VACUUM FULL").await;
            held = files_of_postgres(&db).await;
            if held.is_empty() {
                break;
            }
        }
        assert_eq!(held, Vec::<String>::new());
    })
    .await;
}
