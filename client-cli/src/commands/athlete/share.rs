//! `rung athletes share`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference;
use crate::view::athlete::Athlete;

pub(crate) const FLAGS: Flags = &[
    ("athlete_id", "ATHLETE"),
    ("person_id", "PERSON_ID"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name or id
    athlete: String,
    /// The physiotherapist, as `rung members list` shows
    person_id: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = reference::athlete_id(&mut connection, &args.athlete).await?;
    let request = v1::AddCareTeamMemberRequest {
        request_id: context.request_id().to_string(),
        athlete_id: athlete_id.clone(),
        person_id: args.person_id,
    };
    connection
        .call(request, async |c, r| {
            AthleteServiceClient::new(c).add_care_team_member(r).await
        })
        .await?;
    let answer = connection
        .call(v1::GetAthleteRequest { athlete_id }, async |c, r| {
            AthleteServiceClient::new(c).get_athlete(r).await
        })
        .await?;
    context
        .out
        .show(&Athlete::of(&answer, answer.athlete.as_ref()))
}
