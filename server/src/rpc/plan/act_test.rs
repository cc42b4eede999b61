use std::{fmt::Debug, future::Future};

use chrono::Days;
use rung_progression::{EventBody, WellnessReport};
use rung_proto::v1;
use tonic::{Code, Response, Status};
use tonic_types::StatusExt as _;

use crate::rpc::plan::setting::{Setting, metadata, prescription};
use crate::{
    rpc::front::{Somebody, faults, fresh, reason},
    storage::{
        Db,
        conformance::{
            fixture::{morning, session},
            storage_tests,
        },
        plan,
    },
};

/// What the two of them were answered who did it at once: one did it, and the other was told how the plan stands now.
async fn at_once<T: Debug, F: Future<Output = Result<Response<T>, Status>>>(
    this: &Setting,
    what: &str,
    act: impl Fn(Somebody, String) -> F,
) {
    let etag = this.told().await.etag;
    let both = tokio::join!(
        act(this.pia.clone(), etag.clone()),
        act(this.bea.clone(), etag)
    );
    let (done, refused): (Vec<_>, Vec<_>) = [both.0, both.1].into_iter().partition(Result::is_ok);
    assert_eq!(
        (done.len(), refused.len()),
        (1, 1),
        "{what}: {done:?} {refused:?}"
    );
    let refused = refused.into_iter().next().and_then(Result::err).unwrap();
    let told = refused.get_error_details().error_info().cloned().unwrap();
    assert_eq!(
        (refused.code(), told.reason.as_str()),
        (Code::Aborted, "ETAG_STALE"),
        "{what}"
    );
    assert_eq!(metadata(&refused, "etag"), this.told().await.etag, "{what}");
}

/// Codes of what bars a step up, in the order of the refusal, each with the date until which it does.
fn bars(status: &Status) -> Vec<(String, String)> {
    let codes = metadata(status, "bars");
    let codes = codes.split(',').map(str::to_owned);
    codes
        .map(|code| (code.clone(), metadata(status, &format!("until_{code}"))))
        .collect()
}

fn until(code: &str, date: Option<chrono::NaiveDate>) -> (String, String) {
    (
        code.to_owned(),
        date.map(|date| date.to_string()).unwrap_or_default(),
    )
}

fn wellness(ill: bool, sleep: Option<u32>) -> EventBody {
    EventBody::Wellness(WellnessReport {
        ill,
        red_flags: vec![],
        sleep: sleep.map(|sleep| sleep.try_into().unwrap()),
        energy: None,
        calm: None,
        mood: None,
        freshness: None,
        fuelling: None,
    })
}

