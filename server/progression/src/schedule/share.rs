//! Places in a week, shared between tracks that rest equally long.

use std::cmp::Reverse;

/// How many of `places` each track gets: always the one that lacks most, the earlier of
/// equals, so that what is missing is shared evenly.
fn parts(needs: &[u32], places: u32) -> Vec<u32> {
    let mut given = vec![0; needs.len()];
    for _ in 0..places {
        let lacking = needs
            .iter()
            .zip(&mut given)
            .filter(|(need, given)| *need > given);
        // `min_by_key` takes the first of equals.
        let poorest = lacking.min_by_key(|(need, given)| Reverse(**need - **given));
        if let Some((_, part)) = poorest {
            *part += 1;
        }
    }
    given
}

/// Which track takes each of `places`, in order of time: always the one with most left, of
/// equals the one that waits longest, so that they take turns; then the earlier.
pub(super) fn turns(needs: &[u32], places: u32) -> Vec<usize> {
    let parts = parts(needs, places);
    // What is left of each, and the place it took last.
    let mut left: Vec<(u32, Option<u32>)> = parts.into_iter().map(|part| (part, None)).collect();
    (0..places)
        .filter_map(|place| {
            let open = left
                .iter_mut()
                .enumerate()
                .filter(|(_, (left, _))| *left > 0);
            let (track, (left, last)) =
                open.min_by_key(|(_, (left, last))| (Reverse(*left), *last))?;
            *left -= 1;
            *last = Some(place);
            Some(track)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::turns;

    #[test]
    fn what_is_missing_is_shared_evenly_and_tracks_take_turns() {
        assert_eq!(turns(&[2, 2], 4), [0, 1, 0, 1]);
        assert_eq!(turns(&[3, 3], 3), [0, 1, 0]);
        assert_eq!(turns(&[1, 3], 4), [1, 1, 0, 1]);
        assert_eq!(turns(&[1, 3], 2), [1, 1]);
        assert_eq!(turns(&[0, 0], 0), [0_usize; 0]);
        assert_eq!(turns(&[1, 1], 3), [0, 1], "nobody gets more than is needed");
    }
}
