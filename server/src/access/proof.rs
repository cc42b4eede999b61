//! Permission as a type. A storage function on somebody's data takes one of these, and only this module makes them:
//! a forgotten check does not compile.
//!
//! How do I add one? A struct with private fields, getters, and a function that judges rule, role and relation. Hidden
//! things answer like missing ones.

use rung_progression::{AthleteId, ClinicId, PersonId, PlanId};

use super::{
    caller::Caller,
    role::{Role, Roles},
    rule::Rule,
};
use crate::{
    error::{Error, Result},
    storage::{
        Conn,
        relation::{self, Standing},
    },
};

/// How the caller stands to an athlete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relation {
    /// They are the athlete.
    Own,
    /// They are on the care team.
    Care,
}

/// May work with what belongs to the whole clinic: its ladders and members, not the athletes' records.
#[derive(Clone, Debug)]
pub(crate) struct ClinicAccess {
    clinic: ClinicId,
    person: PersonId,
    roles: Roles,
}

/// May see the athletes in the caller's own care, and no others: a query that takes this joins the care team of
/// [`CareAccess::person`].
#[derive(Clone, Debug)]
pub(crate) struct CareAccess {
    clinic: ClinicId,
    person: PersonId,
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

/// May decide who signs in as an athlete. It opens nothing of the record: an admin has it and sees no clinical content.
#[derive(Clone, Debug)]
pub(crate) struct AthleteAccountAccess {
    clinic: ClinicId,
    athlete: AthleteId,
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
    #[cfg_attr(not(test), expect(dead_code, reason = "an audit row names it"))]
    pub(crate) fn relation(&self) -> Relation {
        self.relation
    }
}

impl PlanAccess {
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
}

/// For methods on what the whole clinic shares.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "all proofs take the rule alike; the asynchronous ones borrow it"
)]
pub(crate) fn clinic(caller: &Caller, rule: &Rule) -> Result<ClinicAccess> {
    let roles = rule.admits(caller.roles)?;
    if !rule.relations().clinic {
        return Err(relation_unnamed());
    }
    Ok(ClinicAccess {
        clinic: caller.clinic,
        person: caller.person,
        roles,
    })
}

/// For lists of the athletes in the caller's care.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "all proofs take the rule alike; the asynchronous ones borrow it"
)]
pub(crate) fn care(caller: &Caller, rule: &Rule) -> Result<CareAccess> {
    let roles = rule.admits(caller.roles)?;
    if !rule.relations().care {
        return Err(relation_unnamed());
    }
    if !roles.contains(Role::Physio) {
        return Err(Error::RoleRequired);
    }
    Ok(CareAccess {
        clinic: caller.clinic,
        person: caller.person,
    })
}

/// For methods on one athlete.
pub(crate) async fn athlete(
    conn: &mut Conn<'_>,
    caller: &Caller,
    rule: &Rule,
    id: AthleteId,
) -> Result<AthleteAccess> {
    let standing = relation::to_athlete(conn, caller.clinic, id, caller.person).await?;
    judge(caller, *rule, standing, "athlete")
}

/// For methods on one plan.
pub(crate) async fn plan(
    conn: &mut Conn<'_>,
    caller: &Caller,
    rule: &Rule,
    id: PlanId,
) -> Result<PlanAccess> {
    let standing = relation::to_plan(conn, caller.clinic, id, caller.person).await?;
    Ok(PlanAccess {
        athlete: judge(caller, *rule, standing, "plan")?,
        plan: id,
    })
}

/// For the account of one athlete: an admin of the clinic, or a physio in care.
pub(crate) async fn athlete_account(
    conn: &mut Conn<'_>,
    caller: &Caller,
    rule: &Rule,
    id: AthleteId,
) -> Result<AthleteAccountAccess> {
    let roles = rule.admits(caller.roles)?;
    let standing = relation::to_athlete(conn, caller.clinic, id, caller.person).await?;
    let by_clinic = rule.relations().clinic && roles.contains(Role::Admin);
    if !(by_clinic && standing.is_some()) {
        judge(caller, *rule, standing, "athlete")?;
    }
    Ok(AthleteAccountAccess {
        clinic: caller.clinic,
        athlete: id,
        person: caller.person,
    })
}

fn judge(
    caller: &Caller,
    rule: Rule,
    standing: Option<Standing>,
    what: &'static str,
) -> Result<AthleteAccess> {
    let roles = rule.admits(caller.roles)?;
    let relations = rule.relations();
    if !(relations.own || relations.care) {
        return Err(relation_unnamed());
    }
    let standing = standing.ok_or(Error::NotFound(what))?;
    let physio = relations.care && roles.contains(Role::Physio);
    let relation = if relations.own && roles.contains(Role::Athlete) && standing.own {
        Relation::Own
    } else if physio && standing.care {
        Relation::Care
    } else if physio {
        // Told apart from a missing one for colleagues alone: they know that the athlete exists, and may ask to be
        // added to the team.
        return Err(Error::NotInCare);
    } else {
        return Err(Error::NotFound(what));
    };
    Ok(AthleteAccess {
        clinic: caller.clinic,
        athlete: standing.athlete,
        person: caller.person,
        relation,
    })
}

/// The method's rule and its code disagree: closed, and told to the log.
fn relation_unnamed() -> Error {
    Error::internal("a method asks for a proof that its rule does not name")
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
            Self { clinic, person }
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

    impl AthleteAccountAccess {
        pub(crate) fn for_test(clinic: ClinicId, athlete: AthleteId, person: PersonId) -> Self {
            Self {
                clinic,
                athlete,
                person,
            }
        }
    }

    impl PlanAccess {
        pub(crate) fn for_test(athlete: AthleteAccess, plan: PlanId) -> Self {
            Self { athlete, plan }
        }
    }
}

#[cfg(test)]
#[path = "proof_test.rs"]
mod tests;
