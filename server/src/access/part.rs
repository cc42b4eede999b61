//! Which parts of a record a consent opens, as a set.

use std::{fmt, str::FromStr};

use rung_proto::v1;

use crate::error::{Error, Result};

/// A part of a record. A new one needs a bit here, its word in [`NAMED`] and its value in the proto.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// What was done and how it responded, without free text.
    CheckIns = 1,
    /// The free text of what the other parts show.
    Notes = 2,
}

const NAMED: [(Part, &str); 2] = [(Part::CheckIns, "CHECK_INS"), (Part::Notes, "NOTES")];

impl Part {
    fn to_proto(self) -> v1::ConsentPart {
        match self {
            Self::CheckIns => v1::ConsentPart::CheckIns,
            Self::Notes => v1::ConsentPart::Notes,
        }
    }

    /// `None` when the value is unspecified or unknown.
    pub(super) fn from_proto(value: i32) -> Option<Self> {
        match v1::ConsentPart::try_from(value).ok()? {
            v1::ConsentPart::Unspecified => None,
            v1::ConsentPart::CheckIns => Some(Self::CheckIns),
            v1::ConsentPart::Notes => Some(Self::Notes),
        }
    }
}

/// A set of parts. In the database it is text such as `CHECK_INS,NOTES`; nothing at all is the empty text.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Parts(u8);

impl Parts {
    /// Whether the set holds `part`.
    pub(crate) const fn contains(self, part: Part) -> bool {
        self.0 & part as u8 != 0
    }

    /// Whether the set holds nothing.
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set as it stands in a proto message.
    pub(crate) fn to_proto(self) -> Vec<i32> {
        self.words()
            .map(|(part, _)| part.to_proto().into())
            .collect()
    }

    /// A set from a proto message; `None` when a value is unspecified or unknown.
    pub(crate) fn from_proto(values: &[i32]) -> Option<Self> {
        values
            .iter()
            .map(|value| Part::from_proto(*value))
            .collect()
    }

    fn words(self) -> impl Iterator<Item = (Part, &'static str)> {
        NAMED
            .into_iter()
            .filter(move |(part, _)| self.contains(*part))
    }
}

impl FromIterator<Part> for Parts {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        Self(parts.into_iter().fold(0, |set, part| set | part as u8))
    }
}

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.words().map(|(_, word)| word).collect();
        f.write_str(&words.join(","))
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parts({self})")
    }
}

impl FromStr for Parts {
    type Err = Error;

    /// An unknown word is an error and not an empty set: it may come from a newer server.
    fn from_str(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        text.split(',')
            .map(|word| {
                NAMED
                    .into_iter()
                    .find(|(_, name)| *name == word)
                    .map(|(part, _)| part)
            })
            .collect::<Option<Self>>()
            .ok_or_else(|| Error::internal("a consent holds an unknown part"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_reads_back_what_it_writes() {
        for bits in 0..4 {
            let parts = Parts(bits);
            assert_eq!(parts.to_string().parse::<Parts>().unwrap(), parts);
            assert_eq!(Parts::from_proto(&parts.to_proto()), Some(parts));
        }
        assert_eq!(Parts(3).to_string(), "CHECK_INS,NOTES");
        assert!("CHECK_INS,ALL".parse::<Parts>().is_err());
        assert_eq!(Parts::from_proto(&[1, 0]), None);
    }
}
