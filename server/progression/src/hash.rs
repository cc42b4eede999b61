//! Fingerprints of plans and states, so that a replay can prove it met the same.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::plan::PlanDefinition;
use crate::state::PlanState;

impl PlanDefinition {
    /// SHA-256 over its JSON, lower-case hex.
    ///
    /// The JSON is canonical because the types write their fields in the order of
    /// declaration and hold neither maps nor floats. A value that cannot be written,
    /// which these types cannot be, hashes as nothing.
    pub fn fingerprint(&self) -> String {
        sha256(&serde_json::to_vec(self).unwrap_or_default())
    }
}

impl PlanState {
    /// SHA-256 over its bytes, see [`PlanState::encode`], lower-case hex.
    pub fn fingerprint(&self) -> String {
        sha256(&self.encode())
    }
}

fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ladder::TrackKind;
    use crate::policy::TissueProfile;
    use crate::test::story::plan;

    #[test]
    fn a_fingerprint_is_the_sha_256_in_lower_case() {
        // printf '[1,2]' | sha256sum
        assert_eq!(
            sha256(b"[1,2]"),
            "49a64717d5d4cb19952e6eac2946415cf6879adacf9908e7d872332d32c6e684"
        );
    }

    #[test]
    fn the_fingerprint_of_a_plan_is_that_of_its_json() {
        let plan = plan(&[(TrackKind::Running, TissueProfile::Tendon)]);
        let json = serde_json::to_vec(&plan).expect("JSON");
        assert_eq!(plan.fingerprint(), sha256(&json));
    }
}
