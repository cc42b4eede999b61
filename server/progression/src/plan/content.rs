//! What a plan holds beside its tracks. No rule reads it: it is what an athlete and their
//! physio agreed on.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::fault::{Fault, Faults};
use crate::id::GoalId;

/// Entries of one list, at most.
const ENTRIES: usize = 12;
/// Places on the body, at most.
const SITES: usize = 8;
/// Characters of one entry, at most.
const TEXT: usize = 300;
/// Characters of a unit, at most.
const UNIT: usize = 40;

/// How much makes a goal reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// So much of it, 1–1 000 000.
    pub value: u32,
    /// Of what, such as "minutes" or "steps/min", 1–40 characters.
    pub unit: String,
}

/// A small goal beside the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written")]
pub struct MicroGoal {
    /// Its id, kept over revisions.
    pub id: GoalId,
    /// What it is about, 1–300 characters.
    pub what: String,
    /// When it is reached; absent in plans of a time when goals were words alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Until when, if that was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<NaiveDate>,
}

/// A goal as it may stand in a stored plan.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Words(String),
    Goal {
        id: GoalId,
        what: String,
        #[serde(default)]
        target: Option<Target>,
        #[serde(default)]
        by: Option<NaiveDate>,
    },
}

impl From<Written> for MicroGoal {
    fn from(written: Written) -> Self {
        match written {
            Written::Goal {
                id,
                what,
                target,
                by,
            } => Self {
                id,
                what,
                target,
                by,
            },
            // The same words are the same goal, however often they are read.
            Written::Words(what) => Self {
                id: named(&what),
                what,
                target: None,
                by: None,
            },
        }
    }
}

fn named(words: &str) -> GoalId {
    let digest = Sha256::digest(words);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    GoalId::from(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// What a coping tool is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CopingKind {
    /// A word that calls up how it shall feel.
    CueWord,
    /// A way of breathing.
    Breathing,
    /// Another way of looking at it.
    Reframing,
    /// Going through it beforehand in the mind.
    Rehearsal,
    /// Anything else.
    Other,
}

/// Something an athlete can do when it gets hard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenTool")]
pub struct CopingTool {
    /// What it is.
    pub kind: CopingKind,
    /// In the athlete's words, 1–300 characters.
    pub text: String,
}

/// A tool as it may stand in a stored plan.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenTool {
    Words(String),
    Tool { kind: CopingKind, text: String },
}

impl From<WrittenTool> for CopingTool {
    fn from(written: WrittenTool) -> Self {
        match written {
            WrittenTool::Tool { kind, text } => Self { kind, text },
            WrittenTool::Words(text) => Self {
                kind: CopingKind::Other,
                text,
            },
        }
    }
}

/// A side of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
    /// Both; also what is in the middle.
    Both,
}

macro_rules! sites {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $high_risk:literal;)+) => {
        /// A place on the body. A list of this project: `clinical.md` §8 names no code for
        /// any of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum BodySite {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl BodySite {
            /// Every place, from the back down to the toes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stored and transmitted name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Whether a bone stress injury there is a high-risk one (`clinical.md` §2; of
            /// the pelvis, on which the sources disagree, the stricter one).
            pub const fn high_risk_bone(self) -> bool {
                match self { $(Self::$name => $high_risk,)+ }
            }
        }
    };
}

