//! `rung caseload`

use rung_proto::v1;
use rung_proto::v1::triage_service_client::TriageServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::page;
use crate::view::caseload::Caseload;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let entries = page::all(async |page_token| {
        let request = v1::ListCaseloadRequest {
            page_size: page::SIZE,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                TriageServiceClient::new(c).list_caseload(r).await
            })
            .await?;
        Ok((answer.entries, answer.next_page_token))
    })
    .await?;
    context.out.show(&Caseload(entries))
}
