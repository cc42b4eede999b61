//! `rung athletes care …`

mod add;
mod lead;
mod remove;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference::{self, person};

/// Fields of all three requests.
pub(crate) const FLAGS: Flags = &[
    ("athlete_id", "ATHLETE"),
    ("person_id", "PERSON"),
    ("request_id", "--request-id"),
];

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// Add a physiotherapist of the clinic to the care team
    Add(Args),
    /// Take a physiotherapist off the care team; they see nothing more
    Remove(Args),
    /// Make a physiotherapist of the clinic the lead; the former one stays on the team
    Lead(Args),
}

/// Whose care, and who.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Name or id; an athlete who is not in your care by id only
    athlete: String,
    /// The physiotherapist: id, e-mail address or name
    person: String,
}

impl Args {
    /// The ids of athlete and physiotherapist.
    async fn read(&self, connection: &mut Connection) -> Result<(String, String)> {
        let athlete_id = reference::athlete_id(connection, &self.athlete).await?;
        let person_id = person::member_id(connection, &self.person).await?;
        Ok((athlete_id, person_id))
    }
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::Add(args) => add::run(args, context).await,
        Verb::Remove(args) => remove::run(args, context).await,
        Verb::Lead(args) => lead::run(args, context).await,
    }
}
