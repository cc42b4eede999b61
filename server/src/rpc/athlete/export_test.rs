use futures_util::StreamExt as _;
use rung_proto::v1::athlete_service_server::AthleteService as _;
use tonic_types::StatusExt as _;

use super::*;
use crate::{
    rpc::front::{Front, Somebody, fresh},
    storage::{Db, conformance::storage_tests},
};

const METHOD: &str = "rung.v1.AthleteService/ExportAthleteData";

impl Front {
    /// The lines of an export as the handler gives them, none of which is read ahead.
    async fn exports(
        &self,
        who: &Somebody,
        athlete: &str,
    ) -> Answers<v1::ExportAthleteDataResponse> {
        let request = who.asks(v1::ExportAthleteDataRequest {
            athlete_id: athlete.to_owned(),
        });
        let request = self.let_in(METHOD, request).await;
        let handler = Athletes(std::sync::Arc::clone(&self.app));
        let answer = handler.export_athlete_data(request).await;
        answer.unwrap().into_inner()
    }

    /// What an admin does to a physiotherapist.
    async fn changes(&self, admin: &Somebody, who: &Somebody, role: Option<v1::Role>) {
        let request = v1::ListMembersRequest::default();
        let members = self.clinics().list_members(admin.asks(request)).await;
        let members = members.unwrap().into_inner().members;
        let member = members.into_iter().find(|m| m.person_id == who.id);
        let request = v1::UpdateMemberRequest {
            request_id: fresh(),
            person_id: who.id.clone(),
            etag: member.unwrap().etag,
            deactivated: role.is_none().then_some(true),
            roles: role.map(|role| v1::RoleSet {
                roles: vec![role.into()],
            }),
        };
        let done = self.clinics().update_member(admin.asks(request)).await;
        done.unwrap();
    }

    async fn removes(&self, who: &Somebody, athlete: &str, person: &Somebody) {
        let request = v1::RemoveCareTeamMemberRequest {
            request_id: fresh(),
            athlete_id: athlete.to_owned(),
            person_id: person.id.clone(),
        };
        let mut athletes = self.athletes();
        let done = athletes.remove_care_team_member(who.asks(request)).await;
        done.unwrap();
    }
}

type Line = Result<v1::ExportAthleteDataResponse, Status>;

fn line(item: Option<Line>) -> String {
    item.expect("a line").expect("a line").line
}

fn told(item: Option<Line>) -> String {
    let refusal = item.expect("its end is told").expect_err("a refusal");
    refusal.get_details_error_info().unwrap().reason
}

storage_tests! {
    // Seen failing with the stream never judged again, and with the refusal left out of the audit.
    async fn an_export_ends_with_the_session_the_role_and_the_care_it_rests_on(db: Db) {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let lead = this.physio(&ada, "lead").await;
        let nora = this.athlete(&lead, "Nora").await;
        for (act, wanted, denied) in [
            ("logout", "TOKEN_INVALID", 0),
            ("deactivate", "TOKEN_INVALID", 0),
            ("role", "ROLE_REQUIRED", 1),
            ("care", "NOT_IN_CARE", 1),
        ] {
            let pia = this.physio(&ada, act).await;
            let request = v1::AddCareTeamMemberRequest {
                request_id: fresh(),
                athlete_id: nora.clone(),
                person_id: pia.id.clone(),
            };
            this.athletes().add_care_team_member(lead.asks(request)).await.unwrap();
            let mut lines = this.exports(&pia, &nora).await;
            assert!(line(lines.next().await).contains("manifest"), "{act}");
            // The rest of it is written and waits: the reader does not read on.
            match act {
                "logout" => {
                    this.auth().logout(pia.asks(v1::LogoutRequest {})).await.unwrap();
                }
                "care" => this.removes(&lead, &nora, &pia).await,
                "role" => this.changes(&ada, &pia, Some(v1::Role::Admin)).await,
                _ => this.changes(&ada, &pia, None).await,
            }
            assert_eq!(told(lines.next().await), wanted, "{act}");
            assert!(lines.next().await.is_none(), "{act}: something comes after its end");
            let rows = this.rows(&pia, "ExportAthleteData").await;
            let refused: Vec<_> = rows.iter().filter(|row| row.outcome == "DENIED").collect();
            assert_eq!(refused.len(), denied, "{act}");
            assert!(refused.iter().all(|row| row.error_reason.as_deref() == Some(wanted)));
        }
    }

    // Seen failing with any news taken for the end of the stream.
    async fn an_export_goes_on_when_somebody_else_is_shut_out(db: Db) {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let (pia, bea) = (this.physio(&ada, "pia").await, this.physio(&ada, "bea").await);
        let nora = this.athlete(&pia, "Nora").await;
        let mut lines = this.exports(&pia, &nora).await;
        assert!(line(lines.next().await).contains("manifest"));
        this.auth().logout(bea.asks(v1::LogoutRequest {})).await.unwrap();
        let mut last = String::new();
        while let Some(item) = lines.next().await {
            last = line(Some(item));
        }
        assert!(last.contains("seal"), "{last}");
    }

    // Seen failing with the part for the athlete written for everybody.
    async fn who_treats_is_told_nothing_of_the_athletes_account(db: Db) {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let pia = this.physio(&ada, "pia").await;
        let nora = this.athlete(&pia, "Nora").await;
        let request = v1::InviteMemberRequest {
            request_id: fresh(),
            email: "nora@home.example".to_owned(),
            roles: vec![v1::Role::Athlete.into()],
            athlete_id: nora.clone(),
        };
        this.clinics().invite_member(pia.asks(request)).await.unwrap();
        let mut lines = this.exports(&pia, &nora).await;
        let mut records = vec![];
        while let Some(item) = lines.next().await {
            let text = line(Some(item));
            assert!(!text.contains("home.example"), "{text}");
            let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
            records.push(whole["record"].as_str().unwrap().to_owned());
        }
        assert_eq!(records, ["manifest", "athlete", "care_team_member", "seal"]);
    }
}
