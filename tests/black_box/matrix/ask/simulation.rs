//! What if.

use rung_proto::v1;
use rung_tests::{Result, fail};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{answer::Expect, table::Object, world::prescription};

impl Scene<'_> {
    /// Seen failing with a comparison that answers about another athlete, and with one that ignores the ladder's id.
    pub(super) fn simulation(&self, rpc: &str, field: &str) -> Result<Ask> {
        let (world, record) = (self.world, self.record());
        let own = &world.own;
        Ok(match (rpc, field) {
            ("SimulatePlan", field) => {
                let track = fresh();
                let on = |ladder: &str| {
                    let mut definition = prescription(ladder);
                    for prescribed in &mut definition.tracks {
                        prescribed.id.clone_from(&track);
                    }
                    definition
                };
                let amends = field.starts_with("events.");
                // The ladder in question stands in the plan, or in what an amendment makes of one on a ladder of one's own.
                let what = if amends {
                    v1::simulated_event::What::Amend(v1::SimulatedAmendment {
                        definition: Some(on(&record.ladder)),
                        rungs: vec![],
                        reason: "What if.".to_owned(),
                    })
                } else {
                    v1::simulated_event::What::Pause(v1::SimulatedPause {
                        reason: "What if.".to_owned(),
                    })
                };
                let request = v1::SimulatePlanRequest {
                    definition: Some(on(if amends { &own.ladder } else { &record.ladder })),
                    events: vec![v1::SimulatedEvent {
                        at: Some(prost_types::Timestamp {
                            seconds: 1_772_000_000,
                            nanos: 0,
                        }),
                        what: Some(what),
                        ..v1::SimulatedEvent::default()
                    }],
                };
                ask(
                    &request,
                    vec![Expect::is(
                        "/steps/*/after/tracks/*/status/track_id",
                        &track,
                    )],
                )
            }
            ("ComparePolicies", "athlete_id") => {
                let request = v1::ComparePoliciesRequest {
                    athlete_id: record.athlete.clone(),
                    ..v1::ComparePoliciesRequest::default()
                };
                let expect = vec![
                    Expect::is("/*/athlete_id", &record.athlete),
                    Expect::is("/*/plan_id", &record.plan),
                ];
                ask(&request, expect)
            }
            ("ComparePolicies", "-" | "ladder.ladder_id") => {
                let ladder = (field != "-").then(|| v1::LadderSwap {
                    key: String::new(),
                    ladder_id: record.ladder.clone(),
                });
                let request = v1::ComparePoliciesRequest {
                    ladder,
                    ..v1::ComparePoliciesRequest::default()
                };
                let mut expect = vec![
                    Expect::has("/*/athlete_id", &own.athlete),
                    Expect::Lacks(world.same.athlete.clone()),
                    Expect::Empty("/*"),
                ];
                if self.object == Object::Own && field != "-" {
                    expect.push(Expect::has("/*/tracks/*/track_id", &own.track));
                }
                ask(&request, expect)
            }
            _ => return fail(format!("SimulationService/{rpc} has no message")),
        })
    }
}
