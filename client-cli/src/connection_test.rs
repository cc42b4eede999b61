//! Against a server in this process that knows two tokens and counts.

use rung_proto::v1;

use super::*;
use crate::fake::{now, stage};

async fn who_am_i(connection: &mut Connection) -> Result<v1::WhoAmIResponse> {
    connection
        .call(v1::WhoAmIRequest {}, async |c, r| {
            AuthServiceClient::new(c).who_am_i(r).await
        })
        .await
}

const FRESH: TimeDelta = TimeDelta::minutes(5);

#[tokio::test]
async fn a_token_that_holds_is_used_as_it_is() {
    let stage = stage("access-0", FRESH, "refresh-0").await;
    assert_eq!(
        who_am_i(&mut stage.connect().await).await.unwrap().email,
        "ada@example.org"
    );
    assert_eq!(stage.fake.counts(), (0, 1));
}

#[tokio::test]
async fn a_token_about_to_end_is_renewed_before_the_call_and_the_new_pair_is_stored() {
    let stage = stage("access-0", TimeDelta::seconds(29), "refresh-0").await;
    who_am_i(&mut stage.connect().await).await.unwrap();
    assert_eq!(stage.fake.counts(), (1, 1));
    assert_eq!(stage.stored(), ("access-1".into(), "refresh-1".into()));
}

#[tokio::test]
async fn a_token_the_server_does_not_take_is_renewed_once() {
    let stage = stage("access-old", FRESH, "refresh-0").await;
    who_am_i(&mut stage.connect().await).await.unwrap();
    assert_eq!(stage.fake.counts(), (1, 2));
}

#[tokio::test]
async fn two_commands_at_once_spend_one_refresh_token() {
    let stage = stage("access-old", TimeDelta::zero(), "refresh-0").await;
    let (mut one, mut two) = (stage.connect().await, stage.connect().await);
    let (first, second) = tokio::join!(who_am_i(&mut one), who_am_i(&mut two));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(stage.fake.state().refreshes, 1);
}

#[tokio::test]
async fn a_sign_in_that_ended_says_how_to_sign_in_again() {
    let stage = stage("access-old", FRESH, "refresh-spent").await;
    let failure = who_am_i(&mut stage.connect().await).await.unwrap_err();
    assert_eq!(
        (failure.exit, failure.reason.as_str()),
        (Exit::SignedOut, "REFRESH_TOKEN_INVALID")
    );
    assert!(
        failure.advice[0].contains("--email ada@example.org"),
        "{:?}",
        failure.advice
    );
    // What is stored stays: the next sign-in replaces it.
    assert_eq!(stage.stored().1, "refresh-spent");
}

#[tokio::test]
async fn without_a_sign_in_nothing_is_asked() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::new(directory.path(), "default").unwrap();
    let failure = Connection::of_profile(store, now, &[]).await.err().unwrap();
    assert_eq!(
        (failure.exit, failure.reason.as_str()),
        (Exit::SignedOut, "SIGNED_OUT")
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unreachable() {
    // A port that was free a moment ago.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = open(&server, None).await.unwrap_err();
    assert_eq!(
        (failure.exit, failure.reason.as_str()),
        (Exit::Unreachable, "UNREACHABLE")
    );
    assert!(failure.message.contains(&server));
}

// Seen failing with the pair that the command began with stored again.
#[tokio::test]
async fn a_switch_of_clinic_changes_the_access_token_and_nothing_else() {
    let stage = stage("access-0", FRESH, "refresh-0").await;
    let mut connection = stage.connect().await;
    // Another command renews in the meantime.
    who_am_i(&mut stage.connect().await).await.unwrap();
    stage.expire("access-old");
    who_am_i(&mut stage.connect().await).await.unwrap();
    assert_eq!(stage.stored(), ("access-1".into(), "refresh-1".into()));
    let answer = connection.switch_clinic("hill".into()).await.unwrap();
    assert_eq!(answer.membership.unwrap().clinic_id, "hill");
    assert_eq!(
        stage.stored(),
        ("access-at-hill".into(), "refresh-1".into())
    );
    // It is the one that is sent from now on.
    who_am_i(&mut connection).await.unwrap();
    assert_eq!(stage.fake.state().refreshes, 1);
}

// Seen failing with every refusal of this code told as the end of the sign-in.
#[tokio::test]
async fn a_wrong_password_or_code_is_no_end_of_the_sign_in() {
    let stage = stage("access-0", FRESH, "refresh-0").await;
    let connection = stage.connect().await;
    for reason in ["CREDENTIALS_INVALID", "SECOND_FACTOR_INVALID"] {
        let failure = connection.refused(&crate::fake::refused(reason));
        assert_eq!(failure.exit, Exit::BadInput, "{reason}");
        assert!(!failure.advice[0].contains("rung login"), "{reason}");
    }
    let failure = connection.refused(&crate::fake::refused("TOKEN_INVALID"));
    assert_eq!(failure.exit, Exit::SignedOut);
}
