//! Prescriptions and pages that are refused, each with its own code, reason and field, and nothing changed by them.

use rung_proto::v1;
use rung_tests::{Clinic, PASSWORD, Result, Rung, bootstrap, new_id};
use tonic::Code;

use crate::{
    api::Api,
    on_both_databases,
    prescription::{Prescribed, athlete, prescribe, publish, unchanged},
};

on_both_databases!(
    a_draft_cannot_be_prescribed,
    a_start_over_the_limit_needs_a_reason,
    an_open_entry_criterion_needs_a_reason,
    a_stale_etag_is_refused,
    a_request_id_stands_for_one_request,
    a_forged_page_token_is_refused,
    another_clinic_finds_nothing,
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
    assert_eq!(refusal.metadata["field"], "definition.tracks[0].ladder_id");
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
            vec!["definition.baseline.reason"]
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
            .starts_with("definition.tracks[0].entry_confirmations"),
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

fn a_forged_page_token_is_refused(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    athlete(clinic, "Mia Holm", "2015-08-01")?;
    let api = Api::of(clinic, &clinic.physio)?;
    let mut athletes = v1::athlete_service_client::AthleteServiceClient::new(api.channel());
    let mut clinics = v1::clinic_service_client::ClinicServiceClient::new(api.channel());
    let mut ladders = v1::ladder_service_client::LadderServiceClient::new(api.channel());
    let mut plans = v1::plan_service_client::PlanServiceClient::new(api.channel());
    let mut check_ins = v1::check_in_service_client::CheckInServiceClient::new(api.channel());
    let mut triage = v1::triage_service_client::TriageServiceClient::new(api.channel());

    let page = |page_token: &str| v1::ListAthletesRequest {
        page_size: 1,
        page_token: page_token.to_owned(),
    };
    let first = api.answer(athletes.list_athletes(api.request(page(""))))?;
    let honest = first.next_page_token;
    assert!(!honest.is_empty(), "two athletes on pages of one");
    let second = api.answer(athletes.list_athletes(api.request(page(&honest))))?;
    assert_ne!(first.athletes, second.athletes);
    assert_eq!(second.next_page_token, "");

    // One bit off.
    let mut altered = honest.clone();
    let last = altered.pop().ok_or("empty")?;
    altered.push(if last == 'A' { 'B' } else { 'A' });
    let tokens = ["nonsense", "", &altered, &honest, "AAAA", &"A".repeat(5000)];
    for token in tokens {
        if token.is_empty() {
            continue;
        }
        let page_token = token.to_owned();
        let mut refusals = vec![
            api.refused(clinics.list_members(api.request(v1::ListMembersRequest {
                page_size: 1,
                page_token: page_token.clone(),
            })))?,
            api.refused(ladders.list_ladders(api.request(v1::ListLaddersRequest {
                page_size: 1,
                page_token: page_token.clone(),
            })))?,
            api.refused(plans.list_decisions(api.request(v1::ListDecisionsRequest {
                plan_id: nils.plan.clone(),
                page_size: 1,
                page_token: page_token.clone(),
            })))?,
            api.refused(
                check_ins.list_check_ins(api.request(v1::ListCheckInsRequest {
                    athlete_id: nils.member.id.clone(),
                    page_size: 1,
                    page_token: page_token.clone(),
                })),
            )?,
            api.refused(triage.list_caseload(api.request(v1::ListCaseloadRequest {
                page_size: 1,
                page_token: page_token.clone(),
            })))?,
        ];
        // The honest token is good for its own list only.
        if token != honest {
            refusals.push(api.refused(athletes.list_athletes(api.request(page(token))))?);
        }
        for refusal in refusals {
            assert_eq!(
                (refusal.code, refusal.reason.as_str()),
                (Code::InvalidArgument, "PAGE_TOKEN_INVALID"),
                "{token:.40}"
            );
        }
    }
    Ok(())
}

fn another_clinic_finds_nothing(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let ladder = clinic.physio.json(&["ladders", "show", "harbour-loop"])?["ladder"]["id"].clone();
    let ladder = ladder.as_str().ok_or("no ladder")?;

    bootstrap(clinic.database(), "Hill Clinic", "hal@hill.example")?;
    let other_admin = clinic.physio.profile("hill-admin");
    clinic.login(&other_admin, "hal@hill.example", &[])?;
    let invitation =
        other_admin.json(&["members", "invite", "uwe@hill.example", "--role", "physio"])?;
    let stranger = clinic.physio.profile("hill-physio");
    clinic.join(&stranger, "Uwe", &invitation, &[])?;

    nothing_is_told(clinic, &stranger, &nils, ladder)?;

    // An own athlete does not make a foreign ladder one's own.
    let own = stranger.json(&["athletes", "add", "Kim Ode", "--zone", "UTC"])?;
    let own = own["athlete"]["id"].as_str().ok_or("no id")?;
    let refusal = stranger.refused(&[
        "plan",
        "prescribe",
        own,
        "--ladder",
        ladder,
        "--baseline-pain",
        "1",
        "--baseline-stiffness",
        "0",
        "--confirm-all",
    ])?;
    assert_eq!((refusal.exit, refusal.reason.as_str()), (5, "NOT_FOUND"));

    // A token of one clinic does not read the other's lists.
    assert_eq!(
        stranger.json(&["caseload"])?.as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(
        clinic.physio.json(&["caseload"])?.as_array().map(Vec::len),
        Some(1)
    );

    // And the account of one clinic does not open the other.
    let wrong = clinic.physio.profile("wrong");
    let output = sign_in(clinic, &wrong, "hal@hill.example", "another password")?;
    assert_eq!(output, (3, "CREDENTIALS_INVALID".to_owned()));
    let output = sign_in(clinic, &wrong, "nobody@hill.example", PASSWORD)?;
    assert_eq!(output, (3, "CREDENTIALS_INVALID".to_owned()));
    Ok(())
}

/// Everything about an athlete is hidden from a stranger as if it were not there.
fn nothing_is_told(
    clinic: &Clinic,
    stranger: &Rung,
    nils: &Prescribed,
    ladder: &str,
) -> Result<()> {
    let (athlete_id, plan_id) = (nils.member.id.as_str(), nils.plan.as_str());
    let nobody = new_id().to_string();
    let at = "2015-08-02T07:00:00Z";
    let calls = |athlete_id: &str, plan_id: &str, ladder_id: &str| -> Vec<Vec<String>> {
        [
            vec!["athletes", "show", athlete_id],
            vec!["athletes", "export", athlete_id],
            vec!["plan", "show", plan_id],
            vec!["plan", "pause", plan_id, "--reason", "x", "--etag", "1"],
            vec!["decisions", plan_id],
            vec!["today", "--athlete", athlete_id],
            vec!["checkin", "list", "--athlete", athlete_id],
            vec![
                "checkin",
                "morning",
                "--athlete",
                athlete_id,
                "--at",
                at,
                "--pain",
                "1",
                "--swelling",
                "none",
                "--no-red-flags",
            ],
            vec![
                "members",
                "invite",
                "x@hill.example",
                "--role",
                "athlete",
                "--athlete",
                athlete_id,
            ],
            vec!["ladders", "show", ladder_id],
        ]
        .into_iter()
        .map(|args| args.into_iter().map(str::to_owned).collect())
        .collect()
    };
    let before = clinic.export(athlete_id)?;
    for (theirs, nobodys) in calls(athlete_id, plan_id, ladder)
        .into_iter()
        .zip(calls(&nobody, &nobody, &nobody))
    {
        let of = |args: &[String]| -> Result<_> {
            let refusal = stranger.refused(args)?;
            Ok((
                refusal.exit,
                refusal.code,
                refusal.reason,
                refusal.message,
                refusal.metadata,
            ))
        };
        let (hidden, missing) = (of(&theirs)?, of(&nobodys)?);
        assert_eq!(
            (hidden.0, hidden.2.as_str()),
            (5, "NOT_FOUND"),
            "{theirs:?}"
        );
        assert_eq!(hidden, missing, "{theirs:?} tells that there is something");
    }
    assert_eq!(before, clinic.export(athlete_id)?);
    Ok(())
}

fn sign_in(clinic: &Clinic, rung: &Rung, email: &str, password: &str) -> Result<(i32, String)> {
    let url = clinic.url();
    let args = ["--json", "login", "--server", &url, "--email", email];
    let output = rung.run(&args, &[("RUNG_PASSWORD", password)])?;
    let error: serde_json::Value = serde_json::from_str(&output.stderr)?;
    Ok((
        output.code,
        error["reason"].as_str().unwrap_or_default().to_owned(),
    ))
}

fn all_bad_fields_of_a_plan_are_named_at_once(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let member = clinic.athlete("Nils Berg", "Europe/Berlin")?;
    let refusal = unchanged(clinic, &member.id, || {
        clinic.physio.refused(&[
            "plan",
            "prescribe",
            &member.id,
            "--ladder",
            "harbour-loop",
            "--start-rung",
            "4",
            "--sessions-per-week",
            "8",
            "--baseline-pain",
            "11",
            "--confirm-all",
            "--policy",
            "green_max=11",
            "--anchor",
            "",
        ])
    })?;
    assert_eq!(refusal.reason, "INVALID_FIELDS");
    let mut paths = refusal.paths();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            "definition.anchors[0]",
            "definition.baseline.pain",
            "definition.baseline.stiffness_minutes",
            "definition.tracks[0].policy.green_max",
            "definition.tracks[0].sessions_per_week",
            "definition.tracks[0].start_rung",
        ]
    );
    // And a good one is taken after all.
    prescribe(clinic, &member.id)?;
    Ok(())
}
