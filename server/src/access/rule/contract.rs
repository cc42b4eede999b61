//! Rules as the contract has them.

use std::collections::HashMap;

use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor, Value};
use rung_proto::v1;

use super::{Audience, Relations, Rule};
use crate::{
    access::{part::Part, role::Roles, scope::Scopes},
    error::{Error, Result},
    mutant::off,
};

/// Methods of other contracts, all open to anybody: they tell nothing about people or clinics.
pub(super) const FOREIGN: [&str; 4] = [
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/// What is served over HTTP, all open to anybody for the same reason.
pub(crate) const HTTP: [&str; 3] = ["/.well-known/jwks.json", "/healthz", "/join"];

/// Name of the method option that carries a rule.
const EXTENSION: &str = "rung.v1.rule";

impl Rule {
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

    pub(super) fn parse(rule: &DynamicMessage) -> Option<Self> {
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
}

/// The rules of all methods, by path.
pub(crate) struct Rules(pub(super) HashMap<String, Rule>);

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
    pub(in crate::access) fn get(&self, path: &str) -> Option<Rule> {
        self.0.get(path).copied()
    }
}

pub(super) fn methods(pool: &DescriptorPool) -> impl Iterator<Item = (String, MethodDescriptor)> {
    pool.services().flat_map(|service| {
        let name = service.full_name().to_owned();
        service
            .methods()
            .map(move |m| (format!("/{name}/{}", m.name()), m))
            .collect::<Vec<_>>()
    })
}
