//! Small plans: two tracks of three rungs.

use crate::ladder::TrackKind;
use crate::plan::{PlanDefinition, Requirement};
use crate::policy::{LayoffRow, LayoffTarget, TissueProfile};
use crate::test::story::{ladder, needs, plan, rung};

/// A plan and how many days lie between two events.
pub(super) struct Small {
    pub(super) name: &'static str,
    pub(super) plan: PlanDefinition,
    pub(super) days: i64,
}

/// A layoff table that few days are enough for.
fn short_layoff() -> Vec<LayoffRow> {
    let row = |from_gap, target, ask| LayoffRow {
        from_gap,
        target,
        ask,
    };
    vec![
        row(1, LayoffTarget::Repeat, false),
        row(2, LayoffTarget::DosePercent(70), false),
        row(3, LayoffTarget::DosePercent(50), true),
        row(4, LayoffTarget::Bottom, true),
    ]
}

fn small(name: &'static str, days: i64, kinds: [(TrackKind, TissueProfile); 2]) -> Small {
    let mut plan = plan(&kinds);
    for (track, (kind, profile)) in plan.tracks.iter_mut().zip(kinds) {
        track.ladder = ladder(kind, profile, &[100, 200, 300]);
        track.start_rung = rung(1);
        track.sessions_per_week = 7;
        track.policy.successes_to_advance = 1;
        track.policy.rest_days = 0;
        track.policy.red_rest_days = 1;
        track.policy.layoff = short_layoff();
    }
    Small { name, plan, days }
}

/// What is searched.
pub(super) fn all() -> Vec<Small> {
    use TrackKind::{Exposure, Running, Strength};
    // Two running tracks, each of which goes up once a week.
    let unspecified = TissueProfile::Unspecified;
    let mut running = small("two running tracks", 1, [(Running, unspecified); 2]);
    for track in &mut running.plan.tracks {
        track.policy.max_advances_per_7_days = 1;
        track.policy.deload_every_weeks = 0;
    }
    // A track that opens when the other has come to its top, which needs a physio's word.
    let kinds = [
        (Running, TissueProfile::PostOpKnee),
        (Exposure, unspecified),
    ];
    let mut locked = small("a locked exposure track", 1, kinds);
    locked.plan.tracks[0].ladder.rungs[2].needs_approval = true;
    locked.plan.tracks[1].prerequisites = vec![needs(0, Requirement::AtLeast(rung(2)))];
    locked.plan.tracks[1].policy.contexts_required = 1;
    // Weeks go by: the usual layoffs, lighter weeks, and no session for too long.
    let kinds = [
        (Running, TissueProfile::BoneStress),
        (Strength, unspecified),
    ];
    let mut slow = small("weeks", 2, kinds);
    for track in &mut slow.plan.tracks {
        track.policy.deload_every_weeks = 2;
        track.policy.rest_days = 1;
    }
    slow.plan.tracks[1].policy.successes_to_advance = 2;
    let all = vec![running, locked, slow];
    for small in &all {
        assert_eq!(small.plan.validate(), [], "{}", small.name);
    }
    all
}
