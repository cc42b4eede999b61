//! Service accounts, their keys and tokens.

use prost::{Message, Name};
use rung_proto::v1;
use serde_json::Value;

use super::layout::fields;
use super::word;
use crate::error::Result;
use crate::out::{Screen, Style, Tone};
use crate::sheet::{Cell, For, Sheet};
use crate::time;

fn sheet<'a>(accounts: impl IntoIterator<Item = &'a v1::ServiceAccount>, style: &Style) -> Sheet {
    let mut sheet = Sheet::new(&[
        ("display_name", For::All),
        ("scopes", For::All),
        ("state", For::All),
        ("keys", For::All),
        ("created_at", For::Wide),
        ("revoked_at", For::Machine),
        ("id", For::All),
    ]);
    for account in accounts {
        let (created, revoked) = (account.created_at.as_ref(), account.revoked_at.as_ref());
        let state = match revoked {
            Some(_) => Cell::text("revoked").tone(Tone::Bad),
            None => Cell::text("active"),
        };
        let kids: Vec<&str> = account.keys.iter().map(|k| k.kid.as_str()).collect();
        sheet.row(vec![
            Cell::text(&account.display_name),
            Cell::text(word::scopes(&account.scopes)),
            state,
            Cell::both(account.keys.len().to_string(), kids.join(",")),
            Cell::both(time::human(created, style), time::machine(created)),
            Cell::both(time::human(revoked, style), time::machine(revoked)),
            Cell::text(&account.id),
        ]);
    }
    sheet
}

/// The service accounts of the clinic.
pub(crate) struct ServiceAccounts(pub(crate) Vec<v1::ServiceAccount>);

impl Screen for ServiceAccounts {
    fn json(&self) -> Result<Value> {
        super::json_list(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(&self.0, style)
    }

    fn empty(&self) -> Option<&'static str> {
        self.0
            .is_empty()
            .then_some("The clinic has no service accounts.")
    }
}

/// One service account, in whatever answer it came.
pub(crate) struct ServiceAccount<'a, M> {
    answer: &'a M,
    account: Option<&'a v1::ServiceAccount>,
}

impl<'a, M> ServiceAccount<'a, M> {
    /// The service account of an answer.
    pub(crate) fn of(answer: &'a M, account: Option<&'a v1::ServiceAccount>) -> Self {
        Self { answer, account }
    }
}

impl<M: Message + Name> Screen for ServiceAccount<'_, M> {
    fn json(&self) -> Result<Value> {
        super::json(self.answer)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        sheet(self.account, style)
    }

    fn human(&self, style: &Style) -> String {
        let Some(account) = self.account else {
            return String::new();
        };
        let revoked = account.revoked_at.as_ref();
        let mut pairs = vec![
            ("Name", account.display_name.clone()),
            ("Scopes", word::scopes(&account.scopes)),
            (
                "Revoked",
                revoked.map_or_else(String::new, |at| time::human(Some(at), style)),
            ),
            ("Id", account.id.clone()),
        ];
        for key in &account.keys {
            let until = match key.expires_at.as_ref() {
                Some(at) => format!(", until {}", time::human(Some(at), style)),
                None => String::new(),
            };
            pairs.push(("Key", format!("{} ({}{until})", key.kid, key.algorithm)));
        }
        fields(&pairs, 0, style)
    }
}

/// An access token of a service account.
pub(crate) struct Token(pub(crate) v1::ExchangeAssertionResponse);

impl Screen for Token {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[
            ("access_token", For::All),
            ("expires_at", For::All),
            ("scopes", For::All),
        ]);
        let expires = self.0.access_token_expires_at.as_ref();
        sheet.row(vec![
            Cell::text(&self.0.access_token),
            Cell::both(time::human(expires, style), time::machine(expires)),
            Cell::text(word::scopes(&self.0.scopes)),
        ]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let until = time::human(self.0.access_token_expires_at.as_ref(), style);
        let mut text = fields(
            &[
                ("Scopes", word::scopes(&self.0.scopes)),
                ("Valid until", until),
            ],
            0,
            style,
        );
        // In one piece, to be copied.
        text.push_str(&format!(
            "\n{}\n",
            crate::out::printable(&self.0.access_token)
        ));
        text
    }
}
