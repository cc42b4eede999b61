//! The frame of a FIT file: header, length and checksum, checked before anything inside is believed, so that a
//! damaged file is told apart from a file of another kind.

use super::Fault;

/// Bytes of the checksum at the end of a file.
const CRC_LEN: usize = 2;

/// Refuses what is no FIT file, what is cut short and what was damaged. Several files in a row are legal.
pub(super) fn check(bytes: &[u8]) -> Result<(), Fault> {
    if bytes.is_empty() {
        return Err(("ACTIVITY_UNREADABLE", "is empty".to_owned()));
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        rest = check_first(rest)?;
    }
    Ok(())
}

/// Checks the file at the front; answers with what follows it.
fn check_first(bytes: &[u8]) -> Result<&[u8], Fault> {
    let foreign = || ("ACTIVITY_UNREADABLE", "is not a FIT file".to_owned());
    let header = bytes
        .first()
        .map(|size| usize::from(*size))
        .unwrap_or_default();
    // The protocol knows headers of 12 bytes, and of 14 with a checksum of their own.
    if header != 12 && header != 14 {
        return Err(foreign());
    }
    if bytes.get(8..12).is_some_and(|magic| magic != b".FIT") {
        return Err(foreign());
    }
    let truncated = |missing: usize| {
        let s = if missing == 1 { "" } else { "s" };
        (
            "ACTIVITY_TRUNCATED",
            format!("is truncated: {missing} byte{s} are missing at its end"),
        )
    };
    if bytes.len() < header {
        return Err(truncated(header - bytes.len()));
    }
    let Some(&[a, b, c, d]) = bytes.get(4..8) else {
        return Err(foreign());
    };
    let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(usize::MAX);
    let whole = header.saturating_add(length).saturating_add(CRC_LEN);
    let Some((file, rest)) = bytes.split_at_checked(whole) else {
        return Err(truncated(whole - bytes.len()));
    };
    // Running the checksum over its own bytes gives zero when nothing was damaged.
    if crc(file) != 0 {
        return Err((
            "ACTIVITY_CHECKSUM",
            "fails its checksum: it was damaged on the way; copy it from the watch again"
                .to_owned(),
        ));
    }
    Ok(rest)
}

/// CRC-16/ARC, as the FIT protocol prescribes it.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |mut crc: u16, byte| {
        crc ^= u16::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xA001
            } else {
                crc >> 1
            };
        }
        crc
    })
}

#[cfg(test)]
mod tests {
    use super::crc;

    #[test]
    fn the_checksum_is_crc_16_arc() {
        // The check value of the catalogue of parametrised CRC algorithms.
        assert_eq!(crc(b"123456789"), 0xBB3D);
    }
}
