use super::*;
use crate::ladder::{EffortRange, EntryCriterion, Sets};
use crate::policy::LayoffRow;
use crate::scale::{Dose, Rpe};
use crate::test::story::ladder;

/// A ladder about which there is nothing to say, with these doses.
fn clean(unit: DoseUnit, doses: &[u32]) -> Ladder {
    let mut ladder = ladder(TrackKind::Running, TissueProfile::Joint, doses);
    ladder.unit = unit;
    ladder.source.url = Some("https://example.org".to_owned());
    ladder.entry_criteria = vec![EntryCriterion {
        id: "walk".to_owned(),
        text: "Walks for 30 minutes.".to_owned(),
        proposal: false,
    }];
    for rung in &mut ladder.rungs {
        rung.cues = vec!["Land lightly".to_owned()];
        let rpe = Rpe::try_from(3_u32).expect("in range");
        rung.effort = Some(EffortRange { min: rpe, max: rpe });
    }
    ladder
}

/// What is said after a change to a ladder that is clean.
fn found(change: impl FnOnce(&mut Ladder)) -> Vec<String> {
    let mut ladder = clean(DoseUnit::RunningSeconds, &[100, 130, 160]);
    assert_eq!(warnings(&ladder), []);
    change(&mut ladder);
    assert_eq!(ladder.validate(), [], "a warning is no fault");
    warnings(&ladder)
        .into_iter()
        .map(|fault| fault.path)
        .collect()
}

/// What is said about doses, as (path, message).
fn steps(unit: DoseUnit, doses: &[u32]) -> Vec<(String, String)> {
    let ladder = clean(unit, doses);
    let found = warnings(&ladder).into_iter();
    found.map(|fault| (fault.path, fault.message)).collect()
}

fn one(path: &str, message: &str) -> Vec<(String, String)> {
    vec![(path.to_owned(), message.to_owned())]
}

#[test]
fn a_dose_that_falls_stays_or_jumps_wants_a_note() {
    use DoseUnit::RunningMetres;
    assert_eq!(steps(RunningMetres, &[1000, 1300]), [], "exactly 30 %");
    assert_eq!(
        steps(RunningMetres, &[1000, 1301]),
        one(
            "rungs[1].dose",
            "rises by more than 30 %, from 1000 to 1301; say why in note"
        )
    );
    assert_eq!(
        steps(RunningMetres, &[1000, 999]),
        one("rungs[1].dose", "falls from 1000 to 999; say why in note")
    );
    assert_eq!(
        steps(RunningMetres, &[1000, 1001, 1001]),
        one("rungs[2].dose", "stays at 1001; say why in note")
    );
    let mut explained = clean(RunningMetres, &[1000, 400, 400, 900]);
    for rung in &mut explained.rungs[1..] {
        rung.note = Some("So it is.".to_owned());
    }
    assert_eq!(warnings(&explained), []);
}

#[test]
fn ordinal_doses_are_no_amounts() {
    assert_eq!(steps(DoseUnit::Ordinal, &[1, 2, 3]), []);
}

#[test]
fn an_amount_that_fits_another_unit_is_noticed() {
    let about = |unit, dose| -> Vec<String> {
        let found = steps(unit, &[dose, dose + 1]).into_iter();
        found.map(|(path, _)| path).collect()
    };
    let lowest = |path: &str| path.starts_with("rungs[0]");
    for (unit, low, high) in [
        (DoseUnit::RunningSeconds, 30, 14_400),
        (DoseUnit::RunningMetres, 50, 45_000),
        (DoseUnit::Repetitions, 1, 500),
    ] {
        for (dose, is_odd) in [(low, false), (high, false), (high + 1, true)] {
            let odd = about(unit, dose).iter().any(|path| lowest(path));
            assert_eq!(odd, is_odd, "{unit:?} {dose}");
        }
        if low > 1 {
            assert!(about(unit, low - 1).iter().any(|path| lowest(path)));
        }
    }
}

#[test]
fn strength_counts_repetitions_and_says_in_how_many_sets() {
    let strength = |unit, sets: Option<Sets>| -> Vec<String> {
        let mut ladder = clean(unit, &[30, 36]);
        ladder.kind = TrackKind::Strength;
        ladder.rungs[0].sets = sets;
        ladder.rungs[1].sets = Some(Sets {
            count: 3,
            repetitions: 12,
            each_side: false,
            load: None,
            tempo: None,
        });
        warnings(&ladder)
            .into_iter()
            .map(|fault| fault.path)
            .collect()
    };
    let sets = Sets {
        count: 3,
        repetitions: 10,
        each_side: false,
        load: None,
        tempo: None,
    };
    assert_eq!(strength(DoseUnit::Repetitions, Some(sets)), [""; 0]);
    assert_eq!(strength(DoseUnit::Repetitions, None), ["rungs[0].sets"]);
    assert_eq!(strength(DoseUnit::RunningSeconds, None), ["unit"]);
    assert_eq!(
        found(|ladder| ladder.unit = DoseUnit::RunningMetres),
        [""; 0]
    );
}

#[test]
fn more_sessions_than_the_rest_lets_in_are_noticed() {
    let sessions = |sessions, rest, rung: Option<u32>| {
        found(|ladder| {
            ladder.sessions_per_week = sessions;
            ladder.policy.rest_days = Some(rest);
            ladder.rungs[2].rest_days = rung;
        })
    };
    for (rest, most) in [(0, 7), (1, 4), (2, 3), (3, 2), (6, 1)] {
        assert_eq!(sessions(most, rest, None), [""; 0], "{most} with {rest}");
        if most < 7 {
            assert_eq!(sessions(most + 1, rest, None), ["sessions_per_week"]);
        }
    }
    assert_eq!(sessions(4, 1, Some(2)), ["sessions_per_week"]);
}

