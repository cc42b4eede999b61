//! Permission as a type. A storage function on somebody's data takes one of these, and only this module makes them:
//! a forgotten check does not compile.
//!
//! How do I add one? A struct with private fields and getters here, and in `judge.rs` the function that judges rule, role
//! and relation, and notes on the trail what came of it. Hidden things answer like missing ones.

mod judge;

pub(super) use judge::{
    Ask, athlete, athlete_account, athlete_glass, care, clinic, decision, plan, supporter,
};
use rung_progression::{AthleteId, BreakGlassId, ClinicId, DecisionId, PersonId, PlanId};
use uuid::Uuid;

use super::{
    part::{Part, Parts},
    role::{Role, Roles},
};
use crate::mutant::off;
use crate::{
    error::{Error, Result},
    storage::{
        Conn,
        identity::{membership, person},
    },
};

/// How the caller stands to an athlete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// They are the athlete.
    Own,
    /// They are on the care team, or a physiotherapist of a clinic with shared care.
    Care,
    /// A physiotherapist who broke the glass: for reading.
    Glass(BreakGlassId),
    /// A supporter to whom a consent in force opens these parts.
    Consented(Parts),
    /// A service account of the clinic with the scope for the method.
    Service,
    /// Nobody: the server itself.
    Machine,
}

/// May work with what belongs to the whole clinic: its ladders and members, not the athletes' records.
#[derive(Clone, Debug)]
pub(crate) struct ClinicAccess {
    clinic: ClinicId,
    person: PersonId,
    roles: Roles,
}

/// May see the athletes in the caller's own care, and no others: a query that takes this joins the care team of
/// [`CareAccess::person`], unless care is shared.
#[derive(Clone, Debug)]
pub(crate) struct CareAccess {
    clinic: ClinicId,
    person: PersonId,
    shared: bool,
}

/// May work with one athlete's record.
#[derive(Clone, Debug)]
pub(crate) struct AthleteAccess {
    clinic: ClinicId,
    athlete: AthleteId,
    person: PersonId,
    relation: Relation,
}

/// May work with one plan.
#[derive(Clone, Debug)]
pub(crate) struct PlanAccess {
    athlete: AthleteAccess,
    plan: PlanId,
}

/// May read one decision.
#[derive(Clone, Debug)]
pub(crate) struct DecisionAccess {
    plan: PlanAccess,
    decision: DecisionId,
}

/// May decide who has to do with an athlete: who signs in as them, who cares for them, that they are erased. It opens
/// nothing of the record: an admin has it and sees no clinical content.
#[derive(Clone, Debug)]
pub(crate) struct AthleteAccountAccess {
    clinic: ClinicId,
    athlete: AthleteId,
    person: PersonId,
    in_care: bool,
}

/// May break the glass before an athlete's record.
#[derive(Clone, Debug)]
pub(crate) struct GlassAccess {
    clinic: ClinicId,
    athlete: AthleteId,
    person: PersonId,
    glass: BreakGlassId,
}

/// May take in the archive of an athlete. The operator has it, for somebody of the clinic who is to lead the care.
#[derive(Clone, Debug)]
pub(crate) struct ImportAccess {
    clinic: ClinicId,
    lead: PersonId,
}

/// May see what was granted to the caller as a supporter.
#[derive(Clone, Debug)]
pub(crate) struct SupporterAccess {
    clinic: ClinicId,
    person: PersonId,
}

impl ClinicAccess {
    /// The clinic of the token.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// Who calls.
    pub(crate) fn person(&self) -> PersonId {
        self.person
    }

    /// The caller's roles that count for this method.
    pub(crate) fn roles(&self) -> Roles {
        self.roles
    }
}

impl CareAccess {
    /// The clinic of the token.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// Who calls, and whose care is meant.
    pub(crate) fn person(&self) -> PersonId {
        self.person
    }

    /// Every athlete of the clinic is in the caller's care.
    pub(crate) fn shared(&self) -> bool {
        self.shared
    }
}

impl AthleteAccess {
    /// The clinic of the token, and of the athlete.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// The athlete.
    pub(crate) fn athlete(&self) -> AthleteId {
        self.athlete
    }

    /// Who calls.
    pub(crate) fn person(&self) -> PersonId {
        self.person
    }

    /// How the caller stands to the athlete.
    pub(crate) fn relation(&self) -> Relation {
        self.relation
    }

    /// Whether the caller may read free text.
    pub(crate) fn shows_notes(&self) -> bool {
        match self.relation {
            Relation::Consented(parts) => parts.contains(Part::Notes) || off("consent-notes"),
            Relation::Own
            | Relation::Care
            | Relation::Glass(_)
            | Relation::Service
            | Relation::Machine => true,
        }
    }
}

impl PlanAccess {
    /// Of the server itself, for what time alone decides and for checking what is stored: nobody asks, and nobody is
    /// shown anything of it.
    pub(crate) fn of_machine(clinic: ClinicId, athlete: AthleteId, plan: PlanId) -> Self {
        let athlete = AthleteAccess {
            clinic,
            athlete,
            person: PersonId::from(Uuid::nil()),
            relation: Relation::Machine,
        };
        Self { athlete, plan }
    }

