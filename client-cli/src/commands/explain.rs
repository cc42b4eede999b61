//! `rung explain`

use rung_proto::v1;
use rung_proto::v1::plan_service_client::PlanServiceClient;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::{Exit, Failure, Result};
use crate::flag::Flags;
use crate::view::explanation::Explanations;
use crate::{page, reference};

/// What stands for the newest decisions.
const LATEST: &str = "latest";

pub(crate) const FLAGS: Flags = &[
    ("decision_id", "DECISION"),
    ("reader", "--for"),
    ("language", "--language"),
    ("plan_id", "--plan"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Id of a decision, or "latest": what the newest event of a plan came to
    #[arg(default_value = LATEST)]
    decision: String,
    /// Whose latest: id of the plan, or id or name of its athlete [default: your own]
    #[arg(long)]
    plan: Option<String>,
    /// In whose words [default: the athlete's for themself, else the physio's]
    #[arg(long = "for", value_name = "READER")]
    reader: Option<Reader>,
    /// In which language, the dearest first, such as "de-AT, en" [default: English]
    #[arg(
        long,
        value_name = "TAGS",
        default_value = "",
        hide_default_value = true
    )]
    language: String,
}

/// In whose words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Reader {
    /// Plain and kind
    Athlete,
    /// The rule, its numbers and the evidence it rests on; in English alone
    Physio,
}

impl From<Reader> for v1::Reader {
    fn from(reader: Reader) -> Self {
        match reader {
            Reader::Athlete => Self::Athlete,
            Reader::Physio => Self::Physio,
        }
    }
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(FLAGS).await?;
    let ids = if args.decision == LATEST {
        latest(&mut connection, args.plan.as_deref()).await?
    } else if args.plan.is_some() {
        let told = "--plan says whose latest decisions are meant; an id needs no plan.";
        return Err(Failure::bad_input("PLAN", told));
    } else {
        vec![args.decision]
    };
    let reader = args
        .reader
        .map_or(v1::Reader::Unspecified, v1::Reader::from);
    let mut explained = Vec::new();
    for decision_id in ids {
        let request = v1::ExplainDecisionRequest {
            decision_id,
            reader: reader.into(),
            language: args.language.clone(),
        };
        let answer = connection
            .call(request, async |c, r| {
                PlanServiceClient::new(c).explain_decision(r).await
            })
            .await?;
        explained.push(answer);
    }
    context.out.show(&Explanations(explained))
}

/// The decisions of the newest event that had any, in the order in which they were taken.
async fn latest(connection: &mut Connection, plan: Option<&str>) -> Result<Vec<String>> {
    let plan = reference::plan(connection, plan).await?;
    let request = v1::ListDecisionsRequest {
        plan_id: plan.id,
        page_size: page::SIZE,
        page_token: String::new(),
    };
    let answer = connection
        .call(request, async |c, r| {
            PlanServiceClient::new(c).list_decisions(r).await
        })
        .await?;
    let newest = answer.decisions.first().map(|decision| decision.seq);
    let ids: Vec<String> = answer
        .decisions
        .iter()
        .take_while(|decision| Some(decision.seq) == newest)
        .map(|decision| decision.id.clone())
        .collect();
    if ids.is_empty() {
        let told = "Nothing was decided on this plan yet.";
        return Err(Failure::new(Exit::NotFound, "NOT_FOUND", told));
    }
    Ok(ids.into_iter().rev().collect())
}
