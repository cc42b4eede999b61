//! `make gen`: writes the generated parts of the documents anew, from the real binaries.
//!
//! A part stands between `<!-- generated: NAME -->` and `<!-- /generated -->`. How do I add one? Put the markers into a
//! document of [`DOCUMENTS`] and the name into [`part`].

use std::{fmt::Write as _, fs, path::Path};

use chrono::{NaiveDate, NaiveTime};
use rung_tests::{Backend, Clinic, Normal, Result, binary, decision_page, example, fail, rungd};

const DOCUMENTS: [&str; 5] = [
    "README.md",
    "docs/decisions.md",
    "docs/ladders.md",
    "docs/settings.md",
    "docs/simulation.md",
];
const BEGIN: &str = "<!-- generated: ";
const BEGIN_END: &str = " -->\n";
const END: &str = "<!-- /generated -->";

/// Columns of the terminal in the documents.
const COLUMNS: u16 = 100;

/// Columns where a table is shown.
const WIDE: u16 = 140;

/// The last day of the session's month; it lies in the past for everybody who reads this.
const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 3, 31) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// The session of the README: profile, command.
const SESSION: &[(&str, &str)] = &[
    (
        "pia",
        "plan prescribe 'Anna Lind' --ladder soldiers-overuse-knee --baseline-pain 0 \
         --baseline-stiffness 5 --confirm-all",
    ),
    ("pia", "plan start 'Anna Lind' --from 2026-03-02"),
    ("anna", "today --date 2026-03-02"),
    (
        "anna",
        "checkin session --at 2026-03-02T07:00:00Z --rung 0 --pain-during 1 --pain-after 0 --altered-gait no --swelling none \
         --dose 1 --confidence 8 --no-red-flags",
    ),
    (
        "anna",
        "checkin morning --at 2026-03-03T06:00:00Z --pain 0 --stiffness 5 --swelling none --no-red-flags",
    ),
    (
        "anna",
        "checkin session --at 2026-03-04T07:00:00Z --rung 0 --pain-during 2 --pain-after 0 --altered-gait no \
         --swelling none --dose 1 --confidence 9 --no-red-flags",
    ),
    (
        "anna",
        "checkin morning --at 2026-03-05T06:00:00Z --pain 0 --stiffness 5 --swelling none --no-red-flags",
    ),
    (
        "anna",
        "checkin session --at 2026-03-06T07:00:00Z --rung 1 --pain-during 1 --pain-after 1 --altered-gait no \
         --swelling none --dose 2 --confidence 8 --red-flag calf-swelling",
    ),
    ("pia", "caseload"),
];

/// Glass is broken, and who gets to see it; `{anna}` is her id.
const GLASS: &[(&str, &str)] = &[
    (
        "lou",
        "athletes break-glass {anna} --minutes 30 --reason 'fell, team out of reach'",
    ),
    ("ada", "whoami"),
    ("ada", "audit break-glass --unseen"),
    ("anna", "access-log --limit 2"),
];

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in DOCUMENTS {
        let path = root.join(name);
        let old = fs::read_to_string(&path)?;
        let new = filled(&old)?;
        if new != old {
            fs::write(&path, new)?;
        }
    }
    Ok(())
}

fn filled(text: &str) -> Result<String> {
    let mut result = String::new();
    let mut rest = text;
    while let Some(begin) = rest.find(BEGIN) {
        let (before, after) = rest.split_at(begin);
        let Some((name, after)) = after[BEGIN.len()..].split_once(BEGIN_END) else {
            return fail("a generated part without a name");
        };
        let Some(end) = after.find(END) else {
            return fail(format!("the generated part {name:?} has no end"));
        };
        result.push_str(before);
        write!(result, "{BEGIN}{name}{BEGIN_END}{}", part(name)?)?;
        rest = &after[end..];
    }
    result.push_str(rest);
    Ok(result)
}

fn part(name: &str) -> Result<String> {
    match name {
        "session" => session(),
        "glass" => glass(),
        "ladders" => ladders(),
        "settings" => settings(),
        "simulation" => simulation(),
        "reasons" => Ok(decision_page::reasons()),
        "german" => Ok(decision_page::german()),
        "evidence" => Ok(decision_page::evidence()),
        other => fail(format!("nobody knows how to generate {other:?}")),
    }
}

fn session() -> Result<String> {
    let clinic = Clinic::open(Backend::Sqlite)?;
    clinic.athlete("Anna Lind", "Europe/Berlin")?;
    told(&clinic, SESSION)
}

