//! The archive of one athlete: JSON, one object a line, a manifest first and a seal last.
//!
//! `ExportAthleteData` writes it, `rungd admin athlete import` takes it in again. The seal counts the lines before it and
//! has the SHA-256 of them, each with its line feed, so that nothing is lost or changed on the way unseen.

mod check;

use std::{collections::BTreeMap, io::BufRead};

use chrono::{DateTime, Utc};
use rung_progression::{
    AthleteId, ClinicId, DecisionId, ENGINE_VERSION, Event, PersonId, PlanDefinition, PlanId,
    PlanState, plan::Change,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    storage::{
        check_in::StoredCheckIn,
        plan::{Goal, Revision, Status, revision::Amended},
        prediction::StoredPrediction,
    },
};

/// The layout that this server writes and reads. The first one knew no amendments.
const FORMAT: u32 = 2;
/// The largest line that is read: a plan with its ladders has less than 1 MB.
const LINE_BYTES: usize = 4 * 1024 * 1024;
/// Lines that are read, at most: a check-in every hour for a century.
const LINES: u64 = 1_000_000;

/// What it is, and from where.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    format: u32,
    pub(crate) clinic_id: ClinicId,
    pub(crate) athlete_id: AthleteId,
    exported_at: DateTime<Utc>,
    /// Of the rules by which the decisions were taken.
    engine_version: u32,
    /// Records that are not taken in again, whether or not there are any.
    #[serde(default)]
    for_the_reader: Vec<String>,
}

impl Manifest {
    pub(crate) fn new(clinic: ClinicId, athlete: AthleteId, now: DateTime<Utc>) -> Self {
        Self {
            format: FORMAT,
            clinic_id: clinic,
            athlete_id: athlete,
            exported_at: now,
            engine_version: ENGINE_VERSION,
            for_the_reader: FOR_THE_READER.map(str::to_owned).to_vec(),
        }
    }
}

/// The end of an archive.
#[derive(Debug, Serialize, Deserialize)]
struct Seal {
    records: u64,
    /// Hexadecimal.
    sha256: String,
}

/// Makes the lines of an archive.
pub(crate) struct Pen {
    records: u64,
    hash: Sha256,
}

impl Pen {
    pub(crate) fn new() -> Self {
        Self {
            records: 0,
            hash: Sha256::new(),
        }
    }

    /// The line of one object; `record` says what it is.
    pub(crate) fn line(&mut self, record: &str, body: &impl Serialize) -> Result<String> {
        let line = line(record, body)?;
        self.records += 1;
        self.hash.update(&line);
        self.hash.update("\n");
        Ok(line)
    }

    /// The last line.
    pub(crate) fn seal(self) -> Result<String> {
        let seal = Seal {
            records: self.records,
            sha256: hex(&self.hash.finalize()),
        };
        line("seal", &seal)
    }
}

fn line(record: &str, body: &impl Serialize) -> Result<String> {
    let mut object = serde_json::to_value(body).map_err(Error::internal)?;
    if let Value::Object(fields) = &mut object {
        fields.insert("record".to_owned(), Value::from(record));
    }
    Ok(object.to_string())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

/// An athlete as an archive has them. Their account stays where it is.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Athlete {
    pub(crate) id: AthleteId,
    pub(crate) display_name: String,
    pub(crate) time_zone: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) created_by: PersonId,
}

/// A plan and where it stands.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) id: PlanId,
    pub(crate) version: i64,
    pub(crate) status: Status,
    /// From records of their own, the first one first; a plan that was read has one at least.
    #[serde(skip)]
    pub(crate) revisions: Vec<Revision>,
    pub(crate) state: PlanState,
    /// The small goals as they are now.
    pub(crate) goals: Vec<Goal>,
    pub(crate) last_check_in_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) created_by: PersonId,
}

/// A revision of a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Revised {
    plan_id: PlanId,
    definition: PlanDefinition,
    /// How it came about; nothing for the first one.
    seq: Option<i64>,
    reason: Option<String>,
    changes: Option<Vec<Change>>,
    created_at: DateTime<Utc>,
    created_by: PersonId,
}

