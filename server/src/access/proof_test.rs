use super::*;
use crate::{
    access::Identity,
    clock::{Ambient as _, System},
    storage::{Db, athlete as stored, conformance::storage_tests, db::on},
};

/// Two clinics alike; in each an athlete with an account, in the care of one physio.
struct Clinic {
    id: ClinicId,
    physio: PersonId,
    own: PersonId,
    athlete: AthleteId,
    plan: PlanId,
}

fn id<T: From<uuid::Uuid>>() -> T {
    System.new_id().into()
}

async fn clinic_in(db: &Db) -> Clinic {
    let made = Clinic {
        id: id(),
        physio: id(),
        own: id(),
        athlete: id(),
        plan: id(),
    };
    let (clinic, physio, own, athlete, plan) =
        (made.id, made.physio, made.own, made.athlete, made.plan);
    db.write_in(clinic, move |mut tx| {
        Box::pin(async move {
            const PLAN: &str = "INSERT INTO plan (clinic_id, id, athlete_id, created_at, created_by) \
                                VALUES ($1, $2, $3, $4, $5)";
            let access = ClinicAccess::for_test(clinic, physio, &[Role::Physio]);
            stored::insert(&mut tx, &access, athlete, "Nora", "UTC", System.now()).await?;
            relation::join_athlete(&mut tx, clinic, athlete, own).await?;
            on!(&mut *tx, execute sqlx::query(PLAN)
                .bind(clinic.uuid())
                .bind(plan.uuid())
                .bind(athlete.uuid())
                .bind(System.now())
                .bind(physio.uuid()))?;
            Ok(())
        })
    })
    .await
    .unwrap();
    made
}

fn caller(clinic: ClinicId, person: PersonId, roles: &[Role]) -> Caller {
    let roles = roles.iter().copied().collect();
    Caller::for_test(Identity {
        person,
        clinic,
        session: id(),
        roles,
        athlete: None,
    })
}

/// What asking for an athlete and for their plan came to; both have to come to the same.
async fn ask(db: &Db, caller: &Caller, rule: &Rule, of: &Clinic) -> Result<Relation> {
    let mut reader = db.read_in(caller.clinic).await?;
    let conn = &mut reader.conn();
    let by_athlete = athlete(conn, caller, rule, of.athlete).await;
    let by_plan = plan(conn, caller, rule, of.plan).await;
    match (&by_athlete, &by_plan) {
        (Ok(a), Ok(p)) => {
            assert_eq!(
                (a.clinic(), a.athlete(), a.person()),
                (of.id, of.athlete, caller.person)
            );
            assert_eq!(
                (p.clinic(), p.plan(), p.person()),
                (of.id, of.plan, caller.person)
            );
            assert_eq!(
                (p.athlete().athlete(), p.athlete().relation()),
                (of.athlete, a.relation())
            );
        }
        (Err(Error::NotFound(a)), Err(Error::NotFound(p))) => {
            assert_eq!((*a, *p), ("athlete", "plan"));
        }
        (Err(a), Err(p)) => assert_eq!(a.to_string(), p.to_string()),
        _ => panic!("athlete and plan disagree"),
    }
    Ok(by_athlete?.relation())
}

fn both() -> Rule {
    Rule::for_test(&[Role::Physio, Role::Athlete], false, true, true)
}

