use rung_progression::RungIndex;
use rung_proto::v1;
use tonic::Code;

use crate::{
    rpc::{
        front::{faults, fresh, reason},
        plan::setting::{Setting, prescription, steep},
    },
    storage::{
        Db,
        conformance::{
            fixture::{morning, session},
            storage_tests,
        },
    },
};

fn paths(changes: &[v1::PlanChange]) -> Vec<&str> {
    changes.iter().map(|change| change.path.as_str()).collect()
}

storage_tests! {
    // Seen failing with the changes not stored, and with those of other tracks told too.
    async fn a_revision_tells_what_it_changes_wherever_it_is_read(db: Db) {
        let this = Setting::new(db).await;
        this.started(3).await;
        let plan = this.told().await;
        let mut definition = plan.definition.clone().unwrap();
        definition.tracks[0].policy.as_mut().unwrap().green_max = Some(2);
        definition.anchors = vec!["Water before".to_owned()];
        let amended = this.amend(&this.pia, this.amendment(&plan, definition)).await.unwrap().into_inner();
        let expected = ["anchors", "anchors", "tracks[\"Along the water\"].policy.green_max"];
        assert_eq!(paths(&amended.changes), expected);
        let limit = &amended.changes[2];
        let number = |n| Some(v1::Value { kind: Some(v1::value::Kind::Number(n)) });
        assert_eq!((&limit.before, &limit.after), (&number(3), &number(2)));
        let after = amended.plan.unwrap();
        assert_eq!((after.revision, after.tracks[0].rung), (2, 0));
        assert_eq!(amended.decisions[0].reasons[0].code(), v1::ReasonCode::Amend);

        let read = this.revision(2).await.amendment.unwrap();
        assert_eq!((read.revision, read.reason.as_str()), (2, "After talking on the phone."));
        assert_eq!(read.changes, amended.changes);
        assert_eq!(read.amended_by, this.pia.id);
        let first = this.revision(1).await;
        assert_eq!(first.amendment, None);
        let first = first.plan.unwrap();
        assert_eq!((first.revision, first.definition.unwrap().anchors), (1, vec!["Ten calf raises before".to_owned()]));
        let missing = v1::GetPlanRequest { plan_id: this.plan.clone(), revision: 3 };
        assert_eq!(reason(this.front.plans().get_plan(this.pia.asks(missing)).await), "NOT_FOUND");

        let listed = v1::ListDecisionsRequest { plan_id: this.plan.clone(), ..v1::ListDecisionsRequest::default() };
        let listed = this.front.plans().list_decisions(this.pia.asks(listed)).await.unwrap().into_inner();
        assert_eq!(listed.decisions[0].changes, amended.changes);
        assert_eq!(listed.decisions[1].changes, []);
    }

    async fn an_amendment_that_changes_nothing_is_none(db: Db) {
        let this = Setting::new(db).await;
        this.started(3).await;
        let plan = this.told().await;
        let same = plan.definition.clone().unwrap();
        let to = |n| vec![v1::TrackRung { track_id: plan.tracks[0].track_id.clone(), rung: Some(n) }];
        for (rungs, validate_only) in [(vec![], false), (vec![], true), (to(0), false)] {
            let request = v1::AmendPlanRequest { rungs, validate_only, ..this.amendment(&plan, same.clone()) };
            assert_eq!(faults(this.amend(&this.pia, request).await), ["definition"]);
        }
        assert_eq!(this.told().await.revision, 1);
        let request = v1::AmendPlanRequest { rungs: to(1), ..this.amendment(&plan, same.clone()) };
        let moved = this.amend(&this.pia, request).await.unwrap().into_inner().plan.unwrap();
        assert_eq!((moved.revision, moved.tracks[0].rung), (2, 1));
        // Of somebody who has read the plan as it was that is said, and nothing else.
        assert_eq!(reason(this.amend(&this.pia, this.amendment(&plan, same)).await), "ETAG_STALE");
    }

    // Seen failing with the newest version looked up for a track that keeps its ladder.
    async fn a_newer_ladder_comes_by_an_amendment_alone_and_with_its_difference(db: Db) {
        let this = Setting::new(db).await;
        let mut newer = steep("along-the-water");
        newer.rungs[1].dose = 1300;
        let newer = this.publish(newer).await;
        assert_eq!(newer.version, 2);
        let plan = this.told().await;
        let mut definition = plan.definition.clone().unwrap();
        definition.tracks[0].sessions_per_week = 2;
        let kept = this.amend(&this.pia, this.amendment(&plan, definition)).await.unwrap().into_inner();
        assert_eq!(paths(&kept.changes), ["tracks[\"Along the water\"].sessions_per_week"]);
        assert_eq!(this.stored().await.definition.tracks[0].ladder.version, 1);

        let plan = this.told().await;
        let mut definition = plan.definition.clone().unwrap();
        definition.tracks[0].ladder_id = newer.id.clone();
        let dry = v1::AmendPlanRequest { validate_only: true, ..this.amendment(&plan, definition.clone()) };
        let shown = this.amend(&this.pia, dry).await.unwrap().into_inner();
        let path = "tracks[\"Along the water\"].ladder";
        assert_eq!(paths(&shown.changes), [format!("{path}.rungs[1].dose"), format!("{path}.version")]);
        assert_eq!((shown.plan.as_ref().unwrap().revision, &shown.plan.as_ref().unwrap().etag), (3, &plan.etag));
        assert_eq!(shown.decisions.len(), 1);
        assert!(shown.decisions[0].id.is_empty(), "it is not stored");
        assert_eq!(this.told().await, plan, "nothing is stored");

        let upgraded = this.amend(&this.pia, this.amendment(&plan, definition)).await.unwrap().into_inner();
        assert_eq!(upgraded.changes, shown.changes);
        let track = &this.stored().await.definition.tracks[0];
        assert_eq!((track.ladder.version, track.ladder.rungs[1].dose.get()), (2, 1300));
    }

    // Seen failing with a draft taken for published, and with the dry run of a stale etag answered.
    async fn what_cannot_be_prescribed_cannot_be_amended_to(db: Db) {
        let this = Setting::new(db).await;
        let plan = this.told().await;
        let definition = plan.definition.clone().unwrap();
        let mut wrong = definition.clone();
        wrong.tracks[0].policy.as_mut().unwrap().green_max = Some(9);
        wrong.tracks[0].policy.as_mut().unwrap().amber_max = Some(2);
        wrong.micro_goals[0].target = None;
        let request = v1::AmendPlanRequest {
            rungs: vec![v1::TrackRung { track_id: fresh(), rung: Some(7) }],
            reason: String::new(),
            ..this.amendment(&plan, wrong)
        };
        let told = faults(this.amend(&this.pia, request).await);
        assert!(told.contains(&"reason".to_owned()), "{told:?}");
        assert!(told.contains(&"definition.micro_goals[0].target".to_owned()), "{told:?}");
        assert!(told.iter().any(|path| path.starts_with("definition.tracks[0].policy")), "{told:?}");
        assert!(told.iter().any(|path| path.starts_with("rungs[0].track_id")), "{told:?}");

        let mut draft = definition.clone();
        let made = v1::CreateLadderRequest { request_id: fresh(), definition: Some(steep("on-the-beach")) };
        let made = this.front.ladders().create_ladder(this.pia.asks(made)).await.unwrap().into_inner();
        draft.tracks[0].ladder_id = made.ladder.unwrap().id;
        let refused = this.amend(&this.pia, this.amendment(&plan, draft)).await;
        assert_eq!(reason(refused), "LADDER_NOT_PUBLISHED");

        let stale = v1::Plan { etag: "7".to_owned(), ..plan.clone() };
        let dry = v1::AmendPlanRequest { validate_only: true, ..this.amendment(&stale, definition.clone()) };
        assert_eq!(this.amend(&this.pia, dry).await.unwrap_err().code(), Code::Aborted);
        let mut sore = definition;
        sore.baseline.as_mut().unwrap().pain = Some(9);
        let refused = this.amend(&this.pia, this.amendment(&plan, sore)).await;
        assert_eq!(reason(refused), "ENTRY_NOT_MET");
        assert_eq!(this.told().await, plan, "nothing of it is stored");
    }

    async fn a_pending_session_stays_and_counts_where_the_rung_is_the_same(db: Db) {
        let this = Setting::new(db).await;
        this.started(3).await;
        let former = this.stored().await.definition;
        this.happened(1, session(&former)).await;
        let plan = this.told().await;
        let mut definition = plan.definition.clone().unwrap();
        definition.anchors = vec![];
        this.amend(&this.pia, this.amendment(&plan, definition)).await.unwrap();
        assert!(this.stored().await.state.tracks[0].pending.is_some());
        this.happened(0, morning()).await;
        assert!(this.stored().await.state.tracks[0].awaiting_approval, "it counts");
    }

    async fn tracks_come_go_and_are_put_on_rungs(db: Db) {
        let this = Setting::new(db).await;
        this.started(3).await;
        let plan = this.told().await;
        let mut definition = plan.definition.clone().unwrap();
        let first = definition.tracks[0].id.clone();
        let mut second = prescription(&this.ladder).tracks.remove(0);
        second.prerequisites = vec![v1::Prerequisite {
            track_id: first.clone(),
            requirement: Some(v1::prerequisite::Requirement::Done(true)),
        }];
        definition.tracks.push(second);
        let request = v1::AmendPlanRequest {
            rungs: vec![v1::TrackRung { track_id: first.clone(), rung: Some(2) }],
            ..this.amendment(&plan, definition)
        };
        let amended = this.amend(&this.pia, request).await.unwrap().into_inner();
        let tracks = amended.plan.as_ref().unwrap().tracks.clone();
        assert_eq!((tracks[0].rung, tracks[1].state()), (2, v1::TrackState::Locked));
        assert_eq!(amended.decisions.len(), 2);

        let plan = this.told().await;
        let mut definition = plan.definition.clone().unwrap();
        definition.tracks.remove(1);
        let amended = this.amend(&this.pia, this.amendment(&plan, definition)).await.unwrap().into_inner();
        assert_eq!(amended.plan.as_ref().unwrap().tracks.len(), 1);
        let closed = amended.decisions.iter().find(|decision| decision.track_id != first).unwrap();
        assert!(!closed.changes.is_empty() && closed.changes.iter().all(|change| change.track_id != first));
        assert_eq!(this.stored().await.state.tracks[0].rung, RungIndex::try_from(2_u32).unwrap());
        // What was before is read as it was.
        assert_eq!(this.revision(2).await.plan.unwrap().definition.unwrap().tracks.len(), 2);
    }

    // Seen failing with the stored answer looked for after the plan is judged.
    async fn a_repeated_amendment_is_one(db: Db) {
        let this = Setting::new(db).await;
        let plan = this.told().await;
        let definition = plan.definition.clone().unwrap();
        let mut other = definition.clone();
        other.tracks.push(prescription(&this.ladder).tracks.remove(0));
        other.concurrent = true;
        let request = this.amendment(&plan, other);
        let first = this.amend(&this.pia, request.clone()).await.unwrap().into_inner();
        let again = this.amend(&this.pia, request).await.unwrap().into_inner();
        assert_eq!(first, again);
        assert_eq!(this.told().await.revision, 2);
    }
}
