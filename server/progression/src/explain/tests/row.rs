//! Every reason rests on something, and says on what.

use std::collections::BTreeSet;

use crate::explain::source::LIST;
use crate::explain::{EvidenceRow, Language, Mark, Reader, Source, Voice, rows, rows_on};
use crate::policy::TissueProfile;
use crate::reason::ReasonCode;

// Planted: a reason without rows, and a row of which no reason speaks.
#[test]
fn every_reason_rests_on_a_row_and_every_row_carries_a_reason() {
    let mut used = BTreeSet::new();
    for code in ReasonCode::ALL {
        assert!(!rows(*code).is_empty(), "{code:?}");
        used.extend(rows(*code).iter().copied());
    }
    for profile in TissueProfile::ALL {
        used.insert(EvidenceRow::of(profile));
    }
    let unused = EvidenceRow::ALL.iter().filter(|row| !used.contains(row));
    assert_eq!(unused.collect::<Vec<_>>(), Vec::<&EvidenceRow>::new());
}

// Planted: a number that is not in the list, and one of the list that nobody cites.
#[test]
fn every_source_is_found() {
    let mut cited = BTreeSet::new();
    for row in EvidenceRow::ALL {
        assert!(!row.sources().is_empty());
        assert!(
            !Voice::title(*row).is_empty() && Voice::claim(*row).ends_with('.'),
            "{row:?}"
        );
        for source in row.sources() {
            assert!(!Voice::citation(*source).is_empty(), "{row:?}: {source:?}");
            if let Source::Found(number) | Source::Secondary(number) = source {
                assert!(source.reference().is_some(), "{row:?}: {source:?}");
                cited.insert(*number);
            }
        }
    }
    let listed: Vec<u8> = LIST.iter().map(|(number, _)| *number).collect();
    assert_eq!(listed, cited.into_iter().collect::<Vec<_>>());
}

#[test]
fn sources_have_the_marks_of_the_evidence() {
    let marks: Vec<String> = EvidenceRow::Joint
        .sources()
        .iter()
        .map(|source| source.mark())
        .collect();
    assert_eq!(marks, ["F23 2°", "K", "P"]);
    assert_eq!(Source::Found(21).mark(), "F21");
    assert_eq!(Source::Proposal.kind(), Mark::Proposal);
    assert_eq!(
        Source::Found(60).reference(),
        Some("bjsm.bmj.com/content/50/5/281")
    );
    assert_eq!(
        Source::Secondary(5).reference(),
        Source::Found(5).reference()
    );
    assert_eq!(Source::Found(255).reference(), None);
    assert_eq!(
        Voice::citation(Source::Proposal),
        "proposal of this project; needs a physio's sign-off"
    );
}

// Planted: the rows left out of the physio's frame.
#[test]
fn a_physio_reads_the_rows_in_each_reason() {
    let voice = Voice::new(Reader::Physio, Language::English);
    for code in ReasonCode::ALL {
        let text = voice.sentence(&super::sample::full(*code));
        assert!(text.starts_with(code.code()), "{text}");
        for row in rows(*code) {
            assert!(text.contains(&Voice::title(*row)), "{text}");
            for source in row.sources() {
                assert!(text.contains(&source.mark()), "{text}");
            }
        }
    }
}

#[test]
fn pain_bands_are_those_of_the_tissue_where_it_is_known() {
    use EvidenceRow::{Tendon, TrafficLight, WeeklyCap};
    let tendon = Some(TissueProfile::Tendon);
    assert_eq!(
        rows_on(ReasonCode::PainAmber, tendon),
        [TrafficLight, Tendon]
    );
    assert_eq!(rows_on(ReasonCode::PainAmber, None), [TrafficLight]);
    assert_eq!(rows_on(ReasonCode::WeeklyCap, tendon), [WeeklyCap]);
}
