//! What an amendment changes: the list that a physio is shown before they agree to it,
//! and that is stored with it.
//!
//! It compares the two definitions as they are written, so that a field which a plan
//! gains is compared without anybody thinking of it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::{PlanDefinition, TrackDefinition};
use crate::id::TrackId;
use crate::reason::Value;

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where, with tracks by the title of their ladder:
    /// `tracks["Harbour loop"].policy.green_max`.
    pub path: String,
    /// The track it belongs to; none: the whole plan.
    pub track: Option<TrackId>,
    /// What stood there; none: nothing.
    pub before: Option<Value>,
    /// What stands there now; none: nothing.
    pub after: Option<Value>,
}

impl PlanDefinition {
    /// What is different in another revision of this plan, beside its number. Empty only
    /// if nothing is: the whole plan first, then its tracks in the order they have now,
    /// then those it has no more.
    pub fn changes(&self, after: &Self) -> Vec<Change> {
        let mut diff = Diff {
            tracks: self
                .tracks
                .iter()
                .chain(&after.tracks)
                .map(|track| track.id)
                .collect(),
            track: None,
            changes: Vec::new(),
        };
        let (mut then, mut now) = (fields(self), fields(after));
        for part in [&mut then, &mut now] {
            part.remove("revision");
            part.remove("tracks");
        }
        diff.objects("", &then, &now);
        let kept = |track: &&TrackDefinition| after.track(track.id).is_none();
        for track in after.tracks.iter().chain(self.tracks.iter().filter(kept)) {
            let path = format!("tracks[{:?}]", track.ladder.title);
            let (then, now) = (self.track(track.id), after.track(track.id));
            diff.track = Some(track.id);
            diff.track(
                &path,
                then.map(|(_, track)| track),
                now.map(|(_, track)| track),
            );
        }
        diff.order(self, after);
        diff.changes
    }
}

/// A value as the fields that are written of it.
fn fields(value: &impl Serialize) -> Map<String, Json> {
    match serde_json::to_value(value) {
        Ok(Json::Object(fields)) => fields,
        // These types have names for all that they write.
        _ => Map::new(),
    }
}

struct Diff {
    /// Every track of either revision: a text that is the id of one is told as that.
    tracks: BTreeSet<TrackId>,
    track: Option<TrackId>,
    changes: Vec<Change>,
}

impl Diff {
    fn track(
        &mut self,
        path: &str,
        before: Option<&TrackDefinition>,
        after: Option<&TrackDefinition>,
    ) {
        let (before, after) = match (before, after) {
            (Some(before), Some(after)) => {
                let (mut before, mut after) = (fields(before), fields(after));
                // Another ladder is told by its key, version and rungs, not by an id.
                if before.get("ladder") != after.get("ladder") {
                    before.remove("ladder_id");
                    after.remove("ladder_id");
                }
                (before, after)
            }
            (before, after) => (
                before.map(introduced).unwrap_or_default(),
                after.map(introduced).unwrap_or_default(),
            ),
        };
        self.objects(path, &before, &after);
    }

    /// Tracks that only change places: decisions of one event follow their order.
    fn order(&mut self, before: &PlanDefinition, after: &PlanDefinition) {
        let kept = |plan: &PlanDefinition, other: &PlanDefinition| -> Vec<String> {
            let kept = plan
                .tracks
                .iter()
                .filter(|track| other.track(track.id).is_some());
            kept.map(|track| track.id.to_string()).collect()
        };
        let (then, now) = (kept(before, after), kept(after, before));
        self.track = None;
        if then != now {
            let titles = |plan: &PlanDefinition| {
                let titles = plan.tracks.iter().map(|track| track.ladder.title.as_str());
                Json::String(titles.collect::<Vec<_>>().join("; "))
            };
            self.leaf("tracks", &titles(before), &titles(after));
        }
    }

