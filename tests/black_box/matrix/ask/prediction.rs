//! What athletes expect.

use rung_proto::v1;
use rung_tests::{Result, now};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{
    answer::Expect,
    table::Object,
    world::{Record, World},
};

/// Of the predictions of everybody but the own athlete.
const NOT_TOLD: &str = "The bridge falls down.";
/// Free text: for those alone who may read notes.
const FEARED: &str = "The knee gives way.";

impl Scene<'_> {
    /// About the athlete of the object; in the rows of the other ids, about the own athlete with an id of the object.
    pub(super) async fn prediction(&self, rpc: &str, field: &str) -> Result<Ask> {
        let record = self.record();
        if rpc == "ListPredictions" {
            if self.allowed {
                expects(self.world, &self.world.at(self.object), FEARED).await?;
            }
            let mut expect = vec![Expect::is("/predictions/*/athlete_id", &record.athlete)];
            expect.push(if self.caller == "supp" {
                Expect::Lacks(FEARED.to_owned())
            } else {
                Expect::has("/predictions/*/feared_outcome", FEARED)
            });
            let request = v1::ListPredictionsRequest {
                athlete_id: record.athlete,
                ..v1::ListPredictionsRequest::default()
            };
            return Ok(ask(&request, expect));
        }
        let own = &self.world.own;
        let mut sent = prediction(&own.athlete, FEARED);
        match field {
            "prediction.athlete_id" => sent.athlete_id = record.athlete,
            "prediction.id" => match self.object {
                Object::Missing => {}
                // A repeat of what is stored already, word for word.
                Object::Own => stored(self.world, own.keeper, &sent).await?,
                // The id is taken, by another athlete.
                _ => {
                    let theirs = v1::Prediction {
                        id: sent.id.clone(),
                        ..prediction(&record.athlete, NOT_TOLD)
                    };
                    stored(self.world, record.keeper, &theirs).await?;
                }
            },
            "prediction.plan_id" => {
                sent.plan_id = record.plan;
                sent.entered_by = self.world.people.id(record.mate)?;
                sent.revision = 7777;
            }
            "prediction.check_in_id" => {
                sent.check_in_id = fresh();
                sent.late = true;
            }
            _ => sent.track_id = record.track,
        }
        let mut expect = vec![
            Expect::is("/prediction/id", &sent.id),
            Expect::is("/prediction/athlete_id", &sent.athlete_id),
            Expect::is("/prediction/check_in_id", ""),
            Expect::is("/prediction/late", "false"),
            Expect::Lacks(NOT_TOLD.to_owned()),
        ];
        if field != "prediction.athlete_id" {
            expect.push(Expect::is("/prediction/plan_id", &own.plan));
            expect.push(Expect::is("/prediction/track_id", &own.track));
        }
        if field == "prediction.plan_id" && self.allowed {
            let id = self.world.people.id(self.caller)?;
            expect.push(Expect::is("/prediction/entered_by", &id));
            let now = self.world.plan(own).await?.revision.to_string();
            expect.push(Expect::is("/prediction/revision", &now));
        }
        let request = v1::RecordPredictionRequest {
            prediction: Some(sent),
        };
        Ok(ask(&request, expect))
    }
}

/// What an athlete expects of the lowest rung.
fn prediction(athlete: &str, feared: &str) -> v1::Prediction {
    v1::Prediction {
        id: fresh(),
        athlete_id: athlete.to_owned(),
        rung: Some(0),
        made_at: Some(prost_types::Timestamp {
            seconds: now().timestamp() - 3600,
            nanos: 0,
        }),
        feared_outcome: feared.to_owned(),
        likelihood: Some(60),
        expected_fear: Some(70),
        expected_pain: Some(4),
        ..v1::Prediction::default()
    }
}

async fn stored(world: &World, who: &str, prediction: &v1::Prediction) -> Result<()> {
    let request = v1::RecordPredictionRequest {
        prediction: Some(prediction.clone()),
    };
    let _: v1::RecordPredictionResponse = world
        .ask(who, "CheckInService/RecordPrediction", &request)
        .await?;
    Ok(())
}

/// Records a new prediction of an athlete, by who cares for them; its id.
pub(super) async fn expects(world: &World, record: &Record, feared: &str) -> Result<String> {
    let prediction = prediction(&record.athlete, feared);
    stored(world, record.keeper, &prediction).await?;
    Ok(prediction.id)
}
