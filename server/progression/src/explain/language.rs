//! The languages of the catalogue, and which of them somebody is answered in.

use std::cmp::Reverse;

use fluent_langneg::{NegotiationStrategy, negotiate_languages};
use unic_langid::LanguageIdentifier;

use super::voice::Reader;

/// How many wishes are looked at: more than anybody has.
const WISHES: usize = 20;

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Complete for every reader.
    #[default]
    English,
    /// Complete for athletes.
    German,
}

impl Language {
    /// Every language, the one that is fallen back to first.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its IETF tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language a reader is answered in who asks for this one: English where there
    /// are no texts for them. Never a mixture of two.
    #[must_use]
    pub const fn spoken_to(self, reader: Reader) -> Self {
        match (self, reader) {
            (Self::German, Reader::Athlete) => Self::German,
            (Self::German, Reader::Physio) | (Self::English, _) => Self::English,
        }
    }

    /// The language that fits best, given as the header Accept-Language is, such as
    /// `de-AT, en;q=0.5`, or as a list of tags, the dearest first. What is no tag, or has
    /// the weight 0, is passed over; with nothing left it is English.
    pub fn negotiate(wishes: &str) -> Self {
        let mut wanted: Vec<(u32, LanguageIdentifier)> = wishes
            .split(',')
            .take(WISHES)
            .filter_map(|wish| {
                let (tag, weight) = wish.split_once(';').unwrap_or((wish, ""));
                Some((thousandths(weight)?, tag.trim().parse().ok()?))
            })
            .filter(|(weight, _)| *weight > 0)
            .collect();
        // Stable: of equal weights, the first.
        wanted.sort_by_key(|(weight, _)| Reverse(*weight));
        let wanted: Vec<LanguageIdentifier> = wanted.into_iter().map(|(_, tag)| tag).collect();
        let known = Self::ALL.map(Self::identifier);
        let found = negotiate_languages(&wanted, &known, None, NegotiationStrategy::Filtering);
        let best = found.first().and_then(|best| {
            let same = |language: &Self| language.identifier() == **best;
            Self::ALL.into_iter().find(same)
        });
        best.unwrap_or_default()
    }

    pub(super) fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }

    /// What stands between the whole and the rest of a number.
    pub(super) const fn decimal_mark(self) -> char {
        match self {
            Self::English => '.',
            Self::German => ',',
        }
    }
}

/// A weight of RFC 9110, such as `q=0.8`, in thousandths; none given is the whole.
fn thousandths(weight: &str) -> Option<u32> {
    let weight = weight.trim();
    if weight.is_empty() {
        return Some(1000);
    }
    let number = weight.strip_prefix("q=").or(weight.strip_prefix("Q="))?;
    let (whole, rest) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    if rest.len() > 3 || !digits(rest) {
        return None;
    }
    match whole {
        "0" => format!("{rest:0<3}").parse().ok(),
        "1" => Some(1000),
        _ => None,
    }
}
