//! How people name things: an athlete by name, a ladder by key, a plan by its athlete. Ids always work.

pub(crate) mod person;

use rung_proto::v1;
use rung_proto::v1::athlete_service_client::AthleteServiceClient;
use rung_proto::v1::ladder_service_client::LadderServiceClient;
use rung_proto::v1::plan_service_client::PlanServiceClient;
use uuid::Uuid;

use crate::connection::Connection;
use crate::context::own_athlete;
use crate::error::{Exit, Failure, Result};
use crate::page;

/// Whether a text is an id rather than a name.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 36 && Uuid::parse_str(text).is_ok()
}

/// Whether a text names a track: by its id, or by its ladder's key or title.
pub(crate) fn is_track(text: &str, id: &str, key: &str, title: &str) -> bool {
    [id, key, title].contains(&text)
}

/// All athletes in the caller's care.
pub(crate) async fn athletes(connection: &mut Connection) -> Result<Vec<v1::Athlete>> {
    page::all(async |page_token| {
        let request = v1::ListAthletesRequest {
            page_size: page::SIZE,
            page_token,
        };
        let answer = connection
            .call(request, async |c, r| {
                AthleteServiceClient::new(c).list_athletes(r).await
            })
            .await?;
        Ok((answer.athletes, answer.next_page_token))
    })
    .await
}

/// All ladders the clinic can use; those that are not offered any more if `include_archived`.
pub(crate) async fn ladders(
    connection: &mut Connection,
    include_archived: bool,
) -> Result<Vec<v1::Ladder>> {
    page::all(async |page_token| {
        let request = v1::ListLaddersRequest {
            page_size: page::SIZE,
            page_token,
            include_archived,
        };
        let answer = connection
            .call(request, async |c, r| {
                LadderServiceClient::new(c).list_ladders(r).await
            })
            .await?;
        Ok((answer.ladders, answer.next_page_token))
    })
    .await
}

/// The id of an athlete given by id or by name.
pub(crate) async fn athlete_id(connection: &mut Connection, text: &str) -> Result<String> {
    if is_id(text) {
        return Ok(text.to_owned());
    }
    let all = athletes(connection).await?;
    by_name(&all, text).map(|athlete| athlete.id.clone())
}

/// The id of an athlete; the caller's own when none is named.
pub(crate) async fn athlete_or_self(
    connection: &mut Connection,
    text: Option<&str>,
) -> Result<String> {
    match text {
        Some(text) => athlete_id(connection, text).await,
        None => own_athlete(connection).await,
    }
}

fn by_name<'a>(athletes: &'a [v1::Athlete], name: &str) -> Result<&'a v1::Athlete> {
    let found: Vec<&v1::Athlete> = athletes.iter().filter(|a| a.display_name == name).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::new(
            Exit::NotFound,
            "NOT_FOUND",
            format!("No athlete in your care is called {name:?}."),
        )
        .advise("`rung athletes list` shows their names; others can be named by id only.")),
        several => {
            let ids: Vec<&str> = several.iter().map(|a| a.id.as_str()).collect();
            Err(Failure::bad_input(
                "AMBIGUOUS",
                format!("{} athletes are called {name:?}.", several.len()),
            )
            .advise(format!("Say which one by id: {}", ids.join(", "))))
        }
    }
}

/// A ladder given by id, by key (newest published version) or by `key@version`.
pub(crate) async fn ladder(connection: &mut Connection, text: &str) -> Result<v1::Ladder> {
    if !is_id(text) {
        let all = ladders(connection, true).await?;
        return by_key(all, text);
    }
    let request = v1::GetLadderRequest {
        ladder_id: text.to_owned(),
    };
    let answer = connection
        .call(request, async |c, r| {
            LadderServiceClient::new(c).get_ladder(r).await
        })
        .await?;
    Ok(answer.ladder.unwrap_or_default())
}

fn by_key(ladders: Vec<v1::Ladder>, text: &str) -> Result<v1::Ladder> {
    let (key, version) = match text.split_once('@') {
        Some((key, version)) => {
            let version: i32 = version.parse().map_err(|_| {
                Failure::bad_input("LADDER", format!("{text:?}: the version is not a number"))
            })?;
            (key, Some(version))
        }
        None => (text, None),
    };
    let wanted = |l: &v1::Ladder| match version {
        Some(version) => l.version == version,
        None => l.state() == v1::LadderState::Published,
    };
    ladders
        .into_iter()
        .filter(|l| l.definition.as_ref().is_some_and(|d| d.key == key) && wanted(l))
        .max_by_key(|l| l.version)
        .ok_or_else(|| {
            Failure::new(
                Exit::NotFound,
                "NOT_FOUND",
                format!("There is no ladder {text:?}."),
            )
            .advise("`rung ladders list` shows what there is.")
        })
}

