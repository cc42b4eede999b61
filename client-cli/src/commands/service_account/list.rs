//! `rung service-accounts list`

use crate::context::Context;
use crate::error::Result;
use crate::view::service_account::ServiceAccounts;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let accounts = super::all(&mut connection).await?;
    context.out.show(&ServiceAccounts(accounts))
}
