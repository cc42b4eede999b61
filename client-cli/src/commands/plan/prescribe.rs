//! `rung plan prescribe`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;
use uuid::Uuid;

use super::content_flag;
use super::entry_flag::Entry;
use super::policy_flag::{self, Edit};
use super::track_flag::{self, After, For};
use crate::context::Context;
use crate::error::{Failure, Result};
use crate::flag::Flags;
use crate::reference;
use crate::view::plan::Plan;

pub(crate) const FLAGS: Flags = &[
    ("athlete_id", "ATHLETE"),
    ("definition.tracks[*].ladder_id", "--ladder"),
    ("definition.tracks[*].start_rung", "--start-rung"),
    (
        "definition.tracks[*].sessions_per_week",
        "--sessions-per-week",
    ),
    ("definition.tracks[*].policy", "--policy"),
    ("definition.tracks[*].prerequisites", "--after"),
    ("definition.tracks[*].prerequisites[*]", "--after"),
    ("definition.tracks", "--ladder"),
    ("definition.concurrent", "--concurrent"),
    ("definition.tracks[*].entry[*].reason", "--waive"),
    ("definition.tracks[*].entry", "--confirm"),
    ("definition.tracks[*].entry[*]", "--confirm"),
    ("definition.baseline.pain", "--baseline-pain"),
    ("definition.baseline.stiffness", "--baseline-stiffness"),
    ("definition.baseline.over_limit_reason", "--baseline-reason"),
    ("definition.weekdays", "--days"),
    ("definition.weekdays[*]", "--days"),
    ("definition.anchors", "--anchor"),
    ("definition.anchors[*]", "--anchor"),
    ("definition.micro_goals", "--micro-goal"),
    ("definition.micro_goals[*]", "--micro-goal"),
    ("definition.coping_tools", "--coping"),
    ("definition.coping_tools[*]", "--coping"),
    ("definition.sites", "--site"),
    ("definition.sites[*]", "--site"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name or id
    athlete: String,
    /// Key (its newest published version), key@version, or id; several times for several tracks
    #[arg(long, required = true)]
    ladder: Vec<String>,
    /// Rung (index from 0) to begin at, of all ladders or of one [default: 0]
    #[arg(long, value_name = "[LADDER=]N", value_parser = track_flag::number, allow_negative_numbers = true)]
    start_rung: Vec<For<i32>>,
    /// Sessions a week, 1–7, of all ladders or of one [default: as the ladder says]
    #[arg(long, value_name = "[LADDER=]N", value_parser = track_flag::number, allow_negative_numbers = true)]
    sessions_per_week: Vec<For<i32>>,
    /// The first opens when the second is done, or at that rung (with --concurrent); may be given several times
    #[arg(long, value_name = "LADDER=LADDER[:RUNG]", value_parser = track_flag::after)]
    after: Vec<After>,
    /// RUNNING tracks may be in progress side by side
    #[arg(long)]
    concurrent: bool,
    /// Days on which the athlete can train, like mon,wed,fri [default: any]
    #[arg(long, value_name = "DAYS", value_delimiter = ',', value_parser = parse_day)]
    days: Vec<v1::Weekday>,
    /// Pain today, 0–10, 10 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    baseline_pain: Option<i32>,
    /// Morning stiffness today, minutes 0–600
    #[arg(long, value_name = "MIN", allow_negative_numbers = true)]
    baseline_stiffness: Option<i32>,
    /// Why to start although pain is over the green limit
    #[arg(long, value_name = "TEXT")]
    baseline_reason: Option<String>,
    #[command(flatten)]
    entry: Entry,
    /// Change one number of the policy, of all ladders or of one; may be given several times
    #[arg(long, value_name = "[LADDER:]KEY=VALUE", value_parser = track_flag::policy)]
    policy: Vec<For<Edit>>,
    /// Fixed ritual before or after a session; may be given several times
    #[arg(long, value_name = "TEXT")]
    anchor: Vec<String>,
    /// Small goal with a measurable target, such as "Warm up longer=5 minutes by 2026-05-01"; may be given several times
    #[arg(long, value_name = "GOAL", value_parser = content_flag::goal)]
    micro_goal: Vec<v1::MicroGoal>,
    /// Coping tool: cue-word, breathing, reframing, rehearsal or other; may be given several times
    #[arg(long, value_name = "KIND=TEXT", value_parser = content_flag::tool)]
    coping: Vec<v1::CopingTool>,
    /// Where on the body it is, such as achilles-tendon=left; may be given several times
    #[arg(long, value_name = "SITE=SIDE", value_parser = content_flag::site)]
    site: Vec<v1::Site>,
}

/// The first three letters of a day, or all of them.
fn parse_day(text: &str) -> std::result::Result<v1::Weekday, String> {
    let day: chrono::Weekday = text
        .trim()
        .parse()
        .map_err(|_| "a day is mon, tue, wed, thu, fri, sat or sun".to_owned())?;
    // Monday is 1 in the contract.
    i32::try_from(day.number_from_monday())
        .ok()
        .and_then(|number| v1::Weekday::try_from(number).ok())
        .ok_or_else(|| "is no day".to_owned())
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = reference::athlete_id(&mut connection, &args.athlete).await?;
    let mut ladders = Vec::with_capacity(args.ladder.len());
    for given in &args.ladder {
        ladders.push((
            given.clone(),
            reference::ladder(&mut connection, given).await?,
        ));
    }
    let request_id = context.request_id();
    let tracks = tracks(&args, &ladders, request_id)?;
    let request = v1::CreatePlanRequest {
        request_id: request_id.to_string(),
        athlete_id,
        definition: Some(definition(args, tracks)),
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).create_plan(r).await
        })
        .await?;
    context
        .out
        .show(&Plan::of(&answer, answer.plan.as_ref(), &[]))
}

