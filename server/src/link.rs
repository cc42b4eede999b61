//! Addresses that are shown to people.

use crate::access::InviteCode;

/// Makes links to this installation.
pub(crate) struct Links {
    /// Without a slash at its end.
    base: String,
}

impl Links {
    pub(crate) fn new(public_url: &str) -> Self {
        let base = public_url.trim_end_matches('/').to_owned();
        Self { base }
    }

    /// The page that says how to accept an invitation. The code is the fragment: a browser keeps it to itself, so that it
    /// stands in no log on the way.
    pub(crate) fn join(&self, code: &InviteCode) -> String {
        format!("{}/join#{}", self.base, code.reveal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::System;

    #[test]
    fn the_code_is_the_fragment() {
        let code = InviteCode::new(&System);
        for base in ["https://rung.example", "https://rung.example/"] {
            let link = Links::new(base).join(&code);
            assert_eq!(link, format!("https://rung.example/join#{}", code.reveal()));
        }
    }
}
