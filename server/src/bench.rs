//! What being asked who one is costs: a stub handler bare, behind the access layer, and with the proof that a handler
//! asks for. All in one run, on one machine, so that the ratios mean something. `make bench` runs it.

use std::{convert::Infallible, fmt::Write as _, sync::Arc, time::Instant};

use axum::body::to_bytes;
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use http::{Request, Response};
use prost::Message;
use rung_progression::AthleteId;
use rung_proto::v1;
use tonic::body::Body;
use tower::{Layer as _, Service, ServiceExt as _, util::BoxCloneSyncService};

use crate::{
    access::{AccessLayer, Epoch, Gate, Identities, Rules, Session},
    admin::{self, Founding, Wish},
    app::App,
    clock::{Ambient as _, SharedAmbient, System},
    config::Settings,
    error::{Error, Result},
    link::Links,
    rpc::layers::CallLayer,
    serve,
};

const PASSWORD: &str = "seven rungs up the wall";
/// The rule of this method is the stub's: a read of one athlete.
const PATH: &str = "/rung.v1.AthleteService/GetAthlete";
/// Calls at once.
const WIDTHS: [usize; 2] = [1, 64];
/// How long each figure is measured.
const MEASURED: std::time::Duration = std::time::Duration::from_secs(2);

type Stack = BoxCloneSyncService<Request<Body>, Response<Body>, Infallible>;

/// Measures on the database of the settings, which has to be empty, and tells.
pub(crate) async fn run(settings: Settings) -> Result<String> {
    let ambient: SharedAmbient = Arc::new(System);
    let db = serve::open(&settings).await?;
    let links = Links::new("http://127.0.0.1");
    let app = Arc::new(serve::build(&settings, &ambient, db, links).await?);
    let bench = Bench { app, ambient };
    let (physio, athlete, own) = bench.furnish().await?;
    let stub = bench.stub(None);
    let mut text =
        String::from("| | at once | calls/s | µs per call | × bare |\n|---|---|---|---|---|\n");
    for width in WIDTHS {
        let mut bare = None;
        for (what, stack, token) in [
            ("bare stub", stub.clone(), ""),
            (
                "access layer, caller known",
                bench.behind(stub.clone(), true)?,
                &physio,
            ),
            (
                "access layer, caller looked up",
                bench.behind(stub.clone(), false)?,
                &physio,
            ),
            (
                "and the proof, own record (no audit row)",
                bench.behind(bench.stub(Some(athlete)), true)?,
                &own,
            ),
            (
                "and the proof, in care (an audit row, committed before the answer)",
                bench.behind(bench.stub(Some(athlete)), true)?,
                &physio,
            ),
        ] {
            let seconds = measure(&stack, token, width).await?;
            let bare = *bare.get_or_insert(seconds);
            writeln!(
                text,
                "| {what} | {width} | {:.0} | {:.1} | {:.1} |",
                1.0 / seconds,
                seconds * 1e6,
                seconds / bare
            )
            .map_err(Error::internal)?;
        }
    }
    bench.app.db.close().await;
    Ok(text)
}

struct Bench {
    app: Arc<App>,
    ambient: SharedAmbient,
}

impl Bench {
    /// A handler of tonic's own that decodes and encodes a small message; with an athlete, after the proof for them.
    fn stub(&self, athlete: Option<AthleteId>) -> Stack {
        let (_, health) = tonic_health::server::health_reporter();
        let app = Arc::clone(&self.app);
        BoxCloneSyncService::new(tower::service_fn(move |mut request: Request<Body>| {
            let (app, mut health) = (Arc::clone(&app), health.clone());
            async move {
                if let Some(athlete) = athlete {
                    let mut call = tonic::Request::new(());
                    *call.extensions_mut() = request.extensions().clone();
                    let proved = async {
                        let (session, ()) = Session::open(&app, call)?;
                        session.athlete(athlete).await
                    };
                    if let Err(refusal) = proved.await {
                        return Ok(tonic::Status::from(refusal).into_http());
                    }
                }
                *request.uri_mut() = http::Uri::from_static("/grpc.health.v1.Health/Check");
                health.call(request).await
            }
        }))
    }

    /// `inner` behind the layers of the server. Callers are known again when `known`, else looked up for each call.
    fn behind(&self, inner: Stack, known: bool) -> Result<Stack> {
        let (db, tokens) = (self.app.db.clone(), self.app.tokens.clone());
        let epoch = Arc::new(Epoch::new(db.clone(), Arc::clone(tokens.keyring())));
        if known {
            let epoch = Arc::clone(&epoch);
            tokio::spawn(async move { epoch.watch().await });
        }
        let identities = Identities::new(db, self.ambient.clone(), tokens, epoch);
        let access = AccessLayer::new(Gate::new(Rules::load()?, identities));
        let call = CallLayer {
            ambient: self.ambient.clone(),
        };
        Ok(BoxCloneSyncService::new(call.layer(access.layer(inner))))
    }

