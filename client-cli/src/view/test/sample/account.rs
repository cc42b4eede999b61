//! Accounts: who is signed in, and what it took.

use rung_proto::v1;

use super::{CLINIC, PHYSIO, at};

const OTHER_CLINIC: &str = "0190eeee-0000-7000-8000-000000000015";

fn membership() -> v1::Membership {
    v1::Membership {
        clinic_id: CLINIC.into(),
        clinic_name: "Praxis am See".into(),
        roles: vec![v1::Role::Admin.into(), v1::Role::Physio.into()],
        athlete_id: String::new(),
    }
}

fn elsewhere() -> v1::Membership {
    v1::Membership {
        clinic_id: OTHER_CLINIC.into(),
        clinic_name: "Hill Clinic".into(),
        roles: vec![v1::Role::Physio.into()],
        athlete_id: String::new(),
    }
}

fn tokens() -> v1::TokenPair {
    v1::TokenPair {
        access_token: "token-secret".into(),
        refresh_token: "token-secret".into(),
        ..Default::default()
    }
}

pub(crate) fn login() -> v1::LoginResponse {
    v1::LoginResponse {
        tokens: Some(tokens()),
        person_id: PHYSIO.into(),
        membership: Some(membership()),
        memberships: vec![membership(), elsewhere()],
        ..Default::default()
    }
}

pub(crate) fn second_factor() -> v1::CompleteSecondFactorResponse {
    v1::CompleteSecondFactorResponse {
        tokens: Some(tokens()),
        person_id: PHYSIO.into(),
        membership: Some(membership()),
        memberships: vec![membership()],
        recovery_codes_left: 2,
    }
}

pub(crate) fn switched() -> v1::SwitchClinicResponse {
    v1::SwitchClinicResponse {
        access_token: "token-secret".into(),
        access_token_expires_at: at("2026-03-01T09:05:00Z"),
        membership: Some(elsewhere()),
    }
}

pub(crate) fn who_am_i() -> v1::WhoAmIResponse {
    v1::WhoAmIResponse {
        person_id: PHYSIO.into(),
        email: "kim@example.org".into(),
        display_name: "Kim Holm".into(),
        membership: Some(membership()),
        memberships: vec![membership()],
        second_factor: true,
        ..Default::default()
    }
}

/// In two clinics, with everything to be told of.
pub(crate) fn who_am_i_alerted() -> v1::WhoAmIResponse {
    v1::WhoAmIResponse {
        memberships: vec![membership(), elsewhere()],
        second_factor: false,
        second_factor_required: true,
        break_glass_unseen: 2,
        ..who_am_i()
    }
}

pub(crate) fn who_am_i_service() -> v1::WhoAmIResponse {
    v1::WhoAmIResponse {
        person_id: super::access::ACCOUNT.into(),
        display_name: "Watch gateway".into(),
        membership: Some(v1::Membership {
            roles: vec![],
            ..membership()
        }),
        scopes: vec![v1::Scope::Checkins.into()],
        ..Default::default()
    }
}

pub(crate) fn sessions() -> Vec<v1::AccountSession> {
    let session = v1::AccountSession {
        id: "0190f000-0000-7000-8000-000000000021".into(),
        clinic_id: CLINIC.into(),
        created_at: at("2026-03-01T09:00:00Z"),
        refreshed_at: at("2026-03-02T09:00:00Z"),
        expires_at: at("2026-03-31T09:00:00Z"),
        current: true,
    };
    let other = v1::AccountSession {
        id: "0190f000-0000-7000-8000-000000000022".into(),
        clinic_id: OTHER_CLINIC.into(),
        current: false,
        ..session.clone()
    };
    vec![session, other]
}

pub(crate) fn enrolment() -> v1::EnrollTotpResponse {
    v1::EnrollTotpResponse {
        secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into(),
        uri: "otpauth://totp/Rung:kim%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Rung".into(),
    }
}

pub(crate) fn recovery_codes() -> v1::ConfirmTotpResponse {
    let codes = ["7Q2K-M4PX", "A9DT-W3RL", "H6ZB-C8NV"];
    v1::ConfirmTotpResponse {
        recovery_codes: codes.map(str::to_owned).to_vec(),
    }
}

pub(crate) fn members() -> Vec<v1::Member> {
    let kim = v1::Member {
        person_id: PHYSIO.into(),
        display_name: "Kim Holm".into(),
        email: "kim@example.org".into(),
        roles: vec![v1::Role::Admin.into(), v1::Role::Physio.into()],
        joined_at: at("2026-02-01T09:00:00Z"),
        etag: "2".into(),
        deactivated: false,
        second_factor: true,
        athlete_id: String::new(),
    };
    // As a physiotherapist is shown a colleague: neither the address nor the second factor.
    let lou = v1::Member {
        person_id: "0190dddd-0000-7000-8000-000000000014".into(),
        display_name: "Lou Vale".into(),
        email: String::new(),
        second_factor: false,
        roles: vec![v1::Role::Physio.into()],
        ..kim.clone()
    };
    vec![kim, lou]
}

pub(crate) fn member() -> v1::UpdateMemberResponse {
    v1::UpdateMemberResponse {
        member: members().into_iter().next().map(|m| v1::Member {
            deactivated: true,
            second_factor: false,
            ..m
        }),
    }
}

pub(crate) fn reset(code: &str) -> v1::ResetCredentialsResponse {
    v1::ResetCredentialsResponse {
        code: code.into(),
        expires_at: at("2026-03-08T09:00:00Z"),
    }
}

pub(crate) fn invitation(code: &str) -> v1::InviteMemberResponse {
    let link = match code {
        "" => String::new(),
        code => format!("https://rung.example.org/join#{code}"),
    };
    v1::InviteMemberResponse {
        invitation_id: "0190ffff-0000-7000-8000-000000000006".into(),
        code: code.into(),
        expires_at: at("2026-03-08T09:00:00Z"),
        link,
    }
}

pub(crate) fn supporter_invitation() -> v1::InviteSupporterResponse {
    let member = invitation("R7Q2-XK");
    v1::InviteSupporterResponse {
        invitation_id: member.invitation_id,
        code: member.code,
        expires_at: member.expires_at,
        link: member.link,
    }
}
