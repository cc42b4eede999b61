use rung_progression::plan::Target;
use uuid::Uuid;

use super::*;
use crate::storage::conformance::fixture::definition;

fn goal(id: u128, what: &str) -> MicroGoal {
    MicroGoal {
        id: GoalId::from(Uuid::from_u128(id)),
        what: what.to_owned(),
        target: Some(Target {
            value: 5,
            unit: "minutes".to_owned(),
        }),
        by: None,
    }
}

// Seen failing with what was reached forgotten, and with a changed goal that keeps its etag.
#[test]
fn an_amendment_says_anew_which_goals_there_are_and_keeps_what_has_become_of_them() {
    let reached = NaiveDate::from_ymd_opt(2026, 3, 2);
    let former = vec![
        Goal {
            reached_on: reached,
            version: 3,
            ..Goal::new(goal(1, "Warm up longer"))
        },
        Goal::new(goal(2, "One gentle hill")),
        Goal::new(goal(3, "Cadence")),
    ];
    let mut to = definition();
    to.micro_goals = vec![
        goal(1, "Warm up longer"),
        goal(3, "Cadence held"),
        goal(4, "Strides"),
    ];
    let carried = carried_over(&former, &to);
    let told: Vec<_> = carried
        .iter()
        .map(|g| (&*g.goal.what, g.version, g.reached_on))
        .collect();
    assert_eq!(
        told,
        [
            ("Warm up longer", 3, reached),
            ("Cadence held", 2, None),
            ("Strides", 1, None)
        ]
    );
}

#[test]
fn goals_of_which_nothing_has_become_are_those_of_the_revision() {
    let mut definition = definition();
    definition.micro_goals = vec![goal(1, "Warm up longer")];
    assert_eq!(
        current(None, &definition),
        [Goal::new(goal(1, "Warm up longer"))]
    );
    assert_eq!(current(Some(vec![]), &definition), []);
}
