//! `rung totp enroll`

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::prompt;
use crate::view::totp::Enrolment;

pub(crate) const FLAGS: Flags = &[("password", "password")];

#[derive(Debug, clap::Args)]
#[command(after_help = prompt::PASSWORD_HELP)]
pub(crate) struct Args {
    /// Read the password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let password = prompt::password(args.password_stdin)?;
    let request = v1::EnrollTotpRequest {
        password: password.reveal().to_owned(),
    };
    let answer = connection
        .call(request, async |c, r| {
            AuthServiceClient::new(c).enroll_totp(r).await
        })
        .await?;
    context.out.show(&Enrolment(answer))
}
