//! `rung athletes care add`

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;

use super::{Args, FLAGS};
use crate::context::Context;
use crate::error::Result;
use crate::view::care_team::CareTeam;

pub(super) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let (athlete_id, person_id) = args.read(&mut connection).await?;
    let request = v1::AddCareTeamMemberRequest {
        request_id: context.request_id().to_string(),
        athlete_id,
        person_id,
    };
    let answer = connection
        .call(request, async |c, r| {
            AthleteServiceClient::new(c).add_care_team_member(r).await
        })
        .await?;
    context.out.show(&CareTeam::of(
        &answer,
        &answer.athlete_id,
        &answer.care_team,
    ))
}
