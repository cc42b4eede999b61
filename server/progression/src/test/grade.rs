//! How sessions and mornings are graded.

use super::story::{Story, pain, stiffness};
use crate::decision::Outcome::{Hold, Pause, Repeat, StepBack};
use crate::event::Swelling;
use crate::policy::TissueProfile;
use crate::reason::Measure;
use crate::reason::ReasonCode::{
    AwaitMorning, BonePain, Counted, MorningAmber, MorningRed, PainAmber, PainRed,
};
use crate::state::Grade;

/// (profile, green_max, amber_max, morning AMBER, morning RED), as §3 of the page.
const TABLE: [(TissueProfile, u32, u32, Option<u32>, u32); 7] = [
    (TissueProfile::Tendon, 3, 5, Some(1), 2),
    (TissueProfile::BoneStress, 0, 0, None, 1),
    (TissueProfile::Joint, 2, 3, Some(1), 2),
    (TissueProfile::Mtss, 2, 4, Some(1), 2),
    (TissueProfile::Muscle, 2, 4, Some(1), 2),
    (TissueProfile::PostOpKnee, 1, 2, Some(1), 2),
    (TissueProfile::Unspecified, 2, 4, Some(1), 2),
];

fn grade_of(story: &Story) -> Grade {
    story.track(0).last.as_ref().expect("a session").grade
}

#[test]
fn pain_during_and_after_are_graded_by_the_bands_of_every_profile() {
    for (profile, green, amber, ..) in TABLE {
        for value in 0..=10 {
            let expected = match value {
                _ if value <= green => Grade::Green,
                _ if value <= amber => Grade::Amber,
                _ => Grade::Red,
            };
            let mut story = Story::of(profile);
            story.session(0, |report| report.pain_during = pain(value));
            assert_eq!(grade_of(&story), expected, "{profile:?} during {value}");
            let mut story = Story::of(profile);
            story.session(0, |report| report.pain_after = pain(value));
            assert_eq!(grade_of(&story), expected, "{profile:?} after {value}");
        }
    }
}

#[test]
fn pain_before_is_graded_but_never_worse_than_amber() {
    let graded = |value| {
        let mut story = Story::new();
        story.session(0, |report| report.pain_before = value);
        grade_of(&story)
    };
    assert_eq!(graded(Some(pain(2))), Grade::Green);
    assert_eq!(graded(Some(pain(3))), Grade::Amber);
    assert_eq!(graded(Some(pain(10))), Grade::Amber);
    assert_eq!(graded(None), Grade::Green);
}

#[test]
fn altered_gait_is_red() {
    let mut story = Story::new();
    story
        .session(0, |report| report.altered_gait = true)
        .gives(StepBack, &[PainRed]);
    let (observed, threshold) = story.evidence(PainRed, Measure::AlteredGait);
    assert_eq!(
        (observed, threshold),
        (Some(true.into()), Some(false.into()))
    );
}

#[test]
fn increased_swelling_is_red_for_joints_and_operated_knees_else_amber() {
    for (profile, ..) in TABLE {
        let joint = matches!(profile, TissueProfile::Joint | TissueProfile::PostOpKnee);
        let expected = if joint { Grade::Red } else { Grade::Amber };
        let mut story = Story::of(profile);
        story.session(0, |report| report.swelling = Swelling::Increased);
        assert_eq!(grade_of(&story), expected, "{profile:?} session");
        let mut story = Story::of(profile);
        story
            .green(0)
            .morning_with(1, |report| report.swelling = Swelling::Increased);
        assert_eq!(grade_of(&story), expected, "{profile:?} morning");
        let mut story = Story::of(profile);
        story.session(0, |report| report.swelling = Swelling::Unchanged);
        assert_eq!(grade_of(&story), Grade::Green, "{profile:?} unchanged");
    }
}

#[test]
fn morning_pain_is_graded_by_points_over_baseline_of_every_profile() {
    for (profile, _, _, amber, red) in TABLE {
        for points in 0..=4 {
            let expected = match points {
                _ if points >= red => Grade::Red,
                _ if amber.is_some_and(|amber| points >= amber) => Grade::Amber,
                _ => Grade::Green,
            };
            let mut story = Story::of(profile);
            story.plan.baseline.pain = pain(2);
            story.green(0).morning(1, 2 + points);
            assert_eq!(grade_of(&story), expected, "{profile:?} +{points}");
        }
    }
}

#[test]
fn morning_pain_under_baseline_is_no_pain_over_it() {
    let mut story = Story::new();
    story.plan.baseline.pain = pain(3);
    story.green(0).morning(1, 0).gives(Repeat, &[Counted]);
}

#[test]
fn morning_stiffness_is_amber_from_the_limit_over_baseline_and_not_judged_when_missing() {
    let morning = |minutes| {
        let mut story = Story::new();
        story.plan.baseline.stiffness = stiffness(10);
        story
            .green(0)
            .morning_with(1, |report| report.stiffness = minutes);
        story
    };
    morning(Some(stiffness(39))).gives(Repeat, &[Counted]);
    let mut limit = morning(Some(stiffness(40)));
    limit.gives(Repeat, &[MorningAmber]);
    assert_eq!(
        limit.numbers(MorningAmber, Measure::StiffnessOverBaseline),
        (30, 30)
    );
    morning(Some(stiffness(600))).gives(Repeat, &[MorningAmber]);
    morning(None).gives(Repeat, &[Counted]);
}

#[test]
fn the_reasons_of_a_grade_name_the_value_and_the_limit_it_crossed() {
    let mut story = Story::new();
    story.green(0).gives(Hold, &[AwaitMorning]);
    assert_eq!(story.numbers(AwaitMorning, Measure::PainDuring), (0, 2));
    let mut story = Story::new();
    story.amber(0).gives(Repeat, &[PainAmber]);
    assert_eq!(story.numbers(PainAmber, Measure::PainDuring), (4, 2));
    let mut story = Story::new();
    story.pain(0, 7).gives(StepBack, &[PainRed]);
    assert_eq!(story.numbers(PainRed, Measure::PainDuring), (7, 4));
    let mut story = Story::new();
    story.green(0).morning(1, 3).gives(StepBack, &[MorningRed]);
    assert_eq!(
        story.numbers(MorningRed, Measure::MorningPainOverBaseline),
        (3, 2)
    );
}

#[test]
fn a_red_on_bone_is_bone_pain_and_asks() {
    let mut story = Story::of(TissueProfile::BoneStress);
    story.pain(0, 1).gives(StepBack, &[BonePain]);
    assert_eq!(story.asks(), Some(false));
    let mut story = Story::of(TissueProfile::BoneStress);
    story.green(0).morning(1, 1).gives(StepBack, &[MorningRed]);
    assert_eq!(story.asks(), Some(false));
    // Others step back without a word to the physio.
    let mut story = Story::new();
    story.red(0);
    assert_eq!(story.asks(), None);
    story.state.paused = None;
    let mut bottom = Story::of(TissueProfile::BoneStress);
    bottom.plan.tracks[0].start_rung = crate::scale::RungIndex::MIN;
    bottom = Story::started(bottom.plan);
    bottom.pain(0, 1);
    assert_eq!(bottom.decision(0).outcome, Pause);
}