impl Revised {
    pub(crate) fn of(plan_id: PlanId, revision: Revision) -> Self {
        let (seq, reason, changes) = match revision.amendment {
            None => (None, None, None),
            Some(Amended {
                seq,
                reason,
                changes,
            }) => (Some(seq), Some(reason), Some(changes)),
        };
        Self {
            plan_id,
            definition: revision.definition,
            seq,
            reason,
            changes,
            created_at: revision.created_at,
            created_by: revision.created_by,
        }
    }
}

impl From<Revised> for Revision {
    fn from(revised: Revised) -> Self {
        let amended = revised.seq.zip(revised.reason).zip(revised.changes);
        Self {
            definition: revised.definition,
            amendment: amended.map(|((seq, reason), changes)| Amended {
                seq,
                reason,
                changes,
            }),
            created_at: revised.created_at,
            created_by: revised.created_by,
        }
    }
}

/// Something that happened to a plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Happened {
    pub(crate) plan_id: PlanId,
    pub(crate) event: Event,
    pub(crate) recorded_at: DateTime<Utc>,
    pub(crate) recorded_by: PersonId,
}

/// What was decided.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ruling {
    pub(crate) id: DecisionId,
    pub(crate) plan_id: PlanId,
    pub(crate) check_in_id: Option<Uuid>,
    pub(crate) decision: rung_progression::Record,
    pub(crate) decided_at: DateTime<Utc>,
}

/// Records that are for whoever reads an archive, and are left out when it is taken in: they tell of people, accounts
/// and rights of the installation it comes from, which another one must not believe.
const FOR_THE_READER: [&str; 10] = [
    "care_team_member",
    "account",
    "membership",
    "password",
    "second_factor",
    "sign_in",
    "invitation",
    "consent",
    "broken_glass",
    "access",
];

/// A line that is read.
#[derive(Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Record {
    Manifest(Manifest),
    Athlete(Athlete),
    Plan(Box<Plan>),
    Revision(Box<Revised>),
    Event(Box<Happened>),
    Decision(Box<Ruling>),
    Prediction(Box<StoredPrediction>),
    CheckIn(Box<StoredCheckIn>),
    /// One of [`FOR_THE_READER`].
    #[serde(
        alias = "care_team_member",
        alias = "account",
        alias = "membership",
        alias = "password",
        alias = "second_factor",
        alias = "sign_in",
        alias = "invitation",
        alias = "consent",
        alias = "broken_glass",
        alias = "access"
    )]
    ForTheReader {},
    Seal(Seal),
}

/// An archive that was read and found whole.
#[derive(Debug, Clone)]
pub(crate) struct Archive {
    pub(crate) athlete: Athlete,
    pub(crate) plans: Vec<Plan>,
    /// In the order of acceptance within each plan.
    pub(crate) events: Vec<Happened>,
    pub(crate) decisions: Vec<Ruling>,
    pub(crate) predictions: Vec<StoredPrediction>,
    pub(crate) check_ins: Vec<StoredCheckIn>,
}

impl Archive {
    /// Reads an archive, and takes its decisions anew: one that this server would not have decided alike is refused.
    pub(crate) fn read(text: impl BufRead) -> Result<Self> {
        let mut reader = Reader::new(text);
        let Some(Record::Manifest(manifest)) = reader.next()? else {
            return Err(refused(1, "is no manifest"));
        };
        if manifest.format != FORMAT {
            return Err(refused(1, "has a format that this server does not know"));
        }
        if manifest.engine_version != ENGINE_VERSION {
            let told = format!(
                "was written by a server whose rules have version {theirs}, and this one decides by version \
                 {ENGINE_VERSION}: take it in with a rungd of their version, or let the two servers have the same \
                 version and export anew",
                theirs = manifest.engine_version
            );
            return Err(refused(1, &told));
        }
        let mut athlete = None;
        let (mut plans, mut revisions, mut events) = (vec![], vec![], vec![]);
        let (mut decisions, mut predictions, mut check_ins) = (vec![], vec![], vec![]);
        while let Some(record) = reader.next()? {
            match record {
                Record::Manifest(_) => return Err(reader.fault("is a second manifest")),
                Record::Athlete(_) if athlete.is_some() => {
                    return Err(reader.fault("is a second athlete"));
                }
                Record::Athlete(one) => athlete = Some(one),
                Record::Plan(plan) => plans.push(*plan),
                Record::Revision(revision) => revisions.push(*revision),
                Record::Event(event) => events.push(*event),
                Record::Decision(decision) => decisions.push(*decision),
                Record::Prediction(prediction) => predictions.push(*prediction),
                Record::CheckIn(check_in) => check_ins.push(*check_in),
                Record::ForTheReader {} => {}
                Record::Seal(seal) => {
                    reader.end(&seal)?;
                    let athlete =
                        athlete.ok_or_else(|| reader.fault("comes before the athlete"))?;
                    if athlete.id != manifest.athlete_id {
                        return Err(reader.fault("ends the archive of somebody else"));
                    }
                    let archive = Self {
                        athlete,
                        plans: with_revisions(plans, revisions)?,
                        events,
                        decisions,
                        predictions,
                        check_ins,
                    };
                    archive.check()?;
                    return Ok(archive);
                }
            }
        }
        Err(reader.fault("is the last one, and no seal"))
    }

