use std::sync::Arc;

use super::{for_test::kek, *};
use crate::{
    access::keyring::{Keyring, for_test::keyring},
    clock::{SharedAmbient, System},
    storage::{Db, conformance::storage_tests},
};

fn ambient() -> SharedAmbient {
    Arc::new(System)
}

fn kids(ring: &Keyring) -> Vec<String> {
    ring.kids_for_test()
}

fn text(error: &Error) -> String {
    match error {
        Error::Internal(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sealed_key_opens_under_its_own_kek_and_kid_only() {
    let stored = make(&kek(1), &System, 1, None).unwrap();
    assert_eq!(open(&kek(1), &stored).unwrap().kid, stored.kid);
    assert!(text(&open(&kek(2), &stored).err().unwrap()).contains("RUNG_KEY_ENCRYPTION_KEY"));

    let renamed = SealedKey {
        kid: "another".to_owned(),
        ..stored.clone()
    };
    assert!(open(&kek(1), &renamed).is_err());
    let other = make(&kek(1), &System, 1, None).unwrap();
    assert!(
        open(
            &kek(1),
            &SealedKey {
                public_key: other.public_key,
                ..stored.clone()
            }
        )
        .is_err()
    );
    for place in [0, NONCE_LEN, stored.sealed.len() - 1] {
        let mut sealed = stored.sealed.clone();
        sealed[place] ^= 1;
        assert!(
            open(
                &kek(1),
                &SealedKey {
                    sealed,
                    ..stored.clone()
                }
            )
            .is_err(),
            "byte {place}"
        );
    }
    assert!(
        open(
            &kek(1),
            &SealedKey {
                sealed: vec![],
                ..stored.clone()
            }
        )
        .is_err()
    );
}

#[test]
fn keys_for_two_purposes_have_nothing_in_common() {
    let ring = keyring(&System, 1);
    let tag = aws_lc_rs::hmac::sign(&ring.mac_key("page").unwrap(), b"text");
    assert!(aws_lc_rs::hmac::verify(&ring.mac_key("page").unwrap(), b"text", tag.as_ref()).is_ok());
    assert!(
        aws_lc_rs::hmac::verify(&ring.mac_key("other").unwrap(), b"text", tag.as_ref()).is_err()
    );
}

#[test]
fn a_key_is_32_bytes_of_base64_and_its_text_is_never_repeated() {
    for bad in [
        "",
        "c2hvcnQ=",
        "not base64 at all",
        &STANDARD.encode([7; 33]),
    ] {
        let refusal = KeyEncryptionKey::from_base64(bad, "RUNG_KEY_ENCRYPTION_KEY").unwrap_err();
        assert!(bad.is_empty() || !text(&refusal).contains(bad), "{bad}");
    }
    let key =
        KeyEncryptionKey::from_base64(&format!("{}\n", STANDARD.encode([7; 32])), "x").unwrap();
    assert_eq!(*key.0, [7; 32]);
    assert_eq!(format!("{key:?}"), "KeyEncryptionKey(…)");
}

#[cfg(unix)]
#[test]
fn the_key_file_is_made_once_and_refused_when_others_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let made = KeyEncryptionKey::load_or_create_file(&path, &System).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let again = KeyEncryptionKey::load_or_create_file(&path, &System).unwrap();
    assert_eq!(*again.0, *made.0);
    // Nothing but the key is left behind.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    for mode in [0o640, 0o604] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let refusal = KeyEncryptionKey::load_or_create_file(&path, &System).unwrap_err();
        assert!(text(&refusal).contains("chmod 600"));
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "").unwrap();
    assert!(KeyEncryptionKey::load_or_create_file(&path, &System).is_err());
}

#[test]
fn servers_that_start_at_once_share_one_key_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let keys: Vec<[u8; 32]> = std::thread::scope(|scope| {
        let start = || {
            scope.spawn(|| {
                *KeyEncryptionKey::load_or_create_file(&path, &System)
                    .unwrap()
                    .0
            })
        };
        let threads: Vec<_> = (0..8).map(|_| start()).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
}

storage_tests! {
    // Seen failing with a generation of its own for each key: each server signed with a key that the others did not know.
    async fn servers_that_start_at_once_share_one_signing_key(db: Db) {
        let ambient = ambient();
        let start = || Keyring::load_or_create(&db, kek(1), &ambient);
        let rings = futures_util::future::try_join_all((0..8).map(|_| start())).await.unwrap();
        assert_eq!(kids(&rings[0]).len(), 1);
        assert!(rings.iter().all(|ring| kids(ring) == kids(&rings[0])));
    }

    async fn a_restart_finds_the_same_key_and_another_kek_is_refused(db: Db) {
        let ambient = ambient();
        let first = Keyring::load_or_create(&db, kek(1), &ambient).await.unwrap();
        let again = Keyring::load_or_create(&db, kek(1), &ambient).await.unwrap();
        assert_eq!(kids(&first), kids(&again));
        let refusal = Keyring::load_or_create(&db, kek(2), &ambient).await.unwrap_err();
        assert!(text(&refusal).contains("does not open"));
    }
}
