//! `rung service-accounts token`

use std::path::PathBuf;

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::assertion::Assertion;
use crate::clock;
use crate::connection::anonymous;
use crate::context::Context;
use crate::door::Door;
use crate::error::{Failure, Result};
use crate::flag::Flags;
use crate::role::{self, Scope};
use crate::view::service_account::Token;

pub(crate) const FLAGS: Flags = &[("scopes", "--scope"), ("assertion", "--key")];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Nobody has to be signed in: the key is the proof. It is read here and never sent; what is sent is an \
                  assertion signed with it, which works once. There is no refresh token: run the command again when the \
                  token runs out, within 5 minutes."
)]
pub(crate) struct Args {
    #[command(flatten)]
    door: Door,
    /// Id of the service account
    #[arg(long)]
    id: String,
    /// Its private key, PEM (PKCS#8): Ed25519, P-384 or RSA
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Name of the key, as `rung service-accounts list` shows [default: the server tries those of the account]
    #[arg(long)]
    kid: Option<String>,
    /// The issuer of the installation, if it is not called by its default
    #[arg(long, value_name = "NAME", default_value = "rungd")]
    issuer: String,
    /// What the token shall be good for [default: all that the account may do]
    #[arg(long)]
    scope: Vec<Scope>,
    /// Print the token and nothing else
    #[arg(long)]
    raw: bool,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let server = args.door.read()?;
    let pem = std::fs::read(&args.key).map_err(|e| Failure::file(&args.key, &e))?;
    let assertion = Assertion {
        account: &args.id,
        audience: &args.issuer,
        kid: args.kid,
        id: clock::fresh_id(),
        now: clock::now(),
    };
    let request = v1::ExchangeAssertionRequest {
        assertion: assertion.sign(&pem)?,
        scopes: role::numbers::<_, v1::Scope>(&args.scope),
    };
    let channel = server.open().await?;
    let answer = AuthServiceClient::new(channel)
        .exchange_assertion(request)
        .await;
    let answer = anonymous(answer, FLAGS)?;
    if args.raw {
        return context.out.data(&answer.access_token);
    }
    context.out.show(&Token(answer))
}
