//! Makes events of a history's steps: what they mean depends on where plan and athlete
//! are by then.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rung_progression::{
    Amendment, Confidence, Correction, Dose, Event, EventBody, EventId, Fear, MorningReport,
    PainScore, PlanDefinition, PlanState, RedFlag, Report, Rung, RungIndex, RungSetting,
    SessionReport, SleepMinutes, UnplannedReport, WellnessReport, WellnessScore,
};
use uuid::Uuid;

use super::history::{Body, Change, Day, Effort, Night, Step, What};
use super::plan::track_id;

/// The clock, the zone and what was said so far.
pub(crate) struct Play {
    now: DateTime<Utc>,
    zone: i32,
    seq: u64,
    said: Vec<Event>,
    revisions: Vec<PlanDefinition>,
}

impl Play {
    pub(crate) fn new(plan: &PlanDefinition) -> Self {
        let now = "2026-01-07T09:00:00Z".parse().expect("an instant");
        Self {
            now,
            zone: 0,
            seq: 0,
            said: Vec::new(),
            revisions: vec![plan.clone()],
        }
    }

    pub(crate) fn plan(&self) -> &PlanDefinition {
        self.revisions.last().expect("the first")
    }

    /// The plan is another revision from here on.
    pub(crate) fn amended(&mut self, plan: PlanDefinition) {
        self.revisions.push(plan);
    }

