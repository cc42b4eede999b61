use std::{
    convert::Infallible,
    sync::atomic::{AtomicUsize, Ordering},
};

use rung_progression::{AthleteId, ClinicId, PersonId, SessionId};
use tonic::Code;
use tonic_types::StatusExt as _;
use tower::ServiceExt as _;

use super::*;
use crate::{
    access::{
        Actor, Epoch, Keyring, Password, Passwords, Role, Roles, Tokens,
        account::{Desk, found},
        key::for_test::kek,
    },
    clock::{Ambient as _, SharedAmbient, System},
    storage::{Db, audit, conformance::storage_tests, db::on, relation},
};

const OWN: &str = "/rung.v1.AuthService/WhoAmI";
const STAFF: &str = "/rung.v1.ClinicService/ListMembers";
const ANYBODY: &str = "/rung.v1.AuthService/Login";

struct Setting {
    db: Db,
    layer: AccessLayer,
    reached: Arc<AtomicUsize>,
    jwt: String,
    session: SessionId,
    person: PersonId,
    clinic: ClinicId,
}

impl Setting {
    /// One clinic with one person who has these roles, and the gate in front of a service that counts.
    async fn new(db: Db, roles: Roles) -> Self {
        let ambient: SharedAmbient = Arc::new(System);
        let keyring = Keyring::load_or_create(&db, kek(1), &ambient)
            .await
            .unwrap();
        let tokens = Tokens::new(keyring, "issuer".into(), "audience".into(), ambient.clone());
        let passwords = Passwords::new(ambient.clone()).unwrap();
        let email = "ada@harbour.example".to_owned();
        let (_, code) = found(&db, &ambient, "Harbour".into(), email, roles)
            .await
            .unwrap();
        let desk = Desk {
            call: &Call::by_operator("test", &ambient),
            db: &db,
            ambient: &ambient,
            passwords: &passwords,
        };
        let password = Password::parse("correct horse".into()).unwrap();
        let signed_in = desk.accept(&code, &password, Some("Ada")).await;
        let signed_in = signed_in.unwrap().0.signed_in();
        let (person, clinic) = (signed_in.person, signed_in.clinic);
        let jwt = signed_in.pair(&tokens).unwrap().access.jwt;
        let session = tokens.verify(&jwt).unwrap().session;
        let epoch = Arc::new(Epoch::new(db.clone(), Arc::clone(tokens.keyring())));
        let identities = Identities::new(db.clone(), ambient, tokens, epoch);
        let gate = Gate::new(Rules::load().unwrap(), identities);
        let (layer, reached) = (AccessLayer::new(gate), Arc::default());
        Self {
            db,
            layer,
            reached,
            jwt,
            session,
            person,
            clinic,
        }
    }

    /// Code and reason of a call with these headers, and what the service was told about the caller.
    async fn call(&self, path: &str, authorization: &[&str]) -> (Code, String, Option<Caller>) {
        let call = Call {
            id: System.new_id(),
            method: path.trim_start_matches('/').to_owned(),
            network: None,
        };
        let mut request = Request::builder()
            .uri(format!("http://rung.test{path}"))
            .extension(call);
        for value in authorization {
            request = request.header(AUTHORIZATION, *value);
        }
        let reached = Arc::clone(&self.reached);
        let service = tower::service_fn(move |request: Request<()>| {
            let reached = Arc::clone(&reached);
            async move {
                reached.fetch_add(1, Ordering::Relaxed);
                assert!(request.extensions().get::<Rule>().is_some());
                let mut response = Response::new(());
                if let Some(caller) = request.extensions().get::<Caller>() {
                    response.extensions_mut().insert(caller.clone());
                }
                Ok::<_, Infallible>(response)
            }
        });
        let before = self.reached.load(Ordering::Relaxed);
        let request = request.body(()).unwrap();
        let response = self.layer.layer(service).oneshot(request).await.unwrap();
        let passed = self.reached.load(Ordering::Relaxed) - before;
        let Some(status) = response.extensions().get::<Status>() else {
            assert_eq!(passed, 1);
            return (
                Code::Ok,
                String::new(),
                response.extensions().get().cloned(),
            );
        };
        assert_eq!(passed, 0, "a refused call reached the service");
        assert_eq!(response.headers()["content-type"], "application/grpc");
        assert_eq!(
            response.headers()["grpc-status"],
            (status.code() as i32).to_string()
        );
        (
            status.code(),
            status.get_details_error_info().unwrap().reason,
            None,
        )
    }

