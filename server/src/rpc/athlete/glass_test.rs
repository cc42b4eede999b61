use rung_proto::v1;

use crate::{
    rpc::front::{Front, Somebody, faults, fresh, reason},
    storage::{Db, conformance::storage_tests},
};

impl Front {
    async fn breaks(
        &self,
        who: &Somebody,
        request: v1::BreakGlassRequest,
    ) -> Result<tonic::Response<v1::BreakGlassResponse>, tonic::Status> {
        self.athletes().break_glass(who.asks(request)).await
    }

    /// What an admin is alerted of when they sign in.
    async fn alerts(&self, who: &Somebody) -> i32 {
        let asked = self.auth().who_am_i(who.asks(v1::WhoAmIRequest {})).await;
        asked.unwrap().into_inner().break_glass_unseen
    }

    async fn glass(&self, admin: &Somebody, unseen: bool) -> Vec<v1::BreakGlassRecord> {
        let request = v1::ListBreakGlassRequest {
            unseen,
            ..v1::ListBreakGlassRequest::default()
        };
        let list = self.audit().list_break_glass(admin.asks(request)).await;
        list.unwrap().into_inner().records
    }

    async fn acknowledges(
        &self,
        who: &Somebody,
        id: &str,
    ) -> Result<tonic::Response<v1::AcknowledgeBreakGlassResponse>, tonic::Status> {
        let request = v1::AcknowledgeBreakGlassRequest {
            request_id: fresh(),
            break_glass_id: id.to_owned(),
        };
        self.audit()
            .acknowledge_break_glass(who.asks(request))
            .await
    }
}

fn asked(athlete: &str) -> v1::BreakGlassRequest {
    v1::BreakGlassRequest {
        request_id: fresh(),
        athlete_id: athlete.to_owned(),
        reason: "She fell and cannot speak.".to_owned(),
        minutes: 0,
    }
}

/// How long it was asked for, in seconds.
fn lasts(record: &v1::BreakGlassRecord) -> i64 {
    let second = |at: &Option<prost_types::Timestamp>| at.as_ref().unwrap().seconds;
    second(&record.expires_at) - second(&record.at)
}

