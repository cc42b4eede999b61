//! What the tests see and put right behind the API.

use rung_proto::v1;
use rung_tests::{PASSWORD, Result, new_id};

use super::World;
use crate::matrix::table::Row;

impl World {
    /// Everything stored but what every call leaves behind by its nature: who asked, and how often.
    pub(crate) async fn stored(&self) -> Result<Vec<String>> {
        let bookkeeping = [
            "audit_event",
            "audit_link",
            "audit_chain",
            "audit_head",
            "throttle",
            "access_epoch",
        ];
        self.database.dump(&bookkeeping).await
    }

    /// Takes somebody's second factor away.
    pub(crate) async fn without_second_factor(&self, person: &str) -> Result<()> {
        let of = self.database.id(person);
        for table in ["recovery_code", "second_factor"] {
            let sql = format!("DELETE FROM {table} WHERE person_id = {of}");
            self.database.alter(&sql).await?;
        }
        Ok(())
    }

    /// Puts back what the allowed calls of a row have changed and other rows speak of.
    pub(in crate::matrix) async fn after(&self, row: &Row) -> Result<()> {
        match row.call.as_str() {
            "AthleteService/TransferLead" => {
                for (record, lead) in [(&self.own, "care"), (&self.same, "bea")] {
                    let request = v1::TransferLeadRequest {
                        request_id: new_id().to_string(),
                        athlete_id: record.athlete.clone(),
                        person_id: self.people.id(lead)?,
                    };
                    let _: v1::TransferLeadResponse = self
                        .ask("admin", "AthleteService/TransferLead", &request)
                        .await?;
                }
            }
            "AuthService/ResetPassword" => {
                let person = self.people.person(self.own.mate)?;
                self.forget_attempts().await?;
                let request = v1::ResetCredentialsRequest {
                    request_id: new_id().to_string(),
                    person_id: person.id.clone(),
                };
                let reset: v1::ResetCredentialsResponse = self
                    .ask("admin", "ClinicService/ResetCredentials", &request)
                    .await?;
                let request = v1::ResetPasswordRequest {
                    code: reset.code,
                    new_password: PASSWORD.to_owned(),
                };
                let _: v1::ResetPasswordResponse = self
                    .ask("anon", "AuthService/ResetPassword", &request)
                    .await?;
                let person = person.login(&self.wire).await?;
                self.people.put_person(self.own.mate, person);
            }
            "AuthService/EnrollTotp"
            | "AuthService/ConfirmTotp"
            | "AuthService/DisableTotp"
            | "AuthService/CompleteSecondFactor" => {
                for table in ["recovery_code", "second_factor"] {
                    self.database.alter(&format!("DELETE FROM {table}")).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Forgets failed attempts: the table asks more often than anybody may.
    pub(crate) async fn forget_attempts(&self) -> Result<()> {
        self.database.alter("DELETE FROM throttle").await
    }
}
