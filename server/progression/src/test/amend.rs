//! AMEND: from here on the plan is another revision.

use super::story::{Story, date, dose, needs, not_before, plan, rung, track_id};
use crate::decision::Outcome::{Advance, Hold, Pause, Repeat, StepBack};
use crate::engine::Judged;
use crate::event::EventBody;
use crate::ladder::{DoseUnit, EffortRange, TrackKind};
use crate::plan::{PlanDefinition, Requirement};
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{
    Amend, Approve, AwaitMorning, Counted, LadderDone, Layoff, MorningRed, Moved, OtherTrackRed,
    PainRed, Paused, Unlocked,
};
use crate::reason::{Measure, Value};
use crate::scale::Rpe;

type Edit = fn(&mut PlanDefinition);

/// One session counted, one that waits, then an amendment on day 2.
fn amended(rungs: &[(usize, u32)], edit: Edit) -> Story {
    let mut story = Story::new();
    story.counted(0).green(2).amend(2, rungs, edit);
    assert_eq!(story.judged, Judged::Fully);
    story
}

#[test]
fn it_makes_the_next_revision_and_decides_on_every_track() {
    let mut story = Story::kinds(&[TrackKind::Running, TrackKind::Strength]);
    story.amend(3, &[(1, 4)], |_| {});
    story
        .gives_on(0, Repeat, &[Amend])
        .gives_on(1, Advance, &[Amend]);
    assert_eq!(story.step.len(), 2);
    assert_eq!(story.asks(), None);
    for decision in &story.step {
        assert!(!decision.automatic);
        assert_eq!((decision.plan_revision, decision.date), (2, date(3)));
    }
    assert_eq!(story.numbers(Amend, Measure::Revision), (2, 1));
    let reason = story.evidence(Amend, Measure::PhysioReason).0;
    let said = Value::Text("Another ladder fits better".to_owned());
    assert_eq!(reason, Some(said));
    assert_eq!((story.rung(), story.track(1).rung), (2, rung(4)));
    // Further events are decided by the new one.
    story.green(4);
    assert_eq!(story.step[0].plan_revision, 2);
}

#[test]
fn a_rung_that_is_the_same_keeps_what_counted_and_the_session_that_waits() {
    let harmless: [Edit; 4] = [
        |_| {},
        |plan| plan.tracks[0].ladder.rungs[4].dose = dose(450),
        |plan| plan.tracks[0].ladder.title = "Another".to_owned(),
        |plan| plan.tracks[0].ladder.rungs[2].cues = vec!["Light feet".to_owned()],
    ];
    for edit in harmless {
        let mut story = amended(&[], edit);
        assert_eq!(story.track(0).counted, 1);
        story.morning(3, 0).gives(Advance, &[Counted]);
    }
}

#[test]
fn a_rung_whose_dose_or_criteria_changed_counts_from_nothing() {
    let changes: [Edit; 8] = [
        |plan| plan.tracks[0].ladder.rungs[2].dose = dose(301),
        |plan| {
            plan.tracks[0].ladder.rungs[2].effort = Some(EffortRange {
                min: Rpe::MIN,
                max: Rpe::MAX,
            });
        },
        |plan| plan.tracks[0].ladder.rungs[2].rest_days = Some(2),
        |plan| plan.tracks[0].policy.successes_to_advance = 3,
        |plan| plan.tracks[0].policy.amber_max = 3,
        |plan| plan.tracks[0].ladder.unit = DoseUnit::RunningMetres,
        |plan| plan.tracks[0].ladder.kind = TrackKind::Strength,
        |plan| plan.tracks[0].ladder.profile = TissueProfile::Tendon,
    ];
    for (place, edit) in changes.into_iter().enumerate() {
        let mut story = amended(&[], edit);
        story.gives(Repeat, &[Amend]);
        assert_eq!(story.track(0).counted, 0, "{place}");
        assert!(story.track(0).pending.is_some(), "{place}");
        story.morning(3, 0).gives(Repeat, &[Moved]);
        assert_eq!(story.track(0).counted, 0, "{place}");
    }
    // A rest of its own that is what the policy says is no change.
    let mut story = amended(&[], |plan| {
        plan.tracks[0].ladder.rungs[2].rest_days = Some(1);
    });
    story.morning(3, 0).gives(Advance, &[Counted]);
}

