//! What a service account may do, as a set of scopes.

use std::{fmt, str::FromStr};

use rung_proto::v1;

use crate::error::{Error, Result};

/// What a system may do for its whole clinic. A new one needs a bit here, its word in [`NAMED`] and its value in the proto.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Submits and reads check-ins.
    CheckIns = 1,
    /// Hears of what happens.
    Events = 2,
}

/// Every scope with its word in the database and in tokens.
const NAMED: [(Scope, &str); 2] = [(Scope::CheckIns, "CHECKINS"), (Scope::Events, "EVENTS")];

/// A set of scopes. In the database and in tokens it is text, comma-separated in a fixed order.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Scopes(u8);

impl Scopes {
    /// Whether the set holds nothing.
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What both sets hold.
    pub(crate) const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The set as it stands in a proto message.
    pub(crate) fn to_proto(self) -> Vec<i32> {
        self.iter()
            .map(|scope| match scope {
                Scope::CheckIns => v1::Scope::Checkins.into(),
                Scope::Events => v1::Scope::Events.into(),
            })
            .collect()
    }

    /// A set from a proto message; `None` when a value is unspecified or unknown.
    pub(crate) fn from_proto(values: &[i32]) -> Option<Self> {
        values
            .iter()
            .map(|value| match v1::Scope::try_from(*value).ok()? {
                v1::Scope::Unspecified => None,
                v1::Scope::Checkins => Some(Scope::CheckIns),
                v1::Scope::Events => Some(Scope::Events),
            })
            .collect()
    }

    fn iter(self) -> impl Iterator<Item = Scope> {
        NAMED
            .into_iter()
            .map(|(scope, _)| scope)
            .filter(move |scope| self.0 & *scope as u8 != 0)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | scope as u8))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = NAMED
            .into_iter()
            .filter(|(scope, _)| self.0 & *scope as u8 != 0)
            .map(|(_, word)| word);
        f.write_str(&words.collect::<Vec<_>>().join(","))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

impl FromStr for Scopes {
    type Err = Error;

    /// An unknown word is an error and not an empty set: it may come from a newer server.
    fn from_str(text: &str) -> Result<Self> {
        text.split(',')
            .map(|word| {
                NAMED
                    .into_iter()
                    .find(|(_, name)| *name == word)
                    .map(|(scope, _)| scope)
            })
            .collect::<Option<Self>>()
            .ok_or_else(|| Error::internal("a service account holds an unknown scope"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_reads_back_what_it_writes() {
        let scopes: Scopes = [Scope::CheckIns].into_iter().collect();
        assert_eq!(scopes.to_string(), "CHECKINS");
        assert_eq!(scopes.to_string().parse::<Scopes>().unwrap(), scopes);
        assert_eq!(Scopes::from_proto(&scopes.to_proto()), Some(scopes));
        assert!("CHECKINS,ALL".parse::<Scopes>().is_err());
        assert!("".parse::<Scopes>().is_err());
        assert_eq!(Scopes::from_proto(&[0]), None);
    }
}
