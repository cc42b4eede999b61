//! Accounts as their owners use them: through the services, without the network.

use chrono::TimeDelta;
use futures_util::future::join_all;
use rung_proto::v1::clinic_service_server::ClinicService as _;
use tonic_types::StatusExt as _;

use super::*;
use crate::{
    access::{
        Caller, Identity, Keyring, Passwords, Role, Roles, Rule, Throttle, Tokens, Trail, Vault,
        key_for_test,
    },
    clock::{Ambient as _, SharedAmbient, fixed::Fixed},
    library::Library,
    link::Links,
    rpc::{PageTokens, clinic::Clinics},
    storage::{
        Db,
        conformance::{fixture::noon, storage_tests},
        db::on,
        identity::session,
    },
};

pub(super) const ADA: &str = "ada@harbour.example";
pub(super) const PIA: &str = "pia@harbour.example";
pub(super) const SECRET: &str = "correct horse battery";
pub(super) const OTHER: &str = "staple of the harbour";

/// A server whose clock stands still.
pub(super) struct Setting {
    pub(super) app: Arc<App>,
    pub(super) clock: Arc<Fixed>,
    pub(super) auth: Auth,
    clinics: Clinics,
}

/// Why a call was refused.
pub(super) fn reason<T>(outcome: Result<Response<T>, Status>) -> String {
    let status = outcome.err().expect("a refusal");
    let details = status.get_error_details();
    details.error_info().unwrap().reason.clone()
}

/// Where somebody was let in.
pub(super) fn jwt(tokens: Option<v1::TokenPair>) -> String {
    tokens.expect("signed in").access_token
}

/// A request as it comes through the layers, of somebody unknown.
pub(super) fn called<T>(body: T) -> Request<T> {
    let ambient: SharedAmbient = Arc::new(crate::clock::System);
    let mut request = Request::new(body);
    let call = Call::by_operator("rung.v1.AuthService/Test", &ambient);
    request.extensions_mut().insert(call);
    request
}

impl Setting {
    pub(super) async fn new(db: Db) -> Self {
        let clock = Arc::new(Fixed::at(noon()));
        let ambient: SharedAmbient = clock.clone();
        let kek = key_for_test();
        let keyring = Keyring::load_or_create(&db, kek.clone(), &ambient)
            .await
            .unwrap();
        let app = Arc::new(App {
            tombstones: crate::tombstone::TombstoneFile::new("no file".into()),
            pages: PageTokens::new(keyring.mac_key("page").unwrap()),
            tokens: Tokens::new(keyring, "issuer".into(), "audience".into(), ambient.clone()),
            passwords: Passwords::new(ambient.clone()).unwrap(),
            throttle: Throttle::new(&kek).unwrap(),
            vault: Vault::new(&kek).unwrap(),
            links: Links::new("https://rung.example"),
            library: Library::load().unwrap(),
            ambient,
            db,
        });
        Self {
            auth: Auth(Arc::clone(&app)),
            clinics: Clinics(Arc::clone(&app)),
            app,
            clock,
        }
    }

    async fn execute(&self, sql: &'static str) {
        let written = self.app.db.write(move |mut tx| {
            Box::pin(async move {
                on!(&mut *tx, execute sqlx::query(sql))?;
                Ok(())
            })
        });
        written.await.unwrap();
    }

    pub(super) fn later(&self, by: TimeDelta) {
        self.clock.set(self.clock.now() + by);
    }

    /// Founds a clinic; answers the token of its admin.
    pub(super) async fn clinic_of(&self, email: &str) -> String {
        let admin = Roles::from(Role::Admin);
        let (db, ambient) = (&self.app.db, &self.app.ambient);
        let founded = account::found(db, ambient, "Clinic".to_owned(), email.to_owned(), admin);
        let (_, code) = founded.await.unwrap();
        jwt(self.join(&code.reveal()).await.unwrap().into_inner().tokens)
    }

    pub(super) async fn join(
        &self,
        code: &str,
    ) -> Result<Response<v1::AcceptInvitationResponse>, Status> {
        let request = v1::AcceptInvitationRequest {
            code: code.to_owned(),
            password: SECRET.to_owned(),
            display_name: "Somebody".to_owned(),
        };
        self.auth.accept_invitation(called(request)).await
    }

