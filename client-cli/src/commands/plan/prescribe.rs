//! `rung plan prescribe`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use super::content_flag;
use super::entry_flag::Entry;
use super::policy_flag::{self, Edit};
use crate::context::Context;
use crate::error::Result;
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
    /// Key (its newest published version), key@version, or id
    #[arg(long)]
    ladder: String,
    /// Rung (index from 0) to begin at
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    start_rung: i32,
    /// Sessions a week, 1–7 [default: as the ladder says]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    sessions_per_week: Option<i32>,
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
    /// Change one number of the policy; may be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = policy_flag::parse)]
    policy: Vec<Edit>,
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
    let ladder = reference::ladder(&mut connection, &args.ladder).await?;
    let request = v1::CreatePlanRequest {
        request_id: context.request_id().to_string(),
        athlete_id,
        definition: Some(definition(args, &ladder)),
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

fn definition(args: Args, ladder: &v1::Ladder) -> v1::PlanDefinition {
    let track = v1::TrackPrescription {
        ladder_id: ladder.id.clone(),
        start_rung: args.start_rung,
        policy: policy_flag::policy(&args.policy),
        sessions_per_week: args.sessions_per_week.unwrap_or(0),
        entry: args.entry.confirmations(ladder),
        ..Default::default()
    };
    v1::PlanDefinition {
        tracks: vec![track],
        baseline: Some(v1::Baseline {
            pain: args.baseline_pain,
            stiffness: args.baseline_stiffness,
            over_limit_reason: args.baseline_reason.unwrap_or_default(),
        }),
        concurrent: false,
        anchors: args.anchor,
        micro_goals: args.micro_goal,
        coping_tools: args.coping,
        weekdays: args.days.iter().map(|day| i32::from(*day)).collect(),
        sites: args.site,
    }
}
