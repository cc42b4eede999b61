//! `rung consent withdraw`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference::person;
use crate::view::consent::Consent;

pub(crate) const FLAGS: Flags = &[
    ("supporter_id", "SUPPORTER"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id or name
    supporter: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::WithdrawConsentRequest {
        supporter_id: person::supporter_id(&mut connection, &args.supporter).await?,
        request_id: context.request_id().to_string(),
        athlete_id: String::new(),
    };
    let answer = connection
        .call(request, async |c, r| {
            AthleteServiceClient::new(c).withdraw_consent(r).await
        })
        .await?;
    context
        .out
        .show(&Consent::of(&answer, answer.consent.as_ref()))
}