fn glass() -> Result<String> {
    let clinic = Clinic::open(Backend::Sqlite)?;
    let anna = clinic.athlete("Anna Lind", "Europe/Berlin")?;
    let lou = "lou@harbour.example";
    let invitation = clinic
        .admin
        .json(&["members", "invite", lou, "--role", "physio"])?;
    clinic.join(&clinic.physio.profile("lou"), "Lou", &invitation, &[])?;
    let commands: Vec<(&str, String)> = GLASS
        .iter()
        .map(|(profile, command)| (*profile, command.replace("{anna}", &anna.id)))
        .collect();
    let commands: Vec<(&str, &str)> = commands
        .iter()
        .map(|(profile, command)| (*profile, command.as_str()))
        .collect();
    told(&clinic, &commands)
}

/// The example of a simulation, as somebody runs it who stands in the repository.
fn simulation() -> Result<String> {
    let clinic = Clinic::open(Backend::Sqlite)?;
    let file = example();
    let words = ["plan".as_ref(), "simulate".as_ref(), file.as_os_str()];
    let shown = clinic.physio.shown(&words, WIDE)?;
    let mut text = String::from("```console\n$ rung plan simulate docs/simulation.toml\n");
    for line in shown.lines() {
        writeln!(text, "{}", line.trim_end())?;
    }
    text.push_str("```\n");
    Ok(text)
}

/// The library: what each ladder is for, where it comes from, and what of it is proposed.
fn ladders() -> Result<String> {
    let clinic = Clinic::open(Backend::Sqlite)?;
    let answer = clinic.physio.json(&["ladders", "list"])?;
    let mut text = String::from(
        "| Key | Ladder, and its source | For | Counts | Rungs | Proposed |\n|---|---|---|---|---|---|\n",
    );
    for ladder in answer.as_array().into_iter().flatten() {
        let said = &ladder["definition"];
        let word = |field: &str, prefix: &str| {
            let code = said[field].as_str().unwrap_or_default();
            code.trim_start_matches(prefix)
                .trim_end_matches("_TISSUE")
                .replace('_', " ")
        };
        let rungs = said["rungs"].as_array().map_or(&[][..], Vec::as_slice);
        let proposed = match rungs.iter().filter(|rung| rung["proposal"] == true).count() {
            0 => String::new(),
            all if all == rungs.len() => "all".to_owned(),
            some => some.to_string(),
        };
        writeln!(
            text,
            "| `{}` | [{}]({}) | {}, {} | {} | {} | {proposed} |",
            said["key"].as_str().unwrap_or_default(),
            said["title"].as_str().unwrap_or_default(),
            said["source"]["url"].as_str().unwrap_or_default(),
            word("kind", "TRACK_KIND_").to_lowercase(),
            word("profile", "TISSUE_PROFILE_").to_lowercase(),
            word("unit", "DOSE_UNIT_").to_lowercase(),
            rungs.len(),
        )?;
    }
    Ok(text)
}

/// The commands and what each of them shows.
fn told(clinic: &Clinic, commands: &[(&str, &str)]) -> Result<String> {
    let mut normal = Normal::default();
    let mut text = String::from("```console\n");
    for (profile, command) in commands {
        let shown = clinic
            .physio
            .profile(profile)
            .shown(&words(command), COLUMNS)?;
        writeln!(
            text,
            "{}",
            wrapped(&normal.text(&format!("$ rung --profile {profile} {command}")))
        )?;
        for line in normal.text(&shown).lines() {
            writeln!(text, "{}", without_now(line.trim_end()))?;
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push_str("\n```\n");
    Ok(text)
}

/// A command over several lines, as one types it.
fn wrapped(command: &str) -> String {
    let mut lines = vec![String::new()];
    for word in command.split(' ') {
        let line = lines.last_mut();
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + word.len() + 3 <= usize::from(COLUMNS) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("    {word}")),
        }
    }
    lines.join(" \\\n")
}

/// The line without what the server's clock said: dates after the session's month.
fn without_now(line: &str) -> String {
    let mut result = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        match NaiveDate::parse_and_remainder(rest, "%a %-d %b %Y") {
            Ok((date, after)) if c.is_ascii_uppercase() && date > LAST_DAY => {
                result.push_str("<now>");
                rest = NaiveTime::parse_and_remainder(after, ", %H:%M")
                    .map_or(after, |(_, after)| after);
                // A column is as wide as the date: a day of one digit leaves a blank more.
                if rest.starts_with("  ") {
                    result.push_str("  ");
                    rest = rest.trim_start_matches(' ');
                }
            }
            _ => {
                result.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    result
}

/// The words of a command as a shell sees them; quotes are single, and nothing else is special.
fn words(command: &str) -> Vec<String> {
    command
        .split('\'')
        .enumerate()
        .flat_map(|(at, piece)| match at % 2 {
            0 => piece.split_whitespace().map(str::to_owned).collect(),
            _ => vec![piece.to_owned()],
        })
        .collect()
}

fn settings() -> Result<String> {
    binary("rungd")?;
    let output = rungd(&["serve", "--help"], &[("COLUMNS", "100")])?;
    Ok(format!(
        "```text\n{}```\n",
        String::from_utf8(output.stdout)?
    ))
}
