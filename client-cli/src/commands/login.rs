//! `rung login`

use rung_proto::v1::LoginRequest;
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
    ("email", "--email"),
    ("password", "password"),
    ("clinic_id", "--clinic"),
];

#[derive(Debug, clap::Args)]
#[command(after_help = prompt::PASSWORD_HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    door: Door,
    /// E-mail address of the account
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Clinic to work in, if the account has several
    #[arg(long, value_name = "ID")]
    clinic: Option<String>,
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
    let request = LoginRequest {
        email: args.email.clone(),
        password: password.reveal().to_owned(),
        clinic_id: args.clinic.unwrap_or_default(),
    };
    let answer = AuthServiceClient::new(channel.clone()).login(request).await;
    let mut answer = anonymous(answer, FLAGS)?;
    let (tokens, screen) = if answer.challenge.is_empty() {
        (answer.tokens.take(), SignedIn::login(answer)?)
    } else {
        let second = args.second_factor;
        let mut answer = second.complete(channel, answer.challenge, context).await?;
        (answer.tokens.take(), SignedIn::second_factor(answer)?)
    };
    sign_in::remember(context, &server, Some(args.email), tokens)?;
    context.out.show(&screen)?;
    sign_in::notices(context).await
}