    async fn with_token(&self, path: &str) -> (Code, String, Option<Caller>) {
        self.call(path, &[&format!("Bearer {}", self.jwt)]).await
    }

    /// The rows of the clinic.
    async fn audit(&self) -> Vec<audit::Row> {
        let access = crate::access::ClinicAccess::for_test(self.clinic, self.person, &[]);
        let mut reader = self.db.read_in(self.clinic).await.unwrap();
        audit::list(&mut reader.conn(), &access, audit::Filter::default(), 100)
            .await
            .unwrap()
    }

    async fn execute(&self, sql: &'static str) {
        self.db
            .write(move |mut tx| {
                Box::pin(async move {
                    on!(&mut *tx, execute sqlx::query(sql).bind(System.now()))?;
                    Ok(())
                })
            })
            .await
            .unwrap();
    }
}

fn refusal(outcome: (Code, String, Option<Caller>)) -> (Code, String) {
    (outcome.0, outcome.1)
}

fn signed_out() -> (Code, String) {
    (Code::Unauthenticated, "TOKEN_INVALID".to_owned())
}

storage_tests! {
    // Seen failing with a miss in the rules let through.
    async fn what_has_no_rule_is_closed_to_everybody(db: Db) {
        let this = Setting::new(db, Role::Admin.into()).await;
        for path in [
            "/",
            "/rung.v1.AuthService/Nothing",
            "/rung.v1.AuthService/login",
            "/rung.v1.AuthService/Login/",
            "//rung.v1.AuthService/Login",
            "/rung.v2.AuthService/Login",
            "/grpc.health.v1.Health/Other",
        ] {
            let closed = (Code::PermissionDenied, "NO_RULE".to_owned());
            assert_eq!(refusal(this.with_token(path).await), closed, "{path}");
            assert_eq!(refusal(this.call(path, &[]).await), closed, "{path}");
        }
    }

    async fn anybody_may_sign_in_and_ask_for_health(db: Db) {
        let this = Setting::new(db, Role::Admin.into()).await;
        for path in [ANYBODY, "/grpc.health.v1.Health/Check"] {
            for headers in [&[][..], &["Bearer nonsense"]] {
                let (code, _, caller) = this.call(path, headers).await;
                assert_eq!(code, Code::Ok, "{path}");
                assert!(caller.is_none());
            }
        }
    }

    async fn a_token_has_to_be_there_once_and_good(db: Db) {
        let this = Setting::new(db, Role::Admin.into()).await;
        let bearer = format!("Bearer {}", this.jwt);
        let basic = format!("Basic {}", this.jwt);
        for headers in [
            &[][..],
            &["Bearer"],
            &["Bearer "],
            &["Bearer nonsense"],
            &[this.jwt.as_str()],
            &[basic.as_str()],
            &[bearer.as_str(), bearer.as_str()],
        ] {
            assert_eq!(refusal(this.call(OWN, headers).await), signed_out(), "{headers:?}");
        }
        let (code, _, caller) = this.call(OWN, &[&format!("bearer {}", this.jwt)]).await;
        let caller = caller.unwrap();
        assert_eq!(code, Code::Ok);
        assert_eq!((caller.person, caller.clinic), (this.person, this.clinic));
        assert_eq!(caller.actor, Actor::Person(this.session));
        assert_eq!((caller.roles, caller.athlete), (Role::Admin.into(), None));
    }

    // Seen failing with the role part of the rule taken out of the gate.
    async fn a_role_that_the_rule_does_not_name_is_refused(db: Db) {
        let this = Setting::new(db, Role::Admin.into()).await;
        assert_eq!(this.with_token(STAFF).await.0, Code::Ok);
        let clinical = "/rung.v1.AthleteService/GetAthlete";
        let missing = (Code::PermissionDenied, "ROLE_REQUIRED".to_owned());
        assert_eq!(refusal(this.with_token(clinical).await), missing);
        // Roles are those of now, not those of the token.
        this.execute("UPDATE membership SET roles = 'PHYSIO' WHERE created_at <= $1").await;
        assert_eq!(this.with_token(clinical).await.0, Code::Ok);
    }

    // Seen failing with the rows of the gate not stored, and with those of the handler not.
    async fn what_is_refused_and_what_is_read_stands_in_the_audit(db: Db) {
        let this = Setting::new(db, Role::Admin.into()).await;
        this.with_token("/rung.v1.AthleteService/GetAthlete").await;
        this.with_token(STAFF).await;
        this.with_token(OWN).await;
        let rows = this.audit().await;
        let denied = ("rung.v1.AthleteService/GetAthlete", "DENIED", Some("ROLE_REQUIRED"));
        let rows: Vec<_> = rows
            .iter()
            .map(|row| (row.method.as_str(), row.outcome.as_str(), row.error_reason.as_deref()))
            .collect();
        // The newest first: the founding and the sign-in came before.
        let founded = [("test", "ALLOWED", None), ("rungd admin bootstrap", "ALLOWED", None)];
        assert_eq!(rows, [&[denied], &founded[..]].concat());
    }

    // Seen failing with the outcome of the recorder not asked.
    async fn without_its_audit_row_nothing_is_answered(db: Db) {
        let mut this = Setting::new(db, Role::Admin.into()).await;
        this.layer = AccessLayer::new(Gate {
            recorder: Recorder::broken_for_test(),
            rules: Rules::load().unwrap(),
            identities: Arc::clone(&this.layer.0.identities),
        });
        let silent = (Code::Unavailable, "AUDIT_UNAVAILABLE".to_owned());
        let refused = this.with_token("/rung.v1.AthleteService/GetAthlete").await;
        assert_eq!(refusal(refused), silent);
        assert_eq!(this.with_token(OWN).await.0, Code::Ok, "what leaves no row needs none");
    }

    // Seen failing with either condition taken out of `live::person`.
    async fn revoking_and_deactivating_bite_at_once(db: Db) {
        let this = Setting::new(db, Role::Admin.into()).await;
        assert_eq!(this.with_token(OWN).await.0, Code::Ok);
        this.execute("UPDATE membership SET state = 'DEACTIVATED' WHERE created_at <= $1").await;
        assert_eq!(refusal(this.with_token(OWN).await), signed_out());
        this.execute("UPDATE membership SET state = 'ACTIVE' WHERE created_at <= $1").await;
        assert_eq!(this.with_token(OWN).await.0, Code::Ok);
        this.execute("UPDATE auth_session SET revoked_at = $1").await;
        assert_eq!(refusal(this.with_token(OWN).await), signed_out());
    }

    async fn an_athlete_comes_with_their_own_record(db: Db) {
        let this = Setting::new(db, Role::Athlete.into()).await;
        let (clinic, person) = (this.clinic, this.person);
        let record = AthleteId::from(System.new_id());
        this.db
            .write_in(clinic, move |mut tx| {
                Box::pin(async move {
                    let access = crate::access::ClinicAccess::for_test(clinic, person, &[]);
                    crate::storage::athlete::insert(&mut tx, &access, record, "Nora", "UTC", System.now()).await?;
                    relation::join_athlete(&mut tx, clinic, record, person).await
                })
            })
            .await
            .unwrap();
        assert_eq!(this.with_token(OWN).await.2.unwrap().athlete, Some(record));
    }
}