#[test]
fn where_it_comes_from_or_what_is_proposed_is_said() {
    let proposal = || Some("The doses.".to_owned());
    assert_eq!(found(|ladder| ladder.source.url = None), ["source"]);
    assert_eq!(
        found(|ladder| {
            ladder.source.url = None;
            ladder.proposal = proposal();
        }),
        [""; 0]
    );
    assert_eq!(
        found(|ladder| ladder.rungs[1].proposal = true),
        ["proposal"]
    );
    assert_eq!(
        found(|ladder| ladder.entry_criteria[0].proposal = true),
        ["proposal"]
    );
    assert_eq!(
        found(|ladder| {
            ladder.rungs[1].proposal = true;
            ladder.proposal = proposal();
        }),
        [""; 0]
    );
}

#[test]
fn criteria_are_there_and_say_different_things() {
    assert_eq!(
        found(|ladder| ladder.entry_criteria.clear()),
        ["entry_criteria"]
    );
    assert_eq!(
        found(|ladder| {
            let mut again = ladder.entry_criteria[0].clone();
            again.id = "walk-again".to_owned();
            ladder.entry_criteria.push(again);
        }),
        ["entry_criteria[1].text"]
    );
}

#[test]
fn a_policy_that_is_looser_or_idle_is_noticed() {
    let limit = |change: fn(&mut Ladder)| found(change);
    assert_eq!(limit(|l| l.policy.green_max = Some(2)), [""; 0]);
    assert_eq!(
        limit(|l| l.policy.green_max = Some(3)),
        ["policy.green_max"]
    );
    assert_eq!(
        limit(|l| l.policy.amber_max = Some(4)),
        ["policy.amber_max"]
    );
    assert_eq!(
        limit(|l| l.policy.morning_red_points = Some(3)),
        ["policy.morning_red_points"]
    );
    assert_eq!(
        limit(|l| l.policy.contexts_required = Some(3)),
        ["policy.contexts_required"]
    );
    let bone = |l: &mut Ladder| l.profile = TissueProfile::BoneStress;
    assert_eq!(found(bone), [""; 0]);
    assert_eq!(
        found(|l| {
            bone(l);
            l.policy.rest_days = Some(0);
        }),
        ["policy.rest_days"]
    );
    assert_eq!(
        found(|l| {
            bone(l);
            l.rungs[1].rest_days = Some(0);
        }),
        ["rungs[1].rest_days"]
    );
    assert_eq!(found(|l| l.rungs[1].rest_days = Some(0)), [""; 0]);
}

#[test]
fn a_rung_says_how_it_is_done_and_is_one_of_several() {
    let alone = |l: &mut Ladder| l.rungs.truncate(1);
    assert_eq!(found(alone), ["rungs"]);
    assert_eq!(found(|l| l.rungs[1].cues.clear()), ["rungs[1].cues"]);
    assert_eq!(found(|l| l.rungs[1].effort = None), ["rungs[1].effort"]);
    assert_eq!(
        found(|l| l.rungs[2].title = l.rungs[0].title.clone()),
        ["rungs[2].title"]
    );
    assert_eq!(
        found(|l| l.rungs[0].needs_approval = true),
        ["rungs[0].needs_approval"]
    );
    assert_eq!(found(|l| l.rungs[1].needs_approval = true), [""; 0]);
}

#[test]
fn a_feared_situation_asks_what_is_expected() {
    assert_eq!(
        found(|ladder| {
            ladder.kind = TrackKind::Exposure;
            ladder.policy.contexts_required = Some(3);
            for rung in &mut ladder.rungs[..2] {
                rung.prediction = Some("What do you expect?".to_owned());
            }
        }),
        ["rungs[2].prediction"]
    );
}

/// A stored ladder of an earlier version of Rung has none of the later fields.
#[test]
fn a_ladder_stored_before_the_later_fields_reads() {
    let stored = r#"{"key":"run","version":3,"title":"Run","summary":"Runs.",
        "source":{"citation":"Somebody"},"profile":"POST_OP_KNEE","kind":"RUNNING",
        "unit":"RUNNING_SECONDS","sessions_per_week":3,
        "entry_criteria":[{"id":"walk","text":"Walks."}],
        "policy":{"layoff":[{"from_gap":1,"target":{"DOSE_PERCENT":65},"ask":true}]},
        "rungs":[{"title":"One","dose":60,"instruction":"Run a minute."}]}"#;
    let ladder: Ladder = serde_json::from_str(stored).expect("reads");
    assert_eq!(ladder.validate(), []);
    let row = LayoffRow {
        from_gap: 1,
        target: crate::policy::LayoffTarget::DosePercent(65),
        ask: true,
    };
    assert_eq!(ladder.policy.layoff, Some(vec![row]));
    assert_eq!(
        ladder.rungs[0].dose,
        Dose::try_from(60_u32).expect("in range")
    );
    let written = serde_json::to_value(&ladder).expect("writes");
    let stored: serde_json::Value = serde_json::from_str(stored).expect("reads");
    assert_eq!(written, stored, "what it does not have is not written");
}
