//! `rung join`

use rung_proto::v1::AcceptInvitationRequest;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::connection::anonymous;
use crate::context::Context;
use crate::door::Door;
use crate::error::Result;
use crate::flag::Flags;
use crate::prompt;
use crate::sign_in::{self, SecondFactor};
use crate::view::account::SignedIn;

pub(crate) const FLAGS: Flags = &[
    ("code", "CODE"),
    ("password", "password"),
    ("display_name", "--name"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "A new account gets the password given; an existing one is asked for its own. The password comes \
                  from RUNG_PASSWORD, from --password-stdin, or from a prompt."
)]
pub(crate) struct Args {
    /// The code of the invitation
    code: String,
    #[command(flatten)]
    door: Door,
    /// Name shown to others, for a new account
    #[arg(long)]
    name: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    second_factor: SecondFactor,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let server = args.door.read()?;
    let password = prompt::password(args.password_stdin)?;
    let channel = server.open().await?;
    let request = AcceptInvitationRequest {
        code: args.code,
        password: password.reveal().to_owned(),
        display_name: args.name.unwrap_or_default(),
    };
    let answer = AuthServiceClient::new(channel.clone())
        .accept_invitation(request)
        .await;
    let mut answer = anonymous(answer, FLAGS)?;
    let (tokens, screen) = if answer.challenge.is_empty() {
        (answer.tokens.take(), SignedIn::join(answer)?)
    } else {
        let second = args.second_factor;
        let mut answer = second.complete(channel, answer.challenge, context).await?;
        (answer.tokens.take(), SignedIn::second_factor(answer)?)
    };
    sign_in::remember(context, &server, None, tokens)?;
    context.out.show(&screen)?;
    sign_in::notices(context).await
}
