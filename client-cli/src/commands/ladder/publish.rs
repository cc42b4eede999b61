//! `rung ladders publish`

use std::path::PathBuf;

use rung_proto::v1;
use rung_proto::v1::ladder_service_client::LadderServiceClient;
use uuid::Uuid;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::{BadField, Failure, Result};
use crate::flag::Flags;
use crate::view::ladder::Ladder;
use crate::{ladder_file, reference};

pub(crate) const FLAGS: Flags = &[("request_id", "--request-id")];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The ladder, TOML
    file: PathBuf,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let text = ladder_file::text(&args.file)?;
    let reading = ladder_file::read(&text).map_err(|faults| {
        let mut failure = Failure::bad_input(
            "LADDER_INVALID",
            format!("{} is not published: it has faults.", args.file.display()),
        );
        failure.fields = faults
            .iter()
            .map(|fault| BadField {
                path: fault.path.clone(),
                flag: Some(format!("{}:{}", args.file.display(), fault.line)),
                message: if fault.path.is_empty() {
                    fault.message.clone()
                } else {
                    format!("{}: {}", fault.path, fault.message)
                },
            })
            .collect();
        failure
    })?;
    for warning in &reading.warnings {
        context.out.say(&format!(
            "warning: {}:{}: {}: {}",
            args.file.display(),
            warning.line,
            warning.path,
            warning.message
        ))?;
    }
    let definition = ladder_file::definition(&reading.ladder);
    let mut connection = context.connect(FLAGS).await?;
    let request_id = context.request_id();
    let draft = create(&mut connection, request_id, definition).await?;
    let request = v1::PublishLadderRequest {
        // A second write of the same command: its id follows from the first one, so that both can be repeated.
        request_id: Uuid::new_v5(&request_id, b"publish").to_string(),
        ladder_id: draft.id,
        etag: draft.etag,
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
            let ladders = reference::ladders(connection).await?;
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
