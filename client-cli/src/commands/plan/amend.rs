//! `rung plan amend`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use super::change::{FLAGS, Target, track_id};
use super::entry_flag::Entry;
use super::policy_flag::{self, Edit};
use super::{content_flag, resume, track_flag};
use crate::connection::Connection;
use crate::context::Context;
use crate::error::{Failure, Result};
use crate::reference;
use crate::view::amendment::Amended;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
    /// Why; it is kept with the decisions
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Show what it would change and lead to, and store nothing
    #[arg(long)]
    dry_run: bool,
    /// Track that --ladder, --policy, --sessions-per-week and --rung are about (id, or its ladder's key), for a plan with
    /// several
    #[arg(long)]
    track: Option<String>,
    /// Put the track on another ladder or version: key (its newest published version), key@version, or id. Its limits are
    /// then those of that ladder, with --policy
    #[arg(long)]
    ladder: Option<String>,
    /// Change one number of the track's policy; may be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = policy_flag::parse)]
    policy: Vec<Edit>,
    /// Sessions a week of the track, 1–7
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    sessions_per_week: Option<i32>,
    /// Rung (index from 0) at which the track goes on [default: where it is]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        conflicts_with = "track_rung"
    )]
    rung: Option<i32>,
    /// Rung of a named track; may be given several times
    #[arg(long, value_name = "TRACK=N", value_parser = resume::parse_track_rung)]
    track_rung: Vec<(String, i32)>,
    /// Close a track (id, or its ladder's key); may be given several times
    #[arg(long, value_name = "TRACK")]
    drop_track: Vec<String>,
    /// Add a track on a ladder
    #[arg(long, value_name = "LADDER")]
    add_ladder: Option<String>,
    /// Rung (index from 0) at which the added track begins
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true,
        requires = "add_ladder"
    )]
    start_rung: i32,
    /// Track that has to be done, or at that rung (in a concurrent plan), before the added one opens
    #[arg(long, value_name = "TRACK[:RUNG]", requires = "add_ladder")]
    after: Option<String>,
    /// RUNNING tracks may be in progress side by side
    #[arg(long, value_name = "true|false")]
    concurrent: Option<bool>,
    #[command(flatten)]
    entry: Entry,
    /// Pain on an ordinary morning, 0–10, 10 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    baseline_pain: Option<i32>,
    /// Morning stiffness on an ordinary morning, minutes 0–600
    #[arg(long, value_name = "MIN", allow_negative_numbers = true)]
    baseline_stiffness: Option<i32>,
    /// Why to go on although pain is over the green limit
    #[arg(long, value_name = "TEXT")]
    baseline_reason: Option<String>,
    /// The fixed rituals from now on; may be given several times
    #[arg(long, value_name = "TEXT")]
    anchor: Vec<String>,
    /// The coping tools from now on; may be given several times
    #[arg(long, value_name = "KIND=TEXT", value_parser = content_flag::tool)]
    coping: Vec<v1::CopingTool>,
    /// The places on the body from now on; may be given several times
    #[arg(long, value_name = "SITE=SIDE", value_parser = content_flag::site)]
    site: Vec<v1::Site>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let (plan, etag) = args.target.read(&mut connection).await?;
    let mut rungs = Vec::new();
    if let Some(rung) = args.rung {
        let track_id = track_id(&plan, args.track.as_deref());
        rungs.push(v1::TrackRung {
            track_id,
            rung: Some(rung),
        });
    }
    rungs.extend(args.track_rung.iter().map(|(text, rung)| v1::TrackRung {
        track_id: track_id(&plan, Some(text)),
        rung: Some(*rung),
    }));
    let definition = amended(&args, &plan, &mut connection).await?;
    let request = v1::AmendPlanRequest {
        request_id: context.request_id().to_string(),
        plan_id: plan.id,
        etag,
        definition: Some(definition),
        rungs,
        reason: args.reason,
        validate_only: args.dry_run,
    };
    let dry = args.dry_run;
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).amend_plan(r).await
        })
        .await?;
    context.out.show(&Amended { answer, dry })
}

/// What is prescribed from now on: as it was, with what was given.
async fn amended(
    args: &Args,
    plan: &v1::Plan,
    connection: &mut Connection,
) -> Result<v1::PlanDefinition> {
    let mut definition = plan.definition.clone().unwrap_or_default();
    let of_track =
        args.ladder.is_some() || !args.policy.is_empty() || args.sessions_per_week.is_some();
    if of_track {
        let id = track_id(plan, args.track.as_deref());
        let track = definition.tracks.iter_mut().find(|track| track.id == id);
        let track = track.ok_or_else(|| {
            let message = "Which track is not said, or the plan has none like it.";
            Failure::bad_input("TRACK", message).advise("Say which one with --track.")
        })?;
        if let Some(text) = &args.ladder {
            let ladder = reference::ladder(connection, text).await?;
            track.entry = args.entry.confirmed_since(&ladder, &track.entry);
            track.ladder_id = ladder.id;
            track.policy = None;
        }
        edit_policy(track, &args.policy);
        track.sessions_per_week = args.sessions_per_week.unwrap_or(track.sessions_per_week);
    }
    let dropped: Vec<String> = args
        .drop_track
        .iter()
        .map(|text| track_id(plan, Some(text)))
        .collect();
    definition
        .tracks
        .retain(|track| !dropped.contains(&track.id));
    if let Some(text) = &args.add_ladder {
        let ladder = reference::ladder(connection, text).await?;
        let after = args.after.as_deref().map(|text| {
            let (track, requirement) = track_flag::requirement(text);
            v1::Prerequisite {
                track_id: track_id(plan, Some(&track)),
                requirement: Some(requirement),
            }
        });
        definition.tracks.push(v1::TrackPrescription {
            entry: args.entry.confirmations(&ladder),
            ladder_id: ladder.id,
            start_rung: args.start_rung,
            prerequisites: after.into_iter().collect(),
            ..v1::TrackPrescription::default()
        });
    }
    beside_tracks(args, &mut definition);
    Ok(definition)
}

fn edit_policy(track: &mut v1::TrackPrescription, edits: &[Edit]) {
    let mut policy = track.policy.take().unwrap_or_default();
    policy_flag::edit(&mut policy, edits);
    track.policy = Some(policy);
}

fn beside_tracks(args: &Args, definition: &mut v1::PlanDefinition) {
    definition.concurrent = args.concurrent.unwrap_or(definition.concurrent);
    let baseline = definition.baseline.get_or_insert_default();
    baseline.pain = args.baseline_pain.or(baseline.pain);
    baseline.stiffness = args.baseline_stiffness.or(baseline.stiffness);
    if let Some(reason) = &args.baseline_reason {
        baseline.over_limit_reason.clone_from(reason);
    }
    if !args.anchor.is_empty() {
        definition.anchors.clone_from(&args.anchor);
    }
    if !args.coping.is_empty() {
        definition.coping_tools.clone_from(&args.coping);
    }
    if !args.site.is_empty() {
        definition.sites.clone_from(&args.site);
    }
}
