//! What an event has to be to fit a plan, for the kinds that `physio.rs` leaves out.

use super::story::{Story, date, instant, morning, plan, rung, track_id, wellness};
use crate::event::{
    Activity, Amendment, Correction, Event, EventBody, Report, RungSetting, SessionReport,
};
use crate::id::EventId;
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::red_flag::RedFlag;

/// The paths of what does not fit.
fn faults(story: &Story, body: EventBody) -> Vec<String> {
    let event = story.next(date(1), instant(1, 9), body);
    paths(story, &event)
}

fn paths(story: &Story, event: &Event) -> Vec<String> {
    let faults = story.plan.check_event(&story.state, event);
    assert!(faults.iter().all(|fault| !fault.message.is_empty()));
    faults.into_iter().map(|fault| fault.path).collect()
}

const NONE: [&str; 0] = [];

fn twice() -> Vec<RedFlag> {
    vec![RedFlag::NewLimp, RedFlag::NewLimp]
}

#[test]
fn a_flag_is_named_once_in_every_kind_of_check_in() {
    let story = Story::new();
    let with = |flags: Vec<RedFlag>| {
        let mut session = story.report(0);
        let mut unplanned = super::story::effort(Activity::Run);
        let (mut morning, mut wellness) = (morning(), wellness());
        session.red_flags.clone_from(&flags);
        unplanned.red_flags.clone_from(&flags);
        morning.red_flags.clone_from(&flags);
        wellness.red_flags = flags;
        [
            Report::Session(session),
            Report::Unplanned(unplanned),
            Report::Morning(morning),
            Report::Wellness(wellness),
        ]
    };
    let as_event = |report: Report| match report {
        Report::Session(report) => EventBody::Session(report),
        Report::Unplanned(report) => EventBody::Unplanned(report),
        Report::Morning(report) => EventBody::Morning(report),
        Report::Wellness(report) => EventBody::Wellness(report),
    };
    let two = vec![RedFlag::NewLimp, RedFlag::Fainting];
    for (fine, wrong) in with(two).into_iter().zip(with(twice())) {
        let correction = |now: Report| {
            EventBody::Correction(Box::new(Correction {
                corrects: EventId::from(uuid::Uuid::nil()),
                was: fine.clone(),
                now,
            }))
        };
        assert_eq!(faults(&story, correction(fine.clone())), NONE);
        assert_eq!(faults(&story, correction(wrong.clone())), ["red_flags"]);
        assert_eq!(faults(&story, as_event(fine.clone())), NONE);
        assert_eq!(faults(&story, as_event(wrong)), ["red_flags"]);
    }
}

#[test]
fn a_correction_is_of_the_kind_of_what_it_corrects_and_fits_the_plan() {
    let story = Story::new();
    let mut elsewhere = story.report(0);
    elsewhere.track = track_id(7);
    let body = |was: Report, now: Report| {
        EventBody::Correction(Box::new(Correction {
            corrects: EventId::from(uuid::Uuid::nil()),
            was,
            now,
        }))
    };
    let session = Report::Session(story.report(0));
    assert_eq!(faults(&story, body(session.clone(), session.clone())), NONE);
    let other = Report::Morning(morning());
    assert_eq!(faults(&story, body(session.clone(), other)), [""]);
    let moved = Report::Session(elsewhere);
    assert_eq!(faults(&story, body(session, moved)), ["track"]);
}

#[test]
fn a_session_names_a_rung_and_a_context_within_bounds() {
    let story = Story::new();
    let on = |edit: fn(&mut SessionReport)| {
        let mut report = story.report(0);
        edit(&mut report);
        faults(&story, EventBody::Session(report))
    };
    assert_eq!(on(|report| report.rung = rung(5)), NONE);
    assert_eq!(on(|report| report.rung = rung(6)), ["rung"]);
    assert_eq!(on(|report| report.context = Some("x".repeat(64))), NONE);
    assert_eq!(
        on(|report| report.context = Some("x".repeat(65))),
        ["context"]
    );
    assert_eq!(
        on(|report| report.context = Some(" ".to_owned())),
        ["context"]
    );
    // A rung of an earlier revision was looked up there.
    let mut report = story.report(0);
    report.earlier = story.plan.earlier_rung(&story.plan, track_id(0), rung(2));
    report.rung = rung(99);
    assert_eq!(faults(&story, EventBody::Session(report)), NONE);
}

#[test]
fn a_check_in_names_a_revision_that_there_has_been() {
    let mut story = Story::new();
    story.amend(0, &[], |_| {});
    let under = |revision: u32| {
        let mut event = story.next(date(1), instant(1, 9), EventBody::Tick);
        event.revision = revision;
        paths(&story, &event)
    };
    assert_eq!(under(0), ["revision"]);
    assert_eq!((under(1), under(2)), (vec![], vec![]));
    assert_eq!(under(3), ["revision"]);
}

