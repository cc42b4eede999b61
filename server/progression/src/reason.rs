//! Why a decision is what it is: a code, and what was observed against which limit.
//!
//! How do I add one? A variant here in the page's spelling, its sentence in
//! [`crate::explain`], and the rule that fires it in [`crate::engine`].

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::decision::{Ask, Outcome};
use crate::id::TrackId;

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stored and transmitted name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }
    };
}

codes! {
    /// The rule that fired. The order is that of severity among reasons that ask
    /// for the same outcome.
    ReasonCode {
        /// A red flag on a check-in.
        RedFlag = "RED_FLAG",
        /// The plan was paused already.
        Paused = "PAUSED",
        /// RED soon after RED.
        RedAgain = "RED_AGAIN",
        /// There is no rung to step back to.
        AtBottom = "AT_BOTTOM",
        /// 42 days without a session.
        NeedsClearance = "NEEDS_CLEARANCE",
        /// A RED session of the BONE_STRESS profile.
        BonePain = "BONE_PAIN",
        /// A RED session.
        PainRed = "PAIN_RED",
        /// A RED morning.
        MorningRed = "MORNING_RED",
        /// A RED unplanned activity.
        UnplannedRed = "UNPLANNED_RED",
        /// RED on another running track.
        OtherTrackRed = "OTHER_TRACK_RED",
        /// The third session in a row that was not GREEN.
        AmberThrice = "AMBER_THRICE",
        /// Much further than in the last 30 days.
        Spike = "SPIKE",
        /// An AMBER session.
        PainAmber = "PAIN_AMBER",
        /// An AMBER morning.
        MorningAmber = "MORNING_AMBER",
        /// A gap between sessions.
        Layoff = "LAYOFF",
        /// No morning came for a session.
        MorningMissing = "MORNING_MISSING",
        /// Two mornings in a row are missing.
        Silent = "SILENT",
        /// Unwell.
        Illness = "ILLNESS",
        /// Unwell for 7 days.
        IllnessLong = "ILLNESS_LONG",
        /// Morning pain or stiffness rises week over week.
        WeeklyTrend = "WEEKLY_TREND",
        /// Reported after a later session.
        Late = "LATE",
        /// A check-in was corrected.
        Corrected = "CORRECTED",
        /// The feared outcome happened.
        FearedOutcome = "FEARED_OUTCOME",
        /// More than was advised.
        Overdone = "OVERDONE",
        /// Too early or too much three times in a row.
        Overdoing = "OVERDOING",
        /// Before the rest was over.
        RestNotMet = "REST_NOT_MET",
        /// Less than was advised.
        Underdone = "UNDERDONE",
        /// No answer about confidence.
        ConfidenceMissing = "CONFIDENCE_MISSING",
        /// Low confidence.
        ConfidenceLow = "CONFIDENCE_LOW",
        /// High fear.
        FearHigh = "FEAR_HIGH",
        /// Confidence or fear stands still for three sessions.
        ConfidenceStuck = "CONFIDENCE_STUCK",
        /// A day of low readiness.
        ReadinessLow = "READINESS_LOW",
        /// Three days of low readiness in a row.
        ReadinessTrend = "READINESS_TREND",
        /// A lighter week.
        DeloadWeek = "DELOAD_WEEK",
        /// The track is not open yet.
        Locked = "LOCKED",
        /// The rung changed since the session.
        Moved = "MOVED",
        /// The session waits for its morning.
        AwaitMorning = "AWAIT_MORNING",
        /// A morning on the day of the session or less than 4 hours after it.
        TooEarly = "TOO_EARLY",
        /// A morning that answers no session.
        UnmatchedMorning = "UNMATCHED_MORNING",
        /// The end of the ladder.
        LadderDone = "LADDER_DONE",
        /// Enough steps up for now.
        WeeklyCap = "WEEKLY_CAP",
        /// The next rung needs the physio's word.
        NeedsApproval = "NEEDS_APPROVAL",
        /// The session counted.
        Counted = "COUNTED",
        /// The track opened.
        Unlocked = "UNLOCKED",
        /// A physio started the plan.
        Start = "START",
        /// A physio paused the plan.
        Pause = "PAUSE",
        /// A physio resumed the plan.
        Resume = "RESUME",
        /// A physio moved a track.
        MoveTo = "MOVE_TO",
        /// A physio approved a step up.
        Approve = "APPROVE",
        /// A physio declined a step up.
        Decline = "DECLINE",
        /// A physio amended the plan.
        Amend = "AMEND",
    }
}

