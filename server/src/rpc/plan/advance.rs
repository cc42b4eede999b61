//! What keeps a step up from being taken: told with every bar, and until when time alone keeps it up.

use chrono::{Days, NaiveDate};
use rung_progression::{EventBody, PlanDefinition, PlanState, ReasonCode, TrackId, explain::Voice};

use crate::{
    error::{Bar, Error, Result},
    mutant::off,
};

/// Days ahead that are looked at for the end of a bar: a week of steps up, a lighter week and what is left of another.
const AHEAD: u64 = 28;

/// Whether a step up waits for a word, and nothing keeps it from being taken if the word is yes.
pub(super) fn fits(
    plan: &PlanDefinition,
    state: &PlanState,
    date: NaiveDate,
    body: &EventBody,
) -> Result<()> {
    let (track, approved) = match *body {
        EventBody::Approve { track, .. } => (track, true),
        EventBody::Decline { track, .. } => (track, false),
        _ => return Ok(()),
    };
    if plan.track(track).is_none() {
        // The rules tell that, with whatever else is wrong.
        return Ok(());
    }
    let bars = plan.bars_to_approval(state, track, date);
    let bars = bars.into_iter().filter(|bar| {
        // No is said to whatever waits.
        approved && !off("advance-barred") || bar.code == ReasonCode::NeedsApproval
    });
    let bars: Vec<Bar> = bars
        .map(|bar| Bar {
            code: bar.code.code(),
            text: Voice::bar(&bar),
            until: ends(plan, state, track, bar.code, date),
        })
        .collect();
    if bars.is_empty() {
        return Ok(());
    }
    Err(Error::AdvanceBarred(bars))
}

/// The first date on which time alone has ended a bar.
fn ends(
    plan: &PlanDefinition,
    state: &PlanState,
    track: TrackId,
    code: ReasonCode,
    from: NaiveDate,
) -> Option<NaiveDate> {
    if code == ReasonCode::NeedsApproval {
        return None;
    }
    let ahead = (1..=AHEAD).filter_map(|days| from.checked_add_days(Days::new(days)));
    let mut ahead = ahead.filter(|date| {
        let bars = plan.bars_to_approval(state, track, *date);
        bars.iter().all(|bar| bar.code != code)
    });
    ahead.next()
}
