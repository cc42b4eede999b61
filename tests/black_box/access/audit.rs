//! What is written down about who has seen what.

use rung_proto::v1;
use rung_tests::{Result, Settings, new_id};
use tonic::Code;

use crate::matrix::{Refusal, World};

pub(super) fn settings() -> Settings {
    Settings::default()
}

async fn rows(world: &World) -> Result<usize> {
    let stored = world.database.dump(&[]).await?;
    Ok(stored
        .iter()
        .filter(|row| row.starts_with("audit_event "))
        .count())
}

fn get(id: &str) -> v1::GetAthleteRequest {
    v1::GetAthleteRequest {
        athlete_id: id.to_owned(),
    }
}

fn newcomer() -> v1::CreateAthleteRequest {
    v1::CreateAthleteRequest {
        request_id: new_id().to_string(),
        display_name: "Newcomer".to_owned(),
        time_zone: "UTC".to_owned(),
    }
}

/// Seen failing with each of the switches `audit-…` of `make mutants`.
pub(super) async fn every_access_of_others_leaves_one_row(world: &mut World) -> Result<()> {
    let own = world.own.athlete.clone();
    let read = get(&own);
    for (who, rows_of_it, what) in [
        ("self", 0, "reading one's own record"),
        ("care", 1, "reading in care"),
        ("glas", 1, "reading through broken glass"),
        ("phys", 1, "being refused by a proof"),
        ("admin", 1, "being refused by the rule"),
        ("othr", 1, "asking for the record of somebody else"),
        ("anon", 0, "nobody known"),
    ] {
        let before = rows(world).await?;
        let _: std::result::Result<v1::GetAthleteResponse, _> = world
            .try_ask(who, "AthleteService/GetAthlete", &read)
            .await?;
        let after = rows(world).await?;
        assert_eq!(after - before, rows_of_it, "{what}");
    }
    let before = rows(world).await?;
    let missing = get(&world.nobody);
    let _: std::result::Result<v1::GetAthleteResponse, _> = world
        .try_ask("care", "AthleteService/GetAthlete", &missing)
        .await?;
    assert_eq!(
        rows(world).await? - before,
        1,
        "asking for what is not there"
    );

    let before = rows(world).await?;
    let request = newcomer();
    let _: v1::CreateAthleteResponse = world
        .ask("care", "AthleteService/CreateAthlete", &request)
        .await?;
    assert_eq!(rows(world).await? - before, 1, "writing");

    // The row says who, what, about whom, as what, and what came of it; the athlete reads it with a name.
    let request = v1::ListAuditEventsRequest {
        actor_id: world.people.id("glas")?,
        ..v1::ListAuditEventsRequest::default()
    };
    let events: v1::ListAuditEventsResponse = world
        .ask("admin", "AuditService/ListAuditEvents", &request)
        .await?;
    let event = events
        .events
        .iter()
        .find(|e| e.method == "rung.v1.AthleteService/GetAthlete");
    let event = event.ok_or("no row of the reading through broken glass")?;
    assert_eq!(
        (
            event.athlete_id.as_str(),
            event.purpose.as_str(),
            event.outcome(),
            event.effect()
        ),
        (
            own.as_str(),
            "ETREAT",
            v1::AccessOutcome::Allowed,
            v1::Effect::Read
        )
    );
    assert_eq!(event.network, "127.0.0.1");
    let log: v1::ListAccessLogResponse = world
        .ask(
            "self",
            "AthleteService/ListAccessLog",
            &v1::ListAccessLogRequest {
                page_size: 200,
                ..v1::ListAccessLogRequest::default()
            },
        )
        .await?;
    let denied = log
        .entries
        .iter()
        .find(|e| e.outcome() == v1::AccessOutcome::Denied);
    let denied = denied.ok_or("the athlete is not told of the refusal")?;
    assert_eq!(denied.actor_id, world.people.id("othr")?);
    // Seen failing with the making of every record in the log of each.
    // Athletes were made by the handful, the newcomer last; each reads of the making of their own record alone.
    let made = log.entries.iter().filter(|e| {
        e.method == "rung.v1.AthleteService/CreateAthlete"
            && e.outcome() == v1::AccessOutcome::Allowed
    });
    assert_eq!(made.count(), 1, "others' records in one's log");
    assert!(
        log.next_page_token.is_empty(),
        "the log is longer than was read"
    );
    Ok(())
}

/// How many rows one call has left, whatever came of it.
async fn left<Req>(world: &World, who: &str, method: &str, message: &Req) -> Result<usize>
where
    Req: prost::Message + prost::Name,
{
    let token = world.people.token(who)?;
    let before = rows(world).await?;
    let method = format!("rung.v1.{method}");
    let body = message.encode_to_vec();
    // Refusals leave rows too: what was answered does not matter here.
    let _: std::result::Result<serde_json::Value, _> =
        world.wire.send(&method, token.as_deref(), body).await?;
    Ok(rows(world).await? - before)
}

