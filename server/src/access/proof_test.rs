use chrono::TimeDelta;

use super::*;
use crate::{
    access::{
        Identity,
        caller::{Actor, Caller},
        part::Part,
        role::Role,
        rule::Rule,
        scope::Scope,
        trail::Trail,
    },
    clock::{Ambient as _, System},
    error::{Error, Result},
    storage::{Db, athlete as stored, conformance::storage_tests, db::on, relation},
};

/// Two clinics alike; in each an athlete with an account, in the care of one physio.
struct Clinic {
    id: ClinicId,
    physio: PersonId,
    own: PersonId,
    athlete: AthleteId,
    plan: PlanId,
    decision: DecisionId,
}

fn id<T: From<uuid::Uuid>>() -> T {
    System.new_id().into()
}

async fn clinic_in(db: &Db) -> Clinic {
    record_in(db, id()).await
}

/// One more athlete of a clinic, in the care of a physio of their own.
async fn record_in(db: &Db, clinic: ClinicId) -> Clinic {
    let made = Clinic {
        id: clinic,
        physio: id(),
        own: id(),
        athlete: id(),
        plan: id(),
        decision: id(),
    };
    let (clinic, physio, own, athlete, plan) =
        (made.id, made.physio, made.own, made.athlete, made.plan);
    let decision = made.decision;
    db.write_in(clinic, move |mut tx| {
        Box::pin(async move {
            const PLAN: &str = "INSERT INTO plan (clinic_id, id, athlete_id, created_at, created_by) \
                                VALUES ($1, $2, $3, $4, $5)";
            const EVENT: &str = "INSERT INTO plan_event (clinic_id, plan_id, seq, id, event, recorded_at, recorded_by) \
                                 VALUES ($1, $2, 1, $3, '{}', $4, $5)";
            const DECISION: &str = "INSERT INTO decision \
                                    (clinic_id, plan_id, seq, ordinal, id, athlete_id, decision, decided_at) \
                                    VALUES ($1, $2, 1, 0, $3, $4, '{}', $5)";
            let access = ClinicAccess::for_test(clinic, physio, &[Role::Physio]);
            stored::insert(&mut tx, &access, athlete, "Nora", "UTC", System.now()).await?;
            relation::join_athlete(&mut tx, clinic, athlete, own).await?;
            on!(&mut *tx, execute sqlx::query(PLAN)
                .bind(clinic.uuid())
                .bind(plan.uuid())
                .bind(athlete.uuid())
                .bind(System.now())
                .bind(physio.uuid()))?;
            on!(&mut *tx, execute sqlx::query(EVENT)
                .bind(clinic.uuid())
                .bind(plan.uuid())
                .bind(System.new_id())
                .bind(System.now())
                .bind(physio.uuid()))?;
            on!(&mut *tx, execute sqlx::query(DECISION)
                .bind(clinic.uuid())
                .bind(plan.uuid())
                .bind(decision.uuid())
                .bind(athlete.uuid())
                .bind(System.now()))?;
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
        roles,
        ..Identity::for_test()
    })
}

fn trail(caller: &Caller, rule: &Rule) -> Trail {
    Trail::for_test(caller, *rule)
}

fn asking<'a>(caller: &'a Caller, rule: &Rule, trail: &'a Trail) -> Ask<'a> {
    Ask {
        caller,
        rule: *rule,
        now: System.now(),
        trail,
    }
}

/// What asking for an athlete, for their plan and for a decision on it came to; all have to come to the same.
async fn ask(db: &Db, caller: &Caller, rule: &Rule, of: &Clinic) -> Result<Relation> {
    let mut reader = db.read_in(caller.clinic).await?;
    let conn = &mut reader.conn();
    let trail = trail(caller, rule);
    let by_athlete = athlete(conn, asking(caller, rule, &trail), of.athlete).await;
    let by_plan = plan(conn, asking(caller, rule, &trail), of.plan).await;
    let by_decision = decision(conn, asking(caller, rule, &trail), of.decision).await;
    match (&by_plan, &by_decision) {
        (Ok(p), Ok(d)) => {
            assert_eq!((d.plan().plan(), d.decision()), (p.plan(), of.decision));
            let (by_plan, by_decision) = (p.athlete(), d.plan().athlete());
            assert_eq!(by_decision.clinic(), by_plan.clinic());
            assert_eq!(by_decision.athlete(), by_plan.athlete());
            assert_eq!(by_decision.relation(), by_plan.relation());
        }
        (Err(Error::NotFound(p)), Err(Error::NotFound(d))) => {
            assert_eq!((*p, *d), ("plan", "decision"));
        }
        (Err(p), Err(d)) => assert_eq!(p.to_string(), d.to_string()),
        _ => panic!("plan and decision disagree"),
    }
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

async fn break_glass(db: &Db, of: &Clinic, person: PersonId, minutes: i64) -> BreakGlassId {
    const SQL: &str = "INSERT INTO break_glass (clinic_id, id, athlete_id, person_id, reason, at, expires_at) \
                       VALUES ($1, $2, $3, $4, 'she fell', $5, $6)";
    let (clinic, athlete, glass) = (of.id, of.athlete, id::<BreakGlassId>());
    db.write_in(clinic, move |mut tx| {
        Box::pin(async move {
            on!(&mut *tx, execute sqlx::query(SQL)
                .bind(clinic.uuid())
                .bind(glass.uuid())
                .bind(athlete.uuid())
                .bind(person.uuid())
                .bind(System.now())
                .bind(System.now() + TimeDelta::minutes(minutes)))?;
            Ok(())
        })
    })
    .await
    .unwrap();
    glass
}

/// The next version of a consent, in force from and until so many seconds from now.
async fn consent(
    db: &Db,
    of: &Clinic,
    supporter: PersonId,
    state: &'static str,
    parts: &'static str,
    from: i64,
    until: Option<i64>,
) {
    const SQL: &str = "INSERT INTO consent (clinic_id, athlete_id, supporter_id, version, id, state, parts, purpose, \
                       valid_from, valid_until, recorded_at, recorded_by) \
                       SELECT $1, $2, $3, COUNT(*) + 1, $4, $5, $6, 'to help', $7, $8, $9, $3 FROM consent \
                       WHERE clinic_id = $1 AND supporter_id = $3";
    let (clinic, athlete) = (of.id, of.athlete);
    let from_now = |seconds| System.now() + TimeDelta::seconds(seconds);
    db.write_in(clinic, move |mut tx| {
        Box::pin(async move {
            on!(&mut *tx, execute sqlx::query(SQL)
                .bind(clinic.uuid())
                .bind(athlete.uuid())
                .bind(supporter.uuid())
                .bind(System.new_id())
                .bind(state)
                .bind(parts)
                .bind(from_now(from))
                .bind(until.map(from_now))
                .bind(System.now()))?;
            Ok(())
        })
    })
    .await
    .unwrap();
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
        let missing = Clinic { athlete: id(), plan: id(), decision: id(), ..clinic_in(&db).await };
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
        let trail = trail(&physio, &both());
        let named = clinic(asking(&physio, &physio_only, &trail));
        assert!(matches!(named, Err(Error::Internal(_))));
        let named = care(asking(&physio, &clinic_only, &trail));
        assert!(matches!(named, Err(Error::Internal(_))));
        let named = supporter(asking(&physio, &both(), &trail));
        assert!(matches!(named, Err(Error::Internal(_))));
    }

    // Seen failing with each of the three roles not asked for.
    async fn what_is_for_one_role_is_not_had_by_another_that_the_rule_names_too(db: Db) {
        let here = clinic_in(&db).await;
        let rule = Rule::for_test(&[Role::Admin, Role::Physio, Role::Supporter], true, false, true);
        let reading = rule.reading(Some(Part::CheckIns));
        let admin = caller(here.id, id(), &[Role::Admin]);
        let trail = trail(&admin, &reading);
        assert!(matches!(care(asking(&admin, &reading, &trail)), Err(Error::RoleRequired)));
        assert!(matches!(supporter(asking(&admin, &reading, &trail)), Err(Error::RoleRequired)));
        let mut reader = db.read_in(here.id).await.unwrap();
        let broken = athlete_glass(&mut reader.conn(), asking(&admin, &rule, &trail), here.athlete, id()).await;
        assert!(matches!(broken, Err(Error::Internal(_))));
    }

    // Seen failing with the caller's clinic not asked for shared care.
    async fn shared_care_lets_every_physio_of_the_clinic_in_and_nobody_else(db: Db) {
        let (here, there) = (clinic_in(&db).await, clinic_in(&db).await);
        let sharing = |role| {
            Caller::for_test(Identity {
                clinic: here.id,
                roles: Roles::from(role),
                shared_care: true,
                ..Identity::for_test()
            })
        };
        let colleague = sharing(Role::Physio);
        assert_eq!(ask(&db, &colleague, &both(), &here).await.unwrap(), Relation::Care);
        assert!(ask(&db, &colleague, &both(), &there).await.is_err());
        assert!(ask(&db, &sharing(Role::Athlete), &both(), &here).await.is_err());
    }

    // Seen failing with the end of it not asked, and with a method that writes let in.
    async fn broken_glass_opens_a_record_for_reading_until_it_ends(db: Db) {
        let (here, there) = (clinic_in(&db).await, clinic_in(&db).await);
        let colleague = caller(here.id, id(), &[Role::Physio]);
        let reading = both().reading(None);
        assert!(matches!(ask(&db, &colleague, &reading, &here).await, Err(Error::NotInCare)));
        let over = break_glass(&db, &here, colleague.person, -1).await;
        assert!(matches!(ask(&db, &colleague, &reading, &here).await, Err(Error::NotInCare)));
        let glass = break_glass(&db, &here, colleague.person, 60).await;
        assert_ne!(over, glass);
        assert_eq!(ask(&db, &colleague, &reading, &here).await.unwrap(), Relation::Glass(glass));
        assert!(matches!(ask(&db, &colleague, &both(), &here).await, Err(Error::NotInCare)));
        // It was hers, and for this athlete.
        let other = caller(here.id, id(), &[Role::Physio]);
        assert!(ask(&db, &other, &reading, &here).await.is_err());
        assert!(ask(&db, &colleague, &reading, &there).await.is_err());
        let sister = record_in(&db, here.id).await;
        assert!(matches!(ask(&db, &colleague, &reading, &sister).await, Err(Error::NotInCare)));
        let no_longer = caller(here.id, colleague.person, &[Role::Athlete]);
        assert!(ask(&db, &no_longer, &reading, &here).await.is_err());
    }

    // Seen failing with the end, the beginning, the withdrawal and the part not asked, one by one.
    async fn a_consent_opens_its_parts_while_it_is_in_force(db: Db) {
        let here = clinic_in(&db).await;
        let supporter = caller(here.id, id(), &[Role::Supporter]);
        let rule = Rule::for_test(&[Role::Physio, Role::Supporter], false, false, true);
        let rule = rule.reading(Some(Part::CheckIns));
        let who = supporter.person;
        let parts = |text: &str| text.parse::<Parts>().unwrap();
        let nowhere = |outcome: Result<Relation>| matches!(outcome, Err(Error::NotFound("athlete")));
        assert!(nowhere(ask(&db, &supporter, &rule, &here).await));
        for (state, granted, from, until, opens) in [
            ("GRANTED", "CHECK_INS", -60, None, true),
            ("GRANTED", "CHECK_INS", -60, Some(-1), false),
            ("GRANTED", "CHECK_INS,NOTES", -60, Some(60), true),
            ("GRANTED", "CHECK_INS", 60, None, false),
            ("GRANTED", "NOTES", -60, None, false),
            ("GRANTED", "CHECK_INS", -60, Some(60), true),
            ("WITHDRAWN", "", -60, None, false),
        ] {
            consent(&db, &here, who, state, granted, from, until).await;
            let outcome = ask(&db, &supporter, &rule, &here).await;
            if opens {
                assert_eq!(outcome.unwrap(), Relation::Consented(parts(granted)), "{granted} {until:?}");
            } else {
                assert!(nowhere(outcome), "{state} {granted} {from} {until:?}");
            }
        }
        consent(&db, &here, who, "GRANTED", "CHECK_INS", -60, None).await;
        assert!(nowhere(ask(&db, &caller(here.id, id(), &[Role::Supporter]), &rule, &here).await));
        assert!(nowhere(ask(&db, &supporter, &rule, &record_in(&db, here.id).await).await));
        let no_supporter = caller(here.id, who, &[Role::Physio]);
        assert!(matches!(ask(&db, &no_supporter, &rule, &here).await, Err(Error::NotInCare)));
        // A method that names no part is not for supporters.
        let other = Rule::for_test(&[Role::Physio, Role::Supporter], false, true, true);
        assert!(nowhere(ask(&db, &supporter, &other.reading(None), &here).await));
    }

    async fn a_service_account_reaches_its_clinic_and_no_other(db: Db) {
        let (here, there) = (clinic_in(&db).await, clinic_in(&db).await);
        let service = |scopes: &[Scope]| {
            Caller::for_test(Identity {
                clinic: here.id,
                actor: Actor::Service(scopes.iter().copied().collect()),
                ..Identity::for_test()
            })
        };
        let rule = both().with_scopes(&[Scope::CheckIns]);
        let scoped = service(&[Scope::CheckIns]);
        assert_eq!(ask(&db, &scoped, &rule, &here).await.unwrap(), Relation::Service);
        assert!(matches!(ask(&db, &scoped, &rule, &there).await, Err(Error::NotFound(_))));
        assert!(matches!(ask(&db, &scoped, &both(), &here).await, Err(Error::ScopeRequired)));
        assert!(matches!(ask(&db, &service(&[]), &rule, &here).await, Err(Error::ScopeRequired)));
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
            let trail = trail(&caller, &rule);
            let ask = asking(&caller, &rule, &trail);
            let outcome = athlete_account(conn, ask, here.athlete).await;
            assert_eq!(outcome.map_or_else(|e| e.to_string(), |_| "ok".into()), expected);
            let outcome = athlete_account(conn, ask, there.athlete).await;
            assert!(outcome.is_err(), "{role:?} reached another clinic");
        }
    }
}
