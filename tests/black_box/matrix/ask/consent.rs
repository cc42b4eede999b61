//! Supporters and consents.

use rung_proto::v1;
use rung_tests::{Result, fail};

use super::{Ask, Scene, ask, fresh};
use crate::matrix::{answer::Expect, fact::Fact, table::Object};

impl Scene<'_> {
    pub(super) fn consents(&self, rpc: &str, field: &str) -> Result<Ask> {
        let world = self.world;
        let record = self.record();
        let athlete_id = record.athlete;
        let is = |path: &'static str| vec![Expect::is(path, &athlete_id)];
        Ok(match (rpc, field) {
            ("InviteSupporter", _) => {
                let request = v1::InviteSupporterRequest {
                    request_id: fresh(),
                    athlete_id: athlete_id.clone(),
                    email: format!("{}@family.example", fresh()),
                    parts: vec![v1::ConsentPart::CheckIns.into()],
                    purpose: "Cheers from the side.".to_owned(),
                    valid_until: None,
                };
                ask(&request, vec![Expect::Link("/link", "/code")])
                    .then(vec![Fact::Supports(athlete_id)])
            }
            ("GrantConsent", _) => {
                let (athlete, supporter) = self.consent(field);
                let expect = vec![
                    Expect::is("/consent/athlete_id", &athlete),
                    Expect::is("/consent/supporter_id", &supporter),
                ];
                let request = v1::GrantConsentRequest {
                    request_id: fresh(),
                    athlete_id: athlete,
                    supporter_id: supporter,
                    parts: vec![v1::ConsentPart::CheckIns.into()],
                    purpose: "Goes on cheering.".to_owned(),
                    valid_from: None,
                    valid_until: None,
                };
                ask(&request, expect)
            }
            ("WithdrawConsent", _) => {
                let (athlete, supporter) = self.consent(field);
                let expect = vec![
                    Expect::is("/consent/athlete_id", &athlete),
                    Expect::is("/consent/supporter_id", &supporter),
                ];
                let request = v1::WithdrawConsentRequest {
                    request_id: fresh(),
                    athlete_id: athlete,
                    supporter_id: supporter,
                };
                ask(&request, expect)
            }
            ("ListConsents", "-") => {
                let person = world.people.person(self.caller);
                let mine = match person {
                    Ok(person) if person.athlete.is_empty() => {
                        Expect::is("/consents/*/supporter_id", &person.id)
                    }
                    Ok(person) => Expect::is("/consents/*/athlete_id", &person.athlete),
                    Err(_) => Expect::Some("/consents"),
                };
                ask(&v1::ListConsentsRequest::default(), vec![mine])
            }
            ("ListConsents", _) => ask(
                &v1::ListConsentsRequest {
                    athlete_id: athlete_id.clone(),
                    ..v1::ListConsentsRequest::default()
                },
                is("/consents/*/athlete_id"),
            ),
            _ => return fail(format!("AthleteService/{rpc} {field} has no message")),
        })
    }

    /// The athlete and the supporter: one of them is the object, the other belongs to it.
    pub(super) fn consent(&self, field: &str) -> (String, String) {
        let record = self.record();
        if field == "supporter_id" {
            return (self.world.own.athlete.clone(), record.supporter);
        }
        match self.object {
            Object::Missing => (record.athlete, self.world.own.supporter.clone()),
            _ => (record.athlete, record.supporter),
        }
    }
}
