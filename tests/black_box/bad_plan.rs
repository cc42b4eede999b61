//! Prescriptions and pages that are refused, each with its own code, reason and field, and nothing changed by them.

use rung_proto::v1;
use rung_tests::{Clinic, Result, new_id};

use crate::{
    api::Api,
    on_both_databases,
    prescription::{athlete, prescribe, publish, unchanged},
};

on_both_databases!(
    a_draft_cannot_be_prescribed,
    a_start_over_the_limit_needs_a_reason,
    an_open_entry_criterion_needs_a_reason,
    a_stale_etag_is_refused,
    a_request_id_stands_for_one_request,
    all_bad_fields_of_a_plan_are_named_at_once,
);

fn a_draft_cannot_be_prescribed(clinic: &mut Clinic) -> Result<()> {
    let published = publish(clinic)?;
    let member = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let api = Api::of(clinic, &clinic.physio)?;
    let mut ladders = v1::ladder_service_client::LadderServiceClient::new(api.channel());
    let ladder_id = published["ladder"]["id"].as_str().ok_or("no ladder id")?;
    let ladder_id = ladder_id.to_owned();
    let definition = api
        .answer(ladders.get_ladder(api.request(v1::GetLadderRequest { ladder_id })))?
        .ladder
        .and_then(|ladder| ladder.definition);
    // The next version, which nobody published.
    let draft = api
        .answer(ladders.create_ladder(api.request(v1::CreateLadderRequest {
            request_id: new_id().to_string(),
            definition,
        })))?
        .ladder
        .ok_or("no ladder")?;
    assert_eq!(draft.version, 2);

    let refusal = unchanged(clinic, &member.id, || {
        clinic.physio.refused(&[
            "plan",
            "prescribe",
            &member.id,
            "--ladder",
            &draft.id,
            "--baseline-pain",
            "1",
            "--baseline-stiffness",
            "10",
            "--confirm-all",
        ])
    })?;
    assert_eq!(
        (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
        (6, "FAILED_PRECONDITION", "LADDER_NOT_PUBLISHED")
    );
    assert_eq!(refusal.paths(), ["definition.tracks[0].ladder_id"]);
    Ok(())
}

fn a_start_over_the_limit_needs_a_reason(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let member = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let prescribe = [
        "plan",
        "prescribe",
        &member.id,
        "--ladder",
        "harbour-loop",
        "--baseline-stiffness",
        "10",
        "--confirm-all",
        "--baseline-pain",
    ];
    // TENDON is green to 3, inclusive.
    let over = [&prescribe[..], &["4"]].concat();
    let refusal = unchanged(clinic, &member.id, || clinic.physio.refused(&over))?;
    assert_eq!(
        (
            refusal.exit,
            refusal.code.as_str(),
            refusal.reason.as_str(),
            refusal.paths()
        ),
        (
            6,
            "FAILED_PRECONDITION",
            "ENTRY_NOT_MET",
            vec!["definition.baseline.pain"]
        )
    );
    let with_reason = [
        &over[..],
        &[
            "--baseline-reason",
            "Four for years; settles while walking.",
        ],
    ]
    .concat();
    clinic.physio.json(&with_reason)?;
    clinic.physio.json(&[&prescribe[..], &["3"]].concat())?;
    Ok(())
}

fn an_open_entry_criterion_needs_a_reason(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let member = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let prescribe = [
        "plan",
        "prescribe",
        &member.id,
        "--ladder",
        "harbour-loop",
        "--baseline-pain",
        "1",
        "--baseline-stiffness",
        "10",
        "--confirm",
        "brisk-walk",
    ];
    let refusal = unchanged(clinic, &member.id, || clinic.physio.refused(&prescribe))?;
    assert_eq!(
        (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
        (6, "FAILED_PRECONDITION", "ENTRY_NOT_MET")
    );
    assert_eq!(refusal.fields.len(), 1, "{refusal:?}");
    assert!(
        refusal.fields[0]
            .0
            .starts_with("definition.tracks[0].entry"),
        "{refusal:?}"
    );
    clinic.physio.json(
        &[
            &prescribe[..],
            &["--waive", "single-leg-hop=Hops hurt the other knee."],
        ]
        .concat(),
    )?;
    Ok(())
}

fn a_stale_etag_is_refused(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let athlete = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let plan = &athlete.plan;
    let stale = clinic.physio.json(&["plan", "show", plan])?["plan"]["etag"].clone();
    let stale = stale.as_str().ok_or("no etag")?;
    // Somebody else was quicker.
    clinic.physio.json(&[
        "plan",
        "move",
        plan,
        "--rung",
        "1",
        "--reason",
        "Ran this far all winter.",
    ])?;
    let current = clinic.physio.json(&["plan", "show", plan])?["plan"]["etag"].clone();
    assert_ne!(current, stale);
    for late in [
        &[
            "plan", "pause", plan, "--reason", "Holiday.", "--etag", stale,
        ][..],
        &[
            "plan", "move", plan, "--rung", "2", "--reason", "Further.", "--etag", stale,
        ][..],
        &[
            "plan",
            "start",
            plan,
            "--from",
            "2015-08-01",
            "--etag",
            stale,
        ][..],
        &[
            "plan",
            "resume",
            plan,
            "--reason",
            "Well again.",
            "--etag",
            stale,
        ][..],
    ] {
        let refusal = unchanged(clinic, &athlete.member.id, || clinic.physio.refused(late))?;
        assert_eq!(
            (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
            (6, "ABORTED", "ETAG_STALE"),
            "{late:?}"
        );
        assert_eq!(refusal.metadata["etag"], current, "{late:?}");
    }
    Ok(())
}

fn a_request_id_stands_for_one_request(clinic: &mut Clinic) -> Result<()> {
    let id = new_id().to_string();
    let add = |name| {
        [
            "athletes",
            "add",
            name,
            "--zone",
            "Europe/Berlin",
            "--request-id",
            &id,
        ]
        .map(str::to_owned)
    };
    let first = clinic.physio.json(&add("Nils Berg"))?;
    assert_eq!(clinic.physio.json(&add("Nils Berg"))?, first);
    let refusal = clinic.physio.refused(&add("Mia Holm"))?;
    assert_eq!(
        (refusal.exit, refusal.code.as_str(), refusal.reason.as_str()),
        (6, "ALREADY_EXISTS", "REQUEST_ID_REUSED")
    );
    let athletes = clinic.physio.json(&["athletes", "list"])?;
    assert_eq!(athletes.as_array().map(Vec::len), Some(1));
    Ok(())
}

fn all_bad_fields_of_a_plan_are_named_at_once(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let member = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let refused = |more: &[&str]| -> Result<Vec<String>> {
        let prescribe = [
            &[
                "plan",
                "prescribe",
                &member.id,
                "--ladder",
                "harbour-loop",
                "--confirm-all",
            ],
            more,
        ];
        let refusal = unchanged(clinic, &member.id, || {
            clinic.physio.refused(&prescribe.concat())
        })?;
        assert_eq!(refusal.reason, "INVALID_FIELDS");
        let mut paths: Vec<_> = refusal.paths().into_iter().map(str::to_owned).collect();
        paths.sort_unstable();
        Ok(paths)
    };
    // What is no value at all, and what is one and does not fit the ladder or its limits.
    let paths = refused(&[
        "--sessions-per-week",
        "8",
        "--start-rung",
        "77",
        "--baseline-pain",
        "11",
        "--policy",
        "green_max=11",
        "--anchor",
        "",
    ])?;
    assert_eq!(
        paths,
        [
            "definition.anchors[0]",
            "definition.baseline.pain",
            "definition.baseline.stiffness",
            "definition.tracks[0].policy.green_max",
            "definition.tracks[0].sessions_per_week",
            "definition.tracks[0].start_rung",
        ]
    );
    let baseline = ["--baseline-pain", "1", "--baseline-stiffness", "10"];
    let more = [
        "--start-rung",
        "4",
        "--policy",
        "green_max=11",
        "--anchor",
        "",
    ];
    let paths = refused(&[&baseline[..], &more[..]].concat())?;
    assert_eq!(
        paths,
        [
            "definition.anchors[0]",
            "definition.tracks[0].policy.green_max",
            "definition.tracks[0].start_rung",
        ]
    );
    // And a good one is taken after all.
    prescribe(clinic, &member.id)?;
    Ok(())
}
