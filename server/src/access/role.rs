//! The roles of a membership, as a set.

use std::{fmt, str::FromStr};

use rung_proto::v1;

use crate::error::{Error, Result};

/// What a member may be in a clinic. A new one needs a bit here, its word in [`NAMED`] and its value in the proto.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Runs the accounts; sees no clinical content by this alone.
    Admin = 1,
    /// Prescribes and decides, in their care.
    Physio = 2,
    /// Sees their own record.
    Athlete = 4,
    /// Sees what an athlete's consent opens.
    Supporter = 8,
}

/// Every role with its word in the database, in the order in which a set is written.
const NAMED: [(Role, &str); 4] = [
    (Role::Admin, "ADMIN"),
    (Role::Physio, "PHYSIO"),
    (Role::Athlete, "ATHLETE"),
    (Role::Supporter, "SUPPORTER"),
];

impl Role {
    const fn bit(self) -> u8 {
        self as u8
    }

    fn to_proto(self) -> v1::Role {
        match self {
            Self::Admin => v1::Role::Admin,
            Self::Physio => v1::Role::Physio,
            Self::Athlete => v1::Role::Athlete,
            Self::Supporter => v1::Role::Supporter,
        }
    }

    fn from_proto(value: i32) -> Option<Self> {
        match v1::Role::try_from(value).ok()? {
            v1::Role::Unspecified => None,
            v1::Role::Admin => Some(Self::Admin),
            v1::Role::Physio => Some(Self::Physio),
            v1::Role::Athlete => Some(Self::Athlete),
            v1::Role::Supporter => Some(Self::Supporter),
        }
    }
}

/// A set of roles. In the database it is text such as `ADMIN,PHYSIO`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Roles(u8);

impl Roles {
    /// The empty set.
    pub(super) const fn none() -> Self {
        Self(0)
    }

    /// Whether the set holds `role`.
    pub(crate) const fn contains(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Whether the set holds nothing.
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What either set holds.
    pub(crate) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both sets hold.
    pub(crate) const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The set without `role`.
    pub(crate) const fn without(self, role: Role) -> Self {
        Self(self.0 & !role.bit())
    }

    /// The set as it stands in a proto message.
    pub(crate) fn to_proto(self) -> Vec<i32> {
        self.iter().map(|role| role.to_proto() as i32).collect()
    }

    /// A set from a proto message; `None` when a value is unspecified or unknown.
    pub(crate) fn from_proto(values: &[i32]) -> Option<Self> {
        values
            .iter()
            .map(|value| Role::from_proto(*value))
            .collect()
    }

    fn iter(self) -> impl Iterator<Item = Role> {
        NAMED
            .into_iter()
            .map(|(role, _)| role)
            .filter(move |role| self.contains(*role))
    }
}

impl From<Role> for Roles {
    fn from(role: Role) -> Self {
        Self(role.bit())
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().fold(0, |set, role| set | role.bit()))
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = NAMED
            .into_iter()
            .filter(|(role, _)| self.contains(*role))
            .map(|(_, word)| word);
        f.write_str(&words.collect::<Vec<_>>().join(","))
    }
}

impl fmt::Debug for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Roles({self})")
    }
}

impl FromStr for Roles {
    type Err = Error;

    /// Reads what the database holds. An unknown word is an error and not an empty set: it may come from a newer
    /// server.
    fn from_str(text: &str) -> Result<Self> {
        text.split(',')
            .map(|word| {
                NAMED
                    .into_iter()
                    .find(|(_, name)| *name == word)
                    .map(|(role, _)| role)
            })
            .collect::<Option<Self>>()
            .ok_or_else(|| Error::internal("a membership holds an unknown role"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_reads_back_what_it_writes() {
        for bits in 1..16 {
            let roles = Roles(bits);
            assert_eq!(roles.to_string().parse::<Roles>().unwrap(), roles);
            assert_eq!(Roles::from_proto(&roles.to_proto()), Some(roles));
        }
        assert_eq!(Roles(3).to_string(), "ADMIN,PHYSIO");
    }

    #[test]
    fn an_unknown_role_is_no_role() {
        assert!("ADMIN,OWNER".parse::<Roles>().is_err());
        assert!("".parse::<Roles>().is_err());
        assert_eq!(Roles::from_proto(&[1, 0]), None);
        assert_eq!(Roles::from_proto(&[99]), None);
    }
}
