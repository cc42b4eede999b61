//! `rung members reset`

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference::person;
use crate::view::member::ResetCode;

pub(crate) const FLAGS: Flags = &[("person_id", "PERSON"), ("request_id", "--request-id")];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Hand the code over in person or by telephone, and make sure whom you speak to: whoever has it sets the \
                  password. A second factor stays and is asked for as always."
)]
pub(crate) struct Args {
    /// Id, e-mail address or name
    person: String,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let request = v1::ResetCredentialsRequest {
        person_id: person::member_id(&mut connection, &args.person).await?,
        request_id: context.request_id().to_string(),
    };
    let answer = connection
        .call(request, async |c, r| {
            ClinicServiceClient::new(c).reset_credentials(r).await
        })
        .await?;
    context.out.show(&ResetCode {
        answer,
        server: connection.server().to_owned(),
    })
}
