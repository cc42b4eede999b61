//! Athletes.

use rung_proto::v1;
use rung_tests::{Result, fail};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::answer::Expect;

impl Scene<'_> {
    pub(super) async fn athlete(&self, rpc: &str, field: &str) -> Result<Ask> {
        let world = self.world;
        let record = self.record();
        let athlete_id = record.athlete.clone();
        let is = |path: &'static str| vec![Expect::is(path, &athlete_id)];
        Ok(match (rpc, field) {
            ("CreateAthlete", _) => {
                let name = format!("New {}", fresh());
                let request = v1::CreateAthleteRequest {
                    request_id: fresh(),
                    display_name: name.clone(),
                    time_zone: "Europe/Berlin".to_owned(),
                };
                ask(&request, vec![Expect::is("/athlete/display_name", &name)])
            }
            ("GetAthlete", _) => ask(
                &v1::GetAthleteRequest {
                    athlete_id: athlete_id.clone(),
                },
                is("/athlete/id"),
            ),
            ("ListAthletes", _) => {
                let own = Expect::has("/athletes/*/id", &athlete_id);
                let not = Expect::Lacks(world.same.athlete.clone());
                ask(
                    &v1::ListAthletesRequest::default(),
                    vec![own, not, Expect::Empty("/athletes/*")],
                )
            }
            ("ExportAthleteData", _) => ask(
                &v1::ExportAthleteDataRequest {
                    athlete_id: athlete_id.clone(),
                },
                vec![
                    Expect::Holds("/*/line", athlete_id.clone()),
                    Expect::Lacks(world.same.athlete.clone()),
                ],
            ),
            ("AddCareTeamMember" | "TransferLead" | "RemoveCareTeamMember", _) => {
                return self.care_team(rpc, field).await;
            }
            ("InviteSupporter" | "GrantConsent" | "WithdrawConsent" | "ListConsents", _) => {
                return self.consents(rpc, field);
            }
            ("ListAccessLog", _) => {
                // Those who cared for this athlete stand there, and nobody from elsewhere.
                let care = world.people.id("care")?;
                let request = v1::ListAccessLogRequest {
                    athlete_id: athlete_id.clone(),
                    page_size: 200,
                    ..v1::ListAccessLogRequest::default()
                };
                ask(&request, vec![Expect::has("/entries/*/actor_id", &care)])
            }
            ("BreakGlass", _) => {
                let request = v1::BreakGlassRequest {
                    request_id: fresh(),
                    athlete_id: athlete_id.clone(),
                    reason: "Fell at the finish and cannot speak.".to_owned(),
                    minutes: 5,
                };
                ask(&request, is("/athlete_id"))
            }
            ("EraseAthlete", _) => {
                let request = v1::EraseAthleteRequest {
                    request_id: fresh(),
                    athlete_id: athlete_id.clone(),
                    reason: "Asked for it.".to_owned(),
                    hold_until: None,
                };
                ask(&request, is("/athlete_id"))
            }
            _ => return fail(format!("AthleteService/{rpc} {field} has no message")),
        })
    }
}