    /// A clinic with a physiotherapist and an athlete in their care: their tokens, and whom they are about.
    async fn furnish(&self) -> Result<(String, AthleteId, String)> {
        let App { db, passwords, .. } = &*self.app;
        let account = Some(("Ada", PASSWORD.to_owned()));
        let founding = Founding::parse(Wish {
            clinic_name: "Harbour",
            email: "ada@harbour.example",
            physio: true,
            account,
        })?;
        let founded = admin::bootstrap(db, &self.ambient, &founding).await?;
        if let Some(account) = &founding.account {
            admin::accept(db, &self.ambient, passwords, &founded.code, account).await?;
        }
        let (_, health) = tonic_health::server::health_reporter();
        let (reporter, _) = tonic_health::server::health_reporter();
        let routes = serve::routes(&self.app, &reporter, health).await?;
        let routes = tower::service_fn(move |request: Request<Body>| {
            let mut routes = routes.clone();
            async move { routes.call(request).await }
        });
        let server = self.behind(BoxCloneSyncService::new(routes), false)?;
        let signed_in: v1::LoginResponse = ask(
            &server,
            "/rung.v1.AuthService/Login",
            "",
            &v1::LoginRequest {
                email: "ada@harbour.example".to_owned(),
                password: PASSWORD.to_owned(),
                clinic_id: String::new(),
            },
        )
        .await?;
        let physio = signed_in.tokens.unwrap_or_default().access_token;
        let made: v1::CreateAthleteResponse = ask(
            &server,
            "/rung.v1.AthleteService/CreateAthlete",
            &physio,
            &v1::CreateAthleteRequest {
                request_id: System.new_id().to_string(),
                display_name: "Nora".to_owned(),
                time_zone: "Europe/Oslo".to_owned(),
            },
        )
        .await?;
        let athlete_id = made.athlete.unwrap_or_default().id;
        let invited: v1::InviteMemberResponse = ask(
            &server,
            "/rung.v1.ClinicService/InviteMember",
            &physio,
            &v1::InviteMemberRequest {
                request_id: System.new_id().to_string(),
                email: "nora@mail.example".to_owned(),
                roles: vec![v1::Role::Athlete.into()],
                athlete_id: athlete_id.clone(),
            },
        )
        .await?;
        let joined: v1::AcceptInvitationResponse = ask(
            &server,
            "/rung.v1.AuthService/AcceptInvitation",
            "",
            &v1::AcceptInvitationRequest {
                code: invited.code,
                password: PASSWORD.to_owned(),
                display_name: "Nora".to_owned(),
            },
        )
        .await?;
        let own = joined.tokens.unwrap_or_default().access_token;
        let athlete: uuid::Uuid = athlete_id.parse().map_err(Error::internal)?;
        Ok((physio, athlete.into(), own))
    }
}

fn request(path: &str, token: &str, message: &impl Message) -> Result<Request<Body>> {
    let message = message.encode_to_vec();
    let length = u32::try_from(message.len()).map_err(Error::internal)?;
    // Not compressed; the length; the message.
    let frame = [&[0][..], &length.to_be_bytes(), &message].concat();
    let mut request = Request::post(path).header("content-type", "application/grpc");
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    request
        .body(Body::new(axum::body::Body::from(frame)))
        .map_err(Error::internal)
}

async fn answer(stack: &Stack, request: Request<Body>) -> Result<Bytes> {
    let Ok(response) = stack.clone().oneshot(request).await;
    if let Some(status) = tonic::Status::from_header_map(response.headers())
        && status.code() != tonic::Code::Ok
    {
        return Err(Error::internal(status));
    }
    let body = axum::body::Body::new(response.into_body());
    to_bytes(body, 1 << 20).await.map_err(Error::internal)
}

async fn ask<T: Message + Default>(
    stack: &Stack,
    path: &str,
    token: &str,
    message: &impl Message,
) -> Result<T> {
    let bytes = answer(stack, request(path, token, message)?).await?;
    let message = bytes.get(5..).unwrap_or_default();
    T::decode(message).map_err(Error::internal)
}

/// Seconds per call, of so many at once.
async fn measure(stack: &Stack, token: &str, width: usize) -> Result<f64> {
    let call = || async {
        let message = tonic_health::pb::HealthCheckRequest::default();
        answer(stack, request(PATH, token, &message)?)
            .await
            .map(drop)
    };
    // Once before the clock runs: caches fill, and the number of shut-outs has been asked for.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    call().await?;
    let began = Instant::now();
    let calls = stream::repeat_with(|| call().boxed())
        .take_while(|_| std::future::ready(began.elapsed() < MEASURED))
        .buffer_unordered(width);
    let mut calls = std::pin::pin!(calls);
    let mut done = 0_u32;
    while let Some(outcome) = calls.next().await {
        outcome?;
        done += 1;
    }
    Ok(began.elapsed().as_secs_f64() / f64::from(done.max(1)))
}