#[test]
fn the_physio_maps_a_track_to_a_rung() {
    let mut story = amended(&[(0, 1)], |_| {});
    story.gives(StepBack, &[Amend]);
    assert_eq!((story.rung(), story.track(0).counted), (1, 0));
    assert_eq!(story.numbers(Amend, Measure::Rung), (1, 2));
    story.morning(3, 0).gives(Repeat, &[Moved]);
    let left = story.evidence(Moved, Measure::Rung).0;
    assert_eq!(left, Some(2_u32.into()));
    // It is no step up for the weekly cap.
    let story = amended(&[(0, 5)], |_| {});
    assert_eq!(story.rung(), 5);
    assert!(story.track(0).advances.is_empty());
}

#[test]
fn a_step_up_still_waits_for_the_physio_on_a_rung_that_is_the_same() {
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[3].needs_approval = true;
    story.counted(0).counted(2).amend(4, &[], |_| {});
    assert!(story.track(0).awaiting_approval);
    // At the top there is none left.
    let mut shorter = story.clone();
    shorter.amend(5, &[], |plan| plan.tracks[0].ladder.rungs.truncate(3));
    assert!(!shorter.track(0).awaiting_approval);
    story.approve(5).gives(Advance, &[Approve]);
}

#[test]
fn a_ladder_that_became_shorter_holds_an_unnamed_track_at_its_top() {
    let mut story = amended(&[], |plan| plan.tracks[0].ladder.rungs.truncate(2));
    story.gives(StepBack, &[Amend]);
    assert_eq!((story.rung(), story.track(0).counted), (1, 0));
}

#[test]
fn the_rest_is_never_earlier() {
    let mut story = Story::new();
    story.red(0);
    let rest = story.track(0).not_before;
    let climb = story.track(0).no_advance_before;
    story.amend(1, &[(0, 4)], |plan| {
        plan.tracks[0].policy.rest_days = 0;
        plan.tracks[0].policy.red_rest_days = 0;
    });
    assert_eq!(story.track(0).not_before, rest);
    assert_eq!(story.track(0).no_advance_before, climb);
}

#[test]
fn a_red_morning_acts_on_the_session_of_the_former_revision() {
    let mut story = amended(&[(0, 4)], |_| {});
    story.morning(3, 2).gives(StepBack, &[MorningRed, Moved]);
    assert_eq!(story.rung(), 1);
    // A rung of another ladder means nothing here: it is read as no higher than the one set.
    let mut story = amended(&[(0, 1)], |plan| {
        plan.tracks[0].ladder.rungs[1].dose = dose(250);
    });
    let last = story.track(0).last.clone().expect("a session");
    assert_eq!((last.rung, last.rung_before), (rung(1), rung(1)));
    story.morning(3, 2).gives(StepBack, &[MorningRed, Moved]);
    assert_eq!(story.rung(), 0);
    // It is not raised either.
    let story = amended(&[(0, 4)], |plan| {
        plan.tracks[0].ladder.rungs[1].dose = dose(250);
    });
    let last = story.track(0).last.clone().expect("a session");
    assert_eq!((last.rung, last.rung_before), (rung(2), rung(2)));
}

#[test]
fn a_gap_is_reduced_from_a_rung_of_the_new_ladder() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).green(0).move_to(0, 0, 5);
    story.amend(0, &[(0, 2)], |plan| {
        plan.tracks[0].ladder.rungs[1].dose = dose(190);
    });
    let base = story.track(0).layoff_base.expect("of the move");
    assert_eq!((base.set, base.reference), (rung(2), rung(2)));
    // At most 65 % of 300: rung 1, which has 190.
    story.tick(10);
    let layoff = story.step.last().expect("a gap");
    assert_eq!((layoff.outcome, layoff.reasons[0].code), (StepBack, Layoff));
    assert_eq!(story.rung(), 1);
}

