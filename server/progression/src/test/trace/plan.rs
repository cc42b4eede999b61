//! The plan of a history.
//!
//! `track NAME: KIND, PROFILE, doses 100 200 300, from rung 2, 1 a week`, then what is
//! not as the profile has it. `later` instead of `track`: an amendment adds it. Then
//! `concurrent`, `baseline pain 1, stiffness 10` and the first day, `started Mon 2 Mar`.

use chrono::NaiveDate;

use super::file::Item;
use super::word::{day, number, numbers};
use crate::ladder::{Ladder, TrackKind};
use crate::plan::{PlanDefinition, Requirement, TrackDefinition};
use crate::policy::TissueProfile;
use crate::test::story::{ladder, needs, pain, plan, rung, stiffness, track_id};

pub(super) struct Prescription {
    pub(super) plan: PlanDefinition,
    /// The first day, unless the history starts the plan itself.
    pub(super) started: Option<NaiveDate>,
    /// The names of the tracks, by the number of their id.
    pub(super) names: Vec<String>,
    /// Tracks that an amendment may add.
    pub(super) later: Vec<TrackDefinition>,
}

impl Prescription {
    pub(super) fn read(items: &[Item]) -> Self {
        let mut read = Self {
            plan: plan(&[]),
            started: None,
            names: Vec::new(),
            later: Vec::new(),
        };
        read.plan.concurrent = false;
        for item in items {
            let Item::Text(line) = item else { continue };
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match word {
                "" | "#" => {}
                "track" => {
                    let track = read.track(rest);
                    read.plan.tracks.push(track);
                }
                "later" => {
                    let track = read.track(rest);
                    read.later.push(track);
                }
                "concurrent" => read.plan.concurrent = true,
                "baseline" => {
                    let (points, minutes) = rest.split_once(", ").expect("pain, stiffness");
                    read.plan.baseline.pain = pain(number(after(points, "pain ")));
                    read.plan.baseline.stiffness = stiffness(number(after(minutes, "stiffness ")));
                }
                "started" => read.started = Some(day(rest).0),
                _ => panic!("no line of a plan: {line}"),
            }
        }
        read
    }

    /// The number of a track, by its name; of the only one without.
    pub(super) fn place(&self, name: &str) -> usize {
        if name.is_empty() && self.names.len() == 1 {
            return 0;
        }
        let place = self.names.iter().position(|known| known == name);
        place.unwrap_or_else(|| panic!("{name:?} is no track"))
    }

    fn track(&mut self, text: &str) -> TrackDefinition {
        let (name, text) = text.split_once(": ").expect("a name");
        let mut clauses = text.split(", ");
        let mut clause = || clauses.next().expect("kind, profile, doses");
        let kind = match clause() {
            "running" => TrackKind::Running,
            "strength" => TrackKind::Strength,
            "exposure" => TrackKind::Exposure,
            other => panic!("no kind: {other}"),
        };
        let profile = clause();
        let profile: TissueProfile =
            serde_json::from_value(profile.into()).unwrap_or_else(|_| panic!("{profile}?"));
        let ladder = ladder(kind, profile, &numbers(after(clause(), "doses ")));
        let place = self.names.len();
        let mut track = plan(&[(kind, profile)]).tracks.remove(0);
        track.id = track_id(place);
        track.policy = ladder.resolved_policy();
        track.ladder = ladder;
        self.names.push(name.to_owned());
        for clause in clauses {
            self.edit(&mut track, clause);
        }
        track
    }

    /// What a track has otherwise.
    pub(super) fn edit(&self, track: &mut TrackDefinition, clause: &str) {
        let policy = &mut track.policy;
        let Some((key, value)) = clause.rsplit_once(' ') else {
            panic!("no clause of a track: {clause}")
        };
        match key {
            "from rung" => track.start_rung = rung(number(value)),
            "approval for rung" => approval(&mut track.ladder, number(value)),
            "successes" => policy.successes_to_advance = number(value),
            "rest" => policy.rest_days = number(value),
            "red rest" => policy.red_rest_days = number(value),
            "cap" => policy.max_advances_per_7_days = number(value),
            // AMBER from so many points over baseline, RED from so many.
            "morning" => {
                let (amber, red) = value.split_once('/').expect("amber/red");
                policy.morning_amber_points = Some(number(amber));
                policy.morning_red_points = number(red);
            }
            "contexts" => policy.contexts_required = number(value),
            "deload every" => policy.deload_every_weeks = number(value),
            key if value == "week" => track.sessions_per_week = number(after_end(key, " a")),
            key if value == "done" => {
                let other = self.place(after(key, "after "));
                track.prerequisites.push(needs(other, Requirement::Done));
            }
            key if key.ends_with(" at rung") => {
                let other = self.place(after(after_end(key, " at rung"), "after "));
                let requirement = Requirement::AtLeast(rung(number(value)));
                track.prerequisites.push(needs(other, requirement));
            }
            _ => panic!("no clause of a track: {clause}"),
        }
    }
}

fn approval(ladder: &mut Ladder, index: u32) {
    ladder.rungs[index as usize].needs_approval = true;
}

pub(super) fn after<'a>(text: &'a str, prefix: &str) -> &'a str {
    text.strip_prefix(prefix)
        .unwrap_or_else(|| panic!("{prefix:?} before {text:?}"))
}

fn after_end<'a>(text: &'a str, suffix: &str) -> &'a str {
    text.strip_suffix(suffix)
        .unwrap_or_else(|| panic!("{suffix:?} after {text:?}"))
}
