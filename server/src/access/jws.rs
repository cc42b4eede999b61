//! Statements that the server signs for somebody to keep, such as the head of an audit chain. An access token is none of
//! them: the type says what a signature is for.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Serialize, de::DeserializeOwned};

use super::keyring::Keyring;
use crate::{
    error::{Error, Result},
    mutant::off,
};

/// A signed statement, and the key that signed it.
pub(crate) struct Signed {
    pub(crate) kid: String,
    /// JWS in compact form.
    pub(crate) jws: String,
}

impl Keyring {
    /// Signs a statement of the given type.
    pub(crate) fn sign_jws(
        &self,
        typ: &str,
        statement: &impl Serialize,
        now: DateTime<Utc>,
    ) -> Result<Signed> {
        let key = self
            .signing(now)
            .ok_or_else(|| Error::internal("no signing key is in use"))?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(typ.to_owned());
        header.kid = Some(key.kid.clone());
        let jws = jsonwebtoken::encode(&header, statement, &key.signer).map_err(Error::internal)?;
        Ok(Signed {
            kid: key.kid.clone(),
            jws,
        })
    }

    /// What a statement of this type says, when one of our keys signed it. A retired key counts: a statement is kept for
    /// longer than a key.
    pub(crate) fn read_jws<T: DeserializeOwned + Clone>(&self, typ: &str, jws: &str) -> Option<T> {
        let header = jsonwebtoken::decode_header(jws).ok()?;
        if header.typ.as_deref() != Some(typ) && !off("head-type") {
            return None;
        }
        let key = self.ever(&header.kid?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        // A statement is no token: nobody presents it, and it does not run out.
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let read = jsonwebtoken::decode::<T>(jws, &key.verifier, &validation).ok()?;
        Some(read.claims)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::{
        access::keyring::for_test::keyring,
        clock::{Ambient as _, System},
    };

    // Seen failing without the question for the type.
    #[test]
    fn a_statement_reads_back_under_its_type_and_its_key_alone() {
        let (ring, other) = (keyring(&System, 1), keyring(&System, 1));
        let say = |n: i64| HashMap::from([("seq".to_owned(), n)]);
        let signed = ring.sign_jws("a", &say(1), System.now()).unwrap();
        let read = |ring: &Keyring, typ, jws: &str| ring.read_jws::<HashMap<String, i64>>(typ, jws);
        assert_eq!(read(&ring, "a", &signed.jws), Some(say(1)));
        assert_eq!(read(&ring, "b", &signed.jws), None);
        assert_eq!(read(&other, "a", &signed.jws), None);
        let mut parts: Vec<&str> = signed.jws.split('.').collect();
        let forged = ring.sign_jws("a", &say(2), System.now()).unwrap();
        let theirs: Vec<&str> = forged.jws.split('.').collect();
        parts[1] = theirs[1];
        assert_eq!(read(&ring, "a", &parts.join(".")), None);
    }
}
