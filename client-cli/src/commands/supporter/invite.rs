//! `rung supporters invite`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::role::{self, Part};
use crate::time::{self, Moment};
use crate::view::invitation::Invitation;

pub(crate) const FLAGS: Flags = &[
    ("email", "EMAIL"),
    ("parts", "--part"),
    ("purpose", "--purpose"),
    ("valid_until", "--until"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The consent begins when the invitation is accepted. `rung consent withdraw` ends it at any time."
)]
pub(crate) struct Args {
    /// E-mail address of the person
    email: String,
    /// What they may see; may be given several times
    #[arg(long, required = true)]
    part: Vec<Part>,
    /// Why, in your words
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// Last day, or instant, on which it holds [default: until you withdraw it]
    #[arg(long, value_name = "WHEN", value_parser = time::parse_moment)]
    until: Option<Moment>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::InviteSupporterRequest {
        request_id: context.request_id().to_string(),
        athlete_id: String::new(),
        email: args.email,
        parts: role::numbers::<_, v1::ConsentPart>(&args.part),
        purpose: args.purpose,
        valid_until: args.until.map(|m| m.end(context.out.zone())),
    };
    let answer = connection
        .call(request, async |c, r| {
            AthleteServiceClient::new(c).invite_supporter(r).await
        })
        .await?;
    context
        .out
        .show(&Invitation::of_supporter(&answer, connection.server())?)
}