    fn objects(&mut self, path: &str, before: &Map<String, Json>, after: &Map<String, Json>) {
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let path = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}.{name}")
            };
            let of = |fields: &Map<String, Json>| fields.get(name).cloned().unwrap_or_default();
            self.values(&path, name, &of(before), &of(after));
        }
    }

    fn values(&mut self, path: &str, name: &str, before: &Json, after: &Json) {
        let nothing = (Map::new(), Vec::new());
        match (before, after) {
            (before, after) if before == after => {}
            (Json::Object(before), Json::Object(after)) => self.objects(path, before, after),
            (Json::Object(before), _) => {
                self.leaf(path, &Json::Null, after);
                self.objects(path, before, &nothing.0);
            }
            (_, Json::Object(after)) => {
                self.leaf(path, before, &Json::Null);
                self.objects(path, &nothing.0, after);
            }
            (Json::Array(before), Json::Array(after)) => self.lists(path, name, before, after),
            (Json::Array(before), _) => self.lists(path, name, before, &nothing.1),
            (_, Json::Array(after)) => self.lists(path, name, &nothing.1, after),
            (before, after) => self.leaf(path, before, after),
        }
    }

    fn lists(&mut self, path: &str, name: &str, before: &[Json], after: &[Json]) {
        let plain = |list: &[Json]| list.iter().all(|one| !one.is_object() && !one.is_array());
        if plain(before) && plain(after) {
            return self.texts(path, before, after);
        }
        let Some(key) = key(name) else {
            for index in 0..before.len().max(after.len()) {
                let of = |list: &[Json]| list.get(index).cloned().unwrap_or_default();
                self.values(&format!("{path}[{index}]"), "", &of(before), &of(after));
            }
            return;
        };
        let named = |list: &[Json], one: &Json| {
            let found = list.iter().find(|other| other.get(key) == one.get(key));
            found.cloned().unwrap_or_default()
        };
        let gone = |one: &&Json| named(after, one).is_null();
        for one in after.iter().chain(before.iter().filter(gone)) {
            let label = one
                .get("what")
                .or_else(|| one.get(key))
                .and_then(Json::as_str);
            let path = format!("{path}[{:?}]", label.unwrap_or_default());
            self.values(&path, "", &named(before, one), &named(after, one));
        }
        let keys = |list: &[Json], other: &[Json]| -> Vec<Json> {
            let kept = list.iter().filter(|one| !named(other, one).is_null());
            kept.filter_map(|one| one.get(key).cloned()).collect()
        };
        self.moved(path, &keys(before, after), &keys(after, before));
    }

    /// A list of plain values: what left it, what came to it, and whether the rest stands
    /// in another order.
    fn texts(&mut self, path: &str, before: &[Json], after: &[Json]) {
        for gone in before.iter().filter(|one| !after.contains(one)) {
            self.leaf(path, gone, &Json::Null);
        }
        for new in after.iter().filter(|one| !before.contains(one)) {
            self.leaf(path, &Json::Null, new);
        }
        let kept = |list: &[Json], other: &[Json]| -> Vec<Json> {
            list.iter()
                .filter(|one| other.contains(one))
                .cloned()
                .collect()
        };
        self.moved(path, &kept(before, after), &kept(after, before));
    }

    fn moved(&mut self, path: &str, before: &[Json], after: &[Json]) {
        let line = |list: &[Json]| {
            let words = list.iter().map(|one| match one {
                Json::String(text) => text.clone(),
                other => other.to_string(),
            });
            Json::String(words.collect::<Vec<_>>().join("; "))
        };
        if before != after {
            self.leaf(path, &line(before), &line(after));
        }
    }

    fn leaf(&mut self, path: &str, before: &Json, after: &Json) {
        if before.is_null() && after.is_null() {
            return;
        }
        self.changes.push(Change {
            path: path.to_owned(),
            track: self.track,
            before: self.told(before),
            after: self.told(after),
        });
    }

    fn told(&self, value: &Json) -> Option<Value> {
        Some(match value {
            Json::Null => return None,
            Json::Bool(flag) => Value::Flag(*flag),
            Json::Number(number) => match number.as_i64() {
                Some(number) => Value::Number(number),
                None => Value::Text(number.to_string()),
            },
            Json::String(text) => match text.parse().ok() {
                Some(track) if self.tracks.contains(&track) => Value::Track(track),
                _ => Value::Text(text.clone()),
            },
            Json::Array(_) | Json::Object(_) => Value::Text(value.to_string()),
        })
    }
}

/// A track that comes or goes: all of it is new, or all of it is gone. So its ladder is told
/// by name, its policy by what is not the ladder's, and of the entry criteria those that
/// were waived.
fn introduced(track: &TrackDefinition) -> Map<String, Json> {
    let mut told = fields(track);
    told.remove("ladder_id");
    if let Some(Json::Object(ladder)) = told.get_mut("ladder") {
        ladder.retain(|name, _| ["key", "title", "version"].contains(&name.as_str()));
    }
    if let Some(Json::Object(policy)) = told.get_mut("policy") {
        let usual = fields(&track.ladder.resolved_policy());
        policy.retain(|name, number| usual.get(name) != Some(number));
    }
    if let Some(Json::Array(entry)) = told.get_mut("entry") {
        entry.retain(|criterion| criterion.get("confirmed") != Some(&Json::Bool(true)));
    }
    told
}

/// What tells the entries of a list apart; none: their place.
fn key(list: &str) -> Option<&'static str> {
    Some(match list {
        "entry" => "criterion",
        "entry_criteria" | "micro_goals" => "id",
        "coping_tools" => "text",
        "sites" => "site",
        _ => return None,
    })
}
