//! What every check-in says: whose, when, where, and the red flags.

use chrono::{DateTime, Utc};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use rung_progression::RedFlag;
use rung_proto::v1;
use rung_proto::v1::check_in_service_client::CheckInServiceClient;
use uuid::Uuid;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::Result;
use crate::view::check_in::Submitted;
use crate::{clock, reference, time};

/// The flags that all check-ins share.
#[derive(Debug, clap::Args)]
pub(crate) struct Common {
    /// Whose check-in: name or id [default: your own]
    #[arg(long)]
    athlete: Option<String>,
    /// Sign that stops everything until the physiotherapist has looked; may be given several times
    #[arg(long, value_name = "CODE", value_parser = red_flags(), ignore_case = true)]
    red_flag: Vec<v1::RedFlag>,
    /// None of the red flags applies; it has to be said
    #[arg(long)]
    no_red_flags: bool,
    /// When it was, such as 2026-03-01T07:30:00+01:00 [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = time::parse_instant)]
    at: Option<DateTime<Utc>>,
    /// Zone it was in, such as Europe/Berlin [default: the athlete's]
    #[arg(long, value_name = "IANA")]
    zone: Option<String>,
    /// Id of the check-in, to repeat one whose answer got lost [default: a fresh one]
    #[arg(long, value_name = "UUID")]
    id: Option<Uuid>,
    /// Note for the physiotherapist
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Revision of the plan it was done under, as the plan said then [default: the present one]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    revision: Option<i32>,
}

/// A question that has two answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum YesNo {
    Yes,
    No,
}

impl From<YesNo> for bool {
    fn from(said: YesNo) -> Self {
        said == YesNo::Yes
    }
}

/// A text that was said now, else what was said before.
pub(super) fn told(said: Option<&str>, before: String) -> String {
    said.map_or(before, str::to_owned)
}

/// A list that was said now, else what was said before.
pub(super) fn listed(said: &[String], before: Vec<String>) -> Vec<String> {
    if said.is_empty() {
        before
    } else {
        said.to_vec()
    }
}

/// Swelling against the day before.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Swelling {
    None,
    Unchanged,
    Increased,
}

impl Swelling {
    /// As the contract has it; what was not said stays unspecified, for the server to ask.
    pub(crate) fn code(said: Option<Self>) -> i32 {
        i32::from(match said {
            None => v1::Swelling::Unspecified,
            Some(Self::None) => v1::Swelling::None,
            Some(Self::Unchanged) => v1::Swelling::Unchanged,
            Some(Self::Increased) => v1::Swelling::Increased,
        })
    }
}

/// `chest-pain`, or `CHEST_PAIN` as the contract writes it; each with the question it answers.
fn red_flags() -> impl TypedValueParser<Value = v1::RedFlag> {
    let names = RedFlag::ALL.iter().map(|flag| {
        PossibleValue::new(flag.code().to_lowercase().replace('_', "-"))
            .alias(flag.code())
            .help(flag.question())
    });
    PossibleValuesParser::new(names.collect::<Vec<_>>()).try_map(|text| {
        let name = format!("RED_FLAG_{}", text.to_uppercase().replace('-', "_"));
        v1::RedFlag::from_str_name(&name).ok_or("unknown to the contract")
    })
}

/// `CHEST_PAIN`.
pub(crate) fn code(flag: v1::RedFlag) -> &'static str {
    flag.as_str_name().trim_start_matches("RED_FLAG_")
}

impl Common {
    /// The athlete's id; empty for the caller's own record, as the contract has it.
    pub(crate) async fn athlete_id(&self, connection: &mut Connection) -> Result<String> {
        match &self.athlete {
            Some(text) => reference::athlete_id(connection, text).await,
            None => Ok(String::new()),
        }
    }

    /// When it was: as said, else as a recording says, else now.
    pub(crate) fn began(&self, happened_at: Option<DateTime<Utc>>) -> DateTime<Utc> {
        self.at.or(happened_at).unwrap_or_else(clock::now)
    }

    /// The check-in around a report. `happened_at` is what a recording says.
    pub(crate) fn check_in(
        &self,
        athlete_id: String,
        happened_at: Option<DateTime<Utc>>,
        report: v1::check_in::Report,
    ) -> v1::CheckIn {
        let at = self.began(happened_at);
        v1::CheckIn {
            id: self.id.unwrap_or_else(clock::fresh_id).to_string(),
            athlete_id,
            performed_at: Some(time::timestamp(at)),
            time_zone: self.zone.clone().unwrap_or_default(),
            red_flags: self.red_flag.iter().map(|flag| i32::from(*flag)).collect(),
            no_red_flags: self.no_red_flags,
            note: self.note.clone().unwrap_or_default(),
            report: Some(report),
            revision: self.revision.unwrap_or_default(),
            ..Default::default()
        }
    }

