//! The services as callers reach them, without the network: behind the access layer, under the real rules, with real
//! accounts. For tests of handlers.

use std::{convert::Infallible, sync::Arc};

use http::{Request as HttpRequest, Response as HttpResponse};
use rung_proto::v1::{
    self, athlete_service_client::AthleteServiceClient, audit_service_client::AuditServiceClient,
    auth_service_client::AuthServiceClient, check_in_service_client::CheckInServiceClient,
    clinic_service_client::ClinicServiceClient, ladder_service_client::LadderServiceClient,
    plan_service_client::PlanServiceClient,
};
use tonic::{Code, Request, Response, Status, body::Body};
use tonic_types::StatusExt as _;
use tower::{Layer as _, Service, ServiceExt as _, util::BoxCloneSyncService};

use super::{PageTokens, layers::CallLayer};
use crate::{
    access::{
        AccessLayer, ClinicAccess, Epoch, Gate, Identities, Keyring, Passwords, Role, Roles, Rules,
        Throttle, Tokens, Vault, account, key_for_test,
    },
    app::App,
    clock::{Ambient as _, SharedAmbient, System},
    library::Library,
    link::Links,
    serve,
    storage::{Db, audit},
    tombstone::TombstoneFile,
};

const PASSWORD: &str = "seven rungs up the wall";

pub(crate) type Stack = BoxCloneSyncService<HttpRequest<Body>, HttpResponse<Body>, Infallible>;

/// A server that is reached without the network.
pub(crate) struct Front {
    pub(crate) app: Arc<App>,
    access: AccessLayer,
    served: Stack,
    _folder: tempfile::TempDir,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub(crate) struct Somebody {
    pub(crate) id: String,
    pub(crate) clinic: String,
    token: String,
}

impl Somebody {
    /// A request of theirs.
    pub(crate) fn asks<T>(&self, body: T) -> Request<T> {
        let mut request = Request::new(body);
        let bearer = format!("Bearer {}", self.token).parse().unwrap();
        request.metadata_mut().insert("authorization", bearer);
        request
    }
}

/// Code, reason and bad fields of a refusal.
pub(crate) fn refusal<T>(outcome: Result<Response<T>, Status>) -> (Code, String, Vec<String>) {
    let status = outcome.err().expect("a refusal");
    let details = status.get_error_details();
    let reason = details.error_info().map(|info| info.reason.clone());
    let fields = details.bad_request().map(|bad| {
        let mut fields: Vec<String> = bad
            .field_violations
            .iter()
            .map(|violation| violation.field.clone())
            .collect();
        fields.sort();
        fields
    });
    (
        status.code(),
        reason.unwrap_or_default(),
        fields.unwrap_or_default(),
    )
}

/// Why a call was refused.
pub(crate) fn reason<T>(outcome: Result<Response<T>, Status>) -> String {
    refusal(outcome).1
}

/// The bad fields for which a call was refused, in their order by name.
pub(crate) fn faults<T>(outcome: Result<Response<T>, Status>) -> Vec<String> {
    let (code, reason, fields) = refusal(outcome);
    assert_eq!(
        (code, reason.as_str()),
        (Code::InvalidArgument, "INVALID_FIELDS")
    );
    fields
}

pub(crate) fn fresh() -> String {
    System.new_id().to_string()
}

impl Front {
    pub(crate) async fn open(db: Db) -> Self {
        let ambient: SharedAmbient = Arc::new(System);
        let folder = tempfile::tempdir().unwrap();
        let kek = key_for_test();
        let (throttle, vault) = (Throttle::new(&kek).unwrap(), Vault::new(&kek).unwrap());
        let keyring = Keyring::load_or_create(&db, kek, &ambient).await.unwrap();
        let app = Arc::new(App {
            tombstones: TombstoneFile::new(folder.path().join("tombstones")),
            pages: PageTokens::new(keyring.mac_key("page").unwrap()),
            tokens: Tokens::new(keyring, "issuer".into(), "audience".into(), ambient.clone()),
            passwords: Passwords::new(ambient.clone()).unwrap(),
            throttle,
            vault,
            links: Links::new("https://rung.example"),
            library: Library::load().unwrap(),
            ambient: ambient.clone(),
            db: db.clone(),
        });
        let epoch = Arc::new(Epoch::new(db.clone(), Arc::clone(app.tokens.keyring())));
        let identities = Identities::new(db, ambient, app.tokens.clone(), epoch);
        let access = AccessLayer::new(Gate::new(Rules::load().unwrap(), identities));
        let (health, health_service) = tonic_health::server::health_reporter();
        let routes = serve::routes(&app, &health, health_service).await.unwrap();
        let served = behind(&access, routes);
        Self {
            app,
            access,
            served,
            _folder: folder,
        }
    }

    pub(crate) fn athletes(&self) -> AthleteServiceClient<Stack> {
        AthleteServiceClient::new(self.served.clone())
    }

    pub(crate) fn audit(&self) -> AuditServiceClient<Stack> {
        AuditServiceClient::new(self.served.clone())
    }

