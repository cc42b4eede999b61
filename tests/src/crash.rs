//! Kills a server at random moments while clients write, and holds what it has acknowledged against what is stored.
//!
//! `make crash` runs it. It proves itself: a server that acknowledges before it commits (a build for tests can do that)
//! loses something every time.

mod client;
mod disk;
mod ledger;

use std::{
    path::Path,
    sync::{Arc, RwLock, atomic::Ordering},
    thread,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use rung_proto::v1::{
    self, check_in_service_client::CheckInServiceClient, plan_service_client::PlanServiceClient,
};
use tokio::{runtime::Runtime, task::JoinHandle};
use tonic::{
    Code, Request,
    transport::{Channel, Endpoint},
};

pub use self::ledger::Verdict;
use self::{
    client::{Client, Shared},
    ledger::{Sent, Stored},
};
use crate::{Backend, Clinic, Member, Result, data, fail, now, rungd, text};

/// Athletes, and clients of each.
const ATHLETES: usize = 8;
const CLIENTS: usize = 4;
/// How long a server may go on until it is killed, milliseconds.
const LIFE: u64 = 1200;
/// How long until something is acknowledged after a restart.
const PATIENCE: Duration = Duration::from_mins(1);
/// So long nothing is acknowledged when nothing can be stored.
const SILENCE: Duration = Duration::from_millis(500);
/// Tokens are good for five minutes.
const TOKEN: Duration = Duration::from_mins(2);

/// How a run went.
pub struct Report {
    /// What was found stored.
    pub verdict: Verdict,
    /// How long clients were writing.
    pub took: Duration,
}

/// An athlete whose clients write.
struct Lane {
    member: Member,
    plan: String,
    token: Arc<RwLock<String>>,
}

/// Kills the server so often. `env` is for the server while clients write; `random` gives numbers.
pub fn run(
    backend: Backend,
    crashes: u32,
    env: &[(&str, &str)],
    mut random: impl FnMut() -> u64,
) -> Result<Report> {
    let mut clinic = Clinic::open(backend)?;
    let lanes = lanes(&clinic)?;
    clinic.set_env(env);
    clinic.crash_and_restart()?;
    let mut load = Load::start(&clinic, lanes)?;
    for _ in 0..crashes {
        load.some_answers()?;
        thread::sleep(Duration::from_millis(random() % LIFE));
        clinic.crash_and_restart()?;
        load.keep_signed_in()?;
    }
    load.some_answers()?;
    let report = load.finish(&mut clinic)?;
    if env.is_empty() {
        verify(&clinic)?;
    }
    Ok(report)
}

/// Fills the disk of the embedded database so often while clients write; `dir` lies on a small disk of its own.
pub fn fill(dir: &Path, times: u32) -> Result<Report> {
    let mut clinic = Clinic::open_in(dir, Backend::Sqlite)?;
    let lanes = lanes(&clinic)?;
    let mut load = Load::start(&clinic, lanes)?;
    for _ in 0..times {
        load.some_answers()?;
        let filler = disk::fill(dir)?;
        // Reports of before may still have found room; then nothing is acknowledged, and what is there can be read.
        load.silence()?;
        load.reads(&clinic)?;
        load.is_told(&clinic)?;
        drop(filler);
        load.keep_signed_in()?;
    }
    load.some_answers()?;
    let report = load.finish(&mut clinic)?;
    verify(&clinic)?;
    Ok(report)
}

/// Clients that write.
struct Load {
    runtime: Runtime,
    shared: Arc<Shared>,
    lanes: Vec<Lane>,
    writing: Vec<Vec<JoinHandle<Result<Vec<Sent>>>>>,
    began: Instant,
    signed_in: Instant,
}

impl Load {
    fn start(clinic: &Clinic, lanes: Vec<Lane>) -> Result<Self> {
        let runtime = Runtime::new()?;
        let shared = Arc::new(Shared::default());
        let mut writing = Vec::new();
        for lane in &lanes {
            let clients = (0..CLIENTS).map(|_| lane.client(clinic, &shared, &runtime));
            let clients = clients.collect::<Result<Vec<Client>>>()?.into_iter();
            writing.push(clients.map(|c| runtime.spawn(c.write())).collect());
        }
        let began = Instant::now();
        Ok(Self {
            runtime,
            shared,
            lanes,
            writing,
            began,
            signed_in: began,
        })
    }

    /// Waits until something more is acknowledged.
    fn some_answers(&self) -> Result<()> {
        let before = self.shared.acknowledged.load(Ordering::Relaxed);
        let more = || self.shared.acknowledged.load(Ordering::Relaxed) > before;
        within(PATIENCE, more).ok_or_else(|| "nothing is acknowledged any more".into())
    }

    /// Waits until nothing is acknowledged any more for a while.
    fn silence(&self) -> Result<()> {
        let acknowledged = || self.shared.acknowledged.load(Ordering::Relaxed);
        let quiet = || {
            let before = acknowledged();
            thread::sleep(SILENCE);
            acknowledged() == before
        };
        within(PATIENCE, quiet).ok_or_else(|| "the disk is full, and writes go on".into())
    }

    /// Every athlete reads what is stored of them, and nothing that was acknowledged is missing.
    fn reads(&self, clinic: &Clinic) -> Result<()> {
        let acknowledged = self.shared.acknowledged.load(Ordering::Relaxed);
        let mut read = 0;
        for lane in &self.lanes {
            read += self.runtime.block_on(lane.stored(clinic))?.check_ins.len();
        }
        if u64::try_from(read)? < acknowledged {
            return fail(format!(
                "{acknowledged} are acknowledged, {read} can be read"
            ));
        }
        Ok(())
    }

    /// What somebody is told who reports now.
    fn is_told(&self, clinic: &Clinic) -> Result<()> {
        let client = self.lanes[0].client(clinic, &self.shared, &self.runtime)?;
        match self.runtime.block_on(client.once()) {
            Err(status) if status.code() == Code::Unavailable => Ok(()),
            other => fail(format!("the disk is full, and a report is told {other:?}")),
        }
    }

    /// Tokens end while it runs.
    fn keep_signed_in(&mut self) -> Result<()> {
        if self.signed_in.elapsed() > TOKEN {
            self.signed_in = Instant::now();
            self.lanes.iter().try_for_each(Lane::refresh)?;
        }
        Ok(())
    }

    /// Ends it, and holds what was said against what is stored.
    fn finish(self, clinic: &mut Clinic) -> Result<Report> {
        self.shared.stop.store(true, Ordering::Relaxed);
        let mut sent: Vec<Vec<Sent>> = Vec::new();
        for clients in self.writing {
            let mut all = Vec::new();
            for client in clients {
                all.extend(self.runtime.block_on(client)??);
            }
            sent.push(all);
        }
        let took = self.began.elapsed();
        // Read by a server that does what it says, and remembers nothing.
        clinic.set_env(&[]);
        clinic.crash_and_restart()?;
        let mut verdict = Verdict::default();
        for (lane, sent) in self.lanes.iter().zip(&sent) {
            lane.refresh()?;
            verdict.add(sent, &self.runtime.block_on(lane.stored(clinic))?);
        }
        if clinic.stop()? != 0 {
            return fail("the server did not leave in order");
        }
        Ok(Report { verdict, took })
    }
}

/// Asks until it holds.
fn within(patience: Duration, holds: impl Fn() -> bool) -> Option<()> {
    let began = Instant::now();
    while !holds() {
        if began.elapsed() > patience {
            return None;
        }
        thread::sleep(Duration::from_millis(5));
    }
    Some(())
}

fn lanes(clinic: &Clinic) -> Result<Vec<Lane>> {
    let file = data("ladders/harbour-loop.toml");
    clinic
        .physio
        .json(&["ladders".as_ref(), "publish".as_ref(), file.as_os_str()])?;
    (0..ATHLETES).map(|n| Lane::new(clinic, n)).collect()
}

/// Histories, states, audit chains and the file itself.
fn verify(clinic: &Clinic) -> Result<()> {
    let of_database = clinic.database().serve_args();
    for act in [&["verify-decisions"][..], &["audit", "verify"]] {
        let mut args: Vec<String> = vec!["admin".to_owned()];
        args.extend(act.iter().map(|word| (*word).to_owned()));
        args.extend(of_database.iter().cloned());
        let output = rungd(&args, &[])?;
        if !output.status.success() {
            return fail(format!(
                "rungd admin {}: {}{}",
                act.join(" "),
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ));
        }
    }
    clinic.database().check_integrity()
}

impl Lane {
    fn new(clinic: &Clinic, n: usize) -> Result<Self> {
        let member = clinic.athlete(&format!("Athlete{n} Crash"), "UTC")?;
        let plan = clinic.physio.json(&[
            "plan",
            "prescribe",
            &member.id,
            "--ladder",
            "harbour-loop",
            "--baseline-pain",
            "1",
            "--baseline-stiffness",
            "10",
            "--confirm-all",
        ])?;
        let plan = text(&plan, "/plan/id")?;
        let from = begin().date_naive().to_string();
        clinic
            .physio
            .json(&["plan", "start", &plan, "--from", &from])?;
        let token = Arc::new(RwLock::new(member.rung.access_token()?));
        Ok(Self {
            member,
            plan,
            token,
        })
    }

    fn refresh(&self) -> Result<()> {
        let fresh = self.member.rung.access_token()?;
        *self.token.write().map_err(|_| "a token was lost")? = fresh;
        Ok(())
    }

    fn client(&self, clinic: &Clinic, shared: &Arc<Shared>, runtime: &Runtime) -> Result<Client> {
        let _inside = runtime.enter();
        Ok(Client {
            channel: Endpoint::from_shared(clinic.url())?.connect_lazy(),
            token: Arc::clone(&self.token),
            shared: Arc::clone(shared),
            begin: begin(),
        })
    }

    async fn stored(&self, clinic: &Clinic) -> Result<Stored> {
        let channel = Endpoint::from_shared(clinic.url())?.connect().await?;
        Ok(Stored {
            check_ins: self.check_ins(channel.clone()).await?,
            decisions: self.decisions(channel).await?.into_iter().collect(),
        })
    }

    async fn check_ins(&self, channel: Channel) -> Result<Vec<String>> {
        let mut service = CheckInServiceClient::new(channel);
        let (mut ids, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = self.request(v1::ListCheckInsRequest {
                page_size: 200,
                page_token,
                ..v1::ListCheckInsRequest::default()
            })?;
            let page = service.list_check_ins(request).await?.into_inner();
            ids.extend(page.check_ins.into_iter().map(|check_in| check_in.id));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(ids);
            }
        }
    }

    async fn decisions(&self, channel: Channel) -> Result<Vec<String>> {
        let mut service = PlanServiceClient::new(channel);
        let (mut ids, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = self.request(v1::ListDecisionsRequest {
                plan_id: self.plan.clone(),
                page_size: 200,
                page_token,
            })?;
            let page = service.list_decisions(request).await?.into_inner();
            ids.extend(page.decisions.into_iter().map(|decision| decision.id));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(ids);
            }
        }
    }

    fn request<M>(&self, message: M) -> Result<Request<M>> {
        let mut request = Request::new(message);
        let token = self.token.read().map_err(|_| "a token was lost")?;
        let value = format!("Bearer {}", *token).parse()?;
        request.metadata_mut().insert("authorization", value);
        Ok(request)
    }
}

/// Long enough ago for a check-in a day.
fn begin() -> DateTime<Utc> {
    now() - TimeDelta::days(30 * 365)
}
