//! `rung totp disable`

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::prompt;
use crate::sign_in::{self, SecondFactor};
use crate::view::done::Done;

pub(crate) const FLAGS: Flags = &[("password", "password"), ("code", "--totp")];

#[derive(Debug, clap::Args)]
#[command(after_help = prompt::PASSWORD_HELP)]
pub(crate) struct Args {
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    second_factor: SecondFactor,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let password = prompt::password(args.password_stdin)?;
    let code = match args.second_factor.given() {
        Some(code) => code,
        None => sign_in::ask(context)?.ok_or_else(sign_in::no_code)?,
    };
    let request = v1::DisableTotpRequest {
        password: password.reveal().to_owned(),
        code,
    };
    let answer = connection
        .call(request, async |c, r| {
            AuthServiceClient::new(c).disable_totp(r).await
        })
        .await?;
    context.out.show(&Done {
        answer: &answer,
        id: ("profile", context.store.profile().to_owned()),
        text: "The second factor is off. Where a clinic asks for one, you are shut out until you enrol again.",
    })
}
