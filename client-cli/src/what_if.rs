//! What-if files: a plan and events, made up, as TOML or JSON. Fields have the names of the contract, so that what the
//! server says of `events[3].session.rung` is found in the file; tracks are called by name, ladders by key.

mod event;

use std::collections::BTreeMap;
use std::path::Path;

use rung_proto::v1;
use serde::Deserialize;
use uuid::Uuid;

use self::event::Event;
use crate::commands::plan::policy_flag;
use crate::error::{Failure, Result};

/// Larger than any simulation; keeps a wrong file out of memory.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// A plan and what happens to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhatIf {
    definition: Definition,
    #[serde(default)]
    events: Vec<Event>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    tracks: Vec<Track>,
    #[serde(default)]
    baseline: Baseline,
    #[serde(default)]
    concurrent: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Baseline {
    pain: Option<i32>,
    stiffness: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Track {
    /// How events call it; the ladder's key when missing.
    name: Option<String>,
    /// Key (its newest published version), key@version, or id.
    ladder: String,
    #[serde(default)]
    start_rung: i32,
    #[serde(default)]
    sessions_per_week: i32,
    #[serde(default)]
    policy: BTreeMap<String, serde_json::Value>,
    #[serde(default)]
    prerequisites: Vec<Prerequisite>,
}

/// Another track that is done, or at a rung.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Prerequisite {
    track: String,
    rung_at_least: Option<i32>,
}

/// Ids by what the file calls them. They depend on the file alone, so that the same file gives the same answer.
#[derive(Debug, Default)]
pub(crate) struct Names {
    tracks: Vec<String>,
    ladders: BTreeMap<String, String>,
}

/// Reads a file: JSON if it is called so, else TOML.
pub(crate) fn read(path: &Path) -> Result<WhatIf> {
    let fault = |e: &std::io::Error| Failure::file(path, e);
    let size = std::fs::metadata(path).map_err(|e| fault(&e))?.len();
    if size > MAX_BYTES {
        let message = format!("{}: {size} bytes; at most 4 MiB", path.display());
        return Err(Failure::bad_input("FILE", message));
    }
    let text = std::fs::read_to_string(path).map_err(|e| fault(&e))?;
    let json = path.extension().is_some_and(|end| end == "json");
    parse(&text, json).map_err(|odd| {
        Failure::bad_input("WHAT_IF", format!("{}: {}", path.display(), odd.trim_end()))
            .advise("docs/simulation.md shows a file and what may stand in it.")
    })
}

fn parse(text: &str, json: bool) -> std::result::Result<WhatIf, String> {
    if json {
        serde_json::from_str(text).map_err(|e| e.to_string())
    } else {
        toml::from_str(text).map_err(|e| e.to_string())
    }
}

impl WhatIf {
    /// What the file calls ladders, each once.
    pub(crate) fn ladders(&self) -> Vec<String> {
        let amended = self.events.iter().filter_map(Event::definition);
        let definitions = std::iter::once(&self.definition).chain(amended);
        let mut all: Vec<String> = definitions
            .flat_map(|definition| definition.tracks.iter().map(|track| track.ladder.clone()))
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// The request; `ladders` has the id of each ladder. Also gives what the tracks are called.
    pub(crate) fn request(
        &self,
        ladders: BTreeMap<String, String>,
    ) -> Result<(v1::SimulatePlanRequest, Names)> {
        let mut names = Names {
            tracks: Vec::new(),
            ladders,
        };
        let definition = names.definition("definition", &self.definition)?;
        let events = self.events.iter().enumerate();
        let events =
            events.map(|(index, event)| event.message(&format!("events[{index}]"), &mut names));
        let request = v1::SimulatePlanRequest {
            definition: Some(definition),
            events: events.collect::<Result<_>>()?,
        };
        Ok((request, names))
    }
}

impl Names {
    /// What a track is called; its id if it has no name here.
    pub(crate) fn track<'n>(&'n self, id: &'n str) -> &'n str {
        let place = (0..self.tracks.len()).find(|place| track_id(*place) == id);
        place.map_or(id, |place| self.tracks[place].as_str())
    }

