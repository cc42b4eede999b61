//! Check-ins and the caseload.

use rung_proto::v1;
use rung_tests::{Result, now};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{answer::Expect, table::Object, world::Record};

/// Of the check-ins of everybody but the own athlete.
const NOT_TOLD: &str = "Slept elsewhere.";

impl Scene<'_> {
    pub(super) async fn check_in(&self, rpc: &str, field: &str) -> Result<Ask> {
        let record = self.record();
        let athlete_id = record.athlete.clone();
        Ok(match rpc {
            "SubmitCheckIn" => self.submit(field, record).await?,
            "ListCheckIns" => {
                let mut expect = vec![Expect::is("/check_ins/*/athlete_id", &athlete_id)];
                if self.caller == "supp" {
                    // The consent opens check-ins and no notes.
                    expect.push(Expect::Lacks("Slept well.".to_owned()));
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
            "check_in.id" => match self.object {
                Object::Missing => {}
                // A repeat of what is stored already, word for word.
                Object::Own => {
                    self.started(own).await?;
                    self.stored(own.keeper, &sent).await?;
                }
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
            }
            _ => {
                sent.report = Some(v1::check_in::Report::Session(v1::SessionReport {
                    track_id: record.track,
                    rung: Some(0),
                    pain_before: Some(1),
                    pain_during: Some(1),
                    pain_after: Some(1),
                    altered_gait: Some(false),
                    swelling: v1::Swelling::None.into(),
                    dose_done: Some(3000),
                    ..v1::SessionReport::default()
                }));
            }
        }
        let mut expect = vec![
            Expect::is("/check_in/id", &sent.id),
            Expect::is("/check_in/athlete_id", &sent.athlete_id),
            Expect::Lacks(NOT_TOLD.to_owned()),
        ];
        if field != "check_in.athlete_id" {
            expect.push(Expect::is("/check_in/plan_id", &own.plan));
        }
        if field == "check_in.plan_id" && self.allowed {
            let id = self.world.people.id(self.caller)?;
            expect.push(Expect::is("/check_in/entered_by", &id));
        }
        let request = v1::SubmitCheckInRequest {
            check_in: Some(sent),
        };
        Ok(ask(&request, expect))
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
        note: "Slept well.".to_owned(),
        report: Some(v1::check_in::Report::Morning(v1::MorningReport {
            pain: Some(1),
            stiffness: Some(10),
            swelling: v1::Swelling::None.into(),
        })),
        ..v1::CheckIn::default()
    }
}
