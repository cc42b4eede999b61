//! Checks a clinic's chain from its first row to its last, and names the first place where it breaks.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    Row,
    chain::{self, End, Hash},
    head::{self, Head, Statement},
};
use crate::{
    access::AuditAccess,
    error::Result,
    mutant::off,
    storage::{Conn, db::on},
};

/// Links read at once.
const CHUNK: i64 = 1000;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    /// Rows of the chain that are as they were written, up to the first break.
    pub(crate) verified: i64,
    /// Rows that are not linked yet.
    pub(crate) unchained: i64,
    pub(crate) first_break: Option<Break>,
}

/// Where a chain breaks first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Break {
    pub(crate) seq: i64,
    /// The event that is linked there; `None` when the link itself is gone.
    pub(crate) event: Option<Uuid>,
    pub(crate) what: &'static str,
}

#[derive(sqlx::FromRow)]
struct Link {
    seq: i64,
    event_id: Uuid,
    hash: Vec<u8>,
}

/// What is compared with the chain beside its rows.
struct Witnesses<'a> {
    end: Option<End>,
    /// Kept elsewhere, and its signature found good.
    kept: Option<&'a Statement>,
    /// What a signature says, when it is one of ours.
    read: &'a (dyn Fn(&str) -> Option<Statement> + Sync),
}

/// Checks the whole chain of the clinic, against its own signed heads and against one that was kept elsewhere.
/// `read` says what a signature states, when it is one of ours.
pub(crate) async fn verify(
    conn: &mut Conn<'_>,
    access: &AuditAccess,
    kept: Option<&Statement>,
    read: &(dyn Fn(&str) -> Option<Statement> + Sync),
) -> Result<Report> {
    // The end before the links: meanwhile the chain may only grow.
    let witnesses = Witnesses {
        end: chain::end(conn, access).await?,
        kept,
        read,
    };
    let (verified, first_break) = walk(conn, access, &witnesses).await?;
    Ok(Report {
        verified,
        unchained: if off("chain-tail") {
            0
        } else {
            chain::count_unlinked(conn, access).await?
        },
        first_break,
    })
}

async fn walk(
    conn: &mut Conn<'_>,
    access: &AuditAccess,
    witnesses: &Witnesses<'_>,
) -> Result<(i64, Option<Break>)> {
    let (mut done, mut hash) = (0, Hash::beginning(access.clinic()));
    loop {
        let page = links(conn, access, done).await?;
        let Some((last, _)) = page.last() else { break };
        let heads = head::between(conn, access, done + 1, last.seq).await?;
        let heads: HashMap<i64, Head> = heads.into_iter().map(|head| (head.seq, head)).collect();
        for (link, row) in &page {
            if link.seq != done + 1 && !off("chain-link") {
                let what = "the link is missing";
                return Ok((done, Some(at(done + 1, None, what))));
            }
            let broken = |what| Ok((done, Some(at(link.seq, Some(link.event_id), what))));
            let Some(row) = row else {
                if off("chain-deleted") {
                    hash = Hash::from_stored(&link.hash)?;
                    done += 1;
                    continue;
                }
                return broken("the row was deleted");
            };
            hash = hash.then(access.clinic(), row);
            if off("chain-row") {
                hash = Hash::from_stored(&link.hash)?;
            }
            if link.hash != hash.bytes() {
                return broken("the row was changed, or rows were put in another order");
            }
            if let Some(what) = witnesses.contradict(access, link.seq, hash, heads.get(&link.seq)) {
                return broken(what);
            }
            done += 1;
        }
    }
    let cut = cut_off(conn, access, witnesses, done).await?;
    Ok((done, cut.map(|what| at(done + 1, None, what))))
}

fn at(seq: i64, event: Option<Uuid>, what: &'static str) -> Break {
    Break { seq, event, what }
}

impl Witnesses<'_> {
    /// What somebody says of the link at `seq` that is not so.
    fn contradict(
        &self,
        access: &AuditAccess,
        seq: i64,
        hash: Hash,
        head: Option<&Head>,
    ) -> Option<&'static str> {
        if self
            .end
            .is_some_and(|end| end.seq == seq && end.hash != hash && !off("chain-end"))
        {
            return Some("the end of the chain was another one");
        }
        if let Some(head) = head {
            let Some(said) = (self.read)(&head.signature) else {
                if off("head-signature") {
                    return None;
                }
                return Some("the signature of the head is not one of ours");
            };
            let whole = said.clinic_id == access.clinic().uuid()
                && said.seq == seq
                && head.hash().is_ok_and(|stored| stored.hex() == said.hash)
                && said.signed_at == head.signed_at;
            if !whole && !off("head-statement") {
                return Some("the head is not the one that was signed");
            }
            if said.hash != hash.hex() && !off("head-rewritten") {
                return Some("rows up to here were rewritten after the head was signed");
            }
        }
        if let Some(kept) = self.kept
            && kept.seq == seq
            && kept.hash != hash.hex()
            && !off("head-kept")
        {
            return Some("rows up to here were rewritten after the head was exported");
        }
        None
    }
}

/// Whether the chain was longer than it is.
async fn cut_off(
    conn: &mut Conn<'_>,
    access: &AuditAccess,
    witnesses: &Witnesses<'_>,
    done: i64,
) -> Result<Option<&'static str>> {
    let newest = head::newest(conn, access).await?;
    // Read again: it moves with every link.
    let end = chain::end(conn, access).await?.map_or(0, |end| end.seq);
    if off("chain-cut") {
        return Ok(None);
    }
    Ok(if witnesses.end.is_some_and(|end| end.seq > done) {
        Some("the chain was longer: links are missing at its end")
    } else if newest.is_some_and(|head| head.seq > done) {
        Some("the chain was longer when its head was signed")
    } else if witnesses.kept.is_some_and(|kept| kept.seq > done) {
        Some("the chain was longer when its head was exported")
    } else if end < done {
        Some("the end of the chain was set back")
    } else {
        None
    })
}

/// The next links with their rows.
async fn links(
    conn: &mut Conn<'_>,
    access: &AuditAccess,
    after: i64,
) -> Result<Vec<(Link, Option<Row>)>> {
    const LINKS: &str = "SELECT seq, event_id, hash FROM audit_link \
        WHERE clinic_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    const ROWS: &str = "SELECT e.id, e.at, e.actor_kind, e.actor_id, e.roles, e.method, e.effect, e.athlete_id, \
        e.object_id, e.outcome, e.error_reason, e.purpose, e.break_glass_id, e.call_id, e.network \
        FROM audit_link l JOIN audit_event e ON e.clinic_id = l.clinic_id AND e.id = l.event_id \
        WHERE l.clinic_id = $1 AND l.seq > $2 AND l.seq <= $3";
    let links = on!(conn, fetch_all sqlx::query_as::<_, Link>(LINKS)
        .bind(access.clinic().uuid())
        .bind(after)
        .bind(CHUNK))?;
    let Some(last) = links.last().map(|link| link.seq) else {
        return Ok(vec![]);
    };
    let rows = on!(conn, fetch_all sqlx::query_as::<_, Row>(ROWS)
        .bind(access.clinic().uuid())
        .bind(after)
        .bind(last))?;
    let mut rows: HashMap<Uuid, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(links
        .into_iter()
        .map(|link| {
            let row = rows.remove(&link.event_id);
            (link, row)
        })
        .collect())
}

#[cfg(test)]
#[path = "verify_test.rs"]
mod tests;
