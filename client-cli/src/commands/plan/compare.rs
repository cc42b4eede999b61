//! `rung plan compare`

use std::collections::BTreeMap;

use rung_proto::v1;
use rung_proto::v1::simulation_service_client::SimulationServiceClient;

use super::policy_flag::{self, Edit};
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference;
use crate::view::comparison::Comparisons;

pub(crate) const FLAGS: Flags = &[
    ("athlete_id", "--athlete"),
    ("policy", "--policy"),
    ("ladder.key", "--instead-of"),
    ("ladder", "--ladder"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Runs what happened over the plans as they are and over what they would be, and shows what each would \
                  have decided. Nothing is stored, and no plan is touched."
)]
pub(crate) struct Args {
    /// Whose history: name or id [default: everybody in your care]
    #[arg(long)]
    athlete: Option<String>,
    /// Change one number of the policy of every track; may be given several times
    #[arg(long, value_name = "KEY=VALUE", value_parser = policy_flag::parse)]
    policy: Vec<Edit>,
    /// Put tracks on another ladder or version: key (its newest published version), key@version, or id
    #[arg(long)]
    ladder: Option<String>,
    /// Key of the ladder that is replaced [default: the key of the other one, of which it is another version]
    #[arg(long, value_name = "KEY", requires = "ladder")]
    instead_of: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athletes = reference::athletes(&mut connection).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let ladder = match &args.ladder {
        Some(text) => Some(v1::LadderSwap {
            key: args.instead_of.unwrap_or_default(),
            ladder_id: reference::ladder(&mut connection, text).await?.id,
        }),
        None => None,
    };
    let request = v1::ComparePoliciesRequest {
        athlete_id,
        policy: policy_flag::policy(&args.policy),
        ladder,
    };
    let mut answers = connection
        .call(request, async |c, r| {
            SimulationServiceClient::new(c).compare_policies(r).await
        })
        .await?;
    let mut comparisons = Vec::new();
    while let Some(answer) = answers
        .message()
        .await
        .map_err(|s| connection.refused(&s))?
    {
        comparisons.push(answer);
    }
    let names: BTreeMap<String, String> = athletes
        .into_iter()
        .map(|athlete| (athlete.id, athlete.display_name))
        .collect();
    context.out.show(&Comparisons { comparisons, names })
}
