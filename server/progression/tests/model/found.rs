//! Histories on which engine and page have parted, each with the page's sentence.

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::ladder::{DoseUnit, Source};
use rung_progression::plan::Baseline;
use rung_progression::{
    Amendment, Confidence, Dose, Event, EventBody, EventId, Judged, Ladder, LadderId,
    MorningReport, PainScore, PlanDefinition, PlanState, PolicyEdits, ReasonCode, RedFlag, Rung,
    RungIndex, SessionReport, Step, StiffnessMinutes, Swelling, TissueProfile, TrackDefinition,
    TrackKind, WellnessReport, WellnessScore, decide,
};
use uuid::Uuid;

use crate::r#gen::plan::track_id;

/// A track of three rungs, 100, 200 and 300 seconds; `edit` changes it.
fn track(number: usize, edit: impl FnOnce(&mut Ladder)) -> TrackDefinition {
    let rung = |place: u32| Rung {
        title: format!("rung {place}"),
        dose: Dose::try_from(100 * (place + 1)).expect("in range"),
        instruction: "as told".to_owned(),
        effort: None,
        terrain: None,
        surface: None,
        cues: Vec::new(),
        rest_days: None,
        needs_approval: false,
        sets: None,
        prediction: None,
        note: None,
        proposal: false,
    };
    let mut ladder = Ladder {
        key: "a-ladder".to_owned(),
        version: 1,
        title: "a ladder".to_owned(),
        summary: "for a test".to_owned(),
        proposal: None,
        source: Source {
            citation: "none".to_owned(),
            url: None,
        },
        profile: TissueProfile::Unspecified,
        kind: TrackKind::Running,
        unit: DoseUnit::RunningSeconds,
        sessions_per_week: 3,
        entry_criteria: Vec::new(),
        policy: PolicyEdits {
            successes_to_advance: Some(1),
            ..PolicyEdits::default()
        },
        rungs: (0..3).map(rung).collect(),
    };
    edit(&mut ladder);
    TrackDefinition {
        id: track_id(number),
        ladder_id: LadderId::from(Uuid::from_u128(1)),
        policy: ladder.resolved_policy(),
        start_rung: RungIndex::MIN,
        prerequisites: Vec::new(),
        sessions_per_week: ladder.sessions_per_week,
        entry: Vec::new(),
        ladder,
    }
}

fn plan(tracks: Vec<TrackDefinition>) -> PlanDefinition {
    PlanDefinition {
        revision: 1,
        tracks,
        baseline: Baseline {
            pain: PainScore::MIN,
            stiffness: StiffnessMinutes::MIN,
            over_limit_reason: None,
        },
        concurrent: true,
        weekdays: Vec::new(),
        anchors: Vec::new(),
        micro_goals: Vec::new(),
        coping_tools: Vec::new(),
        sites: Vec::new(),
    }
}

/// The engine with its plan and state; days are counted from the START on 5 January 2026.
struct Told {
    plan: PlanDefinition,
    state: PlanState,
    seq: u64,
}

fn at(day: i64, hour: i64) -> DateTime<Utc> {
    let start: DateTime<Utc> = "2026-01-05T00:00:00Z".parse().expect("an instant");
    start + TimeDelta::days(day) + TimeDelta::hours(hour)
}

impl Told {
    fn started(plan: PlanDefinition) -> Self {
        assert_eq!(plan.validate(), []);
        let mut told = Self {
            state: PlanState::new(&plan),
            plan,
            seq: 0,
        };
        let effective = at(0, 8).date_naive();
        told.tell(0, 8, EventBody::Start { effective });
        told
    }

    fn event(&mut self, day: i64, hour: i64, body: EventBody) -> Event {
        self.seq += 1;
        let at = at(day, hour);
        Event {
            id: EventId::from(Uuid::from_u128(u128::from(self.seq))),
            seq: self.seq,
            at,
            date: at.date_naive(),
            revision: self.plan.revision,
            body,
        }
    }

