//! Who may do what: tokens, roles, the rule of every method, and the proofs that storage functions ask for.
//!
//! Three gates stand one behind the other. The layer reads the rule of the method from the contract, and lets nobody
//! in whom the rule does not name, before the body is read. A proof then judges the object that the request names.
//! Storage takes proofs only, and names the clinic in every query.

mod caller;
pub(crate) mod proof;
mod role;
mod rule;

pub(crate) use caller::{Caller, Identity};
pub(crate) use proof::{
    AthleteAccess, AthleteAccountAccess, CareAccess, ClinicAccess, PlanAccess, Relation,
};
pub(crate) use role::{Role, Roles};
pub(crate) use rule::{Rule, Rules};
