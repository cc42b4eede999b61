//! `--policy KEY=VALUE`: the numbers of `rung.v1.Policy` by their names.

use rung_proto::v1::Policy;

/// One edit of a policy.
pub(crate) type Edit = (String, String);

macro_rules! numbers {
    ($($key:ident)+) => {
        /// Every key whose value is a number.
        pub(crate) const NUMBERS: &[&str] = &[$(stringify!($key)),+];

        fn number<'p>(policy: &'p mut Policy, key: &str) -> Option<&'p mut Option<i32>> {
            match key {
                $(stringify!($key) => Some(&mut policy.$key),)+
                _ => None,
            }
        }
    };
}

numbers! {
    green_max amber_max morning_amber_points morning_red_points successes_to_advance rest_days red_rest_days
    max_advances_per_7_days confidence_min fear_max completion_min completion_max morning_window_hours
    stiffness_amber_minutes deload_every_weeks deload_percent readiness_percent contexts_required
}

/// Reads one edit; its range is the server's business.
pub(crate) fn parse(text: &str) -> Result<Edit, String> {
    let (key, value) = text
        .split_once('=')
        .ok_or("looks like successes_to_advance=3")?;
    apply(&mut Policy::default(), key, value)?;
    Ok((key.to_owned(), value.to_owned()))
}

/// All edits as one message; `None` when there are none.
pub(crate) fn policy(edits: &[Edit]) -> Option<Policy> {
    let mut policy = Policy::default();
    edit(&mut policy, edits);
    (!edits.is_empty()).then_some(policy)
}

/// Changes single numbers of a policy.
pub(crate) fn edit(policy: &mut Policy, edits: &[Edit]) {
    for (key, value) in edits {
        // They were parsed when the command line was read.
        let _read = apply(policy, key, value);
    }
}

fn apply(policy: &mut Policy, key: &str, value: &str) -> Result<(), String> {
    if key == "require_confidence" {
        let flag = value
            .parse()
            .map_err(|_| "require_confidence is true or false".to_owned())?;
        policy.require_confidence = Some(flag);
        return Ok(());
    }
    let Some(slot) = number(policy, key) else {
        return Err(format!(
            "{key:?} is no policy number; there are {}, require_confidence",
            NUMBERS.join(", ")
        ));
    };
    *slot = Some(
        value
            .parse()
            .map_err(|_| format!("{key} takes a whole number"))?,
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_land_in_their_fields_and_leave_the_others_unset() {
        let edits: Vec<Edit> = ["green_max=3", "require_confidence=false"]
            .iter()
            .map(|text| parse(text).unwrap())
            .collect();
        let expected = Policy {
            green_max: Some(3),
            require_confidence: Some(false),
            ..Default::default()
        };
        assert_eq!(policy(&edits), Some(expected));
        assert_eq!(policy(&[]), None);
    }

    /// Written out: a number added to the contract does not compile here until it has a key.
    #[test]
    fn every_number_of_the_contract_has_a_key() {
        let full = Policy {
            require_confidence: Some(true),
            layoff: vec![],
            green_max: Some(1),
            amber_max: Some(1),
            morning_amber_points: Some(1),
            morning_red_points: Some(1),
            successes_to_advance: Some(1),
            rest_days: Some(1),
            red_rest_days: Some(1),
            max_advances_per_7_days: Some(1),
            confidence_min: Some(1),
            fear_max: Some(1),
            completion_min: Some(1),
            completion_max: Some(1),
            morning_window_hours: Some(1),
            stiffness_amber_minutes: Some(1),
            deload_every_weeks: Some(1),
            deload_percent: Some(1),
            readiness_percent: Some(1),
            contexts_required: Some(1),
        };
        let mut edits = vec![("require_confidence".to_owned(), "true".to_owned())];
        edits.extend(
            NUMBERS
                .iter()
                .map(|key| ((*key).to_owned(), "1".to_owned())),
        );
        assert_eq!(policy(&edits), Some(full));
    }

    #[test]
    fn what_is_no_edit_is_refused() {
        for odd in [
            "green_max",
            "green_max=",
            "green_max=2.5",
            "rest=1",
            "require_confidence=2",
        ] {
            assert!(parse(odd).is_err(), "{odd}");
        }
    }
}
