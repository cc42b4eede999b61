//! `rung checkin unplanned`

use rung_proto::v1;

use super::effort::{Effort, Tells};
use super::report::{Common, submit};
use crate::activity::Activity;
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;

pub(crate) const FLAGS: Flags = &[
    ("check_in.id", "--id"),
    ("check_in.athlete_id", "--athlete"),
    ("check_in.performed_at", "--at"),
    ("check_in.time_zone", "--zone"),
    ("check_in.red_flags", "--red-flag or --no-red-flags"),
    ("check_in.red_flags[*]", "--red-flag"),
    ("check_in.no_red_flags", "--red-flag or --no-red-flags"),
    ("check_in.note", "--note"),
    ("check_in.revision", "--revision"),
    ("check_in.unplanned.activity", "--kind"),
    ("check_in.unplanned.pain_before", "--pain-before"),
    ("check_in.unplanned.pain_during", "--pain-during"),
    ("check_in.unplanned.pain_after", "--pain-after"),
    ("check_in.unplanned.altered_gait", "--altered-gait"),
    ("check_in.unplanned.swelling", "--swelling"),
    ("check_in.unplanned.rpe", "--rpe"),
    ("check_in.unplanned.measurement.distance_m", "--distance-m"),
    ("check_in.unplanned.measurement.duration_s", "--duration-s"),
    ("check_in.unplanned.measurement.cadence_spm", "--cadence"),
    ("check_in.unplanned.measurement.ascent_m", "--ascent-m"),
    ("check_in.unplanned.measurement", "--activity"),
    ("check_in.unplanned.cues_held", "--cue-held"),
    ("check_in.unplanned.cues_held[*]", "--cue-held"),
    ("check_in.unplanned.anchors_done", "--anchor-done"),
    ("check_in.unplanned.anchors_done[*]", "--anchor-done"),
    ("check_in.unplanned.sensory_cues", "--felt"),
    ("check_in.unplanned.sensory_cues[*]", "--felt"),
    (
        "check_in.unplanned.paused_and_resumed_lighter",
        "--resumed-lighter",
    ),
    ("check_in.unplanned.went_well", "--went-well"),
    ("check_in.unplanned.discomfort_site", "--discomfort"),
    ("check_in.unplanned.discomfort_side", "--side"),
];

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Kind {
    Run,
    Other,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "What it was, pain during and after, gait, swelling and red flags have to be said; silence is never read \
                  as zero or \"no\". A run earns rest, and one much longer than usual more of it. A recording fills start \
                  time, distance, duration, cadence and ascent; flags win over it."
)]
pub(crate) struct Args {
    /// What it was
    #[arg(long)]
    kind: Option<Kind>,
    #[command(flatten)]
    effort: Effort,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let recording = args.effort.recording()?;
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = args.common.athlete_id(&mut connection).await?;
    let report = args.report(v1::UnplannedReport::default(), recording.as_ref());
    let report = v1::check_in::Report::Unplanned(report);
    let started = recording.map(|r| r.started_at);
    let check_in = args.common.check_in(athlete_id, started, report);
    submit(&mut connection, context, check_in).await
}

/// The activity with what the flags say; what they leave open stays as it was.
pub(super) fn corrected(
    args: &Args,
    before: v1::CheckIn,
    said: v1::UnplannedReport,
) -> Result<v1::CheckIn> {
    let recording = args.effort.recording()?;
    let report = v1::check_in::Report::Unplanned(args.report(said, recording.as_ref()));
    let started = recording.map(|r| r.started_at);
    Ok(args.common.correction(before, started, report))
}

impl Args {
    pub(super) fn common(&self) -> &Common {
        &self.common
    }

    fn report(
        &self,
        before: v1::UnplannedReport,
        recording: Option<&Activity>,
    ) -> v1::UnplannedReport {
        let said = before.with(&self.effort, recording);
        v1::UnplannedReport {
            activity: self.kind.map_or(said.activity, |kind| {
                i32::from(match kind {
                    Kind::Run => v1::Activity::Run,
                    Kind::Other => v1::Activity::Other,
                })
            }),
            ..said
        }
    }
}
