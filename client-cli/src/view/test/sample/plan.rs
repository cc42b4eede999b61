//! What is done to a plan in it.

use rung_proto::v1;
use rung_proto::v1::value::Kind;

use super::{PHYSIO, TRACK, active, at, on, step_back};

pub(crate) fn goal() -> v1::MicroGoal {
    v1::MicroGoal {
        id: "0190a0aa-0000-7000-8000-00000000000a".into(),
        what: "warm-up longer".into(),
        target: Some(v1::Target {
            value: 5,
            unit: "minutes".into(),
        }),
        by: on("2026-04-01"),
        etag: "1".into(),
        reached_on: None,
    }
}

pub(crate) fn tool() -> v1::CopingTool {
    v1::CopingTool {
        kind: v1::CopingKind::Breathing.into(),
        text: "breathe out twice as long as in".into(),
    }
}

pub(crate) fn site() -> v1::Site {
    v1::Site {
        site: v1::BodySite::AchillesTendon.into(),
        side: v1::BodySide::Left.into(),
    }
}

pub(crate) fn goal_reached() -> v1::SetMicroGoalResponse {
    v1::SetMicroGoalResponse {
        goal: Some(v1::MicroGoal {
            etag: "2".into(),
            reached_on: on("2026-03-20"),
            ..goal()
        }),
    }
}

fn value(kind: Kind) -> v1::Value {
    v1::Value { kind: Some(kind) }
}

fn changes() -> Vec<v1::PlanChange> {
    let change = |path: &str, track: &str, before, after| v1::PlanChange {
        path: path.into(),
        track_id: track.into(),
        before,
        after,
    };
    let text = |text: &str| Some(value(Kind::Text(text.into())));
    let number = |n| Some(value(Kind::Number(n)));
    vec![
        change("anchors", "", text("calf raises after the run"), None),
        change("anchors", "", None, text("water before")),
        change(
            "tracks[\"Run-walk return\"].ladder.rungs[1].dose",
            TRACK,
            number(720),
            number(660),
        ),
        change(
            "tracks[\"Run-walk return\"].ladder.version",
            TRACK,
            number(2),
            number(3),
        ),
    ]
}

fn amended_decision() -> v1::Decision {
    let reason = v1::Reason {
        code: v1::ReasonCode::Amend.into(),
        text: "Your physiotherapist has changed the plan.".into(),
        ..Default::default()
    };
    v1::Decision {
        check_in_id: String::new(),
        outcome: v1::Outcome::Repeat.into(),
        to_rung: Some(1),
        not_before: None,
        ask: v1::Ask::None.into(),
        reasons: vec![reason],
        headline: "Go on as before, by the changed plan.".into(),
        automatic: false,
        changes: changes(),
        ..step_back()
    }
}

pub(crate) fn amended() -> v1::AmendPlanResponse {
    v1::AmendPlanResponse {
        plan: Some(v1::Plan {
            revision: 2,
            etag: "18".into(),
            ..active()
        }),
        decisions: vec![amended_decision()],
        changes: changes(),
    }
}

pub(crate) fn amendments() -> Vec<v1::Amendment> {
    vec![v1::Amendment {
        revision: 2,
        reason: "The lock was too far.".into(),
        changes: changes(),
        amended_at: at("2026-03-03T17:31:00Z"),
        amended_by: PHYSIO.into(),
        seq: 18,
    }]
}

pub(crate) fn amended_decisions() -> Vec<v1::Decision> {
    vec![amended_decision()]
}

pub(crate) fn waiting_answer() -> v1::GetPlanResponse {
    let mut plan = active();
    for track in &mut plan.tracks {
        track.awaiting_approval = true;
        track.awaiting_morning = false;
        track.not_before = None;
    }
    v1::GetPlanResponse {
        plan: Some(plan),
        amendment: None,
    }
}

pub(crate) fn history_verified() -> v1::VerifyPlanResponse {
    v1::VerifyPlanResponse {
        events: 40,
        same: 41,
        other_version: 3,
        first_difference: None,
        state_holds: true,
    }
}

pub(crate) fn history_not_verified() -> v1::VerifyPlanResponse {
    v1::VerifyPlanResponse {
        first_difference: Some(v1::Divergence {
            seq: 8,
            stored: Some(step_back()),
            again: None,
        }),
        other_version: 0,
        state_holds: false,
        ..history_verified()
    }
}

pub(crate) fn red_flags() -> Vec<v1::RedFlagInfo> {
    let flag =
        |flag: v1::RedFlag, tier: v1::RedFlagTier, question: &str, advice: &str| v1::RedFlagInfo {
            flag: flag.into(),
            tier: tier.into(),
            question: question.into(),
            advice: advice.into(),
        };
    let emergency = "Stop, do not run or train, and call the emergency services now.";
    vec![
        flag(
            v1::RedFlag::Fainting,
            v1::RedFlagTier::Emergency,
            "Did you faint or nearly faint during or right after effort?",
            emergency,
        ),
        flag(
            v1::RedFlag::ChestPain,
            v1::RedFlagTier::Emergency,
            "Did you have pain or pressure in your chest?",
            emergency,
        ),
        flag(
            v1::RedFlag::NewLimp,
            v1::RedFlagTier::Within72Hours,
            "Do you limp in everyday walking, and is that new?",
            "Do not run or train, and let a doctor or your physiotherapist look at it within three days.",
        ),
    ]
}
