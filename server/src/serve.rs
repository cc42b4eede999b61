//! `rungd serve`: from settings to a server that stops cleanly.

mod incoming;

use std::{fs, os::unix::fs::DirBuilderExt as _, path::Path, sync::Arc, time::Duration};

use rung_proto::{FILE_DESCRIPTOR_SET, v1};
use tokio::signal::unix::{SignalKind, signal};
use tonic::{
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tonic_health::{ServingStatus, pb::health_server::HealthServer, server::HealthReporter};

use crate::{
    access::{
        AccessLayer, Epoch, Gate, Identities, KeyEncryptionKey, Keyring, Passwords, Rules,
        Throttle, Tokens, Vault,
    },
    app::App,
    chainer::Chainer,
    clock::{SharedAmbient, System},
    config::Settings,
    error::{Error, Result},
    housekeeping,
    http::{RefusalLayer, beside},
    library::Library,
    link::Links,
    rpc::{
        PageTokens, athlete::Athletes, audit::Audit, auth::Auth, check_in::CheckIns,
        clinic::Clinics, ladder::Ladders, layers::CallLayer, plan::Plans, simulation::Simulations,
        triage::Triage,
    },
    storage::{Db, dialect::assert_modest},
    sweeper,
    tombstone::erase_again,
};

/// The transport's limits. tonic's defaults switch hyper's own protections off: the first two must be set.
const STREAMS_PER_CONNECTION: u32 = 100;
const LOCAL_RESETS_PER_CONNECTION: usize = 1024;
const PENDING_RESETS_PER_CONNECTION: usize = 20;
const HEADER_BYTES: u32 = 16 * 1024;
/// The largest message taken. A check-in with every field full has less than 100 kB, a ladder of a hundred rungs 250.
const MESSAGE_BYTES: usize = 512 * 1024;
const KEEPALIVE_INTERVAL: Duration = Duration::from_mins(1);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long calls in flight may take to finish once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// Serves until SIGTERM or SIGINT.
pub(crate) async fn serve(settings: Settings) -> Result<()> {
    let ambient: SharedAmbient = Arc::new(System);
    let db = open(&settings).await?;
    let erased = erase_again(&db, &ambient, &settings.tombstones().read()?).await?;
    if erased > 0 {
        tracing::warn!(
            erased,
            "athletes were erased again, as their tombstones say"
        );
    }
    let incoming = TcpIncoming::bind(settings.listen)
        .map_err(|e| Error::internal(format!("listening on {}: {e}", settings.listen)))?
        .with_nodelay(Some(true));
    let address = incoming.local_addr().map_err(Error::internal)?;
    let links = Links::new(&settings.public_url(address));
    let app = Arc::new(build(&settings, &ambient, db.clone(), links).await?);
    let epoch = Arc::new(Epoch::new(db.clone(), Arc::clone(app.tokens.keyring())));
    let identities = Identities::new(
        db.clone(),
        ambient.clone(),
        app.tokens.clone(),
        Arc::clone(&epoch),
    );
    let gate = Gate::new(Rules::load()?, identities);
    let chaining = Chainer::new(
        db.clone(),
        ambient.clone(),
        Arc::clone(app.tokens.keyring()),
    )
    .spawn();
    let keeping = tokio::spawn(housekeeping::keep(db.clone(), ambient.clone()));
    let sweeping = (settings.sweep_seconds > 0).then(|| {
        let every = Duration::from_secs(settings.sweep_seconds);
        tokio::spawn(sweeper::keep(db.clone(), ambient.clone(), every))
    });
    let watching = tokio::spawn(async move { epoch.watch().await });

    let (health, health_service) = tonic_health::server::health_reporter();
    let tls = match (&settings.tls_cert, &settings.tls_key) {
        (Some(certificate), Some(key)) => Some(incoming::tls(certificate, key)?),
        _ => None,
    };
    let router = limited()
        .layer(RefusalLayer)
        .layer(CallLayer {
            ambient: ambient.clone(),
        })
        .layer(AccessLayer::new(gate))
        .add_routes(routes(&app, &health, health_service).await?);

    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let capped = incoming::capped(incoming, settings.max_connections, tls);
    let serving = tokio::spawn(router.serve_with_incoming_shutdown(capped, async move {
        let _gone = stopped.await;
    }));
    tracing::info!(addr = %address, tls = settings.tls_cert.is_some(), "listening");

    told_to_stop().await?;
    tracing::info!("stopping");
    not_serving(&health).await;
    let _gone = stop.send(());
    if let Ok(done) = tokio::time::timeout(DRAIN, serving).await {
        done.map_err(Error::internal)?.map_err(Error::internal)?;
    } else {
        tracing::warn!("some calls did not finish in time");
    }
    watching.abort();
    keeping.abort();
    if let Some(sweeping) = sweeping {
        sweeping.abort();
    }
    chaining.stop().await;
    db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Opens the database that the settings name.
pub(crate) async fn open(settings: &Settings) -> Result<Db> {
    if let Some(url) = &settings.database_url {
        if settings.allow_mighty_database_role {
            tracing::warn!("the database role is not asked whether anything holds it back");
        } else {
            assert_modest(url).await?;
        }
        return Db::open_postgres(url).await;
    }
    make_folder(&settings.data_dir)?;
    Db::open_sqlite(&settings.sqlite_file()).await
}

/// What every service shares, made from the settings.
pub(crate) async fn build(
    settings: &Settings,
    ambient: &SharedAmbient,
    db: Db,
    links: Links,
) -> Result<App> {
    let kek = key_encryption_key(settings, ambient)?;
    let (throttle, vault) = (Throttle::new(&kek)?, Vault::new(&kek)?);
    let keyring = Keyring::load_or_create(&db, kek, ambient).await?;
    let pages = PageTokens::new(keyring.mac_key("page tokens")?);
    let issuer = &settings.issuer;
    Ok(App {
        db,
        tombstones: settings.tombstones(),
        tokens: Tokens::new(keyring, issuer.clone(), issuer.clone(), ambient.clone()),
        passwords: Passwords::new(ambient.clone())?,
        throttle,
        vault,
        links,
        pages,
        library: Library::load()?,
        ambient: ambient.clone(),
    })
}

/// The signing keys, opened with the key that the settings name.
pub(crate) async fn keyring(
    settings: &Settings,
    db: &Db,
    ambient: &SharedAmbient,
) -> Result<Keyring> {
    Keyring::load_or_create(db, key_encryption_key(settings, ambient)?, ambient).await
}

/// The environment, else the named file, else our own file, made at the first start.
pub(crate) fn key_encryption_key(
    settings: &Settings,
    ambient: &SharedAmbient,
) -> Result<KeyEncryptionKey> {
    const VARIABLE: &str = "RUNG_KEY_ENCRYPTION_KEY";
    if let Ok(text) = std::env::var(VARIABLE) {
        return KeyEncryptionKey::from_base64(&text, VARIABLE);
    }
    if let Some(file) = &settings.key_encryption_key_file {
        return KeyEncryptionKey::from_file(file);
    }
    make_folder(&settings.data_dir)?;
    let file = settings.data_dir.join("key-encryption-key");
    KeyEncryptionKey::load_or_create_file(&file, ambient.as_ref())
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|e| Error::internal(format!("{}: {e}", folder.display())))
}

fn limited() -> Server {
    Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(STREAMS_PER_CONNECTION)
        .http2_max_local_error_reset_streams(Some(LOCAL_RESETS_PER_CONNECTION))
        .http2_max_pending_accept_reset_streams(Some(PENDING_RESETS_PER_CONNECTION))
        .http2_max_header_list_size(HEADER_BYTES)
        .http2_keepalive_interval(Some(KEEPALIVE_INTERVAL))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
}

/// Every service: ours, health per service, and both versions of reflection (older clients know only the first).
pub(crate) async fn routes(
    app: &Arc<App>,
    health: &HealthReporter,
    health_service: HealthServer<impl tonic_health::pb::health_server::Health>,
) -> Result<Routes> {
    use v1::{
        athlete_service_server::AthleteServiceServer, audit_service_server::AuditServiceServer,
        auth_service_server::AuthServiceServer, check_in_service_server::CheckInServiceServer,
        clinic_service_server::ClinicServiceServer, ladder_service_server::LadderServiceServer,
        plan_service_server::PlanServiceServer, simulation_service_server::SimulationServiceServer,
        triage_service_server::TriageServiceServer,
    };
    for service in SERVICES {
        health
            .set_service_status(service, ServingStatus::Serving)
            .await;
    }
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    macro_rules! serving {
        ($server:ident, $service:expr) => {
            $server::new($service).max_decoding_message_size(MESSAGE_BYTES)
        };
    }
    let mut routes = Routes::builder();
    routes
        .add_service(serving!(AuthServiceServer, Auth(Arc::clone(app))))
        .add_service(serving!(ClinicServiceServer, Clinics(Arc::clone(app))))
        .add_service(serving!(AthleteServiceServer, Athletes(Arc::clone(app))))
        .add_service(serving!(AuditServiceServer, Audit(Arc::clone(app))))
        .add_service(serving!(LadderServiceServer, Ladders(Arc::clone(app))))
        .add_service(serving!(PlanServiceServer, Plans(Arc::clone(app))))
        .add_service(serving!(CheckInServiceServer, CheckIns(Arc::clone(app))))
        .add_service(serving!(
            SimulationServiceServer,
            Simulations(Arc::clone(app))
        ))
        .add_service(serving!(TriageServiceServer, Triage(Arc::clone(app))))
        .add_service(health_service)
        .add_service(reflection().build_v1().map_err(Error::internal)?)
        .add_service(reflection().build_v1alpha().map_err(Error::internal)?);
    let services = routes.routes().into_axum_router();
    Ok(beside(services, &app.tokens).into())
}

/// The services whose health can be asked; a test compares the list with the contract.
const SERVICES: [&str; 9] = [
    "rung.v1.AthleteService",
    "rung.v1.AuditService",
    "rung.v1.AuthService",
    "rung.v1.CheckInService",
    "rung.v1.ClinicService",
    "rung.v1.LadderService",
    "rung.v1.PlanService",
    "rung.v1.SimulationService",
    "rung.v1.TriageService",
];

async fn not_serving(health: &HealthReporter) {
    for service in SERVICES.iter().chain(&[""]) {
        health
            .set_service_status(service, ServingStatus::NotServing)
            .await;
    }
}

async fn told_to_stop() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn health_is_told_of_every_service_of_the_contract() {
        let pool = prost_reflect::DescriptorPool::decode(rung_proto::FILE_DESCRIPTOR_SET).unwrap();
        let mut services: Vec<String> = pool
            .services()
            .map(|service| service.full_name().to_owned())
            .collect();
        services.sort();
        assert_eq!(services, super::SERVICES);
    }
}

#[cfg(test)]
#[path = "serve/limit_test.rs"]
mod limits;
