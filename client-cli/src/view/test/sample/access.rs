//! Who may do what, and who did.

use rung_proto::v1;

use super::{ATHLETE, CLINIC, PHYSIO, at};

pub(super) const ACCOUNT: &str = "0190f001-0000-7000-8000-000000000031";
const SUPPORTER: &str = "0190f002-0000-7000-8000-000000000032";
const GLASS: &str = "0190f003-0000-7000-8000-000000000033";

pub(crate) fn clinic() -> v1::GetClinicResponse {
    v1::GetClinicResponse {
        clinic: Some(v1::Clinic {
            id: CLINIC.into(),
            etag: "4".into(),
            name: "Praxis am See".into(),
            shared_care: true,
            second_factor_roles: vec![v1::Role::Admin.into(), v1::Role::Physio.into()],
            created_at: at("2026-02-01T09:00:00Z"),
        }),
    }
}

pub(crate) fn service_account() -> v1::RotateServiceAccountKeyResponse {
    let key = |kid: &str, algorithm: &str, until: Option<&str>| v1::ServiceAccountKey {
        kid: kid.into(),
        algorithm: algorithm.into(),
        created_at: at("2026-02-01T09:00:00Z"),
        expires_at: until.and_then(at),
    };
    v1::RotateServiceAccountKeyResponse {
        service_account: Some(v1::ServiceAccount {
            id: ACCOUNT.into(),
            display_name: "Watch gateway".into(),
            scopes: vec![v1::Scope::Checkins.into()],
            keys: vec![
                key("k2", "EdDSA", None),
                key("k1", "ES384", Some("2026-03-02T09:00:00Z")),
            ],
            created_at: at("2026-02-01T09:00:00Z"),
            revoked_at: None,
        }),
    }
}

pub(crate) fn service_accounts() -> Vec<v1::ServiceAccount> {
    let active = service_account().service_account.unwrap();
    let revoked = v1::ServiceAccount {
        display_name: "Old gateway".into(),
        keys: vec![],
        revoked_at: at("2026-02-10T09:00:00Z"),
        ..active.clone()
    };
    vec![active, revoked]
}

pub(crate) fn service_token() -> v1::ExchangeAssertionResponse {
    v1::ExchangeAssertionResponse {
        access_token: "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIwMTkwIn0.c2lnbmF0dXJl".into(),
        access_token_expires_at: at("2026-03-01T09:05:00Z"),
        scopes: vec![v1::Scope::Checkins.into()],
    }
}

pub(crate) fn care_team() -> v1::TransferLeadResponse {
    let member = |person_id: &str, name: &str, lead| v1::CareTeamMember {
        person_id: person_id.into(),
        display_name: name.into(),
        lead,
    };
    v1::TransferLeadResponse {
        athlete_id: ATHLETE.into(),
        care_team: vec![
            member(PHYSIO, "Kim Holm", true),
            member("0190dddd-0000-7000-8000-000000000014", "Lou Vale", false),
        ],
    }
}

pub(crate) fn consents() -> Vec<v1::Consent> {
    let given = v1::Consent {
        athlete_id: ATHLETE.into(),
        athlete_display_name: "Ada Berg".into(),
        supporter_id: SUPPORTER.into(),
        supporter_display_name: "Bo Berg".into(),
        version: 1,
        parts: vec![
            v1::ConsentPart::CheckIns.into(),
            v1::ConsentPart::Notes.into(),
        ],
        purpose: "my father drives me".into(),
        valid_from: at("2026-03-01T09:00:00Z"),
        valid_until: None,
        withdrawn: false,
        recorded_at: at("2026-03-01T09:00:00Z"),
        in_force: false,
    };
    let withdrawn = v1::Consent {
        version: 2,
        parts: vec![],
        purpose: String::new(),
        withdrawn: true,
        ..given.clone()
    };
    let coach = v1::Consent {
        supporter_id: "0190f002-0000-7000-8000-000000000042".into(),
        supporter_display_name: "Cleo Dahl".into(),
        parts: vec![v1::ConsentPart::CheckIns.into()],
        purpose: "my coach".into(),
        valid_until: at("2026-06-30T22:00:00Z"),
        in_force: true,
        ..given.clone()
    };
    vec![withdrawn, coach, given]
}

pub(crate) fn consent() -> v1::GrantConsentResponse {
    v1::GrantConsentResponse {
        consent: consents().into_iter().nth(1),
    }
}

pub(crate) fn access_log() -> Vec<v1::AccessLogEntry> {
    let treated = v1::AccessLogEntry {
        id: "0190f004-0000-7000-8000-000000000051".into(),
        at: at("2026-03-02T08:15:00Z"),
        actor_id: PHYSIO.into(),
        actor_display_name: "Kim Holm".into(),
        roles: vec![v1::Role::Physio.into()],
        method: "rung.v1.CheckInService/ListCheckIns".into(),
        effect: v1::Effect::Read.into(),
        outcome: v1::AccessOutcome::Allowed.into(),
        purpose: "TREAT".into(),
        reason: String::new(),
    };
    let broken = v1::AccessLogEntry {
        actor_display_name: "Lou Vale".into(),
        method: "rung.v1.AthleteService/BreakGlass".into(),
        effect: v1::Effect::Write.into(),
        purpose: "ETREAT".into(),
        reason: "collapsed at the track, team unreachable".into(),
        ..treated.clone()
    };
    let refused = v1::AccessLogEntry {
        actor_display_name: String::new(),
        outcome: v1::AccessOutcome::Denied.into(),
        ..treated.clone()
    };
    vec![broken, refused, treated]
}

