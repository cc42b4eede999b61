//! Reasons and decisions in plain words, for physio and athlete alike: kind, calm,
//! with the numbers. Every text of the engine that a person reads stands here, so
//! that it can become a catalogue of messages.

mod headline;
mod part;
mod sentence;

pub use self::headline::headline;
pub use self::sentence::sentence;

#[cfg(test)]
mod tests;