    /// Invites a physiotherapist to the admin's clinic; answers the code.
    pub(super) async fn invite(&self, admin: &str, email: &str) -> String {
        let request = v1::InviteMemberRequest {
            request_id: self.app.ambient.new_id().to_string(),
            email: email.to_owned(),
            roles: Roles::from(Role::Physio).to_proto(),
            athlete_id: String::new(),
        };
        let invited = self.clinics.invite_member(self.by(admin, request)).await;
        invited.unwrap().into_inner().code
    }

    pub(super) async fn reset_code(&self, admin: &str, person: &str) -> String {
        let request = v1::ResetCredentialsRequest {
            request_id: self.app.ambient.new_id().to_string(),
            person_id: person.to_owned(),
        };
        let reset = self
            .clinics
            .reset_credentials(self.by(admin, request))
            .await;
        reset.unwrap().into_inner().code
    }

    pub(super) async fn reset(
        &self,
        code: &str,
    ) -> Result<Response<v1::ResetPasswordResponse>, Status> {
        let request = v1::ResetPasswordRequest {
            code: code.to_owned(),
            new_password: OTHER.to_owned(),
        };
        self.auth.reset_password(called(request)).await
    }

    pub(super) async fn login(
        &self,
        email: &str,
        password: &str,
        clinic: &str,
    ) -> Result<Response<v1::LoginResponse>, Status> {
        let request = v1::LoginRequest {
            email: email.to_owned(),
            password: password.to_owned(),
            clinic_id: clinic.to_owned(),
        };
        self.auth.login(called(request)).await
    }

    /// The request of whom a token speaks for, as the access layer hands it on.
    pub(super) fn by<T>(&self, jwt: &str, body: T) -> Request<T> {
        let bearer = self.app.tokens.verify(jwt).unwrap();
        let caller = Caller::for_test(Identity {
            person: bearer.person,
            clinic: bearer.clinic,
            actor: crate::access::Actor::Person(bearer.session),
            roles: Role::Admin.into(),
            ..Identity::for_test()
        });
        let rule = Rule::for_test(&[Role::Admin], true, false, false);
        let mut request = called(body);
        let trail = Arc::new(Trail::for_test(&caller, rule));
        request.extensions_mut().insert(trail);
        request.extensions_mut().insert(rule);
        request.extensions_mut().insert(caller);
        request
    }

    pub(super) fn person(&self, jwt: &str) -> String {
        self.app.tokens.verify(jwt).unwrap().person.to_string()
    }

    pub(super) fn clinic(&self, jwt: &str) -> String {
        self.app.tokens.verify(jwt).unwrap().clinic.to_string()
    }

    /// Whether the session behind a token is open.
    pub(super) async fn lives(&self, jwt: &str) -> bool {
        let b = self.app.tokens.verify(jwt).unwrap();
        let mut reader = self.app.db.read().await.unwrap();
        let now = self.clock.now();
        let conn = &mut reader.conn();
        let live = session::live_roles(conn, b.session, b.person, b.clinic, now);
        live.await.unwrap().is_some()
    }

    pub(super) async fn count(&self, sql: &'static str) -> i64 {
        let mut reader = self.app.db.read().await.unwrap();
        let conn = &mut reader.conn();
        on!(conn, fetch_one sqlx::query_scalar(sql)).unwrap()
    }

    /// How many rows of a clinic's audit have this outcome.
    pub(super) async fn told(&self, clinic: &str, outcome: &str) -> i64 {
        const SQL: &str = "SELECT COUNT(*) FROM audit_event WHERE clinic_id = $1 AND outcome = $2";
        let clinic: uuid::Uuid = clinic.parse().unwrap();
        let mut reader = self.app.db.read_in(clinic.into()).await.unwrap();
        let conn = &mut reader.conn();
        on!(conn, fetch_one sqlx::query_scalar(SQL).bind(clinic).bind(outcome)).unwrap()
    }

    pub(super) async fn change(&self, jwt: &str, old: &str, new: &str) -> Result<(), String> {
        let request = v1::ChangePasswordRequest {
            old_password: old.to_owned(),
            new_password: new.to_owned(),
        };
        match self.auth.change_password(self.by(jwt, request)).await {
            Ok(_) => Ok(()),
            refused => Err(reason(refused)),
        }
    }
}

