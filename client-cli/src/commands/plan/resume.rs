//! `rung plan resume`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use super::change::{FLAGS, Target, track_id};
use crate::context::Context;
use crate::error::Result;
use crate::view::plan::Plan;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: Target,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Rung (index from 0) to go on at, for a plan with one track [default: where it is]
    #[arg(
        long,
        value_name = "N",
        allow_negative_numbers = true,
        conflicts_with = "track_rung"
    )]
    rung: Option<i32>,
    /// Rung of a named track (id, or its ladder's key); may be given several times
    #[arg(long, value_name = "TRACK=N", value_parser = parse_track_rung)]
    track_rung: Vec<(String, i32)>,
}

pub(crate) fn parse_track_rung(text: &str) -> std::result::Result<(String, i32), String> {
    text.rsplit_once('=')
        .and_then(|(track, rung)| Some((track.to_owned(), rung.parse().ok()?)))
        .ok_or_else(|| "looks like TRACK=2".to_owned())
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let (plan, etag) = args.target.read(&mut connection).await?;
    let single = args.rung.map(|rung| (track_id(&plan, None), rung));
    let named = args
        .track_rung
        .iter()
        .map(|(text, rung)| (track_id(&plan, Some(text)), *rung));
    let rungs = single
        .into_iter()
        .chain(named)
        .map(|(track_id, rung)| v1::TrackRung {
            track_id,
            rung: Some(rung),
        })
        .collect();
    let request = v1::ResumePlanRequest {
        request_id: context.request_id().to_string(),
        plan_id: plan.id,
        etag,
        rungs,
        reason: args.reason,
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).resume_plan(r).await
        })
        .await?;
    context
        .out
        .show(&Plan::of(&answer, answer.plan.as_ref(), &answer.decisions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_and_its_rung_stand_in_one_flag() {
        assert_eq!(parse_track_rung("run=2"), Ok(("run".into(), 2)));
        assert_eq!(parse_track_rung("a=b=-1"), Ok(("a=b".into(), -1)));
        assert!(parse_track_rung("run").is_err());
        assert!(parse_track_rung("run=x").is_err());
    }
}
