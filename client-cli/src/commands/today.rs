//! `rung today`

use chrono::NaiveDate;
use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::today::Today;
use crate::{reference, time};

pub(crate) const FLAGS: Flags = &[("athlete_id", "--athlete"), ("date", "--date")];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Whose day: name or id [default: your own]
    #[arg(long)]
    athlete: Option<String>,
    /// Which day [default: today, where the athlete lives]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = time::parse_date)]
    date: Option<NaiveDate>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let athlete_id = match &args.athlete {
        Some(text) => reference::athlete_id(&mut connection, text).await?,
        None => String::new(),
    };
    let request = v1::GetTodayRequest {
        athlete_id,
        date: args.date.map(time::date),
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).get_today(r).await
        })
        .await?;
    context.out.show(&Today(answer))
}

/// Track and rung of a session. What was not said is today's, where that is one thing; otherwise it stays open for the
/// server to ask.
pub(crate) async fn place(
    connection: &mut Connection,
    athlete_id: &str,
    track: Option<&str>,
    rung: Option<i32>,
) -> Result<(String, Option<i32>)> {
    let is_id = |text: &str| uuid::Uuid::parse_str(text).is_ok();
    let said = track.unwrap_or_default();
    if rung.is_some() && (said.is_empty() || is_id(said)) {
        return Ok((said.to_owned(), rung));
    }
    let request = v1::GetTodayRequest {
        athlete_id: athlete_id.to_owned(),
        date: None,
    };
    let today = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).get_today(r).await
        })
        .await?;
    Ok(choose(&today.tracks, said.to_owned(), rung))
}

fn choose(tracks: &[v1::TrackToday], said: String, rung: Option<i32>) -> (String, Option<i32>) {
    let chosen = match (said.is_empty(), tracks) {
        (true, [only]) => Some(only),
        (true, _) => None,
        (false, _) => tracks
            .iter()
            .find(|t| t.track_id == said || t.ladder_title == said),
    };
    match chosen {
        Some(track) => (track.track_id.clone(), rung.or(Some(track.rung_index))),
        None => (said, rung),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rung_of_today_is_taken_when_it_is_one_rung() {
        let track = |id: &str, rung| v1::TrackToday {
            track_id: id.into(),
            ladder_title: format!("ladder {id}"),
            rung_index: rung,
            ..Default::default()
        };
        let one = [track("a", 3)];
        let two = [track("a", 3), track("b", 5)];
        assert_eq!(choose(&one, String::new(), None), ("a".into(), Some(3)));
        assert_eq!(choose(&two, String::new(), None), (String::new(), None));
        assert_eq!(choose(&two, "ladder b".into(), None), ("b".into(), Some(5)));
        assert_eq!(choose(&two, "b".into(), Some(4)), ("b".into(), Some(4)));
        assert_eq!(choose(&one, "zzz".into(), None), ("zzz".into(), None));
    }
}
