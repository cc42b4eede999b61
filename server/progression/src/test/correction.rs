//! CORRECTED: a check-in was wrong. It always asks; a red flag or RED acts as if it came
//! late, anything else moves nothing, and nothing is erased.

use super::story::{Story, date, morning, not_before, pain, plan, rung, sleep, track_id};
use crate::decision::Outcome::{Hold, Pause, Repeat, StepBack};
use crate::engine::Judged;
use crate::event::{Activity, Correction, EventBody, Report, WellnessReport};
use crate::id::EventId;
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{
    AtBottom, BonePain, Corrected, Counted, Late, MorningRed, Moved, OtherTrackRed, PainAmber,
    PainRed, Paused, RedAgain, RedFlag as RedFlagCode, UnmatchedMorning, UnplannedRed,
};
use crate::reason::{Measure, Value};
use crate::red_flag::RedFlag;
use crate::state::Grade;

/// Corrects one report into another, whatever they are.
fn replace(story: &mut Story, day: i64, was: Report, now: Report) {
    let correction = Correction {
        corrects: EventId::from(uuid::Uuid::from_u128(77)),
        was,
        now,
    };
    story.event(day, 10, EventBody::Correction(Box::new(correction)));
}

#[test]
fn a_correction_that_is_not_red_moves_nothing_and_asks() {
    for (was, now) in [(0, 4), (4, 0), (4, 3), (5, 0), (5, 9)] {
        let mut story = Story::new();
        story.counted(0).pain(2, was);
        let before = story.state.clone();
        story.correct_pain(2, now).gives(Hold, &[Corrected]);
        assert_eq!(story.asking(), [Corrected], "{was} to {now}");
        assert!(story.step[0].automatic);
        story.state.seq = before.seq;
        assert_eq!(story.state, before, "{was} to {now}");
    }
}

#[test]
fn it_names_what_it_corrects() {
    let mut story = Story::new();
    story.green(0);
    let id = story.events.last().expect("a session").id.to_string();
    story.correct_pain(0, 1);
    let (seen, _) = story.evidence(Corrected, Measure::CorrectedEvent);
    assert_eq!(seen, Some(Value::Text(id)));
}

#[test]
fn a_session_that_turns_red_acts_and_makes_the_pending_one_not_count() {
    let mut story = Story::new();
    story.counted(0).green(2);
    story
        .correct_pain(2, 5)
        .gives(StepBack, &[PainRed, Corrected]);
    assert_eq!(story.asking(), [Corrected]);
    assert_eq!((story.rung(), story.track(0).counted), (1, 0));
    assert_eq!(story.track(0).not_before, Some(not_before(5, 4, 10)));
    assert_eq!(story.track(0).no_advance_before, Some(date(9)));
    story.morning(3, 0).gives(Repeat, &[Late, Moved]);
    // AMBER is no RED: it had not acted as one.
    let mut story = Story::new();
    story.amber(0).correct_pain(0, 5);
    story.gives(StepBack, &[PainRed, Corrected]);
}

#[test]
fn its_rest_counts_from_the_later_of_its_own_and_the_last_session() {
    let mut story = Story::new();
    story.counted(0).green(4).correct_pain(0, 5);
    assert_eq!(story.track(0).not_before, Some(not_before(7, 6, 10)));
    assert_eq!(story.track(0).no_advance_before, Some(date(11)));
    let facts = &story.track(0).now;
    assert_eq!(facts.grades, [Grade::Green, Grade::Red, Grade::Green]);
    assert_eq!((facts.streak, facts.stepped_back), (1, true));
    let last = story.track(0).last.clone().expect("a session");
    assert_eq!(last.before.grades, [Grade::Green, Grade::Red]);
    assert_eq!((last.before.streak, last.before.stepped_back), (1, true));
    assert_eq!(last.date, date(4), "the last session stays the last");
}

