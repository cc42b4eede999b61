//! The log: one line per request, and what an operator has to know. Never a name, a note, a token or a measurement.

use tracing_subscriber::EnvFilter;

use crate::{
    config::LogFormat,
    error::{Error, Result},
};

/// Sends log lines to stderr; stdout is for answers.
pub(crate) fn init(filter: &str, format: LogFormat) -> Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|e| Error::internal(format!("log: {e}")))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    }
    .map_err(|e| Error::internal(format!("log: {e}")))
}
