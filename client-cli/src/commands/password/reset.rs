//! `rung password reset`

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::connection::anonymous;
use crate::context::Context;
use crate::door::Door;
use crate::error::Result;
use crate::flag::Flags;
use crate::prompt;
use crate::view::done::Done;

pub(crate) const FLAGS: Flags = &[("code", "CODE"), ("new_password", "password")];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The new password comes from RUNG_NEW_PASSWORD, from --password-stdin, or from a prompt. It has 8 to 128 \
                  characters and is none of the most common ones. All your sign-ins end; a second factor stays."
)]
pub(crate) struct Args {
    /// The code that the admin was shown
    code: String,
    #[command(flatten)]
    door: Door,
    /// Read the new password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let server = args.door.read()?;
    let new = prompt::new_password(args.password_stdin)?;
    let channel = server.open().await?;
    let request = v1::ResetPasswordRequest {
        code: args.code,
        new_password: new.reveal().to_owned(),
    };
    let answer = AuthServiceClient::new(channel)
        .reset_password(request)
        .await;
    let answer = anonymous(answer, FLAGS)?;
    context.out.show(&Done {
        answer: &answer,
        id: ("server", server.address.clone()),
        text: &format!(
            "The new password is set. Sign in with it: rung login --server {} --email ADDRESS",
            server.address
        ),
    })
}
