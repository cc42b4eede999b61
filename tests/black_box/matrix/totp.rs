//! What an authenticator shows (RFC 6238: SHA-1, six digits, thirty seconds).

use aws_lc_rs::hmac;
use rung_tests::{Result, fail};

/// The code of a secret (Base32) at a moment, in seconds since 1970.
pub(crate) fn code(secret: &str, at: i64) -> Result<String> {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &base32(secret)?);
    let step = u64::try_from(at)? / 30;
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let from = usize::from(tag[19] & 15);
    let word = u32::from_be_bytes([tag[from] & 127, tag[from + 1], tag[from + 2], tag[from + 3]]);
    Ok(format!("{:06}", word % 1_000_000))
}

/// The bytes that a secret spells.
pub(crate) fn base32(text: &str) -> Result<Vec<u8>> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|b| !b" =".contains(b)) {
        let Some(value) = LETTERS
            .iter()
            .position(|l| *l == letter.to_ascii_uppercase())
        else {
            return fail("a secret that is no Base32");
        };
        bits = (bits << 5) | u32::try_from(value)?;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 255)?);
        }
    }
    Ok(bytes)
}

// RFC 6238, appendix B, cut to six digits. Seen failing with the step counted in minutes.
#[test]
fn codes_are_those_of_the_standard() {
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    assert_eq!(code(secret, 59).unwrap(), "287082");
    assert_eq!(code(secret, 1_111_111_109).unwrap(), "081804");
}
