//! `rung members invite`

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::invitation::Invitation;
use crate::{reference, role};

pub(crate) const FLAGS: Flags = &[
    ("email", "EMAIL"),
    ("roles", "--role"),
    ("athlete_id", "--athlete"),
    ("request_id", "--request-id"),
];

/// Roles of an invitation. Supporters are invited by their athletes.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Invited {
    Admin,
    Physio,
    Athlete,
}

impl From<Invited> for v1::Role {
    fn from(role: Invited) -> Self {
        match role {
            Invited::Admin => Self::Admin,
            Invited::Physio => Self::Physio,
            Invited::Athlete => Self::Athlete,
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// E-mail address of the person
    email: String,
    /// What the person will be; may be given several times
    #[arg(long, required = true)]
    role: Vec<Invited>,
    /// Athlete record the account shall be joined to: name or id; with --role athlete
    #[arg(long)]
    athlete: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let request = v1::InviteMemberRequest {
        request_id: context.request_id().to_string(),
        email: args.email,
        roles: role::numbers::<_, v1::Role>(&args.role),
        athlete_id,
    };
    let answer = connection
        .call(request, async |c, r| {
            ClinicServiceClient::new(c).invite_member(r).await
        })
        .await?;
    context
        .out
        .show(&Invitation::of_member(&answer, connection.server())?)
}
