//! What holds after a call whose answer names nobody: that it was done to the one it was asked for.

use rung_proto::v1;
use rung_tests::{PASSWORD, Result, new_id};
use serde_json::Value;
use tonic::Status;

use super::{Refusal, World, world::at};

// Seen failing with a session not ended, one of a bystander ended too, a second factor left, an athlete and a consent
// left out of an invitation, a code that is somebody else's, and the tail of the audit not counted.
/// Something that is true afterwards.
pub(super) enum Fact {
    /// This token lets nobody in any more.
    Out(String),
    /// This token goes on letting in.
    In(String),
    /// Whether somebody has a second factor.
    SecondFactor(&'static str, bool),
    /// Somebody with this id signs in with this address and this password.
    SignsIn {
        id: String,
        email: String,
        password: String,
    },
    /// Whoever takes up the code joins this clinic, with this record or with none.
    Joins { clinic: String, athlete: String },
    /// Whoever takes up the code was given a consent by this athlete, and by nobody else.
    Supports(String),
    /// The code sets the password of the one of this name.
    Resets(&'static str),
    /// All rows that the audit of this clinic has were looked at, and nobody else's.
    AllRowsOf(String),
}

impl Fact {
    /// What is not as it should be.
    pub(super) async fn fault(&self, world: &World, answer: &Value) -> Result<Option<String>> {
        match self {
            Self::Out(token) => {
                let told = match who_am_i(world, token).await {
                    Ok(_) => "let in".to_owned(),
                    Err(status) => Refusal::from(&status).reason,
                };
                let wrong = told != "TOKEN_INVALID";
                Ok(wrong.then(|| format!("who should be out is {told}")))
            }
            Self::In(token) => {
                let out = who_am_i(world, token).await.err();
                Ok(out.map(|status| format!("who should be in is out: {status:?}")))
            }
            Self::SecondFactor(who, wanted) => {
                let token = world.people.token(who)?.unwrap_or_default();
                let has = who_am_i(world, &token).await?.second_factor;
                Ok((has != *wanted).then(|| format!("{who} has a second factor: {has}")))
            }
            Self::SignsIn {
                id,
                email,
                password,
            } => {
                let request = v1::LoginRequest {
                    email: email.clone(),
                    password: password.clone(),
                    clinic_id: String::new(),
                };
                let answer: v1::LoginResponse =
                    world.ask("anon", "AuthService/Login", &request).await?;
                let other = answer.person_id;
                Ok((other != *id).then(|| format!("{other} signs in, not {id}")))
            }
            Self::Joins { clinic, athlete } => {
                let joined = join(world, answer).await?.membership.unwrap_or_default();
                let right = joined.clinic_id == *clinic && joined.athlete_id == *athlete;
                Ok((!right).then(|| format!("the code leads to {joined:?}")))
            }
            Self::Supports(athlete) => supports(world, answer, athlete).await,
            Self::Resets(who) => resets(world, answer, who).await,
            Self::AllRowsOf(clinic) => {
                let number = |name: &str| answer[name].as_i64().unwrap_or_default();
                let told = number("verified") + number("unchained");
                // The look itself leaves a row, which came after it.
                let stored = rows_of(world, clinic).await? - 1;
                let wrong = told != stored || !answer["first_break"].is_null();
                Ok(wrong.then(|| format!("{stored} rows are stored: {answer}")))
            }
        }
    }
}

async fn who_am_i(world: &World, token: &str) -> std::result::Result<v1::WhoAmIResponse, Status> {
    let request = v1::WhoAmIRequest {};
    let asked = world.wire.ask("AuthService/WhoAmI", Some(token), &request);
    asked.await
}

async fn join(world: &World, answer: &Value) -> Result<v1::AcceptInvitationResponse> {
    let request = v1::AcceptInvitationRequest {
        code: at(answer, "/code"),
        password: PASSWORD.to_owned(),
        display_name: "Newcomer".to_owned(),
    };
    world
        .ask("anon", "AuthService/AcceptInvitation", &request)
        .await
}

async fn supports(world: &World, answer: &Value, athlete: &str) -> Result<Option<String>> {
    let tokens = join(world, answer).await?.tokens.unwrap_or_default();
    let request = v1::ListConsentsRequest::default();
    let list: v1::ListConsentsResponse = world
        .wire
        .ask(
            "AthleteService/ListConsents",
            Some(&tokens.access_token),
            &request,
        )
        .await?;
    let by: Vec<&str> = list
        .consents
        .iter()
        .map(|c| c.athlete_id.as_str())
        .collect();
    Ok((by != [athlete]).then(|| format!("the code leads to consents of {by:?}")))
}

/// Leaves the account as it was, and signed in.
async fn resets(world: &World, answer: &Value, who: &str) -> Result<Option<String>> {
    let person = world.people.person(who)?;
    let password = new_id().to_string();
    let request = v1::ResetPasswordRequest {
        code: at(answer, "/code"),
        new_password: password.clone(),
    };
    let _: v1::ResetPasswordResponse = world
        .ask("anon", "AuthService/ResetPassword", &request)
        .await?;
    let request = v1::LoginRequest {
        email: person.email.clone(),
        password: password.clone(),
        clinic_id: String::new(),
    };
    let answer: v1::LoginResponse = world.ask("anon", "AuthService/Login", &request).await?;
    let token = answer.tokens.unwrap_or_default().access_token;
    let request = v1::ChangePasswordRequest {
        old_password: password,
        new_password: PASSWORD.to_owned(),
    };
    let _: v1::ChangePasswordResponse = world
        .wire
        .ask("AuthService/ChangePassword", Some(&token), &request)
        .await?;
    let (other, id) = (answer.person_id, person.id.clone());
    world
        .people
        .put_person(who, person.login(&world.wire).await?);
    Ok((other != id).then(|| format!("the code is of {other}")))
}

/// How many rows the audit of a clinic has.
async fn rows_of(world: &World, clinic: &str) -> Result<i64> {
    let hex = clinic.replace('-', "");
    let rows = world.database.dump(&[]).await?;
    let rows = rows.iter().filter(|row| row.starts_with("audit_event "));
    // Postgres writes an id as text, SQLite as a blob.
    let of_clinic = rows.filter(|row| {
        let row = row.to_lowercase();
        row.contains(clinic) || row.contains(&hex)
    });
    Ok(i64::try_from(of_clinic.count())?)
}
