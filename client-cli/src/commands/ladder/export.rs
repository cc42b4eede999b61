//! `rung ladders export`

use std::path::PathBuf;

use rung_proto::v1;

use crate::context::Context;
use crate::error::Result;
use crate::{ladder_file, reference};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "What is written, `rung ladders lint`, `update` and `publish` read. With --json the answer of the server \
                        is printed instead."
)]
pub(crate) struct Args {
    /// Key (its newest published version), key@version, or id
    ladder: String,
    /// The file to write, TOML; one that exists is not overwritten [default: standard output]
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

pub(crate) async fn run(args: Args, context: &mut Context) -> Result<()> {
    let mut connection = context.connect(&[("ladder_id", "LADDER")]).await?;
    let ladder = reference::ladder(&mut connection, &args.ladder).await?;
    let text = ladder_file::written(&ladder_file::ladder(&ladder)?);
    match args.to {
        Some(path) => {
            ladder_file::create(&path, &text)?;
            context.out.say(&format!("{} is written.", path.display()))
        }
        None if context.out.is_json() => {
            let answer = v1::GetLadderResponse {
                ladder: Some(ladder),
            };
            let screen = crate::view::ladder::Ladder::of(&answer, answer.ladder.as_ref());
            context.out.show(&screen)
        }
        None => context.out.data(&text),
    }
}
