//! How access ends: at once, on the server that ended it.

use rung_proto::v1;
use rung_tests::{PASSWORD, Result, Settings, fail, new_id, rungd};
use tonic::Status;

use crate::matrix::{Refusal, World};

pub(super) fn settings() -> Settings {
    Settings::default()
}

/// Whether somebody is let in at all.
pub(super) async fn knocks(world: &World, who: &str) -> Result<std::result::Result<(), Status>> {
    let answer: std::result::Result<v1::WhoAmIResponse, Status> = world
        .try_ask(who, "AuthService/WhoAmI", &v1::WhoAmIRequest {})
        .await?;
    Ok(answer.map(|_| ()))
}

/// Whether somebody reads the check-ins of the own athlete.
pub(super) async fn reads(world: &World, who: &str) -> Result<std::result::Result<(), Status>> {
    let request = v1::ListCheckInsRequest {
        athlete_id: world.own.athlete.clone(),
        ..v1::ListCheckInsRequest::default()
    };
    let answer: std::result::Result<v1::ListCheckInsResponse, Status> = world
        .try_ask(who, "CheckInService/ListCheckIns", &request)
        .await?;
    Ok(answer.map(|_| ()))
}

pub(super) fn reason(answer: std::result::Result<(), Status>) -> String {
    match answer {
        Ok(()) => "let in".to_owned(),
        Err(status) => Refusal::from(&status).reason,
    }
}

/// An act of somebody that shuts another one out.
pub(super) async fn shut_out(world: &World, act: &str) -> Result<()> {
    let request_id = new_id().to_string();
    let athlete_id = world.own.athlete.clone();
    match act {
        "logout" => {
            let _: v1::LogoutResponse = world
                .ask("bea", "AuthService/Logout", &v1::LogoutRequest {})
                .await?;
        }
        "deactivate" | "roles" => {
            let person_id = world
                .people
                .id(if act == "roles" { "phys" } else { "mate" })?;
            let list = v1::ListMembersRequest {
                page_size: 200,
                ..v1::ListMembersRequest::default()
            };
            let list: v1::ListMembersResponse = world
                .ask("admin", "ClinicService/ListMembers", &list)
                .await?;
            let member = list.members.into_iter().find(|m| m.person_id == person_id);
            let request = v1::UpdateMemberRequest {
                request_id,
                person_id,
                etag: member.ok_or("no such member")?.etag,
                roles: (act == "roles").then(|| v1::RoleSet {
                    roles: vec![v1::Role::Admin.into()],
                }),
                deactivated: (act == "deactivate").then_some(true),
            };
            let _: v1::UpdateMemberResponse = world
                .ask("admin", "ClinicService/UpdateMember", &request)
                .await?;
        }
        "consent" => {
            let request = v1::WithdrawConsentRequest {
                request_id,
                athlete_id,
                supporter_id: world.people.id("supp")?,
            };
            let _: v1::WithdrawConsentResponse = world
                .ask("self", "AthleteService/WithdrawConsent", &request)
                .await?;
        }
        "service" => {
            let request = v1::RevokeServiceAccountRequest {
                request_id,
                service_account_id: world.people.id("svc")?,
            };
            let _: v1::RevokeServiceAccountResponse = world
                .ask("admin", "ClinicService/RevokeServiceAccount", &request)
                .await?;
        }
        "care" => {
            let person_id = world.people.id("care")?;
            let request = v1::TransferLeadRequest {
                request_id,
                athlete_id: athlete_id.clone(),
                person_id: world.people.id("glas")?,
            };
            let _: v1::TransferLeadResponse = world
                .ask("admin", "AthleteService/TransferLead", &request)
                .await?;
            let request = v1::RemoveCareTeamMemberRequest {
                request_id: new_id().to_string(),
                athlete_id,
                person_id,
            };
            let _: v1::RemoveCareTeamMemberResponse = world
                .ask("admin", "AthleteService/RemoveCareTeamMember", &request)
                .await?;
        }
        other => return fail(format!("no act {other}")),
    }
    Ok(())
}

/// Whom each act shuts out, whether from everything, and what they are told.
pub(super) const ENDS: [(&str, &str, bool, &str); 6] = [
    ("logout", "bea", true, "TOKEN_INVALID"),
    ("roles", "phys", false, "ROLE_REQUIRED"),
    ("deactivate", "mate", true, "TOKEN_INVALID"),
    ("consent", "supp", false, "NOT_FOUND"),
    ("service", "svc", true, "TOKEN_INVALID"),
    ("care", "care", false, "NOT_IN_CARE"),
];

