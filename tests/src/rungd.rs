use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::{Database, Result, binary, fail};

/// How long a server may take until it listens, or until it has left; a machine under load is slow.
const PATIENCE: Duration = Duration::from_mins(1);

/// How often a server looks for what time alone decides.
const SWEEP: &str = "--sweep-seconds";

/// What a server is started with, beside its database.
#[derive(Clone, Default)]
pub struct Settings {
    /// Address to listen on; none: any free port of the loopback.
    pub listen: Option<String>,
    /// Certificate and key, PEM; none: plaintext.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// More flags. Without `--sweep-seconds` among them, time does not act by itself.
    pub more: Vec<String>,
    /// Variables of its environment.
    pub env: Vec<(String, String)>,
}

/// A running `rungd`. Dropping it kills it.
pub struct Rungd {
    child: Child,
    address: String,
    scheme: &'static str,
    log: Arc<Mutex<String>>,
}

/// `rungd` with these arguments, run to its end with nothing of the caller's environment but what is given.
pub fn rungd<S: AsRef<OsStr>>(args: &[S], env: &[(&str, &str)]) -> Result<Output> {
    Ok(command()?.args(args).envs(env.iter().copied()).output()?)
}

fn command() -> Result<Command> {
    let mut command = Command::new(binary("rungd")?);
    command.env_clear().stdin(Stdio::null());
    // Which check is turned off, in a build made for that.
    if let Some(mutant) = std::env::var_os("RUNG_MUTANT") {
        command.env("RUNG_MUTANT", mutant);
    }
    Ok(command)
}

impl Rungd {
    /// Starts a server on the database and waits until it says that it listens.
    pub fn start(database: &Database, settings: &Settings) -> Result<Self> {
        let listen = settings.listen.as_deref().unwrap_or("127.0.0.1:0");
        let mut command = command()?;
        command.arg("serve").args(database.serve_args()).args([
            "--listen",
            listen,
            "--log-format",
            "json",
        ]);
        if let Some((cert, key)) = &settings.tls {
            command
                .arg("--tls-cert")
                .arg(cert)
                .arg("--tls-key")
                .arg(key);
        }
        // Most stories play long ago, where time would act on them between two steps.
        if !settings.more.iter().any(|flag| flag == SWEEP) {
            command.args([SWEEP, "0"]);
        }
        let mut child = command
            .args(&settings.more)
            .envs(settings.env.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;

        let log = Arc::new(Mutex::new(String::new()));
        let (found, address) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            follow(stdout, Arc::clone(&log), found.clone());
        }
        if let Some(stderr) = child.stderr.take() {
            follow(stderr, Arc::clone(&log), found);
        }
        // The senders go when the process ends, so that a failed start is known at once.
        let address = address.recv_timeout(PATIENCE).unwrap_or_default();
        let mut server = Self {
            child,
            address,
            scheme: if settings.tls.is_some() {
                "https"
            } else {
                "http"
            },
            log,
        };
        if server.address.is_empty() {
            server.kill()?;
            return fail(format!("rungd did not come to listen:\n{}", server.log()));
        }
        Ok(server)
    }

    /// Where it listens, such as `127.0.0.1:40123`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The same as a URL.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// What it has printed so far.
    pub fn log(&self) -> String {
        self.log.lock().map(|log| log.clone()).unwrap_or_default()
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to leave, as an operator would (SIGTERM), and returns its exit code.
    pub fn stop(&mut self) -> Result<i32> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()?;
        if !asked.success() {
            return fail("rungd could not be asked to leave");
        }
        self.wait()
    }

    /// Waits until it leaves and returns its exit code.
    pub fn wait(&mut self) -> Result<i32> {
        Ok(self.child.wait()?.code().unwrap_or(-1))
    }
}

impl Drop for Rungd {
    fn drop(&mut self) {
        // Already gone is as good.
        let _ = self.kill();
    }
}

/// Collects what a server prints and reports the address in its line "listening".
fn follow(pipe: impl Read + Send + 'static, log: Arc<Mutex<String>>, found: mpsc::Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(pipe)
            .lines()
            .map_while(std::result::Result::ok)
        {
            if let Ok(entry) = serde_json::from_str::<Value>(&line) {
                let field = |key: &str| {
                    entry[key]
                        .as_str()
                        .or_else(|| entry["fields"][key].as_str())
                        .map(str::to_owned)
                };
                if field("message").is_some_and(|message| message == "listening")
                    && let Some(address) = field("addr").or_else(|| field("address"))
                {
                    // Nobody waits any more once the first address came.
                    let _ = found.send(address);
                }
            }
            if let Ok(mut log) = log.lock() {
                log.push_str(&line);
                log.push('\n');
            }
        }
    });
}
