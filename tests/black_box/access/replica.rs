//! What one server does, the other one hears.

use std::time::Instant;

use rung_tests::{Result, Rungd, Settings};

use super::end::{ENDS, knocks, reads, shut_out};
use crate::matrix::{Wire, World};

/// Seen failing with the switch `epoch` of `make mutants`.
pub(super) async fn another_replica_shuts_out_within_five_seconds(world: &mut World) -> Result<()> {
    let second = Rungd::start(&world.database, &Settings::default())?;
    let here = world.wire.clone();
    let there = Wire::connect(&second.url()).await?;
    for (act, who, wholly, _) in ENDS {
        // Known there, so that it is not asked for.
        world.wire = there.clone();
        for _ in 0..2 {
            knocks(world, who).await??;
        }
        world.wire = here.clone();
        shut_out(world, act).await?;
        let at = Instant::now();
        world.wire = there.clone();
        let out = world
            .within(5, async || {
                let answer = if wholly {
                    knocks(world, who).await?
                } else {
                    reads(world, who).await?
                };
                Ok(answer.is_err())
            })
            .await?;
        assert!(
            out,
            "{who} is still let in there, {:?} after {act}",
            at.elapsed()
        );
    }
    world.wire = here;
    Ok(())
}
