//! Typed ids. The engine makes none: storage and clients do, so that a replay
//! meets the same ids again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The bare value, for storage and wire formats.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// A clinic: the tenant every clinical row belongs to.
    ClinicId;
    /// A human with an account, whatever the clinics.
    PersonId;
    /// A person's place in one clinic, with its roles.
    MembershipId;
    /// A login of a person.
    SessionId;
    /// An invitation that has not been accepted yet.
    InvitationId;
    /// An athlete's record in one clinic.
    AthleteId;
    /// One version of a ladder.
    LadderId;
    /// One athlete's prescription.
    PlanId;
    /// A ladder inside a plan; outlives revisions of the plan.
    TrackId;
    /// A small goal of a plan; outlives revisions of the plan.
    GoalId;
    /// What an athlete reported; made by the client, its idempotency key.
    CheckInId;
    /// Anything the engine was asked to decide on.
    EventId;
    /// One stored decision.
    DecisionId;
    /// An emergency in which somebody read a record outside their care.
    BreakGlassId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_writes() {
        let id = TrackId::from(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<TrackId>(), Ok(id));
        let json = serde_json::to_string(&id).expect("serializes");
        assert_eq!(json, "\"00000000-0000-0000-0000-000000000007\"");
        assert_eq!(serde_json::from_str::<TrackId>(&json).expect("reads"), id);
    }
}
