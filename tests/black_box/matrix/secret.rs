//! Remembers the secrets that were told, so that they can be looked for where they must not be.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use serde_json::Value;

/// What the contract calls that which proves something to whoever has it.
const NAMES: [&str; 10] = [
    "access_token",
    "assertion",
    "challenge",
    "code",
    "link",
    "new_password",
    "recovery_codes",
    "refresh_token",
    "secret",
    "uri",
];

/// Every secret that somebody asked with or was answered, under what the contract calls it.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Arc<Mutex<BTreeMap<String, &'static str>>>);

impl Secrets {
    /// Remembers what is secret in a message. Six digits are met by chance, and left out.
    pub(super) fn hear(&self, message: &Value) {
        let mut known = self.0.lock().expect("no panic under this lock");
        let mut open = vec![(None, message)];
        while let Some((name, value)) = open.pop() {
            match (name, value) {
                (_, Value::Object(fields)) => {
                    open.extend(fields.iter().map(|(field, value)| {
                        (NAMES.into_iter().find(|name| name == field), value)
                    }));
                }
                (_, Value::Array(items)) => open.extend(items.iter().map(|item| (name, item))),
                (Some(name), Value::String(text)) if text.len() > 6 => {
                    known.insert(text.clone(), name);
                }
                _ => {}
            }
        }
    }

    /// All of them, with their names.
    pub(crate) fn all(&self) -> BTreeMap<String, &'static str> {
        self.0.lock().expect("no panic under this lock").clone()
    }
}

// Seen failing with lists left out.
#[test]
fn secrets_are_heard_wherever_they_stand() {
    let secrets = Secrets::default();
    secrets.hear(&serde_json::json!({
        "tokens": {"access_token": "a-token", "lasts": "a-while-"},
        "recovery_codes": ["one-code", "two-code"],
        "list": [{"link": "https://x"}],
        "code": "123456",
    }));
    let all = secrets.all();
    let names: Vec<&str> = all.values().copied().collect();
    assert_eq!(
        names,
        ["access_token", "link", "recovery_codes", "recovery_codes"]
    );
}
