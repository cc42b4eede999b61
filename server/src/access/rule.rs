//! The rule of every method, read from the contract.
//!
//! How do I open a method? Give it `option (rung.v1.rule)` in its proto file. A method that is not ours and carries
//! none (health, reflection) stands in `FOREIGN` of [`contract`]. What stands in neither place is closed.

mod contract;

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

pub(crate) use self::contract::HTTP;
pub(crate) use self::contract::Rules;

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

#[cfg(test)]
#[path = "rule_test.rs"]
mod tests;
