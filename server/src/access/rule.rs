//! The rule of every method, read from the contract.
//!
//! How do I open a method? Give it `option (rung.v1.rule)` in its proto file. A method that is not ours and carries
//! none (health, reflection) stands in [`FOREIGN`]. What stands in neither place is closed.

use std::collections::HashMap;

use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor, Value};
use rung_proto::v1;

use super::{
    caller::{Actor, Identity},
    part::Part,
    role::{Role, Roles},
    scope::Scopes,
};
use crate::{
    error::{Error, Result},
    mutant::off,
};

/// Methods of other contracts, all open to anybody: they tell nothing about people or clinics.
const FOREIGN: [&str; 4] = [
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// What is served over HTTP, all open to anybody for the same reason.
pub(crate) const HTTP: [&str; 3] = ["/.well-known/jwks.json", "/healthz", "/join"];

/// Name of the method option that carries a rule.
const EXTENSION: &str = "rung.v1.rule";

/// Who gets past the door at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    Anonymous,
    Account,
    Member,
}

/// How a caller may stand to the object; one of those that are `true` suffices.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a set of flags, each read by its name"
)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Relations {
    pub(super) clinic: bool,
    pub(super) own: bool,
    pub(super) care: bool,
    pub(super) consented: bool,
}

/// As what a caller has passed the role part of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A person, with those of their roles that count for the method.
    Roles(Roles),
    /// A service account with a scope for the method.
    Service,
}

impl Entry {
    /// The roles that count; none for a service account.
    pub(super) fn roles(self) -> Roles {
        match self {
            Self::Roles(roles) => roles,
            Self::Service => Roles::none(),
        }
    }
}

/// The rule of one method. Made from the contract alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    audience: Audience,
    roles: Roles,
    relations: Relations,
    writes: bool,
    scopes: Scopes,
    /// The part of a record that a consent has to open.
    part: Option<Part>,
}

impl Rule {
    /// Whether calls of the method may change anything.
    pub(super) fn writes(self) -> bool {
        self.writes
    }

    /// Whether nobody needs to say who they are.
    pub(super) fn is_anonymous(self) -> bool {
        self.audience == Audience::Anonymous
    }

    pub(super) fn relations(self) -> Relations {
        self.relations
    }

    /// Whether admins may call the method.
    pub(super) fn is_for_admins(self) -> bool {
        self.roles.contains(Role::Admin)
    }

    /// The part of a record that a consent has to open for this method.
    pub(super) fn part(self) -> Option<Part> {
        self.part
    }

    /// As what the caller may call: the role part of the rule. Which object, a proof decides.
    pub(super) fn admits(self, caller: &Identity) -> Result<Entry> {
        let usable = self.usable(caller.roles);
        match (self.audience, caller.actor) {
            (Audience::Anonymous, _) | (Audience::Account, Actor::Person(_)) => {
                Ok(Entry::Roles(usable))
            }
            // A service account may ask who it is; password, sessions and second factor are those of people.
            (Audience::Account, Actor::Service(_)) if self.writes && !off("account-of-people") => {
                Err(Error::ScopeRequired)
            }
            (Audience::Account, Actor::Service(_)) => Ok(Entry::Service),
            (Audience::Member, Actor::Service(held)) => {
                if held.intersection(self.scopes).is_empty() && !off("scope") {
                    return Err(Error::ScopeRequired);
                }
                Ok(Entry::Service)
            }
            (Audience::Member, Actor::Person(_)) => {
                if usable.is_empty() && !off("role") {
                    return Err(Error::RoleRequired);
                }
                if caller.second_factor_missing && !off("second-factor-required") {
                    return Err(Error::SecondFactorRequired);
                }
                Ok(Entry::Roles(usable))
            }
        }
    }

    /// Those of `held` that count for this method: a physio who is also admin reads an athlete as a physio only.
    fn usable(self, held: Roles) -> Roles {
        held.intersection(self.roles)
    }

    pub(super) fn anonymous() -> Self {
        Self {
            audience: Audience::Anonymous,
            roles: Roles::none(),
            relations: Relations {
                clinic: false,
                own: false,
                care: false,
                consented: false,
            },
            writes: false,
            scopes: Scopes::default(),
            part: None,
        }
    }

