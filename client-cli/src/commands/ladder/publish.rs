//! `rung ladders publish`

use std::path::PathBuf;

use rung_proto::v1;
use rung_proto::v1::ladder_service_client::LadderServiceClient;
use uuid::Uuid;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::Result;
use crate::flag::Flags;
use crate::view::ladder::Ladder;
use crate::{ladder_file, reference};

pub(crate) const FLAGS: Flags = &[
    ("request_id", "--request-id"),
    ("ladder_id", "--draft"),
    ("etag", "--etag"),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The ladder, TOML: it becomes the next version of its key
    #[arg(required_unless_present = "draft", conflicts_with_all = ["draft", "etag"])]
    file: Option<PathBuf>,
    /// A draft that is stored already: its key, key@version, or id
    #[arg(long, value_name = "LADDER")]
    draft: Option<String>,
    /// Refuse if the draft has changed since this etag was read [default: the present one]
    #[arg(long, requires = "draft")]
    etag: Option<String>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let file = args.file.as_deref();
    let ladder = file.map(|file| super::sound(file, context)).transpose()?;
    let mut connection = context.connect(FLAGS).await?;
    let (request_id, draft, etag) = if let Some(ladder) = ladder {
        let request_id = context.request_id();
        let definition = ladder_file::definition(&ladder);
        let draft = create(&mut connection, request_id, definition).await?;
        // A second write of the same command: its id follows from the first one, so that both can be repeated.
        let id = Uuid::new_v5(&request_id, b"publish");
        (id, draft.id, draft.etag)
    } else {
        let draft = stored(&mut connection, &args.draft.unwrap_or_default()).await?;
        let etag = args.etag.unwrap_or(draft.etag);
        (context.request_id_with_etag(&etag), draft.id, etag)
    };
    let request = v1::PublishLadderRequest {
        request_id: request_id.to_string(),
        ladder_id: draft,
        etag,
    };
    let answer = connection
        .call(request, async |c, r| {
            LadderServiceClient::new(c).publish_ladder(r).await
        })
        .await?;
    context
        .out
        .show(&Ladder::of(&answer, answer.ladder.as_ref()))
}

/// A draft by its key, which has one at most, or by what names any version.
async fn stored(connection: &mut Connection, text: &str) -> Result<v1::Ladder> {
    if reference::is_id(text) || text.contains('@') {
        reference::ladder(connection, text).await
    } else {
        super::draft(connection, text).await
    }
}

/// Stores the draft. If the same one lies there already, from a publish that did not come to its end, that one is
/// taken up.
async fn create(
    connection: &mut Connection,
    request_id: Uuid,
    definition: v1::LadderDefinition,
) -> Result<v1::Ladder> {
    let request = v1::CreateLadderRequest {
        request_id: request_id.to_string(),
        definition: Some(definition.clone()),
    };
    let created = connection
        .call(request, async |c, r| {
            LadderServiceClient::new(c).create_ladder(r).await
        })
        .await;
    match created {
        Ok(answer) => Ok(answer.ladder.unwrap_or_default()),
        Err(failure) if failure.reason == "ALREADY_EXISTS" => {
            let ladders = reference::ladders(connection, false).await?;
            ladders
                .into_iter()
                .find(|l| {
                    l.state() == v1::LadderState::Draft
                        && l.definition.as_ref() == Some(&definition)
                })
                .ok_or(failure)
        }
        Err(failure) => Err(failure),
    }
}
