//! Who looks at a record without being of its care team: supporters, and whoever breaks the glass.

use std::time::Duration;

use prost_types::Timestamp;
use rung_proto::v1;
use rung_tests::{Result, new_id, now};

use super::{Record, World};

/// How long the consent lasts that shall have run out when it is asked for.
const SHORT: Duration = Duration::from_millis(1500);

impl World {
    /// Everybody whom an athlete has asked in.
    pub(super) async fn supporters(&mut self, third: &Record) -> Result<()> {
        let (own, same, other) = (
            self.own.athlete.clone(),
            self.same.athlete.clone(),
            self.other.athlete.clone(),
        );
        for (name, by, athlete) in [
            ("expd", "self", &own),
            ("supp", "self", &own),
            ("wdrn", "self", &own),
            ("extra", "self", &own),
            ("none", "othr", &third.athlete),
            ("bsup", "bert", &same),
            ("xsup", "xena", &other),
        ] {
            let email = format!("{name}@family.example");
            let request = v1::InviteSupporterRequest {
                request_id: new_id().to_string(),
                athlete_id: athlete.clone(),
                email: email.clone(),
                parts: vec![v1::ConsentPart::CheckIns.into()],
                purpose: "Cheers from the side.".to_owned(),
                valid_until: None,
            };
            let answer: v1::InviteSupporterResponse = self
                .ask(by, "AthleteService/InviteSupporter", &request)
                .await?;
            let shown = if by == "xena" { "xsup Hill" } else { name };
            self.join(name, &email, shown, answer.code).await?;
        }
        self.own.supporter = self.people.id("extra")?;
        self.same.supporter = self.people.id("bsup")?;
        self.other.supporter = self.people.id("xsup")?;

        let until = now() + SHORT;
        let request = v1::GrantConsentRequest {
            request_id: new_id().to_string(),
            athlete_id: own.clone(),
            supporter_id: self.people.id("expd")?,
            parts: vec![v1::ConsentPart::CheckIns.into()],
            purpose: "For a moment.".to_owned(),
            valid_from: None,
            valid_until: Some(Timestamp {
                seconds: until.timestamp(),
                nanos: i32::try_from(until.timestamp_subsec_nanos())?,
            }),
        };
        let _: v1::GrantConsentResponse = self
            .ask("self", "AthleteService/GrantConsent", &request)
            .await?;
        let request = v1::WithdrawConsentRequest {
            request_id: new_id().to_string(),
            athlete_id: own,
            supporter_id: self.people.id("wdrn")?,
        };
        let _: v1::WithdrawConsentResponse = self
            .ask("self", "AthleteService/WithdrawConsent", &request)
            .await?;
        Ok(())
    }

    /// Glass that is broken: on the own athlete by the one whom the table names, elsewhere by others.
    pub(super) async fn glass(&mut self) -> Result<()> {
        let records = [
            ("glas", self.own.clone()),
            ("mate", self.same.clone()),
            ("max", self.other.clone()),
        ];
        for (index, (by, record)) in records.into_iter().enumerate() {
            let request = v1::BreakGlassRequest {
                request_id: new_id().to_string(),
                athlete_id: record.athlete.clone(),
                reason: "Fell at the finish and cannot speak.".to_owned(),
                minutes: 60,
            };
            let _: v1::BreakGlassResponse =
                self.ask(by, "AthleteService/BreakGlass", &request).await?;
            let request = v1::ListBreakGlassRequest::default();
            let list: v1::ListBreakGlassResponse = self
                .ask(record.admin, "AuditService/ListBreakGlass", &request)
                .await?;
            let id = list
                .records
                .iter()
                .find(|broken| broken.athlete_id == record.athlete)
                .map(|broken| broken.id.clone())
                .unwrap_or_default();
            [&mut self.own, &mut self.same, &mut self.other][index].break_glass = id;
        }
        Ok(())
    }
}
