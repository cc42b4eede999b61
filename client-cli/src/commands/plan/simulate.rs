//! `rung plan simulate`

use std::collections::BTreeMap;
use std::path::PathBuf;

use rung_proto::v1;
use rung_proto::v1::simulation_service_client::SimulationServiceClient;

use crate::context::Context;
use crate::error::Result;
use crate::reference;
use crate::view::simulation::Simulated;
use crate::what_if;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Nothing is stored, and nobody's plan is touched. The file has a [definition] and [[events]], which \
                  docs/simulation.md explains; an event's number is its place in the file, from 0."
)]
pub(crate) struct Args {
    /// Plan and events, TOML or JSON (*.json)
    file: PathBuf,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let file = what_if::read(&args.file)?;
    // What the server says of a field is found in the file under the same path.
    let mut connection = context.connect(&[]).await?;
    let mut ladders = BTreeMap::new();
    for text in file.ladders() {
        let ladder = reference::ladder(&mut connection, &text).await?;
        ladders.insert(text, ladder.id);
    }
    let (request, names) = file.request(ladders)?;
    let events = request.events.clone();
    let answer: v1::SimulatePlanResponse = connection
        .call(request, async |c, r| {
            // As long a history as is taken may be a longer answer than clients expect.
            let client = SimulationServiceClient::new(c).max_decoding_message_size(MAX_BYTES);
            { client }.simulate_plan(r).await
        })
        .await?;
    context.out.show(&Simulated {
        answer,
        events,
        names,
    })
}

/// The longest answer that is read.
const MAX_BYTES: usize = 64 * 1024 * 1024;
