//! What the writes on a plan have in common: which plan, and as it was read.

use rung_proto::v1;

use crate::connection::Connection;
use crate::error::Result;
use crate::flag::Flags;
use crate::reference;

/// Fields of the requests that start, pause, resume, move, approve, decline and amend.
pub(crate) const FLAGS: Flags = &[
    ("plan_id", "PLAN"),
    ("etag", "--etag"),
    ("reason", "--reason"),
    ("effective_date", "--from"),
    ("rungs[*].rung", "--rung"),
    ("rungs[*].track_id", "--track-rung"),
    ("to.rung", "--rung"),
    ("to.track_id", "--track"),
    ("to", "--rung"),
    ("track_id", "--track"),
    ("definition.tracks", "--drop-track"),
    ("definition.tracks[*].ladder_id", "--ladder"),
    ("definition.tracks[*].start_rung", "--start-rung"),
    (
        "definition.tracks[*].sessions_per_week",
        "--sessions-per-week",
    ),
    ("definition.tracks[*].policy", "--policy"),
    ("definition.tracks[*].prerequisites", "--after"),
    ("definition.tracks[*].prerequisites[*]", "--after"),
    ("definition.tracks[*].entry[*].reason", "--waive"),
    ("definition.tracks[*].entry", "--confirm"),
    ("definition.tracks[*].entry[*]", "--confirm"),
    ("definition.baseline.pain", "--baseline-pain"),
    ("definition.baseline.stiffness", "--baseline-stiffness"),
    ("definition.baseline.over_limit_reason", "--baseline-reason"),
    ("definition.anchors", "--anchor"),
    ("definition.anchors[*]", "--anchor"),
    ("definition.coping_tools", "--coping"),
    ("definition.coping_tools[*]", "--coping"),
    ("definition.sites", "--site"),
    ("definition.sites[*]", "--site"),
    ("request_id", "--request-id"),
];

/// The plan a write is about.
#[derive(Debug, clap::Args)]
pub(crate) struct Target {
    /// Id of the plan, or id or name of its athlete
    pub(crate) plan: String,
    /// Refuse if the plan has changed since this etag was read [default: the present one]
    #[arg(long)]
    etag: Option<String>,
}

impl Target {
    /// The plan, and the etag to send.
    pub(crate) async fn read(&self, connection: &mut Connection) -> Result<(v1::Plan, String)> {
        let plan = reference::plan(connection, Some(&self.plan)).await?;
        let etag = self.etag.clone().unwrap_or_else(|| plan.etag.clone());
        Ok((plan, etag))
    }
}

/// A track given by id, by its ladder's key or title, or left out where there is only one.
pub(crate) fn track_id(plan: &v1::Plan, text: Option<&str>) -> String {
    let tracks = plan
        .definition
        .as_ref()
        .map(|d| d.tracks.as_slice())
        .unwrap_or_default();
    match (text, tracks) {
        (None, [only]) => only.id.clone(),
        (None, _) => String::new(),
        (Some(text), tracks) => tracks
            .iter()
            .find(|t| {
                let ladder = t.ladder.as_ref();
                ladder.is_some_and(|l| reference::is_track(text, &t.id, &l.key, &l.title))
            })
            .map_or_else(|| text.to_owned(), |t| t.id.clone()),
    }
}
