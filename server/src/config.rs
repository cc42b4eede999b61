//! Settings: flags win over `RUNG_*` variables, those over the TOML file, that over the defaults.
//!
//! How do I add one? A field of [`Settings`] with its documentation and default, the same field in [`Flags`], and its
//! line in `docs/settings.md`.

mod flag;
mod variable;

use std::{net::SocketAddr, path::PathBuf};

use figment::{
    Figment,
    providers::{Format as _, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    tombstone::TombstoneFile,
};

pub(crate) use self::flag::Flags;
use self::variable::Variables;

/// Everything an operator can set for `rungd serve`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// Address and port to listen on. Port 0 takes a free one; the log says which.
    pub(crate) listen: SocketAddr,
    /// `https://…` under which people reach this server, for the links of invitations; unset: the address it listens on.
    pub(crate) public_url: Option<String>,
    /// Folder of the embedded database and of the key-encryption key; made when it is missing, for its owner alone.
    pub(crate) data_dir: PathBuf,
    /// `postgres://…` of a migrated database; unset: the embedded one in `data_dir`.
    pub(crate) database_url: Option<String>,
    /// Serve as a database role that neither grants nor row-level security bind, such as the owner of the tables: for
    /// development only.
    pub(crate) allow_mighty_database_role: bool,
    /// File outside the database that names what was erased, one JSON object a line; unset: `tombstones.jsonl` in
    /// `data_dir`. A restored backup is told by it what to erase again: keep it, and keep it apart from the backups.
    pub(crate) tombstone_file: Option<PathBuf>,
    /// PEM file of the certificate chain; with `tls_key` it turns TLS on.
    pub(crate) tls_cert: Option<PathBuf>,
    /// PEM file of the private key.
    pub(crate) tls_key: Option<PathBuf>,
    /// Serve without TLS off loopback: only behind a proxy on the same host that speaks TLS.
    pub(crate) allow_plaintext: bool,
    /// Who access tokens say they are from, and for: the same on every replica.
    pub(crate) issuer: String,
    /// File of the key-encryption key; unset: `key-encryption-key` in `data_dir`, made at the first start. The
    /// environment variable `RUNG_KEY_ENCRYPTION_KEY` (32 bytes in base64) stands above both.
    pub(crate) key_encryption_key_file: Option<PathBuf>,
    /// Connections at once, from 1 to a million; further ones wait to be accepted.
    pub(crate) max_connections: usize,
    /// Seconds between two looks for plans that time alone changes, from 1 to 3600; 0: never here, another server on the
    /// same database has to.
    pub(crate) sweep_seconds: u64,
    /// What is logged, such as `info` or `rungd=debug`.
    pub(crate) log: String,
    /// How it is logged.
    pub(crate) log_format: LogFormat,
}

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 7464)),
            public_url: None,
            data_dir: PathBuf::from("rung-data"),
            database_url: None,
            allow_mighty_database_role: false,
            tombstone_file: None,
            tls_cert: None,
            tls_key: None,
            allow_plaintext: false,
            issuer: "rungd".to_owned(),
            key_encryption_key_file: None,
            max_connections: 4096,
            sweep_seconds: 60,
            log: "info".to_owned(),
            log_format: LogFormat::Json,
        }
    }
}

/// More open files than any process is given; `Semaphore::new` panics at a number far above it.
const MOST_CONNECTIONS: usize = 1_000_000;
/// A day of an athlete begins within the hour, everywhere.
const MOST_SECONDS: u64 = 3600;

impl Settings {
    /// Reads all four sources and refuses what cannot be meant.
    pub(crate) fn load(flags: &Flags) -> Result<Self> {
        Self::gather(flags, Variables::of_process())
    }

    fn gather(flags: &Flags, variables: Variables) -> Result<Self> {
        let mut sources = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = &flags.config {
            sources = sources.merge(Toml::file_exact(file));
        }
        let settings: Self = sources
            .merge(variables)
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(|e| Error::internal(format!("settings: {e}")))?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<()> {
        if self.tls_cert.is_some() != self.tls_key.is_some() {
            return Err(Error::internal(
                "settings: tls_cert and tls_key go together",
            ));
        }
        if self.tls_cert.is_none() && !self.listen.ip().is_loopback() && !self.allow_plaintext {
            return Err(Error::internal(format!(
                "settings: {} is not loopback and there is no TLS: health data would travel in the clear; set tls_cert \
                 and tls_key, or allow_plaintext behind a proxy that speaks TLS",
                self.listen
            )));
        }
        if let Some(url) = &self.public_url
            && !is_base(url)
        {
            return Err(Error::internal(format!(
                "settings: public_url is {url}; it must be such as https://rung.example, without query or fragment"
            )));
        }
        if !(1..=MOST_CONNECTIONS).contains(&self.max_connections) {
            return Err(Error::internal(format!(
                "settings: max_connections is {}; it must be from 1 to {MOST_CONNECTIONS}",
                self.max_connections
            )));
        }
        if self.sweep_seconds > MOST_SECONDS {
            return Err(Error::internal(format!(
                "settings: sweep_seconds is {}; it must be from 0 to {MOST_SECONDS}",
                self.sweep_seconds
            )));
        }
        Ok(())
    }

    /// The file of the tombstones.
    pub(crate) fn tombstones(&self) -> TombstoneFile {
        let default = || self.data_dir.join("tombstones.jsonl");
        TombstoneFile::new(self.tombstone_file.clone().unwrap_or_else(default))
    }

    /// Under which address people reach the server that listens on this one.
    pub(crate) fn public_url(&self, listening: SocketAddr) -> String {
        let scheme = if self.tls_cert.is_some() {
            "https"
        } else {
            "http"
        };
        let own = format!("{scheme}://{listening}");
        self.public_url.clone().unwrap_or(own)
    }

    /// The file of the embedded database.
    pub(crate) fn sqlite_file(&self) -> PathBuf {
        self.data_dir.join("rung.db")
    }
}

/// Whether a link can begin with it.
fn is_base(url: &str) -> bool {
    url.parse::<http::Uri>().is_ok_and(|uri| {
        let web = matches!(uri.scheme_str(), Some("https" | "http"));
        web && uri.host().is_some_and(|host| !host.is_empty()) && uri.query().is_none()
    }) && !url.contains('#')
}

#[cfg(test)]
#[path = "config_test.rs"]
mod tests;
