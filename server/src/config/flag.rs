//! The settings as flags.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use serde::Serialize;

use super::LogFormat;

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
    pub(super) listen: Option<SocketAddr>,
    /// https://… under which people reach this server: what the links of invitations begin with [env: RUNG_PUBLIC_URL]
    /// [default: the address it listens on]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) public_url: Option<String>,
    /// Folder of the embedded database and the key-encryption key [env: RUNG_DATA_DIR] [default: rung-data]
    #[arg(long, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data_dir: Option<PathBuf>,
    /// postgres://… of a migrated database instead of the embedded one [env: RUNG_DATABASE_URL]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) database_url: Option<String>,
    /// Serve as a database role that nothing holds back: development only [env: RUNG_ALLOW_MIGHTY_DATABASE_ROLE]
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) allow_mighty_database_role: bool,
    /// File that names what was erased [env: RUNG_TOMBSTONE_FILE] [default: in the data folder]
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tombstone_file: Option<PathBuf>,
    /// PEM file of the certificate chain [env: RUNG_TLS_CERT]
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tls_cert: Option<PathBuf>,
    /// PEM file of the private key [env: RUNG_TLS_KEY]
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tls_key: Option<PathBuf>,
    /// Serve without TLS off loopback: only behind a proxy that speaks TLS [env: RUNG_ALLOW_PLAINTEXT]
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) allow_plaintext: bool,
    /// Who access tokens are from and for; the same on every replica [env: RUNG_ISSUER] [default: rungd]
    #[arg(long, value_name = "NAME")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) issuer: Option<String>,
    /// File of the key-encryption key; RUNG_KEY_ENCRYPTION_KEY, the key itself, stands above it [env:
    /// RUNG_KEY_ENCRYPTION_KEY_FILE] [default: in the data folder]
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key_encryption_key_file: Option<PathBuf>,
    /// Connections at once, at most [env: RUNG_MAX_CONNECTIONS] [default: 4096]
    #[arg(long, value_name = "N")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_connections: Option<usize>,
    /// Seconds between two looks for plans that time alone changes; 0: never here [env: RUNG_SWEEP_SECONDS] [default: 60]
    #[arg(long, value_name = "SECONDS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sweep_seconds: Option<u64>,
    /// What is logged, such as info or rungd=debug [env: RUNG_LOG] [default: info]
    #[arg(long, value_name = "FILTER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) log: Option<String>,
    /// How it is logged [env: RUNG_LOG_FORMAT] [default: json]
    #[arg(long, value_name = "FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) log_format: Option<LogFormat>,
}
