//! What is said of any effort, on a rung or beside the plan; a recording fills what a watch knows.

use std::path::PathBuf;

use rung_proto::v1;

use super::report::{Swelling, YesNo, listed, told};
use crate::activity::{self, Activity};
use crate::error::Result;

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Side {
    Left,
    Right,
    Both,
}

/// The flags that sessions and unplanned activities share.
#[derive(Debug, clap::Args)]
pub(crate) struct Effort {
    /// Worst pain during it, 0–10, 10 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pain_during: Option<i32>,
    /// Worst pain within 60 minutes after, 0–10, 10 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pain_after: Option<i32>,
    /// Pain before, 0–10, 10 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pain_before: Option<i32>,
    /// Whether the gait was altered: limping, guarding
    #[arg(long, value_name = "yes|no", hide_possible_values = true)]
    altered_gait: Option<YesNo>,
    /// Swelling against the day before
    #[arg(long)]
    swelling: Option<Swelling>,
    /// Effort, 0–10, 10 hardest
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    rpe: Option<i32>,
    /// Recording of a watch, FIT
    #[arg(long, value_name = "FILE")]
    activity: Option<PathBuf>,
    /// Distance, metres
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    distance_m: Option<i64>,
    /// Duration, seconds
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    duration_s: Option<i64>,
    /// Cadence, steps per minute (both legs)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    cadence: Option<i32>,
    /// Ascent, metres
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    ascent_m: Option<i32>,
    /// Form cue that held; may be given several times
    #[arg(long, value_name = "TEXT")]
    cue_held: Vec<String>,
    /// Anchor that was done; may be given several times
    #[arg(long, value_name = "TEXT")]
    anchor_done: Vec<String>,
    /// What was felt, such as warmth or fatigue; may be given several times
    #[arg(long, value_name = "TEXT")]
    felt: Vec<String>,
    /// Paused on a hard stretch and resumed lighter
    #[arg(long, value_name = "yes|no", hide_possible_values = true, num_args = 0..=1, default_missing_value = "yes")]
    resumed_lighter: Option<YesNo>,
    /// What went well
    #[arg(long, value_name = "TEXT")]
    went_well: Option<String>,
    /// Where discomfort lingers
    #[arg(long, value_name = "TEXT")]
    discomfort: Option<String>,
    /// On which side
    #[arg(long)]
    side: Option<Side>,
}

impl Effort {
    /// The recording that was given; a bad one is told before anything is sent.
    pub(crate) fn recording(&self) -> Result<Option<Activity>> {
        self.activity.as_deref().map(activity::read).transpose()
    }

    /// What was measured: flags win over the recording, and it over what was said before; without any there is none.
    fn measurement(
        &self,
        before: Option<&v1::Measurement>,
        recording: Option<&Activity>,
    ) -> Option<v1::Measurement> {
        let mut measured = before.cloned().unwrap_or_default();
        if let Some(recording) = recording {
            measured = v1::Measurement {
                distance_m: recording.distance_m,
                duration_s: recording.duration_s,
                cadence_spm: recording.cadence_spm,
                ascent_m: recording.ascent_m,
                source: "FIT".to_owned(),
            };
        }
        measured.distance_m = self.distance_m.or(measured.distance_m);
        measured.duration_s = self.duration_s.or(measured.duration_s);
        measured.cadence_spm = self.cadence.or(measured.cadence_spm);
        measured.ascent_m = self.ascent_m.or(measured.ascent_m);
        (measured != v1::Measurement::default()).then_some(measured)
    }

    fn side(&self) -> Option<i32> {
        self.side.map(|side| {
            i32::from(match side {
                Side::Left => v1::BodySide::Left,
                Side::Right => v1::BodySide::Right,
                Side::Both => v1::BodySide::Both,
            })
        })
    }
}

/// A report that an effort is part of.
pub(super) trait Tells {
    /// The report with what the flags say; what they leave open stays as it was.
    fn with(self, effort: &Effort, recording: Option<&Activity>) -> Self;
}

macro_rules! tells {
    ($($report:ty),+) => {$(
        impl Tells for $report {
            fn with(self, effort: &Effort, recording: Option<&Activity>) -> Self {
                Self {
                    pain_before: effort.pain_before.or(self.pain_before),
                    pain_during: effort.pain_during.or(self.pain_during),
                    pain_after: effort.pain_after.or(self.pain_after),
                    altered_gait: effort.altered_gait.map(bool::from).or(self.altered_gait),
                    swelling: effort.swelling.map_or(self.swelling, |said| Swelling::code(Some(said))),
                    rpe: effort.rpe.or(self.rpe),
                    measurement: effort.measurement(self.measurement.as_ref(), recording),
                    cues_held: listed(&effort.cue_held, self.cues_held),
                    anchors_done: listed(&effort.anchor_done, self.anchors_done),
                    sensory_cues: listed(&effort.felt, self.sensory_cues),
                    paused_and_resumed_lighter: effort
                        .resumed_lighter
                        .map_or(self.paused_and_resumed_lighter, bool::from),
                    went_well: told(effort.went_well.as_deref(), self.went_well),
                    discomfort_site: told(effort.discomfort.as_deref(), self.discomfort_site),
                    discomfort_side: effort.side().unwrap_or(self.discomfort_side),
                    ..self
                }
            }
        }
    )+};
}

tells!(v1::SessionReport, v1::UnplannedReport);