/// A plan given by its id, by its athlete's id or by its athlete's name; the caller's own when none is named.
pub(crate) async fn plan(connection: &mut Connection, text: Option<&str>) -> Result<v1::Plan> {
    let of_athlete = match text {
        Some(text) if is_id(text) => {
            let request = v1::GetPlanRequest {
                plan_id: text.to_owned(),
                revision: 0,
            };
            let answer = connection
                .call(request, async |c, r| {
                    PlanServiceClient::new(c).get_plan(r).await
                })
                .await;
            match answer {
                Ok(answer) => return Ok(answer.plan.unwrap_or_default()),
                // No plan of this id: it may be an athlete's. If it is not, this is the answer.
                Err(failure) if failure.exit == Exit::NotFound => {
                    plan_of(connection, text).await.map_err(|second| {
                        if second.exit == Exit::NotFound {
                            failure
                        } else {
                            second
                        }
                    })?
                }
                Err(failure) => return Err(failure),
            }
        }
        Some(name) => {
            let all = athletes(connection).await?;
            by_name(&all, name)?.plan_id.clone()
        }
        None => {
            let own = own_athlete(connection).await?;
            plan_of(connection, &own).await?
        }
    };
    if of_athlete.is_empty() {
        return Err(
            Failure::new(Exit::Conflict, "NO_PLAN", "The athlete has no plan yet.").advise(
                "A physiotherapist prescribes one: rung plan prescribe ATHLETE --ladder LADDER …",
            ),
        );
    }
    let request = v1::GetPlanRequest {
        plan_id: of_athlete,
        revision: 0,
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).get_plan(r).await
        })
        .await?;
    Ok(answer.plan.unwrap_or_default())
}

async fn plan_of(connection: &mut Connection, athlete_id: &str) -> Result<String> {
    let request = v1::GetAthleteRequest {
        athlete_id: athlete_id.to_owned(),
    };
    let answer = connection
        .call(request, async |c, r| {
            AthleteServiceClient::new(c).get_athlete(r).await
        })
        .await?;
    Ok(answer.athlete.unwrap_or_default().plan_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn athlete(id: &str, name: &str) -> v1::Athlete {
        v1::Athlete {
            id: id.into(),
            display_name: name.into(),
            ..Default::default()
        }
    }

    fn version(key: &str, version: i32, state: v1::LadderState) -> v1::Ladder {
        let definition = v1::LadderDefinition {
            key: key.into(),
            ..Default::default()
        };
        v1::Ladder {
            version,
            state: state.into(),
            definition: Some(definition),
            ..Default::default()
        }
    }

    #[test]
    fn a_name_is_taken_when_it_names_one_athlete() {
        let all = [athlete("1", "Ada"), athlete("2", "Bo"), athlete("3", "Bo")];
        assert_eq!(by_name(&all, "Ada").unwrap().id, "1");
        assert_eq!(by_name(&all, "ada").unwrap_err().exit, Exit::NotFound);
        let both = by_name(&all, "Bo").unwrap_err();
        assert_eq!(both.exit, Exit::BadInput);
        assert!(both.advice[0].contains("2, 3"));
    }

    #[test]
    fn a_key_is_its_newest_published_version_and_a_version_is_itself() {
        use v1::LadderState::{Archived, Draft, Published};
        let all = || {
            vec![
                version("run", 1, Published),
                version("run", 2, Published),
                version("run", 3, Archived),
                version("run", 4, Draft),
                version("hop", 1, Draft),
            ]
        };
        assert_eq!(by_key(all(), "run").unwrap().version, 2);
        assert_eq!(by_key(all(), "run@1").unwrap().version, 1);
        assert_eq!(by_key(all(), "run@3").unwrap().version, 3);
        assert_eq!(by_key(all(), "run@4").unwrap().version, 4);
        assert_eq!(by_key(all(), "hop").unwrap_err().exit, Exit::NotFound);
        assert_eq!(by_key(all(), "run@9").unwrap_err().exit, Exit::NotFound);
        assert_eq!(by_key(all(), "run@x").unwrap_err().exit, Exit::BadInput);
    }
}
