//! Pages: a token is good for the query it was made for, and for nothing else.

use rung_proto::v1;
use rung_tests::{Clinic, Result};
use tonic::Code;

use crate::{
    api::Api,
    on_both_databases,
    prescription::{athlete, publish},
};

on_both_databases!(a_forged_page_token_is_refused);

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
                include_archived: false,
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
