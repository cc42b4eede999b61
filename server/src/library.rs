//! The built-in ladders: part of the binary, published, the same for every clinic.
//!
//! How do I add one? A TOML file in `server/ladders/` that cites its source, and its line in [`FILES`].

use rung_progression::{Ladder, LadderId, ladder::file};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Ids of built-in ladders are made from their key and version under this name space, so that they are the same in
/// every installation and for ever.
const NAMESPACE: Uuid = Uuid::from_u128(0x2f8a_5c1e_64d3_4b7a_9e02_71c6_d8b4_0f35);

macro_rules! files {
    ($($name:literal),+ $(,)?) => { &[$(($name, include_str!(concat!("../ladders/", $name)))),+] };
}

const FILES: &[(&str, &str)] = files![
    "chop-acl.toml",
    "feared-situations.toml",
    "first-race.toml",
    "hills.toml",
    "mgh-running.toml",
    "moen-mtss.toml",
    "nwachukwu-post-op.toml",
    "oxsport-walk-run.toml",
    "physioadvisor-walk-jog.toml",
    "silbernagel-achilles.toml",
    "soldiers-overuse-knee.toml",
    "strength-calf.toml",
    "strength-carry.toml",
    "strength-core.toml",
    "strength-hinge.toml",
    "strength-single-leg.toml",
    "strides.toml",
    "surfaces.toml",
    "tibial-bone-stress.toml",
    "udel-knee.toml",
];

/// The built-in ladders by key and version.
pub(crate) struct Library(Vec<(LadderId, Ladder)>);

impl Library {
    /// Reads the embedded files.
    pub(crate) fn load() -> Result<Self> {
        let mut ladders = Vec::with_capacity(FILES.len());
        for (name, text) in FILES {
            let ladder = file::read(text)
                .map_err(|faults| Error::internal(format!("{name}: {faults:?}")))?;
            let id = Uuid::new_v5(
                &NAMESPACE,
                format!("{}@{}", ladder.key, ladder.version).as_bytes(),
            );
            ladders.push((LadderId::from(id), ladder));
        }
        ladders.sort_by(|(_, a), (_, b)| (&a.key, a.version).cmp(&(&b.key, b.version)));
        Ok(Self(ladders))
    }

    /// All of them, by key and version.
    pub(crate) fn all(&self) -> impl Iterator<Item = (LadderId, &Ladder)> {
        self.0.iter().map(|(id, ladder)| (*id, ladder))
    }

    /// The ladder with this id.
    pub(crate) fn get(&self, id: LadderId) -> Option<&Ladder> {
        self.0
            .iter()
            .find(|(other, _)| *other == id)
            .map(|(_, ladder)| ladder)
    }

    /// Whether a key is taken by the library.
    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.0.iter().any(|(_, ladder)| ladder.key == key)
    }
}

#[cfg(test)]
#[path = "library_test.rs"]
mod tests;
