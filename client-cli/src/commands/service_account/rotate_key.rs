//! `rung service-accounts rotate-key`

use std::path::PathBuf;

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::service_account::ServiceAccount;

pub(crate) const FLAGS: Flags = &[
    ("service_account_id", "ACCOUNT"),
    ("public_key_pem", "--key"),
    ("overlap_s", "--overlap-hours"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id or name
    account: String,
    /// Public half of the new key, PEM: Ed25519, P-384 or RSA of 2048 to 4096 bits
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// How long the former keys go on working, 0 to 168; 0 shuts them out at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=168), default_value_t = 24)]
    overlap_hours: u16,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let public_key_pem = super::public_key(&args.key)?;
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::RotateServiceAccountKeyRequest {
        service_account_id: super::account_id(&mut connection, &args.account).await?,
        request_id: context.request_id().to_string(),
        public_key_pem,
        overlap_s: i64::from(args.overlap_hours) * 3600,
    };
    let answer = connection
        .call(request, async |c, r| {
            ClinicServiceClient::new(c)
                .rotate_service_account_key(r)
                .await
        })
        .await?;
    context.out.show(&ServiceAccount::of(
        &answer,
        answer.service_account.as_ref(),
    ))
}
