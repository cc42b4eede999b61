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

/// Track and rung of a session that began then. What was not said is today's, where that is one thing and today is when
/// it began; otherwise it stays open for the server to ask.
pub(crate) async fn place(
    connection: &mut Connection,
    athlete_id: &str,
    track: Option<&str>,
    rung: Option<i32>,
    began: NaiveDate,
) -> Result<(String, Option<i32>)> {
    let said = track.unwrap_or_default();
    if rung.is_some() && (said.is_empty() || reference::is_id(said)) {
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
    let (track, of_today) = choose(&today.tracks, said);
    let is_today = today.date.as_ref() == Some(&time::date(began));
    Ok((track, rung.or(of_today.filter(|_| is_today))))
}

/// The track that was said, or the only one, with the rung it is on.
fn choose(tracks: &[v1::TrackToday], said: &str) -> (String, Option<i32>) {
    let chosen = match (said, tracks) {
        ("", [only]) => Some(only),
        ("", _) => None,
        _ => tracks
            .iter()
            .find(|t| reference::is_track(said, &t.track_id, &t.ladder_key, &t.ladder_title)),
    };
    match chosen {
        Some(track) => (track.track_id.clone(), Some(track.rung_index)),
        None => (said.to_owned(), None),
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
            ladder_key: format!("key-{id}"),
            rung_index: rung,
            ..Default::default()
        };
        let one = [track("a", 3)];
        let two = [track("a", 3), track("b", 5)];
        assert_eq!(choose(&one, ""), ("a".into(), Some(3)));
        assert_eq!(choose(&two, ""), (String::new(), None));
        for said in ["b", "key-b", "ladder b"] {
            assert_eq!(choose(&two, said), ("b".into(), Some(5)));
        }
        assert_eq!(choose(&one, "zzz"), ("zzz".into(), None));
    }
}
