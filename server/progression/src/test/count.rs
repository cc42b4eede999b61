//! What enough counted sessions lead to.

use super::story::{Story, date, plan, rung};
use crate::decision::Outcome::{Advance, Hold, Repeat};
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{Counted, LadderDone, NeedsApproval, PainAmber, WeeklyCap};

#[test]
fn counted_repeats_until_enough_then_advances_exactly_one() {
    let mut story = Story::new();
    story.counted(0).gives(Repeat, &[Counted]);
    assert_eq!(story.numbers(Counted, Measure::Counted), (1, 2));
    story.counted(2).gives(Advance, &[Counted]);
    assert_eq!(story.numbers(Counted, Measure::Counted), (2, 2));
    assert_eq!((story.rung(), story.track(0).counted), (3, 0));
    assert_eq!(story.track(0).advances, [date(2)], "dated by the session");
    let decision = story.decision(0);
    assert_eq!(
        (decision.from_rung, decision.to_rung),
        (Some(rung(2)), Some(rung(3)))
    );
}

#[test]
fn bone_needs_three() {
    let mut story = Story::of(TissueProfile::BoneStress);
    story.counted(0).counted(2).gives(Repeat, &[Counted]);
    story.counted(4).gives(Advance, &[Counted]);
}

#[test]
fn ladder_done_once_at_the_top_and_the_track_goes_on_being_judged() {
    let mut story = Story::new();
    story.move_to(0, 0, 5).counted(0).counted(2);
    story.gives(Repeat, &[LadderDone, Counted]);
    assert_eq!(story.asking(), [LadderDone]);
    assert!(story.track(0).done);
    story.counted(4).gives(Repeat, &[Counted]);
    assert_eq!((story.rung(), story.asks()), (5, None));
    story.amber(6).gives(Repeat, &[PainAmber]);
    assert!(story.track(0).done);
}

#[test]
fn weekly_cap_holds_the_third_step_within_seven_dates_and_keeps_what_counted() {
    let mut story = Story::new();
    story.plan.tracks[0].policy.successes_to_advance = 1;
    story.move_to(0, 0, 0);
    story.counted(0).gives(Advance, &[Counted]);
    story.counted(2).gives(Advance, &[Counted]);
    story.counted(4).gives(Hold, &[WeeklyCap, Counted]);
    assert_eq!(story.numbers(WeeklyCap, Measure::AdvancesIn7Days), (2, 2));
    assert_eq!((story.rung(), story.track(0).counted), (2, 1));
    // [d − 6, d]: day 6 still sees day 0, day 7 does not.
    let mut sixth = story.clone();
    sixth.counted(6).gives(Hold, &[WeeklyCap, Counted]);
    story.counted(7).gives(Advance, &[Counted]);
    assert_eq!(story.rung(), 3);
}

#[test]
fn weekly_cap_holds_a_session_within_a_week_of_a_setback() {
    let mut story = Story::new();
    story.plan.tracks[0].policy.successes_to_advance = 1;
    story.red(0).morning(1, 0);
    story.counted(6).gives(Hold, &[WeeklyCap, Counted]);
    let (seen, until) = story.evidence(WeeklyCap, Measure::SessionDate);
    assert_eq!((seen, until), (Some(date(6).into()), Some(date(7).into())));
    story.counted(8).gives(Advance, &[Counted]);
    let mut story = Story::new();
    story.plan.tracks[0].policy.successes_to_advance = 1;
    story.red(0).morning(1, 0);
    story.counted(7).gives(Advance, &[Counted]);
}

#[test]
fn needs_approval_holds_asks_and_awaits() {
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[3].needs_approval = true;
    story
        .counted(0)
        .counted(2)
        .gives(Hold, &[NeedsApproval, Counted]);
    assert_eq!((story.rung(), story.asks()), (2, Some(false)));
    assert!(story.track(0).awaiting_approval);
    // Any loss of what counted ends it, as does a pause.
    let mut lost = story.clone();
    lost.amber(4);
    assert!(!lost.track(0).awaiting_approval);
    story.pause(4);
    assert!(!story.track(0).awaiting_approval);
    // Only the rung to go up to matters.
    let mut story = Story::new();
    story.plan.tracks[0].ladder.rungs[2].needs_approval = true;
    story.counted(0).counted(2).gives(Advance, &[Counted]);
}

#[test]
fn an_exposure_rung_needs_distinct_contexts() {
    let mut story = Story::started(plan(&[(TrackKind::Exposure, TissueProfile::Unspecified)]));
    let done = |story: &mut Story, day: i64, context: Option<&str>| {
        let context = context.map(str::to_owned);
        story
            .session(day, |report| report.context = context)
            .morning(day + 1, 0);
    };
    done(&mut story, 0, Some("hill"));
    done(&mut story, 2, Some("hill"));
    story.gives(Repeat, &[Counted]);
    assert_eq!(story.numbers(Counted, Measure::Contexts), (1, 2));
    done(&mut story, 4, None);
    story.gives(Repeat, &[Counted]);
    done(&mut story, 6, Some("trail"));
    story.gives(Advance, &[Counted]);
    assert!(story.track(0).contexts.is_empty());
    // They are lost with what counted.
    done(&mut story, 8, Some("hill"));
    story.amber(10).morning(11, 0);
    assert!(story.track(0).contexts.is_empty());
    // Other kinds do not ask for them.
    let mut story = Story::new();
    story.counted(0).counted(2).gives(Advance, &[Counted]);
}

#[test]
fn weekly_cap_counts_a_step_up_that_is_dated_later_than_the_session() {
    // Rest keeps a session's own step up from being dated later; a physio's word, given
    // in a zone where the next day has begun, is not held by it.
    let mut story = Story::new();
    story.plan.tracks[0].policy.successes_to_advance = 1;
    story.plan.tracks[0].policy.max_advances_per_7_days = 1;
    story.state.tracks[0].advances = vec![date(1)];
    story.counted(0).gives(Hold, &[WeeklyCap, Counted]);
    assert_eq!(story.numbers(WeeklyCap, Measure::AdvancesIn7Days), (1, 1));
}
