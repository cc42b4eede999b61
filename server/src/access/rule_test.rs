use std::collections::BTreeSet;

use prost_reflect::{DescriptorPool, DynamicMessage};
use rung_proto::v1;

use super::{
    contract::{FOREIGN, methods},
    *,
};
use crate::access::scope::Scope;

fn paths(descriptor_set: &[u8]) -> BTreeSet<String> {
    let pool = DescriptorPool::decode(descriptor_set).unwrap();
    methods(&pool).map(|(path, _)| path).collect()
}

// Seen failing with the relations taken out of a member's rule in its proto file.
#[test]
fn rules_and_methods_are_the_same_set() {
    let served: BTreeSet<String> = [
        rung_proto::FILE_DESCRIPTOR_SET,
        tonic_health::pb::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
    ]
    .into_iter()
    .flat_map(paths)
    .chain(HTTP.map(str::to_owned))
    .collect();
    let ruled: BTreeSet<String> = Rules::load().unwrap().0.into_keys().collect();
    assert_eq!(ruled, served);
    assert!(ruled.len() > FOREIGN.len());
}

// Seen failing with the audience of another method widened in its proto file.
#[test]
fn only_signing_in_is_anonymous() {
    let rules = Rules::load().unwrap();
    let anonymous: BTreeSet<&str> = rules
        .0
        .iter()
        .filter(|(path, rule)| rule.is_anonymous() && path.starts_with("/rung."))
        .map(|(path, _)| path.as_str())
        .collect();
    let expected = [
        "AcceptInvitation",
        "CompleteSecondFactor",
        "ExchangeAssertion",
        "Login",
        "RefreshToken",
        "ResetPassword",
    ];
    assert_eq!(
        anonymous,
        expected
            .map(|m| format!("/rung.v1.AuthService/{m}"))
            .iter()
            .map(String::as_str)
            .collect()
    );
}

#[test]
fn a_member_needs_a_role_that_the_rule_names() {
    let rule = Rule::for_test(&[Role::Physio, Role::Athlete], false, true, true);
    let refused = rule.admits(&member(&[Role::Admin]));
    assert!(matches!(refused, Err(Error::RoleRequired)));
    let entry = rule.admits(&member(&[Role::Admin, Role::Physio])).unwrap();
    assert_eq!(entry, Entry::Roles(Role::Physio.into()));
}

// Seen failing with the scopes left unasked, and with a missing second factor overlooked.
#[test]
fn a_service_needs_a_scope_and_a_member_the_second_factor_that_is_asked_for() {
    let rule = Rule::for_test(&[Role::Physio], false, false, true);
    let service = |scopes| Identity {
        actor: Actor::Service(scopes),
        ..member(&[])
    };
    let scopes: Scopes = [Scope::CheckIns].into_iter().collect();
    let refused = rule.admits(&service(scopes));
    assert!(matches!(refused, Err(Error::ScopeRequired)));
    let open = rule.with_scopes(&[Scope::CheckIns]);
    assert_eq!(open.admits(&service(scopes)).unwrap(), Entry::Service);
    let refused = open.admits(&service(Scopes::default()));
    assert!(matches!(refused, Err(Error::ScopeRequired)));

    // What is people's own: a service account has a name and nothing else.
    let account = |writes| Rule {
        audience: Audience::Account,
        writes,
        ..Rule::anonymous()
    };
    let refused = account(true).admits(&service(scopes));
    assert!(matches!(refused, Err(Error::ScopeRequired)));
    assert!(account(false).admits(&service(scopes)).is_ok());

    let lacking = Identity {
        second_factor_missing: true,
        ..member(&[Role::Physio])
    };
    let refused = rule.admits(&lacking);
    assert!(matches!(refused, Err(Error::SecondFactorRequired)));
}

fn member(roles: &[Role]) -> Identity {
    Identity {
        roles: roles.iter().copied().collect(),
        ..Identity::for_test()
    }
}

#[test]
fn a_rule_that_says_too_little_is_none() {
    let parse = |rule: v1::Rule| {
        let pool = DescriptorPool::decode(rung_proto::FILE_DESCRIPTOR_SET).unwrap();
        let mut message = DynamicMessage::new(pool.get_message_by_name("rung.v1.Rule").unwrap());
        message.transcode_from(&rule).unwrap();
        Rule::parse(&message)
    };
    let full = v1::Rule {
        audience: v1::Audience::Member as i32,
        roles: vec![v1::Role::Physio as i32],
        relations: vec![v1::Relation::Care as i32],
        effect: v1::Effect::Read as i32,
        scopes: vec![v1::Scope::Checkins as i32],
        consent_part: 0,
    };
    assert!(parse(full.clone()).is_some());
    let with = |change: fn(&mut v1::Rule)| {
        let mut rule = full.clone();
        change(&mut rule);
        parse(rule)
    };
    assert_eq!(with(|r| r.audience = 0), None);
    assert_eq!(with(|r| r.effect = 0), None);
    assert_eq!(with(|r| r.roles.clear()), None);
    assert_eq!(with(|r| r.roles.push(0)), None);
    assert_eq!(with(|r| r.relations.clear()), None);
    assert_eq!(with(|r| r.relations.push(0)), None);
    assert_eq!(with(|r| r.audience = v1::Audience::Account as i32), None);
    assert_eq!(with(|r| r.scopes.push(0)), None);
    // A part that a consent has to open, in a rule that knows no consent.
    assert_eq!(with(|r| r.consent_part = 1), None);
}