storage_tests! {
    // Seen failing with the etag not compared.
    async fn of_two_physios_at_once_one_acts_and_the_other_is_told(db: Db) {
        let this = &Setting::new(db).await;
        at_once(this, "start", |who, etag| async move { this.start(&who, &etag).await }).await;
        at_once(this, "pause", |who, etag| async move { this.pause(&who, &etag).await }).await;
        at_once(this, "resume", |who, etag| async move { this.resume(&who, &etag).await }).await;
        at_once(this, "move", |who, etag| async move { this.move_to(&who, &etag, 0).await }).await;
        let plan = this.told().await;
        let mut definition = plan.definition.unwrap();
        definition.tracks[0].sessions_per_week = 2;
        at_once(this, "amend", |who, etag| {
            let plan = v1::Plan { etag, ..v1::Plan::default() };
            let request = this.amendment(&plan, definition.clone());
            async move { this.amend(&who, request).await }
        }).await;
    }

    // Seen failing with the etag not compared.
    async fn of_two_words_on_one_step_up_one_counts(db: Db) {
        let this = &Setting::new(db).await;
        this.started(6).await;
        this.waits(5).await;
        at_once(this, "decline", |who, etag| async move { this.decline(&who, &etag).await }).await;
        this.waits(3).await;
        at_once(this, "approve", |who, etag| async move { this.approve(&who, &etag).await }).await;
        assert_eq!(this.told().await.tracks[0].rung, 1);
    }

    async fn a_step_up_that_waits_is_taken_or_not_by_a_word(db: Db) {
        let this = Setting::new(db).await;
        this.started(6).await;
        this.waits(5).await;
        let plan = this.told().await;
        assert!(plan.tracks[0].awaiting_approval);
        let declined = this.decline(&this.pia, &plan.etag).await.unwrap().into_inner();
        let (plan, decision) = (declined.plan.unwrap(), &declined.decisions[0]);
        assert_eq!(decision.reasons[0].code(), v1::ReasonCode::Decline);
        assert_eq!((plan.tracks[0].rung, plan.tracks[0].counted), (0, 0));
        assert!(!decision.automatic && !plan.tracks[0].awaiting_approval);

        this.waits(2).await;
        let etag = this.told().await.etag;
        let approved = this.approve(&this.bea, &etag).await.unwrap().into_inner();
        let decision = &approved.decisions[0];
        assert_eq!(decision.reasons[0].code(), v1::ReasonCode::Approve);
        assert_eq!((decision.from_rung, decision.to_rung), (Some(0), Some(1)));
        assert_eq!(approved.plan.unwrap().tracks[0].rung, 1);
    }

    // Seen failing with the bars not looked at: a fault of the server, for the rules refuse it all the same.
    async fn a_refused_approval_says_by_what_and_until_when(db: Db) {
        let this = Setting::new(db).await;
        let refused = this.approve(&this.pia, &this.told().await.etag).await.unwrap_err();
        assert_eq!((refused.code(), reason::<()>(Err(refused)).as_str()), (Code::FailedPrecondition, "PLAN_STATE"));
        this.started(3).await;
        let approve = async || {
            let etag = this.told().await.etag;
            let refused = this.approve(&this.pia, &etag).await.unwrap_err();
            let told = refused.get_error_details().error_info().cloned().unwrap();
            assert_eq!((refused.code(), told.reason.as_str()), (Code::FailedPrecondition, "ADVANCE_BARRED"));
            assert_eq!(this.told().await.etag, etag, "a refused call changes nothing");
            refused
        };
        assert_eq!(bars(&approve().await), [until("NEEDS_APPROVAL", None)]);
        let refused = this.decline(&this.pia, &this.told().await.etag).await.unwrap_err();
        assert_eq!(bars(&refused), [until("NEEDS_APPROVAL", None)]);

        this.waits(2).await;
        this.happened(0, wellness(true, None)).await;
        assert_eq!(bars(&approve().await), [until("ILLNESS", None)]);
        this.happened(0, wellness(false, Some(300))).await;
        let tomorrow = this.today().checked_add_days(Days::new(1));
        let refused = approve().await;
        assert_eq!(bars(&refused), [until("ILLNESS", tomorrow), until("READINESS_LOW", tomorrow)]);
        let told = refused.get_error_details().precondition_failure().cloned().unwrap().violations;
        assert!(told.iter().all(|bar| bar.subject == "track_id" && bar.description.contains("Until ")), "{told:?}");

        this.pause(&this.pia, &this.told().await.etag).await.unwrap();
        let codes: Vec<_> = bars(&approve().await).into_iter().map(|bar| bar.0).collect();
        assert_eq!(codes, ["PAUSED", "NEEDS_APPROVAL", "ILLNESS", "READINESS_LOW"]);
    }

    async fn a_lighter_week_bars_a_step_up_until_it_ends(db: Db) {
        let this = Setting::new(db).await;
        let plan = this.told().await;
        let mut definition = plan.definition.clone().unwrap();
        definition.tracks[0].policy.as_mut().unwrap().deload_every_weeks = Some(2);
        this.amend(&this.pia, this.amendment(&plan, definition)).await.unwrap();
        this.started(7).await;
        this.waits(2).await;
        let refused = this.approve(&this.pia, &this.told().await.etag).await.unwrap_err();
        let next_week = this.today().checked_add_days(Days::new(7));
        assert_eq!(bars(&refused), [until("DELOAD_WEEK", next_week)]);
        // No can be said at any time.
        this.decline(&this.pia, &this.told().await.etag).await.unwrap();
    }

    // Seen failing with the plan judged as it was left, and not as time has left it: a fault of the server.
    async fn what_time_alone_has_decided_comes_before_a_word(db: Db) {
        let this = Setting::new(db).await;
        this.started(30).await;
        this.waits(20).await;
        assert!(this.stored().await.state.tracks[0].awaiting_approval, "nobody has looked since");
        for refused in [
            this.approve(&this.pia, &this.told().await.etag).await.err(),
            this.decline(&this.pia, &this.told().await.etag).await.err(),
        ] {
            assert_eq!(bars(&refused.unwrap()), [until("NEEDS_APPROVAL", None)]);
        }
    }

    async fn a_word_is_on_a_track_of_the_plan_and_a_no_has_a_reason(db: Db) {
        let this = Setting::new(db).await;
        this.started(6).await;
        this.waits(5).await;
        let etag = this.told().await.etag;
        let approve = v1::ApproveAdvanceRequest {
            request_id: fresh(),
            plan_id: this.plan.clone(),
            etag: etag.clone(),
            track_id: fresh(),
            reason: "x".repeat(1001),
        };
        let refused = this.front.plans().approve_advance(this.pia.asks(approve)).await;
        assert_eq!(faults(refused), ["reason", "track_id"]);
        let decline = v1::DeclineAdvanceRequest {
            request_id: fresh(),
            plan_id: this.plan.clone(),
            etag,
            track_id: String::new(),
            reason: " ".to_owned(),
        };
        let refused = this.front.plans().decline_advance(this.pia.asks(decline)).await;
        assert_eq!(faults(refused), ["reason", "track_id"]);
    }

    // Seen failing with the ladder looked up before the stored answer.
    async fn a_repeated_prescription_is_one_whatever_became_of_its_ladder(db: Db) {
        let this = Setting::new(db).await;
        let request = v1::CreatePlanRequest {
            request_id: fresh(),
            athlete_id: this.athlete.clone(),
            definition: Some(prescription(&this.ladder)),
        };
        let mut plans = this.front.plans();
        let first = plans.create_plan(this.pia.asks(request.clone())).await.unwrap().into_inner();
        let archive = v1::ArchiveLadderRequest {
            request_id: fresh(),
            ladder_id: this.ladder.id.clone(),
            etag: this.ladder.etag.clone(),
        };
        this.front.ladders().archive_ladder(this.pia.asks(archive)).await.unwrap();
        let again = plans.create_plan(this.pia.asks(request.clone())).await.unwrap().into_inner();
        assert_eq!(again, first);
        let another = v1::CreatePlanRequest { request_id: fresh(), ..request };
        assert_eq!(reason(plans.create_plan(this.pia.asks(another)).await), "LADDER_ARCHIVED");
    }

    // Seen failing with the stored answer not looked for.
    async fn a_repeated_word_is_one(db: Db) {
        let this = Setting::new(db).await;
        this.started(6).await;
        this.waits(5).await;
        let request = v1::ApproveAdvanceRequest {
            request_id: fresh(),
            plan_id: this.plan.clone(),
            etag: this.told().await.etag,
            track_id: this.track().await,
            reason: String::new(),
        };
        let mut plans = this.front.plans();
        let first = plans.approve_advance(this.pia.asks(request.clone())).await.unwrap().into_inner();
        let again = plans.approve_advance(this.pia.asks(request.clone())).await.unwrap().into_inner();
        assert_eq!(first, again);
        assert_eq!(this.told().await.tracks[0].rung, 1);
        let other = v1::ApproveAdvanceRequest { reason: "Runs well.".to_owned(), ..request };
        let refused = plans.approve_advance(this.pia.asks(other)).await;
        assert_eq!(reason(refused), "REQUEST_ID_REUSED");
    }

    // Seen failing with what is stored not asked again.
    async fn a_plan_whose_entry_nobody_has_answered_does_not_start(db: Db) {
        let this = Setting::new(db).await;
        let access = this.access();
        let mut definition = crate::storage::conformance::fixture::definition();
        assert!(!definition.tracks[0].entry.is_empty());
        definition.tracks[0].entry.clear();
        let id = rung_progression::PlanId::from(this.front.app.ambient.new_id());
        let athlete = access.athlete().clone();
        let (app, now) = (&this.front.app, this.now());
        app.db.write_in(access.clinic(), move |mut tx| {
            let (athlete, definition) = (athlete.clone(), definition.clone());
            Box::pin(async move { plan::insert(&mut tx, &athlete, id, &definition, now).await })
        }).await.unwrap();
        let this = Setting { plan: id.to_string(), ..this };
        let refused = this.start(&this.pia, &this.told().await.etag).await.unwrap_err();
        assert_eq!((refused.code(), reason::<()>(Err(refused)).as_str()), (Code::FailedPrecondition, "ENTRY_NOT_MET"));
        assert_eq!(this.told().await.state(), v1::PlanState::Draft);
    }

    async fn a_history_is_verified_by_who_cares(db: Db) {
        let this = Setting::new(db).await;
        this.started(6).await;
        this.waits(5).await;
        let definition = this.stored().await.definition;
        this.approve(&this.pia, &this.told().await.etag).await.unwrap();
        this.happened(0, session(&definition)).await;
        this.happened(0, morning()).await;
        let request = v1::VerifyPlanRequest { plan_id: this.plan.clone() };
        let verified = this.front.plans().verify_plan(this.bea.asks(request)).await.unwrap().into_inner();
        assert_eq!((verified.events, verified.other_version), (6, 0));
        assert!(verified.same >= 5 && verified.state_holds, "{verified:?}");
        assert_eq!(verified.first_difference, None);
    }
}
