//! `rung consent grant`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference::person;
use crate::role::{self, Part};
use crate::time::{self, Moment};
use crate::view::consent::Consent;

pub(crate) const FLAGS: Flags = &[
    ("supporter_id", "SUPPORTER"),
    ("parts", "--part"),
    ("purpose", "--purpose"),
    ("valid_from", "--from"),
    ("valid_until", "--until"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
#[command(after_help = "What is given here takes the place of what was given before.")]
pub(crate) struct Args {
    /// Id or name of somebody whom you have invited
    supporter: String,
    /// What they may see; may be given several times
    #[arg(long, required = true)]
    part: Vec<Part>,
    /// Why, in your words
    #[arg(long, value_name = "TEXT")]
    purpose: String,
    /// First day, or instant, on which it holds [default: from now on]
    #[arg(long, value_name = "WHEN", value_parser = time::parse_moment)]
    from: Option<Moment>,
    /// Last day, or instant, on which it holds [default: until you withdraw it]
    #[arg(long, value_name = "WHEN", value_parser = time::parse_moment)]
    until: Option<Moment>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let zone = context.out.zone();
    let request = v1::GrantConsentRequest {
        supporter_id: person::supporter_id(&mut connection, &args.supporter).await?,
        request_id: context.request_id().to_string(),
        athlete_id: String::new(),
        parts: role::numbers::<_, v1::ConsentPart>(&args.part),
        purpose: args.purpose,
        valid_from: args.from.map(|m| m.begin(zone)),
        valid_until: args.until.map(|m| m.end(zone)),
    };
    let answer = connection
        .call(request, async |c, r| {
            AthleteServiceClient::new(c).grant_consent(r).await
        })
        .await?;
    context
        .out
        .show(&Consent::of(&answer, answer.consent.as_ref()))
}