    /// Events of one plan.
    fn events_of(&self) -> BTreeMap<PlanId, Vec<&Happened>> {
        let mut of: BTreeMap<PlanId, Vec<&Happened>> = BTreeMap::new();
        for event in &self.events {
            of.entry(event.plan_id).or_default().push(event);
        }
        of
    }
}

/// Gives each plan its revisions.
fn with_revisions(mut plans: Vec<Plan>, revisions: Vec<Revised>) -> Result<Vec<Plan>> {
    for revised in revisions {
        let id = revised.plan_id;
        let plan = plans.iter_mut().find(|plan| plan.id == id);
        let plan =
            plan.ok_or_else(|| check::fault("has a revision of a plan that it does not hold"))?;
        plan.revisions.push(revised.into());
    }
    if plans.iter().any(|plan| plan.revisions.is_empty()) {
        return Err(check::fault("has a plan without a revision"));
    }
    Ok(plans)
}

/// Reads line by line, no more at once than one.
struct Reader<R> {
    text: R,
    pen: Pen,
    /// Hash and number of the lines before the last one.
    before: (Sha256, u64),
}

impl<R: BufRead> Reader<R> {
    fn new(text: R) -> Self {
        Self {
            text,
            pen: Pen::new(),
            before: (Sha256::new(), 0),
        }
    }

    fn next(&mut self) -> Result<Option<Record>> {
        use std::io::Read as _;
        let mut line = Vec::new();
        let most = LINE_BYTES as u64 + 1;
        let read = (&mut self.text).take(most).read_until(b'\n', &mut line);
        let read = read.map_err(|e| Error::internal(format!("the archive: {e}")))?;
        if read == 0 {
            return Ok(None);
        }
        self.before = (self.pen.hash.clone(), self.pen.records);
        self.pen.records += 1;
        self.pen.hash.update(&line);
        if read > LINE_BYTES || self.pen.records > LINES {
            return Err(self.fault("makes it larger than an archive can be"));
        }
        match serde_json::from_slice(&line) {
            Ok(record) => Ok(Some(record)),
            // Its own words would quote what stands there.
            Err(_) => Err(self.fault("does not read as a record of an archive")),
        }
    }

    /// The seal has to fit what came before it, and nothing may follow.
    fn end(&mut self, seal: &Seal) -> Result<()> {
        let (hash, records) = self.before.clone();
        if seal.records != records || seal.sha256 != hex(&hash.finalize()) {
            return Err(
                self.fault("is a seal that does not fit: the archive was changed, or is not whole")
            );
        }
        let mut rest = [0];
        let more = std::io::Read::read(&mut self.text, &mut rest);
        if more.map_err(|e| Error::internal(format!("the archive: {e}")))? > 0 {
            return Err(self.fault("is the seal, and more follows"));
        }
        Ok(())
    }

    fn fault(&self, what: &str) -> Error {
        refused(self.pen.records, what)
    }
}

fn refused(line: u64, what: &str) -> Error {
    Error::internal(format!("the archive was not taken in: line {line} {what}"))
}

#[cfg(test)]
#[path = "archive/coverage_test.rs"]
mod coverage;
#[cfg(test)]
#[path = "archive_test.rs"]
pub(crate) mod tests;
