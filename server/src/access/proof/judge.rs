//! Who gets a proof. Each function notes on the trail of the call what it has judged, let through or not.

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, BreakGlassId, DecisionId, PlanId};

use super::{
    AthleteAccess, AthleteAccountAccess, CareAccess, ClinicAccess, DecisionAccess, GlassAccess,
    PlanAccess, Relation, SupporterAccess,
};
use crate::{
    access::{
        caller::Caller,
        role::Role,
        rule::{Entry, Rule},
        trail::{Purpose, Trail},
    },
    error::{Error, Result},
    mutant::off,
    storage::{
        Conn,
        relation::{self, Standing},
    },
};

/// Who asks, by which method, and when.
#[derive(Clone, Copy)]
pub(in crate::access) struct Ask<'a> {
    pub(in crate::access) caller: &'a Caller,
    pub(in crate::access) rule: Rule,
    pub(in crate::access) now: DateTime<Utc>,
    pub(in crate::access) trail: &'a Trail,
}

/// For methods on what the whole clinic shares.
pub(in crate::access) fn clinic(ask: Ask<'_>) -> Result<ClinicAccess> {
    let entry = ask.rule.admits(ask.caller)?;
    if !ask.rule.relations().clinic && !off("relation-clinic") {
        return Err(relation_unnamed());
    }
    // What admins may read is about people, if not about their health: who works here, who did what.
    if !ask.rule.writes() && ask.rule.is_for_admins() {
        ask.trail.let_through(None, Purpose::Operations, None);
    }
    Ok(ClinicAccess {
        clinic: ask.caller.clinic,
        person: ask.caller.person,
        roles: entry.roles(),
    })
}

/// For lists of the athletes in the caller's care.
pub(in crate::access) fn care(ask: Ask<'_>) -> Result<CareAccess> {
    let entry = ask.rule.admits(ask.caller)?;
    if !ask.rule.relations().care && !off("relation-care-list") {
        return Err(relation_unnamed());
    }
    if !entry.roles().contains(Role::Physio) && !off("care-list-role") {
        return Err(Error::RoleRequired);
    }
    Ok(CareAccess {
        clinic: ask.caller.clinic,
        person: ask.caller.person,
        shared: ask.caller.shared_care,
    })
}

/// For lists of what was granted to the caller as a supporter.
pub(in crate::access) fn supporter(ask: Ask<'_>) -> Result<SupporterAccess> {
    let entry = ask.rule.admits(ask.caller)?;
    if !ask.rule.relations().consented && !off("relation-supporter") {
        return Err(relation_unnamed());
    }
    if !entry.roles().contains(Role::Supporter) && !off("supporter-list-role") {
        return Err(Error::RoleRequired);
    }
    ask.trail.let_through(None, Purpose::Family, None);
    Ok(SupporterAccess {
        clinic: ask.caller.clinic,
        person: ask.caller.person,
    })
}

/// For methods on one athlete.
pub(in crate::access) async fn athlete(
    conn: &mut Conn<'_>,
    ask: Ask<'_>,
    id: AthleteId,
) -> Result<AthleteAccess> {
    let caller = ask.caller;
    let standing = relation::to_athlete(conn, caller.clinic, id, caller.person).await?;
    judge(conn, ask, standing, "athlete").await
}

/// For methods on one plan.
pub(in crate::access) async fn plan(
    conn: &mut Conn<'_>,
    ask: Ask<'_>,
    id: PlanId,
) -> Result<PlanAccess> {
    let caller = ask.caller;
    let standing = relation::to_plan(conn, caller.clinic, id, caller.person).await?;
    Ok(PlanAccess {
        athlete: judge(conn, ask, standing, "plan").await?,
        plan: id,
    })
}

/// For methods on one decision.
pub(in crate::access) async fn decision(
    conn: &mut Conn<'_>,
    ask: Ask<'_>,
    id: DecisionId,
) -> Result<DecisionAccess> {
    let caller = ask.caller;
    let found = relation::to_decision(conn, caller.clinic, id, caller.person).await?;
    let standing = found.map(|(_, standing)| standing);
    let athlete = judge(conn, ask, standing, "decision").await?;
    // Nobody is let through to what is not there.
    let (plan, _) = found.ok_or(Error::NotFound("decision"))?;
    Ok(DecisionAccess {
        plan: PlanAccess { athlete, plan },
        decision: id,
    })
}

/// For who has to do with one athlete: an admin of the clinic, or a physio in care.
pub(in crate::access) async fn athlete_account(
    conn: &mut Conn<'_>,
    ask: Ask<'_>,
    id: AthleteId,
) -> Result<AthleteAccountAccess> {
    let entry = ask.rule.admits(ask.caller)?;
    let caller = ask.caller;
    let standing = relation::to_athlete(conn, caller.clinic, id, caller.person).await?;
    let by_clinic = ask.rule.relations().clinic
        && (entry.roles().contains(Role::Admin) || off("account-by-admin"));
    // Who cares for the athlete has it from that, and may do to themself what an admin may not.
    let in_care = ask.rule.relations().care && physio(entry) && in_care(caller, standing);
    if in_care || !by_clinic {
        judge(conn, ask, standing, "athlete").await?;
    } else if standing.is_some() {
        ask.trail.let_through(Some(id), Purpose::Operations, None);
    } else {
        return Err(refuse(ask, standing, Error::NotFound("athlete")));
    }
    Ok(AthleteAccountAccess {
        clinic: caller.clinic,
        athlete: id,
        person: caller.person,
        in_care,
    })
}

