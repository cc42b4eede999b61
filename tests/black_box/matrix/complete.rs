//! That the table leaves nothing out: it is held against the descriptors of everything that is served.

use std::collections::BTreeSet;

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use rung_tests::Result;

use super::{
    route,
    table::{self, Row},
    wire,
};

/// A track of a simulation is one of the plan that the same request brings.
const MADE_UP: &str =
    "it means a track of the request's own plan, and nothing stored is looked up by it";

/// Ids that need no row: the method, the id, and why.
const FREE: [(&str, &str, &str); 24] = [
    (
        "SimulationService/SimulatePlan",
        "definition.tracks.id",
        MADE_UP,
    ),
    (
        "SimulationService/SimulatePlan",
        "definition.tracks.ladder.entry_criteria.id",
        "the ladder is told by the server alone; a word of it in a request is not read",
    ),
    (
        "SimulationService/SimulatePlan",
        "definition.micro_goals.id",
        "no rule reads a goal, and none is looked up",
    ),
    (
        "SimulationService/SimulatePlan",
        "definition.tracks.prerequisites.track_id",
        MADE_UP,
    ),
    (
        "SimulationService/SimulatePlan",
        "events.session.track_id",
        MADE_UP,
    ),
    (
        "SimulationService/SimulatePlan",
        "events.session.prediction_id",
        "a made-up session answers no prediction, and none is looked up",
    ),
    (
        "SimulationService/SimulatePlan",
        "events.resume.rungs.track_id",
        MADE_UP,
    ),
    (
        "SimulationService/SimulatePlan",
        "events.move.to.track_id",
        MADE_UP,
    ),
    (
        "SimulationService/SimulatePlan",
        "events.approve.track_id",
        MADE_UP,
    ),
    (
        "SimulationService/SimulatePlan",
        "events.decline.track_id",
        MADE_UP,
    ),
    (
        "SimulationService/SimulatePlan",
        "events.amend.definition.tracks.id",
        MADE_UP,
    ),
    (
        "SimulationService/SimulatePlan",
        "events.amend.definition.tracks.ladder.entry_criteria.id",
        "the ladder is told by the server alone; a word of it in a request is not read",
    ),
    (
        "SimulationService/SimulatePlan",
        "events.amend.definition.micro_goals.id",
        "no rule reads a goal, and none is looked up",
    ),
    (
        "SimulationService/SimulatePlan",
        "events.amend.definition.tracks.prerequisites.track_id",
        MADE_UP,
    ),
    (
        "SimulationService/SimulatePlan",
        "events.amend.rungs.track_id",
        MADE_UP,
    ),
    (
        "PlanService/CreatePlan",
        "definition.tracks.id",
        "the client makes it for the track that it asks for, and nothing is looked up by it",
    ),
    (
        "PlanService/CreatePlan",
        "definition.tracks.ladder.entry_criteria.id",
        "the ladder is told by the server alone; a word of it in a request is not read",
    ),
    (
        "PlanService/CreatePlan",
        "definition.micro_goals.id",
        "the client makes it for the goal that it asks for, and nothing is looked up by it",
    ),
    (
        "PlanService/AmendPlan",
        "definition.tracks.id",
        "it says which track of the plan is kept; any other is the client's own for a new one, and nothing is looked up by it",
    ),
    (
        "PlanService/AmendPlan",
        "definition.micro_goals.id",
        "the client makes it for the goal that it asks for, and only this plan's own goals are looked at",
    ),
    (
        "PlanService/AmendPlan",
        "definition.tracks.ladder.entry_criteria.id",
        "the ladder is told by the server alone; a word of it in a request is not read",
    ),
    (
        "LadderService/CreateLadder",
        "definition.entry_criteria.id",
        "a word that the ladder itself gives to its criterion",
    ),
    (
        "LadderService/UpdateLadder",
        "definition.entry_criteria.id",
        "a word that the ladder itself gives to its criterion",
    ),
    (
        "LadderService/LintLadder",
        "definition.entry_criteria.id",
        "a word that the ladder itself gives to its criterion",
    ),
];

