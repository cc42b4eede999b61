//! What is said of one of several tracks: `LADDER=VALUE`, and of all of them: `VALUE`.

use rung_proto::v1;
use rung_proto::v1::prerequisite::Requirement;

use super::policy_flag::{self, Edit};

/// A value, and the ladder it is for; none: all of them.
pub(crate) type For<T> = (Option<String>, T);

/// A track that waits, the one it waits for, and how far that has to be.
pub(crate) type After = (String, String, Requirement);

/// Reads `[LADDER=]N`.
pub(crate) fn number(text: &str) -> Result<For<i32>, String> {
    let (ladder, number) = match text.rsplit_once('=') {
        Some((ladder, number)) => (Some(ladder.to_owned()), number),
        None => (None, text),
    };
    let number = number.parse();
    let number = number.map_err(|_| "looks like 2, or LADDER=2 for one of several".to_owned())?;
    Ok((ladder, number))
}

/// Reads `[LADDER:]KEY=VALUE`.
pub(crate) fn policy(text: &str) -> Result<For<Edit>, String> {
    let key = text.split('=').next().unwrap_or_default();
    match key.rsplit_once(':') {
        Some((ladder, _)) => {
            let edit = policy_flag::parse(&text[ladder.len() + 1..])?;
            Ok((Some(ladder.to_owned()), edit))
        }
        None => Ok((None, policy_flag::parse(text)?)),
    }
}

/// Reads `TRACK[:RUNG]`: done, or at that rung or higher.
pub(crate) fn requirement(text: &str) -> (String, Requirement) {
    if let Some((track, rung)) = text.rsplit_once(':')
        && let Ok(rung) = rung.parse()
    {
        return (track.to_owned(), Requirement::RungAtLeast(rung));
    }
    (text.to_owned(), Requirement::Done(true))
}

/// Reads `LADDER=LADDER[:RUNG]`.
pub(crate) fn after(text: &str) -> Result<After, String> {
    let (waits, awaited) = text
        .split_once('=')
        .ok_or("looks like LADDER=OTHER, or LADDER=OTHER:3")?;
    let (awaited, requirement) = requirement(awaited);
    Ok((waits.to_owned(), awaited, requirement))
}

/// What was said of this ladder, else of all.
pub(crate) fn of<T>(said: &[For<T>], is: impl Fn(&str) -> bool) -> Option<&T> {
    let own = said
        .iter()
        .find(|(ladder, _)| ladder.as_deref().is_some_and(&is));
    let all = || said.iter().find(|(ladder, _)| ladder.is_none());
    own.or_else(all).map(|(_, value)| value)
}

/// The edits of this ladder's policy: those for all, and then its own.
pub(crate) fn edits(said: &[For<Edit>], is: impl Fn(&str) -> bool) -> Vec<Edit> {
    let all = said.iter().filter(|(ladder, _)| ladder.is_none());
    let own = said
        .iter()
        .filter(|(ladder, _)| ladder.as_deref().is_some_and(&is));
    all.chain(own).map(|(_, edit)| edit.clone()).collect()
}

/// Whether a text names this ladder: as it was given, by id, or by key.
pub(crate) fn names(text: &str, given: &str, ladder: &v1::Ladder) -> bool {
    let key = ladder.definition.as_ref().map(|d| d.key.as_str());
    text == given || text == ladder.id || key == Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_for_one_ladder_or_for_all() {
        assert_eq!(number("2"), Ok((None, 2)));
        assert_eq!(number("calf@2=3"), Ok((Some("calf@2".into()), 3)));
        assert!(number("calf=").is_err() && number("calf").is_err());
        let said = [(None, 2), (Some("calf".to_owned()), 3)];
        assert_eq!(of(&said, |text| text == "calf"), Some(&3));
        assert_eq!(of(&said, |text| text == "hop"), Some(&2));
        assert_eq!(of(&said[1..], |text| text == "hop"), None);
    }

    #[test]
    fn a_number_of_the_policy_is_for_one_ladder_or_for_all() {
        let edit = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let said =
            ["calf:green_max=1", "green_max=2", "rest_days=2"].map(|text| policy(text).unwrap());
        assert_eq!(
            edits(&said, |text| text == "calf"),
            [
                edit("green_max", "2"),
                edit("rest_days", "2"),
                edit("green_max", "1")
            ]
        );
        assert_eq!(edits(&said, |text| text == "hop").len(), 2);
        assert!(policy("calf:green=1").is_err() && policy("calf:green_max").is_err());
    }

    #[test]
    fn a_track_waits_for_the_top_of_another_or_for_a_rung() {
        let done = Requirement::Done(true);
        let third = Requirement::RungAtLeast(3);
        assert_eq!(after("hop=calf"), Ok(("hop".into(), "calf".into(), done)));
        assert_eq!(
            after("hop=calf@2:3"),
            Ok(("hop".into(), "calf@2".into(), third))
        );
        assert_eq!(requirement("Hop: again"), ("Hop: again".into(), done));
        assert!(after("hop").is_err());
    }
}
