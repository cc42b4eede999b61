//! `rung checkin session`

use chrono::{DateTime, Utc};
use rung_proto::v1;
use uuid::Uuid;

use super::effort::{Effort, Tells};
use super::report::{Common, YesNo, submit, told};
use crate::activity::Activity;
use crate::commands::{predictions, today};
use crate::connection::Connection;
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::out::is_attended;
use crate::{prompt, time};

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
    ("check_in.revision", "--revision"),
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
    ("check_in.session.prediction_id", "--prediction"),
    ("check_in.session.feared_outcome", "--feared-outcome"),
    ("check_in.session.surprise", "--surprise"),
    ("check_in.session.lesson", "--lesson"),
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
    /// Dose done, in the unit of the ladder
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    dose: Option<i64>,
    #[command(flatten)]
    effort: Effort,
    /// Confidence for the next session, 0–10, 0 worst; a session without it does not count
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    confidence: Option<i32>,
    /// Fear during, 0–100, 100 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    fear: Option<i32>,
    /// Where an exposure was done (terrain, surface, weather, alone …), as one short key
    #[arg(long, value_name = "KEY")]
    context: Option<String>,
    /// Prediction that was recorded before it: `rung predictions` shows their ids
    #[arg(long, value_name = "ID")]
    prediction: Option<Uuid>,
    /// Whether what you feared beforehand happened
    #[arg(long, value_name = "yes|no", hide_possible_values = true)]
    feared_outcome: Option<YesNo>,
    /// How surprising the outcome was after what you had predicted, 0–100, 100 the most
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    surprise: Option<i32>,
    /// What you take from it
    #[arg(long, value_name = "TEXT")]
    lesson: Option<String>,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(mut args: Args, context: &mut Context) -> Result<()> {
    let recording = args.effort.recording()?;
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = args.common.athlete_id(&mut connection).await?;
    let started = recording.as_ref().map(|r| r.started_at);
    let began = args.common.began(started);
    let (track_id, rung) = place(&mut connection, context, &args, &athlete_id, began).await?;
    if let Some(id) = args.prediction.filter(|_| is_attended()) {
        let prediction = prediction(&mut connection, &athlete_id, id).await?;
        args.ask(prediction.as_ref(), began, context)?;
    }
    let report = v1::SessionReport {
        track_id,
        rung,
        ..v1::SessionReport::default()
    };
    let report = args.report(report, recording.as_ref());
    let report = v1::check_in::Report::Session(report);
    let check_in = args.common.check_in(athlete_id, started, report);
    submit(&mut connection, context, check_in).await
}

/// The session with what the flags say; what they leave open stays as it was.
pub(super) async fn corrected(
    args: Args,
    before: v1::CheckIn,
    mut said: v1::SessionReport,
    connection: &mut Connection,
    context: &Context,
) -> Result<v1::CheckIn> {
    let recording = args.effort.recording()?;
    if args.track.is_some() {
        let was = before.performed_at.as_ref().and_then(time::instant);
        let began = args.common.began(was);
        let athlete_id = &before.athlete_id;
        let (track_id, rung) = place(connection, context, &args, athlete_id, began).await?;
        said.track_id = track_id;
        said.rung = args.rung.or(said.rung).or(rung);
    } else {
        said.rung = args.rung.or(said.rung);
    }
    let started = recording.as_ref().map(|r| r.started_at);
    let report = v1::check_in::Report::Session(args.report(said, recording.as_ref()));
    Ok(args.common.correction(before, started, report))
}

/// Track and rung of a session that began then.
async fn place(
    connection: &mut Connection,
    context: &Context,
    args: &Args,
    athlete_id: &str,
    began: DateTime<Utc>,
) -> Result<(String, Option<i32>)> {
    let on = began.with_timezone(&context.out.zone()).date_naive();
    today::place(connection, athlete_id, args.track.as_deref(), args.rung, on).await
}

/// The prediction with this id, if the athlete has it.
async fn prediction(
    connection: &mut Connection,
    athlete_id: &str,
    id: Uuid,
) -> Result<Option<v1::Prediction>> {
    let all = predictions::all(connection, athlete_id).await?;
    let id = id.to_string();
    Ok(all.into_iter().find(|prediction| prediction.id == id))
}

impl Args {
    pub(super) fn common(&self) -> &Common {
        &self.common
    }

    /// Asks what a prediction wants to know, where it was not said. Nobody has to answer.
    fn ask(
        &mut self,
        prediction: Option<&v1::Prediction>,
        began: DateTime<Utc>,
        context: &mut Context,
    ) -> Result<()> {
        if self.fear.is_none() {
            let question = "Fear during, 0–100, 100 worst (Enter: not said):";
            self.fear = prompt::optional(context, question, |typed| {
                typed.parse().map_err(|_| "a number from 0 to 100")
            })?;
        }
        let Some(prediction) = prediction else {
            return Ok(());
        };
        let made_at = prediction.made_at.as_ref().and_then(time::instant);
        // What was said after the session began is no prediction: nobody is asked whether it came true.
        let late = made_at.is_some_and(|made_at| made_at > began);
        if self.feared_outcome.is_none() && !late {
            let question = format!(
                "You feared: {}. Did it happen, yes or no (Enter: not said):",
                prediction.feared_outcome
            );
            self.feared_outcome = prompt::optional(context, &question, |typed| match typed {
                "yes" | "y" => Ok(YesNo::Yes),
                "no" | "n" => Ok(YesNo::No),
                _ => Err("yes or no"),
            })?;
        }
        Ok(())
    }

    /// A report with what the flags say; what they leave open stays as it was.
    fn report(&self, before: v1::SessionReport, recording: Option<&Activity>) -> v1::SessionReport {
        let said = before.with(&self.effort, recording);
        v1::SessionReport {
            dose_done: self.dose.or(said.dose_done),
            confidence: self.confidence.or(said.confidence),
            fear: self.fear.or(said.fear),
            context: told(self.context.as_deref(), said.context),
            feared_outcome: self.feared_outcome.map(bool::from).or(said.feared_outcome),
            prediction_id: self
                .prediction
                .map_or(said.prediction_id, |id| id.to_string()),
            surprise: self.surprise.or(said.surprise),
            lesson: told(self.lesson.as_deref(), said.lesson),
            ..said
        }
    }
}

#[cfg(test)]
#[path = "session_test.rs"]
mod tests;
