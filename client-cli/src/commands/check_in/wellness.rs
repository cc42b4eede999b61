//! `rung checkin wellness`

use rung_proto::v1;

use super::report::{Common, YesNo, submit};
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
    ("check_in.wellness.ill", "--ill"),
    ("check_in.wellness.sleep", "--sleep"),
    ("check_in.wellness.energy", "--energy"),
    ("check_in.wellness.calm", "--calm"),
    ("check_in.wellness.mood", "--mood"),
    ("check_in.wellness.freshness", "--freshness"),
    ("check_in.wellness.fuelling", "--fuelling"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Whether you are ill and red flags have to be said; silence is never read as \"no\". Being ill holds the \
                  plan until you say that you are not. Of the rest anything may be left out: it makes a day lighter, and \
                  nothing else."
)]
pub(crate) struct Args {
    /// Whether you are ill
    #[arg(long, value_name = "yes|no", hide_possible_values = true)]
    ill: Option<YesNo>,
    /// Sleep last night, minutes
    #[arg(long, value_name = "MIN", allow_negative_numbers = true)]
    sleep: Option<i32>,
    /// Energy, 1–5, 1 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    energy: Option<i32>,
    /// Calm, the opposite of stress, 1–5, 1 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    calm: Option<i32>,
    /// Mood, 1–5, 1 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    mood: Option<i32>,
    /// Freshness, the opposite of fatigue and soreness, 1–5, 1 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    freshness: Option<i32>,
    /// Enough to eat and drink, 1–5, 1 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    fuelling: Option<i32>,
    #[command(flatten)]
    common: Common,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = args.common.athlete_id(&mut connection).await?;
    let report = v1::check_in::Report::Wellness(args.report(v1::WellnessReport::default()));
    let check_in = args.common.check_in(athlete_id, None, report);
    submit(&mut connection, context, check_in).await
}

/// The answers with what the flags say; what they leave open stays as it was.
pub(super) fn corrected(args: &Args, before: v1::CheckIn, said: v1::WellnessReport) -> v1::CheckIn {
    let report = v1::check_in::Report::Wellness(args.report(said));
    args.common.correction(before, None, report)
}

impl Args {
    pub(super) fn common(&self) -> &Common {
        &self.common
    }

    fn report(&self, before: v1::WellnessReport) -> v1::WellnessReport {
        v1::WellnessReport {
            ill: self.ill.map(bool::from).or(before.ill),
            sleep: self.sleep.or(before.sleep),
            energy: self.energy.or(before.energy),
            calm: self.calm.or(before.calm),
            mood: self.mood.or(before.mood),
            freshness: self.freshness.or(before.freshness),
            fuelling: self.fuelling.or(before.fuelling),
        }
    }
}