sites! {
    /// The lower back.
    LowerBack, "LOWER_BACK", false;
    /// The pelvis, with sacrum and pubic bone.
    Pelvis, "PELVIS", true;
    /// The buttock and the upper end of the hamstrings.
    Buttock, "BUTTOCK", false;
    /// The hip joint.
    Hip, "HIP", false;
    /// The neck of the thigh bone.
    FemoralNeck, "FEMORAL_NECK", true;
    /// The groin.
    Groin, "GROIN", false;
    /// The front of the thigh.
    Quadriceps, "QUADRICEPS", false;
    /// The back of the thigh.
    Hamstring, "HAMSTRING", false;
    /// The outer side of the thigh and knee.
    IliotibialBand, "ILIOTIBIAL_BAND", false;
    /// The shaft of the thigh bone.
    FemoralShaft, "FEMORAL_SHAFT", false;
    /// The knee joint, with ligaments and menisci.
    Knee, "KNEE", false;
    /// The kneecap and its joint.
    Patellofemoral, "PATELLOFEMORAL", false;
    /// The tendon below the kneecap.
    PatellarTendon, "PATELLAR_TENDON", false;
    /// The inner edge of the shin bone.
    MedialTibia, "MEDIAL_TIBIA", false;
    /// The front of the shin bone.
    AnteriorTibia, "ANTERIOR_TIBIA", true;
    /// The calf bone.
    Fibula, "FIBULA", false;
    /// The calf.
    Calf, "CALF", false;
    /// The Achilles tendon.
    AchillesTendon, "ACHILLES_TENDON", false;
    /// The ankle joint, with its ligaments.
    Ankle, "ANKLE", false;
    /// The inner ankle bone.
    MedialMalleolus, "MEDIAL_MALLEOLUS", true;
    /// The talus.
    Talus, "TALUS", true;
    /// The heel bone.
    Heel, "HEEL", false;
    /// The sole, with its fascia.
    PlantarFascia, "PLANTAR_FASCIA", false;
    /// The navicular bone.
    Navicular, "NAVICULAR", true;
    /// The upper end of the fifth metatarsal.
    FifthMetatarsal, "FIFTH_METATARSAL", true;
    /// The base of the second metatarsal.
    SecondMetatarsalBase, "SECOND_METATARSAL_BASE", true;
    /// Any other part of the metatarsals.
    Metatarsals, "METATARSALS", false;
    /// The sesamoids of the big toe.
    Sesamoids, "SESAMOIDS", true;
    /// The toes.
    Toes, "TOES", false;
    /// Anywhere else.
    Other, "OTHER", false;
}

/// A place on the body that a plan is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Where.
    pub site: BodySite,
    /// On which side.
    pub side: Side,
}

impl super::PlanDefinition {
    pub(super) fn content_faults(&self, faults: &mut Faults) {
        faults.count("anchors", self.anchors.len(), 0, ENTRIES);
        for (index, text) in self.anchors.iter().enumerate() {
            faults.text(&format!("anchors[{index}]"), text, TEXT);
        }
        faults.count("micro_goals", self.micro_goals.len(), 0, ENTRIES);
        for (index, goal) in self.micro_goals.iter().enumerate() {
            faults.under(&format!("micro_goals[{index}]"), goal.validate());
        }
        let goals = self.micro_goals.iter().map(|goal| goal.id);
        faults.check(distinct(goals), "micro_goals", "names a goal twice");
        faults.count("coping_tools", self.coping_tools.len(), 0, ENTRIES);
        for (index, tool) in self.coping_tools.iter().enumerate() {
            faults.text(&format!("coping_tools[{index}].text"), &tool.text, TEXT);
        }
        let tools = self.coping_tools.iter().map(|tool| &tool.text);
        faults.check(distinct(tools), "coping_tools", "names a tool twice");
        faults.count("sites", self.sites.len(), 0, SITES);
        let sites = self.sites.iter().map(|site| site.site);
        faults.check(
            distinct(sites),
            "sites",
            "names a place twice; both sides are one entry",
        );
    }
}

fn distinct<T: Ord>(mut keys: impl Iterator<Item = T>) -> bool {
    let mut seen = BTreeSet::new();
    keys.all(|key| seen.insert(key))
}

impl MicroGoal {
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        faults.text("what", &self.what, TEXT);
        if let Some(target) = &self.target {
            faults.within("target", target.value, 1, 1_000_000);
            faults.text("unit", &target.unit, UNIT);
        }
        faults.list
    }
}