    fn tell(&mut self, day: i64, hour: i64, body: EventBody) -> Step {
        let event = self.event(day, hour, body);
        let step = decide(&self.plan, &self.state, &event);
        self.state = step.state.clone();
        if let (EventBody::Amend(amendment), Judged::Fully) = (event.body, step.judged) {
            self.plan = amendment.to;
        }
        step
    }

    /// The plan is `to` from here on, as its next revision.
    fn amend(&mut self, day: i64, hour: i64, mut to: PlanDefinition) -> Step {
        to.revision = self.plan.revision + 1;
        assert_eq!(to.validate(), []);
        let amendment = Amendment {
            to,
            rungs: Vec::new(),
            reason: "seen".to_owned(),
        };
        self.tell(day, hour, EventBody::Amend(Box::new(amendment)))
    }
}

fn session(number: usize, rung: u32, pain: u32) -> SessionReport {
    SessionReport {
        track: track_id(number),
        rung: RungIndex::try_from(rung).expect("a rung"),
        pain_before: None,
        pain_during: PainScore::try_from(pain).expect("in range"),
        pain_after: PainScore::MIN,
        altered_gait: false,
        swelling: Swelling::None,
        red_flags: Vec::new(),
        dose_done: Dose::try_from(100 * (rung + 1)).expect("in range"),
        confidence: Some(Confidence::MAX),
        fear: None,
        feared_outcome: None,
        context: None,
        distance: None,
        earlier: None,
    }
}

fn morning(pain: u32) -> EventBody {
    EventBody::Morning(MorningReport {
        pain: PainScore::try_from(pain).expect("in range"),
        stiffness: None,
        swelling: Swelling::None,
        red_flags: Vec::new(),
    })
}

fn wellness(ill: bool, score: u32) -> EventBody {
    let score = Some(WellnessScore::try_from(score).expect("in range"));
    EventBody::Wellness(WellnessReport {
        ill,
        red_flags: Vec::new(),
        sleep: None,
        energy: score,
        calm: score,
        mood: None,
        freshness: None,
        fuelling: None,
    })
}

fn codes(step: &Step) -> Vec<ReasonCode> {
    let reasons = step.decisions.iter().flat_map(|decision| &decision.reasons);
    reasons.map(|reason| reason.code).collect()
}

/// §6 "RED_FLAG: any red flag on any check-in", 7.3 "A red flag always pauses". A session
/// done under revision 1 on a track that revision 2 removed does not fit the plan, so that
/// the server refuses it, and its red flag with it.
#[test]
fn a_red_flag_on_a_removed_track_is_taken() {
    let both = plan(vec![track(0, |_| {}), track(1, |_| {})]);
    let mut told = Told::started(both.clone());
    told.amend(
        1,
        8,
        PlanDefinition {
            tracks: vec![both.tracks[0].clone()],
            ..both
        },
    );
    let report = SessionReport {
        red_flags: vec![RedFlag::ChestPain],
        ..session(1, 0, 0)
    };
    let mut event = told.event(1, 9, EventBody::Session(report));
    event.revision = 1;
    assert_eq!(told.plan.check_event(&told.state, &event), []);
}

/// §6 Rest: "Rest earned on a RUNNING track or an unplanned run holds on every RUNNING
/// track." An AMBER on a running track rests until day 3; a running track that an amendment
/// adds on day 0 may be run at once.
#[test]
fn rest_holds_on_a_running_track_that_is_added() {
    let one = plan(vec![track(0, |_| {})]);
    let mut told = Told::started(one.clone());
    told.tell(0, 9, EventBody::Session(session(0, 0, 3)));
    let mut two = one;
    two.tracks.push(track(1, |_| {}));
    told.amend(0, 10, two);
    let step = told.tell(0, 11, EventBody::Session(session(1, 0, 0)));
    assert!(
        codes(&step).contains(&ReasonCode::RestNotMet),
        "{:?}",
        codes(&step)
    );
}