#[test]
fn a_date_is_one_that_some_zone_had() {
    let story = Story::new();
    let on = |day: i64| {
        let event = story.next(date(day), instant(3, 9), EventBody::Tick);
        paths(&story, &event)
    };
    assert_eq!(on(1), ["date"]);
    assert_eq!((on(2), on(3), on(4)), (vec![], vec![], vec![]));
    assert_eq!(on(5), ["date"]);
}

#[test]
fn a_move_names_a_rung_of_the_plan_and_says_why() {
    let story = Story::new();
    let moves = |track: usize, index: u32, reason: &str| {
        let body = EventBody::MoveTo {
            track: track_id(track),
            rung: rung(index),
            reason: reason.to_owned(),
        };
        faults(&story, body)
    };
    assert_eq!(moves(0, 5, "Feels strong"), NONE);
    assert_eq!(moves(0, 6, "Feels strong"), ["rung"]);
    assert_eq!(moves(7, 0, "Feels strong"), ["track"]);
    assert_eq!(moves(0, 5, ""), ["reason"]);
}

#[test]
fn approve_and_decline_ask_for_a_step_up_that_waits() {
    let mut story = Story::new();
    let approve = |track: usize, reason: &str| EventBody::Approve {
        track: track_id(track),
        reason: reason.to_owned(),
    };
    let decline = |track: usize, reason: &str| EventBody::Decline {
        track: track_id(track),
        reason: reason.to_owned(),
    };
    assert_eq!(faults(&story, approve(0, "")), ["track"]);
    assert_eq!(faults(&story, decline(0, "")), ["reason", "track"]);
    assert_eq!(faults(&story, approve(7, "")), ["track", "track"]);
    story.state.tracks[0].awaiting_approval = true;
    assert_eq!(faults(&story, approve(0, "")), NONE);
    assert_eq!(faults(&story, approve(0, &"x".repeat(1000))), NONE);
    assert_eq!(faults(&story, approve(0, &"x".repeat(1001))), ["reason"]);
    assert_eq!(faults(&story, decline(0, "Not yet")), NONE);
    assert_eq!(faults(&story, decline(0, " ")), ["reason"]);
}

#[test]
fn an_amendment_is_the_next_revision_valid_and_maps_kept_tracks_once() {
    let story = Story::started(plan(&[(TrackKind::Strength, TissueProfile::Unspecified)]));
    let amend = |amendment: Amendment| faults(&story, EventBody::Amend(Box::new(amendment)));
    let setting = |track: usize, index: u32| RungSetting {
        track: track_id(track),
        rung: rung(index),
    };
    let fine = story.amendment(&[(0, 5)], |_| {});
    assert_eq!(amend(fine.clone()), NONE);
    assert_eq!(
        amend(Amendment {
            reason: " ".to_owned(),
            ..fine.clone()
        }),
        ["reason"]
    );
    assert_eq!(
        amend(story.amendment(&[], |plan| plan.revision = 3)),
        ["to.revision"]
    );
    let wrong = story.amendment(&[], |plan| plan.tracks[0].sessions_per_week = 8);
    assert_eq!(amend(wrong), ["to.tracks[0].sessions_per_week"]);
    // A rung of the new ladder, of a track that is kept, once.
    let added = super::story::plan(&[(TrackKind::Strength, TissueProfile::Unspecified); 2]);
    let mut wrong = story.amendment(&[], |plan| {
        plan.tracks[0].ladder.rungs.truncate(3);
        plan.tracks.push(added.tracks[1].clone());
    });
    wrong.rungs = vec![setting(0, 3), setting(0, 1), setting(1, 1), setting(7, 0)];
    assert_eq!(
        amend(wrong),
        [
            "rungs[0].rung",
            "rungs[1].track",
            "rungs[2].track",
            "rungs[3].track",
            "rungs[3].track"
        ]
    );
}

#[test]
fn a_red_flag_is_taken_on_a_track_that_was_closed_and_on_no_other_that_is_not_there() {
    let mut story = Story::new();
    story.amend(0, &[], |_| {});
    let under = |revision: u32, edit: fn(&mut SessionReport)| {
        let mut report = story.report(0);
        report.red_flags = vec![RedFlag::NewLimp];
        edit(&mut report);
        let mut event = story.next(date(1), instant(1, 9), EventBody::Session(report));
        event.revision = revision;
        paths(&story, &event)
    };
    let closed = |report: &mut SessionReport| report.track = track_id(7);
    assert_eq!(under(1, closed), NONE);
    assert_eq!(under(2, closed), ["track"]);
    assert_eq!(under(1, |report| report.rung = rung(6)), ["rung"]);
}

#[test]
fn what_an_athlete_reports_is_a_check_in_and_nothing_else_is() {
    let story = Story::new();
    let is_check_in = |body| story.next(date(1), instant(1, 9), body).is_check_in();
    assert!(is_check_in(EventBody::Session(story.report(0))));
    assert!(is_check_in(EventBody::Morning(morning())));
    let reason = "Let us talk first".to_owned();
    assert!(!is_check_in(EventBody::Pause { reason }));
    assert!(!is_check_in(EventBody::Tick));
}
