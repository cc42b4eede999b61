//! The second factor: its secret, and the codes for the day the telephone is lost. Both are shown once.

use qrcode::{Color, EcLevel, QrCode};
use rung_proto::v1;
use serde_json::Value;

use super::layout::hanging;
use crate::error::Result;
use crate::out::{Screen, Style, Tone, printable};
use crate::sheet::{Cell, For, Sheet};

/// Light modules around a code, as its standard asks for.
const QUIET: usize = 4;

/// The answer to `totp enroll`.
pub(crate) struct Enrolment(pub(crate) v1::EnrollTotpResponse);

impl Screen for Enrolment {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[("secret", For::All), ("uri", For::All)]);
        sheet.row(vec![Cell::text(&self.0.secret), Cell::text(&self.0.uri)]);
        sheet
    }

    fn human(&self, style: &Style) -> String {
        // Not through `wrap`: the address has to be copied in one piece.
        let mut text = format!(
            "{}  {}\n{}  {}\n",
            style.paint(Tone::Quiet, "Secret"),
            printable(&self.0.secret),
            style.paint(Tone::Quiet, "URI   "),
            printable(&self.0.uri)
        );
        if let Some(picture) = picture(&self.0.uri, style) {
            text.push('\n');
            text.push_str(&picture);
        }
        let next = "Put it into your authenticator application; it is shown this once. Then turn it on with the code that the \
                    application shows:";
        text.push('\n');
        text.push_str(&hanging("", next, Tone::Plain, style));
        text.push_str("\n  rung totp confirm CODE\n");
        text
    }
}

/// A text as a QR code, two modules a character. In colours of its own, because a scanner wants dark on light whatever
/// the terminal looks like: none without colour, nor where it is too wide.
fn picture(text: &str, style: &Style) -> Option<String> {
    if !style.color {
        return None;
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (width, modules) = (code.width(), code.to_colors());
    let all = width + 2 * QUIET;
    if all > style.width {
        return None;
    }
    let dark = |x: usize, y: usize| {
        let inside = |n: usize| n.checked_sub(QUIET).filter(|n| *n < width);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => modules.get(y * width + x) == Some(&Color::Dark),
            _ => false,
        }
    };
    let mut picture = String::new();
    for y in (0..all).step_by(2) {
        picture.push_str("\u{1b}[38;5;16;48;5;231m");
        for x in 0..all {
            picture.push(match (dark(x, y), dark(x, y + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        picture.push_str("\u{1b}[0m\n");
    }
    Some(picture)
}

/// The answer to `totp confirm`.
pub(crate) struct RecoveryCodes(pub(crate) v1::ConfirmTotpResponse);

impl Screen for RecoveryCodes {
    fn json(&self) -> Result<Value> {
        super::json(&self.0)
    }

    fn sheet(&self, _style: &Style) -> Sheet {
        let mut sheet = Sheet::new(&[("recovery_code", For::All)]);
        for code in &self.0.recovery_codes {
            sheet.row(vec![Cell::text(code)]);
        }
        sheet
    }

    fn human(&self, style: &Style) -> String {
        let on = "The second factor is on, and your other sign-ins are ended.";
        let codes = "Recovery codes; each works once in place of a code, should the telephone be lost. They are shown this \
                     once: keep them where the telephone is not.";
        let mut text = hanging("", on, Tone::Plain, style);
        text.push('\n');
        text.push_str(&hanging("", codes, Tone::Plain, style));
        text.push('\n');
        for code in &self.0.recovery_codes {
            text.push_str(&format!("  {}\n", printable(code)));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(width: usize, color: bool) -> Style {
        Style {
            width,
            color,
            zone: chrono_tz::Tz::UTC,
        }
    }

    /// The modules a picture shows, row by row, the light border included.
    fn seen(picture: &str) -> Vec<Vec<bool>> {
        let mut rows = Vec::new();
        for line in picture.lines() {
            let cells = line
                .trim_start_matches("\u{1b}[38;5;16;48;5;231m")
                .trim_end_matches("\u{1b}[0m");
            rows.push(cells.chars().map(|c| c == '█' || c == '▀').collect());
            rows.push(cells.chars().map(|c| c == '█' || c == '▄').collect());
        }
        rows
    }

    // Seen failing with upper and lower half exchanged, and with the border left out.
    #[test]
    fn the_picture_is_the_code_with_its_border() {
        let text = "otpauth://totp/Rung:kim%40example.org?secret=JBSWY3DPEHPK3PXP&issuer=Rung";
        let rows = seen(&picture(text, &style(80, true)).unwrap());
        let code = QrCode::with_error_correction_level(text, EcLevel::L).unwrap();
        let width = code.width();
        for (y, row) in rows.iter().enumerate() {
            assert_eq!(row.len(), width + 2 * QUIET);
            for (x, dark) in row.iter().enumerate() {
                let inside =
                    (QUIET..QUIET + width).contains(&x) && (QUIET..QUIET + width).contains(&y);
                let expected =
                    inside && code[(x.wrapping_sub(QUIET), y.wrapping_sub(QUIET))] == Color::Dark;
                assert_eq!(*dark, expected, "{x},{y}");
            }
        }
        assert!(rows.len() >= width + 2 * QUIET);
    }

    #[test]
    fn there_is_no_picture_where_it_could_not_be_read() {
        assert!(picture("otpauth://totp/x", &style(80, false)).is_none());
        assert!(picture("otpauth://totp/x", &style(20, true)).is_none());
    }
}