codes! {
    /// What a piece of evidence measures; it gives the unit, and which side of the
    /// threshold is meant.
    Measure {
        /// NPRS before, 0–10. Threshold: highest that is not worse.
        PainBefore = "PAIN_BEFORE",
        /// NPRS during, 0–10. Threshold: highest that is not worse.
        PainDuring = "PAIN_DURING",
        /// NPRS after, 0–10. Threshold: highest that is not worse.
        PainAfter = "PAIN_AFTER",
        /// Points of morning pain over baseline. Threshold: from here on.
        MorningPainOverBaseline = "MORNING_PAIN_OVER_BASELINE",
        /// Minutes of morning stiffness over baseline. Threshold: from here on.
        StiffnessOverBaseline = "STIFFNESS_OVER_BASELINE",
        /// Whether the way of moving changed. Threshold: what is expected.
        AlteredGait = "ALTERED_GAIT",
        /// NONE, UNCHANGED or INCREASED. Threshold: what is not accepted.
        Swelling = "SWELLING",
        /// A red flag's code.
        RedFlag = "RED_FLAG",
        /// A grade. Threshold: the grade that fires the rule.
        Grade = "GRADE",
        /// What paused the plan, and since when.
        PauseCause = "PAUSE_CAUSE",
        /// The date a pause began.
        PausedSince = "PAUSED_SINCE",
        /// RED sessions among those looked at. Threshold: from here on.
        RedSessions = "RED_SESSIONS",
        /// Whether the session before led to a step back.
        SteppedBack = "STEPPED_BACK",
        /// Sessions in a row that were not GREEN. Threshold: from here on.
        NotGreenInARow = "NOT_GREEN_IN_A_ROW",
        /// A rung; −1: the track is LOCKED. Threshold: the rung it is held against.
        Rung = "RUNG",
        /// The rung a rule asks for. Threshold: the lowest there is.
        TargetRung = "TARGET_RUNG",
        /// A session's date. Threshold: the first allowed one.
        SessionDate = "SESSION_DATE",
        /// A session's instant. Threshold: the first allowed one.
        SessionAt = "SESSION_AT",
        /// Percent of the advised dose. Threshold: the limit crossed.
        Completion = "COMPLETION",
        /// Confidence 0–10. Threshold: lowest that counts.
        Confidence = "CONFIDENCE",
        /// Fear 0–100. Threshold: highest that counts.
        Fear = "FEAR",
        /// Sessions in a row. Threshold: from here on.
        SessionsInARow = "SESSIONS_IN_A_ROW",
        /// Sessions counted on this rung. Threshold: how many are needed.
        Counted = "COUNTED",
        /// Distinct contexts of the counted sessions. Threshold: how many are needed.
        Contexts = "CONTEXTS",
        /// Whether the feared outcome happened. Threshold: what lets it count.
        FearedOutcome = "FEARED_OUTCOME",
        /// Steps up within 7 dates. Threshold: how many are allowed.
        AdvancesIn7Days = "ADVANCES_IN_7_DAYS",
        /// Hours since the session, rounded down. Threshold: the limit.
        HoursSinceSession = "HOURS_SINCE_SESSION",
        /// Days beyond the usual spacing. Threshold: the row's first.
        GapDays = "GAP_DAYS",
        /// The dose in percent of that of the rung before the gap, rounded up.
        /// Threshold: the most the row allows.
        DosePercent = "DOSE_PERCENT",
        /// Days since anything was done. Threshold: from here on.
        DaysWithoutSession = "DAYS_WITHOUT_SESSION",
        /// Mornings missing in a row. Threshold: from here on.
        MorningsMissing = "MORNINGS_MISSING",
        /// Another track.
        Track = "TRACK",
        /// Whether a track is done.
        TrackDone = "TRACK_DONE",
        /// Whether a rung needs a physio's word.
        ApprovalNeeded = "APPROVAL_NEEDED",
        /// The first judged date of a plan.
        EffectiveDate = "EFFECTIVE_DATE",
        /// An event's date. Threshold: the date a rule counts from or to instead.
        EventDate = "EVENT_DATE",
        /// What a physio wrote.
        PhysioReason = "PHYSIO_REASON",
        /// The first well day after an illness.
        WellFrom = "WELL_FROM",
        /// The date an illness was first reported.
        IllSince = "ILL_SINCE",
        /// Days of an illness. Threshold: from here on.
        IllDays = "ILL_DAYS",
        /// Wellness items clearly worse than usual. Threshold: from here on.
        BadItems = "BAD_ITEMS",
        /// A wellness item that is clearly worse than usual: SLEEP, ENERGY, CALM,
        /// MOOD, FRESHNESS or FUELLING.
        Item = "ITEM",
        /// Minutes of sleep. Threshold: the least that is enough.
        SleepMinutes = "SLEEP_MINUTES",
        /// A date of low readiness.
        LowDate = "LOW_DATE",
        /// Dates of low readiness in a row. Threshold: from here on.
        LowDaysInARow = "LOW_DAYS_IN_A_ROW",
        /// The week of the plan, from 1. Threshold: every how many weeks one is lighter.
        DeloadWeek = "DELOAD_WEEK",
        /// Percent of the dose in a lighter week.
        DeloadPercent = "DELOAD_PERCENT",
        /// Percent of the dose on a day of low readiness.
        ReadinessPercent = "READINESS_PERCENT",
        /// Metres of an unplanned run. Threshold: the most that is no spike.
        DistanceM = "DISTANCE_M",
        /// Metres of the longest run of the 30 days before.
        LongestM = "LONGEST_M",
        /// What an unplanned activity was: RUN or OTHER.
        Activity = "ACTIVITY",
        /// The check-in that was corrected.
        CorrectedEvent = "CORRECTED_EVENT",
        /// Mean morning pain of the last finished week, in hundredths of a point.
        /// Threshold: of the week before.
        WeekMeanPain = "WEEK_MEAN_PAIN",
        /// Mean morning stiffness of the last finished week, in hundredths of a minute.
        /// Threshold: of the week before.
        WeekMeanStiffness = "WEEK_MEAN_STIFFNESS",
        /// A revision of the plan. Threshold: the former one.
        Revision = "REVISION",
    }
}

