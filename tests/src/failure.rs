use std::fmt;

/// Why a story ended; it prints as plain text also where Rust prints `Debug`.
pub struct Failure(String);

/// Short for `Result<T, Failure>`.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// An error with this text.
pub fn fail<T>(what: impl Into<String>) -> Result<T> {
    Err(Failure(what.into()))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

// Not an `Error` itself: that is what lets `?` take every error there is.
impl<E: Into<Box<dyn std::error::Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        let error = error.into();
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        Self(text)
    }
}
