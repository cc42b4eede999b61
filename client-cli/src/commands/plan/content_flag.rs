//! Small goals, coping tools and places on the body, each in one flag.

use chrono::NaiveDate;
use rung_proto::v1;

use crate::time;

/// Reads `Warm up longer=5 minutes`, or `Warm up longer=5 minutes by 2026-05-01`.
pub(crate) fn goal(text: &str) -> Result<v1::MicroGoal, String> {
    let odd = || {
        "looks like \"Warm up longer=5 minutes by 2026-05-01\"; the date may be left out".to_owned()
    };
    let (what, target) = text.rsplit_once('=').ok_or_else(odd)?;
    let (target, by) = match target.rsplit_once(" by ") {
        None => (target, None),
        Some((target, by)) => {
            let by: NaiveDate = by.trim().parse().map_err(|_| odd())?;
            (target, Some(time::date(by)))
        }
    };
    let (value, unit) = target.trim().split_once(' ').ok_or_else(odd)?;
    Ok(v1::MicroGoal {
        what: what.trim().to_owned(),
        target: Some(v1::Target {
            value: value.parse().map_err(|_| odd())?,
            unit: unit.trim().to_owned(),
        }),
        by,
        ..v1::MicroGoal::default()
    })
}

/// Reads `cue-word=Quiet feet`.
pub(crate) fn tool(text: &str) -> Result<v1::CopingTool, String> {
    let kinds = "cue-word, breathing, reframing, rehearsal, other";
    let odd = || format!("looks like cue-word=\"Quiet feet\"; kinds are {kinds}");
    let (kind, text) = text.split_once('=').ok_or_else(odd)?;
    let kind = v1::CopingKind::from_str_name(&format!("COPING_KIND_{}", code(kind)));
    match kind {
        Some(kind) if kind != v1::CopingKind::Unspecified => Ok(v1::CopingTool {
            kind: kind.into(),
            text: text.trim().to_owned(),
        }),
        _ => Err(odd()),
    }
}

/// Reads `achilles-tendon=left`.
pub(crate) fn site(text: &str) -> Result<v1::Site, String> {
    let odd = || {
        format!(
            "looks like knee=left (left, right or both); places are {}",
            places()
        )
    };
    let (place, hand) = text.split_once('=').ok_or_else(odd)?;
    let place = v1::BodySite::from_str_name(&format!("BODY_SITE_{}", code(place)));
    let hand = v1::BodySide::from_str_name(&format!("BODY_SIDE_{}", code(hand)));
    match place.zip(hand) {
        Some((place, hand))
            if place != v1::BodySite::Unspecified && hand != v1::BodySide::Unspecified =>
        {
            Ok(v1::Site {
                site: place.into(),
                side: hand.into(),
            })
        }
        _ => Err(odd()),
    }
}

fn code(word: &str) -> String {
    word.trim().replace('-', "_").to_uppercase()
}

/// Every place on the body, as it is written on the command line.
fn places() -> String {
    let all = (1..).map_while(|n| v1::BodySite::try_from(n).ok());
    let words = all.map(|site| {
        let name = site.as_str_name();
        let name = name.strip_prefix("BODY_SITE_").unwrap_or(name);
        name.to_lowercase().replace('_', "-")
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_has_a_target_and_perhaps_a_date() {
        let read = goal("Warm up longer=5 minutes").unwrap();
        assert_eq!(read.what, "Warm up longer");
        let target = read.target.unwrap();
        assert_eq!((target.value, target.unit.as_str()), (5, "minutes"));
        assert_eq!(read.by, None);
        let read = goal("Cadence = held=170 steps/min by 2026-05-01").unwrap();
        assert_eq!(read.what, "Cadence = held");
        assert_eq!(read.target.unwrap().unit, "steps/min");
        assert_eq!(
            read.by.map(|by| (by.year, by.month, by.day)),
            Some((2026, 5, 1))
        );
        for odd in [
            "Warm up",
            "Warm up=five minutes",
            "Warm up=5",
            "Warm up=5 min by May",
        ] {
            assert!(goal(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn a_tool_has_a_kind_and_a_place_a_side() {
        let read = tool("cue-word=Quiet feet").unwrap();
        assert_eq!(
            (read.kind(), read.text.as_str()),
            (v1::CopingKind::CueWord, "Quiet feet")
        );
        let read = site("achilles-tendon=left").unwrap();
        assert_eq!(
            (read.site(), read.side()),
            (v1::BodySite::AchillesTendon, v1::BodySide::Left)
        );
        for odd in ["Quiet feet", "unspecified=Quiet feet", "song=Quiet feet"] {
            assert!(tool(odd).is_err(), "{odd}");
        }
        for odd in [
            "knee",
            "knee=up",
            "unspecified=left",
            "knee=unspecified",
            "wing=left",
        ] {
            assert!(site(odd).is_err(), "{odd}");
        }
        assert!(places().starts_with("lower-back, pelvis") && places().ends_with("toes, other"));
    }
}
