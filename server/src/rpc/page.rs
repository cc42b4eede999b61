//! Page tokens: opaque, bound to the query they came from, refused when forged.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{Error, Result},
    mutant::off,
};

const TAG: usize = 32;

/// Signs and checks page tokens; shared by all replicas, since the key comes from the key-encryption key.
pub(crate) struct PageTokens(hmac::Key);

impl PageTokens {
    pub(crate) fn new(key: hmac::Key) -> Self {
        Self(key)
    }

    /// The key to go on after, or none for the first page. `query` is all that decides which rows there are and in
    /// which order: method, clinic, caller, filters.
    pub(crate) fn open<K: DeserializeOwned>(&self, query: &str, token: &str) -> Result<Option<K>> {
        if token.is_empty() {
            return Ok(None);
        }
        let bytes = URL_SAFE_NO_PAD
            .decode(token)
            .map_err(|_| Error::PageToken)?;
        let (key, tag) = bytes
            .split_at_checked(bytes.len().saturating_sub(TAG))
            .ok_or(Error::PageToken)?;
        if hmac::verify(&self.0, &signed(query, key), tag).is_err() && !off("page-token") {
            return Err(Error::PageToken);
        }
        serde_json::from_slice(key)
            .map(Some)
            .map_err(|_| Error::PageToken)
    }

    /// Cuts `rows`, which were asked for with one more than `limit`, down to the page, and makes the token of the next
    /// one from the last row left.
    pub(crate) fn cut<T, K: Serialize>(
        &self,
        query: &str,
        rows: &mut Vec<T>,
        limit: i64,
        key: impl Fn(&T) -> K,
    ) -> Result<String> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        if rows.len() <= limit {
            return Ok(String::new());
        }
        rows.truncate(limit);
        let Some(last) = rows.last() else {
            return Ok(String::new());
        };
        let mut bytes = serde_json::to_vec(&key(last)).map_err(Error::internal)?;
        let tag = hmac::sign(&self.0, &signed(query, &bytes));
        bytes.extend_from_slice(tag.as_ref());
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }
}

fn signed(query: &str, key: &[u8]) -> Vec<u8> {
    let query = if off("page-query") { "" } else { query };
    // The length keeps query and key apart.
    let mut text = (query.len() as u64).to_be_bytes().to_vec();
    text.extend_from_slice(query.as_bytes());
    text.extend_from_slice(key);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> PageTokens {
        PageTokens::new(hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]))
    }

    #[test]
    fn a_token_works_for_its_query_only() {
        let tokens = tokens();
        let mut rows = vec![1, 2, 3];
        let token = tokens.cut("list/a", &mut rows, 2, |n| *n).unwrap();
        assert_eq!(rows, [1, 2]);
        assert_eq!(tokens.open::<i32>("list/a", &token).unwrap(), Some(2));
        assert!(matches!(
            tokens.open::<i32>("list/b", &token),
            Err(Error::PageToken)
        ));
    }

    #[test]
    fn forged_and_malformed_tokens_are_refused() {
        let tokens = tokens();
        let mut rows = vec![1, 2, 3];
        let token = tokens.cut("q", &mut rows, 2, |n| *n).unwrap();
        let mut bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
        bytes[0] ^= 1;
        for forged in [URL_SAFE_NO_PAD.encode(bytes), "%%%".into(), "AAAA".into()] {
            assert!(
                matches!(tokens.open::<i32>("q", &forged), Err(Error::PageToken)),
                "{forged}"
            );
        }
    }

    #[test]
    fn the_last_page_has_no_token() {
        let mut rows = vec![1, 2];
        assert_eq!(tokens().cut("q", &mut rows, 2, |n| *n).unwrap(), "");
    }
}
