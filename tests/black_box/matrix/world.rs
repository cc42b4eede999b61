//! Two clinics with everybody in them whom the table names, made through the API.
//!
//! Where is what? Who gets in how stands in `world/member.rs`, what is theirs in `world/record.rs`, whom they let in
//! beside the clinic in `world/guest.rs`, how they prove themselves twice in `world/factor.rs`; what is looked at and put
//! right behind the API in `world/behind.rs`.

mod behind;
mod factor;
mod guest;
mod member;
mod record;

use std::time::{Duration, Instant};

use rung_tests::{Backend, Database, Result, Rungd, Settings, bootstrap, fail, new_id};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tonic::Status;

use super::{people::People, table::Object, wire::Wire};
pub(crate) use factor::code;
pub(crate) use record::{Record, ladder, prescription};

pub(crate) struct World {
    pub(crate) wire: Wire,
    pub(crate) people: People,
    pub(crate) own: Record,
    pub(crate) same: Record,
    pub(crate) other: Record,
    /// An id that nobody has.
    pub(crate) nobody: String,
    runtime: Option<Runtime>,
    // Dropped in this order.
    pub(crate) server: Rungd,
    pub(crate) database: Database,
    _home: tempfile::TempDir,
}

impl World {
    /// A server with two clinics, and nobody in them but who runs them. Outside of any runtime: what it holds is given
    /// back there too.
    pub(crate) fn begin(backend: Backend, settings: &Settings) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("rung-").tempdir()?;
        let database = Database::fresh(backend, home.path().join("data"))?;
        bootstrap(&database, "Harbour Clinic", "ada@harbour.example")?;
        bootstrap(&database, "Hill Clinic", "hal@hill.example")?;
        let server = Rungd::start(&database, settings)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        let wire = runtime.block_on(Wire::connect(&server.url()))?;
        Ok(Self {
            wire,
            people: People::default(),
            own: Record::default(),
            same: Record::default(),
            other: Record::default(),
            nobody: new_id().to_string(),
            runtime: Some(runtime),
            server,
            database,
            _home: home,
        })
    }

    /// Everybody and everything that the table speaks of.
    pub(crate) async fn fill(&mut self) -> Result<()> {
        self.staff().await?;
        self.own = self
            .record("admin", "care", "mate", "Nils Harbour", "self")
            .await?;
        self.same = self
            .record("admin", "bea", "mate", "Bert Harbour", "bert")
            .await?;
        self.other = self
            .record("hal", "uwe", "max", "Xena Hill", "xena")
            .await?;
        let third = self
            .record("admin", "bea", "mate", "Cleo Harbour", "othr")
            .await?;
        self.supporters(&third).await?;
        self.systems().await?;
        self.glass().await
    }

    /// The world, and what runs on it.
    pub(crate) fn play<T>(mut self, story: impl AsyncFnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let runtime = self.runtime.take().ok_or("played already")?;
        runtime.block_on(async {
            self.fill().await?;
            story(&mut self).await
        })
    }

    /// The record that an object stands for; of the missing one, that of the own with ids that nobody has.
    pub(in crate::matrix) fn at(&self, object: Object) -> Record {
        let nobody = || self.nobody.clone();
        match object {
            Object::Own => self.own.clone(),
            Object::Same => self.same.clone(),
            Object::Other => self.other.clone(),
            Object::Missing => Record {
                athlete: nobody(),
                plan: nobody(),
                track: nobody(),
                ladder: nobody(),
                supporter: nobody(),
                service_account: nobody(),
                break_glass: nobody(),
                clinic: nobody(),
                ..self.own.clone()
            },
        }
    }

    /// A call that has to succeed.
    pub(crate) async fn ask<Req, Res>(&self, who: &str, method: &str, message: &Req) -> Result<Res>
    where
        Req: prost::Message + prost::Name,
        Res: prost::Message + Default,
    {
        match self.try_ask(who, method, message).await? {
            Ok(answer) => Ok(answer),
            Err(status) => fail(format!("{method} as {who}: {status:?}")),
        }
    }

    /// A call that may fail.
    pub(crate) async fn try_ask<Req, Res>(
        &self,
        who: &str,
        method: &str,
        message: &Req,
    ) -> Result<std::result::Result<Res, Status>>
    where
        Req: prost::Message + prost::Name,
        Res: prost::Message + Default,
    {
        let token = self.people.token(who)?;
        Ok(self.wire.ask(method, token.as_deref(), message).await)
    }
    /// Asks again until it holds, for so many seconds at most; whether it does.
    pub(crate) async fn within(
        &self,
        seconds: u64,
        holds: impl AsyncFn() -> Result<bool>,
    ) -> Result<bool> {
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(seconds) {
            if holds().await? {
                return Ok(true);
            }
            tokio::task::yield_now().await;
        }
        Ok(false)
    }

    /// Words that only the other clinic has: none of them may be told to anybody here.
    pub(crate) fn of_the_other(&self) -> Vec<String> {
        let other = &self.other;
        [
            other.athlete.as_str(),
            &other.plan,
            &other.track,
            &other.ladder,
            &other.supporter,
            &other.service_account,
            &other.break_glass,
            &other.clinic,
            "Xena Hill",
            "uwe hill",
            "hill.example",
        ]
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
    }
}

/// The text at a JSON pointer, or nothing.
pub(crate) fn at(value: &Value, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
