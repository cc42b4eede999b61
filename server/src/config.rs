//! Settings: flags win over `RUNG_*` variables, those over the TOML file, that over the defaults.
//!
//! How do I add one? A field of [`Settings`] with its documentation and default, the same field in [`Flags`], and its
//! line in `docs/settings.md`.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Env, Format as _, Serialized, Toml},
    value::{Dict, Map, Value},
};
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    tombstone::TombstoneFile,
};

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
            log: "info".to_owned(),
            log_format: LogFormat::Json,
        }
    }
}

/// The variables that are read; others that begin with `RUNG_` belong to somebody else.
const VARIABLES: &[&str] = &[
    "listen",
    "public_url",
    "data_dir",
    "database_url",
    "allow_mighty_database_role",
    "tombstone_file",
    "tls_cert",
    "tls_key",
    "allow_plaintext",
    "issuer",
    "key_encryption_key_file",
    "max_connections",
    "log",
    "log_format",
];

/// Those of the variables that are no text.
const NOT_TEXT: &[&str] = &[
    "allow_mighty_database_role",
    "allow_plaintext",
    "max_connections",
];

/// More open files than any process is given; `Semaphore::new` panics at a number far above it.
const MOST_CONNECTIONS: usize = 1_000_000;

/// The variables, by the name of their setting. [`Env`] by itself would read each value as TOML is read, so that a
/// name of digits were no name and one in brackets a list.
struct Variables(Vec<(String, String)>);

impl Variables {
    fn of_process() -> Self {
        let found = Env::prefixed("RUNG_").only(VARIABLES);
        Self(
            found
                .iter()
                .map(|(name, text)| (name.into_string(), text))
                .collect(),
        )
    }
}

impl Provider for Variables {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment")
            .interpolater(|_, keys| format!("RUNG_{}", keys.join("_").to_ascii_uppercase()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let read = |(name, text): &(String, String)| {
            let value = match text.parse() {
                Ok(value) if NOT_TEXT.contains(&name.as_str()) => value,
                _ => Value::from(text.as_str()),
            };
            (name.clone(), value)
        };
        Ok(Profile::Default.collect(self.0.iter().map(read).collect()))
    }
}

/// The settings as flags. Each is also a variable (`--data-dir`, `RUNG_DATA_DIR`) and a key of the file (`data_dir`).
#[expect(clippy::doc_markdown, reason = "shown as help in a terminal")]
#[derive(Args, Serialize, Default)]
pub(crate) struct Flags {
    /// TOML file with settings [env: RUNG_CONFIG]
    #[arg(long, value_name = "FILE", env = "RUNG_CONFIG", hide_env = true)]
    #[serde(skip)]
    pub(crate) config: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one [env: RUNG_LISTEN] [default: 127.0.0.1:7464]
    #[arg(long, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<SocketAddr>,
    /// https://… under which people reach this server, for links [env: RUNG_PUBLIC_URL] [default: the address it
    /// listens on]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    public_url: Option<String>,
    /// Folder of the embedded database and the key-encryption key [env: RUNG_DATA_DIR] [default: rung-data]
    #[arg(long, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data_dir: Option<PathBuf>,
    /// postgres://… of a migrated database instead of the embedded one [env: RUNG_DATABASE_URL]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
    /// Serve as a database role that nothing holds back: development only [env: RUNG_ALLOW_MIGHTY_DATABASE_ROLE]
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    allow_mighty_database_role: bool,
    /// File that names what was erased [env: RUNG_TOMBSTONE_FILE] [default: in the data folder]
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    tombstone_file: Option<PathBuf>,
    /// PEM file of the certificate chain [env: RUNG_TLS_CERT]
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_cert: Option<PathBuf>,
    /// PEM file of the private key [env: RUNG_TLS_KEY]
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_key: Option<PathBuf>,
    /// Serve without TLS off loopback: only behind a proxy that speaks TLS [env: RUNG_ALLOW_PLAINTEXT]
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    allow_plaintext: bool,
    /// Who access tokens are from and for; the same on every replica [env: RUNG_ISSUER] [default: rungd]
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    /// File of the key-encryption key [env: RUNG_KEY_ENCRYPTION_KEY_FILE] [default: in the data folder]
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    key_encryption_key_file: Option<PathBuf>,
    /// Connections at once, at most [env: RUNG_MAX_CONNECTIONS] [default: 4096]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    max_connections: Option<usize>,
    /// What is logged, such as info or rungd=debug [env: RUNG_LOG] [default: info]
    #[arg(long, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<String>,
    /// How it is logged [env: RUNG_LOG_FORMAT] [default: json]
    #[arg(long, value_name = "FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log_format: Option<LogFormat>,
}

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
mod tests {
    use serde_json::Value as Json;

    use super::*;

    fn listening_on(address: &str) -> Settings {
        Settings {
            listen: address.parse().unwrap(),
            ..Settings::default()
        }
    }