pub(super) async fn who_is_shut_out_is_out_at_once(world: &mut World) -> Result<()> {
    for (act, who, _, _) in ENDS {
        assert_eq!(reason(knocks(world, who).await?), "let in", "before {act}");
    }
    for (act, who, wholly, told) in ENDS {
        shut_out(world, act).await?;
        let answer = if wholly {
            knocks(world, who).await?
        } else {
            reads(world, who).await?
        };
        assert_eq!(reason(answer), told, "after {act}");
    }
    // Running the accounts is no care: an admin hands a record to nobody who does not treat, themself included.
    let lead = v1::TransferLeadRequest {
        request_id: new_id().to_string(),
        athlete_id: world.own.athlete.clone(),
        person_id: world.people.id("admin")?,
    };
    let refused: std::result::Result<v1::TransferLeadResponse, Status> = world
        .try_ask("admin", "AthleteService/TransferLead", &lead)
        .await?;
    // Seen failing with the refusal taken out: then it is asked whether they treat anybody, and nothing else.
    assert_eq!(reason(refused.map(|_| ())), "ROLE_REQUIRED");
    assert_eq!(reason(reads(world, "glas").await?), "let in", "who leads");
    assert_eq!(reason(reads(world, "admin").await?), "ROLE_REQUIRED");
    Ok(())
}

/// At the instant, and not with the next thing that happens: nothing tells the server of it.
// Seen failing with the end of the glass not asked for.
pub(super) async fn broken_glass_is_mended_when_its_time_is_over(world: &mut World) -> Result<()> {
    assert_eq!(reason(reads(world, "glas").await?), "let in");
    assert_eq!(reason(reads(world, "phys").await?), "NOT_IN_CARE");
    let of = world.database.id(&world.own.break_glass);
    let over = format!("UPDATE break_glass SET expires_at = at WHERE id = {of}");
    world.database.alter(&over).await?;
    assert_eq!(reason(reads(world, "glas").await?), "NOT_IN_CARE");
    assert_eq!(reason(knocks(world, "glas").await?), "let in");
    Ok(())
}

/// Seen failing with the switches `assertion-scopes` and `service-scopes` of `make mutants`.
pub(super) async fn a_scope_counts_while_the_account_holds_it(world: &mut World) -> Result<()> {
    let mut system = world.people.system("svc")?;
    let request = v1::ExchangeAssertionRequest {
        assertion: system.sign(&system.claims())?,
        scopes: vec![v1::Scope::Checkins.into(), v1::Scope::Events.into()],
    };
    let more: std::result::Result<v1::ExchangeAssertionResponse, Status> = world
        .try_ask("anon", "AuthService/ExchangeAssertion", &request)
        .await?;
    assert_eq!(reason(more.map(|_| ())), "INVALID_FIELDS");
    // A token that nobody has seen yet, for a scope that is taken away before it is used.
    system.access = system.exchange(&world.wire).await?;
    let of = world.database.id(&system.id);
    let taken = format!("UPDATE service_account SET scopes = 'EVENTS' WHERE id = {of}");
    world.people.put_system("svc", system);
    assert_eq!(reason(knocks(world, "svc0").await?), "let in");
    world.database.alter(&taken).await?;
    assert_eq!(reason(reads(world, "svc").await?), "SCOPE_REQUIRED");
    Ok(())
}

/// Seen failing with the switches `clinic-deactivated` and `service-clinic` of `make mutants`.
pub(super) async fn a_deactivated_clinic_stops_everything(world: &mut World) -> Result<()> {
    let inside = ["admin", "care", "self", "supp", "svc"];
    for who in inside {
        assert_eq!(reason(knocks(world, who).await?), "let in", "{who}");
    }
    operator(world, "deactivate")?;
    for who in inside {
        let out = world
            .within(5, async || {
                Ok(reason(knocks(world, who).await?) == "TOKEN_INVALID")
            })
            .await?;
        assert!(out, "{who} is still in");
    }
    assert_eq!(
        reason(knocks(world, "uwe").await?),
        "let in",
        "another clinic"
    );
    let login = v1::LoginRequest {
        email: world.people.person("care")?.email,
        password: PASSWORD.to_owned(),
        clinic_id: String::new(),
    };
    let refused: std::result::Result<v1::LoginResponse, Status> =
        world.try_ask("anon", "AuthService/Login", &login).await?;
    assert_eq!(reason(refused.map(|_| ())), "CREDENTIALS_INVALID");
    let refused = world.people.system("svc")?.exchange(&world.wire).await;
    assert!(refused.is_err(), "a service account of it signs in");
    operator(world, "activate")?;
    let _: v1::LoginResponse = world.ask("anon", "AuthService/Login", &login).await?;
    Ok(())
}

fn operator(world: &World, verb: &str) -> Result<()> {
    let mut args = vec!["admin".to_owned(), "clinic".to_owned(), verb.to_owned()];
    args.push(world.own.clinic.clone());
    args.extend(world.database.serve_args());
    let output = rungd(&args, &[])?;
    if output.status.success() {
        return Ok(());
    }
    fail(String::from_utf8_lossy(&output.stderr).into_owned())
}
