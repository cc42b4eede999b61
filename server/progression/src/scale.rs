//! The scales of a check-in as types that cannot hold a value outside their
//! range, so that no rule has to ask whether a number makes sense.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number outside its scale. Its text does not repeat the number: it is a measurement, and texts end up in logs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{scale} must be between {min} and {max}")]
pub struct OutOfRange {
    /// The scale's name, for a reader.
    pub scale: &'static str,
    /// What was given.
    pub value: i64,
    /// The lowest legal value.
    pub min: i64,
    /// The highest legal value.
    pub max: i64,
}

macro_rules! scales {
    ($($(#[$doc:meta])* $name:ident($inner:ty), $label:literal, $min:literal ..= $max:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "i64", into = "i64")]
        pub struct $name($inner);

        impl $name {
            /// The lowest value.
            pub const MIN: Self = Self($min);
            /// The highest value.
            pub const MAX: Self = Self($max);

            /// The bare number.
            pub fn get(self) -> u32 {
                u32::from(self.0)
            }
        }

        impl TryFrom<i64> for $name {
            type Error = OutOfRange;

            fn try_from(value: i64) -> Result<Self, OutOfRange> {
                match <$inner>::try_from(value) {
                    Ok(inner) if ($min..=$max).contains(&value) => Ok(Self(inner)),
                    _ => Err(OutOfRange { scale: $label, value, min: $min, max: $max }),
                }
            }
        }

        impl TryFrom<u32> for $name {
            type Error = OutOfRange;

            fn try_from(value: u32) -> Result<Self, OutOfRange> {
                Self::try_from(i64::from(value))
            }
        }

        impl From<$name> for i64 {
            fn from(value: $name) -> i64 {
                i64::from(value.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

scales! {
    /// Pain on the numeric rating scale (NPRS), 0–10; 10 is worst.
    PainScore(u8), "pain", 0..=10;
    /// Effort on the CR10 scale, 0–10; 10 is hardest.
    Rpe(u8), "effort", 0..=10;
    /// Confidence for the next session, 0–10; 0 is worst.
    Confidence(u8), "confidence", 0..=10;
    /// Fear (SUDS), 0–100; 100 is worst.
    Fear(u8), "fear", 0..=100;
    /// A share of a dose in percent, 0–1000; what is above 1000 is read as 1000.
    Percent(u16), "percent", 0..=1000;
    /// Morning stiffness in minutes, 0–600; 600 is worst.
    StiffnessMinutes(u16), "stiffness", 0..=600;
    /// A rung of a ladder, counted from 0, the lowest. A ladder has at most 100.
    RungIndex(u8), "rung", 0..=99;
    /// An amount of work in the unit of the ladder: running seconds, running
    /// metres, repetitions, or an ordinal. 0–1 000 000.
    Dose(u32), "dose", 0..=1_000_000;
    /// A distance in metres, 0–1 000 000.
    Metres(u32), "distance", 0..=1_000_000;
    /// A night's sleep in minutes, 0–1440; 0 is worst.
    SleepMinutes(u16), "sleep", 0..=1440;
    /// An answer about the day (energy, calm, mood, freshness, fuelling), 1–5; 1 is
    /// worst.
    WellnessScore(u8), "a wellness answer", 1..=5;
}

impl RungIndex {
    /// The position as an index into a ladder's rungs.
    pub fn position(self) -> usize {
        usize::from(self.0)
    }

    /// `steps` rungs lower, or `None` below the lowest.
    pub fn checked_down(self, steps: u8) -> Option<Self> {
        self.0.checked_sub(steps).map(Self)
    }

    /// One rung higher, but never above `top`.
    #[must_use]
    pub fn up_to(self, top: Self) -> Self {
        Self(self.0.saturating_add(1).min(top.0).max(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_takes_its_ends_and_nothing_beyond() {
        assert_eq!(PainScore::try_from(0_i64), Ok(PainScore::MIN));
        assert_eq!(PainScore::try_from(10_u32), Ok(PainScore::MAX));
        assert_eq!(
            PainScore::try_from(11_i64),
            Err(OutOfRange {
                scale: "pain",
                value: 11,
                min: 0,
                max: 10
            })
        );
        assert!(PainScore::try_from(-1_i64).is_err());
        assert!(Fear::try_from(100_i64).is_ok());
        assert!(Fear::try_from(101_i64).is_err());
        assert!(Fear::try_from(300_i64).is_err());
        assert!(StiffnessMinutes::try_from(600_i64).is_ok());
        assert!(StiffnessMinutes::try_from(601_i64).is_err());
        assert!(Dose::try_from(1_000_001_i64).is_err());
        assert!(RungIndex::try_from(100_i64).is_err());
    }

    #[test]
    fn serde_refuses_what_the_constructor_refuses() {
        assert_eq!(
            serde_json::from_str::<PainScore>("10").expect("in range"),
            PainScore::MAX
        );
        let fault = serde_json::from_str::<PainScore>("11").expect_err("out of range");
        assert!(
            fault.to_string().contains("pain must be between 0 and 10"),
            "{fault}"
        );
        assert!(serde_json::from_str::<PainScore>("3.5").is_err());
        assert_eq!(serde_json::to_string(&RungIndex::MIN).expect("writes"), "0");
    }

    #[test]
    fn a_rung_goes_up_by_one_and_stops_at_the_top() {
        let top = RungIndex(3);
        assert_eq!(RungIndex(2).up_to(top), RungIndex(3));
        assert_eq!(RungIndex(3).up_to(top), RungIndex(3));
        assert_eq!(RungIndex(0).checked_down(1), None);
        assert_eq!(RungIndex(3).checked_down(1), Some(RungIndex(2)));
    }
}
