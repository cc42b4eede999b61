use super::*;

fn credentials() -> Credentials {
    Credentials {
        server: "https://rung.example.org".into(),
        ca_pem: None,
        email: Some("ada@example.org".into()),
        tokens: Tokens {
            access: Secret::new("access-secret"),
            access_expires_at: DateTime::UNIX_EPOCH,
            refresh: Secret::new("refresh-secret"),
        },
    }
}

#[test]
fn what_is_saved_is_loaded_and_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::new(&directory.path().join("rung"), "physio").unwrap();
    assert!(store.load().unwrap().is_none());
    store.save(&credentials()).unwrap();
    assert_eq!(
        store.load().unwrap().unwrap().tokens.refresh.reveal(),
        "refresh-secret"
    );
    let other = Store::new(&directory.path().join("rung"), "athlete").unwrap();
    assert!(other.load().unwrap().is_none());
    assert!(store.forget().unwrap());
    assert!(!store.forget().unwrap());
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone_and_a_shared_one_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let store = Store::new(&directory.path().join("rung"), "default").unwrap();
    store.save(&credentials()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&store.path()), 0o600);
    assert_eq!(mode(&store.directory), 0o700);
    fs::set_permissions(store.path(), fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(store.load().unwrap_err().reason, "CREDENTIALS_SHARED");
    // Saving again puts it right: the new file replaces the shared one.
    store.save(&credentials()).unwrap();
    assert_eq!(mode(&store.path()), 0o600);
}

#[test]
fn debug_shows_no_token() {
    let shown = format!("{:?}", credentials());
    assert!(!shown.contains("secret"), "{shown}");
}

#[test]
fn a_profile_cannot_leave_its_directory() {
    for odd in ["", "..", "../x", "a/b", ".hidden", "a\\b", "ä"] {
        assert!(Store::new(Path::new("/nowhere"), odd).is_err(), "{odd}");
    }
}
