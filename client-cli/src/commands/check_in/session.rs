//! `rung checkin session`

use std::path::PathBuf;

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use super::report::{Common, Swelling, submit};
use crate::activity::{self, Activity};
use crate::connection::Connection;
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;

pub(crate) const FLAGS: Flags = &[
    ("check_in.id", "--id"),
    ("check_in.athlete_id", "--athlete"),
    ("athlete_id", "--athlete"),
    ("check_in.performed_at", "--at"),
    ("check_in.time_zone", "--zone"),
    ("check_in.red_flags", "--red-flag or --no-red-flags"),
    ("check_in.red_flags[*]", "--red-flag"),
    ("check_in.no_red_flags", "--red-flag or --no-red-flags"),
    ("check_in.note", "--note"),
    ("check_in.session.track_id", "--track"),
    ("check_in.session.rung", "--rung"),
    ("check_in.session.pain_before", "--pain-before"),
    ("check_in.session.pain_during", "--pain-during"),
    ("check_in.session.pain_after", "--pain-after"),
    ("check_in.session.altered_gait", "--altered-gait"),
    ("check_in.session.swelling", "--swelling"),
    ("check_in.session.dose_done", "--dose"),
    ("check_in.session.rpe", "--rpe"),
    ("check_in.session.confidence", "--confidence"),
    ("check_in.session.fear", "--fear"),
    ("check_in.session.context", "--context"),
    ("check_in.session.feared_outcome", "--feared-outcome"),
    ("check_in.session.measurement.distance_m", "--distance-m"),
    ("check_in.session.measurement.duration_s", "--duration-s"),
    ("check_in.session.measurement.cadence_spm", "--cadence"),
    ("check_in.session.measurement.ascent_m", "--ascent-m"),
    ("check_in.session.measurement", "--activity"),
    ("check_in.session.cues_held", "--cue-held"),
    ("check_in.session.cues_held[*]", "--cue-held"),
    ("check_in.session.anchors_done", "--anchor-done"),
    ("check_in.session.anchors_done[*]", "--anchor-done"),
    ("check_in.session.sensory_cues", "--felt"),
    ("check_in.session.sensory_cues[*]", "--felt"),
    (
        "check_in.session.paused_and_resumed_lighter",
        "--resumed-lighter",
    ),
    ("check_in.session.went_well", "--went-well"),
    ("check_in.session.discomfort_site", "--discomfort"),
    ("check_in.session.discomfort_side", "--side"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum YesNo {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Side {
    Left,
    Right,
    Both,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Pain during and after, gait, swelling, dose and red flags have to be said; silence is never read as \
                  zero or \"no\". A recording fills start time, distance, duration, cadence and ascent; flags win over it."
)]
pub(crate) struct Args {
    /// Rung that was done, index from 0 [default: today's]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    rung: Option<i32>,
    /// Track it belongs to, for a plan with several: id, or title of its ladder
    #[arg(long)]
    track: Option<String>,
    /// Worst pain during the session, 0–10, 10 worst
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
    /// Dose done, in the unit of the ladder
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    dose: Option<i64>,
    /// Effort, 0–10, 10 hardest
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    rpe: Option<i32>,
    /// Confidence for the next session, 0–10, 0 worst; a session without it does not count
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    confidence: Option<i32>,
    /// Fear during, 0–100, 100 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    fear: Option<i32>,
    /// Where an exposure was done (terrain, surface, weather, alone …), as one short key
    #[arg(long, value_name = "KEY")]
    context: Option<String>,
    /// Whether what you feared beforehand happened
    #[arg(long, value_name = "yes|no", hide_possible_values = true)]
    feared_outcome: Option<YesNo>,
    #[command(flatten)]
    common: Common,
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
    #[arg(long)]
    resumed_lighter: bool,
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

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    // A bad recording is told before anything is sent.
    let recording = args.activity.as_deref().map(activity::read).transpose()?;
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = args.common.athlete_id(&mut connection).await?;
    let (track_id, rung) = place(&mut connection, &args, &athlete_id).await?;
    let report = v1::check_in::Report::Session(report(&args, recording.as_ref(), track_id, rung));
    let started = recording.map(|r| r.started_at);
    let check_in = args.common.check_in(athlete_id, started, report);
    submit(&mut connection, context, check_in).await
}

/// Track and rung. What was not said is today's, where that is one thing; otherwise it stays open for the server to ask.
async fn place(
    connection: &mut Connection,
    args: &Args,
    athlete_id: &str,
) -> Result<(String, Option<i32>)> {
    let is_id = |text: &String| uuid::Uuid::parse_str(text).is_ok();
    let said = args.track.clone().unwrap_or_default();
    if args.rung.is_some() && (said.is_empty() || is_id(&said)) {
        return Ok((said, args.rung));
    }
    let request = v1::GetTodayRequest {
        athlete_id: athlete_id.to_owned(),
        date: None,
    };
    let today = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).get_today(r).await
        })
        .await?;
    Ok(choose(&today.tracks, said, args.rung))
}

fn choose(tracks: &[v1::TrackToday], said: String, rung: Option<i32>) -> (String, Option<i32>) {
    let chosen = match (said.is_empty(), tracks) {
        (true, [only]) => Some(only),
        (true, _) => None,
        (false, _) => tracks
            .iter()
            .find(|t| t.track_id == said || t.ladder_title == said),
    };
    match chosen {
        Some(track) => (track.track_id.clone(), rung.or(Some(track.rung_index))),
        None => (said, rung),
    }
}

fn report(
    args: &Args,
    recording: Option<&Activity>,
    track_id: String,
    rung: Option<i32>,
) -> v1::SessionReport {
    let side = match args.side {
        None => v1::BodySide::Unspecified,
        Some(Side::Left) => v1::BodySide::Left,
        Some(Side::Right) => v1::BodySide::Right,
        Some(Side::Both) => v1::BodySide::Both,
    };
    v1::SessionReport {
        track_id,
        rung,
        pain_before: args.pain_before,
        pain_during: args.pain_during,
        pain_after: args.pain_after,
        altered_gait: args.altered_gait.map(|said| said == YesNo::Yes),
        swelling: Swelling::code(args.swelling),
        dose_done: args.dose,
        rpe: args.rpe,
        confidence: args.confidence,
        fear: args.fear,
        measurement: measurement(args, recording),
        cues_held: args.cue_held.clone(),
        anchors_done: args.anchor_done.clone(),
        sensory_cues: args.felt.clone(),
        paused_and_resumed_lighter: args.resumed_lighter,
        went_well: args.went_well.clone().unwrap_or_default(),
        discomfort_site: args.discomfort.clone().unwrap_or_default(),
        discomfort_side: side.into(),
        context: args.context.clone().unwrap_or_default(),
        feared_outcome: args.feared_outcome.map(|said| said == YesNo::Yes),
    }
}

/// Flags win over the recording; without either there is no measurement.
fn measurement(args: &Args, recording: Option<&Activity>) -> Option<v1::Measurement> {
    let measured = v1::Measurement {
        distance_m: args.distance_m.or(recording.and_then(|r| r.distance_m)),
        duration_s: args.duration_s.or(recording.and_then(|r| r.duration_s)),
        cadence_spm: args.cadence.or(recording.and_then(|r| r.cadence_spm)),
        ascent_m: args.ascent_m.or(recording.and_then(|r| r.ascent_m)),
        source: recording.map(|_| "FIT".to_owned()).unwrap_or_default(),
    };
    (measured != v1::Measurement::default()).then_some(measured)
}

#[cfg(test)]
#[path = "session_test.rs"]
mod tests;