#[test]
fn a_track_that_was_done_stays_so_while_its_end_is_the_same() {
    let done = |edit: Edit, rungs: &[(usize, u32)]| {
        let mut story = Story::new();
        story.plan.tracks[0].policy.successes_to_advance = 1;
        story.move_to(0, 0, 5).counted(0);
        story.gives(Repeat, &[LadderDone, Counted]);
        story.amend(1, rungs, edit);
        story.track(0).done
    };
    assert!(done(|_| {}, &[]));
    assert!(done(|_| {}, &[(0, 2)]), "maintenance on a lower rung");
    let longer: Edit = |plan| {
        let ladder = &mut plan.tracks[0].ladder;
        let further = ladder.rungs[5].clone();
        ladder.rungs.push(further);
    };
    assert!(!done(longer, &[]), "there is further to go");
    assert!(done(longer, &[(0, 6)]), "the physio set its new end");
}

#[test]
fn a_removed_track_closes() {
    let mut story = Story::running(2);
    story.session_on(1, 0, |_| {});
    story.amend(0, &[], |plan| {
        plan.tracks.remove(1);
    });
    story
        .gives_on(0, Repeat, &[Amend])
        .gives_on(1, Repeat, &[Amend]);
    let closed = story.decision(1);
    assert!(!closed.automatic);
    assert_eq!(
        (closed.from_rung, closed.to_rung),
        (Some(rung(2)), Some(rung(2)))
    );
    assert_eq!((closed.plan_revision, closed.ladder_version), (2, Some(1)));
    assert_eq!(story.state.tracks.len(), 1);
    let mut gone = story.report(0);
    gone.track = track_id(1);
    story.event(1, 10, EventBody::Session(gone));
    assert_eq!(story.judged, Judged::Refused);
}

/// A plan of these tracks, by their numbers.
fn only(plan: &mut PlanDefinition, kinds: &[TrackKind], places: &[usize]) {
    let all = super::story::plan(
        &kinds
            .iter()
            .map(|kind| (*kind, TissueProfile::Unspecified))
            .collect::<Vec<_>>(),
    );
    plan.tracks = places
        .iter()
        .map(|place| all.tracks[*place].clone())
        .collect();
}

#[test]
fn a_new_track_begins_on_its_start_rung_and_opens_by_its_prerequisites() {
    let mut story = Story::new();
    story.counted(0).amend(1, &[], |plan| {
        only(plan, &[TrackKind::Running; 3], &[1, 0, 2]);
        plan.tracks[0].start_rung = rung(1);
        plan.tracks[0].prerequisites = vec![needs(0, Requirement::AtLeast(rung(2)))];
        plan.tracks[2].prerequisites = vec![needs(0, Requirement::AtLeast(rung(3)))];
    });
    let new: Vec<_> = story.decisions_on(1).into_iter().cloned().collect();
    assert_eq!(new.len(), 2);
    assert_eq!((new[0].outcome, new[0].reasons[0].code), (Repeat, Amend));
    assert_eq!(
        (new[0].from_rung, new[0].to_rung),
        (Some(rung(1)), Some(rung(1)))
    );
    assert_eq!(new[1].reasons[0].code, Unlocked);
    story.gives_on(2, Repeat, &[Amend]);
    // The states stand in the order of the new plan, and the kept one is what it was.
    let ids: Vec<_> = story.state.tracks.iter().map(|track| track.id).collect();
    assert_eq!(ids, [track_id(1), track_id(0), track_id(2)]);
    assert_eq!(
        (story.state.tracks[1].counted, story.is_active(2)),
        (1, false)
    );
}

#[test]
fn an_open_track_never_closes_by_a_new_prerequisite() {
    let mut story = Story::running(2);
    story.amend(0, &[], |plan| {
        plan.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    });
    assert!(story.is_active(1));
}

#[test]
fn a_running_track_that_is_new_keeps_the_rest_of_the_running_ones() {
    // Also that of a track which the amendment closes.
    for kept in [&[0, 1, 2][..], &[1, 2]] {
        let mut story = Story::new();
        story.red(0);
        let rest = story.track(0).not_before;
        let kinds = [TrackKind::Running, TrackKind::Running, TrackKind::Strength];
        story.amend(1, &[], |plan| only(plan, &kinds, kept));
        assert_eq!(story.judged, Judged::Fully);
        let rests = story.state.tracks.iter();
        let rests: Vec<_> = rests.map(|track| (track.id, track.not_before)).collect();
        assert!(rests.contains(&(track_id(1), rest)), "{rests:?}");
        assert!(rests.contains(&(track_id(2), None)), "{rests:?}");
    }
    // Rest of strength work is its own.
    let mut story = Story::kinds(&[TrackKind::Strength]);
    story.red(0).amend(1, &[], |plan| {
        only(plan, &[TrackKind::Strength, TrackKind::Running], &[0, 1]);
    });
    assert_eq!(story.track(1).not_before, None);
}

