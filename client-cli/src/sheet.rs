//! Rows and columns, as a table for people or as tab-separated values.

use comfy_table::presets::NOTHING;
use comfy_table::{Attribute, Cell as TableCell, Color, ContentArrangement, Table};

use crate::out::{Style, Tone, printable};

/// Who gets to see a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum For {
    /// Everybody.
    All,
    /// People.
    Human,
    /// Programs, and people with a wide terminal.
    Wide,
    /// Programs.
    Machine,
}

/// From this width on a terminal is wide.
const WIDE: usize = 120;

/// One value, as people and as programs read it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    human: String,
    machine: String,
    tone: Tone,
}

impl Cell {
    /// The same for both.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            human: text.clone(),
            machine: text,
            tone: Tone::Plain,
        }
    }

    /// Different for people and for programs.
    pub(crate) fn both(human: impl Into<String>, machine: impl Into<String>) -> Self {
        Self {
            human: human.into(),
            machine: machine.into(),
            tone: Tone::Plain,
        }
    }

    /// A number that may be missing: a dash for people, nothing for programs, never a zero.
    pub(crate) fn number<N: ToString>(number: Option<N>) -> Self {
        number.map_or_else(|| Self::both("–", ""), |n| Self::text(n.to_string()))
    }

    /// What it means.
    #[must_use]
    pub(crate) fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

/// Rows and columns.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    columns: Vec<(&'static str, For)>,
    rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// A sheet without rows. A column's name is the programs' name for it; people see it with spaces.
    pub(crate) fn new(columns: &[(&'static str, For)]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row, a cell a column.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// For people.
    pub(crate) fn table(&self, style: &Style) -> String {
        let shown: Vec<usize> = (0..self.columns.len())
            .filter(|&i| match self.columns[i].1 {
                For::All | For::Human => true,
                For::Wide => style.width >= WIDE,
                For::Machine => false,
            })
            .collect();
        let mut table = Table::new();
        table
            .load_style(NOTHING)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::try_from(style.width).unwrap_or(u16::MAX));
        if style.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(shown.iter().map(|&i| {
            let title = self.columns[i].0.replace('_', " ").to_uppercase();
            TableCell::new(title).add_attribute(Attribute::Dim)
        }));
        for row in &self.rows {
            table.add_row(shown.iter().map(|&i| painted(&row[i])));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        table.trim_fmt()
    }

    /// For programs: a header, then a line a row.
    pub(crate) fn tsv(&self) -> String {
        let told: Vec<usize> = (0..self.columns.len())
            .filter(|&i| self.columns[i].1 != For::Human)
            .collect();
        let line = |cells: Vec<String>| cells.join("\t");
        let mut lines = vec![line(
            told.iter().map(|&i| self.columns[i].0.to_owned()).collect(),
        )];
        for row in &self.rows {
            lines.push(line(
                told.iter().map(|&i| one_line(&row[i].machine)).collect(),
            ));
        }
        lines.join("\n")
    }
}

fn painted(cell: &Cell) -> TableCell {
    let shown = TableCell::new(printable(&cell.human));
    match cell.tone {
        Tone::Plain => shown,
        Tone::Strong => shown.add_attribute(Attribute::Bold),
        Tone::Quiet => shown.add_attribute(Attribute::Dim),
        Tone::Good => shown.fg(Color::DarkGreen),
        Tone::Warn => shown.fg(Color::DarkYellow),
        Tone::Bad => shown.fg(Color::DarkRed).add_attribute(Attribute::Bold),
    }
}

/// A value that cannot break its line or its column.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\t' => line.push_str("\\t"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            c if c.is_control() => line.push('\u{fffd}'),
            c => line.push(c),
        }
    }
    line
}
