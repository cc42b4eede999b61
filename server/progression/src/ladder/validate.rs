//! What a ladder must fulfil to be stored.

use std::collections::BTreeSet;

use super::{DoseUnit, Ladder, Rung, Sets};
use crate::fault::{Fault, Faults};

impl Ladder {
    /// Everything that is wrong, all at once. What is only unusual is
    /// [`super::lint::warnings`]'s.
    pub fn validate(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        slug(&mut faults, "key", &self.key);
        faults.within("version", self.version, 1, 1_000_000);
        faults.text("title", &self.title, 120);
        faults.text("summary", &self.summary, 2000);
        faults.text("source.citation", &self.source.citation, 1000);
        if let Some(url) = &self.source.url {
            faults.text("source.url", url, 500);
            faults.check(
                url.starts_with("https://") || url.starts_with("http://"),
                "source.url",
                "must start with https:// or http://",
            );
        }
        if let Some(proposal) = &self.proposal {
            faults.text("proposal", proposal, 1000);
        }
        faults.within("sessions_per_week", self.sessions_per_week, 1, 7);
        faults.count("entry_criteria", self.entry_criteria.len(), 0, 30);
        let mut seen = BTreeSet::new();
        for (index, criterion) in self.entry_criteria.iter().enumerate() {
            let path = format!("entry_criteria[{index}]");
            slug(&mut faults, &format!("{path}.id"), &criterion.id);
            faults.text(&format!("{path}.text"), &criterion.text, 500);
            faults.check(
                seen.insert(&criterion.id),
                &format!("{path}.id"),
                format!("\"{}\" is used twice", criterion.id),
            );
        }
        faults.under("policy", self.resolved_policy().validate());
        faults.count("rungs", self.rungs.len(), 1, 100);
        for (index, rung) in self.rungs.iter().enumerate() {
            let path = format!("rungs[{index}]");
            faults.under(&path, rung.validate());
            faults.check(
                rung.sets.is_none() || self.unit == DoseUnit::Repetitions,
                &format!("{path}.sets"),
                "is given, but the doses are no REPETITIONS",
            );
            if self.unit == DoseUnit::Ordinal {
                let ordinal = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
                faults.check(
                    rung.dose.get() == ordinal,
                    &format!("{path}.dose"),
                    format!(
                        "is {}; with the unit ORDINAL it must be {ordinal}",
                        rung.dose
                    ),
                );
            }
        }
        faults.list
    }
}

impl Rung {
    fn validate(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        faults.text("title", &self.title, 120);
        faults.check(self.dose.get() >= 1, "dose", "is 0; it must be at least 1");
        faults.text("instruction", &self.instruction, 1000);
        if let Some(effort) = self.effort {
            faults.check(
                effort.min <= effort.max,
                "effort",
                format!("goes from {} down to {}", effort.min, effort.max),
            );
        }
        for (path, text) in [("terrain", &self.terrain), ("surface", &self.surface)] {
            if let Some(text) = text {
                faults.text(path, text, 120);
            }
        }
        faults.count("cues", self.cues.len(), 0, 12);
        for (index, cue) in self.cues.iter().enumerate() {
            faults.text(&format!("cues[{index}]"), cue, 120);
        }
        if let Some(days) = self.rest_days {
            faults.within("rest_days", days, 0, 6);
        }
        for (path, text, max) in [
            ("prediction", &self.prediction, 300),
            ("note", &self.note, 500),
        ] {
            if let Some(text) = text {
                faults.text(path, text, max);
            }
        }
        if let Some(sets) = &self.sets {
            let part = sets.validate();
            if part.is_empty() {
                let total = sets.count.saturating_mul(sets.repetitions);
                faults.check(
                    self.dose.get() == total,
                    "dose",
                    format!(
                        "is {}; {} sets of {} repetitions are {total}",
                        self.dose, sets.count, sets.repetitions
                    ),
                );
            }
            faults.under("sets", part);
        }
        faults.list
    }
}

impl Sets {
    fn validate(&self) -> Vec<Fault> {
        let mut faults = Faults::new();
        faults.within("count", self.count, 1, 20);
        faults.within("repetitions", self.repetitions, 1, 200);
        if let Some(load) = &self.load {
            faults.text("load", load, 120);
        }
        if let Some(tempo) = &self.tempo {
            let seconds = |part: &str| {
                let digits = part.bytes().all(|byte| byte.is_ascii_digit());
                digits && part.parse::<u32>().is_ok_and(|seconds| seconds <= 60)
            };
            faults.check(
                tempo.split('-').count() == 3 && tempo.split('-').all(seconds),
                "tempo",
                "must be three whole numbers of seconds up to 60, such as \"3-1-1\": \
                 lowering, holding, lifting",
            );
        }
        faults.list
    }
}

fn slug(faults: &mut Faults, path: &str, text: &str) {
    let legal = (2..=64).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    faults.check(
        legal,
        path,
        "must be 2 to 64 of a-z, 0-9 and -, starting with a letter",
    );
}
