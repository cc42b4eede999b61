//! One event of a what-if file.

use rung_proto::v1::{self, simulated_event::What};
use serde::Deserialize;

use super::{Definition, Names};
use crate::error::{Failure, Result};
use crate::time;

/// Something that happens: exactly one of the kinds is there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    at: String,
    #[serde(default)]
    time_zone: String,
    #[serde(default)]
    red_flags: Vec<String>,
    #[serde(default)]
    revision: i32,
    corrects: Option<i32>,
    session: Option<Session>,
    morning: Option<Morning>,
    wellness: Option<Wellness>,
    unplanned: Option<Unplanned>,
    start: Option<Start>,
    pause: Option<Pause>,
    resume: Option<Resume>,
    #[serde(rename = "move")]
    move_to: Option<Move>,
    approve: Option<Approval>,
    decline: Option<Approval>,
    amend: Option<Amend>,
    tick: Option<Tick>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    track: Option<String>,
    rung: Option<i32>,
    pain_before: Option<i32>,
    pain_during: Option<i32>,
    pain_after: Option<i32>,
    altered_gait: Option<bool>,
    swelling: Option<String>,
    dose_done: Option<i64>,
    confidence: Option<i32>,
    fear: Option<i32>,
    #[serde(default)]
    context: String,
    feared_outcome: Option<bool>,
    distance_m: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Morning {
    pain: Option<i32>,
    stiffness: Option<i32>,
    swelling: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wellness {
    ill: Option<bool>,
    sleep: Option<i32>,
    energy: Option<i32>,
    calm: Option<i32>,
    mood: Option<i32>,
    freshness: Option<i32>,
    fuelling: Option<i32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unplanned {
    activity: Option<String>,
    pain_before: Option<i32>,
    pain_during: Option<i32>,
    pain_after: Option<i32>,
    altered_gait: Option<bool>,
    swelling: Option<String>,
    distance_m: Option<i64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    effective_date: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pause {
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Resume {
    #[serde(default)]
    rungs: Vec<TrackRung>,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    track: Option<String>,
    rung: Option<i32>,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Approval {
    track: Option<String>,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Amend {
    definition: Definition,
    #[serde(default)]
    rungs: Vec<TrackRung>,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tick {}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrackRung {
    track: Option<String>,
    rung: Option<i32>,
}

impl Event {
    /// What an amendment prescribes.
    pub(super) fn definition(&self) -> Option<&Definition> {
        self.amend.as_ref().map(|amend| &amend.definition)
    }

    /// The event as the contract has it; it stands at `path`.
    pub(super) fn message(&self, path: &str, names: &mut Names) -> Result<v1::SimulatedEvent> {
        let at = time::parse_instant(&self.at).map_err(|odd| bad(&format!("{path}.at"), &odd))?;
        let flags = self.red_flags.iter().enumerate();
        let flags = flags.map(|(index, text)| {
            let flag = v1::RedFlag::from_str_name(&code("RED_FLAG", text));
            let flag = flag.filter(|flag| *flag != v1::RedFlag::Unspecified);
            let odd = || {
                bad(
                    &format!("{path}.red_flags[{index}]"),
                    "no red flag; `rung red-flags` lists them",
                )
            };
            flag.map(i32::from).ok_or_else(odd)
        });
        Ok(v1::SimulatedEvent {
            at: Some(time::timestamp(at)),
            time_zone: self.time_zone.clone(),
            red_flags: flags.collect::<Result<_>>()?,
            revision: self.revision,
            corrects: self.corrects,
            what: Some(self.what(path, names)?),
        })
    }

    fn what(&self, path: &str, names: &mut Names) -> Result<What> {
        let reports = [
            self.session.as_ref().map(|s| s.message(path, names)),
            self.morning.as_ref().map(|m| m.message(path)),
            self.wellness.as_ref().map(|w| Ok(w.message())),
            self.unplanned.as_ref().map(|u| u.message(path)),
        ];
        let acts = [
            self.start.as_ref().map(|s| s.message(path)),
            self.pause.as_ref().map(|p| {
                let reason = p.reason.clone();
                Ok(What::Pause(v1::SimulatedPause { reason }))
            }),
            self.resume.as_ref().map(|r| {
                Ok(What::Resume(v1::SimulatedResume {
                    rungs: rungs(&r.rungs, names),
                    reason: r.reason.clone(),
                }))
            }),
            self.move_to.as_ref().map(|m| {
                Ok(What::Move(v1::SimulatedMove {
                    to: Some(v1::TrackRung {
                        track_id: names.id(m.track.as_deref()),
                        rung: m.rung,
                    }),
                    reason: m.reason.clone(),
                }))
            }),
            self.approve
                .as_ref()
                .map(|a| Ok(What::Approve(a.message(names)))),
            self.decline
                .as_ref()
                .map(|d| Ok(What::Decline(d.message(names)))),
            self.tick
                .as_ref()
                .map(|_| Ok(What::Tick(v1::SimulatedTick {}))),
            self.amend.as_ref().map(|a| a.message(path, names)),
        ];
        let mut kinds = reports.into_iter().chain(acts).flatten();
        match (kinds.next(), kinds.next()) {
            (Some(what), None) => what,
            (Some(_), Some(_)) => Err(bad(path, "is several things at once; each event is one")),
            (None, _) => Err(bad(
                path,
                "is nothing; it is one of session, morning, wellness, unplanned, start, pause, resume, move, approve, \
                 decline, amend, tick",
            )),
        }
    }
}

impl Session {
    fn message(&self, path: &str, names: &Names) -> Result<What> {
        Ok(What::Session(v1::SessionReport {
            track_id: names.id(self.track.as_deref()),
            rung: self.rung,
            pain_before: self.pain_before,
            pain_during: self.pain_during,
            pain_after: self.pain_after,
            altered_gait: self.altered_gait,
            swelling: swelling(&format!("{path}.session"), self.swelling.as_deref())?,
            dose_done: self.dose_done,
            confidence: self.confidence,
            fear: self.fear,
            context: self.context.clone(),
            feared_outcome: self.feared_outcome,
            measurement: measured(self.distance_m),
            ..v1::SessionReport::default()
        }))
    }
}

impl Morning {
    fn message(&self, path: &str) -> Result<What> {
        Ok(What::Morning(v1::MorningReport {
            pain: self.pain,
            stiffness: self.stiffness,
            swelling: swelling(&format!("{path}.morning"), self.swelling.as_deref())?,
        }))
    }
}

impl Wellness {
    fn message(&self) -> What {
        What::Wellness(v1::WellnessReport {
            ill: self.ill,
            sleep: self.sleep,
            energy: self.energy,
            calm: self.calm,
            mood: self.mood,
            freshness: self.freshness,
            fuelling: self.fuelling,
        })
    }
}

impl Unplanned {
    fn message(&self, path: &str) -> Result<What> {
        let path = format!("{path}.unplanned");
        let activity = match self.activity.as_deref() {
            None => v1::Activity::Unspecified,
            Some(text) => v1::Activity::from_str_name(&code("ACTIVITY", text))
                .ok_or_else(|| bad(&format!("{path}.activity"), "is run or other"))?,
        };
        Ok(What::Unplanned(v1::UnplannedReport {
            activity: activity.into(),
            pain_before: self.pain_before,
            pain_during: self.pain_during,
            pain_after: self.pain_after,
            altered_gait: self.altered_gait,
            swelling: swelling(&path, self.swelling.as_deref())?,
            measurement: measured(self.distance_m),
            ..v1::UnplannedReport::default()
        }))
    }
}

impl Start {
    fn message(&self, path: &str) -> Result<What> {
        let date = time::parse_date(&self.effective_date)
            .map_err(|odd| bad(&format!("{path}.start.effective_date"), &odd))?;
        Ok(What::Start(v1::SimulatedStart {
            effective_date: Some(time::date(date)),
        }))
    }
}

impl Approval {
    fn message(&self, names: &Names) -> v1::SimulatedApproval {
        v1::SimulatedApproval {
            track_id: names.id(self.track.as_deref()),
            reason: self.reason.clone(),
        }
    }
}

impl Amend {
    fn message(&self, path: &str, names: &mut Names) -> Result<What> {
        let definition = names.definition(&format!("{path}.amend.definition"), &self.definition)?;
        Ok(What::Amend(v1::SimulatedAmendment {
            definition: Some(definition),
            rungs: rungs(&self.rungs, names),
            reason: self.reason.clone(),
        }))
    }
}

fn rungs(rungs: &[TrackRung], names: &Names) -> Vec<v1::TrackRung> {
    let rung = |rung: &TrackRung| v1::TrackRung {
        track_id: names.id(rung.track.as_deref()),
        rung: rung.rung,
    };
    rungs.iter().map(rung).collect()
}

fn measured(distance_m: Option<i64>) -> Option<v1::Measurement> {
    distance_m.map(|distance| v1::Measurement {
        distance_m: Some(distance),
        ..v1::Measurement::default()
    })
}

/// What was not said stays unspecified, for the server to ask.
fn swelling(path: &str, text: Option<&str>) -> Result<i32> {
    let Some(text) = text else {
        return Ok(v1::Swelling::Unspecified.into());
    };
    v1::Swelling::from_str_name(&code("SWELLING", text))
        .map(i32::from)
        .ok_or_else(|| {
            bad(
                &format!("{path}.swelling"),
                "is none, unchanged or increased",
            )
        })
}

/// `chest-pain` or `CHEST_PAIN` as the contract writes it.
fn code(prefix: &str, text: &str) -> String {
    format!("{prefix}_{}", text.to_uppercase().replace('-', "_"))
}

fn bad(path: &str, message: &str) -> Box<Failure> {
    Failure::bad_input("WHAT_IF", format!("{path}: {message}"))
}
