//! Codes of an authenticator application: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which is what every
//! such application knows.

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use crate::{clock::Ambient, mutant::off};

const STEP_SECONDS: i64 = 30;
const DIGITS: usize = 6;
/// Steps by which the clock of a telephone may be off, in either direction.
const WINDOW: i64 = 1;
/// As long as the hash, which RFC 4226 asks for.
const SECRET_BYTES: usize = 20;

/// What server and authenticator share.
pub(crate) struct TotpSecret(Zeroizing<Vec<u8>>);

impl TotpSecret {
    pub(crate) fn new(ambient: &dyn Ambient) -> Self {
        let mut bytes = Zeroizing::new(vec![0; SECRET_BYTES]);
        ambient.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    pub(super) fn from_bytes(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The step of which `code` is, when it is of one near `now`.
    pub(crate) fn step_of(&self, code: &str, now: DateTime<Utc>) -> Option<i64> {
        let current = now.timestamp().div_euclid(STEP_SECONDS);
        let window = if off("totp-window") {
            20 * WINDOW
        } else {
            WINDOW
        };
        let near = current - window..=current + window;
        let same = |step: &i64| {
            let right = Zeroizing::new(self.code(*step));
            verify_slices_are_equal(right.as_bytes(), code.as_bytes()).is_ok()
        };
        // The newest first: with equal codes of two steps, the later one is then spent for both.
        near.rev().find(same)
    }

    fn code(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let bytes = tag.as_ref();
        // RFC 4226, 5.3: four bytes from where the last half byte says, without the sign.
        let place = bytes.last().map_or(0, |last| usize::from(last & 15));
        let word = bytes
            .iter()
            .skip(place)
            .take(4)
            .fold(0_u32, |word, byte| word << 8 | u32::from(*byte));
        format!("{:0DIGITS$}", (word & 0x7fff_ffff) % 1_000_000)
    }

    /// For typing: base32 of RFC 4648.
    pub(crate) fn reveal(&self) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut text = String::new();
        let (mut bits, mut held) = (0_u32, 0);
        for byte in self.0.iter() {
            bits = bits << 8 | u32::from(*byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                text.push(char::from(ALPHABET[(bits >> held & 31) as usize]));
            }
        }
        if held > 0 {
            text.push(char::from(ALPHABET[(bits << (5 - held) & 31) as usize]));
        }
        text
    }

    /// For a QR code.
    pub(crate) fn uri(&self, email: &str) -> String {
        let mut account = String::new();
        for byte in email.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    account.push(char::from(byte));
                }
                _ => account.extend(["%".to_owned(), format!("{byte:02X}")]),
            }
        }
        format!(
            "otpauth://totp/Rung:{account}?secret={}&issuer=Rung&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            self.reveal()
        )
    }

    /// As somebody types it into an authenticator.
    #[cfg(test)]
    pub(crate) fn typed(text: &str) -> Self {
        let (mut bits, mut held, mut bytes) = (0_u32, 0, vec![]);
        for letter in text.bytes() {
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                _ => letter - b'2' + 26,
            };
            bits = bits << 5 | u32::from(value);
            held += 5;
            if held >= 8 {
                held -= 8;
                bytes.push((bits >> held & 0xff) as u8);
            }
        }
        Self(Zeroizing::new(bytes))
    }

    /// What an authenticator shows at `now`.
    #[cfg(test)]
    pub(crate) fn shown(&self, now: DateTime<Utc>) -> String {
        self.code(now.timestamp().div_euclid(STEP_SECONDS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc() -> TotpSecret {
        TotpSecret::from_bytes(Zeroizing::new(b"12345678901234567890".to_vec()))
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    /// RFC 6238, appendix B, SHA-1; of its eight digits the last six.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(rfc().shown(at(seconds)), code);
            assert_eq!(rfc().step_of(code, at(seconds)), Some(seconds / 30));
        }
    }

    // Seen failing with a window of two.
    #[test]
    fn a_code_is_good_one_step_early_and_late() {
        let code = rfc().shown(at(3000));
        for (seconds, good) in [(2969, false), (2970, true), (3059, true), (3060, false)] {
            assert_eq!(
                rfc().step_of(&code, at(seconds)).is_some(),
                good,
                "{seconds}"
            );
        }
        for wrong in ["", "28708", "2870822", "28708a"] {
            assert_eq!(rfc().step_of(wrong, at(59)), None, "{wrong}");
        }
    }

    #[test]
    fn the_secret_is_shown_as_authenticators_read_it() {
        assert_eq!(rfc().reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        // RFC 4648, section 10, without the padding.
        for (bytes, text) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            let secret = TotpSecret::from_bytes(Zeroizing::new(bytes.as_bytes().to_vec()));
            assert_eq!(secret.reveal(), text);
        }
        assert_eq!(
            rfc().uri("ada+x@harbour.example"),
            "otpauth://totp/Rung:ada%2Bx%40harbour.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Rung\
             &algorithm=SHA1&digits=6&period=30"
        );
    }
}