/// For breaking the glass before one athlete's record: any physiotherapist of the clinic.
pub(in crate::access) async fn athlete_glass(
    conn: &mut Conn<'_>,
    ask: Ask<'_>,
    id: AthleteId,
    glass: BreakGlassId,
) -> Result<GlassAccess> {
    let entry = ask.rule.admits(ask.caller)?;
    if !(ask.rule.relations().clinic && physio(entry) || off("glass-role")) {
        return Err(relation_unnamed());
    }
    let caller = ask.caller;
    let standing = relation::to_athlete(conn, caller.clinic, id, caller.person).await?;
    if standing.is_none() {
        return Err(refuse(ask, standing, Error::NotFound("athlete")));
    }
    ask.trail
        .let_through(Some(id), Purpose::Emergency, Some(glass));
    Ok(GlassAccess {
        glass,
        clinic: caller.clinic,
        athlete: id,
        person: caller.person,
    })
}

async fn judge(
    conn: &mut Conn<'_>,
    ask: Ask<'_>,
    standing: Option<Standing>,
    what: &'static str,
) -> Result<AthleteAccess> {
    let entry = ask.rule.admits(ask.caller)?;
    let relations = ask.rule.relations();
    let by_part = relations.consented && ask.rule.part().is_some();
    if !(relations.own || relations.care || by_part || off("relation-unnamed")) {
        return Err(relation_unnamed());
    }
    let Some(known) = standing else {
        return Err(refuse(ask, standing, Error::NotFound(what)));
    };
    let Some(relation) = relate(conn, ask, entry, known).await? else {
        // Told apart from a missing one for colleagues alone: they know that the athlete exists, and may ask to be added
        // to the team, or break the glass.
        let refusal = if relations.care && physio(entry) || off("refusal-hidden") {
            Error::NotInCare
        } else {
            Error::NotFound(what)
        };
        return Err(refuse(ask, standing, refusal));
    };
    let (purpose, glass) = match relation {
        Relation::Own => (Purpose::Own, None),
        Relation::Care | Relation::Service => (Purpose::Treatment, None),
        Relation::Glass(id) => (Purpose::Emergency, Some(id)),
        Relation::Consented(_) => (Purpose::Family, None),
        // Nobody who calls is that.
        Relation::Machine => (Purpose::System, None),
    };
    ask.trail.let_through(Some(known.athlete), purpose, glass);
    Ok(AthleteAccess {
        clinic: ask.caller.clinic,
        athlete: known.athlete,
        person: ask.caller.person,
        relation,
    })
}

/// How the caller stands to an athlete of their clinic, as far as the method lets that count.
async fn relate(
    conn: &mut Conn<'_>,
    ask: Ask<'_>,
    entry: Entry,
    standing: Standing,
) -> Result<Option<Relation>> {
    let (caller, relations) = (ask.caller, ask.rule.relations());
    let roles = entry.roles();
    if entry == Entry::Service {
        return Ok(Some(Relation::Service));
    }
    if relations.own && roles.contains(Role::Athlete) && (standing.own || off("relation-self")) {
        return Ok(Some(Relation::Own));
    }
    if relations.care && physio(entry) {
        if in_care(caller, Some(standing)) {
            return Ok(Some(Relation::Care));
        }
        // An emergency is for reading; what is done to a plan is done by those in care.
        if !ask.rule.writes() || off("glass-reads-only") {
            let (athlete, person) = (standing.athlete, caller.person);
            let glass = relation::glass(conn, caller.clinic, athlete, person, ask.now).await?;
            if let Some(id) = glass {
                return Ok(Some(Relation::Glass(id)));
            }
        }
    }
    if let Some(part) = ask.rule.part()
        && relations.consented
        && roles.contains(Role::Supporter)
    {
        let (athlete, person) = (standing.athlete, caller.person);
        let parts = relation::consent(conn, caller.clinic, athlete, person, ask.now).await?;
        if parts.contains(part) || off("relation-consented") {
            return Ok(Some(Relation::Consented(parts)));
        }
    }
    Ok(None)
}

fn physio(entry: Entry) -> bool {
    entry.roles().contains(Role::Physio)
}

fn in_care(caller: &Caller, standing: Option<Standing>) -> bool {
    standing.is_some_and(|standing| standing.care || caller.shared_care || off("relation-care"))
}

/// Notes a refusal. The athlete is named when they are of this clinic: an id from elsewhere is nobody here.
fn refuse(ask: Ask<'_>, standing: Option<Standing>, refusal: Error) -> Error {
    ask.trail.refuse(standing.map(|s| s.athlete), &refusal);
    refusal
}

/// The method's rule and its code disagree: closed, and told to the log.
fn relation_unnamed() -> Error {
    Error::internal("a method asks for a proof that its rule does not name")
}
