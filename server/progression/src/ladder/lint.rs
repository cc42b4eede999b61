//! What is legal in a ladder but unusual enough to look at twice.

use super::Ladder;
use crate::fault::Fault;

/// Everything unusual, in the order of the ladder.
pub fn warnings(ladder: &Ladder) -> Vec<Fault> {
    let mut found = Vec::new();
    for (index, pair) in ladder.rungs.windows(2).enumerate() {
        if let [lower, upper] = pair
            && upper.dose < lower.dose
        {
            found.push(Fault {
                path: format!("rungs[{}].dose", index + 1),
                message: format!("falls from {} to {}", lower.dose, upper.dose),
            });
        }
    }
    found
}