/// §6 Physio: "APPROVE … is an ADVANCE of exactly 1, otherwise it is refused." The ladder
/// ends by now at the rung the track is on.
#[test]
fn nothing_can_be_approved_at_the_top() {
    let three = plan(vec![track(0, |ladder| {
        ladder.rungs[1].needs_approval = true;
    })]);
    let mut told = Told::started(three.clone());
    told.tell(0, 9, EventBody::Session(session(0, 0, 0)));
    let step = told.tell(1, 8, morning(0));
    assert!(codes(&step).contains(&ReasonCode::NeedsApproval));
    let mut shorter = three;
    shorter.tracks[0].ladder.rungs.truncate(1);
    told.amend(1, 9, shorter);
    let approve = EventBody::Approve {
        track: track_id(0),
        reason: String::new(),
    };
    let step = told.tell(1, 10, approve);
    assert_eq!((step.judged, codes(&step)), (Judged::Refused, Vec::new()));
    assert_eq!(told.state.tracks[0].advances, []);
}

/// 7.7 "Many ticks equal one." The plan would have been paused on day 42, before the
/// illness was 7 days old on day 45; a plan that is paused does not settle.
#[test]
fn many_ticks_equal_one_in_an_illness() {
    let mut told = Told::started(plan(vec![track(0, |_| {})]));
    told.tell(38, 8, wellness(true, 3));
    let tick = |told: &Told, state: &PlanState, day| {
        let at = at(day, 9);
        let event = Event {
            id: EventId::from(Uuid::from_u128(99)),
            seq: 99,
            at,
            date: at.date_naive(),
            revision: 1,
            body: EventBody::Tick,
        };
        decide(&told.plan, state, &event).state
    };
    let one = tick(&told, &told.state, 50);
    let many = (39..=50).fold(told.state.clone(), |state, day| tick(&told, &state, day));
    assert_eq!(one, many);
}

/// §1 "Before START … wellness answers are stored"; §6 "`ill` → HOLD on all tracks until a
/// wellness check-in without it".
#[test]
fn an_illness_before_start_holds() {
    let mut told = Told::started(plan(vec![track(0, |_| {})]));
    told.tell(-1, 20, wellness(true, 3));
    let step = told.tell(0, 9, EventBody::Session(session(0, 0, 0)));
    assert!(
        codes(&step).contains(&ReasonCode::Illness),
        "{:?}",
        codes(&step)
    );
}

/// §6 Wellness: "the last 14 earlier answers". Of 5, seven times 4 and six times 5 a 4 is
/// bad: n = 14, S = 63, Q = 287, (63 − 56)² = 49 ≥ 14·287 − 63² = 49. Without the oldest it
/// is not: (58 − 52)² = 36 < 13·262 − 58² = 42.
#[test]
fn a_second_answer_of_a_date_is_held_against_14() {
    let mut told = Told::started(plan(vec![track(0, |_| {})]));
    for day in 0..14 {
        told.tell(
            day,
            8,
            wellness(false, if (1..=7).contains(&day) { 4 } else { 5 }),
        );
    }
    told.tell(14, 8, wellness(false, 5));
    let step = told.tell(14, 9, wellness(false, 4));
    assert!(
        codes(&step).contains(&ReasonCode::ReadinessLow),
        "{:?}",
        codes(&step)
    );
}

/// §5 State: "`done`", §6 "LADDER_DONE once". A cue is no dose and no criterion.
#[test]
fn a_new_cue_leaves_done() {
    let two = plan(vec![track(0, |ladder| ladder.rungs.truncate(2))]);
    let mut told = Told::started(two.clone());
    for (day, rung) in [(0, 0), (2, 1)] {
        told.tell(day, 9, EventBody::Session(session(0, rung, 0)));
        told.tell(day + 1, 8, morning(0));
    }
    assert!(told.state.tracks[0].done);
    told.tell(4, 9, EventBody::Session(session(0, 1, 10)));
    let mut cued = two;
    cued.tracks[0].ladder.rungs[0].cues.push("tall".to_owned());
    told.amend(5, 8, cued);
    assert!(told.state.tracks[0].done);
}
