//! Replacements for single limits of a policy, as a ladder or a plan writes them.

use serde::{Deserialize, Serialize};

use super::{LayoffRow, Policy};

macro_rules! edits {
    ($($(#[$doc:meta])* $field:ident: $kind:ty,)+) => {
        /// Values that replace those of a [`Policy`]; what is absent stays as it is.
        /// Units, ranges and worse ends are those of the policy's fields.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct PolicyEdits {
            $($(#[$doc])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$kind>,)+
        }

        impl PolicyEdits {
            /// Whether nothing is replaced.
            pub fn is_empty(&self) -> bool {
                $(self.$field.is_none())&&+
            }

            pub(super) fn apply(&self, mut policy: Policy) -> Policy {
                $(if let Some(value) = &self.$field {
                    policy.$field = value.clone().into();
                })+
                policy
            }
        }
    };
}

edits! {
    /// See [`Policy::green_max`].
    green_max: u32,
    /// See [`Policy::amber_max`].
    amber_max: u32,
    /// See [`Policy::morning_amber_points`].
    morning_amber_points: u32,
    /// See [`Policy::morning_red_points`].
    morning_red_points: u32,
    /// See [`Policy::successes_to_advance`].
    successes_to_advance: u32,
    /// See [`Policy::rest_days`].
    rest_days: u32,
    /// See [`Policy::red_rest_days`].
    red_rest_days: u32,
    /// See [`Policy::max_advances_per_7_days`].
    max_advances_per_7_days: u32,
    /// See [`Policy::confidence_min`].
    confidence_min: u32,
    /// See [`Policy::require_confidence`].
    require_confidence: bool,
    /// See [`Policy::fear_max`].
    fear_max: u32,
    /// See [`Policy::completion_min`].
    completion_min: u32,
    /// See [`Policy::completion_max`].
    completion_max: u32,
    /// See [`Policy::morning_window_hours`].
    morning_window_hours: u32,
    /// See [`Policy::stiffness_amber_minutes`].
    stiffness_amber_minutes: u32,
    /// See [`Policy::contexts_required`].
    contexts_required: u32,
    /// See [`Policy::deload_every_weeks`].
    deload_every_weeks: u32,
    /// See [`Policy::deload_percent`].
    deload_percent: u32,
    /// See [`Policy::readiness_percent`].
    readiness_percent: u32,
    /// See [`Policy::layoff`].
    layoff: Vec<LayoffRow>,
}