#[test]
fn what_was_said_last_is_the_old_one() {
    let mut story = Story::new();
    story.green(0).correct_pain(0, 5).correct_pain(0, 6);
    story.gives(Hold, &[Corrected]);
    assert_eq!(story.rung(), 1);
    story.correct_pain(0, 0).gives(Hold, &[Corrected]);
    story.correct_pain(0, 5);
    assert!(story.codes().contains(&PainRed));
}

#[test]
fn red_again_looks_at_all_grades_held() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).red(0).morning(1, 0).counted(4);
    story
        .correct_pain(4, 5)
        .gives_on(0, Pause, &[RedAgain, PainRed, Corrected]);
    assert!(story.state.paused.is_some());
    let mut story = Story::new();
    story.move_to(0, 0, 5).counted(0).counted(4);
    story
        .correct_pain(4, 5)
        .gives(StepBack, &[PainRed, Corrected]);
}

#[test]
fn a_red_on_the_lowest_rung_pauses_and_on_bone_it_asks() {
    let mut story = Story::of(TissueProfile::BoneStress);
    story.move_to(0, 0, 0).green(0).correct_pain(0, 1);
    story.gives(Pause, &[AtBottom, BonePain, Corrected]);
    assert_eq!(story.asking(), [AtBottom, BonePain, Corrected]);
}

#[test]
fn a_red_on_a_running_track_holds_the_others() {
    let mut story = Story::running(2);
    story.green(0).correct_pain(0, 5);
    story
        .gives_on(0, StepBack, &[PainRed, Corrected])
        .gives_on(1, Hold, &[OtherTrackRed]);
    let mut story = Story::running(2);
    story.green(0).correct_pain(0, 4);
    assert_eq!(story.step.len(), 1);
}

#[test]
fn the_old_track_s_limits_say_whether_it_was_red() {
    let mut story = Story::started(plan(&[
        (TrackKind::Strength, TissueProfile::BoneStress),
        (TrackKind::Strength, TissueProfile::Tendon),
    ]));
    let mut was = story.report(1);
    was.pain_during = pain(1);
    let mut now = story.report(0);
    now.pain_during = pain(1);
    let (was, now) = (Report::Session(was), Report::Session(now));
    replace(&mut story, 0, was.clone(), now.clone());
    story.gives_on(0, StepBack, &[BonePain, Corrected]);
    replace(&mut story, 0, now, was);
    story.gives_on(1, Hold, &[Corrected]);
}

#[test]
fn a_track_without_a_session_rests_from_the_correction_s_own_date() {
    // The session came while the plan was paused, so it left nothing behind.
    let mut story = Story::new();
    story.pause(0).green(1).resume(2, &[]).correct_pain(1, 5);
    story.gives(StepBack, &[PainRed, Corrected]);
    assert!(story.track(0).last.is_none());
    assert_eq!(story.track(0).not_before, Some(not_before(4, 3, 10)));
    assert_eq!(story.track(0).no_advance_before, Some(date(8)));
    // Whatever happened before it is all there is to be RED again by.
    story.correct_pain(1, 0).correct_pain(1, 6);
    assert!(story.codes().contains(&RedAgain));
}

#[test]
fn while_paused_it_is_recorded_and_asks() {
    let mut story = Story::new();
    story.green(0).pause(0);
    let before = story.state.clone();
    story.correct_pain(0, 9).gives(Pause, &[Paused, Corrected]);
    assert_eq!(story.asking(), [Corrected]);
    story.state.seq = before.seq;
    assert_eq!(story.state, before);

    let mut story = Story::new();
    story
        .unplanned(0, Activity::Run, |_| {})
        .morning(1, 0)
        .pause(1);
    let before = story.state.clone();
    for day in [0, 1] {
        story.correct_pain(day, 9);
        story.gives_plan(Pause, &[Paused, Corrected]);
    }
    story.state.seq = before.seq;
    assert_eq!(story.state, before);
}

