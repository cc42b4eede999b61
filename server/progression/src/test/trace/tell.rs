//! What a history decides, as it is written.

use chrono::NaiveTime;

use super::plan::Prescription;
use super::word::{tell_day, tell_instant};
use crate::decision::{Ask, Decision};
use crate::engine::Judged;
use crate::event::Report;
use crate::id::TrackId;
use crate::reason::{Evidence, Measure, Reason, ReasonCode, Value};
use crate::state::{NotBefore, PlanState, TrackState};
use crate::test::story::{Story, report_of, track_id};

/// The decisions of the latest event, then what it changed on tracks it left without one.
pub(super) fn step(prescription: &Prescription, story: &Story, before: &PlanState) -> Vec<String> {
    let teller = Teller {
        prescription,
        story,
    };
    let mut lines: Vec<String> = Vec::new();
    for (place, decision) in story.step.iter().enumerate() {
        let mut line = teller.decision(decision);
        let later = &story.step[place + 1..];
        let last = later.iter().all(|other| other.track != decision.track);
        if let Some(id) = decision.track.filter(|_| last) {
            for change in changes(before, &story.state, id) {
                line += &format!("; {change}");
            }
        }
        lines.push(line);
    }
    for track in &story.state.tracks {
        let changes = changes(before, &story.state, track.id);
        if !changes.is_empty() && story.step.iter().all(|other| other.track != Some(track.id)) {
            lines.push(format!("{}{}", teller.label(track.id), changes.join("; ")));
        }
    }
    if lines.is_empty() {
        lines.push(match story.judged {
            Judged::Fully => "nothing".to_owned(),
            Judged::RedFlagsOnly => "not judged: the plan has not started".to_owned(),
            Judged::Refused => "refused".to_owned(),
        });
    }
    lines
}

/// What the decisions of an event do not show of a track.
fn changes(before: &PlanState, after: &PlanState, id: TrackId) -> Vec<String> {
    let Some(after) = after.track(id) else {
        return Vec::new();
    };
    let before = before.track(id);
    let known = before.map(|track| (track.not_before, track.no_advance_before));
    let (rest_known, climb_known) = known.unwrap_or_default();
    let rest = after.not_before.filter(|rest| rest_known != Some(*rest));
    let climb = after
        .no_advance_before
        .filter(|date| climb_known != Some(*date));
    // A track that is new has nothing to lose.
    let before = before.unwrap_or(after);
    let lost = before.counted > 0 && after.counted == 0 && before.rung == after.rung;
    let waits = |track: &TrackState| track.awaiting_approval;
    let changes = [
        rest.map(|rest| format!("next not before {}", tell_rest(rest))),
        climb.map(|date| format!("no step up before {}", tell_day(date))),
        lost.then(|| "the count starts over".to_owned()),
        (waits(before) && !waits(after) && before.rung >= after.rung)
            .then(|| "no longer waits for approval".to_owned()),
    ];
    changes.into_iter().flatten().collect()
}

/// The date, and the instant where that is later than the beginning of the date.
fn tell_rest(rest: NotBefore) -> String {
    let date = tell_day(rest.date);
    if rest.at <= rest.date.and_time(NaiveTime::MIN).and_utc() {
        return date;
    }
    if rest.at.date_naive() == rest.date {
        return tell_instant(rest.at);
    }
    format!("{date} and {}", tell_instant(rest.at))
}

struct Teller<'a> {
    prescription: &'a Prescription,
    story: &'a Story,
}

impl Teller<'_> {
    fn decision(&self, decision: &Decision) -> String {
        let mut line = match decision.track {
            Some(id) => self.label(id),
            None => "plan: ".to_owned(),
        };
        line += decision.outcome.code();
        if let (Some(from), Some(to)) = (decision.from_rung, decision.to_rung) {
            line += &format!(" rung {from}");
            if from != to {
                line += &format!(" to {to}");
            }
        }
        let reasons: Vec<String> = decision
            .reasons
            .iter()
            .map(|reason| self.reason(reason))
            .collect();
        format!("{line}: {}", reasons.join(", "))
    }

    /// A track's name, where there are several.
    fn label(&self, id: TrackId) -> String {
        match self.prescription.names.len() {
            1 => String::new(),
            _ => format!("{}: ", self.name(id)),
        }
    }

    fn name(&self, id: TrackId) -> &str {
        let names = &self.prescription.names;
        let place = (0..names.len()).find(|place| track_id(*place) == id);
        &names[place.expect("a track")]
    }

    fn reason(&self, reason: &Reason) -> String {
        let mut text = reason.code.code().to_owned();
        match reason.ask {
            Some(Ask { urgent: true }) => text += " [ask urgently]",
            Some(Ask { urgent: false }) => text += " [ask]",
            None => {}
        }
        let shown = reason
            .evidence
            .iter()
            .filter(|evidence| is_shown(reason.code, evidence));
        let shown: Vec<String> = shown.map(|evidence| self.evidence(evidence)).collect();
        if shown.is_empty() {
            return text;
        }
        format!("{text} ({})", shown.join("; "))
    }

    fn evidence(&self, evidence: &Evidence) -> String {
        let name = evidence.measure.code().to_lowercase().replace('_', " ");
        let observed = match &evidence.observed {
            Some(value) => self.value(value),
            None => "not answered".to_owned(),
        };
        let word = match evidence.measure {
            Measure::Counted | Measure::Contexts => " of",
            _ => ", limit",
        };
        match &evidence.threshold {
            Some(limit) => format!("{name} {observed}{word} {}", self.value(limit)),
            None => format!("{name} {observed}"),
        }
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Number(number) => number.to_string(),
            Value::Date(date) => tell_day(*date),
            Value::Instant(at) => tell_instant(*at),
            Value::Flag(true) => "yes".to_owned(),
            Value::Flag(false) => "no".to_owned(),
            Value::Code(code) => code.to_string(),
            Value::Track(id) => self.name(*id).to_owned(),
            Value::Text(text) => self.corrected(text),
        }
    }

    /// A check-in by its id.
    fn corrected(&self, id: &str) -> String {
        let event = self
            .story
            .events
            .iter()
            .find(|event| event.id.to_string() == id);
        let event = event.expect("an event");
        let kind = match report_of(event).expect("a check-in") {
            Report::Session(_) => "session",
            Report::Unplanned(_) => "unplanned",
            Report::Morning(_) => "morning",
            Report::Wellness(_) => "wellness",
        };
        format!("{kind} of {}", tell_day(event.date))
    }
}

/// Whether a piece of evidence says more than the line of the event: not the answers of a
/// session that is GREEN so far, not a physio's own words.
fn is_shown(code: ReasonCode, evidence: &Evidence) -> bool {
    let own_words = matches!(
        code,
        ReasonCode::AwaitMorning
            | ReasonCode::Start
            | ReasonCode::Pause
            | ReasonCode::Resume
            | ReasonCode::MoveTo
            | ReasonCode::Approve
            | ReasonCode::Decline
            | ReasonCode::Amend
    );
    let fine = match &evidence.observed {
        Some(Value::Code(code)) if evidence.measure == Measure::Swelling => code != "INCREASED",
        Some(Value::Flag(limp)) if evidence.measure == Measure::AlteredGait => !limp,
        _ => false,
    };
    !own_words && !fine
}