    pub(crate) fn auth(&self) -> AuthServiceClient<Stack> {
        AuthServiceClient::new(self.served.clone())
    }

    pub(crate) fn ladders(&self) -> LadderServiceClient<Stack> {
        LadderServiceClient::new(self.served.clone())
    }

    pub(crate) fn plans(&self) -> PlanServiceClient<Stack> {
        PlanServiceClient::new(self.served.clone())
    }

    pub(crate) fn clinics(&self) -> ClinicServiceClient<Stack> {
        ClinicServiceClient::new(self.served.clone())
    }

    pub(crate) fn check_ins(&self) -> CheckInServiceClient<Stack> {
        CheckInServiceClient::new(self.served.clone())
    }

    /// What the layers hand to the handler of a method, for a test that calls it with nothing in between.
    pub(crate) async fn let_in<T>(&self, method: &str, request: Request<T>) -> Request<T> {
        let (metadata, _, body) = request.into_parts();
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let handler = tower::service_fn(move |request: HttpRequest<Body>| {
            let told = told.clone();
            async move {
                told.send(request.extensions().clone()).unwrap();
                Ok::<_, Infallible>(HttpResponse::new(Body::empty()))
            }
        });
        let mut asked = HttpRequest::new(Body::empty());
        *asked.uri_mut() = format!("http://rung.test/{method}").parse().unwrap();
        *asked.headers_mut() = metadata.clone().into_headers();
        behind(&self.access, handler).oneshot(asked).await.unwrap();
        let extensions = heard.recv().await.expect("let in");
        Request::from_parts(metadata, extensions, body)
    }

    /// A clinic of its own, and who runs it.
    pub(crate) async fn admin(&self, name: &str) -> Somebody {
        let (db, ambient) = (&self.app.db, &self.app.ambient);
        let email = format!("{name}@harbour.example");
        let admin = Roles::from(Role::Admin);
        let founded = account::found(db, ambient, "Clinic".to_owned(), email, admin).await;
        let code = founded.unwrap().1.reveal();
        self.join(code.as_str().to_owned()).await
    }

    /// Somebody of the admin's clinic.
    pub(crate) async fn physio(&self, admin: &Somebody, name: &str) -> Somebody {
        let request = v1::InviteMemberRequest {
            request_id: fresh(),
            email: format!("{name}@harbour.example"),
            roles: Roles::from(Role::Physio).to_proto(),
            athlete_id: String::new(),
        };
        let invited = self.clinics().invite_member(admin.asks(request)).await;
        self.join(invited.unwrap().into_inner().code).await
    }

    /// Whoever takes up an invitation, with an account of their own.
    pub(crate) async fn join(&self, code: String) -> Somebody {
        let request = v1::AcceptInvitationRequest {
            code,
            password: PASSWORD.to_owned(),
            display_name: "Somebody".to_owned(),
        };
        let joined = self.auth().accept_invitation(request).await.unwrap();
        let joined = joined.into_inner();
        Somebody {
            id: joined.person_id,
            clinic: joined.membership.unwrap().clinic_id,
            token: joined.tokens.unwrap().access_token,
        }
    }

    /// An athlete in somebody's care.
    pub(crate) async fn athlete(&self, keeper: &Somebody, name: &str) -> String {
        let request = v1::CreateAthleteRequest {
            request_id: fresh(),
            display_name: name.to_owned(),
            time_zone: "UTC".to_owned(),
        };
        let made = self.athletes().create_athlete(keeper.asks(request)).await;
        made.unwrap().into_inner().athlete.unwrap().id
    }

    /// Whether somebody may read an athlete's record, or why not.
    pub(crate) async fn reads(&self, who: &Somebody, athlete: &str) -> Result<(), String> {
        let request = v1::GetAthleteRequest {
            athlete_id: athlete.to_owned(),
        };
        match self.athletes().get_athlete(who.asks(request)).await {
            Ok(_) => Ok(()),
            refused => Err(reason(refused)),
        }
    }

    /// What somebody has left in the audit of their clinic by a method, the newest first.
    pub(crate) async fn rows(&self, who: &Somebody, method: &str) -> Vec<audit::Row> {
        let clinic = who.clinic.parse::<uuid::Uuid>().unwrap().into();
        let access = ClinicAccess::for_test(clinic, System.new_id().into(), &[]);
        let filter = audit::Filter {
            actor: Some(who.id.parse().unwrap()),
            ..audit::Filter::default()
        };
        let mut reader = self.app.db.read_in(clinic).await.unwrap();
        let rows = audit::list(&mut reader.conn(), &access, filter, 100).await;
        let mut rows = rows.unwrap();
        rows.retain(|row| row.method.ends_with(method));
        rows
    }
}

fn behind<S>(access: &AccessLayer, inner: S) -> Stack
where
    S: Service<HttpRequest<Body>, Response = HttpResponse<Body>, Error = Infallible>
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send,
{
    let ambient: SharedAmbient = Arc::new(System);
    BoxCloneSyncService::new(CallLayer { ambient }.layer(access.layer(inner)))
}
