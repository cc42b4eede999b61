//! `rung totp confirm`

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::sign_in;
use crate::view::totp::RecoveryCodes;

pub(crate) const FLAGS: Flags = &[("code", "CODE")];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Six digits of the authenticator [default: a prompt]
    code: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let code = match args.code {
        Some(code) => code,
        None => sign_in::ask(context)?.ok_or_else(|| {
            crate::error::Failure::bad_input("TOTP", "The code was not given.")
                .advise("Say it: rung totp confirm CODE")
        })?,
    };
    let answer = connection
        .call(v1::ConfirmTotpRequest { code }, async |c, r| {
            AuthServiceClient::new(c).confirm_totp(r).await
        })
        .await?;
    context.out.show(&RecoveryCodes(answer))
}
