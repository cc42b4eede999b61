//! The matrix: every RPC and every route, asked by everybody about everything, against `access.txt`.
//!
//! It is played on one world per database. The refused calls of a row are sent side by side and must leave no trace in
//! what is stored; each allowed one is sent alone, and its answer must be about the object that was asked for.

mod answer;
mod ask;
mod complete;
mod fact;
mod people;
mod route;
mod secret;
mod table;
mod totp;
mod wire;
mod world;

use std::{collections::BTreeMap, time::Instant};

use futures_util::future::join_all;
use rung_tests::{Backend, Result, Settings};
use serde_json::Value;
use tonic::Status;

pub(crate) use answer::Refusal;
use ask::{Ask, Scene};
pub(crate) use people::claims;
use table::{Cell, Row};
pub(crate) use totp::base32;
pub(crate) use wire::Wire;
pub(crate) use world::{World, code, prescription};

#[test]
fn on_sqlite() -> Result<()> {
    play(Backend::Sqlite)
}

#[test]
fn on_postgres() -> Result<()> {
    play(Backend::Postgres)
}

fn play(backend: Backend) -> Result<()> {
    let began = Instant::now();
    World::begin(backend, &Settings::default())?.play(async |world| {
        let made = began.elapsed();
        let play = whole(world).await?;
        tell(&format!(
            "{backend:?}: {} cells, {} refused, {} allowed; the world in {made:.1?}, all in {:.1?}",
            play.refused + play.allowed,
            play.refused,
            play.allowed,
            began.elapsed()
        ));
        assert!(
            play.faults.is_empty(),
            "{} cells are not as the table says:\n{}\n--- rungd said:\n{}",
            play.faults.len(),
            play.faults.join("\n"),
            last(&world.server.log(), 40),
        );
        Ok(())
    })
}

/// Every row of the table.
async fn whole(world: &World) -> Result<Play<'_>> {
    let mut play = Play::new(world);
    for row in &table::read() {
        if row.is_route() {
            play.route(row).await?;
        } else {
            play.row(row).await?;
        }
    }
    Ok(play)
}

/// Asks everything; what everybody was told who was refused.
pub(crate) async fn walk(world: &World) -> Result<Vec<String>> {
    Ok(whole(world).await?.told)
}

#[expect(
    clippy::print_stdout,
    reason = "how much was asked is worth a line of the test's own"
)]
fn tell(what: &str) {
    println!("{what}");
}

fn last(log: &str, lines: usize) -> String {
    let all: Vec<&str> = log.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

struct Play<'a> {
    world: &'a World,
    faults: Vec<String>,
    refused: usize,
    allowed: usize,
    /// Every refusal, as it was told.
    told: Vec<String>,
    fresh: Instant,
}