#[test]
fn a_red_flag_acts_if_it_was_not_said_before() {
    let flagged = |flags: &[RedFlag]| {
        let flags = flags.to_vec();
        move |report: &mut Report| {
            if let Report::Session(report) = report {
                report.red_flags = flags;
            }
        }
    };
    let mut story = Story::new();
    story.green(0);
    story.correct(0, flagged(&[RedFlag::ChestPain]));
    story.gives_plan(Pause, &[RedFlagCode, Corrected]);
    assert_eq!((story.asks(), story.step.len()), (Some(true), 1));
    let event = story.events.last().expect("a correction");
    assert_eq!(event.red_flags(), [RedFlag::ChestPain]);
    // Said again after the physio resumed: it acted already.
    story.resume(1, &[]);
    story.correct(0, flagged(&[RedFlag::ChestPain]));
    story.gives(Hold, &[Corrected]);
    assert_eq!(story.state.paused, None);
    // Another one beside it is new.
    story.correct(0, flagged(&[RedFlag::ChestPain, RedFlag::Fainting]));
    story.gives_plan(Pause, &[RedFlagCode, Corrected]);
    // One less is not.
    story.resume(1, &[]);
    story.correct(0, flagged(&[]));
    story.gives(Hold, &[Corrected]);
}

#[test]
fn before_start_only_a_new_red_flag_acts() {
    let mut story = Story::unstarted(plan(&[(TrackKind::Running, TissueProfile::Tendon)]));
    story.green(0).correct_pain(0, 9);
    assert_eq!((story.judged, story.step.len()), (Judged::RedFlagsOnly, 0));
    story.correct(0, |report| {
        if let Report::Session(report) = report {
            report.red_flags = vec![RedFlag::ChestPain];
        }
    });
    story.gives_plan(Pause, &[RedFlagCode]);
    assert_eq!(story.judged, Judged::RedFlagsOnly);
}

#[test]
fn an_unplanned_activity_that_turns_red_acts() {
    let mut story = Story::kinds(&[TrackKind::Running, TrackKind::Strength]);
    story.unplanned(0, Activity::Other, |report| report.pain_during = pain(4));
    story.correct_pain(0, 3).gives_plan(Hold, &[Corrected]);
    assert_eq!(story.step.len(), 1);
    story
        .correct_pain(0, 5)
        .gives(Hold, &[UnplannedRed])
        .gives_plan(Hold, &[Corrected]);
    assert_eq!(story.asking(), [UnplannedRed, Corrected]);
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 18)));
    assert_eq!(story.track(1).not_before, None);
    let activity = story.evidence(UnplannedRed, Measure::Activity).0;
    assert_eq!(activity, Some(Value::code("OTHER")));
    assert_eq!(story.numbers(UnplannedRed, Measure::PainDuring), (5, 4));
    // It was RED before.
    story.correct_pain(0, 9);
    assert_eq!(story.step.len(), 1);
}

#[test]
fn a_morning_that_turns_red_acts_as_a_late_one() {
    let mut story = Story::new();
    story.counted(0).correct_pain(1, 1);
    story.gives_plan(Hold, &[Corrected]);
    assert_eq!((story.step.len(), story.track(0).counted), (1, 1));
    story
        .correct_pain(1, 2)
        .gives(StepBack, &[MorningRed, Late]);
    story.gives_plan(Hold, &[Corrected]);
    assert_eq!(story.asking(), [Corrected]);
    assert_eq!((story.rung(), story.track(0).counted), (1, 0));
    assert_eq!(story.track(0).not_before, Some(not_before(3, 2, 10)));
    // It was RED before.
    story.correct_pain(1, 5);
    assert_eq!((story.step.len(), story.rung()), (1, 1));
}

#[test]
fn a_morning_is_red_by_each_track_s_own_limits() {
    let mut story = Story::started(plan(&[
        (TrackKind::Running, TissueProfile::BoneStress),
        (TrackKind::Running, TissueProfile::Tendon),
        (TrackKind::Strength, TissueProfile::Tendon),
    ]));
    for track in 0..3 {
        story.session_on(track, 0, |_| {});
    }
    story.morning(1, 0).correct_pain(1, 1);
    story
        .gives_on(0, StepBack, &[MorningRed, Late])
        .gives_on(1, Hold, &[OtherTrackRed])
        .gives_plan(Hold, &[Corrected]);
    assert!(story.decisions_on(2).is_empty());
    assert_eq!(story.track(2).not_before, Some(not_before(2, 1, 10)));
}

