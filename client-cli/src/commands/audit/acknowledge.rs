//! `rung audit acknowledge`

use rung_proto::v1;
use rung_proto::v1::audit_service_client::AuditServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::glass::Record;

pub(crate) const FLAGS: Flags = &[("break_glass_id", "RECORD"), ("request_id", "--request-id")];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id, as `rung audit break-glass` shows
    record: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::AcknowledgeBreakGlassRequest {
        request_id: context.request_id().to_string(),
        break_glass_id: args.record,
    };
    let answer = connection
        .call(request, async |c, r| {
            AuditServiceClient::new(c).acknowledge_break_glass(r).await
        })
        .await?;
    context
        .out
        .show(&Record::of(&answer, answer.record.as_ref()))
}