/// An observed value or a threshold; the measure gives the unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Value {
    /// A whole number.
    Number(i64),
    /// A civil date.
    Date(NaiveDate),
    /// An instant.
    Instant(DateTime<Utc>),
    /// Yes or no.
    Flag(bool),
    /// One of a fixed list of names.
    Code(Cow<'static, str>),
    /// A track of the plan.
    Track(TrackId),
    /// Free text.
    Text(String),
}

impl Value {
    /// One of a fixed list of names.
    pub(crate) const fn code(name: &'static str) -> Self {
        Self::Code(Cow::Borrowed(name))
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Number(i64::from(value))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<NaiveDate> for Value {
    fn from(value: NaiveDate) -> Self {
        Self::Date(value)
    }
}

impl From<DateTime<Utc>> for Value {
    fn from(value: DateTime<Utc>) -> Self {
        Self::Instant(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<crate::scale::RungIndex> for Value {
    fn from(value: crate::scale::RungIndex) -> Self {
        Self::from(value.get())
    }
}

impl From<TrackId> for Value {
    fn from(value: TrackId) -> Self {
        Self::Track(value)
    }
}

/// What was observed and the limit it was held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What is measured.
    pub measure: Measure,
    /// What was seen; absent: no answer was given.
    pub observed: Option<Value>,
    /// What it was held against, where the rule has a limit.
    pub threshold: Option<Value>,
}

/// One fired rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule.
    pub code: ReasonCode,
    /// What this rule alone asks for; the least aggressive of all wins.
    pub outcome: Outcome,
    /// Whether it wants the physio to look.
    pub ask: Option<Ask>,
    /// What it rests on; never empty.
    pub evidence: Vec<Evidence>,
}

impl Reason {
    pub(crate) fn new(code: ReasonCode, outcome: Outcome) -> Self {
        Self {
            code,
            outcome,
            ask: None,
            evidence: Vec::new(),
        }
    }

    #[must_use]
    pub(crate) fn ask_if(mut self, condition: bool) -> Self {
        if condition {
            self.ask = self.ask.max(Some(Ask { urgent: false }));
        }
        self
    }

    #[must_use]
    pub(crate) fn urgent(mut self) -> Self {
        self.ask = Some(Ask { urgent: true });
        self
    }

    /// Adds a value without a limit.
    #[must_use]
    pub(crate) fn saw(mut self, measure: Measure, observed: impl Into<Value>) -> Self {
        let observed = Some(observed.into());
        self.evidence.push(Evidence {
            measure,
            observed,
            threshold: None,
        });
        self
    }

    /// Adds a value and the limit it was held against.
    #[must_use]
    pub(crate) fn held(
        mut self,
        measure: Measure,
        observed: impl Into<Value>,
        threshold: impl Into<Value>,
    ) -> Self {
        self.evidence.push(Evidence {
            measure,
            observed: Some(observed.into()),
            threshold: Some(threshold.into()),
        });
        self
    }

    /// Adds a limit nothing was answered to.
    #[must_use]
    pub(crate) fn unanswered(mut self, measure: Measure, threshold: impl Into<Value>) -> Self {
        let threshold = Some(threshold.into());
        self.evidence.push(Evidence {
            measure,
            observed: None,
            threshold,
        });
        self
    }
}