/// A list shows several records: each of them was read.
// Seen failing with the first record of a list noted, and no other.
pub(super) async fn every_athlete_that_is_shown_is_one_row(world: &mut World) -> Result<()> {
    for name in ["Mia Harbour", "Olaf Harbour"] {
        world.athlete("care", name).await?;
    }
    let page = |page_size| v1::ListAthletesRequest {
        page_size,
        ..v1::ListAthletesRequest::default()
    };
    let list = "AthleteService/ListAthletes";
    for (who, size, shown) in [
        ("care", 0, 3),
        ("care", 2, 2),
        ("care", 1, 1),
        ("phys", 0, 0),
        ("self", 0, 1),
    ] {
        let count = left(world, who, list, &page(size)).await?;
        assert_eq!(count, shown, "{who} lists {size} athletes at once");
    }
    let list = "TriageService/ListCaseload";
    for (who, page_size, shown) in [
        ("care", 0, 3),
        ("care", 2, 2),
        ("phys", 0, 0),
        ("admin", 0, 1),
    ] {
        let request = v1::ListCaseloadRequest {
            page_size,
            ..v1::ListCaseloadRequest::default()
        };
        let count = left(world, who, list, &request).await?;
        assert_eq!(count, shown, "{who} looks at a caseload of {page_size}");
    }
    let compare = "SimulationService/ComparePolicies";
    for (who, shown) in [("care", 3), ("phys", 0)] {
        let request = v1::ComparePoliciesRequest {
            policy: Some(v1::Policy {
                successes_to_advance: Some(3),
                ..v1::Policy::default()
            }),
            ..v1::ComparePoliciesRequest::default()
        };
        let count = left(world, who, compare, &request).await?;
        assert_eq!(count, shown, "{who} compares policies on a caseload");
    }
    // One record, however many lines it has and however many plans are judged on the way.
    let request = v1::CreatePlanRequest {
        request_id: new_id().to_string(),
        athlete_id: world.own.athlete.clone(),
        definition: Some(crate::matrix::prescription(&world.own.ladder)),
    };
    let _: v1::CreatePlanResponse = world
        .ask("care", "PlanService/CreatePlan", &request)
        .await?;
    let export = v1::ExportAthleteDataRequest {
        athlete_id: world.own.athlete.clone(),
    };
    let check_ins = v1::ListCheckInsRequest {
        athlete_id: world.own.athlete.clone(),
        ..v1::ListCheckInsRequest::default()
    };
    let plan = v1::GetPlanRequest {
        plan_id: world.own.plan.clone(),
        revision: 0,
    };
    let decisions = v1::ListDecisionsRequest {
        plan_id: world.own.plan.clone(),
        ..v1::ListDecisionsRequest::default()
    };
    for who in ["care", "glas", "phys", "othr", "admin", "self"] {
        let shown = usize::from(who != "self");
        for (what, count) in [
            (
                "export",
                left(world, who, "AthleteService/ExportAthleteData", &export).await?,
            ),
            (
                "check-ins",
                left(world, who, "CheckInService/ListCheckIns", &check_ins).await?,
            ),
            (
                "plan",
                left(world, who, "PlanService/GetPlan", &plan).await?,
            ),
            (
                "decisions",
                left(world, who, "PlanService/ListDecisions", &decisions).await?,
            ),
        ] {
            assert_eq!(count, shown, "{who} reads the {what}");
        }
    }
    for who in ["supp", "none", "wdrn", "expd", "svc", "svc0"] {
        let count = left(world, who, "CheckInService/ListCheckIns", &check_ins).await?;
        assert_eq!(count, 1, "{who} asks for the check-ins");
    }
    // The clinic's list is looked at, and why glass was broken is told of two athletes of it.
    let request = v1::ListBreakGlassRequest::default();
    let count = left(world, "admin", "AuditService/ListBreakGlass", &request).await?;
    assert_eq!(count, 1 + 2, "broken glass");
    Ok(())
}

/// Seen failing with the switch `audit-failure` of `make mutants`.
pub(super) async fn what_cannot_be_audited_is_not_done(world: &mut World) -> Result<()> {
    let (forbid, allow) = match world.database.service_role() {
        Some(role) => (
            format!("REVOKE INSERT ON audit_event FROM {role}"),
            format!("GRANT INSERT ON audit_event TO {role}"),
        ),
        None => (
            "CREATE TRIGGER full BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'full'); END"
                .to_owned(),
            "DROP TRIGGER full".to_owned(),
        ),
    };
    let read = get(&world.own.athlete);
    world.database.alter(&forbid).await?;
    let before = world.stored().await?;
    for who in ["care", "phys", "admin"] {
        let answer: std::result::Result<v1::GetAthleteResponse, _> = world
            .try_ask(who, "AthleteService/GetAthlete", &read)
            .await?;
        let status = answer.err().ok_or("answered without a row")?;
        let refusal = Refusal::from(&status);
        assert_eq!(
            (refusal.code, refusal.reason.as_str()),
            (Code::Unavailable, "AUDIT_UNAVAILABLE"),
            "{who}"
        );
    }
    let written: std::result::Result<v1::CreateAthleteResponse, _> = world
        .try_ask("care", "AthleteService/CreateAthlete", &newcomer())
        .await?;
    assert!(written.is_err(), "written without a row");
    assert_eq!(
        before,
        world.stored().await?,
        "a write without its row stands"
    );
    let _: v1::GetAthleteResponse = world
        .ask("self", "AthleteService/GetAthlete", &read)
        .await?;
    world.database.alter(&allow).await?;
    let _: v1::GetAthleteResponse = world
        .ask("care", "AthleteService/GetAthlete", &read)
        .await?;
    Ok(())
}