storage_tests! {
    async fn care_and_self_open_a_record_and_its_plan(db: Db) {
        let here = clinic_in(&db).await;
        let physio = caller(here.id, here.physio, &[Role::Physio]);
        assert_eq!(ask(&db, &physio, &both(), &here).await.unwrap(), Relation::Care);
        let own = caller(here.id, here.own, &[Role::Athlete]);
        assert_eq!(ask(&db, &own, &both(), &here).await.unwrap(), Relation::Own);
    }

    // Seen failing with the clinic taken out of either WHERE, and with NOT_IN_CARE given to everybody.
    async fn hidden_and_missing_look_alike_but_to_a_colleague(db: Db) {
        let (here, there) = (clinic_in(&db).await, clinic_in(&db).await);
        let missing = Clinic { athlete: id(), plan: id(), ..clinic_in(&db).await };
        let nowhere = |outcome: Result<Relation>| matches!(outcome, Err(Error::NotFound("athlete")));

        let physio = caller(here.id, here.physio, &[Role::Physio]);
        assert!(nowhere(ask(&db, &physio, &both(), &there).await));
        assert!(nowhere(ask(&db, &physio, &both(), &missing).await));
        // In care of an athlete elsewhere, and asking with a token of this clinic.
        let guest = caller(here.id, there.physio, &[Role::Physio]);
        assert!(nowhere(ask(&db, &guest, &both(), &there).await));
        let colleague = caller(here.id, id(), &[Role::Physio]);
        assert!(matches!(ask(&db, &colleague, &both(), &here).await, Err(Error::NotInCare)));

        let other_athlete = caller(here.id, id(), &[Role::Athlete]);
        for target in [&here, &there, &missing] {
            assert!(nowhere(ask(&db, &other_athlete, &both(), target).await));
        }
    }

    // Seen failing with all roles held counted, and with a relation counted that the rule does not name.
    async fn a_relation_counts_only_with_its_role_and_when_the_rule_names_it(db: Db) {
        let here = clinic_in(&db).await;
        let physio_only = Rule::for_test(&[Role::Physio], false, false, true);
        let own_only = Rule::for_test(&[Role::Physio, Role::Athlete], false, true, false);
        // The athlete who is also a physio of the clinic is not in their own care.
        let own = caller(here.id, here.own, &[Role::Physio, Role::Athlete]);
        assert!(matches!(ask(&db, &own, &physio_only, &here).await, Err(Error::NotInCare)));
        assert_eq!(ask(&db, &own, &own_only, &here).await.unwrap(), Relation::Own);
        // Nor does a method for physios let them in as the athlete, whatever its relations.
        let physio_method = Rule::for_test(&[Role::Physio], false, true, true);
        assert!(matches!(ask(&db, &own, &physio_method, &here).await, Err(Error::NotInCare)));
        // On the care team still, but no longer a physio.
        let was = caller(here.id, here.physio, &[Role::Admin]);
        assert!(matches!(ask(&db, &was, &both(), &here).await, Err(Error::RoleRequired)));
        let was = caller(here.id, here.physio, &[Role::Athlete]);
        assert!(matches!(ask(&db, &was, &both(), &here).await, Err(Error::NotFound(_))));
        let physio = caller(here.id, here.physio, &[Role::Physio]);
        assert!(matches!(ask(&db, &physio, &own_only, &here).await, Err(Error::NotFound(_))));
        // A rule that names the clinic alone opens no athlete's record.
        let clinic_only = Rule::for_test(&[Role::Physio], true, false, false);
        assert!(matches!(ask(&db, &physio, &clinic_only, &here).await, Err(Error::Internal(_))));
        assert!(matches!(clinic(&physio, &physio_only), Err(Error::Internal(_))));
        assert!(matches!(care(&physio, &clinic_only), Err(Error::Internal(_))));
    }

    async fn an_account_is_for_admins_and_those_in_care(db: Db) {
        let (here, there) = (clinic_in(&db).await, clinic_in(&db).await);
        let rule = Rule::for_test(&[Role::Admin, Role::Physio], true, false, true);
        let mut reader = db.read_in(here.id).await.unwrap();
        let conn = &mut reader.conn();
        for (person, role, expected) in [
            (id(), Role::Admin, "ok"),
            (here.physio, Role::Physio, "ok"),
            (id(), Role::Physio, "you are not on this athlete's care team"),
            (here.own, Role::Athlete, "none of your roles may do this"),
        ] {
            let caller = caller(here.id, person, &[role]);
            let outcome = athlete_account(conn, &caller, &rule, here.athlete).await;
            assert_eq!(outcome.map_or_else(|e| e.to_string(), |_| "ok".into()), expected);
            let outcome = athlete_account(conn, &caller, &rule, there.athlete).await;
            assert!(outcome.is_err(), "{role:?} reached another clinic");
        }
    }
}
