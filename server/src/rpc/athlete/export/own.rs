//! What an archive holds for the athlete themself: account, sign-ins, whom they let in, and who has looked.

use uuid::Uuid;

use super::{CHUNK, Out};
use crate::{
    access::{AthleteAccess, Session},
    error::Result,
    storage::{audit, break_glass, consent, identity::own},
};

/// Writes a list from its newest row to its oldest. No connection is held while a line waits.
macro_rules! list {
    ($session:expr, $access:expr, $out:expr, $record:literal, $read:path) => {{
        let mut before: Option<Uuid> = None;
        loop {
            let rows = $read(&mut $session.read().await?.conn(), $access, before, CHUNK).await?;
            let Some(last) = rows.last() else {
                break;
            };
            before = Some(last.id);
            for row in &rows {
                $out.line($record, row).await?;
            }
        }
    }};
}

pub(super) async fn write(
    session: &Session,
    access: &AthleteAccess,
    out: &mut Out<'_>,
) -> Result<()> {
    let mut reader = session.read().await?;
    let account = own::account(&mut reader.conn(), access).await?;
    let place = own::place(&mut reader.conn(), access).await?;
    let password = own::password(&mut reader.conn(), access).await?;
    let second_factor = own::second_factor(&mut reader.conn(), access).await?;
    drop(reader);
    if let Some(account) = account {
        out.line("account", &account).await?;
    }
    if let Some(place) = place {
        out.line("membership", &place).await?;
    }
    if let Some(password) = password {
        out.line("password", &password).await?;
    }
    if let Some(second_factor) = second_factor {
        out.line("second_factor", &second_factor).await?;
    }
    list!(session, access, out, "sign_in", own::sign_ins);
    list!(session, access, out, "invitation", own::invitations);
    list!(session, access, out, "consent", consent::list);
    list!(
        session,
        access,
        out,
        "broken_glass",
        break_glass::of_athlete
    );
    accesses(session, access, out).await
}

/// Who has looked, as the athlete is shown it: where others were when they did is theirs.
async fn accesses(session: &Session, access: &AthleteAccess, out: &mut Out<'_>) -> Result<()> {
    let own = session.caller().person.uuid();
    let mut before = None;
    loop {
        let mut reader = session.read().await?;
        let rows = audit::of_athlete(&mut reader.conn(), access, before, CHUNK).await?;
        drop(reader);
        let Some(last) = rows.last() else {
            return Ok(());
        };
        before = Some(last.id);
        for mut row in rows {
            row.network = row.network.filter(|_| row.actor_id == Some(own));
            out.line("access", &row).await?;
        }
    }
}