storage_tests! {
    // Seen failing with the other sessions left alone, and with the epoch.
    async fn a_changed_password_ends_the_other_sessions(db: Db) {
        let this = Setting::new(db).await;
        let here = this.clinic_of(ADA).await;
        let there = jwt(this.login(ADA, SECRET, "").await.unwrap().into_inner().tokens);
        let code = this.reset_code(&here, &this.person(&here)).await;
        this.later(TimeDelta::seconds(1));
        assert_eq!(this.change(&here, "wrong horse battery", OTHER).await.unwrap_err(), "CREDENTIALS_INVALID");
        assert_eq!(this.change(&here, SECRET, "password1").await.unwrap_err(), "INVALID_FIELDS");
        assert_eq!(this.change(&here, SECRET, "ada@harbour.example").await.unwrap_err(), "INVALID_FIELDS");
        assert!(this.lives(&there).await);
        let epoch = this.count("SELECT epoch FROM access_epoch").await;

        this.change(&here, SECRET, OTHER).await.unwrap();
        assert!(this.lives(&here).await && !this.lives(&there).await);
        assert!(this.count("SELECT epoch FROM access_epoch").await > epoch);
        assert_eq!(reason(this.login(ADA, SECRET, "").await), "CREDENTIALS_INVALID");
        this.login(ADA, OTHER, "").await.unwrap();
        // A code that was written before is of no more use.
        assert_eq!(reason(this.reset(&code).await), "RESET_CODE_INVALID");
    }

    // Seen failing with the throttle taken out of `sign_in`.
    async fn guessing_at_a_password_is_stopped_before_it_costs_a_hash(db: Db) {
        let this = Setting::new(db).await;
        let ada = this.clinic_of(ADA).await;
        let before = this.app.passwords.hashed();
        for email in [ADA, "nobody@harbour.example"] {
            for _ in 0..5 {
                assert_eq!(reason(this.login(email, "wrong horse battery", "").await), "CREDENTIALS_INVALID");
            }
            // Also with the right password; whether there is an account does not show.
            let refused = this.login(email, SECRET, "").await;
            let wait = refused.as_ref().unwrap_err().get_error_details().retry_info().unwrap().retry_delay;
            assert_eq!(wait.unwrap().as_secs(), 60, "{email}");
            assert_eq!(reason(refused), "TOO_MANY_ATTEMPTS");
        }
        assert_eq!(this.app.passwords.hashed() - before, 10);
        // The same secret has the same counters wherever it is asked for.
        assert_eq!(this.change(&ada, SECRET, OTHER).await.unwrap_err(), "TOO_MANY_ATTEMPTS");
        this.later(TimeDelta::minutes(1));
        this.login(ADA, SECRET, "").await.unwrap();
    }

    async fn sessions_are_listed_switched_and_ended_by_their_owner(db: Db) {
        let this = Setting::new(db).await;
        let harbour = this.clinic_of(ADA).await;
        this.later(TimeDelta::seconds(1));
        let hill = this.clinic_of(ADA).await;
        let stranger = this.clinic_of("bo@hill.example").await;
        let listed = async |jwt: &str| {
            let request = this.by(jwt, v1::ListSessionsRequest {});
            this.auth.list_sessions(request).await.unwrap().into_inner().sessions
        };
        let sessions = listed(&harbour).await;
        let shown: Vec<_> = sessions.iter().map(|s| (s.clinic_id.clone(), s.current)).collect();
        assert_eq!(shown, [(this.clinic(&hill), false), (this.clinic(&harbour), true)]);

        // Seen failing with any clinic taken.
        let switch = async |jwt: &str, clinic: String| {
            this.auth.switch_clinic(this.by(jwt, v1::SwitchClinicRequest { clinic_id: clinic })).await
        };
        assert_eq!(reason(switch(&harbour, this.clinic(&stranger)).await), "NOT_FOUND");
        let told = this.told(&this.clinic(&hill), "ALLOWED").await;
        let switched = switch(&harbour, this.clinic(&hill)).await.unwrap().into_inner().access_token;
        assert_eq!(this.clinic(&switched), this.clinic(&hill));
        assert!(this.lives(&switched).await && !this.lives(&harbour).await);
        // Seen failing with the row where they come from alone.
        assert_eq!(this.told(&this.clinic(&hill), "ALLOWED").await, told + 1);

        // Seen failing with the owner not asked for.
        let revoke = async |jwt: &str, id: &str| {
            let request = v1::RevokeSessionRequest { session_id: id.to_owned() };
            this.auth.revoke_session(this.by(jwt, request)).await
        };
        let theirs = listed(&stranger).await[0].id.clone();
        assert_eq!(reason(revoke(&switched, &theirs).await), "NOT_FOUND");
        assert!(this.lives(&stranger).await);
        for _ in 0..2 {
            revoke(&switched, &sessions[0].id).await.unwrap();
        }
        assert!(!this.lives(&hill).await && this.lives(&switched).await);
        this.auth.logout(this.by(&switched, v1::LogoutRequest {})).await.unwrap();
        assert!(!this.lives(&switched).await);
    }

    // Seen failing without the expiry, and with the code not spent.
    async fn a_reset_code_works_once_within_a_day_and_the_newest_alone(db: Db) {
        let this = Setting::new(db).await;
        let ada = this.clinic_of(ADA).await;
        let pia = jwt(this.join(&this.invite(&ada, PIA).await).await.unwrap().into_inner().tokens);
        let stored = "SELECT COUNT(*) FROM reset_code";
        let pia = this.person(&pia);
        let first = this.reset_code(&ada, &pia).await;
        let second = this.reset_code(&ada, &pia).await;
        assert_eq!(this.count(stored).await, 2);
        assert_eq!(reason(this.reset(&first).await), "RESET_CODE_INVALID");
        this.later(TimeDelta::hours(24));
        assert_eq!(reason(this.reset(&second).await), "RESET_CODE_INVALID");
        let ada = jwt(this.login(ADA, SECRET, "").await.unwrap().into_inner().tokens);
        let third = this.reset_code(&ada, &pia).await;
        for (shut, open) in [
            ("UPDATE membership SET state = 'DEACTIVATED'", "UPDATE membership SET state = 'ACTIVE'"),
            ("UPDATE clinic SET state = 'DEACTIVATED'", "UPDATE clinic SET state = 'ACTIVE'"),
        ] {
            this.execute(shut).await;
            assert_eq!(reason(this.reset(&third).await), "RESET_CODE_INVALID", "{shut}");
            this.execute(open).await;
        }
        let tries = join_all((0..4).map(|_| this.reset(&third))).await;
        assert_eq!(tries.iter().filter(|done| done.is_ok()).count(), 1);
        assert_eq!(reason(this.login(PIA, SECRET, "").await), "CREDENTIALS_INVALID");
        this.login(PIA, OTHER, "").await.unwrap();
        // Nobody resets whom their clinic does not know.
        let bo = this.clinic_of("bo@hill.example").await;
        let request = v1::ResetCredentialsRequest {
            request_id: this.app.ambient.new_id().to_string(),
            person_id: this.person(&bo),
        };
        let refused = this.clinics.reset_credentials(this.by(&ada, request)).await;
        assert_eq!(reason(refused), "NOT_FOUND");
    }

    // Seen failing with every place opened.
    async fn a_reset_opens_the_clinic_that_vouches_and_tells_of_no_other(db: Db) {
        let this = Setting::new(db).await;
        let ada = this.clinic_of(ADA).await;
        let bo = this.clinic_of("bo@hill.example").await;
        let pia = jwt(this.join(&this.invite(&ada, PIA).await).await.unwrap().into_inner().tokens);
        let at_bo = jwt(this.join(&this.invite(&bo, PIA).await).await.unwrap().into_inner().tokens);
        this.later(TimeDelta::seconds(1));
        this.reset(&this.reset_code(&ada, &this.person(&pia)).await).await.unwrap();
        assert!(!this.lives(&pia).await && !this.lives(&at_bo).await, "all sessions end");

        assert_eq!(reason(this.login(PIA, OTHER, &this.clinic(&bo)).await), "CREDENTIALS_INVALID");
        let let_in = this.login(PIA, OTHER, "").await.unwrap().into_inner();
        assert_eq!(let_in.memberships.len(), 1);
        let token = jwt(let_in.tokens);
        assert_eq!(this.clinic(&token), this.clinic(&ada));
        let request = v1::SwitchClinicRequest { clinic_id: this.clinic(&bo) };
        assert_eq!(reason(this.auth.switch_clinic(this.by(&token, request)).await), "NOT_FOUND");
        let who = this.auth.who_am_i(this.by(&token, v1::WhoAmIRequest {})).await.unwrap();
        assert_eq!(who.into_inner().memberships.len(), 1);
        // Another new password changes nothing of that.
        this.later(TimeDelta::seconds(1));
        this.change(&token, OTHER, SECRET).await.unwrap();
        assert_eq!(reason(this.login(PIA, SECRET, &this.clinic(&bo)).await), "CREDENTIALS_INVALID");

        // The other clinic vouches anew, by an invitation that it hands to the person.
        this.join(&this.invite(&bo, PIA).await).await.unwrap();
        assert_eq!(reason(this.login(PIA, SECRET, "").await), "CLINIC_REQUIRED");
    }
}
