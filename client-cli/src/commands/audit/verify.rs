//! `rung audit verify`

use rung_proto::v1;
use rung_proto::v1::audit_service_client::AuditServiceClient;

use crate::context::Context;
use crate::error::{Exit, Failure, Result};
use crate::view::chain::Verified;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Exit code 6 says that the chain is broken. Rows that are not linked yet are no fault: they are linked \
                  within seconds. `rungd admin audit verify` does the same at the machine, without trusting the server."
)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let answer = connection
        .call(v1::VerifyAuditRequest {}, async |c, r| {
            AuditServiceClient::new(c).verify_audit(r).await
        })
        .await?;
    let broken = answer.first_break.clone();
    context.out.show(&Verified(answer))?;
    match broken {
        None => Ok(()),
        Some(at) => Err(Failure::new(
            Exit::Conflict,
            "AUDIT_CHAIN_BROKEN",
            format!("The chain breaks at row {}: {}.", at.seq, at.what),
        )
        .advise("Keep the database as it is, and compare with a head that was kept elsewhere.")),
    }
}
