//! Whatever can be stored can be written, and reads as it was.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::{read, write};
use crate::ladder::{DoseUnit, EffortRange, EntryCriterion, Ladder, Rung, Sets, Source, TrackKind};
use crate::policy::{LayoffRow, LayoffTarget, PolicyEdits, TissueProfile};
use crate::scale::{Dose, Rpe};

/// Texts that are hard to quote among them, never blank.
fn text(max: usize) -> impl Strategy<Value = String> {
    let hard = prop_oneof![
        Just("\"quoted\" and 'quoted'".to_owned()),
        Just("two\nlines\n\nand a \\ \ttab".to_owned()),
        Just("\n'''ends\"\"\"\n".to_owned()),
        Just("# no comment = [x]".to_owned()),
        Just("¼ mi · 3 × 8 – „ü“ \u{1F3C3}".to_owned()),
    ];
    let any = "[^\\p{Cc}]{0,30}[^\\p{Cc}\\s]";
    prop_oneof![hard, any].prop_map(move |text: String| text.chars().take(max).collect())
}

fn slug() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9-]{1,20}"
}

fn criterion() -> impl Strategy<Value = EntryCriterion> {
    (slug(), text(500), any::<bool>()).prop_map(|(id, text, proposal)| EntryCriterion {
        id,
        text,
        proposal,
    })
}

fn sets() -> impl Strategy<Value = Sets> {
    let tempo = (0..=60, 0..=60, 0..=60).prop_map(|(a, b, c)| format!("{a}-{b}-{c}"));
    (
        1..=20_u32,
        1..=200_u32,
        any::<bool>(),
        of(text(120)),
        of(tempo),
    )
        .prop_map(|(count, repetitions, each_side, load, tempo)| Sets {
            count,
            repetitions,
            each_side,
            load,
            tempo,
        })
}

fn effort() -> impl Strategy<Value = EffortRange> {
    (0..=10_u32, 0..=10_u32).prop_map(|(a, b)| EffortRange {
        min: Rpe::try_from(a.min(b)).expect("in range"),
        max: Rpe::try_from(a.max(b)).expect("in range"),
    })
}

fn rung() -> impl Strategy<Value = Rung> {
    let words = (text(120), text(1000), of(text(120)), of(text(120)));
    let more = (of(text(300)), of(text(500)), vec(text(120), 0..4));
    let rest = (
        of(0..=6_u32),
        any::<bool>(),
        any::<bool>(),
        1..=1_000_000_u32,
    );
    (words, more, rest, of(effort()), of(sets())).prop_map(
        |(
            (title, instruction, terrain, surface),
            (prediction, note, cues),
            (rest_days, needs_approval, proposal, dose),
            effort,
            sets,
        )| Rung {
            title,
            dose: Dose::try_from(dose).expect("in range"),
            instruction,
            effort,
            terrain,
            surface,
            cues,
            rest_days,
            needs_approval,
            sets,
            prediction,
            note,
            proposal,
        },
    )
}

/// Rows that get stricter, as the policy wants them.
fn layoff() -> impl Strategy<Value = Vec<LayoffRow>> {
    (1..=5_u32, 1..=5_u32, 1..=100_u32, any::<bool>()).prop_map(|(from, gap, percent, ask)| {
        let row = |number: u32, target, ask| LayoffRow {
            from_gap: from + number * gap,
            target,
            ask,
        };
        vec![
            row(0, LayoffTarget::Repeat, false),
            row(1, LayoffTarget::DosePercent(percent), ask),
            row(2, LayoffTarget::Bottom, true),
        ]
    })
}

fn edits() -> impl Strategy<Value = PolicyEdits> {
    let limits = (of(1..=10_u32), of(0..=6_u32), of(0..=14_u32), of(1..=7_u32));
    let scales = (
        of(0..=10_u32),
        of(0..=100_u32),
        of(1..=100_u32),
        of(100..=1000_u32),
    );
    let times = (
        of(12..=168_u32),
        of(1..=600_u32),
        of(1..=10_u32),
        of(2..=52_u32),
    );
    let pain = (
        of(0..=1_u32),
        of(2..=9_u32),
        of(Just(1_u32)),
        of(2..=10_u32),
    );
    let percents = (
        of(1..=100_u32),
        of(1..=100_u32),
        of(any::<bool>()),
        of(layoff()),
    );
    (limits, scales, times, pain, percents).prop_map(|(l, s, t, p, r)| PolicyEdits {
        successes_to_advance: l.0,
        rest_days: l.1,
        red_rest_days: l.2,
        max_advances_per_7_days: l.3,
        confidence_min: s.0,
        fear_max: s.1,
        completion_min: s.2,
        completion_max: s.3,
        morning_window_hours: t.0,
        stiffness_amber_minutes: t.1,
        contexts_required: t.2,
        deload_every_weeks: t.3,
        green_max: p.0,
        amber_max: p.1,
        morning_amber_points: p.2,
        morning_red_points: p.3,
        deload_percent: r.0,
        readiness_percent: r.1,
        require_confidence: r.2,
        layoff: r.3,
    })
}

prop_compose! {
    fn ladder()(
        key in slug(),
        version in 1..=1_000_000_u32,
        words in (text(120), text(2000), of(text(1000)), text(1000)),
        url in of("https://example\\.org/[a-z]{0,9}"),
        profile in proptest::sample::select(&TissueProfile::ALL[..]),
        kind in prop_oneof![
            Just(TrackKind::Running),
            Just(TrackKind::Strength),
            Just(TrackKind::Exposure),
        ],
        unit in prop_oneof![
            Just(DoseUnit::RunningSeconds),
            Just(DoseUnit::RunningMetres),
            Just(DoseUnit::Repetitions),
            Just(DoseUnit::Ordinal),
        ],
        sessions_per_week in 1..=7_u32,
        entry_criteria in vec(criterion(), 0..4),
        policy in edits(),
        rungs in vec(rung(), 1..5),
    ) -> Ladder {
        let (title, summary, proposal, citation) = words;
        let source = Source { citation, url };
        let mut ladder = Ladder {
            key, version, title, summary, source, proposal, profile, kind, unit,
            sessions_per_week, entry_criteria, policy, rungs,
        };
        fit(&mut ladder);
        ladder
    }
}

/// What depends on each other: ids are used once, doses follow from unit and sets.
fn fit(ladder: &mut Ladder) {
    for (index, criterion) in ladder.entry_criteria.iter_mut().enumerate() {
        criterion.id = format!("{}-{index}", criterion.id);
    }
    for (index, rung) in (1_u32..).zip(&mut ladder.rungs) {
        match (ladder.unit, &rung.sets) {
            (DoseUnit::Repetitions, Some(sets)) => {
                rung.dose = Dose::try_from(sets.count * sets.repetitions).expect("in range");
            }
            (DoseUnit::Repetitions, None) => {}
            (unit, _) => {
                rung.sets = None;
                if unit == DoseUnit::Ordinal {
                    rung.dose = Dose::try_from(index).expect("in range");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_as_it_was(ladder in ladder()) {
        // A profile's default may forbid an edit; such a ladder is stored nowhere.
        prop_assume!(ladder.validate().is_empty());
        let text = write(&ladder);
        prop_assert_eq!(read(&text), Ok(ladder), "{}", text);
    }
}
