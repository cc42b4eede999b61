//! The evidence that reasons rest on: rows of `clinical.md`, each with its sources.
//!
//! How do I add one? A line here, and its title and claim (`row-…`) in `en/physio.ftl`.

use super::source::Source::{self, Found, Known, Proposal, Secondary};
use crate::policy::TissueProfile;
use crate::reason::ReasonCode;

macro_rules! rows {
    ($($name:ident = $code:literal: [$($source:expr),+];)+) => {
        /// One row of the evidence. [`Voice::title`](super::Voice::title) and
        /// [`Voice::claim`](super::Voice::claim) say what stands in it.
        #[expect(missing_docs, reason = "the catalogue says what each row claims")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EvidenceRow { $($name,)+ }

        impl EvidenceRow {
            /// Every row.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The transmitted name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Where it comes from; never empty.
            pub const fn sources(self) -> &'static [Source] {
                match self { $(Self::$name => &[$($source),+],)+ }
            }
        }
    };
}

rows! {
    RedFlagTiers = "RED_FLAG_TIERS": [Found(26), Found(27), Found(28), Found(29), Found(30), Proposal];
    TrafficLight = "TRAFFIC_LIGHT": [Found(18), Found(19), Found(20)];
    Tendon = "TENDON": [Found(21), Known("Thomeé 1997 draws safe at 0–2")];
    BoneStress = "BONE_STRESS": [Found(22), Found(1), Secondary(14)];
    Joint = "JOINT": [Secondary(23), Known("Esculier 2018 BJSM"), Proposal];
    Mtss = "MTSS": [Found(13)];
    Muscle = "MUSCLE": [Found(24), Known("limit of 4/10: Hickey 2020")];
    PostOpKnee = "POST_OP_KNEE": [Found(15), Found(4), Proposal];
    Unspecified = "UNSPECIFIED": [Proposal];
    MorningResponse = "MORNING_RESPONSE": [Found(25), Found(21), Proposal];
    MorningGate = "MORNING_GATE": [Found(3), Found(4), Found(21)];
    TwoReds = "TWO_REDS": [Secondary(64), Secondary(14), Proposal];
    LongGap = "LONG_GAP": [Proposal];
    OneLadder = "ONE_LADDER": [Secondary(14), Found(17), Proposal];
    Stuck = "STUCK": [Found(11), Proposal];
    Spike = "SPIKE": [Found(35), Proposal];
    Gaps = "GAPS": [Found(62)];
    Silence = "SILENCE": [Secondary(64)];
    WeekToWeek = "WEEK_TO_WEEK": [Known("Silbernagel 2007 AJSM"), Secondary(64), Proposal];
    Illness = "ILLNESS": [Proposal];
    Readiness = "READINESS": [Found(60), Found(61), Proposal];
    Expectation = "EXPECTATION": [Found(39), Found(40), Found(41), Proposal];
    Fear = "FEAR": [Found(44), Found(45), Proposal];
    Confidence = "CONFIDENCE": [Found(46)];
    Adherence = "ADHERENCE": [Found(67), Proposal];
    RestDays = "REST_DAYS": [Found(2), Found(3), Found(10)];
    Successes = "SUCCESSES": [Found(2), Found(8)];
    WeeklyCap = "WEEKLY_CAP": [Found(3), Found(5)];
    Deload = "DELOAD": [Found(38), Found(33)];
    PhysioDecides = "PHYSIO_DECIDES": [Secondary(71), Proposal];
    Records = "RECORDS": [Found(69)];
}

impl EvidenceRow {
    /// The row of a tissue's own pain bands.
    pub const fn of(profile: TissueProfile) -> Self {
        match profile {
            TissueProfile::Tendon => Self::Tendon,
            TissueProfile::BoneStress => Self::BoneStress,
            TissueProfile::Joint => Self::Joint,
            TissueProfile::Mtss => Self::Mtss,
            TissueProfile::Muscle => Self::Muscle,
            TissueProfile::PostOpKnee => Self::PostOpKnee,
            TissueProfile::Unspecified => Self::Unspecified,
        }
    }
}

/// What the rule of a reason rests on; never empty.
pub const fn rows(code: ReasonCode) -> &'static [EvidenceRow] {
    use EvidenceRow as Row;
    match code {
        ReasonCode::RedFlag => &[Row::RedFlagTiers],
        ReasonCode::RedAgain => &[Row::TwoReds],
        ReasonCode::NeedsClearance | ReasonCode::Layoff => &[Row::LongGap],
        ReasonCode::AtBottom | ReasonCode::AmberThrice => &[Row::Stuck],
        ReasonCode::BonePain => &[Row::BoneStress],
        ReasonCode::PainRed | ReasonCode::PainAmber | ReasonCode::UnplannedRed => {
            &[Row::TrafficLight]
        }
        ReasonCode::MorningRed | ReasonCode::MorningAmber => {
            &[Row::MorningResponse, Row::MorningGate]
        }
        ReasonCode::OtherTrackRed | ReasonCode::Locked | ReasonCode::Unlocked => &[Row::OneLadder],
        ReasonCode::Spike => &[Row::Spike],
        ReasonCode::MorningMissing => &[Row::MorningGate, Row::Gaps],
        ReasonCode::Silent => &[Row::Silence],
        ReasonCode::Illness | ReasonCode::IllnessLong => &[Row::Illness],
        ReasonCode::WeeklyTrend => &[Row::WeekToWeek],
        ReasonCode::Late => &[Row::Gaps, Row::Records],
        ReasonCode::Corrected => &[Row::Records],
        ReasonCode::FearedOutcome => &[Row::Expectation],
        ReasonCode::Overdone | ReasonCode::Underdone => &[Row::Adherence],
        ReasonCode::Overdoing => &[Row::RestDays, Row::Adherence],
        ReasonCode::RestNotMet => &[Row::RestDays],
        ReasonCode::ConfidenceMissing => &[Row::Confidence, Row::Gaps],
        ReasonCode::ConfidenceLow => &[Row::Confidence],
        ReasonCode::FearHigh => &[Row::Fear],
        ReasonCode::ConfidenceStuck => &[Row::Confidence, Row::Fear],
        ReasonCode::ReadinessLow | ReasonCode::ReadinessTrend => &[Row::Readiness],
        ReasonCode::DeloadWeek => &[Row::Deload],
        ReasonCode::Moved | ReasonCode::LadderDone | ReasonCode::Counted => &[Row::Successes],
        ReasonCode::AwaitMorning | ReasonCode::TooEarly | ReasonCode::UnmatchedMorning => {
            &[Row::MorningGate]
        }
        ReasonCode::WeeklyCap => &[Row::WeeklyCap],
        ReasonCode::Paused
        | ReasonCode::NeedsApproval
        | ReasonCode::Start
        | ReasonCode::Pause
        | ReasonCode::Resume
        | ReasonCode::Approve
        | ReasonCode::Decline => &[Row::PhysioDecides],
        ReasonCode::MoveTo | ReasonCode::Amend => &[Row::PhysioDecides, Row::Records],
    }
}

/// [`rows`], on a track of this tissue: behind the bands that are common the tissue's own.
pub fn rows_on(code: ReasonCode, profile: Option<TissueProfile>) -> Vec<EvidenceRow> {
    let with_tissue = rows(code).iter().flat_map(|row| {
        let tissue = profile.filter(|_| *row == EvidenceRow::TrafficLight);
        [Some(*row), tissue.map(EvidenceRow::of)]
    });
    with_tissue.flatten().collect()
}
