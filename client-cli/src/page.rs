//! Lists come in pages; a reader wants the list.

use std::collections::HashSet;

use crate::error::{Exit, Failure, Result};

/// The largest page the contract allows.
pub(crate) const SIZE: i32 = 200;

/// All pages, one after the other: `page` gets a token and answers with items and the next token.
pub(crate) async fn all<T>(
    mut page: impl AsyncFnMut(String) -> Result<(Vec<T>, String)>,
) -> Result<Vec<T>> {
    let mut items = Vec::new();
    let mut token = String::new();
    let mut seen = HashSet::new();
    loop {
        let (more, next) = page(token).await?;
        items.extend(more);
        if next.is_empty() {
            return Ok(items);
        }
        // A server that repeats itself would keep us here for ever.
        if !seen.insert(next.clone()) {
            return Err(Failure::new(
                Exit::Unexpected,
                "BAD_ANSWER",
                "the server answered twice with the same page token",
            ));
        }
        token = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_pages_are_read_in_order() {
        let items = all(async |token: String| {
            Ok(match token.as_str() {
                "" => (vec![1, 2], "a".to_owned()),
                "a" => (vec![], "b".to_owned()),
                _ => (vec![3], String::new()),
            })
        });
        assert_eq!(items.await.unwrap(), [1, 2, 3]);
    }

    #[tokio::test]
    async fn a_server_that_repeats_itself_is_left() {
        let failure = all(async |_| Ok((vec![1], "again".to_owned())))
            .await
            .unwrap_err();
        assert_eq!(failure.reason, "BAD_ANSWER");
    }
}
