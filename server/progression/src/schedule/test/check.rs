//! What must hold for a schedule, read off the page (§6, §8) and not off the search; and
//! random plans to hold it against.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{LIFT, RUN, march, prescribed, rested, started};
use crate::id::TrackId;
use crate::ladder::TrackKind;
use crate::plan::PlanDefinition;
use crate::schedule::{Done, Schedule};
use crate::state::PlanState;
use crate::test::story::track_id;

pub(super) const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// What a schedule is asked for.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) plan: PlanDefinition,
    pub(super) state: PlanState,
    pub(super) done: Vec<Done>,
    pub(super) today: NaiveDate,
    pub(super) weeks: u32,
}

/// Kind, sessions a week, rest days.
fn track() -> impl Strategy<Value = (TrackKind, u32, u32)> {
    let kind = prop_oneof![2 => Just(RUN), 1 => Just(LIFT), 1 => Just(TrackKind::Exposure)];
    let rest = prop_oneof![3 => Just(0_u32), 4 => Just(1), 2 => Just(2), 1 => 3_u32..7];
    (kind, 1_u32..8, rest)
}

/// Plans of so many tracks on so many of the weekdays, with rest that was earned and what
/// was done in the present week.
pub(super) fn cases(
    tracks: std::ops::RangeInclusive<usize>,
    available: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = Case> {
    let most = *tracks.end();
    (
        prop::collection::vec(track(), tracks),
        subsequence(WEEK.to_vec(), available).prop_shuffle(),
        // From early 2026 to the end of 2028, a leap year.
        0_u64..1000,
        (-10_i64..10, prop::option::weighted(0.4, 0_i64..9), 1_u32..5),
        prop::collection::vec((0..=most, 0_i64..7), 0..4),
        select(vec![0_u32, 2, 3, 4]),
    )
        .prop_map(
            |(tracks, weekdays, day, (start, rest, weeks), done, every)| {
                let mut plan = prescribed(&tracks);
                plan.weekdays = weekdays;
                for track in &mut plan.tracks {
                    track.policy.deload_every_weeks = every;
                }
                let today = march(1 + day);
                let mut state = started(&plan, today + TimeDelta::days(start));
                // On the last running track: it is that of all of them. Or on every other track.
                let bar = rest.map(|days| rested(today + TimeDelta::days(days)));
                let last = plan
                    .tracks
                    .iter()
                    .rposition(crate::TrackDefinition::is_running);
                for (index, state) in state.tracks.iter_mut().enumerate() {
                    if last.is_none_or(|last| last == index) {
                        state.not_before = bar;
                    }
                }
                let week = i64::from(today.weekday().num_days_from_monday());
                let done = done.into_iter().filter(|(_, ago)| *ago <= week);
                Case {
                    done: done
                        .map(|(track, ago)| Done {
                            date: today - TimeDelta::days(ago),
                            track: (track < plan.tracks.len()).then(|| track_id(track)),
                        })
                        .collect(),
                    plan,
                    state,
                    today,
                    weeks,
                }
            },
        )
}

/// Every session that is laid, in order of time.
pub(super) fn laid(schedule: &Schedule) -> Vec<(NaiveDate, TrackId)> {
    let days = schedule.weeks.iter().flat_map(|week| &week.days);
    days.flat_map(|day| day.sessions.iter().map(|session| (day.date, session.track)))
        .collect()
}

/// How many of a track's sessions a week holds, done ones included.
pub(super) fn count(days: &[crate::schedule::ScheduledDay], track: TrackId) -> u32 {
    let of_day = |day: &crate::schedule::ScheduledDay| {
        let done = day.done.iter().filter(|done| done.track == Some(track));
        let laid = day.sessions.iter().filter(|session| session.track == track);
        done.count() + laid.count()
    };
    u32::try_from(days.iter().map(of_day).sum::<usize>()).expect("few")
}