    /// The id of a track; of the only one when none is named. What is no name here is left to the server.
    fn id(&self, name: Option<&str>) -> String {
        match (name, self.tracks.as_slice()) {
            (None, [_]) => track_id(0),
            (None, _) => String::new(),
            (Some(name), tracks) => tracks
                .iter()
                .position(|known| known == name)
                .map_or_else(|| name.to_owned(), track_id),
        }
    }

    fn definition(&mut self, path: &str, d: &Definition) -> Result<v1::PlanDefinition> {
        let named = d.tracks.iter().map(Track::name);
        for name in named.clone() {
            // A track of the same name is the same track, whatever revision.
            if !self.tracks.iter().any(|known| known == name) {
                self.tracks.push(name.to_owned());
            }
        }
        let tracks = d.tracks.iter().enumerate();
        let tracks = tracks.map(|(index, track)| {
            let path = format!("{path}.tracks[{index}]");
            if named.clone().filter(|name| *name == track.name()).count() > 1 {
                let message = format!("{path}: another track is called {:?} too", track.name());
                return Err(Failure::bad_input("WHAT_IF", message).advise("Give it a name."));
            }
            self.prescription(&path, track)
        });
        Ok(v1::PlanDefinition {
            tracks: tracks.collect::<Result<_>>()?,
            baseline: Some(v1::Baseline {
                pain: d.baseline.pain,
                stiffness: d.baseline.stiffness,
                ..v1::Baseline::default()
            }),
            concurrent: d.concurrent,
            ..v1::PlanDefinition::default()
        })
    }

    fn prescription(&self, path: &str, track: &Track) -> Result<v1::TrackPrescription> {
        let edits = track.policy.iter().map(|(key, value)| {
            policy_flag::parse(&format!("{key}={value}"))
                .map_err(|odd| Failure::bad_input("WHAT_IF", format!("{path}.policy: {odd}")))
        });
        let edits: Vec<_> = edits.collect::<Result<_>>()?;
        let prerequisites = track.prerequisites.iter().map(|needed| {
            use v1::prerequisite::Requirement;
            v1::Prerequisite {
                track_id: self.id(Some(&needed.track)),
                requirement: Some(match needed.rung_at_least {
                    None => Requirement::Done(true),
                    Some(rung) => Requirement::RungAtLeast(rung),
                }),
            }
        });
        Ok(v1::TrackPrescription {
            id: self.id(Some(track.name())),
            ladder_id: self.ladders.get(&track.ladder).cloned().unwrap_or_default(),
            start_rung: track.start_rung,
            sessions_per_week: track.sessions_per_week,
            policy: policy_flag::policy(&edits),
            prerequisites: prerequisites.collect(),
            ..v1::TrackPrescription::default()
        })
    }
}

impl Track {
    fn name(&self) -> &str {
        let key = self
            .ladder
            .split_once('@')
            .map_or(self.ladder.as_str(), |(key, _)| key);
        self.name.as_deref().unwrap_or(key)
    }
}

fn track_id(place: usize) -> String {
    Uuid::from_u128(place as u128 + 1).to_string()
}

#[cfg(test)]
mod tests {
    use rung_proto::v1::simulated_event::What;

    use super::*;

    const FILE: &str = r#"
[definition]
baseline = { pain = 1, stiffness = 10 }
tracks = [
    { ladder = "run@2", policy = { green_max = 1, require_confidence = false } },
    { name = "calf", ladder = "calf", start_rung = 1, prerequisites = [{ track = "run" }] },
]

[[events]]
at = "2026-03-02T07:00:00Z"
start = { effective_date = "2026-03-02" }

[[events]]
at = "2026-03-02T08:00:00+01:00"
time_zone = "Europe/Berlin"
session = { track = "run", rung = 0, dose_done = 60, pain_during = 1, pain_after = 0, altered_gait = false, swelling = "none" }

[[events]]
at = "2026-03-02T07:00:00Z"
corrects = 1
red_flags = ["chest-pain"]
session = { track = "run", rung = 0, dose_done = 60, pain_during = 1, pain_after = 0, altered_gait = false, swelling = "increased" }

[[events]]
at = "2026-03-05T07:00:00Z"
amend = { reason = "Calf alone.", rungs = [{ track = "calf", rung = 2 }], definition = { tracks = [{ name = "calf", ladder = "calf" }] } }

[[events]]
at = "2026-03-06T07:00:00Z"
tick = {}
"#;

