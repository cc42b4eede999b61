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
    let first: v1::CreateAthleteResponse = world
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
            &v1::ListAccessLogRequest::default(),
        )
        .await?;
    let denied = log
        .entries
        .iter()
        .find(|e| e.outcome() == v1::AccessOutcome::Denied);
    let denied = denied.ok_or("the athlete is not told of the refusal")?;
    assert_eq!(denied.actor_id, world.people.id("othr")?);
    let id = first.athlete.unwrap_or_default().id;
    assert!(log.entries.iter().all(|e| !e.id.contains(&id)));
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
