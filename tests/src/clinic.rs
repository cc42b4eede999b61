use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Backend, Database, Result, Rung, Rungd, Settings, fail, rungd};

/// The password of everybody in a test clinic.
pub const PASSWORD: &str = "correct horse battery";

/// A clinic with an administrator and one physiotherapist on a server of its own, as the first hour of a real one.
pub struct Clinic {
    /// Runs the accounts.
    pub admin: Rung,
    /// Prescribes.
    pub physio: Rung,
    // Dropped in this order: the server lets go of the database, the database of its files.
    server: Option<Rungd>,
    settings: Settings,
    database: Database,
    home: TempDir,
}

/// An athlete with an account.
pub struct Member {
    /// The athlete record.
    pub id: String,
    /// Signed in as the athlete.
    pub rung: Rung,
}

impl Clinic {
    /// Migrates, bootstraps, starts, invites the physiotherapist and signs both in.
    pub fn open(backend: Backend) -> Result<Self> {
        Self::open_with(backend, Settings::default(), &[])
    }

    /// The same with other settings of the server; `login` is added to what signs people in (`--ca-cert …`).
    pub fn open_with(backend: Backend, settings: Settings, login: &[&str]) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("rung-").tempdir()?;
        Self::begin(home, backend, settings, login)
    }

    /// The same with everything it keeps in a directory of its own under `dir`.
    pub fn open_in(dir: &Path, backend: Backend) -> Result<Self> {
        let home = tempfile::Builder::new().prefix("demo-").tempdir_in(dir)?;
        Self::begin(home, backend, Settings::default(), &[])
    }

    fn begin(home: TempDir, backend: Backend, settings: Settings, login: &[&str]) -> Result<Self> {
        let database = Database::fresh(backend, home.path().join("data"))?;
        bootstrap(&database, "Harbour Clinic", "ada@harbour.example")?;
        let server = Rungd::start(&database, &settings)?;
        let admin = Rung::new(home.path().join("sign-ins"), "ada")?;
        let clinic = Self {
            physio: admin.profile("pia"),
            admin,
            server: Some(server),
            settings,
            database,
            home,
        };
        clinic.login(&clinic.admin, "ada@harbour.example", login)?;
        let invitation = clinic.admin.json(&[
            "members",
            "invite",
            "pia@harbour.example",
            "--role",
            "physio",
        ])?;
        clinic.join(&clinic.physio, "Pia", &invitation, login)?;
        Ok(clinic)
    }

    /// Signs an account in under a profile.
    pub fn login(&self, rung: &Rung, email: &str, more: &[&str]) -> Result<()> {
        let url = self.url();
        let args = [&["login", "--server", &url, "--email", email], more].concat();
        signed_in(rung, &args)
    }

    /// Accepts an invitation under a profile.
    pub fn join(&self, rung: &Rung, name: &str, invitation: &Value, more: &[&str]) -> Result<()> {
        let Some(code) = invitation["code"].as_str() else {
            return fail(format!("an invitation without a code: {invitation}"));
        };
        let url = self.url();
        let args = [&["join", code, "--server", &url, "--name", name], more].concat();
        signed_in(rung, &args)
    }

    /// Adds an athlete to the physiotherapist's care and signs them in under their first name.
    pub fn athlete(&self, name: &str, zone: &str) -> Result<Member> {
        let athlete = self
            .physio
            .json(&["athletes", "add", name, "--zone", zone])?;
        let id = text(&athlete, "/athlete/id")?;
        let first = name.split(' ').next().unwrap_or(name).to_lowercase();
        let email = format!("{first}@mail.example");
        let invitation = self.physio.json(&[
            "members",
            "invite",
            &email,
            "--role",
            "athlete",
            "--athlete",
            &id,
        ])?;
        let rung = self.physio.profile(&first);
        self.join(&rung, name, &invitation, &[])?;
        Ok(Member { id, rung })
    }

    /// All that is stored about an athlete, as JSON lines, without what tells of the export itself: its manifest and seal,
    /// and who has looked, this export included.
    pub fn export(&self, athlete_id: &str) -> Result<Vec<Value>> {
        let archive = self.archive(athlete_id)?;
        let lines = archive.lines().map(serde_json::from_str);
        let mut lines = lines.collect::<std::result::Result<Vec<Value>, _>>()?;
        lines.retain(|line| {
            !["manifest", "access", "seal"].contains(&line["record"].as_str().unwrap_or_default())
        });
        Ok(lines)
    }

    /// The archive of an athlete, as it leaves the server.
    pub fn archive(&self, athlete_id: &str) -> Result<String> {
        self.physio
            .text(&["athletes", "export", athlete_id, "--to", "-"])
    }

    /// The server.
    pub fn server(&self) -> Result<&Rungd> {
        self.server
            .as_ref()
            .ok_or_else(|| "the server is down".into())
    }

    /// Where the server listens.
    pub fn url(&self) -> String {
        self.server.as_ref().map(Rungd::url).unwrap_or_default()
    }

    /// What the server has printed since its last start.
    pub fn log(&self) -> String {
        self.server.as_ref().map(Rungd::log).unwrap_or_default()
    }

    /// The database under the server.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Where everybody's sign-in lies.
    pub fn sign_ins(&self) -> PathBuf {
        self.home.path().join("sign-ins")
    }

    /// The environment of the server from its next start on.
    pub fn set_env(&mut self, env: &[(&str, &str)]) {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        self.settings.env = env.iter().map(owned).collect();
    }

    /// Cuts the server's power and starts it again at the same address.
    pub fn crash_and_restart(&mut self) -> Result<()> {
        if let Some(mut server) = self.server.take() {
            server.kill()?;
            self.settings.listen = Some(server.address().to_owned());
        }
        self.server = Some(Rungd::start(&self.database, &self.settings)?);
        Ok(())
    }

    /// Stops the server in an orderly way; returns its exit code.
    pub fn stop(&mut self) -> Result<i32> {
        match self.server.take() {
            Some(mut server) => server.stop(),
            None => fail("the server is down"),
        }
    }
}

/// Makes a clinic and its administrator, whose password is [`PASSWORD`].
pub fn bootstrap(database: &Database, clinic: &str, email: &str) -> Result<()> {
    let mut args: Vec<String> = [
        "admin",
        "bootstrap",
        "--clinic",
        clinic,
        "--email",
        email,
        "--name",
        "Ada",
    ]
    .map(str::to_owned)
    .to_vec();
    args.extend(database.serve_args());
    let output = rungd(&args, &[("RUNG_PASSWORD", PASSWORD)])?;
    if output.status.success() {
        return Ok(());
    }
    fail(format!(
        "rungd admin bootstrap: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// The text at a JSON pointer.
pub fn text(value: &Value, pointer: &str) -> Result<String> {
    match value.pointer(pointer).and_then(Value::as_str) {
        Some(text) => Ok(text.to_owned()),
        None => fail(format!("no text at {pointer} of {value:#}")),
    }
}

fn signed_in(rung: &Rung, args: &[&str]) -> Result<()> {
    let output = rung.run(args, &[("RUNG_PASSWORD", PASSWORD)])?;
    if output.code == 0 {
        return Ok(());
    }
    fail(format!(
        "rung {} as {}: {}{}",
        args[0],
        rung.name(),
        output.stdout,
        output.stderr
    ))
}
