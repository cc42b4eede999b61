//! The settings as environment variables.

use figment::{
    Metadata, Profile, Provider,
    providers::Env,
    value::{Dict, Map, Value},
};

/// The variables that are read; others that begin with `RUNG_` belong to somebody else.
pub(super) const VARIABLES: &[&str] = &[
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
    "sweep_seconds",
    "log",
    "log_format",
];

/// Those of the variables that are no text.
pub(super) const NOT_TEXT: &[&str] = &[
    "allow_mighty_database_role",
    "allow_plaintext",
    "max_connections",
    "sweep_seconds",
];

/// The variables, by the name of their setting. [`Env`] by itself would read each value as TOML is read, so that a
/// name of digits were no name and one in brackets a list.
pub(super) struct Variables(pub(super) Vec<(String, String)>);

impl Variables {
    pub(super) fn of_process() -> Self {
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
