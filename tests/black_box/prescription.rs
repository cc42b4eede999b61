//! What most stories begin with: a published ladder, an athlete, a plan in force.

use rung_tests::{Clinic, Member, Refusal, Result, data, text};
use serde_json::Value;

/// An athlete with a plan on the harbour loop.
pub(crate) struct Prescribed {
    pub(crate) member: Member,
    pub(crate) plan: String,
}

/// Publishes the harbour loop.
pub(crate) fn publish(clinic: &Clinic) -> Result<Value> {
    let file = data("ladders/harbour-loop.toml");
    clinic
        .physio
        .json(&["ladders".as_ref(), "publish".as_ref(), file.as_os_str()])
}

/// Prescribes the harbour loop as a draft: baseline pain 1 of 10, 10 minutes of stiffness, every entry criterion met.
pub(crate) fn prescribe(clinic: &Clinic, athlete_id: &str) -> Result<String> {
    prescribe_with(clinic, athlete_id, &[])
}

/// The same, with more words.
fn prescribe_with(clinic: &Clinic, athlete_id: &str, more: &[&str]) -> Result<String> {
    let args = [
        "plan",
        "prescribe",
        athlete_id,
        "--ladder",
        "harbour-loop",
        "--baseline-pain",
        "1",
        "--baseline-stiffness",
        "10",
        "--confirm-all",
        "--micro-goal",
        "Warm up longer=5 minutes",
        "--anchor",
        "Ten calf raises before",
        "--coping",
        "cue-word=Quiet feet",
        "--site",
        "achilles-tendon=left",
    ];
    let plan = clinic.physio.json(&[&args[..], more].concat())?;
    text(&plan, "/plan/id")
}

/// An athlete in Berlin whose plan on the harbour loop is in force from a date on.
pub(crate) fn athlete(clinic: &Clinic, name: &str, from: &str) -> Result<Prescribed> {
    athlete_in(clinic, "Europe/Berlin", name, from)
}

/// The same in another zone.
pub(crate) fn athlete_in(
    clinic: &Clinic,
    zone: &str,
    name: &str,
    from: &str,
) -> Result<Prescribed> {
    started(clinic, clinic.athlete(name, zone)?, from, &[])
}

/// A plan on the harbour loop that is in force from a date on; `more` are words of its prescription.
pub(crate) fn started(
    clinic: &Clinic,
    member: Member,
    from: &str,
    more: &[&str],
) -> Result<Prescribed> {
    let plan = prescribe_with(clinic, &member.id, more)?;
    clinic
        .physio
        .json(&["plan", "start", &plan, "--from", from])?;
    Ok(Prescribed { member, plan })
}

/// The words of a session without any complaint; `more` comes last and replaces nothing.
pub(crate) fn session<'a>(
    at: &'a str,
    rung: &'a str,
    dose: &'a str,
    more: &[&'a str],
) -> Vec<&'a str> {
    let mut args = vec![
        "checkin", "session", "--at", at, "--rung", rung, "--dose", dose,
    ];
    let answers = [
        ("--pain-during", "1"),
        ("--pain-after", "1"),
        ("--altered-gait", "no"),
        ("--swelling", "none"),
        ("--confidence", "8"),
        ("--rpe", "3"),
    ];
    for (flag, answer) in answers {
        if !more.contains(&flag) {
            args.extend([flag, answer]);
        }
    }
    if !more.contains(&"--red-flag") {
        args.push("--no-red-flags");
    }
    args.extend(more);
    args
}

/// The words of a morning.
pub(crate) fn morning<'a>(at: &'a str, pain: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["checkin", "morning", "--at", at, "--pain", pain];
    for (flag, answer) in [("--stiffness", "10"), ("--swelling", "none")] {
        if !more.contains(&flag) {
            args.extend([flag, answer]);
        }
    }
    if !more.contains(&"--red-flag") {
        args.push("--no-red-flags");
    }
    args.extend(more);
    args
}

/// The words of a day: not ill, slept and feeling as always; `more` comes last and replaces what it names.
pub(crate) fn wellness<'a>(at: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["checkin", "wellness", "--at", at];
    let answers = [
        ("--ill", "no"),
        ("--sleep", "450"),
        ("--energy", "4"),
        ("--calm", "4"),
        ("--mood", "4"),
        ("--freshness", "4"),
        ("--fuelling", "4"),
    ];
    for (flag, answer) in answers {
        if !more.contains(&flag) {
            args.extend([flag, answer]);
        }
    }
    if !more.contains(&"--red-flag") {
        args.push("--no-red-flags");
    }
    args.extend(more);
    args
}

/// The words of something done beside the plan, without any complaint; `more` comes last and replaces what it names.
pub(crate) fn unplanned<'a>(at: &'a str, kind: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["checkin", "unplanned", "--at", at, "--kind", kind];
    let answers = [
        ("--pain-during", "1"),
        ("--pain-after", "1"),
        ("--altered-gait", "no"),
        ("--swelling", "none"),
    ];
    for (flag, answer) in answers {
        if !more.contains(&flag) {
            args.extend([flag, answer]);
        }
    }
    if !more.contains(&"--red-flag") {
        args.push("--no-red-flags");
    }
    args.extend(more);
    args
}

/// The words of a prediction for the lowest rung; `more` comes last and replaces what it names.
pub(crate) fn predict<'a>(at: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut args = vec!["predict", "--at", at];
    let answers = [
        ("--rung", "0"),
        ("--feared", "My knee gives way"),
        ("--likelihood", "60"),
        ("--expected-fear", "70"),
        ("--expected-pain", "4"),
    ];
    for (flag, answer) in answers {
        if !more.contains(&flag) {
            args.extend([flag, answer]);
        }
    }
    args.extend(more);
    args
}

impl Prescribed {
    /// What is to be done on a date.
    pub(crate) fn today(&self, date: &str) -> Result<Value> {
        self.member.rung.json(&["today", "--date", date])
    }

    /// Sends a check-in as the athlete.
    pub(crate) fn checks_in(&self, args: &[&str]) -> Result<Value> {
        self.member.rung.json(args)
    }

    /// A check-in that is refused and leaves everything as it was.
    pub(crate) fn refused(&self, clinic: &Clinic, args: &[&str]) -> Result<Refusal> {
        unchanged(clinic, &self.member.id, || self.member.rung.refused(args))
    }
}

/// Does something and holds that nothing stored about the athlete changed.
pub(crate) fn unchanged<T>(
    clinic: &Clinic,
    athlete_id: &str,
    act: impl FnOnce() -> Result<T>,
) -> Result<T> {
    let before = clinic.export(athlete_id)?;
    let result = act()?;
    assert_eq!(
        before,
        clinic.export(athlete_id)?,
        "a refused call changed what is stored"
    );
    Ok(result)
}

/// Outcomes of the decisions in an answer.
pub(crate) fn outcomes(answer: &Value) -> Vec<&str> {
    answer["decisions"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|decision| decision["outcome"].as_str())
        .map(|outcome| outcome.trim_start_matches("OUTCOME_"))
        .collect()
}

/// Reason codes of all decisions in an answer.
pub(crate) fn reasons(answer: &Value) -> Vec<&str> {
    answer["decisions"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|decision| decision["reasons"].as_array().into_iter().flatten())
        .filter_map(|reason| reason["code"].as_str())
        .map(|code| code.trim_start_matches("REASON_CODE_"))
        .collect()
}