storage_tests! {
    // Seen failing with the answer kept as one about nobody, and with a locked record's glass shown to whoever knows its id.
    async fn what_an_admin_was_told_of_an_emergency_goes_with_the_record(db: Db) {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let (pia, paul) = (this.physio(&ada, "pia").await, this.physio(&ada, "paul").await);
        for hold_until in [None, Some(prost_types::Timestamp { seconds: 4_102_444_800, nanos: 0 })] {
            let nora = this.athlete(&pia, "Nora").await;
            this.breaks(&paul, asked(&nora)).await.unwrap();
            let glass = this.glass(&ada, true).await.remove(0).id;
            let request = v1::AcknowledgeBreakGlassRequest { request_id: fresh(), break_glass_id: glass.clone() };
            this.audit().acknowledge_break_glass(ada.asks(request.clone())).await.unwrap();
            let rows = this.rows(&ada, "rung.v1.AuditService/AcknowledgeBreakGlass").await;
            assert_eq!(rows[0].athlete_id, Some(nora.parse().unwrap()), "the athlete is shown it");

            let erased = v1::EraseAthleteRequest {
                request_id: fresh(),
                athlete_id: nora,
                reason: "Asked for it.".to_owned(),
                hold_until,
            };
            this.athletes().erase_athlete(ada.asks(erased)).await.unwrap();
            assert_eq!(reason(this.audit().acknowledge_break_glass(ada.asks(request)).await), "NOT_FOUND");
            assert_eq!(reason(this.acknowledges(&ada, &glass).await), "NOT_FOUND");
        }
    }

    // Seen failing with 61 minutes allowed, and with a reason of nine characters.
    async fn glass_is_not_broken_without_a_reason_or_for_longer_than_an_hour(db: Db) {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let (pia, bea) = (this.physio(&ada, "pia").await, this.physio(&ada, "bea").await);
        let nora = this.athlete(&pia, "Nora").await;
        for reason in ["", "   ", "She fell.", "   She fell.   ", &"x".repeat(501)] {
            let request = v1::BreakGlassRequest { reason: reason.to_owned(), ..asked(&nora) };
            assert_eq!(faults(this.breaks(&bea, request).await), ["reason"], "{reason:?}");
        }
        for minutes in [61, -1, i32::MAX, i32::MIN] {
            let request = v1::BreakGlassRequest { minutes, ..asked(&nora) };
            assert_eq!(faults(this.breaks(&bea, request).await), ["minutes"], "{minutes}");
        }
        let request = v1::BreakGlassRequest {
            request_id: "1".to_owned(),
            athlete_id: "2".to_owned(),
            reason: String::new(),
            minutes: 61,
        };
        assert_eq!(faults(this.breaks(&bea, request).await), ["athlete_id", "minutes", "reason", "request_id"]);
        assert_eq!(this.reads(&bea, &nora).await.unwrap_err(), "NOT_IN_CARE");
        assert_eq!(this.alerts(&ada).await, 0);

        let shortest = v1::BreakGlassRequest { reason: "She fell on".to_owned(), minutes: 60, ..asked(&nora) };
        this.breaks(&bea, shortest).await.unwrap();
        this.reads(&bea, &nora).await.unwrap();
        let list = this.glass(&ada, false).await;
        assert_eq!(list.iter().map(lasts).collect::<Vec<_>>(), [3600]);
    }

    // Seen failing with the call done anew, with its body not compared, and with the caller left out of the id.
    async fn breaking_it_again_by_the_same_request_is_once(db: Db) {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let (pia, bea) = (this.physio(&ada, "pia").await, this.physio(&ada, "bea").await);
        let nora = this.athlete(&pia, "Nora").await;
        let request = asked(&nora);
        let first = this.breaks(&bea, request.clone()).await.unwrap().into_inner();
        let again = this.breaks(&bea, request.clone()).await.unwrap().into_inner();
        assert_eq!(first, again);
        assert_eq!(first.athlete_id, nora);
        let longer = v1::BreakGlassRequest { minutes: 5, ..request.clone() };
        assert_eq!(reason(this.breaks(&bea, longer).await), "REQUEST_ID_REUSED");
        let list = this.glass(&ada, false).await;
        assert_eq!(list.len(), 1);
        assert_eq!((list[0].expires_at, lasts(&list[0])), (first.expires_at, 3600));
        // The same id of somebody else is another call.
        let glen = this.physio(&ada, "glen").await;
        this.breaks(&glen, request).await.unwrap();
        assert_eq!(this.glass(&ada, false).await.len(), 2);
    }

    // Seen failing with what was seen counted, seen once more as if anew, and seen from another clinic.
    async fn an_admin_is_alerted_until_one_has_looked(db: Db) {
        let this = Front::open(db).await;
        let (ada, other) = (this.admin("ada").await, this.admin("olga").await);
        let (pia, bea) = (this.physio(&ada, "pia").await, this.physio(&ada, "bea").await);
        let nora = this.athlete(&pia, "Nora").await;
        for _ in 0..2 {
            this.breaks(&bea, asked(&nora)).await.unwrap();
        }
        assert_eq!((this.alerts(&ada).await, this.alerts(&bea).await, this.alerts(&other).await), (2, 0, 0));
        let unseen = this.glass(&ada, true).await;
        assert_eq!(unseen.len(), 2);
        let id = unseen[0].id.clone();
        assert_eq!(unseen[0].reason, "She fell and cannot speak.");
        assert_eq!((unseen[0].person_id.as_str(), unseen[0].athlete_id.as_str()), (bea.id.as_str(), nora.as_str()));

        for missing in [fresh(), nora.clone()] {
            assert_eq!(reason(this.acknowledges(&ada, &missing).await), "NOT_FOUND");
        }
        assert_eq!(reason(this.acknowledges(&other, &id).await), "NOT_FOUND");
        assert_eq!(reason(this.acknowledges(&bea, &id).await), "ROLE_REQUIRED");
        assert_eq!(this.alerts(&ada).await, 2);

        let seen = this.acknowledges(&ada, &id).await.unwrap().into_inner().record.unwrap();
        assert_eq!((seen.id.as_str(), seen.acknowledged_by.as_str()), (id.as_str(), ada.id.as_str()));
        assert_eq!(this.alerts(&ada).await, 1);
        let left: Vec<_> = this.glass(&ada, true).await.into_iter().map(|record| record.id).collect();
        assert_eq!(left, [unseen[1].id.clone()]);
        let again = this.acknowledges(&ada, &id).await.unwrap().into_inner().record.unwrap();
        assert_eq!(again.acknowledged_at, seen.acknowledged_at);
        this.acknowledges(&ada, &unseen[1].id).await.unwrap();
        assert_eq!(this.alerts(&ada).await, 0);
        assert_eq!(this.glass(&ada, false).await.len(), 2);
    }
}
