//! Who is signed in: one file a profile, for its owner's eyes only, never with a password in it.

use std::fmt;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rung_proto::v1;
use serde::{Deserialize, Serialize};

use crate::error::{Exit, Failure, Result};

/// A text that is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// Keeps a text from being shown.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one who has to send it.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What the server handed out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access: Secret,
    pub(crate) access_expires_at: DateTime<Utc>,
    pub(crate) refresh: Secret,
}

impl TryFrom<v1::TokenPair> for Tokens {
    type Error = Box<Failure>;

    fn try_from(pair: v1::TokenPair) -> Result<Self> {
        let expires = pair
            .access_token_expires_at
            .as_ref()
            .and_then(crate::time::instant);
        match expires {
            Some(at) if !pair.access_token.is_empty() && !pair.refresh_token.is_empty() => {
                Ok(Self {
                    access: Secret::new(pair.access_token),
                    access_expires_at: at,
                    refresh: Secret::new(pair.refresh_token),
                })
            }
            _ => Err(no_tokens()),
        }
    }
}

/// An answer without the tokens it should hold.
pub(crate) fn no_tokens() -> Box<Failure> {
    Failure::new(
        Exit::Unexpected,
        "BAD_ANSWER",
        "the server's answer holds no usable tokens",
    )
}

/// A sign-in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Credentials {
    pub(crate) server: String,
    /// The certificate authority given at sign-in, PEM; the machine's own ones when absent.
    pub(crate) ca_pem: Option<String>,
    /// E-mail address, if it was given; for the hint how to sign in again.
    pub(crate) email: Option<String>,
    pub(crate) tokens: Tokens,
}

/// The file of one profile.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    directory: PathBuf,
    profile: String,
}

impl Store {
    /// The profile's name becomes a file name: letters, digits, `-`, `_` and `.`, not first.
    pub(crate) fn new(directory: &Path, profile: &str) -> Result<Self> {
        let legal = (1..=64).contains(&profile.len())
            && !profile.starts_with('.')
            && profile
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if !legal {
            return Err(Failure::bad_input(
                "PROFILE",
                format!(
                    "{profile:?} is no profile: 1 to 64 letters, digits, '-', '_' and '.', not first"
                ),
            ));
        }
        Ok(Self {
            directory: directory.join("profiles"),
            profile: profile.to_owned(),
        })
    }

    /// The profile's name.
    pub(crate) fn profile(&self) -> &str {
        &self.profile
    }

    fn path(&self) -> PathBuf {
        self.directory.join(format!("{}.json", self.profile))
    }

    /// The stored sign-in, if there is one. A file that others may read is refused.
    pub(crate) fn load(&self) -> Result<Option<Credentials>> {
        let path = self.path();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Failure::file(&path, &e)),
        };
        refuse_if_shared(&path)?;
        serde_json::from_str(&text).map(Some).map_err(|_| {
            Failure::bad_input(
                "PROFILE",
                format!("{} cannot be read as a sign-in", path.display()),
            )
            .advise("Sign in again with `rung login`.")
        })
    }

    /// Replaces the sign-in as a whole: a reader sees the old file or the new one.
    pub(crate) fn save(&self, credentials: &Credentials) -> Result<()> {
        let path = self.path();
        let fault = |e: &std::io::Error| Failure::file(&path, e);
        let text = serde_json::to_string_pretty(credentials)
            .map_err(|e| Failure::new(Exit::Unexpected, "JSON", e.to_string()))?;
        self.make_directory().map_err(|e| fault(&e))?;
        let mut file = tempfile::Builder::new()
            .prefix(".new-")
            .tempfile_in(&self.directory)
            .map_err(|e| fault(&e))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.as_file().sync_all())
            .map_err(|e| fault(&e))?;
        file.persist(&path).map_err(|e| fault(&e.error))?;
        Ok(())
    }

    /// Forgets the sign-in; says whether there was one.
    pub(crate) fn forget(&self) -> Result<bool> {
        match fs::remove_file(self.path()) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(false),
            Err(e) => Err(Failure::file(&self.path(), &e)),
        }
    }

    /// The file whose lock means: I am exchanging the refresh token of this profile.
    pub(crate) fn lock_file(&self) -> Result<File> {
        let path = self.directory.join(format!("{}.lock", self.profile));
        self.make_directory()
            .and_then(|()| {
                File::options()
                    .create(true)
                    .truncate(false)
                    .write(true)
                    .open(&path)
            })
            .map_err(|e| Failure::file(&path, &e))
    }

    fn make_directory(&self) -> std::io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.directory)
    }
}

#[cfg(unix)]
fn refuse_if_shared(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)
        .map_err(|e| Failure::file(path, &e))?
        .permissions()
        .mode();
    // Nothing for the group, nothing for others.
    if mode.trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(Failure::bad_input(
        "CREDENTIALS_SHARED",
        format!(
            "{} holds your sign-in and can be read by others",
            path.display()
        ),
    )
    .advise(format!("Make it yours alone: chmod 600 {}", path.display())))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the same shape on every system")]
fn refuse_if_shared(_path: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
#[path = "credentials_test.rs"]
mod tests;
