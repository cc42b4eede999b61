//! Why sessions do not fit: constraints are added one by one, and the first under which
//! the track's sessions no longer fit is named.

use super::bar::Track;
use super::civil::{DaySet, Grid};
use super::lane::{Lane, Layout};
use super::{Constraint, Unfit};

/// What keeps sessions of a track out of a week. `layouts` are those of its lane, without
/// regard to the free day.
pub(super) fn constraint(
    tracks: &[Track<'_>],
    index: usize,
    lane: &Lane,
    layouts: &[Layout],
    grid: &Grid,
) -> Constraint {
    let Some(track) = tracks.get(index) else {
        return Constraint::RestDay;
    };
    let need = track.wanted().saturating_sub(grid.count(track.id()));
    let open = lane.open(grid);
    if grid.available.count() < track.wanted() {
        return Constraint::Weekdays {
            days: grid.available.count(),
        };
    }
    if open.count() < need {
        return Constraint::DaysLeft { days: open.count() };
    }
    if let Some(date) = lane.rested
        && open.from(grid.first(date)).count() < need
    {
        return Constraint::NotBefore { date };
    }
    let rest = track.rest_days();
    let alone = lane.own(index).map(|own| open.from(grid.first(own)));
    if most(alone.unwrap_or(open), rest) < need {
        return Constraint::Rest { days: rest };
    }
    let best = layouts
        .iter()
        .min_by_key(|layout| (layout.rank, layout.slots.as_slice()));
    let laid = best.map_or(0, |best| {
        best.slots.iter().filter(|slot| slot.track == index).count()
    });
    if u32::try_from(laid).is_ok_and(|laid| laid < need) {
        return Constraint::SharedRest;
    }
    Constraint::RestDay
}

/// How many sessions fit on these days with so many days off after each: as early as
/// possible is as many as possible.
fn most(days: DaySet, rest: u32) -> u32 {
    let rest = usize::try_from(rest).unwrap_or(usize::MAX);
    let mut free = 0;
    let mut count = 0;
    for day in days.iter() {
        if day >= free {
            free = day.saturating_add(rest).saturating_add(1);
            count += 1;
        }
    }
    count
}

impl Unfit {
    /// The same in one plain sentence.
    pub fn sentence(&self) -> String {
        let because = match self.constraint {
            Constraint::Weekdays { days } => {
                format!("training is possible on {} a week", count(days))
            }
            Constraint::DaysLeft { days } => format!("{} left in this week", few(days)),
            Constraint::NotBefore { date } => format!("no session may be done before {date}"),
            Constraint::Rest { days } => format!("each is followed by {} of rest", count(days)),
            Constraint::SharedRest => {
                "a session on one running track rests the others too".to_owned()
            }
            Constraint::RestDay => "one day of every week stays free".to_owned(),
        };
        format!("{} of {} sessions fit: {because}.", self.fit, self.wanted)
    }
}

fn count(days: u32) -> String {
    match days {
        1 => "1 day".to_owned(),
        _ => format!("{days} days"),
    }
}

fn few(days: u32) -> String {
    match days {
        0 => "no day is".to_owned(),
        1 => "only 1 day is".to_owned(),
        _ => format!("only {days} days are"),
    }
}