    pub(crate) fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        (at + TimeDelta::hours(i64::from(self.zone))).date_naive()
    }

    fn event(&mut self, at: DateTime<Utc>, body: EventBody) -> Event {
        self.seq += 1;
        Event {
            id: EventId::from(Uuid::from_u128(u128::from(self.seq))),
            seq: self.seq,
            at,
            date: self.date(at),
            revision: self.plan().revision,
            body,
        }
    }

    pub(crate) fn start(&mut self, days: i64) -> Event {
        let effective = self.date(self.now) + TimeDelta::days(days);
        self.event(self.now, EventBody::Start { effective })
    }

    /// The event of a step, if it makes one.
    pub(crate) fn next(&mut self, state: &PlanState, step: &Step) -> Option<Event> {
        self.now += TimeDelta::minutes(i64::from(step.minutes));
        let mut at = self.now - TimeDelta::minutes(i64::from(step.back));
        let body = match &step.what {
            What::Zone { hours } => {
                self.zone = *hours;
                return None;
            }
            What::Session(effort) => {
                let tracks = self.plan().tracks.len();
                let track = state.tracks.get(effort.track % tracks)?;
                if effort.ready
                    && step.back == 0
                    && let Some(until) = track.not_before
                {
                    while at < until.at || self.date(at) < until.date {
                        at += TimeDelta::hours(1);
                    }
                    self.now = at;
                }
                return self.session(at, state, effort);
            }
            What::Unplanned {
                activity,
                body,
                distance,
            } => EventBody::Unplanned(UnplannedReport {
                activity: *activity,
                pain_before: body.before.map(pain),
                pain_during: pain(body.during),
                pain_after: pain(body.after),
                altered_gait: body.gait,
                swelling: body.swelling,
                red_flags: flags(body.flag),
                distance: distance.map(|metres| metres.try_into().expect("in range")),
            }),
            What::Morning(night) => {
                if night.next && step.back == 0 {
                    let date = self.date(at);
                    while self.date(at) == date {
                        at += TimeDelta::hours(1);
                    }
                    at += TimeDelta::hours(7);
                    self.now = at;
                }
                EventBody::Morning(self.night(night))
            }
            What::Wellness(day) => EventBody::Wellness(wellness(day)),
            What::Correct { back, body, pain } => return self.correct(*back, body, *pain),
            What::Tick => EventBody::Tick,
            other => {
                let body = self.physio(state, other)?;
                return Some(self.event(self.now, body));
            }
        };
        let event = self.event(at, body);
        if event.is_check_in() {
            self.said.push(event.clone());
        }
        Some(event)
    }

    fn session(&mut self, at: DateTime<Utc>, state: &PlanState, effort: &Effort) -> Option<Event> {
        let track = state.tracks.get(effort.track % self.plan().tracks.len())?;
        let back = usize::try_from(effort.revision)
            .expect("small")
            .min(self.revisions.len() - 1);
        let plan = self.revisions[self.revisions.len() - 1 - back].clone();
        let (_, definition) = plan.track(track.id)?;
        let top = i32::try_from(definition.ladder.top().get()).expect("small");
        let current = i32::try_from(track.rung.get()).expect("small");
        let rung =
            rung_at(u32::try_from((current + effort.rung).clamp(0, top)).expect("not below 0"));
        let dose = definition.rung(rung)?.dose.get() * effort.dose / 100;
        let earlier = (back > 0).then(|| plan.earlier_rung(self.plan(), track.id, rung));
        let body = EventBody::Session(SessionReport {
            track: track.id,
            rung,
            pain_before: effort.body.before.map(pain),
            pain_during: pain(effort.body.during),
            pain_after: pain(effort.body.after),
            altered_gait: effort.body.gait,
            swelling: effort.body.swelling,
            red_flags: flags(effort.body.flag),
            dose_done: Dose::try_from(dose).expect("in range"),
            confidence: effort
                .confidence
                .map(|value| Confidence::try_from(value).expect("in range")),
            fear: effort
                .fear
                .map(|value| Fear::try_from(value).expect("in range")),
            feared_outcome: effort.feared,
            context: effort.context.map(|key| format!("place-{key}")),
            distance: effort
                .distance
                .map(|metres| metres.try_into().expect("in range")),
            earlier: earlier.flatten(),
        });
        let mut event = self.event(at, body);
        event.revision = plan.revision;
        self.said.push(event.clone());
        Some(event)
    }

    fn night(&self, night: &Night) -> MorningReport {
        let baseline = &self.plan().baseline;
        let minutes = |over: u32| {
            (baseline.stiffness.get() + over)
                .try_into()
                .expect("in range")
        };
        MorningReport {
            pain: pain((baseline.pain.get() + night.pain).min(10)),
            stiffness: night.stiffness.map(minutes),
            swelling: night.swelling,
            red_flags: flags(night.flag),
        }
    }

    /// The same check-in with another body; `at` and `date` are those of what it is about.
    fn correct(&mut self, back: usize, body: &Body, morning: u32) -> Option<Event> {
        let place = self.said.len().checked_sub(1 + back)?;
        let old = self.said[place].clone();
        let was = match &old.body {
            EventBody::Session(report) => Report::Session(report.clone()),
            EventBody::Unplanned(report) => Report::Unplanned(report.clone()),
            EventBody::Morning(report) => Report::Morning(report.clone()),
            EventBody::Wellness(report) => Report::Wellness(report.clone()),
            EventBody::Correction(correction) => correction.now.clone(),
            _ => return None,
        };
        let mut now = was.clone();
        match &mut now {
            Report::Session(report) => {
                report.pain_during = pain(body.during);
                report.pain_after = pain(body.after);
                report.altered_gait = body.gait;
                report.red_flags = flags(body.flag);
            }
            Report::Unplanned(report) => {
                report.pain_during = pain(body.during);
                report.altered_gait = body.gait;
                report.red_flags = flags(body.flag);
            }
            Report::Morning(report) => {
                report.pain = pain(morning);
                report.red_flags = flags(body.flag);
            }
            Report::Wellness(report) => {
                report.ill = body.gait;
                report.red_flags = flags(body.flag);
            }
        }
        let correction = Correction {
            corrects: old.id,
            was,
            now,
        };
        let mut event = self.event(old.at, EventBody::Correction(Box::new(correction)));
        event.date = old.date;
        event.revision = old.revision;
        self.said[place] = event.clone();
        Some(event)
    }

    fn physio(&self, state: &PlanState, what: &What) -> Option<EventBody> {
        let reason = || "seen".to_owned();
        let id = |track: &usize| self.plan().tracks[track % self.plan().tracks.len()].id;
        let body = match what {
            What::Pause => EventBody::Pause { reason: reason() },
            What::Resume { set } => EventBody::Resume {
                rungs: self.settings(self.plan(), *set),
                reason: reason(),
            },
            What::MoveTo { track, rung } => {
                let (_, definition) = self.plan().track(id(track))?;
                let rung = rung_at(*rung).min(definition.ladder.top());
                EventBody::MoveTo {
                    track: id(track),
                    rung,
                    reason: reason(),
                }
            }
            What::Approve { track } => {
                // Mostly one that waits for it.
                let waits = state.tracks.iter().find(|track| track.awaiting_approval);
                let track = waits.map_or(id(track), |track| track.id);
                EventBody::Approve {
                    track,
                    reason: String::new(),
                }
            }
            What::Decline { track } => EventBody::Decline {
                track: id(track),
                reason: reason(),
            },
            What::Amend { change, set } => {
                let to = self.changed(*change)?;
                let rungs = self.settings(&to, *set);
                EventBody::Amend(Box::new(Amendment {
                    to,
                    rungs,
                    reason: reason(),
                }))
            }
            _ => return None,
        };
        Some(body)
    }

    fn settings(&self, plan: &PlanDefinition, set: Option<(usize, u32)>) -> Vec<RungSetting> {
        let setting = set.map(|(track, rung)| {
            let definition = &plan.tracks[track % plan.tracks.len()];
            let rung = rung_at(rung).min(definition.ladder.top());
            RungSetting {
                track: definition.id,
                rung,
            }
        });
        let kept = |set: &RungSetting| self.plan().track(set.track).is_some();
        setting.into_iter().filter(kept).collect()
    }

    /// The next revision; none if it would not be a sane plan.
    fn changed(&self, change: Change) -> Option<PlanDefinition> {
        let mut plan = self.plan().clone();
        plan.revision += 1;
        let count = plan.tracks.len();
        match change {
            Change::Nothing => {}
            Change::Policy {
                track,
                successes,
                rest,
            } => {
                let policy = &mut plan.tracks[track % count].policy;
                policy.successes_to_advance = successes;
                policy.rest_days = rest;
            }
            Change::Dose { track, rung, dose } => {
                place(&mut plan, track, rung).dose = Dose::try_from(dose).expect("in range");
            }
            Change::Rung { track } => {
                let rungs = &mut plan.tracks[track % count].ladder.rungs;
                let mut rung = rungs.last()?.clone();
                rung.dose = Dose::try_from(rung.dose.get() + 1).expect("in range");
                rungs.push(rung);
            }
            Change::Shorten { track } => {
                let track = &mut plan.tracks[track % count];
                track.ladder.rungs.pop();
                track.start_rung = track.start_rung.min(track.ladder.top());
            }
            Change::Cue { track, rung } => {
                let cue = format!("tall {}", plan.revision);
                place(&mut plan, track, rung).cues = vec![cue];
            }
            Change::Approval { track, rung } => {
                let rung = place(&mut plan, track, rung);
                rung.needs_approval = !rung.needs_approval;
            }
            Change::Drop { track } => {
                plan.tracks.remove(track % count);
            }
            Change::Add { track } => {
                let mut new = plan.tracks[track % count].clone();
                let taken = |number: &usize| plan.track(track_id(*number)).is_none();
                new.id = (0..9).find(taken).map(track_id)?;
                plan.tracks.push(new);
            }
        }
        (plan.tracks.len() <= 4 && plan.validate().is_empty()).then_some(plan)
    }
}

fn place(plan: &mut PlanDefinition, track: usize, rung: u32) -> &mut Rung {
    let count = plan.tracks.len();
    let rungs = &mut plan.tracks[track % count].ladder.rungs;
    let place = usize::try_from(rung).expect("small") % rungs.len();
    &mut rungs[place]
}

fn rung_at(rung: u32) -> RungIndex {
    RungIndex::try_from(rung).expect("a rung")
}

fn pain(value: u32) -> PainScore {
    PainScore::try_from(value).expect("in range")
}

fn flags(flag: bool) -> Vec<RedFlag> {
    if flag {
        vec![RedFlag::ChestPain]
    } else {
        Vec::new()
    }
}

fn wellness(day: &Day) -> WellnessReport {
    let [energy, calm, mood, freshness, fuelling] = day
        .items
        .map(|item| item.map(|value| WellnessScore::try_from(value).expect("in range")));
    WellnessReport {
        ill: day.ill,
        red_flags: flags(day.flag),
        sleep: day
            .sleep
            .map(|value| SleepMinutes::try_from(value).expect("in range")),
        energy,
        calm,
        mood,
        freshness,
        fuelling,
    }
}
