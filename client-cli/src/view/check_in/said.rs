//! What a report says, whichever kind it is.

use rung_proto::v1;
use rung_proto::v1::check_in::Report;

use crate::time;
use crate::view::word;

/// What a list tells of a report; what its kind does not ask is missing.
#[derive(Default)]
pub(super) struct Said<'a> {
    pub(super) kind: &'static str,
    pub(super) rung: Option<i32>,
    pub(super) pain_during: Option<i32>,
    pub(super) pain_after: Option<i32>,
    pub(super) morning_pain: Option<i32>,
    pub(super) stiffness: Option<i32>,
    pub(super) swelling: v1::Swelling,
    pub(super) dose: Option<i64>,
    pub(super) activity: v1::Activity,
    pub(super) distance_m: Option<i64>,
    pub(super) prediction_id: &'a str,
    pub(super) wellness: Option<&'a v1::WellnessReport>,
}

impl<'a> Said<'a> {
    pub(super) fn of(report: Option<&'a Report>) -> Self {
        let distance = |m: &Option<v1::Measurement>| m.as_ref().and_then(|m| m.distance_m);
        match report {
            Some(Report::Session(s)) => Self {
                kind: "session",
                rung: s.rung,
                pain_during: s.pain_during,
                pain_after: s.pain_after,
                swelling: s.swelling(),
                dose: s.dose_done,
                distance_m: distance(&s.measurement),
                prediction_id: &s.prediction_id,
                ..Self::default()
            },
            Some(Report::Unplanned(u)) => Self {
                kind: "unplanned",
                pain_during: u.pain_during,
                pain_after: u.pain_after,
                swelling: u.swelling(),
                activity: u.activity(),
                distance_m: distance(&u.measurement),
                ..Self::default()
            },
            Some(Report::Morning(m)) => Self {
                kind: "morning",
                morning_pain: m.pain,
                stiffness: m.stiffness,
                swelling: m.swelling(),
                ..Self::default()
            },
            Some(Report::Wellness(w)) => Self {
                kind: "wellness",
                wellness: Some(w),
                ..Self::default()
            },
            None => Self::default(),
        }
    }

    /// `0 then 1` for an effort, one number for a morning.
    pub(super) fn pain(&self) -> String {
        match self.kind {
            "session" | "unplanned" => format!(
                "{} then {}",
                number(self.pain_during),
                number(self.pain_after)
            ),
            _ => number(self.morning_pain),
        }
    }

    /// `session`; where there is a correction, which one is right: `session, old`.
    pub(super) fn kind(&self, check_in: &v1::CheckIn) -> String {
        let standing = if !check_in.corrected_by.is_empty() {
            ", old"
        } else if !check_in.corrects_id.is_empty() {
            ", new"
        } else {
            ""
        };
        format!("{}{standing}", self.kind)
    }

    /// The note, behind what no other column has room for: `run, 11.20 km; caught the bus`.
    pub(super) fn note(&self, check_in: &v1::CheckIn) -> String {
        let activity = match self.activity {
            v1::Activity::Unspecified => String::new(),
            activity => {
                let activity = word::plain(&word::bare(activity.as_str_name(), "ACTIVITY"));
                let distance = self.distance_m.map(time::distance);
                [Some(activity), distance]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(", ")
            }
        };
        let day = self.wellness.map(day).unwrap_or_default();
        let parts = [activity, day, check_in.note.clone()];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join("; ")
    }
}

/// A number, or a dash.
pub(super) fn number(n: Option<i32>) -> String {
    n.map_or_else(|| "–".to_owned(), |n| n.to_string())
}

/// `ill; slept 6 h 10 min; energy 4, calm 3`.
pub(super) fn day(w: &v1::WellnessReport) -> String {
    let scores = [
        ("energy", w.energy),
        ("calm", w.calm),
        ("mood", w.mood),
        ("freshness", w.freshness),
        ("fuelling", w.fuelling),
    ];
    let scores = scores
        .into_iter()
        .filter_map(|(name, score)| score.map(|score| format!("{name} {score}")));
    let scores = scores.collect::<Vec<_>>().join(", ");
    let slept = w.sleep.map(|minutes| {
        let slept = time::duration(i64::from(minutes) * 60);
        format!("slept {slept}")
    });
    let ill = (w.ill == Some(true)).then(|| "ill".to_owned());
    let parts = [ill, slept, (!scores.is_empty()).then_some(scores)];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>();
    if parts.is_empty() {
        "well".to_owned()
    } else {
        parts.join("; ")
    }
}

