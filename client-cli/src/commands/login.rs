//! `rung login`

use std::path::PathBuf;

use rung_proto::v1::LoginRequest;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::connection::{anonymous, open, password, read_ca, signed_in};
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::account::SignedIn;

pub(crate) const FLAGS: Flags = &[
    ("email", "--email"),
    ("password", "password"),
    ("clinic_id", "--clinic"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The password comes from RUNG_PASSWORD, from --password-stdin, or from a prompt."
)]
pub(crate) struct Args {
    /// Address of the server: https, host and port
    #[arg(long, value_name = "URL")]
    server: String,
    /// Certificate authority to trust for this server, PEM [default: those of the machine]
    #[arg(long, value_name = "FILE")]
    ca_cert: Option<PathBuf>,
    /// E-mail address of the account
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Clinic to work in, if the account has several
    #[arg(long, value_name = "ID")]
    clinic: Option<String>,
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let ca_pem = read_ca(args.ca_cert.as_deref())?;
    crate::server::parse(&args.server)?;
    let password = password(args.password_stdin)?;
    let channel = open(&args.server, ca_pem.as_deref()).await?;
    let request = LoginRequest {
        email: args.email.clone(),
        password: password.reveal().to_owned(),
        clinic_id: args.clinic.unwrap_or_default(),
    };
    let mut answer = anonymous(AuthServiceClient::new(channel).login(request).await, FLAGS)?;
    let credentials = signed_in(&args.server, ca_pem, Some(args.email), answer.tokens.take())?;
    context.store.save(&credentials)?;
    context.out.show(&SignedIn::login(answer)?)
}
