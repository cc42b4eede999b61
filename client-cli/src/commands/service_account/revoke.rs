//! `rung service-accounts revoke`

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::service_account::ServiceAccount;

pub(crate) const FLAGS: Flags = &[
    ("service_account_id", "ACCOUNT"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id or name
    account: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::RevokeServiceAccountRequest {
        service_account_id: super::account_id(&mut connection, &args.account).await?,
        request_id: context.request_id().to_string(),
    };
    let answer = connection
        .call(request, async |c, r| {
            ClinicServiceClient::new(c).revoke_service_account(r).await
        })
        .await?;
    context.out.show(&ServiceAccount::of(
        &answer,
        answer.service_account.as_ref(),
    ))
}
