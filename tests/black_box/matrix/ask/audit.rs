//! The audit trail.

use rung_proto::v1;
use rung_tests::{Result, fail};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{answer::Expect, fact::Fact};

impl Scene<'_> {
    pub(super) fn audit(&self, rpc: &str, field: &str) -> Result<Ask> {
        let record = self.record();
        Ok(match (rpc, field) {
            ("ListAuditEvents", "athlete_id") => {
                let id = record.athlete;
                let request = v1::ListAuditEventsRequest {
                    athlete_id: id.clone(),
                    ..v1::ListAuditEventsRequest::default()
                };
                let expect = Expect::is("/events/*/athlete_id", &id);
                ask(&request, vec![expect, Expect::Empty("/events/*")])
            }
            ("ListAuditEvents", _) => {
                let id = self.person_id()?;
                let request = v1::ListAuditEventsRequest {
                    actor_id: id.clone(),
                    ..v1::ListAuditEventsRequest::default()
                };
                let expect = Expect::is("/events/*/actor_id", &id);
                ask(&request, vec![expect, Expect::Empty("/events/*")])
            }
            ("VerifyAudit", _) => {
                let all = Fact::AllRowsOf(record.clinic);
                ask(&v1::VerifyAuditRequest {}, vec![]).then(vec![all])
            }
            ("GetAuditHead", _) => {
                let clinic = Expect::is("/head/clinic_id", &record.clinic);
                ask(&v1::GetAuditHeadRequest {}, vec![clinic])
            }
            ("ListBreakGlass", _) => {
                let own = Expect::has("/records/*/athlete_id", &record.athlete);
                ask(&v1::ListBreakGlassRequest::default(), vec![own])
            }
            ("AcknowledgeBreakGlass", _) => {
                let id = record.break_glass;
                let request = v1::AcknowledgeBreakGlassRequest {
                    request_id: fresh(),
                    break_glass_id: id.clone(),
                };
                ask(&request, vec![Expect::is("/record/id", &id)])
            }
            _ => return fail(format!("AuditService/{rpc} {field} has no message")),
        })
    }
}
