//! Lines for people: wrapped, indented, aligned.

use crate::out::{Style, Tone, printable};

/// Breaks text at spaces so that no line is longer than `width`, if its words allow it.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in printable(text).lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let fits = line.chars().count() + 1 + word.chars().count() <= width;
            if !line.is_empty() && !fits {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// Text behind a lead, the following lines under the first one: `  - like this`.
pub(crate) fn hanging(lead: &str, text: &str, tone: Tone, style: &Style) -> String {
    let indent = lead.chars().count();
    let room = style.width.saturating_sub(indent).max(20);
    let lines = wrap(text, room);
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        if index == 0 {
            out.push_str(lead);
        } else {
            out.push_str(&" ".repeat(indent));
        }
        out.push_str(&style.paint(tone, line));
        out.push('\n');
    }
    out
}

/// Labels and values under each other; what is empty is left out.
pub(crate) fn fields(pairs: &[(&str, String)], indent: usize, style: &Style) -> String {
    let shown = || pairs.iter().filter(|(_, value)| !value.is_empty());
    let width = shown()
        .map(|(label, _)| label.chars().count())
        .max()
        .unwrap_or(0);
    let room = style.width.saturating_sub(indent + width + 2).max(20);
    let mut out = String::new();
    for (label, value) in shown() {
        for (index, line) in wrap(value, room).iter().enumerate() {
            let shown_label = if index == 0 { *label } else { "" };
            let padded = format!("{shown_label:width$}");
            out.push_str(&" ".repeat(indent));
            out.push_str(&style.paint(Tone::Quiet, &padded));
            out.push_str("  ");
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_kept_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a-very-long-word b", 5), ["a-very-long-word", "b"]);
        assert_eq!(wrap("", 5), Vec::<String>::new());
        assert_eq!(wrap("a\nb", 5), ["a", "b"]);
    }

    #[test]
    fn what_others_wrote_cannot_steer_the_terminal() {
        assert_eq!(wrap("a\u{1b}[2Jb", 80), ["a\u{fffd}[2Jb"]);
    }
}
