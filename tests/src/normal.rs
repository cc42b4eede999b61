use std::collections::BTreeMap;

use serde_json::Value;

/// Takes out of an answer what differs from run to run and nothing else: ids, hashes and etags become numbered names
/// in the order of their appearance, so that "the same as there" stays visible; what the server's clock said becomes
/// `<now>`. Stories play in the past (before [`Normal::PRESENT`]), which is how the two clocks are told apart.
#[derive(Default)]
pub struct Normal {
    names: BTreeMap<String, String>,
    counts: BTreeMap<&'static str, usize>,
}

impl Normal {
    /// From this year on a time is the server's, not the story's.
    pub const PRESENT: i64 = 2020;

    /// The same value with stable names.
    pub fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Object(fields) => {
                if let Some(date) = date(value) {
                    return date;
                }
                fields
                    .iter()
                    .map(|(key, value)| {
                        let value = match value {
                            Value::String(etag) if key == "etag" && !etag.is_empty() => {
                                Value::String(self.name("etag", etag))
                            }
                            Value::String(digest) if key == "fingerprint" => {
                                Value::String(self.name("fingerprint", digest))
                            }
                            other => self.value(other),
                        };
                        (key.clone(), value)
                    })
                    .collect()
            }
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::String(text) => Value::String(self.text(text)),
            other => other.clone(),
        }
    }

    /// The same text with stable names.
    pub fn text(&mut self, text: &str) -> String {
        if is_hash(text) {
            return self.name("hash", text);
        }
        if is_time(text) {
            let present = text
                .get(..4)
                .and_then(|y| y.parse().ok())
                .is_some_and(|y: i64| y >= Self::PRESENT);
            return if present {
                "<now>".to_owned()
            } else {
                text.to_owned()
            };
        }
        let mut result = String::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if let Some(id) = rest.get(..36).filter(|id| is_id(id)) {
                let name = self.name("id", id);
                result.push_str(&name);
                rest = &rest[36..];
            } else {
                result.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        result
    }

    fn name(&mut self, kind: &'static str, value: &str) -> String {
        if let Some(name) = self.names.get(value) {
            return name.clone();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let name = format!("<{kind} {count}>");
        self.names.insert(value.to_owned(), name.clone());
        name
    }
}

/// A message `rung.v1.Date` as text.
fn date(value: &Value) -> Option<Value> {
    let fields = value.as_object().filter(|fields| fields.len() == 3)?;
    let [year, month, day] =
        ["year", "month", "day"].map(|key| fields.get(key).and_then(Value::as_i64));
    let text = match (year?, month?, day?) {
        (year, ..) if year >= Normal::PRESENT => "<today>".to_owned(),
        (year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
    };
    Some(Value::String(text))
}

fn is_id(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// RFC 3339 in UTC, or a date.
fn is_time(text: &str) -> bool {
    let shape: String = text
        .chars()
        .take(19)
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    (text.len() == 10 && shape == "0000-00-00") || shape == "0000-00-00T00:00:00"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // Seen failing with `name` numbering every appearance anew.
    #[test]
    fn one_id_keeps_one_name_and_the_server_clock_goes() {
        let (a, b) = (crate::new_id(), crate::new_id());
        let value = json!({
            "id": a, "other": b, "again": format!("plan {a} moved"), "at": "2015-08-15T14:45:08Z",
            "recorded_at": "2026-01-02T03:04:05.678Z", "date": {"year": 2015, "month": 8, "day": 5},
            "etag": "7", "hash": "0f".repeat(32), "number": 3,
        });
        // Keys come sorted, so that `again` is the first to name `a`.
        let expected = json!({
            "id": "<id 1>", "other": "<id 2>", "again": "plan <id 1> moved", "at": "2015-08-15T14:45:08Z",
            "recorded_at": "<now>", "date": "2015-08-05", "etag": "<etag 1>", "hash": "<hash 1>", "number": 3,
        });
        assert_eq!(Normal::default().value(&value), expected);
    }
}
