//! Care teams.

use rung_proto::v1;
use rung_tests::Result;

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{answer::Expect, table::Object};

impl Scene<'_> {
    pub(super) async fn care_team(&self, rpc: &str, field: &str) -> Result<Ask> {
        let world = self.world;
        let record = self.record();
        let (athlete_id, person_id) = if field == "person_id" {
            (world.own.athlete.clone(), self.person_id()?)
        } else {
            (record.athlete.clone(), world.people.id(record.mate)?)
        };
        let request_id = fresh();
        if rpc == "RemoveCareTeamMember" && self.object != Object::Missing {
            // Somebody who is on the team, and does not lead it.
            let at = if field == "person_id" {
                world.own.clone()
            } else {
                record
            };
            let request = v1::AddCareTeamMemberRequest {
                request_id: fresh(),
                athlete_id: at.athlete.clone(),
                person_id: world.people.id(at.mate)?,
            };
            let _: v1::AddCareTeamMemberResponse = world
                .ask(at.keeper, "AthleteService/AddCareTeamMember", &request)
                .await?;
        }
        Ok(match rpc {
            "AddCareTeamMember" => {
                let expect = vec![
                    Expect::is("/athlete_id", &athlete_id),
                    Expect::has("/care_team/*/person_id", &person_id),
                ];
                let request = v1::AddCareTeamMemberRequest {
                    request_id,
                    athlete_id,
                    person_id,
                };
                ask(&request, expect)
            }
            "TransferLead" => {
                let expect = vec![
                    Expect::is("/athlete_id", &athlete_id),
                    Expect::is("/care_team/0/person_id", &person_id),
                ];
                let request = v1::TransferLeadRequest {
                    request_id,
                    athlete_id,
                    person_id,
                };
                ask(&request, expect)
            }
            _ => {
                let expect = vec![
                    Expect::is("/athlete_id", &athlete_id),
                    Expect::Lacks(person_id.clone()),
                ];
                let request = v1::RemoveCareTeamMemberRequest {
                    request_id,
                    athlete_id,
                    person_id,
                };
                ask(&request, expect)
            }
        })
    }
}
