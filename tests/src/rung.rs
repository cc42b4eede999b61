use std::{
    ffi::OsStr,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{Result, binary, fail, terminal};

/// The client `rung` as one signed-in person: one profile of one configuration directory.
#[derive(Clone)]
pub struct Rung {
    binary: PathBuf,
    config_dir: PathBuf,
    profile: String,
}

/// How one call of the client ended.
pub struct Output {
    /// Exit code; -1 when a signal ended it.
    pub code: i32,
    /// What it says to a program.
    pub stdout: String,
    /// What it says to a person.
    pub stderr: String,
}

/// A refusal as `rung --json` prints it.
#[derive(Debug)]
pub struct Refusal {
    /// Exit code of the client.
    pub exit: i32,
    /// gRPC code, such as `INVALID_ARGUMENT`; empty when nothing was sent.
    pub code: String,
    /// `ErrorInfo.reason`; empty when there is none.
    pub reason: String,
    /// The sentence for a person.
    pub message: String,
    /// Path and message of every bad field.
    pub fields: Vec<(String, String)>,
    /// `ErrorInfo.metadata`.
    pub metadata: Value,
}

impl Refusal {
    /// The paths of the bad fields.
    pub fn paths(&self) -> Vec<&str> {
        self.fields.iter().map(|(path, _)| path.as_str()).collect()
    }
}

impl Rung {
    /// The client with its state under `config_dir`.
    pub fn new(config_dir: impl Into<PathBuf>, profile: &str) -> Result<Self> {
        Ok(Self {
            binary: binary("rung")?,
            config_dir: config_dir.into(),
            profile: profile.to_owned(),
        })
    }

    /// Another person on the same machine.
    #[must_use]
    pub fn profile(&self, profile: &str) -> Self {
        Self {
            profile: profile.to_owned(),
            ..self.clone()
        }
    }

    /// The name of the profile.
    pub fn name(&self) -> &str {
        &self.profile
    }

    /// The client with these arguments and nothing of the caller's environment.
    fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(["--config-dir".as_ref(), self.config_dir.as_os_str()])
            .args(["--profile", &self.profile])
            .args(args)
            .env_clear()
            .env("HOME", &self.config_dir)
            .env("TZ", "UTC");
        command
    }

    /// What a person at a terminal of so many columns is shown, without colour; an error unless it exits with 0.
    pub fn shown<S: AsRef<OsStr>>(&self, args: &[S], columns: u16) -> Result<String> {
        match terminal::capture(&mut self.command(args), columns)? {
            (text, 0) => Ok(text),
            (text, code) => fail(format!(
                "rung {} as {}: exit {code}\n{text}",
                shown(args),
                self.profile
            )),
        }
    }

    /// Runs it as a script would: no terminal, nothing on standard input, nothing of the caller's environment.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S], env: &[(&str, &str)]) -> Result<Output> {
        let output = self
            .command(args)
            .envs(env.iter().copied())
            .stdin(Stdio::null())
            .output()?;
        Ok(Output {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }

    /// What it prints for a program (`TSV`, `JSON` lines); an error unless it exits with 0.
    pub fn text<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<String> {
        let output = self.run(args, &[])?;
        if output.code == 0 {
            return Ok(output.stdout);
        }
        fail(format!(
            "rung {} as {}: exit {}\n{}{}",
            shown(args),
            self.profile,
            output.code,
            output.stdout,
            output.stderr
        ))
    }

    /// The answer with `--json`; an error unless it exits with 0.
    pub fn json<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<Value> {
        let text = self.text(&with_json(args))?;
        serde_json::from_str(&text).or_else(|error| {
            fail(format!(
                "rung {} printed no JSON ({error}):\n{text}",
                shown(args)
            ))
        })
    }

    /// Why it was refused, with `--json`; an error if it was not.
    pub fn refused<S: AsRef<OsStr>>(&self, args: &[S]) -> Result<Refusal> {
        let output = self.run(&with_json(args), &[])?;
        if output.code == 0 {
            return fail(format!(
                "rung {} was not refused:\n{}",
                shown(args),
                output.stdout
            ));
        }
        if !output.stdout.is_empty() {
            return fail(format!(
                "rung {} failed, yet said on stdout:\n{}",
                shown(args),
                output.stdout
            ));
        }
        let Ok(error) = serde_json::from_str::<Value>(&output.stderr) else {
            return fail(format!(
                "rung {} failed without a JSON error:\n{}",
                shown(args),
                output.stderr
            ));
        };
        let text = |key: &str| error[key].as_str().unwrap_or_default().to_owned();
        Ok(Refusal {
            exit: output.code,
            code: text("code"),
            reason: text("reason"),
            message: text("message"),
            fields: error["fields"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|field| {
                    let text = |key: &str| field[key].as_str().unwrap_or_default().to_owned();
                    (text("field"), text("message"))
                })
                .collect(),
            metadata: error["metadata"].clone(),
        })
    }

    /// The access token of the profile, for calls that the client cannot make.
    pub fn access_token(&self) -> Result<String> {
        // A call first: it refreshes a token that is about to expire.
        self.text(&["whoami"])?;
        let file = self
            .config_dir
            .join("profiles")
            .join(format!("{}.json", self.profile));
        let credentials: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
        match credentials
            .pointer("/tokens/access")
            .and_then(Value::as_str)
        {
            Some(token) => Ok(token.to_owned()),
            None => fail(format!("no access token in {}", file.display())),
        }
    }
}

fn with_json<S: AsRef<OsStr>>(args: &[S]) -> Vec<&OsStr> {
    std::iter::once(OsStr::new("--json"))
        .chain(args.iter().map(AsRef::as_ref))
        .collect()
}

fn shown<S: AsRef<OsStr>>(args: &[S]) -> String {
    let words: Vec<_> = args
        .iter()
        .map(|arg| arg.as_ref().to_string_lossy())
        .collect();
    words.join(" ")
}