    /// The same, for the athlete that the plan is for.
    pub(crate) fn athlete(&self) -> &AthleteAccess {
        &self.athlete
    }

    /// The clinic of the token, and of the plan.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.athlete.clinic
    }

    /// Who calls.
    pub(crate) fn person(&self) -> PersonId {
        self.athlete.person
    }

    /// The plan.
    pub(crate) fn plan(&self) -> PlanId {
        self.plan
    }
}

impl DecisionAccess {
    /// The same, for the plan that was decided on.
    pub(crate) fn plan(&self) -> &PlanAccess {
        &self.plan
    }

    /// The decision.
    pub(crate) fn decision(&self) -> DecisionId {
        self.decision
    }
}

impl AthleteAccountAccess {
    /// The clinic of the token, and of the athlete.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// The athlete.
    pub(crate) fn athlete(&self) -> AthleteId {
        self.athlete
    }

    /// Who calls.
    pub(crate) fn person(&self) -> PersonId {
        self.person
    }

    /// Whether the caller has it from caring for the athlete, and not from running the clinic.
    pub(crate) fn in_care(&self) -> bool {
        self.in_care
    }
}

impl GlassAccess {
    /// The clinic of the token, and of the athlete.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// The athlete.
    pub(crate) fn athlete(&self) -> AthleteId {
        self.athlete
    }

    /// Who calls.
    pub(crate) fn person(&self) -> PersonId {
        self.person
    }

    /// What is about to be broken.
    pub(crate) fn glass(&self) -> BreakGlassId {
        self.glass
    }
}

impl ImportAccess {
    /// Of the operator at the machine: `lead` has to be a physiotherapist of the clinic.
    pub(crate) async fn of_operator(
        conn: &mut Conn<'_>,
        clinic: ClinicId,
        lead: &str,
    ) -> Result<Self> {
        let missing = || Error::field("lead", "is no physiotherapist of the clinic");
        let known = person::credential(conn, lead).await?.ok_or_else(missing)?;
        let roles = membership::roles(conn, clinic, known.person).await?;
        if !roles.is_some_and(|roles| roles.contains(Role::Physio)) && !off("import-lead") {
            return Err(missing());
        }
        Ok(Self {
            clinic,
            lead: known.person,
        })
    }

    /// The clinic that the athlete comes to.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// Who is to lead the care.
    pub(crate) fn lead(&self) -> PersonId {
        self.lead
    }
}

impl SupporterAccess {
    /// The clinic of the token.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.clinic
    }

    /// Who calls.
    pub(crate) fn person(&self) -> PersonId {
        self.person
    }
}

#[cfg(test)]
mod for_test {
    //! Proofs out of nothing, for the tests of the storage functions.

    use super::*;

    impl ClinicAccess {
        pub(crate) fn for_test(clinic: ClinicId, person: PersonId, roles: &[Role]) -> Self {
            let roles = roles.iter().copied().collect();
            Self {
                clinic,
                person,
                roles,
            }
        }
    }

    impl CareAccess {
        pub(crate) fn for_test(clinic: ClinicId, person: PersonId) -> Self {
            Self {
                clinic,
                person,
                shared: false,
            }
        }

        /// In a clinic that shares its care.
        pub(crate) fn sharing_for_test(clinic: ClinicId, person: PersonId) -> Self {
            Self {
                clinic,
                person,
                shared: true,
            }
        }
    }

    impl AthleteAccess {
        pub(crate) fn for_test(
            clinic: ClinicId,
            athlete: AthleteId,
            person: PersonId,
            relation: Relation,
        ) -> Self {
            Self {
                clinic,
                athlete,
                person,
                relation,
            }
        }
    }

    impl SupporterAccess {
        pub(crate) fn for_test(clinic: ClinicId, person: PersonId) -> Self {
            Self { clinic, person }
        }
    }

    impl GlassAccess {
        pub(crate) fn for_test(
            clinic: ClinicId,
            athlete: AthleteId,
            person: PersonId,
            glass: BreakGlassId,
        ) -> Self {
            Self {
                clinic,
                athlete,
                person,
                glass,
            }
        }
    }

    impl AthleteAccountAccess {
        pub(crate) fn for_test(clinic: ClinicId, athlete: AthleteId, person: PersonId) -> Self {
            Self {
                clinic,
                athlete,
                person,
                in_care: true,
            }
        }
    }

    impl PlanAccess {
        pub(crate) fn for_test(athlete: AthleteAccess, plan: PlanId) -> Self {
            Self { athlete, plan }
        }
    }

    impl DecisionAccess {
        pub(crate) fn for_test(plan: PlanAccess, decision: DecisionId) -> Self {
            Self { plan, decision }
        }
    }
}

#[cfg(test)]
#[path = "proof_test.rs"]
mod tests;