    fn ids() -> BTreeMap<String, String> {
        [("run@2", "id-of-run"), ("calf", "id-of-calf")]
            .map(|(key, id)| (key.to_owned(), id.to_owned()))
            .into()
    }

    fn odd(text: &str) -> String {
        match parse(text, false) {
            Err(odd) => odd,
            Ok(read) => read.request(ids()).unwrap_err().message.clone(),
        }
    }

    #[test]
    fn a_track_keeps_its_id_from_revision_to_revision_and_is_called_by_name() {
        let file = parse(FILE, false).unwrap();
        assert_eq!(file.ladders(), ["calf", "run@2"]);
        let (request, names) = file.request(ids()).unwrap();
        let tracks = request.definition.unwrap().tracks;
        assert_eq!(
            (names.track(&tracks[0].id), names.track(&tracks[1].id)),
            ("run", "calf")
        );
        assert_eq!(tracks[0].ladder_id, "id-of-run");
        assert_eq!(tracks[0].policy.as_ref().unwrap().green_max, Some(1));
        assert_eq!(
            tracks[0].policy.as_ref().unwrap().require_confidence,
            Some(false)
        );
        assert_eq!(tracks[1].prerequisites[0].track_id, tracks[0].id);
        let Some(What::Session(session)) = &request.events[1].what else {
            panic!("{:?}", request.events[1]);
        };
        assert_eq!(
            (&session.track_id, session.dose_done),
            (&tracks[0].id, Some(60))
        );
        assert_eq!(request.events[2].corrects, Some(1));
        assert_eq!(
            request.events[2].red_flags,
            [i32::from(v1::RedFlag::ChestPain)]
        );
        let Some(What::Amend(amendment)) = &request.events[3].what else {
            panic!("{:?}", request.events[3]);
        };
        assert_eq!(
            amendment.definition.as_ref().unwrap().tracks[0].id,
            tracks[1].id
        );
        assert_eq!(amendment.rungs[0].track_id, tracks[1].id);
    }

    #[test]
    fn json_says_the_same_as_toml() {
        let value: serde_json::Value = toml::from_str(FILE).unwrap();
        let from_json = parse(&value.to_string(), true)
            .unwrap()
            .request(ids())
            .unwrap()
            .0;
        assert_eq!(
            from_json,
            parse(FILE, false).unwrap().request(ids()).unwrap().0
        );
    }

    #[test]
    fn what_does_not_read_is_told_with_its_place() {
        let with = |old: &str, new: &str| {
            assert!(FILE.contains(old), "{old}");
            odd(&FILE.replacen(old, new, 1))
        };
        assert!(with("dose_done = 60", "dose = 60").contains("unknown field `dose`"));
        let two = with("tick = {}", "tick = {}\npause = { reason = \"Why not.\" }");
        assert!(two.starts_with("events[4]: "), "{two}");
        let none = with("tick = {}", "");
        assert!(none.starts_with("events[4]: "), "{none}");
        let when = with("2026-03-06T07:00:00Z", "Friday");
        assert!(when.starts_with("events[4].at: "), "{when}");
        let flag = with("chest-pain", "headache");
        assert!(flag.starts_with("events[2].red_flags[0]: "), "{flag}");
        let swelling = with("\"increased\"", "\"a bit\"");
        assert!(
            swelling.starts_with("events[2].session.swelling: "),
            "{swelling}"
        );
        let policy = with("green_max = 1", "green = 1");
        assert!(
            policy.starts_with("definition.tracks[0].policy: "),
            "{policy}"
        );
        let twice = with(
            "name = \"calf\", ladder = \"calf\", start_rung",
            "name = \"run\", ladder = \"calf\", start_rung",
        );
        assert!(twice.starts_with("definition.tracks[0]: "), "{twice}");
    }
}
