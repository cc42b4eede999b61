//! `rung members list`

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::page;
use crate::view::member::Members;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let members = page::all(async |page_token| {
        let request = v1::ListMembersRequest {
            page_size: page::SIZE,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                ClinicServiceClient::new(c).list_members(r).await
            })
            .await?;
        Ok((answer.members, answer.next_page_token))
    })
    .await?;
    context.out.show(&Members(members))
}
