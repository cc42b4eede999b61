//! `rung members update`

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference::person;
use crate::role;
use crate::view::member::Member;

pub(crate) const FLAGS: Flags = &[
    ("person_id", "PERSON"),
    ("roles", "--roles"),
    ("deactivated", "--deactivate or --activate"),
    ("etag", "--etag"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
#[command(
    group = clap::ArgGroup::new("change").args(["roles", "deactivate", "activate"]).required(true).multiple(true),
    after_help = "A deactivated member is shut out of this clinic at once, on all machines. The roles given replace the \
                  present ones; athlete and supporter can be taken away here, and are given by invitation alone."
)]
pub(crate) struct Args {
    /// Id, e-mail address or name
    person: String,
    /// What the person shall be, separated by commas
    #[arg(long, value_name = "ROLE,…", value_parser = role::parse_set)]
    roles: Option<role::Set>,
    /// Shut the person out
    #[arg(long, conflicts_with = "activate")]
    deactivate: bool,
    /// Let the person in again
    #[arg(long)]
    activate: bool,
    /// Refuse if the member has changed since this etag was read [default: the present one]
    #[arg(long)]
    etag: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let member = person::member(&mut connection, &args.person).await?;
    let etag = args.etag.unwrap_or(member.etag);
    let request = v1::UpdateMemberRequest {
        request_id: context.request_id_with_etag(&etag).to_string(),
        person_id: member.person_id,
        etag,
        roles: args.roles.map(role::Set::message),
        deactivated: (args.deactivate || args.activate).then_some(args.deactivate),
    };
    let answer = connection
        .call(request, async |c, r| {
            ClinicServiceClient::new(c).update_member(r).await
        })
        .await?;
    context
        .out
        .show(&Member::of(&answer, answer.member.as_ref()))
}
