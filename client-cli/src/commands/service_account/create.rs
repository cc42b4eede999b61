//! `rung service-accounts create`

use std::path::PathBuf;

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::role::{self, Scope};
use crate::view::service_account::ServiceAccount;

pub(crate) const FLAGS: Flags = &[
    ("display_name", "NAME"),
    ("scopes", "--scope"),
    ("public_key_pem", "--key"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The system makes its key and keeps the private half: openssl genpkey -algorithm ed25519 -out KEY.pem; \
                  openssl pkey -in KEY.pem -pubout -out KEY.pub.pem"
)]
pub(crate) struct Args {
    /// What the system is called
    name: String,
    /// What it may do; may be given several times
    #[arg(long, required = true)]
    scope: Vec<Scope>,
    /// Public half of its key, PEM: Ed25519, P-384 or RSA of 2048 to 4096 bits
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let public_key_pem = super::public_key(&args.key)?;
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::CreateServiceAccountRequest {
        request_id: context.request_id().to_string(),
        display_name: args.name,
        scopes: role::numbers::<_, v1::Scope>(&args.scope),
        public_key_pem,
    };
    let answer = connection
        .call(request, async |c, r| {
            ClinicServiceClient::new(c).create_service_account(r).await
        })
        .await?;
    context.out.show(&ServiceAccount::of(
        &answer,
        answer.service_account.as_ref(),
    ))
}