pub(crate) fn audit_events() -> Vec<v1::AuditEvent> {
    let read = v1::AuditEvent {
        id: "0190f005-0000-7000-8000-000000000061".into(),
        at: at("2026-03-02T08:15:00Z"),
        actor_id: PHYSIO.into(),
        roles: vec![v1::Role::Admin.into(), v1::Role::Physio.into()],
        method: "rung.v1.PlanService/GetPlan".into(),
        effect: v1::Effect::Read.into(),
        athlete_id: ATHLETE.into(),
        outcome: v1::AccessOutcome::Allowed.into(),
        error_reason: String::new(),
        purpose: "TREAT".into(),
        reason: String::new(),
        call_id: "0190f006-0000-7000-8000-000000000062".into(),
        network: "192.0.2.7".into(),
        seq: 41,
        object_id: String::new(),
    };
    let denied = v1::AuditEvent {
        outcome: v1::AccessOutcome::Denied.into(),
        error_reason: "NOT_IN_CARE".into(),
        seq: 0,
        ..read.clone()
    };
    let service = v1::AuditEvent {
        actor_id: ACCOUNT.into(),
        roles: vec![],
        method: "rung.v1.CheckInService/SubmitCheckIns".into(),
        effect: v1::Effect::Write.into(),
        ..read.clone()
    };
    let operator = v1::AuditEvent {
        actor_id: String::new(),
        roles: vec![],
        athlete_id: String::new(),
        method: "rungd admin clinic deactivate".into(),
        effect: v1::Effect::Write.into(),
        purpose: "HSYSADMIN".into(),
        ..read.clone()
    };
    let account = v1::AuditEvent {
        athlete_id: String::new(),
        object_id: SUPPORTER.into(),
        method: "rung.v1.ClinicService/ResetCredentials".into(),
        effect: v1::Effect::Write.into(),
        purpose: "HOPERAT".into(),
        ..read.clone()
    };
    vec![denied, service, operator, account, read]
}

pub(crate) fn verified(first_break: Option<v1::AuditBreak>) -> v1::VerifyAuditResponse {
    v1::VerifyAuditResponse {
        verified: 1204,
        unchained: 3,
        first_break,
    }
}

pub(crate) fn chain_break() -> v1::AuditBreak {
    v1::AuditBreak {
        seq: 1205,
        event_id: "0190f005-0000-7000-8000-000000000061".into(),
        what: "the row was changed".into(),
    }
}

pub(crate) fn head() -> v1::AuditHead {
    v1::AuditHead {
        clinic_id: CLINIC.into(),
        seq: 1204,
        hash: "5f".repeat(32),
        signed_at: at("2026-03-02T08:16:00Z"),
        kid: "0190f007-0000-7000-8000-000000000071".into(),
        signature: "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl".into(),
    }
}

pub(crate) fn glass() -> Vec<v1::BreakGlassRecord> {
    let unseen = v1::BreakGlassRecord {
        id: GLASS.into(),
        person_id: PHYSIO.into(),
        display_name: "Lou Vale".into(),
        athlete_id: ATHLETE.into(),
        reason: "collapsed at the track, team unreachable".into(),
        at: at("2026-03-02T08:15:00Z"),
        expires_at: at("2026-03-02T09:15:00Z"),
        acknowledged_at: None,
        acknowledged_by: String::new(),
    };
    vec![unseen, acknowledged().record.unwrap()]
}

pub(crate) fn acknowledged() -> v1::AcknowledgeBreakGlassResponse {
    v1::AcknowledgeBreakGlassResponse {
        record: Some(v1::BreakGlassRecord {
            id: "0190f003-0000-7000-8000-000000000034".into(),
            person_id: PHYSIO.into(),
            display_name: "Lou Vale".into(),
            athlete_id: ATHLETE.into(),
            reason: "read the red flags before the ambulance came".into(),
            at: at("2026-02-02T08:15:00Z"),
            expires_at: at("2026-02-02T09:15:00Z"),
            acknowledged_at: at("2026-02-03T07:00:00Z"),
            acknowledged_by: PHYSIO.into(),
        }),
    }
}

pub(crate) fn opened() -> v1::BreakGlassResponse {
    v1::BreakGlassResponse {
        athlete_id: ATHLETE.into(),
        expires_at: at("2026-03-02T09:15:00Z"),
    }
}

pub(crate) fn erased(hold: bool) -> v1::EraseAthleteResponse {
    v1::EraseAthleteResponse {
        athlete_id: ATHLETE.into(),
        erased_at: at("2026-03-02T08:15:00Z"),
        hold_until: hold.then(|| at("2036-03-01T23:00:00Z")).flatten(),
    }
}
