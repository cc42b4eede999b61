//! Turns one check of the server off after the other, and holds that some test fails each time.
//!
//! `make mutants` runs it. It builds the server once with the feature `mutants`, runs every suite as it is, and then
//! again for each line of `server/mutants.txt`; the result goes to `docs/mutants.md`. With ids as arguments it asks for
//! those alone, and writes their rows.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use rung_tests::{Result, fail};
use serde_json::Value;

/// Tests of a suite: which binary, and the words that name them or leave them out.
struct Suite {
    name: &'static str,
    binary: &'static str,
    args: &'static [&'static str],
}

const SUITES: [Suite; 4] = [
    Suite {
        name: "unit",
        binary: "rungd",
        args: &["access::", "storage::", "rpc::", "--skip", "postgres"],
    },
    Suite {
        name: "matrix",
        binary: "black_box",
        args: &["matrix::", "--skip", "postgres"],
    },
    Suite {
        name: "story",
        binary: "black_box",
        args: &["access::sqlite", "--skip", "nothing_about_people"],
    },
    Suite {
        name: "shared",
        binary: "black_box",
        args: &["access::shared"],
    },
];

/// What is said of a check whose absence fails no test.
const UNNOTICED: &str = "NO TEST FAILS";

/// One line of the list.
struct Mutant {
    id: String,
    /// With the words that name a part of it; empty: the whole.
    suites: Vec<(&'static Suite, String)>,
    what: String,
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            tell(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<bool> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let mutants = list(&fs::read_to_string(root.join("server/mutants.txt"))?)?;
    for id in &wanted {
        if !mutants.iter().any(|mutant| mutant.id == *id) {
            return fail(format!("{id} is not in server/mutants.txt"));
        }
    }
    let began = Instant::now();
    let binaries = Binaries::build(&root)?;
    tell(&format!("built in {:.0?}", began.elapsed()));

    // A test that fails by itself proves nothing.
    let asked = |suite: &Suite| {
        let mut chosen = mutants.iter().filter(|mutant| wanted.contains(&mutant.id));
        wanted.is_empty()
            || chosen.any(|mutant| mutant.suites.iter().any(|(s, _)| s.name == suite.name))
    };
    for suite in SUITES.iter().filter(|suite| asked(suite)) {
        let at = Instant::now();
        if let Some(failed) = binaries.first_failure(suite, "", None)? {
            return fail(format!(
                "{}: {failed} fails with every check on",
                suite.name
            ));
        }
        tell(&format!(
            "{} passes with every check on, {:.0?}",
            suite.name,
            at.elapsed()
        ));
    }

    let (mut lines, mut survivors) = (Vec::new(), Vec::new());
    for mutant in &mutants {
        if !wanted.is_empty() && !wanted.contains(&mutant.id) {
            continue;
        }
        let at = Instant::now();
        let mut failed = None;
        for (suite, part) in &mutant.suites {
            failed = binaries.first_failure(suite, part, Some(&mutant.id))?;
            if failed.is_some() {
                break;
            }
        }
        let shown = failed.clone().unwrap_or_else(|| UNNOTICED.to_owned());
        tell(&format!("{:24} {:>4.0?}  {shown}", mutant.id, at.elapsed()));
        if failed.is_none() {
            survivors.push(mutant.id.clone());
        }
        lines.push((mutant, shown));
    }
    tell(&format!(
        "{} checks turned off, {} noticed, {:.0?}",
        lines.len(),
        lines.len() - survivors.len(),
        began.elapsed()
    ));
    let at = root.join("docs/mutants.md");
    let known = if wanted.is_empty() {
        Known::default()
    } else {
        Known::read(&fs::read_to_string(&at)?)
    };
    let minutes = known
        .minutes
        .unwrap_or_else(|| began.elapsed().as_secs().div_ceil(60));
    let found: Vec<(&Mutant, String)> = mutants
        .iter()
        .filter_map(|mutant| {
            let anew = lines.iter().find(|(one, _)| one.id == mutant.id);
            let shown = anew
                .map(|(_, shown)| shown)
                .or_else(|| known.rows.get(&mutant.id));
            shown.map(|shown| (mutant, shown.clone()))
        })
        .collect();
    fs::write(at, page(&found, minutes)?)?;
    for id in &survivors {
        tell(&format!("nobody notices that this check is gone: {id}"));
    }
    Ok(survivors.is_empty())
}

fn list(text: &str) -> Result<Vec<Mutant>> {
    let mut mutants = Vec::new();
    for line in text
        .lines()
        .filter(|l| !l.starts_with('#') && !l.trim().is_empty())
    {
        let mut words = line.split_whitespace();
        let (Some(id), Some(suites)) = (words.next(), words.next()) else {
            return fail(format!("no suite in {line:?}"));
        };
        let suites = suites
            .split(',')
            .map(|named| {
                let (name, part) = named.split_once(':').unwrap_or((named, ""));
                match SUITES.iter().find(|suite| suite.name == name) {
                    Some(suite) => Ok((suite, part.to_owned())),
                    None => fail(format!("{id}: there is no suite {name}")),
                }
            })
            .collect::<Result<_>>()?;
        mutants.push(Mutant {
            id: id.to_owned(),
            suites,
            what: words.collect::<Vec<_>>().join(" "),
        });
    }
    Ok(mutants)
}

/// What the page says already, of the checks that were not asked for.
#[derive(Default)]
struct Known {
    /// Who notices each check, by its id.
    rows: BTreeMap<String, String>,
    /// How long a run of all of them took.
    minutes: Option<u64>,
}

impl Known {
    fn read(page: &str) -> Self {
        let row = |line: &str| {
            let mut cells = line.strip_prefix("| ")?.split(" | ");
            let (id, _, who) = (cells.next()?, cells.next()?, cells.next()?);
            let who = who
                .trim_end_matches(" |")
                .trim_matches('`')
                .replace("**nobody**", UNNOTICED);
            Some((id.to_owned(), who))
        };
        let took = page.split("took ").nth(1);
        Self {
            rows: page
                .lines()
                .filter(|line| line.contains('`'))
                .filter_map(row)
                .collect(),
            minutes: took.and_then(|text| text.split(' ').next()?.parse().ok()),
        }
    }
}

fn page(lines: &[(&Mutant, String)], minutes: u64) -> Result<String> {
    let noticed = lines.iter().filter(|(_, failed)| failed != UNNOTICED);
    let mut page = format!(
        "# Checks, each turned off once\n\n\
         `make mutants` builds the server once so that one check at a time can be turned off (never in a release build),\n\
         and runs the tests with each of them gone. This is what it found: the first test that failed.\n\n\
         {} turned off, {} noticed. A run of all of them took {minutes} minutes, the build included.\n\n\
         | id | what is gone | who notices |\n|---|---|---|\n",
        lines.len(),
        noticed.count(),
    );
    for (mutant, failed) in lines {
        let failed = match failed.as_str() {
            UNNOTICED => "**nobody**".to_owned(),
            failed => format!("`{failed}`"),
        };
        writeln!(page, "| {} | {} | {failed} |", mutant.id, mutant.what)?;
    }
    Ok(page)
}

/// Copies of what was built: the next build of anything else writes over the originals.
struct Binaries {
    dir: PathBuf,
    tests: BTreeMap<String, PathBuf>,
}

impl Binaries {
    fn build(root: &Path) -> Result<Self> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let build = |args: &[&str]| -> Result<String> {
            let output = Command::new(&cargo)
                .current_dir(root)
                .args(args)
                .args([
                    "--workspace",
                    "--locked",
                    "--features",
                    "rung-server/mutants",
                ])
                .args(["--message-format", "json"])
                .stderr(Stdio::inherit())
                .output()?;
            if !output.status.success() {
                return fail(format!("cargo {} failed", args.join(" ")));
            }
            Ok(String::from_utf8(output.stdout)?)
        };
        let mut files = BTreeMap::new();
        for (kind, args) in [("bin", &["build"][..]), ("test", &["test", "--no-run"][..])] {
            for line in build(args)?.lines() {
                let artefact: Value = serde_json::from_str(line)?;
                let Some(file) = artefact["executable"].as_str() else {
                    continue;
                };
                let is_test = artefact["profile"]["test"] == true;
                if is_test == (kind == "test") {
                    let name = artefact["target"]["name"].as_str().unwrap_or_default();
                    files.insert((kind, name.to_owned()), PathBuf::from(file));
                }
            }
        }
        let Some(target) = files
            .get(&("bin", "rungd".to_owned()))
            .and_then(|file| file.parent())
        else {
            return fail("cargo built no rungd");
        };
        let dir = target.join("mutants");
        fs::create_dir_all(&dir)?;
        let mut tests = BTreeMap::new();
        for ((kind, name), file) in &files {
            let copy = dir.join(if *kind == "test" {
                format!("{name}-test")
            } else {
                name.clone()
            });
            // A running one cannot be written over, but taken away.
            if copy.exists() {
                fs::remove_file(&copy)?;
            }
            fs::copy(file, &copy)?;
            if *kind == "test" {
                tests.insert(name.clone(), copy);
            }
        }
        // What lies where everybody looks for it is the server without switches again.
        let restored = Command::new(&cargo)
            .current_dir(root)
            .args(["build", "--workspace", "--locked", "--quiet"])
            .status()?;
        if !restored.success() {
            return fail("cargo build failed");
        }
        Ok(Self { dir, tests })
    }

    /// The first test of the suite, or of a part of it, that fails with this check turned off.
    fn first_failure(
        &self,
        suite: &Suite,
        part: &str,
        mutant: Option<&str>,
    ) -> Result<Option<String>> {
        let Some(binary) = self.tests.get(suite.binary) else {
            return fail(format!("cargo built no tests of {}", suite.binary));
        };
        let crate_dir = if suite.binary == "black_box" {
            "."
        } else {
            "../server"
        };
        let mut command = Command::new(binary);
        command
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(crate_dir))
            .env("RUNG_BIN_DIR", &self.dir)
            .env("RUST_BACKTRACE", "0")
            .env_remove("RUNG_MUTANT")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if part.is_empty() {
            command.args(suite.args);
        } else {
            command.args([part, "--skip", "postgres"]);
        }
        if let Some(id) = mutant {
            command.env("RUNG_MUTANT", id);
        }
        let mut child = command.spawn()?;
        let mut first = None;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines() {
                let line = line?;
                let failed = line
                    .strip_prefix("test ")
                    .and_then(|line| line.strip_suffix(" ... FAILED"));
                if let Some(failed) = failed {
                    first.get_or_insert(failed.to_owned());
                    // One is enough; but who has started servers has to end them.
                    if suite.binary == "rungd" {
                        child.kill()?;
                        break;
                    }
                }
            }
        }
        let passed = child.wait()?.success();
        // A process that dies fails its tests too.
        Ok(first.or_else(|| (!passed).then(|| suite.name.to_owned())))
    }
}

#[expect(clippy::print_stderr, reason = "talk of a program that is run by hand")]
fn tell(what: &str) {
    eprintln!("{what}");
}
