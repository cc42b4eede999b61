//! The server of a command that comes before a sign-in: its address, and who vouches for it.

use std::path::PathBuf;

use tonic::transport::Channel;

use crate::connection;
use crate::error::{Failure, Result};

/// Which server to speak to.
#[derive(Debug, clap::Args)]
pub(crate) struct Door {
    /// Address of the server: https, host and port
    #[arg(long, value_name = "URL")]
    server: String,
    /// Certificate authority to trust for this server, PEM [default: those of the machine]
    #[arg(long, value_name = "FILE")]
    ca_cert: Option<PathBuf>,
}

/// A server that can be spoken to: address and file were read.
pub(crate) struct Server {
    /// `https://host[:port]`.
    pub(crate) address: String,
    /// PEM; the machine's own authorities when absent.
    pub(crate) ca_pem: Option<String>,
}

impl Door {
    /// Reads address and file, before anybody is asked for a password.
    pub(crate) fn read(self) -> Result<Server> {
        let ca_pem = self.ca_cert.as_deref().map(read_ca).transpose()?;
        crate::server::parse(&self.server)?;
        Ok(Server {
            address: self.server,
            ca_pem,
        })
    }
}

impl Server {
    /// Connects.
    pub(crate) async fn open(&self) -> Result<Channel> {
        connection::open(&self.address, self.ca_pem.as_deref()).await
    }
}

fn read_ca(path: &std::path::Path) -> Result<String> {
    let pem = std::fs::read_to_string(path).map_err(|e| Failure::file(path, &e))?;
    if pem.contains("-----BEGIN CERTIFICATE-----") {
        Ok(pem)
    } else {
        Err(Failure::bad_input(
            "CA_CERT",
            format!("{}: holds no PEM certificate", path.display()),
        ))
    }
}
