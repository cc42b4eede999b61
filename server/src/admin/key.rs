//! `rungd admin keys`: the keys that sign access tokens.

use std::{fmt::Write as _, sync::Arc};

use chrono::{DateTime, Utc};

use crate::{
    access::rotation,
    clock::{SharedAmbient, System},
    config::{Flags, Settings},
    error::{Error, Result},
    serve,
    storage::identity::key::SealedKey,
};

/// What can be done with them.
#[derive(clap::Subcommand)]
pub(crate) enum Keys {
    /// Show all keys, the newest first.
    List(Box<Flags>),
    /// Make a new key; the older ones run out when the last token of theirs does. No call fails.
    Rotate(Box<Flags>),
    /// End a key at once, such as one that somebody else may hold: whoever has a token of it refreshes it.
    Retire(Box<Retire>),
}

/// Which key is to end.
#[derive(clap::Args)]
pub(crate) struct Retire {
    /// Id of the key, as `rungd admin keys list` shows it.
    kid: String,
    #[command(flatten)]
    flags: Flags,
}

/// Does it, and tells what came of it.
pub(crate) async fn run(keys: Keys) -> Result<String> {
    let ambient: SharedAmbient = Arc::new(System);
    let flags = match &keys {
        Keys::List(flags) | Keys::Rotate(flags) => flags,
        Keys::Retire(retire) => &retire.flags,
    };
    let settings = Settings::load(flags)?;
    let db = serve::open(&settings).await?;
    let told = match &keys {
        Keys::List(_) => rotation::list(&db)
            .await
            .and_then(|keys| table(&keys, ambient.now())),
        Keys::Rotate(_) => {
            let kek = serve::key_encryption_key(&settings, &ambient)?;
            let rotated = rotation::rotate(&db, &kek, &ambient).await;
            rotated.map(|rotated| {
                format!(
                    "key          {}\nsigns from   {}\nolder until  {}\n",
                    rotated.kid,
                    instant(rotated.signs_from),
                    instant(rotated.older_until),
                )
            })
        }
        Keys::Retire(retire) => rotation::retire(&db, &ambient, &retire.kid)
            .await
            .map(|()| format!("retired      {}\n", retire.kid)),
    };
    db.close().await;
    told
}

/// One line a key, tabs between the columns.
fn table(keys: &[SealedKey], now: DateTime<Utc>) -> Result<String> {
    let mut text = String::from("KEY\tMADE\tSTATE\n");
    let signing = keys.iter().find(|key| key.signs(now));
    for key in keys {
        let state = match (key.retired_at, key.active_from) {
            (Some(at), _) if at <= now => format!("retired {}", instant(at)),
            (_, Some(from)) if from > now => format!("signs from {}", instant(from)),
            (until, _) => {
                let signs = signing.is_some_and(|signing| signing.kid == key.kid);
                let word = if signs { "signs" } else { "verifies" };
                until.map_or(word.to_owned(), |at| {
                    format!("{word} until {}", instant(at))
                })
            }
        };
        writeln!(text, "{}\t{}\t{state}", key.kid, instant(key.created_at))
            .map_err(Error::internal)?;
    }
    Ok(text)
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%F %T UTC").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_list_says_what_each_key_is_good_for() {
        let now: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let minute = TimeDelta::minutes(1);
        let key = |kid: &str, from: DateTime<Utc>, until: Option<DateTime<Utc>>| SealedKey {
            kid: kid.to_owned(),
            generation: 1,
            sealed: vec![],
            public_key: vec![],
            created_at: now - minute,
            active_from: Some(from),
            retired_at: until,
        };
        let keys = [
            key("d", now + minute, None),
            key("c", now - minute, Some(now + minute * 5)),
            key("b", now - minute * 2, Some(now + minute)),
            key("a", now - minute * 9, Some(now - minute)),
        ];
        assert_eq!(
            table(&keys, now).unwrap(),
            "KEY\tMADE\tSTATE\n\
             d\t2026-03-01 11:59:00 UTC\tsigns from 2026-03-01 12:01:00 UTC\n\
             c\t2026-03-01 11:59:00 UTC\tsigns until 2026-03-01 12:05:00 UTC\n\
             b\t2026-03-01 11:59:00 UTC\tverifies until 2026-03-01 12:01:00 UTC\n\
             a\t2026-03-01 11:59:00 UTC\tretired 2026-03-01 11:59:00 UTC\n"
        );
    }
}