/// `9.01 km, 47 min 12 s, 162 steps/min, 120 m up`.
pub(super) fn measured(measured: &v1::Measurement) -> String {
    let distance = measured.distance_m.map(time::distance);
    let parts = [
        distance,
        measured.duration_s.map(time::duration),
        measured.cadence_spm.map(|n| format!("{n} steps/min")),
        measured.ascent_m.map(|m| format!("{m} m up")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Labels and values of everything that a report says.
pub(super) fn all(report: &Report) -> Vec<(&'static str, String)> {
    match report {
        Report::Session(s) => session(s),
        Report::Unplanned(u) => unplanned(u),
        Report::Morning(m) => vec![
            ("Pain", number(m.pain)),
            (
                "Stiffness",
                m.stiffness.map(|n| format!("{n} min")).unwrap_or_default(),
            ),
            ("Swelling", swelling(m.swelling())),
        ],
        Report::Wellness(w) => vec![
            ("Ill", yes_no(w.ill)),
            (
                "Sleep",
                w.sleep
                    .map(|n| time::duration(i64::from(n) * 60))
                    .unwrap_or_default(),
            ),
            ("Energy", score(w.energy)),
            ("Calm", score(w.calm)),
            ("Mood", score(w.mood)),
            ("Freshness", score(w.freshness)),
            ("Fuelling", score(w.fuelling)),
        ],
    }
}

/// What both kinds of effort say.
macro_rules! effort {
    ($report:expr) => {{
        let report = $report;
        let side = word::bare(report.discomfort_side().as_str_name(), "BODY_SIDE");
        let discomfort = [report.discomfort_site.clone(), word::plain(&side)];
        let discomfort = discomfort.into_iter().filter(|part| !part.is_empty());
        let lighter = report.paused_and_resumed_lighter.then_some(true);
        vec![
            ("Pain before", score(report.pain_before)),
            ("Pain during", number(report.pain_during)),
            ("Pain after", number(report.pain_after)),
            ("Altered gait", yes_no(report.altered_gait)),
            ("Swelling", swelling(report.swelling())),
            ("Effort", score(report.rpe)),
            (
                "Measured",
                report
                    .measurement
                    .as_ref()
                    .map(measured)
                    .unwrap_or_default(),
            ),
            ("Cues held", report.cues_held.join(", ")),
            ("Anchors done", report.anchors_done.join(", ")),
            ("Felt", report.sensory_cues.join(", ")),
            ("Paused, resumed lighter", yes_no(lighter)),
            ("Went well", report.went_well.clone()),
            ("Discomfort", discomfort.collect::<Vec<_>>().join(", ")),
        ]
    }};
}

fn session(s: &v1::SessionReport) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("Rung", number(s.rung)),
        (
            "Dose",
            s.dose_done.map(|dose| dose.to_string()).unwrap_or_default(),
        ),
    ];
    all.extend(effort!(s));
    let prediction = if s.prediction_late {
        format!("{} (made after it began)", s.prediction_id)
    } else {
        s.prediction_id.clone()
    };
    all.extend([
        ("Confidence", score(s.confidence)),
        ("Fear", score(s.fear)),
        ("Context", s.context.clone()),
        ("Prediction", prediction),
        ("Feared outcome", yes_no(s.feared_outcome)),
        ("Surprise", score(s.surprise)),
        ("Lesson", s.lesson.clone()),
    ]);
    all
}

fn unplanned(u: &v1::UnplannedReport) -> Vec<(&'static str, String)> {
    let activity = word::bare(u.activity().as_str_name(), "ACTIVITY");
    let mut all = vec![("Kind", word::plain(&activity))];
    all.extend(effort!(u));
    all
}

/// A number; nothing when it was not said.
fn score(score: Option<i32>) -> String {
    score.map(|n| n.to_string()).unwrap_or_default()
}

fn yes_no(said: Option<bool>) -> String {
    said.map(|said| if said { "yes" } else { "no" }.to_owned())
        .unwrap_or_default()
}

fn swelling(swelling: v1::Swelling) -> String {
    word::plain(&word::bare(swelling.as_str_name(), "SWELLING"))
}
