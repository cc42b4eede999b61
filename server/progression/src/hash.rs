//! Fingerprints of plans and states, so that a replay can prove it met the same.

use std::fmt::Write as _;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// SHA-256 over the JSON of a value, lower-case hex.
///
/// The JSON is canonical because the types hashed here write their fields in the
/// order of declaration and hold neither maps nor floats. A value that cannot be
/// written, which these types cannot be, hashes as nothing.
pub fn fingerprint<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_vec(value).unwrap_or_default();
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(&json) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_hash_of_the_json() {
        // printf '[1,2]' | sha256sum
        assert_eq!(
            fingerprint(&[1, 2]),
            "49a64717d5d4cb19952e6eac2946415cf6879adacf9908e7d872332d32c6e684"
        );
    }
}