    /// `None` when the method carries no rule, or one that says too little to be enforced.
    fn of(method: &MethodDescriptor) -> Option<Self> {
        let extension = method.parent_pool().get_extension_by_name(EXTENSION)?;
        let options = method.options();
        if !options.has_extension(&extension) {
            return None;
        }
        let Value::Message(rule) = &*options.get_extension(&extension) else {
            return None;
        };
        Self::parse(rule)
    }

    fn parse(rule: &DynamicMessage) -> Option<Self> {
        let rule: v1::Rule = rule.transcode_to().ok()?;
        let audience = match rule.audience() {
            v1::Audience::Unspecified => return None,
            v1::Audience::Anonymous => Audience::Anonymous,
            v1::Audience::Account => Audience::Account,
            v1::Audience::Member => Audience::Member,
        };
        let writes = match rule.effect() {
            v1::Effect::Unspecified => return None,
            v1::Effect::Read => false,
            v1::Effect::Write => true,
        };
        let mut relations = Relations::default();
        for relation in rule.relations() {
            match relation {
                v1::Relation::Unspecified => return None,
                v1::Relation::Clinic => relations.clinic = true,
                v1::Relation::Self_ => relations.own = true,
                v1::Relation::Care => relations.care = true,
                v1::Relation::Consented => relations.consented = true,
            }
        }
        let roles = Roles::from_proto(&rule.roles)?;
        let scopes = Scopes::from_proto(&rule.scopes)?;
        let part = match rule.consent_part {
            0 => None,
            value => Some(Part::from_proto(value)?),
        };
        // Scopes belong to members, a part to consents.
        if !scopes.is_empty() && audience != Audience::Member
            || part.is_some() && !relations.consented
        {
            return None;
        }
        // Roles and relations belong to members; a rule that names them for others was meant to be another one.
        let named = (!roles.is_empty(), relations != Relations::default());
        let wanted = audience == Audience::Member;
        (named == (wanted, wanted) || off("rule-incomplete")).then_some(Self {
            audience,
            roles,
            relations,
            writes,
            scopes,
            part,
        })
    }

    /// For the tests of the proofs.
    #[cfg(test)]
    pub(crate) fn for_test(roles: &[Role], clinic: bool, own: bool, care: bool) -> Self {
        Self {
            audience: Audience::Member,
            roles: roles.iter().copied().collect(),
            relations: Relations {
                clinic,
                own,
                care,
                consented: false,
            },
            writes: true,
            scopes: Scopes::default(),
            part: None,
        }
    }

    /// The same rule, for service accounts with these scopes too.
    #[cfg(test)]
    pub(crate) fn with_scopes(self, scopes: &[super::scope::Scope]) -> Self {
        Self {
            scopes: scopes.iter().copied().collect(),
            ..self
        }
    }

    /// The same rule, for a method that only reads; with a part, supporters may call it too.
    #[cfg(test)]
    pub(crate) fn reading(self, part: Option<Part>) -> Self {
        Self {
            writes: false,
            part,
            relations: Relations {
                consented: part.is_some(),
                ..self.relations
            },
            ..self
        }
    }
}

/// The rules of all methods, by path.
pub(crate) struct Rules(HashMap<String, Rule>);

impl Rules {
    /// Reads the rules of the contract this server was built with.
    pub(crate) fn load() -> Result<Self> {
        let pool =
            DescriptorPool::decode(rung_proto::FILE_DESCRIPTOR_SET).map_err(Error::internal)?;
        let ours = methods(&pool).filter_map(|(path, method)| Some((path, Rule::of(&method)?)));
        let foreign = FOREIGN.map(|path| (path.to_owned(), Rule::anonymous()));
        let http = HTTP.map(|path| (path.to_owned(), Rule::anonymous()));
        Ok(Self(ours.chain(foreign).chain(http).collect()))
    }

    /// The rule of the method at `path`, such as `/rung.v1.AuthService/Login`.
    pub(super) fn get(&self, path: &str) -> Option<Rule> {
        self.0.get(path).copied()
    }
}

fn methods(pool: &DescriptorPool) -> impl Iterator<Item = (String, MethodDescriptor)> {
    pool.services().flat_map(|service| {
        let name = service.full_name().to_owned();
        service
            .methods()
            .map(move |m| (format!("/{name}/{}", m.name()), m))
            .collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
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
            let mut message =
                DynamicMessage::new(pool.get_message_by_name("rung.v1.Rule").unwrap());
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
}
