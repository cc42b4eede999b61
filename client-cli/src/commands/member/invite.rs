//! `rung members invite`

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference;
use crate::view::member::Invitation;

pub(crate) const FLAGS: Flags = &[
    ("email", "EMAIL"),
    ("roles", "--role"),
    ("athlete_id", "--athlete"),
    ("request_id", "--request-id"),
];

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Role {
    Admin,
    Physio,
    Athlete,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// E-mail address of the person
    email: String,
    /// What the person will be; may be given several times
    #[arg(long, required = true)]
    role: Vec<Role>,
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
    let roles = args.role.iter().map(|role| {
        i32::from(match role {
            Role::Admin => v1::Role::Admin,
            Role::Physio => v1::Role::Physio,
            Role::Athlete => v1::Role::Athlete,
        })
    });
    let request = v1::InviteMemberRequest {
        request_id: context.request_id().to_string(),
        email: args.email,
        roles: roles.collect(),
        athlete_id,
    };
    let answer = connection
        .call(request, async |c, r| {
            ClinicServiceClient::new(c).invite_member(r).await
        })
        .await?;
    context.out.show(&Invitation {
        answer,
        server: connection.server().to_owned(),
    })
}