/// One track a ladder, in the order given.
fn tracks(
    args: &Args,
    ladders: &[(String, v1::Ladder)],
    request_id: Uuid,
) -> Result<Vec<v1::TrackPrescription>> {
    // Of the request, so that the same command again is the same request.
    let id = |place: usize| Uuid::new_v5(&request_id, format!("track {place}").as_bytes());
    let mut tracks: Vec<v1::TrackPrescription> = Vec::with_capacity(ladders.len());
    for (place, (given, ladder)) in ladders.iter().enumerate() {
        let is = |text: &str| track_flag::names(text, given, ladder);
        tracks.push(v1::TrackPrescription {
            id: id(place).to_string(),
            ladder_id: ladder.id.clone(),
            start_rung: track_flag::of(&args.start_rung, is).copied().unwrap_or(0),
            policy: policy_flag::policy(&track_flag::edits(&args.policy, is)),
            sessions_per_week: track_flag::of(&args.sessions_per_week, is)
                .copied()
                .unwrap_or(0),
            entry: args.entry.confirmations_of(ladders, place),
            ..Default::default()
        });
    }
    for (waits, awaited, requirement) in &args.after {
        let track_id = id(place(ladders, awaited)?).to_string();
        let waiting = &mut tracks[place(ladders, waits)?];
        waiting.prerequisites.push(v1::Prerequisite {
            track_id,
            requirement: Some(*requirement),
        });
    }
    let numbers = args.start_rung.iter().chain(&args.sessions_per_week);
    let named = numbers.map(|(ladder, _)| ladder);
    let named = named.chain(args.policy.iter().map(|(ladder, _)| ladder));
    for text in named.flatten() {
        place(ladders, text)?;
    }
    Ok(tracks)
}

/// Which of the ladders a text names.
fn place(ladders: &[(String, v1::Ladder)], text: &str) -> Result<usize> {
    let mut ladders = ladders.iter();
    let found = ladders.position(|(given, ladder)| track_flag::names(text, given, ladder));
    found.ok_or_else(|| {
        Failure::bad_input("LADDER", format!("{text:?} is none of the ladders given."))
            .advise("Name it as in --ladder, or by its key.")
    })
}

fn definition(args: Args, tracks: Vec<v1::TrackPrescription>) -> v1::PlanDefinition {
    v1::PlanDefinition {
        tracks,
        baseline: Some(v1::Baseline {
            pain: args.baseline_pain,
            stiffness: args.baseline_stiffness,
            over_limit_reason: args.baseline_reason.unwrap_or_default(),
        }),
        concurrent: args.concurrent,
        anchors: args.anchor,
        micro_goals: args.micro_goal,
        coping_tools: args.coping,
        weekdays: args.days.iter().map(|day| i32::from(*day)).collect(),
        sites: args.site,
    }
}