    /// The check-in around a report that corrects another one: what is not said now stays as it was said.
    pub(crate) fn correction(
        &self,
        before: v1::CheckIn,
        happened_at: Option<DateTime<Utc>>,
        report: v1::check_in::Report,
    ) -> v1::CheckIn {
        let at = self.at.or(happened_at).map(time::timestamp);
        let flags_said = !self.red_flag.is_empty() || self.no_red_flags;
        v1::CheckIn {
            id: self.id.unwrap_or_else(clock::fresh_id).to_string(),
            athlete_id: before.athlete_id,
            performed_at: at.or(before.performed_at),
            time_zone: told(self.zone.as_deref(), before.time_zone),
            red_flags: if flags_said {
                self.red_flag.iter().map(|flag| i32::from(*flag)).collect()
            } else {
                before.red_flags
            },
            no_red_flags: if flags_said {
                self.no_red_flags
            } else {
                before.no_red_flags
            },
            note: told(self.note.as_deref(), before.note),
            report: Some(report),
            revision: self.revision.unwrap_or(before.revision),
            corrects_id: before.id,
            ..Default::default()
        }
    }
}

/// Sends a check-in and shows what was decided.
pub(crate) async fn submit(
    connection: &mut Connection,
    context: &mut Context,
    check_in: v1::CheckIn,
) -> Result<()> {
    context.retry_with(again(&check_in));
    let request = v1::SubmitCheckInRequest {
        check_in: Some(check_in),
    };
    let answer = connection
        .call(request, async |c, r| {
            CheckInServiceClient::new(c).submit_check_in(r).await
        })
        .await?;
    context.out.show(&Submitted::check_in(answer))
}

/// Sends a correction and shows what was decided.
pub(crate) async fn correct(
    connection: &mut Connection,
    context: &mut Context,
    check_in: v1::CheckIn,
) -> Result<()> {
    context.retry_with(again(&check_in));
    let request = v1::CorrectCheckInRequest {
        check_in: Some(check_in),
    };
    let answer = connection
        .call(request, async |c, r| {
            CheckInServiceClient::new(c).correct_check_in(r).await
        })
        .await?;
    context.out.show(&Submitted::correction(answer))
}

/// What was filled in here belongs to the same check-in: a second try must not read a later clock or another rung.
fn again(check_in: &v1::CheckIn) -> String {
    let at = time::machine(check_in.performed_at.as_ref());
    let mut again = format!("--id {} --at {at}", check_in.id);
    if let Some(v1::check_in::Report::Session(session)) = &check_in.report
        && let Some(rung) = session.rung
    {
        again.push_str(&format!(" --rung {rung}"));
    }
    again
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        common: Common,
    }

    fn flags(arguments: &[&str]) -> Option<Vec<v1::RedFlag>> {
        let line = ["rung"].iter().chain(arguments);
        Line::try_parse_from(line)
            .ok()
            .map(|line| line.common.red_flag)
    }

    #[test]
    fn a_red_flag_is_taken_in_both_spellings_and_no_other() {
        let chest = vec![v1::RedFlag::ChestPain];
        assert_eq!(flags(&["--red-flag", "chest-pain"]), Some(chest.clone()));
        assert_eq!(flags(&["--red-flag", "CHEST_PAIN"]), Some(chest));
        assert_eq!(flags(&["--red-flag", "headache"]), None);
        assert_eq!(flags(&["--red-flag", "unspecified"]), None);
        for flag in RedFlag::ALL {
            let taken = flags(&["--red-flag", flag.code()]).unwrap();
            assert_eq!(code(taken[0]), flag.code());
        }
    }

    #[test]
    fn silence_about_swelling_and_red_flags_stays_silence() {
        assert_eq!(Swelling::code(None), i32::from(v1::Swelling::Unspecified));
        assert_eq!(
            Swelling::code(Some(Swelling::None)),
            i32::from(v1::Swelling::None)
        );
        let line = Line::try_parse_from(["rung"]).unwrap();
        let morning = v1::check_in::Report::Morning(v1::MorningReport::default());
        let check_in = line.common.check_in(String::new(), None, morning);
        assert!(!check_in.no_red_flags && check_in.red_flags.is_empty());
    }

    #[test]
    fn a_correction_names_what_it_corrects_and_keeps_what_is_not_said_again() {
        let before = v1::CheckIn {
            id: "old".into(),
            athlete_id: "whose".into(),
            performed_at: Some(time::timestamp(DateTime::UNIX_EPOCH)),
            time_zone: "Europe/Berlin".into(),
            no_red_flags: true,
            note: "windy".into(),
            revision: 2,
            seq: 7,
            ..Default::default()
        };
        let report = || v1::check_in::Report::Morning(v1::MorningReport::default());
        let correction = |said: &[&str]| {
            let line = Line::try_parse_from(["rung"].iter().chain(said)).unwrap();
            line.common.correction(before.clone(), None, report())
        };
        let kept = correction(&["--id", "0190a002-0000-7000-8000-000000000009"]);
        let expected = v1::CheckIn {
            id: "0190a002-0000-7000-8000-000000000009".into(),
            corrects_id: "old".into(),
            seq: 0,
            report: Some(report()),
            ..before.clone()
        };
        assert_eq!(kept, expected);
        let flagged = correction(&["--red-flag", "chest-pain", "--note", "calm"]);
        assert_eq!(flagged.red_flags, [i32::from(v1::RedFlag::ChestPain)]);
        assert_eq!(
            (flagged.no_red_flags, flagged.note.as_str()),
            (false, "calm")
        );
    }
}
