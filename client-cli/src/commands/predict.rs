//! `rung predict`

use chrono::{DateTime, Utc};
use rung_proto::v1;
use rung_proto::v1::check_in_service_client::CheckInServiceClient;
use uuid::Uuid;

use super::today;
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::prediction::Recorded;
use crate::{clock, reference, time};

pub(crate) const FLAGS: Flags = &[
    ("prediction.id", "--id"),
    ("prediction.athlete_id", "--athlete"),
    ("athlete_id", "--athlete"),
    ("prediction.track_id", "--track"),
    ("prediction.rung", "--rung"),
    ("prediction.made_at", "--at"),
    ("prediction.feared_outcome", "--feared"),
    ("prediction.likelihood", "--likelihood"),
    ("prediction.expected_fear", "--expected-fear"),
    ("prediction.expected_pain", "--expected-pain"),
];

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Say it before the session; afterwards `rung checkin session --prediction ID` asks how it was. What is \
                  feared and all three numbers have to be said."
)]
pub(crate) struct Args {
    /// What you fear will happen
    #[arg(long, value_name = "TEXT")]
    feared: Option<String>,
    /// How likely you think it is, percent, 0–100
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    likelihood: Option<i32>,
    /// Fear you expect during the session, 0–100, 100 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    expected_fear: Option<i32>,
    /// Worst pain you expect during the session, 0–10, 10 worst
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    expected_pain: Option<i32>,
    /// Rung that it is about, index from 0 [default: today's]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    rung: Option<i32>,
    /// Track it belongs to, for a plan with several: id, or title of its ladder
    #[arg(long)]
    track: Option<String>,
    /// Whose prediction: name or id [default: your own]
    #[arg(long)]
    athlete: Option<String>,
    /// When you said it, such as 2026-03-01T07:30:00+01:00 [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = time::parse_instant)]
    at: Option<DateTime<Utc>>,
    /// Id of the prediction, to repeat one whose answer got lost [default: a fresh one]
    #[arg(long, value_name = "UUID")]
    id: Option<Uuid>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let track = args.track.as_deref();
    let made_at = args.at.unwrap_or_else(clock::now);
    let on = made_at.with_timezone(&context.out.zone()).date_naive();
    let (track_id, rung) = today::place(&mut connection, &athlete_id, track, args.rung, on).await?;
    let id = args.id.unwrap_or_else(clock::fresh_id).to_string();
    let made_at = time::timestamp(made_at);
    let rung_flag = rung.map_or_else(String::new, |rung| format!(" --rung {rung}"));
    let at = time::machine(Some(&made_at));
    context.retry_with(format!("--id {id} --at {at}{rung_flag}"));
    let request = v1::RecordPredictionRequest {
        prediction: Some(v1::Prediction {
            id,
            athlete_id,
            track_id,
            rung,
            made_at: Some(made_at),
            feared_outcome: args.feared.unwrap_or_default(),
            likelihood: args.likelihood,
            expected_fear: args.expected_fear,
            expected_pain: args.expected_pain,
            ..Default::default()
        }),
    };
    let answer = connection
        .call(request, async |c, r| {
            CheckInServiceClient::new(c).record_prediction(r).await
        })
        .await?;
    context.out.show(&Recorded(answer))
}
