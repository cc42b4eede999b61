//! `rung clinic set`

use rung_proto::v1;
use rung_proto::v1::clinic_service_client::ClinicServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::role;
use crate::view::clinic::Clinic;

pub(crate) const FLAGS: Flags = &[
    ("name", "--name"),
    ("shared_care", "--shared-care"),
    ("second_factor_roles", "--require-second-factor"),
    ("etag", "--etag"),
    ("request_id", "--request-id"),
];

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Switch {
    On,
    Off,
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("change").args(["name", "shared_care", "require_second_factor"]).required(true).multiple(true))]
pub(crate) struct Args {
    /// Name of the clinic
    #[arg(long)]
    name: Option<String>,
    /// Whether every physiotherapist of the clinic is in care of every athlete of it
    #[arg(long, value_name = "on|off", hide_possible_values = true)]
    shared_care: Option<Switch>,
    /// Roles that are let in with a second factor only, separated by commas, or `none`; who has none is shut out until
    /// they enrol
    #[arg(long, value_name = "ROLE,…", value_parser = role::parse_set)]
    require_second_factor: Option<role::Set>,
    /// Refuse if the clinic has changed since this etag was read [default: the present one]
    #[arg(long)]
    etag: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let etag = match args.etag {
        Some(etag) => etag,
        None => {
            connection
                .call(v1::GetClinicRequest {}, async |c, r| {
                    ClinicServiceClient::new(c).get_clinic(r).await
                })
                .await?
                .clinic
                .unwrap_or_default()
                .etag
        }
    };
    let request = v1::UpdateClinicRequest {
        request_id: context.request_id_with_etag(&etag).to_string(),
        etag,
        name: args.name,
        shared_care: args.shared_care.map(|s| matches!(s, Switch::On)),
        second_factor_roles: args.require_second_factor.map(role::Set::message),
    };
    let answer = connection
        .call(request, async |c, r| {
            ClinicServiceClient::new(c).update_clinic(r).await
        })
        .await?;
    context
        .out
        .show(&Clinic::of(&answer, answer.clinic.as_ref()))
}
