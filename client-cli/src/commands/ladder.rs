//! `rung ladders …`

pub(crate) mod archive;
pub(crate) mod clone;
mod diff;
mod export;
mod lint;
mod list;
mod new;
pub(crate) mod publish;
mod show;
pub(crate) mod update;

use std::path::Path;

use rung_progression::Ladder;
use rung_proto::v1;

use crate::connection::Connection;
use crate::context::Context;
use crate::error::{BadField, Exit, Failure, Result};
use crate::{ladder_file, reference};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Verb {
    /// List the ladders of the clinic and of the library
    List(list::Args),
    /// Show a ladder, rung by rung
    Show(show::Args),
    /// Begin a ladder file
    New(new::Args),
    /// Check ladder files without sending them
    Lint(lint::Args),
    /// Write a ladder as a file
    Export(export::Args),
    /// Make a draft under a new key of any ladder, of the library too
    Clone(clone::Args),
    /// Replace what a draft says by a ladder file
    Update(update::Args),
    /// Publish a draft, or a ladder file as a new version
    Publish(publish::Args),
    /// Show what is different between two versions, or between a clone and what it was made of
    Diff(diff::Args),
    /// Take a published version off the shelf; plans made on it stay as they are
    Archive(archive::Args),
}

pub(crate) async fn run(verb: Verb, context: &mut Context) -> Result<()> {
    match verb {
        Verb::List(args) => list::run(args, context).await,
        Verb::Show(args) => show::run(args, context).await,
        Verb::New(args) => new::run(&args, context),
        Verb::Lint(args) => lint::run(&args, context),
        Verb::Export(args) => export::run(args, context).await,
        Verb::Clone(args) => clone::run(args, context).await,
        Verb::Update(args) => update::run(args, context).await,
        Verb::Publish(args) => publish::run(args, context).await,
        Verb::Diff(args) => diff::run(args, context).await,
        Verb::Archive(args) => archive::run(args, context).await,
    }
}

/// The ladder of a file that is to be sent; what is unusual in it is said.
fn sound(path: &Path, context: &mut Context) -> Result<Ladder> {
    let text = ladder_file::text(path)?;
    let reading = ladder_file::read(&text).map_err(|faults| {
        let mut failure = Failure::bad_input(
            "LADDER_INVALID",
            format!("{} is not sent: it has faults.", path.display()),
        );
        failure.fields = faults
            .iter()
            .map(|fault| BadField {
                path: fault.path.clone(),
                flag: Some(format!("{}:{}", path.display(), fault.line)),
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
            path.display(),
            warning.line,
            warning.path,
            warning.message
        ))?;
    }
    Ok(reading.ladder)
}

/// The draft of a key.
async fn draft(connection: &mut Connection, key: &str) -> Result<v1::Ladder> {
    let ladders = reference::ladders(connection, false).await?;
    let is_it = |l: &v1::Ladder| {
        l.state() == v1::LadderState::Draft && l.definition.as_ref().is_some_and(|d| d.key == key)
    };
    ladders.into_iter().find(is_it).ok_or_else(|| {
        Failure::new(
            Exit::NotFound,
            "NOT_FOUND",
            format!("There is no draft of {key:?}."),
        )
        .advise("A draft comes from a clone: rung ladders clone LADDER --key KEY")
    })
}
