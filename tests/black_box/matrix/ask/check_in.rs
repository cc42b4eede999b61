//! Check-ins and the caseload.

use rung_proto::v1;
use rung_tests::{Result, now};

use super::{Ask, Scene, ask, fresh, prediction::expects};
use crate::matrix::{answer::Expect, table::Object, world::Record};

/// Of the check-ins of everybody but the own athlete.
const NOT_TOLD: &str = "Slept elsewhere.";
/// Free text: for those alone who may read notes.
const NOTE: &str = "Slept well.";

impl Scene<'_> {
    pub(super) async fn check_in(&self, rpc: &str, field: &str) -> Result<Ask> {
        let record = self.record();
        let athlete_id = record.athlete.clone();
        Ok(match rpc {
            "RecordPrediction" | "ListPredictions" => self.prediction(rpc, field).await?,
            "SubmitCheckIn" => self.submit(field, record).await?,
            "CorrectCheckIn" => self.correct(field, record).await?,
            "GetCheckIn" => self.get(field, record).await?,
            "ListCheckIns" => {
                let mut expect = vec![Expect::is("/check_ins/*/athlete_id", &athlete_id)];
                if self.caller == "supp" {
                    // The consent opens check-ins and no notes.
                    expect.push(Expect::Lacks(NOTE.to_owned()));
                }
                let request = v1::ListCheckInsRequest {
                    athlete_id,
                    ..v1::ListCheckInsRequest::default()
                };
                ask(&request, expect)
            }
            _ => {
                let own = Expect::has("/entries/*/athlete_id", &athlete_id);
                let not = Expect::Lacks(self.world.same.athlete.clone());
                let expect = vec![own, not, Expect::Empty("/entries/*")];
                ask(&v1::ListCaseloadRequest::default(), expect)
            }
        })
    }

    /// About the athlete of the object; in the rows of the other ids, about the own athlete with an id of the object.
    /// Seen failing with somebody else answered as who entered it.
    async fn submit(&self, field: &str, record: Record) -> Result<Ask> {
        let own = &self.world.own;
        let mut sent = morning(&own.athlete);
        match field {
            "check_in.athlete_id" => sent.athlete_id = record.athlete,
            "check_in.corrects_id" => sent.corrects_id = self.reported(&record).await?.id,
            _ => self.with(&mut sent, field, record).await?,
        }
        if field == "check_in.id" && self.object == Object::Own {
            // A repeat of what is stored already, word for word.
            self.stored(own.keeper, &sent).await?;
        }
        let expect = self.taken(field, &sent)?;
        let request = v1::SubmitCheckInRequest {
            check_in: Some(sent),
        };
        Ok(ask(&request, expect))
    }

    /// Of a check-in of the own athlete, but in the rows about whose and which one it is.
    /// Seen failing with the check-in of another athlete found.
    async fn correct(&self, field: &str, record: Record) -> Result<Ask> {
        let own = &self.world.own;
        let of_session = field.starts_with("check_in.session.");
        let corrects = if of_session {
            let mut first = morning(&own.athlete);
            first.report = Some(session(&own.track));
            self.started(own).await?;
            self.stored(own.keeper, &first).await?;
            first
        } else if ["check_in.athlete_id", "check_in.corrects_id"].contains(&field) {
            self.reported(&record).await?
        } else {
            self.report(own).await?
        };
        let mut sent = v1::CheckIn {
            corrects_id: corrects.id,
            ..morning(&own.athlete)
        };
        match field {
            "check_in.athlete_id" => sent.athlete_id = record.athlete,
            "check_in.corrects_id" => {}
            _ => self.with(&mut sent, field, record).await?,
        }
        let request = v1::CorrectCheckInRequest {
            check_in: Some(sent.clone()),
        };
        if field == "check_in.id" && self.object == Object::Own {
            let _: v1::CorrectCheckInResponse = self
                .world
                .ask(own.keeper, "CheckInService/CorrectCheckIn", &request)
                .await?;
        }
        let mut expect = self.taken(field, &sent)?;
        expect.push(Expect::is("/check_in/corrects_id", &sent.corrects_id));
        Ok(ask(&request, expect))
    }

    async fn get(&self, field: &str, record: Record) -> Result<Ask> {
        let own = &self.world.own;
        let stored = self.reported(&record).await?;
        let athlete_id = if field == "athlete_id" {
            record.athlete
        } else {
            own.athlete.clone()
        };
        let mut expect = vec![
            Expect::is("/check_in/id", &stored.id),
            Expect::is("/check_in/athlete_id", &athlete_id),
        ];
        expect.push(if self.caller == "supp" {
            Expect::Lacks(NOTE.to_owned())
        } else {
            Expect::is("/check_in/note", NOTE)
        });
        let request = v1::GetCheckInRequest {
            athlete_id,
            check_in_id: stored.id,
        };
        Ok(ask(&request, expect))
    }

    /// A check-in with an id of the object in a field.
    async fn with(&self, sent: &mut v1::CheckIn, field: &str, record: Record) -> Result<()> {
        let own = &self.world.own;
        match field {
            "check_in.id" => match self.object {
                Object::Missing => {}
                Object::Own => self.started(own).await?,
                // The id is taken, by another athlete.
                _ => {
                    self.started(&record).await?;
                    let theirs = v1::CheckIn {
                        id: sent.id.clone(),
                        note: NOT_TOLD.to_owned(),
                        ..morning(&record.athlete)
                    };
                    self.stored(record.keeper, &theirs).await?;
                }
            },
            "check_in.plan_id" => {
                sent.plan_id = record.plan;
                sent.entered_by = self.world.people.id(record.mate)?;
                sent.seq = 7;
                sent.corrected_by = fresh();
            }
            "check_in.session.prediction_id" => {
                let id = match self.object {
                    Object::Missing => self.world.nobody.clone(),
                    _ => expects(self.world, &record, NOT_TOLD).await?,
                };
                let mut report = session(&own.track);
                if let v1::check_in::Report::Session(session) = &mut report {
                    session.prediction_id = id;
                }
                sent.report = Some(report);
            }
            _ => sent.report = Some(session(&record.track)),
        }
        Ok(())
    }

    /// What the answer to a check-in that was taken has to say.
    fn taken(&self, field: &str, sent: &v1::CheckIn) -> Result<Vec<Expect>> {
        let own = &self.world.own;
        let mut expect = vec![
            Expect::is("/check_in/id", &sent.id),
            Expect::is("/check_in/athlete_id", &sent.athlete_id),
            Expect::is("/check_in/corrected_by", ""),
            Expect::Lacks(NOT_TOLD.to_owned()),
        ];
        if field != "check_in.athlete_id" {
            expect.push(Expect::is("/check_in/plan_id", &own.plan));
        }
        if field == "check_in.plan_id" && self.allowed {
            let id = self.world.people.id(self.caller)?;
            expect.push(Expect::is("/check_in/entered_by", &id));
        }
        if let Some(v1::check_in::Report::Session(session)) = &sent.report {
            let path = "/check_in/session/prediction_id";
            expect.push(Expect::is(path, &session.prediction_id));
        }
        Ok(expect)
    }

    /// A new check-in of the object's athlete; of the missing one, an id that nobody has.
    async fn reported(&self, record: &Record) -> Result<v1::CheckIn> {
        if self.object != Object::Missing {
            return self.report(record).await;
        }
        Ok(v1::CheckIn {
            id: self.world.nobody.clone(),
            ..morning(&record.athlete)
        })
    }

    /// A new check-in of an athlete.
    async fn report(&self, record: &Record) -> Result<v1::CheckIn> {
        let stored = morning(&record.athlete);
        self.started(record).await?;
        self.stored(record.keeper, &stored).await?;
        Ok(stored)
    }

    async fn stored(&self, who: &str, check_in: &v1::CheckIn) -> Result<()> {
        let request = v1::SubmitCheckInRequest {
            check_in: Some(check_in.clone()),
        };
        let _: v1::SubmitCheckInResponse = self
            .world
            .ask(who, "CheckInService/SubmitCheckIn", &request)
            .await?;
        Ok(())
    }
}

/// What an athlete says in the morning.
fn morning(athlete: &str) -> v1::CheckIn {
    v1::CheckIn {
        id: fresh(),
        athlete_id: athlete.to_owned(),
        performed_at: Some(prost_types::Timestamp {
            seconds: now().timestamp(),
            nanos: 0,
        }),
        no_red_flags: true,
        note: NOTE.to_owned(),
        report: Some(v1::check_in::Report::Morning(v1::MorningReport {
            pain: Some(1),
            stiffness: Some(10),
            swelling: v1::Swelling::None.into(),
        })),
        ..v1::CheckIn::default()
    }
}

/// What an athlete says of a session on the lowest rung.
fn session(track: &str) -> v1::check_in::Report {
    v1::check_in::Report::Session(v1::SessionReport {
        track_id: track.to_owned(),
        rung: Some(0),
        pain_before: Some(1),
        pain_during: Some(1),
        pain_after: Some(1),
        altered_gait: Some(false),
        swelling: v1::Swelling::None.into(),
        dose_done: Some(3000),
        ..v1::SessionReport::default()
    })
}
