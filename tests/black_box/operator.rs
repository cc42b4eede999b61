//! What somebody who runs Rung relies on.

use rung_proto::v1;
use rung_tests::{Backend, Clinic, PASSWORD, Result, Rungd, Settings, execute};

use crate::{
    api::Api,
    on_both_databases,
    prescription::{athlete, publish, session},
};

on_both_databases!(
    the_log_tells_nothing_about_people,
    files_are_for_their_owner_only
);

/// Names, notes, passwords, tokens and addresses stay out of the log.
fn the_log_tells_nothing_about_people(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let note = ["--note", "argued with my sister", "--pain-during", "7"];
    nils.checks_in(&session("2015-08-02T07:00:00Z", "0", "3000", &note))?;
    nils.member
        .rung
        .refused(&session("2015-08-02T07:00:00Z", "9", "3000", &note))?;
    let token = nils.member.rung.access_token()?;
    let log = clinic.log();
    assert!(
        log.contains("SubmitCheckIn"),
        "one line per request:\n{log}"
    );
    for secret in [
        "Nils",
        "Berg",
        "nils@mail.example",
        "sister",
        "Europe/Berlin",
        PASSWORD,
        &token,
    ] {
        assert!(!log.contains(secret), "the log tells {secret:?}");
    }
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line)?;
    }
    Ok(())
}

fn files_are_for_their_owner_only(clinic: &mut Clinic) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let folder = clinic.database().data_dir();
    let mode = |path: &std::path::Path| -> Result<u32> {
        Ok(std::fs::metadata(path)?.permissions().mode() & 0o777)
    };
    assert_eq!(mode(folder)?, 0o700);
    assert_eq!(mode(&folder.join("key-encryption-key"))?, 0o600);
    Ok(())
}

#[test]
fn the_serving_role_owns_nothing() -> Result<()> {
    let clinic = Clinic::open(Backend::Postgres)?;
    let Some((_, service)) = clinic.database().postgres_urls() else {
        panic!("not on Postgres");
    };
    for statement in [
        "DROP TABLE athlete",
        "ALTER TABLE athlete ADD COLUMN more TEXT",
        "CREATE TABLE more (id INT)",
        "TRUNCATE decision",
        "DELETE FROM _sqlx_migrations",
    ] {
        let refused = execute(service, &[statement.to_owned()]);
        assert!(refused.is_err(), "the serving role may {statement}");
    }
    Ok(())
}

/// Replicas share the database and the key under which the signing keys are sealed, and nothing else.
#[test]
fn a_replica_takes_the_tokens_of_the_other() -> Result<()> {
    let clinic = Clinic::open(Backend::Postgres)?;
    let replica = Rungd::start(clinic.database(), &Settings::default())?;
    assert_ne!(replica.address(), clinic.server()?.address());
    let api = Api::at(&replica.url(), Some(clinic.physio.access_token()?))?;
    let mut auth = v1::auth_service_client::AuthServiceClient::new(api.channel());
    let me = api.answer(auth.who_am_i(api.request(v1::WhoAmIRequest {})))?;
    assert_eq!(me.display_name, "Pia");

    // Without that key there is nothing to sign with, and a new one would lock everybody out.
    let other = tempfile::tempdir()?;
    let key = other.path().join("key");
    let made = std::fs::read_to_string(clinic.database().data_dir().join("key-encryption-key"))?;
    std::fs::write(&key, altered(&made))?;
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    let more = vec![
        "--key-encryption-key-file".to_owned(),
        key.display().to_string(),
    ];
    let started = Rungd::start(
        clinic.database(),
        &Settings {
            more,
            ..Settings::default()
        },
    );
    let Err(failure) = started else {
        panic!("it serves with a key that is not the one");
    };
    assert!(failure.to_string().contains("key"), "{failure}");
    Ok(())
}

/// Another key of the same form.
fn altered(key: &str) -> String {
    let (first, rest) = key.split_at(1);
    format!("{}{rest}", if first == "A" { "B" } else { "A" })
}

#[test]
fn a_server_does_not_start_on_a_foreign_schema() -> Result<()> {
    let mut clinic = Clinic::open(Backend::Postgres)?;
    clinic.stop()?;
    let Some((owner, _)) = clinic.database().postgres_urls() else {
        panic!("not on Postgres");
    };
    let newer = "UPDATE _sqlx_migrations SET version = version + 1000 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    execute(owner, &[newer.to_owned()])?;
    let Err(failure) = Rungd::start(clinic.database(), &Settings::default()) else {
        panic!("it serves a schema that is not its own");
    };
    assert!(failure.to_string().contains("migrate"), "{failure}");
    Ok(())
}
