//! `rung password change`

use rung_proto::v1;
use rung_proto::v1::auth_service_client::AuthServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::prompt;
use crate::view::done::Done;

pub(crate) const FLAGS: Flags = &[("old_password", "password"), ("new_password", "password")];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The present password comes from RUNG_PASSWORD and the new one from RUNG_NEW_PASSWORD, or both from \
                  --password-stdin, or from prompts. A new password has 8 to 128 characters and is none of the most \
                  common ones."
)]
pub(crate) struct Args {
    /// Read the present password from the first line of standard input, and the new one from the second
    #[arg(long)]
    password_stdin: bool,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let old = prompt::password(args.password_stdin)?;
    let new = prompt::new_password(args.password_stdin)?;
    let request = v1::ChangePasswordRequest {
        old_password: old.reveal().to_owned(),
        new_password: new.reveal().to_owned(),
    };
    let answer = connection
        .call(request, async |c, r| {
            AuthServiceClient::new(c).change_password(r).await
        })
        .await?;
    context.out.show(&Done {
        answer: &answer,
        id: ("profile", context.store.profile().to_owned()),
        text: "The password is changed, and your other sign-ins are ended.",
    })
}
