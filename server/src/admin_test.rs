use std::sync::Arc;

use super::*;
use crate::{clock::System, storage::conformance::storage_tests};

fn founding(clinic_name: &'static str, physio: bool) -> Founding<'static> {
    Founding {
        clinic_name,
        email: "Ada@Harbour.example",
        physio,
    }
}

storage_tests! {
    async fn several_clinics_can_be_founded_by_one_person(db: Db) {
        let ambient: SharedAmbient = Arc::new(System);
        let passwords = Passwords::new(ambient.clone()).unwrap();
        let desk = Desk { db: &db, ambient: &ambient, passwords: &passwords };
        let first = bootstrap(&db, &ambient, &founding("Harbour", false)).await.unwrap();
        let second = bootstrap(&db, &ambient, &founding("Hill", true)).await.unwrap();
        assert_ne!(first.clinic, second.clinic);
        let accept = |code, password: &str| {
            accept(&db, &ambient, &passwords, code, "Ada", password.to_owned())
        };
        accept(&first.code, "correct horse").await.unwrap();
        assert!(matches!(accept(&second.code, "short").await, Err(Error::InvalidFields(_))));
        assert!(matches!(accept(&second.code, "another horse").await, Err(Error::InvalidFields(_))));
        accept(&second.code, "correct horse").await.unwrap();

        let password = Password::parse("correct horse".to_owned()).unwrap();
        let email = "ada@harbour.example";
        let roles = async |clinic| {
            let signed_in = desk.login(email, &password, Some(clinic)).await.unwrap();
            signed_in.place().unwrap().membership.roles
        };
        assert_eq!(roles(first.clinic).await, Role::Admin.into());
        assert_eq!(roles(second.clinic).await, [Role::Admin, Role::Physio].into_iter().collect());
    }

    async fn a_founding_without_name_or_address_changes_nothing(db: Db) {
        let ambient: SharedAmbient = Arc::new(System);
        let nothing = Founding { clinic_name: " ", email: "nobody", physio: false };
        let Err(Error::InvalidFields(found)) = bootstrap(&db, &ambient, &nothing).await else {
            panic!("nothing was refused");
        };
        let fields: Vec<_> = found.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(fields, ["clinic", "email"]);
    }
}
