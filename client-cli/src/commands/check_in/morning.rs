//! `rung checkin morning`

use rung_proto::v1;

use super::report::{Common, Swelling, submit};
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;

pub(crate) const FLAGS: Flags = &[
    ("check_in.id", "--id"),
    ("check_in.athlete_id", "--athlete"),
    ("check_in.performed_at", "--at"),
    ("check_in.time_zone", "--zone"),
    ("check_in.red_flags", "--red-flag or --no-red-flags"),
    ("check_in.red_flags[*]", "--red-flag"),
    ("check_in.no_red_flags", "--red-flag or --no-red-flags"),
    ("check_in.note", "--note"),
    ("check_in.revision", "--revision"),
    ("check_in.morning.pain", "--pain"),
    ("check_in.morning.stiffness", "--stiffness"),
    ("check_in.morning.swelling", "--swelling"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Pain, swelling and red flags have to be said; silence is never read as \"none\"."
)]
pub(crate) struct Args {
    /// Pain this morning, 0–10, 10 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pain: Option<i32>,
    /// Morning stiffness, minutes 0–600
    #[arg(long, value_name = "MIN", allow_negative_numbers = true)]
    stiffness: Option<i32>,
    /// Swelling against the day before
    #[arg(long)]
    swelling: Option<Swelling>,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = args.common.athlete_id(&mut connection).await?;
    let report = v1::check_in::Report::Morning(args.report(v1::MorningReport::default()));
    let check_in = args.common.check_in(athlete_id, None, report);
    submit(&mut connection, context, check_in).await
}

/// The morning with what the flags say; what they leave open stays as it was.
pub(super) fn corrected(args: &Args, before: v1::CheckIn, said: v1::MorningReport) -> v1::CheckIn {
    let report = v1::check_in::Report::Morning(args.report(said));
    args.common.correction(before, None, report)
}

impl Args {
    pub(super) fn common(&self) -> &Common {
        &self.common
    }

    fn report(&self, before: v1::MorningReport) -> v1::MorningReport {
        v1::MorningReport {
            pain: self.pain.or(before.pain),
            stiffness: self.stiffness.or(before.stiffness),
            swelling: self
                .swelling
                .map_or(before.swelling, |said| Swelling::code(Some(said))),
        }
    }
}
