//! What an athlete is told for a day.

use super::story::{Story, date, dose, instant, needs, not_before, plan, rung, track_id};
use crate::decision::Outcome;
use crate::event::EventBody;
use crate::ladder::{DoseUnit, TrackKind};
use crate::plan::Requirement;
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{
    self, AwaitMorning, Counted, DeloadWeek, Illness, Layoff, Locked, NeedsApproval, Paused,
    ReadinessLow, RestNotMet, Start,
};
use crate::reason::{Measure, Reason};
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

/// The dose of the first track.
fn amount(today: &Today) -> u32 {
    match &today.tracks[0].advice {
        Advice::Do { dose, .. } => dose.get(),
        Advice::Wait { .. } => panic!("waiting: {today:?}"),
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
    let day = today(&story.plan, &story.state, instant(1, 10), date(2));
    assert_eq!(advised(&day), rung(2), "at the instant itself it is over");
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

fn percent(today: &Today, code: ReasonCode, measure: Measure) -> Option<crate::Value> {
    let reasons = today.tracks[0].reasons.iter();
    let mut evidence = reasons
        .filter(|reason| reason.code == code)
        .flat_map(|reason: &Reason| &reason.evidence);
    let found = evidence.find(|evidence| evidence.measure == measure)?;
    found.observed.clone()
}

#[test]
fn today_lowers_the_dose_on_a_low_day_and_in_a_deload_week_and_rounds_down() {
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[2].dose = dose(301);
    story.short_night(0);
    let low = on(&story, 0, 9);
    assert_eq!(amount(&low), 210, "70 % of 301");
    assert_eq!(codes(&low, 0), [Counted, ReadinessLow]);
    let share = percent(&low, ReadinessLow, Measure::ReadinessPercent);
    assert_eq!(share, Some(70_u32.into()));
    assert_eq!(amount(&on(&story, 1, 9)), 301, "that day alone");

    assert_eq!(amount(&on(&story, 20, 9)), 301);
    let deload = on(&story, 21, 9);
    assert_eq!(amount(&deload), 180, "60 % of 301");
    assert_eq!(codes(&deload, 0), [Counted, DeloadWeek]);
    let share = percent(&deload, DeloadWeek, Measure::DeloadPercent);
    assert_eq!(share, Some(60_u32.into()));
    assert_eq!(amount(&on(&story, 28, 9)), 301);

    story.short_night(21);
    let both = on(&story, 21, 9);
    assert_eq!(amount(&both), 126, "60 % of 70 % of 301");
    assert_eq!(codes(&both, 0), [Counted, ReadinessLow, DeloadWeek]);
}

#[test]
fn today_advises_at_least_one_and_leaves_an_ordinal_as_it_is() {
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[2].dose = dose(1);
    story.short_night(0);
    assert_eq!(amount(&on(&story, 0, 9)), 1);
    let mut story = Story::new();
    story.plan.tracks[0].ladder.unit = DoseUnit::Ordinal;
    story.plan.tracks[0].ladder.rungs[2].dose = dose(3);
    story.short_night(0);
    let day = on(&story, 0, 9);
    assert_eq!(amount(&day), 3);
    assert_eq!(
        codes(&day, 0),
        [Counted, ReadinessLow],
        "a lighter day still"
    );
}

#[test]
fn today_never_advises_more_than_the_rung() {
    let mut story = Story::new();
    story.plan.tracks[0].policy.readiness_percent = 250;
    story.short_night(0);
    assert_eq!(amount(&on(&story, 0, 9)), 300);
}

#[test]
fn today_waits_while_ill_and_through_the_first_well_day() {
    let mut story = Story::new();
    story.counted(0).ill(2);
    let day = on(&story, 2, 9);
    assert_eq!((wait_until(&day), codes(&day, 0)), (None, vec![Illness]));
    story.well(4);
    let day = on(&story, 4, 9);
    assert_eq!(codes(&day, 0), [Illness]);
    let until = wait_until(&day).expect("known by now");
    assert_eq!((until.date, until.at), (date(5), instant(4, 9)));
    assert_eq!(advised(&on(&story, 5, 0)), rung(2));
    // With a rest that lasts longer, until both are over.
    let mut story = Story::new();
    story.ill(0).red(0).morning(1, 0).well(1);
    let day = on(&story, 1, 9);
    assert_eq!(codes(&day, 0), [Illness, RestNotMet]);
    assert_eq!(wait_until(&day), Some(not_before(3, 2, 10)));
}

#[test]
fn today_owes_one_wellness_answer_a_date() {
    let mut story = Story::new();
    let wellness = |day| vec![Owed::Wellness { date: date(day) }];
    assert_eq!(on(&story, 2, 9).owed, wellness(2));
    story.well(2);
    assert_eq!(on(&story, 2, 9).owed, []);
    assert_eq!(on(&story, 1, 9).owed, [], "of a day before it, no more");
    assert_eq!(on(&story, 3, 9).owed, wellness(3));
    let story = Story::unstarted(plan(&[(TrackKind::Running, TissueProfile::Tendon)]));
    assert_eq!(on(&story, 0, 9).owed, [], "not before the start");
}

#[test]
fn today_says_that_a_step_up_waits_for_the_physio() {
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[3].needs_approval = true;
    story.counted(0).counted(2);
    let day = on(&story, 5, 9);
    assert_eq!(advised(&day), rung(2));
    assert_eq!(codes(&day, 0), [Counted, NeedsApproval]);
    let next = percent(&day, NeedsApproval, Measure::TargetRung);
    assert_eq!(next, Some(3_u32.into()));
}

#[test]
fn today_asks_for_no_morning_of_a_track_without_a_session_that_waits() {
    let mut story = Story::kinds(&[TrackKind::Strength; 2]);
    story.well(1).session_on(1, 0, |_| {});
    let owed = on(&story, 1, 9).owed;
    assert_eq!(owed.len(), 1);
    assert!(matches!(owed[0], Owed::Morning { track, .. } if track == track_id(1)));
}
