use rung_proto::v1;
use tonic::{Code, Response, Status};

use crate::{
    rpc::{
        front::{faults, fresh, reason},
        plan::setting::{Setting, metadata},
        time::date,
    },
    storage::{Db, conformance::storage_tests},
};

fn hill() -> v1::MicroGoal {
    v1::MicroGoal {
        what: "One gentle hill".to_owned(),
        target: Some(v1::Target {
            value: 1,
            unit: "hill".to_owned(),
        }),
        ..v1::MicroGoal::default()
    }
}

async fn set(
    this: &Setting,
    goal: v1::MicroGoal,
    reached_on: Option<v1::Date>,
) -> Result<Response<v1::SetMicroGoalResponse>, Status> {
    let request = v1::SetMicroGoalRequest {
        request_id: fresh(),
        etag: goal.etag.clone(),
        plan_id: this.plan.clone(),
        goal: Some(goal),
        reached_on,
    };
    this.front
        .plans()
        .set_micro_goal(this.pia.asks(request))
        .await
}

async fn goals(this: &Setting) -> Vec<v1::MicroGoal> {
    this.told().await.definition.unwrap().micro_goals
}

storage_tests! {
    // Seen failing with the etag not compared, and with the goals of the revision told for those of now.
    async fn goals_are_added_changed_and_reached_and_the_plan_stays_what_it_is(db: Db) {
        let this = Setting::new(db).await;
        let plan = this.told().await;
        let first = plan.definition.unwrap().micro_goals.remove(0);
        assert_eq!((first.etag.as_str(), &first.reached_on), ("1", &None));
        let hill = set(&this, hill(), None).await.unwrap().into_inner().goal.unwrap();
        assert_eq!(goals(&this).await, [first.clone(), hill.clone()]);

        let today = date(this.today());
        let reached = set(&this, first.clone(), Some(today)).await.unwrap().into_inner().goal.unwrap();
        assert_eq!((reached.etag.as_str(), reached.reached_on), ("2", Some(today)));
        let stale = set(&this, first.clone(), None).await.unwrap_err();
        assert_eq!((stale.code(), metadata(&stale, "etag").as_str()), (Code::Aborted, "2"));
        let again = v1::MicroGoal { etag: "2".to_owned(), ..first.clone() };
        let open = set(&this, again, None).await.unwrap().into_inner().goal.unwrap();
        assert_eq!(open.reached_on, None);

        let after = this.told().await;
        assert_eq!((after.etag, after.revision), (plan.etag, 1), "no event, no revision");
        assert_eq!(this.stored().await.definition.micro_goals.len(), 1, "what decisions are made from stays");
    }

    async fn what_is_reached_is_asked_no_more_and_an_amendment_keeps_it(db: Db) {
        let this = Setting::new(db).await;
        this.started(1).await;
        set(&this, hill(), None).await.unwrap();
        let first = goals(&this).await.remove(0);
        let today = date(this.today());
        set(&this, first, Some(today)).await.unwrap();
        let request = v1::GetTodayRequest { athlete_id: this.athlete.clone(), date: None };
        let asked = this.front.plans().get_today(this.pia.asks(request)).await.unwrap().into_inner();
        let open: Vec<_> = asked.micro_goals.iter().map(|goal| goal.what.as_str()).collect();
        assert_eq!(open, ["One gentle hill"]);

        let plan = this.told().await;
        let mut definition = plan.definition.clone().unwrap();
        definition.micro_goals[1].what = "Two gentle hills".to_owned();
        let amended = this.amend(&this.pia, this.amendment(&plan, definition)).await.unwrap().into_inner();
        let paths: Vec<_> = amended.changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(paths, ["micro_goals[\"Two gentle hills\"].what"]);
        let kept = goals(&this).await;
        assert_eq!((kept[0].reached_on, kept[1].etag.as_str()), (Some(today), "2"));
    }

    async fn a_goal_that_cannot_be_meant_is_refused(db: Db) {
        let this = Setting::new(db).await;
        let nobody = v1::MicroGoal { id: fresh(), etag: "1".to_owned(), ..hill() };
        assert_eq!(reason(set(&this, nobody, None).await), "NOT_FOUND");
        let wordless = v1::MicroGoal { etag: "1".to_owned(), what: " ".to_owned(), target: None, ..hill() };
        assert_eq!(faults(set(&this, wordless, None).await), ["etag", "goal.target", "goal.what"]);
        let tomorrow = date(this.today() + chrono::Days::new(1));
        assert_eq!(faults(set(&this, hill(), Some(tomorrow)).await), ["reached_on"]);
        for _ in 1..12 {
            set(&this, hill(), None).await.unwrap();
        }
        assert_eq!(faults(set(&this, hill(), None).await), ["goal"]);
        assert_eq!(goals(&this).await.len(), 12);
    }
}