#[test]
fn a_track_opens_when_what_it_waited_for_is_taken_away() {
    let mut locked = plan(&[(TrackKind::Strength, TissueProfile::Unspecified); 2]);
    locked.tracks[1].prerequisites = vec![needs(0, Requirement::Done)];
    let mut story = Story::started(locked);
    story.amend(1, &[], |plan| plan.tracks[1].prerequisites.clear());
    let opened = story.step.last().expect("a decision");
    assert_eq!((opened.outcome, opened.reasons[0].code), (Repeat, Unlocked));
    let seen = story.evidence(Unlocked, Measure::Revision);
    assert_eq!(seen, (Some(2_u32.into()), None));
    assert!(story.is_active(1));
}

#[test]
fn it_does_not_end_a_pause() {
    let mut story = Story::new();
    story.counted(0).pause(1).amend(1, &[(0, 3)], |_| {});
    story.gives(Pause, &[Paused, Amend]);
    assert_eq!((story.rung(), story.track(0).counted), (3, 0));
    assert!(story.state.paused.is_some());
    // What was removed is told without it: there is nothing left to pause.
    let mut story = Story::running(2);
    story.pause(0).amend(0, &[], |plan| {
        plan.tracks.remove(1);
    });
    story
        .gives_on(0, Pause, &[Paused, Amend])
        .gives_on(1, Repeat, &[Amend]);
}

#[test]
fn it_acts_before_start_too() {
    let mut story = Story::unstarted(plan(&[(TrackKind::Running, TissueProfile::Unspecified)]));
    story.amend(0, &[(0, 1)], |_| {}).gives(StepBack, &[Amend]);
    assert_eq!(story.rung(), 1);
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let refused = |rungs: &[(usize, u32)], edit: Edit| {
        let mut story = Story::new();
        story.counted(0);
        let before = story.state.clone();
        story.amend(1, rungs, edit);
        assert_eq!((story.judged, story.step.len()), (Judged::Refused, 0));
        story.state.seq = before.seq;
        assert_eq!(story.state, before);
        assert_eq!(story.plan.revision, 1);
    };
    refused(&[], |plan| plan.revision = 1);
    refused(&[], |plan| plan.revision = 3);
    refused(&[(0, 6)], |_| {});
    refused(&[(0, 2)], |plan| plan.tracks[0].ladder.rungs.truncate(2));
    refused(&[(7, 0)], |_| {});
    // A new track is not mapped: it has its start rung; nor is one that is removed.
    refused(&[(1, 2)], |plan| {
        only(plan, &[TrackKind::Running; 2], &[0, 1]);
    });
    refused(&[(0, 2)], |plan| only(plan, &[TrackKind::Running; 2], &[1]));
}

#[test]
fn a_red_after_it_holds_the_tracks_that_run_now() {
    let mut story = Story::new();
    story.amend(0, &[], |plan| only(plan, &[TrackKind::Running; 2], &[0, 1]));
    story.red(0).gives_on(0, StepBack, &[PainRed]);
    story.gives_on(1, Hold, &[OtherTrackRed]);
    assert_eq!(story.track(1).not_before, Some(not_before(3, 2, 10)));
}

#[test]
fn what_a_plan_has_no_state_of_begins_anew_and_the_rest_is_found_by_its_id() {
    // A state of another plan than it is decided under, as an import could bring it.
    let mut story = Story::running(2);
    story.session_on(1, 0, |_| {});
    story.state.tracks.reverse();
    story.state.tracks.pop();
    story.tick(1);
    let ids: Vec<_> = story.state.tracks.iter().map(|track| track.id).collect();
    assert_eq!(ids, [track_id(0), track_id(1)]);
    assert!(story.track(0).last.is_none() && story.track(1).last.is_some());
    story.green(2).gives(Hold, &[AwaitMorning]);
}
