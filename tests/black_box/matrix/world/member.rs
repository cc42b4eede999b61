//! How people and systems get in.

use rung_proto::v1;
use rung_tests::{PASSWORD, Result, new_id};

use super::World;
use crate::matrix::people::{Person, System, claims, key_pair};

impl World {
    /// Joins with a code under a name of the table.
    pub(crate) async fn join(
        &self,
        name: &str,
        email: &str,
        shown: &str,
        code: String,
    ) -> Result<()> {
        let request = v1::AcceptInvitationRequest {
            code,
            password: PASSWORD.to_owned(),
            display_name: shown.to_owned(),
        };
        let answer: v1::AcceptInvitationResponse = self
            .ask("anon", "AuthService/AcceptInvitation", &request)
            .await?;
        let mut person = Person {
            id: answer.person_id,
            email: email.to_owned(),
            access: String::new(),
            refresh: String::new(),
            athlete: answer.membership.unwrap_or_default().athlete_id,
        };
        person.take(answer.tokens)?;
        self.people.put_person(name, person);
        Ok(())
    }

    pub(super) async fn staff(&self) -> Result<()> {
        for (name, email) in [
            ("admin", "ada@harbour.example"),
            ("hal", "hal@hill.example"),
        ] {
            let person = Person {
                id: String::new(),
                email: email.to_owned(),
                access: String::new(),
                refresh: String::new(),
                athlete: String::new(),
            };
            let mut person = person.login(&self.wire).await?;
            person.id = claims(&person.access)?["sub"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            self.people.put_person(name, person);
        }
        for (name, admin, place) in [
            ("care", "admin", "harbour"),
            ("phys", "admin", "harbour"),
            ("glas", "admin", "harbour"),
            ("bea", "admin", "harbour"),
            ("mate", "admin", "harbour"),
            ("uwe", "hal", "hill"),
            ("max", "hal", "hill"),
        ] {
            let email = format!("{name}@{place}.example");
            let code = self.invite(admin, &email, v1::Role::Physio, "").await?;
            self.join(name, &email, &format!("{name} {place}"), code)
                .await?;
        }
        Ok(())
    }

    /// A code for somebody.
    pub(crate) async fn invite(
        &self,
        by: &str,
        email: &str,
        role: v1::Role,
        athlete_id: &str,
    ) -> Result<String> {
        let request = v1::InviteMemberRequest {
            request_id: new_id().to_string(),
            email: email.to_owned(),
            roles: vec![role.into()],
            athlete_id: athlete_id.to_owned(),
        };
        let answer: v1::InviteMemberResponse =
            self.ask(by, "ClinicService/InviteMember", &request).await?;
        Ok(answer.code)
    }

    /// A service account of a clinic, with one scope.
    pub(crate) async fn system(&self, by: &str, shown: &str, scope: v1::Scope) -> Result<System> {
        let (key, public_key_pem) = key_pair()?;
        let request = v1::CreateServiceAccountRequest {
            request_id: new_id().to_string(),
            display_name: shown.to_owned(),
            scopes: vec![scope.into()],
            public_key_pem,
        };
        let answer: v1::CreateServiceAccountResponse = self
            .ask(by, "ClinicService/CreateServiceAccount", &request)
            .await?;
        let account = answer.service_account.unwrap_or_default();
        let kid = account.keys.first().map(|key| key.kid.clone());
        Ok(System::new(account.id, kid.unwrap_or_default(), key))
    }

    pub(super) async fn systems(&mut self) -> Result<()> {
        let mut ids = Vec::new();
        for (by, shown) in [
            ("admin", "clock"),
            ("admin", "scales"),
            ("hal", "watch on the Hill"),
        ] {
            ids.push(self.system(by, shown, v1::Scope::Checkins).await?.id);
        }
        let mut ids = ids.into_iter();
        for record in [&mut self.own, &mut self.same, &mut self.other] {
            record.service_account = ids.next().unwrap_or_default();
        }
        for (name, scope) in [("svc", v1::Scope::Checkins), ("svc0", v1::Scope::Events)] {
            let mut system = self.system("admin", name, scope).await?;
            system.access = system.exchange(&self.wire).await?;
            self.people.put_system(name, system);
        }
        Ok(())
    }
}
