//! The generated parts of `docs/decisions.md`: what every reason says to whom, and the evidence it rests on.

mod example;

use std::fmt::Write as _;

use rung_progression::{
    ReasonCode,
    explain::{EvidenceRow, Language, Reader, Voice, rows},
};

/// Every reason with an example of what the athlete and the physio read.
pub fn reasons() -> String {
    let tracks = [(example::hills(), "Hills")];
    let says = |reader| Voice::new(reader, Language::English).naming(&tracks);
    let (athlete, physio) = (says(Reader::Athlete), says(Reader::Physio));
    let mut text = String::from(
        "| Reason | The athlete reads | The physio reads | Rests on |\n|---|---|---|---|\n",
    );
    for code in ReasonCode::ALL {
        let reason = example::of(*code);
        let rows: Vec<String> = rows(*code)
            .iter()
            .map(|row| format!("`{}`", row.code()))
            .collect();
        let told = [
            format!("`{}`", code.code()),
            athlete.sentence(&reason),
            physio.sentence(&reason),
            rows.join(" "),
        ];
        line(&mut text, &told);
    }
    text
}

/// Every reason in German, as athletes read it.
pub fn german() -> String {
    let tracks = [(example::hills(), "Hügel")];
    let voice = Voice::new(Reader::Athlete, Language::German).naming(&tracks);
    let mut text = String::from("| Reason | The athlete reads |\n|---|---|\n");
    for code in ReasonCode::ALL {
        let told = voice.sentence(&example::of(*code));
        line(&mut text, &[format!("`{}`", code.code()), told]);
    }
    text
}

/// Every row of the evidence with its sources.
pub fn evidence() -> String {
    let mut text = String::from("| Row | What it claims | Sources |\n|---|---|---|\n");
    for row in EvidenceRow::ALL {
        let sources = row.sources().iter();
        let sources = sources.map(|source| {
            let citation = Voice::citation(*source);
            format!("**{}** {citation}", source.mark())
        });
        let told = [
            format!("`{}` {}", row.code(), Voice::title(*row)),
            Voice::claim(*row),
            sources.collect::<Vec<_>>().join("; "),
        ];
        line(&mut text, &told);
    }
    text
}

/// One line of a table.
fn line(text: &mut String, cells: &[String]) {
    for cell in cells {
        // Writing to a text does not fail.
        let _ = write!(text, "| {} ", cell.replace('|', "\\|"));
    }
    text.push_str("|\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen failing with a comma added to one text of the catalogue.
    #[test]
    fn the_page_says_what_the_catalogue_says() {
        let page = include_str!("../../docs/decisions.md");
        for (what, part) in [
            ("reasons", reasons()),
            ("german", german()),
            ("evidence", evidence()),
        ] {
            let there = format!("<!-- generated: {what} -->\n{part}<!-- /generated -->");
            assert!(page.contains(&there), "{what} is stale: make gen");
        }
    }

    // Seen failing with the evidence of an example left out.
    #[test]
    fn every_example_shows_what_it_was_judged_by() {
        for code in ReasonCode::ALL {
            let reason = example::of(*code);
            assert_eq!(reason.code, *code);
            assert!(!reason.evidence.is_empty(), "{code:?}");
        }
    }
}
