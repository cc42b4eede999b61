//! `rung join`

use std::path::PathBuf;

use rung_proto::v1::AcceptInvitationRequest;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::connection::{anonymous, open, password, read_ca, signed_in};
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
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
    /// Address of the server: https, host and port
    #[arg(long, value_name = "URL")]
    server: String,
    /// Certificate authority to trust for this server, PEM [default: those of the machine]
    #[arg(long, value_name = "FILE")]
    ca_cert: Option<PathBuf>,
    /// Name shown to others, for a new account
    #[arg(long)]
    name: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let ca_pem = read_ca(args.ca_cert.as_deref())?;
    crate::server::parse(&args.server)?;
    let password = password(args.password_stdin)?;
    let channel = open(&args.server, ca_pem.as_deref()).await?;
    let request = AcceptInvitationRequest {
        code: args.code,
        password: password.reveal().to_owned(),
        display_name: args.name.unwrap_or_default(),
    };
    let answer = AuthServiceClient::new(channel)
        .accept_invitation(request)
        .await;
    let mut answer = anonymous(answer, FLAGS)?;
    let credentials = signed_in(&args.server, ca_pem, None, answer.tokens.take())?;
    context.store.save(&credentials)?;
    context.out.show(&SignedIn::join(answer)?)
}
