//! Check-ins as the contract has them. What each kind asks stands in a file of its own.

mod answer;
mod effort;
mod morning;
mod prediction;
mod session;
mod swelling;
mod unplanned;
mod wellness;

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::{
    AthleteId, CheckInId, EarlierRung, PlanDefinition, RedFlag, RungIndex, TrackId,
};
use rung_proto::v1;
use uuid::Uuid;

pub(crate) use self::{
    answer::judgement,
    prediction::{answers, could_be_predicted},
};
pub(super) use self::{
    answer::{asked, check_in, without_notes},
    prediction::{prediction, prediction_without_notes, read_prediction},
};
use crate::{
    rpc::{field::Fields, time::date_in},
    storage::check_in::{Report, StoredCheckIn},
};

/// How far a client's clock may be ahead.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// A check-in as it was sent, parsed.
pub(crate) struct Read {
    pub(super) id: CheckInId,
    pub(super) performed_at: DateTime<Utc>,
    /// None: the athlete's.
    pub(super) zone: Option<chrono_tz::Tz>,
    /// The prediction that it answers.
    pub(super) prediction: Option<Uuid>,
    pub(crate) report: Report,
}

/// What a report is held against: the plan as the revision had it that it was done under, and as it is.
#[derive(Clone, Copy)]
pub(crate) struct Prescribed<'a> {
    pub(crate) under: &'a PlanDefinition,
    pub(crate) now: &'a PlanDefinition,
}

impl Prescribed<'_> {
    /// The rung as the earlier revision had it, where that is not the present one.
    pub(super) fn earlier(self, track: TrackId, rung: RungIndex) -> Option<EarlierRung> {
        if self.under.revision == self.now.revision {
            return None;
        }
        self.under.earlier_rung(self.now, track, rung)
    }
}

/// Reads a check-in, held against the plan it will be judged under, where there is one.
pub(crate) fn read(
    f: &mut Fields,
    c: &v1::CheckIn,
    now: DateTime<Utc>,
    plan: Option<Prescribed<'_>>,
) -> Option<Read> {
    let id = f.id("id", &c.id);
    let performed_at = said_at(f, "performed_at", c.performed_at.as_ref(), now);
    let zone = match c.time_zone.as_str() {
        "" => Some(None),
        name => f.zone("time_zone", name).map(Some),
    };
    let note = f.text("note", &c.note, 0..=4000);
    let red_flags = red_flags(f, c);
    let mut prediction = Some(None);
    let body = match &c.report {
        None => {
            f.fault(
                "report",
                "is missing: session, unplanned, morning or wellness",
            );
            None
        }
        Some(v1::check_in::Report::Session(s)) => f.part("session", |f| {
            prediction = f.optional_id("prediction_id", &s.prediction_id);
            session::read(f, s, red_flags, plan)
        }),
        Some(v1::check_in::Report::Unplanned(u)) => {
            f.part("unplanned", |f| unplanned::read(f, u, red_flags))
        }
        Some(v1::check_in::Report::Morning(m)) => {
            f.part("morning", |f| morning::read(f, m, red_flags))
        }
        Some(v1::check_in::Report::Wellness(w)) => {
            f.part("wellness", |f| wellness::read(f, w, red_flags))
        }
    };
    Some(Read {
        id: id?,
        performed_at: performed_at?,
        zone: zone?,
        prediction: prediction?,
        report: Report {
            note: note?,
            body: body?,
        },
    })
}

/// The revision of the plan that is named; none: the one that is meant when nothing is said.
#[expect(
    clippy::option_option,
    reason = "a fault noted, or a value that may be missing"
)]
pub(super) fn revision(f: &mut Fields, c: &v1::CheckIn) -> Option<Option<u32>> {
    match c.revision {
        0 => Some(None),
        named => f
            .within("revision", named, 1..=i64::from(i32::MAX))
            .map(Some),
    }
}

/// Refuses a stored check-in that no client could have sent, when it was recorded, for a plan like this one.
pub(crate) fn could_be_sent(
    f: &mut Fields,
    athlete: AthleteId,
    stored: &StoredCheckIn,
    plan: Prescribed<'_>,
) {
    let read = read(
        f,
        &check_in(athlete, stored),
        stored.recorded_at,
        Some(plan),
    );
    let Some(read) = read.filter(|_| f.is_clean()) else {
        return;
    };
    let same = read.report == *stored.report
        && read.performed_at == stored.performed_at
        && read.prediction == stored.prediction_id
        && read.zone.is_some_and(|zone| {
            zone.name() == stored.time_zone
                && date_in(stored.performed_at, zone) == stored.civil_date
        });
    if !same {
        f.fault("id", "names a check-in that would be stored otherwise");
    }
}

/// When it happened: not later than a clock that is a little ahead may say.
fn said_at(
    f: &mut Fields,
    path: &str,
    at: Option<&prost_types::Timestamp>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let at = f.instant(path, at)?;
    if at > now + AHEAD {
        f.fault(
            path,
            "lies more than 5 minutes ahead; check the clock of the device",
        );
        return None;
    }
    Some(at)
}

/// Flags are said or denied explicitly: silence is no answer.
fn red_flags(f: &mut Fields, c: &v1::CheckIn) -> Option<Vec<RedFlag>> {
    match (c.red_flags.is_empty(), c.no_red_flags) {
        (true, false) => {
            f.fault(
                "red_flags",
                "is missing: name those that apply, or say no_red_flags",
            );
            return None;
        }
        (false, true) => {
            f.fault("no_red_flags", "contradicts red_flags");
            return None;
        }
        _ => {}
    }
    let read: Vec<Option<RedFlag>> = f
        .at_most("red_flags", &c.red_flags, 100)
        .iter()
        .enumerate()
        .map(|(i, flag)| {
            let path = format!("red_flags[{i}]");
            let flag: v1::RedFlag = f.choice(&path, *flag)?;
            f.required(&path, flag_in(flag))
        })
        .collect();
    let mut flags: Vec<RedFlag> = read.into_iter().collect::<Option<_>>()?;
    // The list is a set; its order and doubles say nothing.
    flags.sort_unstable();
    flags.dedup();
    Some(flags)
}

/// The track that is named, or the only one there is.
fn track(f: &mut Fields, id: &str, plan: &PlanDefinition) -> Option<TrackId> {
    if let ([only], "") = (plan.tracks.as_slice(), id) {
        return Some(only.id);
    }
    if id.is_empty() {
        f.fault("track_id", "is missing: the plan has several tracks");
        return None;
    }
    let id: TrackId = f.id("track_id", id)?;
    if plan.track(id).is_none() {
        f.fault("track_id", "is no track of the plan");
        return None;
    }
    Some(id)
}

/// Contract and engine share the names of the flags; a test compares the lists.
fn flag_in(flag: v1::RedFlag) -> Option<RedFlag> {
    let code = flag.as_str_name().strip_prefix("RED_FLAG_")?;
    RedFlag::ALL
        .iter()
        .copied()
        .find(|known| known.code() == code)
}

fn flag_out(flag: RedFlag) -> v1::RedFlag {
    v1::RedFlag::from_str_name(&format!("RED_FLAG_{}", flag.code())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_red_flag_stands_in_the_contract_and_in_the_engine() {
        for flag in RedFlag::ALL {
            assert_eq!(flag_in(flag_out(*flag)), Some(*flag), "{}", flag.code());
        }
        let known = (1..1000)
            .take_while(|n| v1::RedFlag::try_from(*n).is_ok())
            .count();
        assert_eq!(known, RedFlag::ALL.len());
    }
}
