//! `rung checkin correct`

use rung_proto::v1;
use rung_proto::v1::check_in::Report;
use rung_proto::v1::check_in_service_client::CheckInServiceClient;
use uuid::Uuid;

use super::{morning, report, session, unplanned, wellness};
use crate::connection::Connection;
use crate::context::Context;
use crate::error::{Failure, Result};
use crate::flag::Flags;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The check-in stays as it is; the correction names it and carries everything that is right: what is not \
                  said now is taken from what was said last. Your physiotherapist is asked to look."
)]
pub(crate) struct Args {
    /// Id of the check-in: `rung checkin list` shows it
    #[arg(value_name = "ID")]
    check_in: Uuid,
    /// What it is
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Kind {
    /// It is a session
    Session(Box<session::Args>),
    /// It is an activity beside the plan
    Unplanned(Box<unplanned::Args>),
    /// It is a morning
    Morning(morning::Args),
    /// It says how a day was
    Wellness(wellness::Args),
}

impl Kind {
    fn common(&self) -> &report::Common {
        match self {
            Self::Session(args) => args.common(),
            Self::Unplanned(args) => args.common(),
            Self::Morning(args) => args.common(),
            Self::Wellness(args) => args.common(),
        }
    }

    fn flags(&self) -> Flags {
        match self {
            Self::Session(_) => session::FLAGS,
            Self::Unplanned(_) => unplanned::FLAGS,
            Self::Morning(_) => morning::FLAGS,
            Self::Wellness(_) => wellness::FLAGS,
        }
    }
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(args.kind.flags()).await?;
    let athlete_id = args.kind.common().athlete_id(&mut connection).await?;
    let mut before = last(&mut connection, &athlete_id, args.check_in).await?;
    // As it was named: sent again, it must not name itself.
    before.id = args.check_in.to_string();
    let check_in = match (args.kind, before.report.take()) {
        (Kind::Session(args), Some(Report::Session(said))) => {
            session::corrected(*args, before, said, &mut connection, context).await?
        }
        (Kind::Unplanned(args), Some(Report::Unplanned(said))) => {
            unplanned::corrected(&args, before, said)?
        }
        (Kind::Morning(args), Some(Report::Morning(said))) => {
            morning::corrected(&args, before, said)
        }
        (Kind::Wellness(args), Some(Report::Wellness(said))) => {
            wellness::corrected(&args, before, said)
        }
        (_, said) => return Err(other_kind(said.as_ref(), args.check_in)),
    };
    report::correct(&mut connection, context, check_in).await
}

/// What was said last: the check-in, or its newest correction.
async fn last(connection: &mut Connection, athlete_id: &str, id: Uuid) -> Result<v1::CheckIn> {
    let check_in = get(connection, athlete_id, id.to_string()).await?;
    if check_in.corrected_by.is_empty() {
        return Ok(check_in);
    }
    get(connection, athlete_id, check_in.corrected_by).await
}

async fn get(
    connection: &mut Connection,
    athlete_id: &str,
    check_in_id: String,
) -> Result<v1::CheckIn> {
    let request = v1::GetCheckInRequest {
        athlete_id: athlete_id.to_owned(),
        check_in_id,
    };
    let answer = connection
        .call(request, async |c, r| {
            CheckInServiceClient::new(c).get_check_in(r).await
        })
        .await?;
    Ok(answer.check_in.unwrap_or_default())
}

fn other_kind(said: Option<&Report>, id: Uuid) -> Box<Failure> {
    let kind = match said {
        Some(Report::Session(_)) => "session",
        Some(Report::Unplanned(_)) => "unplanned",
        Some(Report::Morning(_)) => "morning",
        Some(Report::Wellness(_)) => "wellness",
        None => return Failure::bad_input("KIND", "This client does not know its kind."),
    };
    Failure::bad_input("KIND", format!("That check-in is of the kind {kind:?}."))
        .advise(format!("rung checkin correct {id} {kind} …"))
}