/// The way to a field through the messages of a request, such as `definition.tracks.ladder_id`.
type Path = String;

/// Every field that a request can carry, however deep.
fn fields(message: &MessageDescriptor) -> Vec<(Path, FieldDescriptor)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), vec![message.clone()])];
    while let Some((path, within)) = open.pop() {
        let Some(message) = within.last() else {
            continue;
        };
        for field in message.fields() {
            let path = format!("{path}{}", field.name());
            if let Kind::Message(inner) = field.kind() {
                // What holds its own kind is looked at once.
                if !within.contains(&inner) {
                    let within = within.iter().cloned().chain([inner]).collect();
                    open.push((format!("{path}."), within));
                }
            }
            found.push((path, field));
        }
    }
    found
}

/// The ids that a request can name.
fn ids(message: &MessageDescriptor) -> Vec<Path> {
    let is_id = |name: &str| name == "id" || name.ends_with("_id") && name != "request_id";
    let all = fields(message).into_iter();
    all.filter(|(_, field)| is_id(field.name()))
        .map(|(path, _)| path)
        .collect()
}

/// Seen failing with a row taken out, that of an id inside of another message too, and with one of an RPC that is not.
#[test]
fn every_rpc_has_its_rows() -> Result<()> {
    let methods = wire::methods(&wire::pools()?);
    let all = table::read();
    let (routes, rows): (Vec<&Row>, Vec<&Row>) = all.iter().partition(|row| row.is_route());
    let mut calls = BTreeSet::new();
    for (path, method) in &methods {
        let call = path.trim_start_matches("rung.v1.");
        let of_it: Vec<&str> = rows
            .iter()
            .filter(|row| row.call == call)
            .map(|row| row.field.as_str())
            .collect();
        assert!(!of_it.is_empty(), "{call} has no row");
        for id in ids(&method.input()) {
            let free = FREE.iter().any(|free| (free.0, free.1) == (call, &*id));
            let covered = of_it.contains(&id.as_str());
            assert!(covered != free, "{call} {id}: a row, or a reason for none");
        }
        let known: BTreeSet<Path> = fields(&method.input()).into_iter().map(|f| f.0).collect();
        for field in of_it {
            assert!(
                field == "-" || known.contains(field),
                "{call} has no {field}"
            );
        }
        calls.insert(call.to_owned());
    }
    for path in route::served() {
        let row = routes.iter().find(|row| row.path() == path);
        let open = row.is_some_and(|row| row.cells().all(|cell| cell.letter == '+'));
        assert!(open, "{path} has no row");
    }
    for row in rows {
        assert!(calls.contains(&row.call), "{} is no RPC", row.call);
        assert!(row.cells().count() > 12, "{} says too little", row.call);
    }
    Ok(())
}

/// What a client could use to reach beside the rules: the clinic of a record, a mask, a filter or an order of its own.
/// Seen failing with `clinic_id` allowed nowhere, and with `url` of a ladder's source taken for a mask.
#[test]
fn requests_name_no_clinic_mask_filter_or_order() -> Result<()> {
    let to_sign_in = ["AuthService/Login", "AuthService/SwitchClinic"];
    for (path, method) in wire::methods(&wire::pools()?) {
        let Some(call) = path.strip_prefix("rung.v1.") else {
            continue;
        };
        for (path, field) in fields(&method.input()) {
            let name = field.name();
            let reaches = ["filter", "order_by", "sort"].contains(&name) || name.ends_with("mask");
            assert!(!reaches, "{call} takes {path}");
            let of_a_clinic = name == "clinic_id" && !to_sign_in.contains(&call);
            assert!(!of_a_clinic, "{call} takes a clinic, as {path}");
        }
    }
    Ok(())
}