#[test]
fn a_morning_that_answered_nothing_and_turns_red_holds_the_running_tracks() {
    let mut story = Story::kinds(&[TrackKind::Running, TrackKind::Strength]);
    story.morning(1, 0).correct_pain(1, 2);
    story
        .gives(Hold, &[UnmatchedMorning])
        .gives_plan(Hold, &[Corrected]);
    assert_eq!(story.asking(), [UnmatchedMorning, Corrected]);
    assert_eq!(story.track(0).not_before, Some(not_before(3, 3, 7)));
    assert_eq!(story.track(1).not_before, Some(not_before(2, 1, 7)));
    // A later session is none that it could have answered.
    let mut story = Story::new();
    story.morning(1, 0).green(2).correct_pain(1, 2);
    story.gives(Hold, &[UnmatchedMorning]);
    story.morning(3, 0).gives(Repeat, &[Counted]);
    // Where one track was answered, the others are not held as unmatched.
    let mut story = Story::kinds(&[TrackKind::Strength, TrackKind::Running]);
    story.green(0).morning(1, 0).correct_pain(1, 2);
    story.gives(StepBack, &[MorningRed, Late]);
    assert!(story.decisions_on(1).is_empty());
}

#[test]
fn a_morning_corrected_while_its_session_waits_closes_it() {
    // The first one came too early; what it says now is RED, and the session is older.
    let mut story = Story::new();
    story.green(0);
    let report = |value| {
        Report::Morning(crate::MorningReport {
            pain: pain(value),
            ..morning()
        })
    };
    replace(&mut story, 1, report(0), report(2));
    story.gives(StepBack, &[MorningRed]);
    assert!(story.track(0).pending.is_none());
}

#[test]
fn of_wellness_a_correction_moves_nothing() {
    let mut story = Story::new();
    story.well(0);
    let before = story.state.clone();
    story.correct(0, |report| {
        *report = Report::Wellness(WellnessReport {
            ill: true,
            sleep: Some(sleep(100)),
            ..super::story::wellness()
        });
    });
    story.gives_plan(Hold, &[Corrected]);
    assert_eq!(story.asking(), [Corrected]);
    story.state.seq = before.seq;
    assert_eq!(story.state, before);
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut story = Story::new();
    let session = Report::Session(story.report(0));
    let before = story.state.clone();
    replace(&mut story, 0, session.clone(), Report::Morning(morning()));
    assert_eq!((story.judged, story.step.len()), (Judged::Refused, 0));
    let mut elsewhere = story.report(0);
    elsewhere.track = track_id(7);
    replace(&mut story, 0, session, Report::Session(elsewhere));
    assert_eq!((story.judged, story.step.len()), (Judged::Refused, 0));
    story.state.seq = before.seq;
    assert_eq!(story.state, before);
}

#[test]
fn a_rung_above_the_ladder_is_read_as_its_top() {
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[5].rest_days = Some(4);
    story.move_to(0, 0, 5);
    let was = story.report(0);
    let mut now = was.clone();
    now.rung = rung(9);
    now.pain_during = pain(6);
    replace(&mut story, 0, Report::Session(was), Report::Session(now));
    story.gives(StepBack, &[PainRed, Corrected]);
    assert_eq!(story.rung(), 4);
    // It rests as the top does.
    assert_eq!(story.track(0).not_before, Some(not_before(6, 5, 10)));
}

#[test]
fn an_amber_that_was_there_already_stays() {
    let mut story = Story::new();
    story.amber(0).correct_pain(0, 0);
    story.morning(1, 0).gives(Repeat, &[PainAmber]);
}
