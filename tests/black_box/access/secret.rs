//! Codes, secrets and tokens are shown to whom they are for, and kept nowhere.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rung_proto::v1;
use rung_tests::{PASSWORD, Result, Settings, new_id};

use crate::matrix::{World, base32};

pub(super) fn settings() -> Settings {
    Settings::default()
}

/// Everything that is stored is looked through for everything secret that was told, as it was told and in the ways in
/// which a database could hold it. Some of it is used up by now, some waits to be used.
///
/// Seen failing with codes, recovery codes and refresh tokens stored as they are, with the secret of an authenticator not
/// sealed, with the link of an invitation kept for repeats, and with the switch `secret-once` of `make mutants`.
pub(super) async fn nothing_stored_gives_a_secret_away(world: &mut World) -> Result<()> {
    let kept = waiting(world).await?;
    let stored = world.database.dump(&[]).await?.join("\n").to_lowercase();
    let secrets = world.wire.secrets.all();
    let kinds: BTreeSet<&str> = secrets.values().copied().collect();
    let wanted = [
        "access_token",
        "assertion",
        "challenge",
        "code",
        "link",
        "recovery_codes",
        "refresh_token",
        "secret",
        "uri",
    ];
    assert_eq!(kinds, BTreeSet::from(wanted), "what was told");
    // What may be kept of an answer is found, so that the rest of it would be.
    assert!(stored.contains(&hex(kept.as_bytes())), "nothing is found");
    for (secret, kind) in &secrets {
        for spelling in spellings(secret, kind)? {
            assert!(
                !stored.contains(&spelling),
                "a {kind} is stored, as {spelling}"
            );
        }
    }
    for spelling in spellings(PASSWORD, "password")? {
        assert!(!stored.contains(&spelling), "a password is stored");
    }
    Ok(())
}

/// Makes what is made to be shown once and leaves it unused; the id of an invitation, which is shown whenever asked for.
async fn waiting(world: &World) -> Result<String> {
    let email = "late@harbour.example";
    world.invite("admin", email, v1::Role::Physio, "").await?;
    let request = v1::InviteSupporterRequest {
        request_id: new_id().to_string(),
        athlete_id: world.own.athlete.clone(),
        email: "late@family.example".to_owned(),
        parts: vec![v1::ConsentPart::CheckIns.into()],
        purpose: "Cheers from the side.".to_owned(),
        valid_until: None,
    };
    let invited: v1::InviteSupporterResponse = world
        .ask("self", "AthleteService/InviteSupporter", &request)
        .await?;
    let request = v1::ResetCredentialsRequest {
        request_id: new_id().to_string(),
        person_id: world.people.id("mate")?,
    };
    let _: v1::ResetCredentialsResponse = world
        .ask("admin", "ClinicService/ResetCredentials", &request)
        .await?;
    // One secret that is not confirmed yet, one that is.
    world.enroll("phys").await?;
    world.confirmed("care").await?;
    let request = v1::LoginRequest {
        email: world.people.person("care")?.email,
        password: PASSWORD.to_owned(),
        clinic_id: String::new(),
    };
    let _: v1::LoginResponse = world.ask("anon", "AuthService/Login", &request).await?;
    let request = v1::RefreshTokenRequest {
        refresh_token: world.people.person("bea")?.refresh,
    };
    let _: v1::RefreshTokenResponse = world
        .ask("anon", "AuthService/RefreshToken", &request)
        .await?;
    Ok(invited.invitation_id)
}

/// How it could stand in a dump: as text, as the bytes of the text, without what makes it readable, and as the bytes that
/// it spells. All in small letters.
fn spellings(secret: &str, kind: &str) -> Result<Vec<String>> {
    let mut texts = vec![secret.to_owned()];
    let mut bytes = vec![];
    match kind {
        "code" | "recovery_codes" => texts.push(secret.replace('-', "")),
        "secret" => bytes.push(base32(secret)?),
        "refresh_token" | "challenge" => bytes.push(URL_SAFE_NO_PAD.decode(secret)?),
        _ => {}
    }
    bytes.extend(texts.iter().map(|text| text.as_bytes().to_vec()));
    let hexed = bytes.iter().map(|bytes| hex(bytes));
    let hexed: Vec<String> = hexed.collect();
    Ok(texts
        .iter()
        .map(|text| text.to_lowercase())
        .chain(hexed)
        .collect())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
