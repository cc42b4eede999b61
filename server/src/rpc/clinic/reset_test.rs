use rung_proto::v1;

use crate::{
    rpc::front::{Front, fresh},
    storage::{Db, conformance::storage_tests},
};

storage_tests! {
    // Seen failing with the switch `secret-once` of `make mutants`.
    async fn a_repeated_reset_shows_no_code(db: Db) {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let pia = this.physio(&ada, "pia").await;
        let asked = v1::ResetCredentialsRequest {
            request_id: fresh(),
            person_id: pia.id,
        };
        let first = this.clinics().reset_credentials(ada.asks(asked.clone())).await;
        let first = first.unwrap().into_inner();
        assert!(!first.code.is_empty());
        let again = this.clinics().reset_credentials(ada.asks(asked)).await;
        let once = v1::ResetCredentialsResponse { code: String::new(), ..first.clone() };
        assert_eq!(again.unwrap().into_inner(), once);
        // The first one is the one that counts: the repeat has put no other in its place.
        let set = v1::ResetPasswordRequest {
            code: first.code,
            new_password: "eight rungs up the wall".to_owned(),
        };
        this.auth().reset_password(set).await.unwrap();
    }
}