/// The first refusal of each kind that somebody got in a row.
type Seen = BTreeMap<(&'static str, char), Refusal>;
type Sent = std::result::Result<Value, Status>;

impl<'a> Play<'a> {
    fn new(world: &'a World) -> Self {
        Self {
            world,
            faults: Vec::new(),
            refused: 0,
            allowed: 0,
            told: Vec::new(),
            fresh: Instant::now(),
        }
    }

    async fn row(&mut self, row: &Row) -> Result<()> {
        // Tokens last five minutes, and a loaded machine is slow.
        if self.fresh.elapsed().as_secs() > 200 {
            self.world.people.refresh(&self.world.wire).await?;
            self.fresh = Instant::now();
        }
        let (allowed, refused): (Vec<Cell>, Vec<Cell>) =
            row.cells().partition(|cell| "+e".contains(cell.letter));
        if let Err(failure) = self.refused(row, &refused).await {
            self.faults
                .push(format!("{} {}: {failure}", row.call, row.field));
        }
        for cell in allowed {
            if let Err(failure) = self.allowed(row, cell).await {
                self.fault(row, cell, &failure.to_string());
            }
        }
        self.world.after(row).await
    }

    /// Everybody asks for a path.
    async fn route(&mut self, row: &Row) -> Result<()> {
        for cell in row.cells() {
            let token = self.world.people.token(cell.caller)?;
            let address = self.world.server.address();
            let (status, told) = route::get(address, row.path(), token.as_deref()).await?;
            let wanted = if cell.letter == '+' { 200 } else { 404 };
            *(if wanted == 200 {
                &mut self.allowed
            } else {
                &mut self.refused
            }) += 1;
            if status != wanted {
                self.fault(row, cell, &told);
            }
            for person in ["harbour", "Harbour", "hill", "Hill", "mail.example"] {
                if told.contains(person) {
                    self.fault(row, cell, &format!("tells of {person}"));
                }
            }
        }
        Ok(())
    }

    /// Sends them side by side: none may leave a trace.
    async fn refused(&mut self, row: &Row, cells: &[Cell]) -> Result<()> {
        if row.secret.is_some() {
            return self.secrets(row, cells).await;
        }
        let mut asks = Vec::new();
        for cell in cells {
            asks.push(self.scene(row, *cell).ask().await?);
        }
        let before = self.world.stored().await?;
        let sent = cells.iter().zip(&asks);
        let answers = join_all(sent.map(|(cell, ask)| self.send(row, *cell, ask))).await;
        let mut seen = BTreeMap::new();
        for (cell, answer) in cells.iter().zip(answers) {
            self.judge(row, *cell, answer?, &mut seen);
        }
        if before != self.world.stored().await? {
            self.locate(row, cells, &asks).await?;
        }
        Ok(())
    }

    /// The same one after the other: each attempt counts, and nobody may make so many.
    async fn secrets(&mut self, row: &Row, cells: &[Cell]) -> Result<()> {
        let mut seen = BTreeMap::new();
        let before = self.world.stored().await?;
        for cell in cells {
            self.world.forget_attempts().await?;
            let ask = self.scene(row, *cell).ask().await?;
            let answer = self.send(row, *cell, &ask).await?;
            self.judge(row, *cell, answer, &mut seen);
        }
        self.world.forget_attempts().await?;
        if before != self.world.stored().await? {
            let what = format!("{} {}: a refusal left a trace", row.call, row.field);
            self.faults.push(what);
        }
        Ok(())
    }

    /// Something was changed by a call that was refused: which one?
    async fn locate(&mut self, row: &Row, cells: &[Cell], asks: &[Ask]) -> Result<()> {
        let mut found = false;
        for (cell, ask) in cells.iter().zip(asks) {
            let before = self.world.stored().await?;
            // Its answer was judged already.
            let _ = self.send(row, *cell, ask).await?;
            let after = self.world.stored().await?;
            if let Some(line) = after.iter().find(|line| !before.contains(line)) {
                let table = line.split(' ').next().unwrap_or_default();
                self.fault(row, *cell, &format!("left a trace in {table}"));
                found = true;
            }
        }
        if !found {
            let what = "a refused call left a trace the first time it was sent";
            self.faults
                .push(format!("{} {}: {what}", row.call, row.field));
        }
        Ok(())
    }

    async fn allowed(&mut self, row: &Row, cell: Cell) -> Result<()> {
        self.allowed += 1;
        if row.call.starts_with("AuthService/") {
            self.world.forget_attempts().await?;
        }
        let ask = self.scene(row, cell).ask().await?;
        let answer = match self.send(row, cell, &ask).await? {
            Ok(answer) => answer,
            Err(status) => {
                let refusal = Refusal::from(&status);
                self.fault(row, cell, &format!("refused: {refusal:?}"));
                return Ok(());
            }
        };
        for expect in &ask.expect {
            if let Some(fault) = expect.fault(&answer, cell.letter == 'e') {
                self.fault(row, cell, &fault);
            }
        }
        for fact in &ask.facts {
            if let Some(fault) = fact.fault(self.world, &answer).await? {
                self.fault(row, cell, &fault);
            }
        }
        let told = answer.to_string();
        for word in self.world.of_the_other() {
            if told.contains(&word) {
                self.fault(row, cell, &format!("tells of the other clinic: {word}"));
            }
        }
        Ok(())
    }

    fn scene<'s>(&'s self, row: &'s Row, cell: Cell) -> Scene<'s> {
        Scene {
            world: self.world,
            row,
            caller: cell.caller,
            object: cell.object,
            allowed: "+e".contains(cell.letter),
        }
    }

    async fn send(&self, row: &Row, cell: Cell, ask: &Ask) -> Result<Sent> {
        let token = match &ask.token {
            Some(token) => Some(token.clone()),
            None => self.world.people.token(cell.caller)?,
        };
        self.world
            .wire
            .send(&row.method(), token.as_deref(), ask.message.clone())
            .await
    }

    /// Holds a refusal against its letter, and against the other refusals of the row: somebody from whom things are
    /// hidden is told the same whatever is hidden.
    fn judge(&mut self, row: &Row, cell: Cell, answer: Sent, seen: &mut Seen) {
        self.refused += 1;
        let status = match answer {
            Ok(answer) => {
                let mut told = answer.to_string();
                told.truncate(200);
                return self.fault(row, cell, &format!("not refused: {told}"));
            }
            Err(status) => status,
        };
        self.told.push(format!("{status:?}"));
        let refusal = Refusal::from(&status);
        let wanted = answer::refusal(cell.letter, row.secret.as_deref());
        if wanted != Some((refusal.code, refusal.reason.clone())) {
            return self.fault(row, cell, &format!("refused otherwise: {refusal:?}"));
        }
        let first = seen
            .entry((cell.caller, cell.letter))
            .or_insert_with(|| refusal.clone());
        if *first != refusal {
            let first = first.clone();
            self.fault(row, cell, &format!("{refusal:?} and {first:?} differ"));
        }
    }

    fn fault(&mut self, row: &Row, cell: Cell, what: &str) {
        let Cell {
            caller,
            object,
            letter,
        } = cell;
        self.faults.push(format!(
            "{} {} as {caller} about {object:?}, should be {letter}: {what}",
            row.call, row.field
        ));
    }
}
