//! What a plan holds beside its tracks, as the contract has it.

use rung_progression::{
    GoalId, RedFlag,
    plan::{BodySite, CopingKind, CopingTool, MicroGoal, Side, Site, Target},
    red_flag::Tier,
};
use rung_proto::v1;

use crate::{
    rpc::{field::Fields, time::date},
    storage::plan::Goal,
};

/// Entries of a list that are looked at; the domain's own bounds are not above these.
const ENTRIES: usize = 12;
const SITES: usize = 8;
const TEXT: usize = 300;
const UNIT: usize = 40;

/// Reads a small goal; `new` is its id where the client named none. What does not read is noted.
pub(crate) fn goal(f: &mut Fields, g: &v1::MicroGoal, new: GoalId) -> Option<MicroGoal> {
    let id = f.optional_id("id", &g.id);
    let what = f.text("what", &g.what, 1..=TEXT);
    let target = f.required("target", g.target.as_ref());
    let target = target.and_then(|target| {
        f.part("target", |f| {
            let value = f.within("value", target.value, 1..=1_000_000);
            let unit = f.name("unit", &target.unit, 1..=UNIT);
            Some(Target {
                value: value?,
                unit: unit?,
            })
        })
    });
    let by = match &g.by {
        None => Some(None),
        some => f.date("by", some.as_ref()).map(Some),
    };
    Some(MicroGoal {
        id: id?.unwrap_or(new),
        what: what?,
        target: Some(target?),
        by: by?,
    })
}

/// Reads small goals.
pub(crate) fn goals(
    f: &mut Fields,
    goals: &[v1::MicroGoal],
    new_id: impl Fn() -> GoalId,
) -> Vec<MicroGoal> {
    let read = f.at_most("micro_goals", goals, ENTRIES).iter().enumerate();
    let read = read.map(|(i, g)| f.part(&format!("micro_goals[{i}]"), |f| goal(f, g, new_id())));
    read.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Reads coping tools.
pub(crate) fn tools(f: &mut Fields, tools: &[v1::CopingTool]) -> Vec<CopingTool> {
    let read = f.at_most("coping_tools", tools, ENTRIES).iter().enumerate();
    let read = read.map(|(i, tool)| {
        f.part(&format!("coping_tools[{i}]"), |f| {
            let kind = f.choice("kind", tool.kind);
            let text = f.text("text", &tool.text, 1..=TEXT);
            Some(CopingTool {
                kind: coping_kind(kind?)?,
                text: text?,
            })
        })
    });
    read.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Reads places on the body.
pub(crate) fn sites(f: &mut Fields, sites: &[v1::Site]) -> Vec<Site> {
    let read = f.at_most("sites", sites, SITES).iter().enumerate();
    let read = read.map(|(i, s)| {
        f.part(&format!("sites[{i}]"), |f| {
            let place = f.choice("site", s.site);
            let side = f.choice("side", s.side);
            Some(Site {
                site: body_site(place?)?,
                side: body_side(side?)?,
            })
        })
    });
    read.collect::<Vec<_>>().into_iter().flatten().collect()
}

fn coping_kind(kind: v1::CopingKind) -> Option<CopingKind> {
    Some(match kind {
        v1::CopingKind::Unspecified => return None,
        v1::CopingKind::CueWord => CopingKind::CueWord,
        v1::CopingKind::Breathing => CopingKind::Breathing,
        v1::CopingKind::Reframing => CopingKind::Reframing,
        v1::CopingKind::Rehearsal => CopingKind::Rehearsal,
        v1::CopingKind::Other => CopingKind::Other,
    })
}

fn body_side(side: v1::BodySide) -> Option<Side> {
    Some(match side {
        v1::BodySide::Unspecified => return None,
        v1::BodySide::Left => Side::Left,
        v1::BodySide::Right => Side::Right,
        v1::BodySide::Both => Side::Both,
    })
}

/// The domain's place of an enum whose names it shares with the contract; a test compares the lists.
fn body_site(site: v1::BodySite) -> Option<BodySite> {
    let name = site.as_str_name().strip_prefix("BODY_SITE_")?;
    BodySite::ALL
        .iter()
        .copied()
        .find(|site| site.code() == name)
}

/// A small goal as it is now.
pub(crate) fn goal_out(g: &Goal) -> v1::MicroGoal {
    v1::MicroGoal {
        etag: g.version.to_string(),
        reached_on: g.reached_on.map(date),
        ..prescribed(&g.goal)
    }
}

/// A small goal as it was prescribed.
pub(crate) fn prescribed(g: &MicroGoal) -> v1::MicroGoal {
    v1::MicroGoal {
        id: g.id.to_string(),
        what: g.what.clone(),
        target: g.target.as_ref().map(|target| v1::Target {
            value: target.value.cast_signed(),
            unit: target.unit.clone(),
        }),
        by: g.by.map(date),
        ..v1::MicroGoal::default()
    }
}

/// A coping tool.
pub(crate) fn tool_out(tool: &CopingTool) -> v1::CopingTool {
    let kind = match tool.kind {
        CopingKind::CueWord => v1::CopingKind::CueWord,
        CopingKind::Breathing => v1::CopingKind::Breathing,
        CopingKind::Reframing => v1::CopingKind::Reframing,
        CopingKind::Rehearsal => v1::CopingKind::Rehearsal,
        CopingKind::Other => v1::CopingKind::Other,
    };
    v1::CopingTool {
        kind: kind.into(),
        text: tool.text.clone(),
    }
}

/// A place on the body.
pub(crate) fn site_out(s: Site) -> v1::Site {
    let side = match s.side {
        Side::Left => v1::BodySide::Left,
        Side::Right => v1::BodySide::Right,
        Side::Both => v1::BodySide::Both,
    };
    v1::Site {
        site: place(s.site).into(),
        side: side.into(),
    }
}

fn place(site: BodySite) -> v1::BodySite {
    v1::BodySite::from_str_name(&format!("BODY_SITE_{}", site.code())).unwrap_or_default()
}

/// Every red flag with what it means for an athlete.
pub(crate) fn red_flags() -> Vec<v1::RedFlagInfo> {
    let told = RedFlag::ALL.iter().map(|flag| {
        let tier = match flag.tier() {
            Tier::Emergency => v1::RedFlagTier::Emergency,
            Tier::SameDay => v1::RedFlagTier::SameDay,
            Tier::Within72Hours => v1::RedFlagTier::Within72Hours,
        };
        let name = format!("RED_FLAG_{}", flag.code());
        v1::RedFlagInfo {
            flag: v1::RedFlag::from_str_name(&name).unwrap_or_default().into(),
            tier: tier.into(),
            question: flag.question().to_owned(),
            advice: flag.advice().to_owned(),
        }
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_on_the_body_stands_in_the_contract_and_no_other() {
        for site in BodySite::ALL {
            assert_eq!(body_site(place(*site)), Some(*site), "{}", site.code());
        }
        let contract = (1..1000).take_while(|n| v1::BodySite::try_from(*n).is_ok());
        assert_eq!(contract.count(), BodySite::ALL.len());
    }

    #[test]
    fn every_red_flag_of_the_contract_is_told() {
        let told = red_flags();
        let contract = (1..1000).take_while(|n| v1::RedFlag::try_from(*n).is_ok());
        assert!(contract.eq(told.iter().map(|info| info.flag)));
    }
}