    #[test]
    fn plaintext_off_loopback_is_refused_unless_told() {
        assert!(listening_on("127.0.0.1:1").check().is_ok());
        assert!(listening_on("[::1]:1").check().is_ok());
        assert!(listening_on("0.0.0.0:1").check().is_err());
        let told = Settings {
            allow_plaintext: true,
            ..listening_on("0.0.0.0:1")
        };
        assert!(told.check().is_ok());
        let tls = Settings {
            tls_cert: Some("c".into()),
            tls_key: Some("k".into()),
            ..listening_on("0.0.0.0:1")
        };
        assert!(tls.check().is_ok());
    }

    #[test]
    fn every_setting_is_a_variable() {
        let settings = serde_json::to_value(Settings::default()).unwrap();
        let mut fields: Vec<_> = settings.as_object().unwrap().keys().cloned().collect();
        let mut variables: Vec<_> = VARIABLES.iter().map(|v| (*v).to_owned()).collect();
        fields.sort();
        variables.sort();
        assert_eq!(fields, variables);
        // What has no default is text too.
        let not_text = |name: &&String| !matches!(settings[name], Json::String(_) | Json::Null);
        let found: Vec<_> = fields.iter().filter(not_text).collect();
        assert_eq!(found, NOT_TEXT);
    }

    fn from_variables(variables: &[(&str, &str)]) -> Result<Settings> {
        let variables = variables.iter();
        let owned = variables.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Settings::gather(&Flags::default(), Variables(owned.collect()))
    }

    // Seen failing with every value read as `Env` reads it.
    #[test]
    fn a_variable_is_read_as_it_stands() {
        for text in [
            "123",
            "true",
            "1.5",
            "[rungd]=debug",
            "{a=b}",
            "\"quoted\"",
            " x",
            "",
        ] {
            let names = [
                "issuer",
                "log",
                "database_url",
                "data_dir",
                "tls_cert",
                "tls_key",
            ];
            let variables: Vec<_> = names.iter().map(|name| (*name, text)).collect();
            let settings = from_variables(&variables).unwrap();
            assert_eq!(settings.issuer, text);
            assert_eq!(settings.log, text);
            assert_eq!(settings.database_url.as_deref(), Some(text));
            assert_eq!(settings.data_dir, PathBuf::from(text));
            assert_eq!(settings.tls_cert, Some(PathBuf::from(text)));
        }
    }

    #[test]
    fn a_variable_may_be_a_number_a_switch_an_address_or_a_choice() {
        let settings = from_variables(&[
            ("listen", "0.0.0.0:1"),
            ("allow_plaintext", "true"),
            ("max_connections", "7"),
            ("log_format", "text"),
        ])
        .unwrap();
        assert_eq!(settings.listen.port(), 1);
        assert_eq!(settings.max_connections, 7);
        assert!(settings.log_format == LogFormat::Text);
        let Err(Error::Internal(told)) = from_variables(&[("max_connections", "many")]) else {
            panic!("a word was read as a number");
        };
        assert!(told.contains("RUNG_MAX_CONNECTIONS"), "{told}");
    }

    // Seen failing with any text taken.
    #[test]
    fn a_public_url_is_what_a_link_can_begin_with() {
        for (url, right) in [
            ("https://rung.example", true),
            ("https://rung.example:8443/at/", true),
            ("http://127.0.0.1:7464", true),
            ("rung.example", false),
            ("ftp://rung.example", false),
            ("https://", false),
            ("https://rung.example/?x", false),
            ("https://rung.example/#x", false),
            ("", false),
        ] {
            let read = from_variables(&[("public_url", url)]);
            assert_eq!(read.is_ok(), right, "{url}");
        }
        let listening = "192.0.2.7:1".parse().unwrap();
        let own = Settings::default().public_url(listening);
        assert_eq!(own, "http://192.0.2.7:1");
    }

    // Seen failing without the upper bound.
    #[test]
    fn connections_are_counted_from_one_to_a_million() {
        for (number, right) in [
            ("0", false),
            ("1", true),
            ("1000000", true),
            ("1000001", false),
            ("18446744073709551615", false),
        ] {
            let read = from_variables(&[("max_connections", number)]);
            assert_eq!(read.is_ok(), right, "{number}");
        }
    }

    #[test]
    fn the_file_stands_above_the_defaults_and_flags_above_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rungd.toml");
        std::fs::write(&file, "issuer = \"file\"\nmax_connections = 7\n").unwrap();
        let flags = Flags {
            config: Some(file.clone()),
            issuer: Some("flag".to_owned()),
            ..Flags::default()
        };
        let settings = Settings::load(&flags).unwrap();
        assert_eq!(
            (settings.issuer.as_str(), settings.max_connections),
            ("flag", 7)
        );
        std::fs::write(&file, "isuer = \"file\"\n").unwrap();
        assert!(Settings::load(&flags).is_err(), "a misspelt key is told");
    }
}
