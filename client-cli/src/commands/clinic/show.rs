//! `rung clinic show`

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::view::clinic::Clinic;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) async fn run(_args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[]).await?;
    let answer = connection
        .call(v1::GetClinicRequest {}, async |c, r| {
            ClinicServiceClient::new(c).get_clinic(r).await
        })
        .await?;
    context
        .out
        .show(&Clinic::of(&answer, answer.clinic.as_ref()))
}
