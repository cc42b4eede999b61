//! `rung ladders diff`

use rung_proto::v1;
use rung_proto::v1::ladder_service_client::LadderServiceClient;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::{Failure, Result};
use crate::reference;
use crate::view::ladder_change::Changes;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A ladder: key (its newest published version), key@version, or id. With one alone it is held against what \
                        it was cloned from, else against the version before it."
)]
pub(crate) struct Args {
    /// The earlier one; with one alone, the later one
    #[arg(value_name = "LADDER")]
    from: String,
    /// The later one
    #[arg(value_name = "LADDER")]
    to: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let flags = &[("from_ladder_id", "LADDER"), ("to_ladder_id", "LADDER")];
    let mut connection = context.connect(flags).await?;
    let given = reference::ladder(&mut connection, &args.from).await?;
    let (from, to) = match &args.to {
        Some(to) => (given, reference::ladder(&mut connection, to).await?),
        None => (before(&mut connection, &given).await?, given),
    };
    let request = v1::DiffLadderVersionsRequest {
        from_ladder_id: from.id.clone(),
        to_ladder_id: to.id.clone(),
    };
    let answer = connection
        .call(request, async |c, r| {
            LadderServiceClient::new(c).diff_ladder_versions(r).await
        })
        .await?;
    context.out.show(&Changes { from, to, answer })
}

/// What a version came from: what it was cloned from, else the version before it.
async fn before(connection: &mut Connection, ladder: &v1::Ladder) -> Result<v1::Ladder> {
    if let Some(origin) = &ladder.cloned_from {
        return reference::ladder(connection, &origin.ladder_id).await;
    }
    let key = ladder.definition.as_ref().map(|d| d.key.as_str());
    let key = key.unwrap_or_default();
    if ladder.version < 2 {
        return Err(Failure::bad_input(
            "LADDER",
            format!("{key:?} is no clone and has no version before this one."),
        )
        .advise("Name the one to hold it against: rung ladders diff LADDER LADDER"));
    }
    reference::ladder(connection, &format!("{key}@{}", ladder.version - 1)).await
}
