//! What asks the physio once it has happened several sessions in a row.

use super::story::{Story, confidence, dose, fear, plan};
use crate::decision::Outcome::{Hold, Repeat};
use crate::ladder::TrackKind;
use crate::policy::TissueProfile;
use crate::reason::ReasonCode::{AmberThrice, AwaitMorning, ConfidenceStuck, Counted, Overdoing};

fn exposure() -> Story {
    Story::started(plan(&[(TrackKind::Exposure, TissueProfile::Unspecified)]))
}

#[test]
fn confidence_stuck_asks_from_the_third_session_on_also_on_exposure_tracks() {
    for mut story in [Story::new(), exposure()] {
        let unsure: [fn(&mut crate::event::SessionReport); 4] = [
            |report| report.confidence = None,
            |report| report.confidence = Some(confidence(6)),
            |report| report.fear = Some(fear(70)),
            |report| report.confidence = Some(confidence(0)),
        ];
        for (day, edit) in (0..).zip(unsure) {
            story.session(day * 2, edit);
            assert_eq!(
                story.asking().contains(&ConfidenceStuck),
                day >= 2,
                "session {day}"
            );
            story.morning(day * 2 + 1, 0);
        }
        story.green(8).morning(9, 0);
        story.session(10, |report| report.confidence = None);
        assert!(!story.asking().contains(&ConfidenceStuck));
    }
}

#[test]
fn overdoing_asks_once_at_the_third_in_a_row() {
    let mut story = Story::new();
    story.counted(0);
    // Too early, too much, too early, too early; then in order; then too early.
    let days = [(1, 300), (5, 600), (6, 300), (7, 300), (12, 300), (13, 300)];
    let asks: Vec<bool> = days
        .into_iter()
        .map(|(day, amount)| {
            story.session(day, |report| report.dose_done = dose(amount));
            story.asking().contains(&Overdoing)
        })
        .collect();
    assert_eq!(asks, [false, false, true, false, false, false]);
    story.green(14);
    assert!(!story.asking().contains(&Overdoing));
    story.green(15);
    assert!(story.asking().contains(&Overdoing));
}

#[test]
fn confidence_stuck_counts_missing_answers_also_where_they_are_not_required() {
    let mut story = Story::new();
    story.plan.tracks[0].policy.require_confidence = false;
    story.plan.tracks[0].policy.successes_to_advance = 9;
    for day in [0, 2] {
        story
            .session(day, |report| report.confidence = None)
            .gives(Hold, &[AwaitMorning])
            .morning(day + 1, 0);
    }
    story
        .session(4, |report| report.confidence = None)
        .gives(Hold, &[AwaitMorning, ConfidenceStuck]);
    // It asks; what is not required does not keep the session from counting.
    story.morning(5, 0).gives(Repeat, &[Counted]);
}

#[test]
fn amber_thrice_does_not_ask_again_when_a_morning_carries_the_row_on() {
    let mut story = Story::new();
    story.move_to(0, 0, 5);
    story
        .amber(0)
        .morning(1, 0)
        .amber(3)
        .morning(4, 0)
        .amber(6)
        .morning(7, 0);
    story.green(9).morning(10, 1);
    assert!(story.codes().contains(&AmberThrice));
    assert_eq!(story.asks(), None);
}
