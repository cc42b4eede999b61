//! Signs that need a clinician before the next step, whatever the ladder says.
//!
//! From `clinical.md` §2: exertional collapse, chest pain and breathlessness
//! (AAFP 1999, "Warning symptoms in athletes"), compartment syndrome, deep vein
//! thrombosis presenting as a calf strain (PubMed 22146368), groin pain and the
//! femoral neck (PMC6226070), missed periods and recurrent bone stress (IOC REDs
//! CAT2). The tiers are this project's proposal and need a clinician's sign-off.
//!
//! A check-in always carries a list: an empty one was given explicitly as "none".

use serde::{Deserialize, Serialize};

/// How soon somebody has to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Tier {
    /// Emergency services now.
    Emergency,
    /// A clinician today.
    SameDay,
    /// A clinician within one to three days.
    #[serde(rename = "WITHIN_72_HOURS")]
    Within72Hours,
}

impl Tier {
    /// Every tier, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Emergency, Self::SameDay, Self::Within72Hours];

    /// What an athlete with a flag of it shall do, in plain words.
    const fn advice(self) -> &'static str {
        match self {
            Self::Emergency => {
                "Stop, do not run or train, and call the emergency services now. Then tell \
                 your physiotherapist."
            }
            Self::SameDay => {
                "Stop, do not run or train, and see a doctor or your physiotherapist today. \
                 If nobody can see you today, go to an emergency department."
            }
            Self::Within72Hours => {
                "Do not run or train, and let a doctor or your physiotherapist look at it \
                 within three days; at once if it gets worse."
            }
        }
    }
}

macro_rules! red_flags {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $tier:ident, $question:literal;)+) => {
        /// A red flag an athlete can report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum RedFlag {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl RedFlag {
            /// Every flag, most urgent tier first.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stored and transmitted name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// How soon somebody has to look.
            pub const fn tier(self) -> Tier {
                match self { $(Self::$name => Tier::$tier,)+ }
            }

            /// What an athlete who has it shall do, in plain words.
            pub const fn advice(self) -> &'static str {
                match self {
                    Self::SelfHarm => {
                        "Call the emergency services or a crisis line now, and do not stay \
                         alone. Then tell your physiotherapist."
                    }
                    _ => self.tier().advice(),
                }
            }

            /// What an athlete is asked, in plain words.
            pub const fn question(self) -> &'static str {
                match self { $(Self::$name => $question,)+ }
            }
        }
    };
}

red_flags! {
    /// Exertional syncope.
    Fainting, "FAINTING", Emergency,
        "Did you faint or nearly faint during or right after effort?";
    /// Chest pain.
    ChestPain, "CHEST_PAIN", Emergency, "Did you have pain or pressure in your chest?";
    /// Palpitations.
    Palpitations, "PALPITATIONS", Emergency,
        "Did your heart race, flutter or skip in a way that was new to you?";
    /// Breathlessness out of proportion to the effort.
    Breathlessness, "BREATHLESSNESS", Emergency,
        "Were you short of breath far beyond what the effort explains?";
    /// Suspected pulmonary embolism.
    SuddenBreathlessness, "SUDDEN_BREATHLESSNESS", Emergency,
        "Did breathlessness come suddenly, hurt on breathing in, or make you cough blood?";
    /// Saddle numbness.
    SaddleNumbness, "SADDLE_NUMBNESS", Emergency,
        "Is the area that would touch a saddle numb or tingling?";
    /// Change of bladder or bowel function.
    BladderOrBowel, "BLADDER_OR_BOWEL", Emergency,
        "Has your control of bladder or bowel changed?";
    /// Weakness of both legs.
    BothLegsWeak, "BOTH_LEGS_WEAK", Emergency, "Are both legs weak?";
    /// Escalating limb pain out of proportion, numbness or pallor (compartment syndrome).
    LimbPainEscalating, "LIMB_PAIN_ESCALATING", Emergency,
        "Does a limb hurt more and more, far beyond what happened, or is it numb, pale or tight?";
    /// A statement of self-harm.
    SelfHarm, "SELF_HARM", Emergency, "Do you have thoughts of harming yourself?";
    /// Calf swelling, warmth or redness without a mechanism (deep vein thrombosis).
    CalfSwelling, "CALF_SWELLING", SameDay,
        "Is a calf swollen, warm or red without an injury that explains it?";
    /// Groin or deep hip pain with running (femoral-neck bone stress).
    GroinOrHipPain, "GROIN_OR_HIP_PAIN", SameDay,
        "Do you feel pain in the groin or deep in the hip when you run?";
    /// Cannot bear weight.
    CannotBearWeight, "CANNOT_BEAR_WEIGHT", SameDay, "Are you unable to put weight on the leg?";
    /// A pop or sudden weakness.
    PopOrSuddenWeakness, "POP_OR_SUDDEN_WEAKNESS", SameDay,
        "Did you feel or hear a pop, or did the leg suddenly go weak?";
    /// Fever or a change of a wound.
    FeverOrWound, "FEVER_OR_WOUND", SameDay, "Do you have a fever, or has a wound changed?";
    /// Pain at night or at rest.
    NightOrRestPain, "NIGHT_OR_REST_PAIN", Within72Hours,
        "Does it hurt at night or when you rest?";
    /// Focal bony tenderness.
    BonyTenderness, "BONY_TENDERNESS", Within72Hours,
        "Is one spot on a bone tender when you press it?";
    /// A limp that is new.
    NewLimp, "NEW_LIMP", Within72Hours, "Do you limp in everyday walking, and is that new?";
    /// Locking or giving way of a joint.
    LockingOrGivingWay, "LOCKING_OR_GIVING_WAY", Within72Hours,
        "Does a joint lock or give way?";
    /// A new joint effusion.
    NewEffusion, "NEW_EFFUSION", Within72Hours, "Is a joint newly swollen?";
    /// Missed periods (relative energy deficiency).
    MissedPeriods, "MISSED_PERIODS", Within72Hours,
        "Have your periods stopped or become rare without an explanation?";
    /// A recurrent bone stress injury.
    RecurrentBoneStress, "RECURRENT_BONE_STRESS", Within72Hours,
        "Does this feel like a bone stress injury you had before?";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_ordered_by_urgency_and_every_code_reads_back() {
        assert!(RedFlag::ALL.is_sorted_by_key(|flag| flag.tier()));
        for flag in RedFlag::ALL {
            let json = serde_json::to_string(flag).expect("writes");
            assert_eq!(json, format!("{:?}", flag.code()));
            assert_eq!(
                serde_json::from_str::<RedFlag>(&json).expect("reads"),
                *flag
            );
            assert!(flag.question().ends_with('?'));
            assert!(flag.advice().ends_with('.'));
        }
        for tier in Tier::ALL {
            assert!(RedFlag::ALL.iter().any(|flag| flag.tier() == tier));
        }
        assert_eq!(
            serde_json::to_string(&Tier::Within72Hours).expect("writes"),
            "\"WITHIN_72_HOURS\""
        );
    }
}
