//! What is sent for each row of the table: the message that succeeds for those who may, with the ids of an object in it.
//!
//! How do I add an RPC? A row in `access.txt`, and an arm here that makes its message. What it needs to be there it makes
//! first, as somebody who may.

mod athlete;
mod audit;
mod auth;
mod care_team;
mod check_in;
mod clinic;
mod consent;
mod ladder;
mod plan;
mod plan_act;
mod prediction;
mod second;
mod simulation;

use chrono::{Datelike as _, TimeDelta};
use prost::Message;
use rung_proto::v1;
use rung_tests::{Result, fail, new_id, now};

use super::{
    answer::Expect,
    fact::Fact,
    people,
    table::{Object, Row},
    world::{Record, World, at},
};

/// A message, ready to be sent.
pub(super) struct Ask {
    pub(super) message: Vec<u8>,
    /// Another token than the caller's: of a session of theirs that may end.
    pub(super) token: Option<String>,
    pub(super) expect: Vec<Expect>,
    /// What holds afterwards, where the answer alone does not say that it was about the right one.
    pub(super) facts: Vec<Fact>,
}

impl Ask {
    fn then(self, facts: Vec<Fact>) -> Self {
        Self { facts, ..self }
    }
}

fn ask(message: &impl Message, expect: Vec<Expect>) -> Ask {
    Ask {
        message: message.encode_to_vec(),
        token: None,
        expect,
        facts: vec![],
    }
}

/// Long enough ago for a few sessions; a plan that begins long ago would be paused for want of them.
fn lately() -> Result<v1::Date> {
    let begin = (now() - TimeDelta::days(12)).date_naive();
    Ok(v1::Date {
        year: begin.year(),
        month: i32::try_from(begin.month())?,
        day: i32::try_from(begin.day())?,
    })
}

fn fresh() -> String {
    new_id().to_string()
}

/// The place of one row in the world.
pub(super) struct Scene<'a> {
    pub(super) world: &'a World,
    pub(super) row: &'a Row,
    pub(super) caller: &'static str,
    pub(super) object: Object,
    /// Whether the answer is meant to be one: what costs a secret to make is made for those alone.
    pub(super) allowed: bool,
}

impl Scene<'_> {
    /// The message of the row for this caller about this object.
    pub(super) async fn ask(&self) -> Result<Ask> {
        let call = self.row.call.as_str();
        let field = self.row.field.as_str();
        match call.split_once('/') {
            Some(("AuthService", rpc)) => self.auth(rpc).await,
            Some(("ClinicService", rpc)) => self.clinic(rpc, field).await,
            Some(("LadderService", rpc)) => self.ladder(rpc, field).await,
            Some(("AthleteService", rpc)) => self.athlete(rpc, field).await,
            Some(("PlanService", rpc)) => self.plan(rpc, field).await,
            Some(("CheckInService" | "TriageService", rpc)) => self.check_in(rpc, field).await,
            Some(("SimulationService", rpc)) => self.simulation(rpc, field),
            Some(("AuditService", rpc)) => self.audit(rpc, field),
            Some((_, rpc)) => foreign(call, rpc),
            None => fail(format!("{call} is no RPC")),
        }
    }

    fn record(&self) -> Record {
        self.world.at(self.object)
    }

    /// A person: the caller themself, a colleague, somebody elsewhere, nobody.
    fn person_id(&self) -> Result<String> {
        match self.object {
            // A service account and nobody at all have no person: the admin's stands for it.
            Object::Own => {
                let person = self.world.people.person(self.caller);
                Ok(person.or_else(|_| self.world.people.person("admin"))?.id)
            }
            Object::Same => self.world.people.id(self.world.own.mate),
            Object::Other => self.world.people.id(self.world.other.mate),
            Object::Missing => Ok(self.world.nobody.clone()),
        }
    }
}

fn sid(token: &str) -> Result<String> {
    Ok(at(&people::claims(token)?, "/sid"))
}

/// Of other contracts.
fn foreign(call: &str, rpc: &str) -> Result<Ask> {
    use tonic_reflection::pb::v1::{ServerReflectionRequest, server_reflection_request};
    Ok(match rpc {
        "Check" | "Watch" => {
            let request = tonic_health::pb::HealthCheckRequest {
                service: "rung.v1.AuthService".to_owned(),
            };
            let path = if rpc == "Check" {
                "/status"
            } else {
                "/0/status"
            };
            ask(&request, vec![Expect::is(path, "SERVING")])
        }
        "ServerReflectionInfo" => {
            // Both versions are the same on the wire.
            let list = server_reflection_request::MessageRequest::ListServices(String::new());
            let request = ServerReflectionRequest {
                host: String::new(),
                message_request: Some(list),
            };
            let path = "/0/list_services_response/service/*/name";
            ask(&request, vec![Expect::has(path, "rung.v1.AuthService")])
        }
        _ => return fail(format!("{call} has no message")),
    })
}
