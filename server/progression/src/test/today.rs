//! What an athlete is told for a day.

use super::story::{Story, date, instant, needs, not_before, plan, rung, track_id};
use crate::decision::Outcome;
use crate::event::EventBody;
use crate::ladder::TrackKind;
use crate::plan::Requirement;
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{
    self, AwaitMorning, Counted, Layoff, Locked, Paused, RestNotMet, Start,
};
use crate::scale::RungIndex;
use crate::state::NotBefore;
use crate::today::{Advice, Owed, Today, today};

fn on(story: &Story, day: i64, hour: i64) -> Today {
    today(&story.plan, &story.state, instant(day, hour), date(day))
}

fn codes(today: &Today, track: usize) -> Vec<ReasonCode> {
    today.tracks[track]
        .reasons
        .iter()
        .map(|reason| reason.code)
        .collect()
}

fn wait_until(today: &Today) -> Option<NotBefore> {
    match today.tracks[0].advice {
        Advice::Wait { until } => until,
        Advice::Do { .. } => panic!("not waiting: {today:?}"),
    }
}

fn advised(today: &Today) -> RungIndex {
    match &today.tracks[0].advice {
        Advice::Do { dose, rung } => {
            assert_eq!(*dose, rung.dose);
            today.tracks[0].rung
        }
        Advice::Wait { .. } => panic!("waiting: {today:?}"),
    }
}

#[test]
fn today_gives_the_current_rung_when_nothing_keeps_from_it() {
    let story = Story::new();
    let day = on(&story, 0, 8);
    assert_eq!(advised(&day), rung(2));
    assert_eq!(codes(&day, 0), [Counted]);
    assert_eq!((day.tracks[0].counted, day.tracks[0].needed), (0, 2));
    assert_eq!(day.owed, [Owed::Wellness { date: date(0) }]);
    assert!(day.preview.is_empty());
}

#[test]
fn today_waits_for_rest_by_date_and_by_instant() {
    let mut story = Story::new();
    story.counted(0);
    let day = on(&story, 1, 12);
    assert_eq!(
        (wait_until(&day), codes(&day, 0)),
        (Some(not_before(2, 1, 10)), vec![RestNotMet])
    );
    assert_eq!(advised(&on(&story, 2, 0)), rung(2));
    // The civil date is late enough, the instant is not.
    let day = today(&story.plan, &story.state, instant(1, 9), date(2));
    assert_eq!(wait_until(&day), Some(not_before(2, 1, 10)));
}

#[test]
fn today_waits_for_the_morning_of_a_pending_session_and_owes_it_until_the_window_ends() {
    let mut story = Story::new();
    story.green(0);
    let owed = Owed::Morning {
        track: track_id(0),
        session: date(0),
        from: not_before(1, 0, 14),
        until: instant(2, 10),
    };
    let wellness = |day| Owed::Wellness { date: date(day) };
    assert_eq!(on(&story, 1, 7).owed, [owed, wellness(1)]);
    let day = on(&story, 2, 10);
    assert_eq!(
        (wait_until(&day), codes(&day, 0)),
        (None, vec![AwaitMorning])
    );
    assert_eq!(day.owed, [owed, wellness(2)]);
    // An hour later the session is closed, as the preview says.
    let day = on(&story, 2, 11);
    assert_eq!(advised(&day), rung(2));
    assert_eq!((day.owed, day.preview.len()), (vec![wellness(2)], 1));
}

#[test]
fn today_says_paused_locked_and_not_started() {
    let mut story = Story::new();
    story.pause(0);
    let day = on(&story, 1, 8);
    assert_eq!((wait_until(&day), codes(&day, 0)), (None, vec![Paused]));
    let mut plan = plan(&[(TrackKind::Strength, TissueProfile::Unspecified); 2]);
    plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    let mut story = Story::unstarted(plan);
    let day = on(&story, 0, 8);
    assert_eq!((wait_until(&day), codes(&day, 0)), (None, vec![Start]));
    story.event(0, 9, EventBody::Start { effective: date(2) });
    let day = on(&story, 1, 8);
    assert_eq!(wait_until(&day).map(|until| until.date), Some(date(2)));
    let day = on(&story, 2, 8);
    assert_eq!(
        (codes(&day, 0), codes(&day, 1)),
        (vec![Counted], vec![Locked])
    );
}

#[test]
fn today_previews_what_time_decides_and_stores_nothing() {
    let mut story = Story::new();
    story.plan.tracks[0].sessions_per_week = 3;
    story.move_to(0, 0, 5).counted(0);
    let before = story.state.clone();
    let day = on(&story, 6, 8);
    assert_eq!(advised(&day), rung(2));
    assert_eq!(day.preview[0].reasons[0].code, Layoff);
    assert_eq!(day.preview[0].outcome, Outcome::StepBack);
    assert_eq!(story.state, before);
}
