//! The one gate through which everything leaves: data on stdout, talk on stderr; a table for people, tab-separated
//! values for a pipe, JSON when asked for.

use std::io::{self, IsTerminal, Write};

use chrono_tz::Tz;
use serde_json::Value;

use crate::error::{Exit, Failure, Result};
use crate::sheet::Sheet;

/// What the output has to look like for people.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    /// Columns of the terminal.
    pub(crate) width: usize,
    /// Whether colour helps.
    pub(crate) color: bool,
    /// The zone instants are shown in.
    pub(crate) zone: Tz,
}

/// What a piece of text means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// A title.
    Strong,
    /// There if you look for it.
    Quiet,
    /// Goes well.
    Good,
    /// Wants a look.
    Warn,
    /// Stopped, or wrong.
    Bad,
}

impl Style {
    /// Text in its tone, if colour is on.
    pub(crate) fn paint(&self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Plain => return text.to_owned(),
            Tone::Strong => "1",
            Tone::Quiet => "2",
            Tone::Good => "32",
            Tone::Warn => "33",
            Tone::Bad => "1;31",
        };
        if self.color {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

/// Text that cannot steer a terminal: what others wrote is shown, not obeyed. To be applied before it is painted.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Something the API answered, as it is shown.
pub(crate) trait Screen {
    /// The answer itself.
    fn json(&self) -> Result<Value>;

    /// One row a thing: what a pipe gets.
    fn sheet(&self, style: &Style) -> Sheet;

    /// What a terminal gets.
    fn human(&self, style: &Style) -> String {
        self.sheet(style).table(style)
    }

    /// What to say instead of an empty table.
    fn empty(&self) -> Option<&'static str> {
        None
    }
}

/// How data is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// For eyes.
    Human,
    /// For a pipe.
    Tsv,
    /// For programs.
    Json,
}

/// The gate.
pub(crate) struct Out {
    mode: Mode,
    quiet: bool,
    style: Style,
    err_style: Style,
    stdout: Box<dyn Write>,
    stderr: Box<dyn Write>,
}

impl Out {
    /// The gate of this process.
    pub(crate) fn of_process(json: bool, quiet: bool, zone: Tz) -> Self {
        let mode = match (json, io::stdout().is_terminal()) {
            (true, _) => Mode::Json,
            (false, true) => Mode::Human,
            (false, false) => Mode::Tsv,
        };
        // https://no-color.org: set and not empty.
        let color = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
            && std::env::var_os("TERM").is_none_or(|v| v != "dumb");
        let width = comfy_table::Table::new()
            .width()
            .map_or(80, usize::from)
            .max(40);
        Self {
            mode,
            quiet,
            style: Style {
                width,
                color: color && io::stdout().is_terminal(),
                zone,
            },
            err_style: Style {
                width,
                color: color && io::stderr().is_terminal(),
                zone,
            },
            stdout: Box::new(io::stdout()),
            stderr: Box::new(io::stderr()),
        }
    }

    /// Data: an answer of the API.
    pub(crate) fn show(&mut self, screen: &impl Screen) -> Result<()> {
        let text = match self.mode {
            Mode::Json => pretty(&screen.json()?)?,
            Mode::Tsv => screen.sheet(&self.style).tsv(),
            Mode::Human => match screen.empty() {
                Some(instead) => return self.say(instead),
                None => screen.human(&self.style),
            },
        };
        self.data(&text)
    }

    /// Whether data is for programs.
    pub(crate) fn is_json(&self) -> bool {
        self.mode == Mode::Json
    }

    /// Data that is text already.
    pub(crate) fn data(&mut self, text: &str) -> Result<()> {
        let text = text.trim_end_matches('\n');
        writeln!(self.stdout, "{text}")
            .and_then(|()| self.stdout.flush())
            .map_err(|e| closed(&e))
    }

    /// Talk: not part of the answer, silenced by `--quiet`.
    pub(crate) fn say(&mut self, text: &str) -> Result<()> {
        if self.quiet {
            return Ok(());
        }
        writeln!(self.stderr, "{}", printable(text)).map_err(|e| closed(&e))
    }

    /// Asks somebody at the terminal for a line that may be seen; `None` when nobody is there.
    pub(crate) fn ask(&mut self, question: &str) -> Result<Option<String>> {
        if !is_attended() {
            return Ok(None);
        }
        write!(self.stderr, "{} ", printable(question))
            .and_then(|()| self.stderr.flush())
            .map_err(|e| closed(&e))?;
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line).map_err(|e| closed(&e))?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }

    /// The zone in which instants are shown, and in which days begin and end.
    pub(crate) fn zone(&self) -> Tz {
        self.style.zone
    }

    /// Why it did not work; never silenced.
    pub(crate) fn fail(&mut self, failure: &Failure) {
        let text = match self.mode {
            Mode::Json => failure.to_json().to_string(),
            Mode::Tsv | Mode::Human => failure.to_text(&self.err_style),
        };
        // Nobody is left to be told that stderr is closed.
        let _ = writeln!(self.stderr, "{text}");
    }
}

/// Whether somebody is at the terminal who can be asked.
pub(crate) fn is_attended() -> bool {
    io::stdin().is_terminal()
}

fn pretty(value: &Value) -> Result<String> {
    serde_json::to_string_pretty(value)
        .map_err(|e| Failure::new(Exit::Unexpected, "JSON", e.to_string()))
}

/// A reader that went away (`rung … | head`) is not a fault of anybody.
fn closed(error: &io::Error) -> Box<Failure> {
    let exit = if error.kind() == io::ErrorKind::BrokenPipe {
        Exit::Ok
    } else {
        Exit::Unexpected
    };
    Failure::new(
        exit,
        "OUTPUT",
        format!("the output could not be written: {error}"),
    )
}
