use rung_proto::v1;
use tonic::{Response, Status};

use crate::{
    rpc::front::{Front, Somebody, faults, fresh, reason},
    storage::{Db, conformance::storage_tests},
};

/// The public half of a new key.
fn pem(algorithm: &'static rcgen::SignatureAlgorithm) -> String {
    let pair = rcgen::KeyPair::generate_for(algorithm).unwrap();
    pair.public_key_pem()
}

fn ed25519() -> String {
    pem(&rcgen::PKCS_ED25519)
}

fn wanted(name: &str) -> v1::CreateServiceAccountRequest {
    v1::CreateServiceAccountRequest {
        request_id: fresh(),
        display_name: name.to_owned(),
        scopes: vec![v1::Scope::Checkins.into()],
        public_key_pem: ed25519(),
    }
}

fn rotation(id: &str) -> v1::RotateServiceAccountKeyRequest {
    v1::RotateServiceAccountKeyRequest {
        request_id: fresh(),
        service_account_id: id.to_owned(),
        public_key_pem: ed25519(),
        overlap_s: 60,
    }
}

fn page(size: i32, token: &str) -> v1::ListServiceAccountsRequest {
    v1::ListServiceAccountsRequest {
        page_size: size,
        page_token: token.to_owned(),
    }
}

type Answer<T> = Result<Response<T>, Status>;

impl Front {
    async fn create(
        &self,
        by: &Somebody,
        request: v1::CreateServiceAccountRequest,
    ) -> Answer<v1::CreateServiceAccountResponse> {
        self.clinics()
            .create_service_account(by.asks(request))
            .await
    }

    async fn account(&self, by: &Somebody, name: &str) -> v1::ServiceAccount {
        let made = self.create(by, wanted(name)).await.unwrap();
        made.into_inner().service_account.unwrap()
    }

    async fn rotate(
        &self,
        by: &Somebody,
        request: v1::RotateServiceAccountKeyRequest,
    ) -> Answer<v1::RotateServiceAccountKeyResponse> {
        self.clinics()
            .rotate_service_account_key(by.asks(request))
            .await
    }

    async fn revoke(
        &self,
        by: &Somebody,
        request_id: &str,
        id: &str,
    ) -> Answer<v1::RevokeServiceAccountResponse> {
        let request = v1::RevokeServiceAccountRequest {
            request_id: request_id.to_owned(),
            service_account_id: id.to_owned(),
        };
        self.clinics()
            .revoke_service_account(by.asks(request))
            .await
    }

    async fn accounts(
        &self,
        by: &Somebody,
        request: v1::ListServiceAccountsRequest,
    ) -> Answer<v1::ListServiceAccountsResponse> {
        self.clinics().list_service_accounts(by.asks(request)).await
    }

    async fn all(&self, by: &Somebody) -> Vec<v1::ServiceAccount> {
        let list = self.accounts(by, page(0, "")).await.unwrap();
        list.into_inner().service_accounts
    }
}

storage_tests! {
    // Seen failing with unknown scopes left out in silence, and with a key of any length.
    async fn a_system_is_not_let_in_by_a_request_with_faults(db: Db) {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let request = v1::CreateServiceAccountRequest {
            request_id: "1".to_owned(),
            display_name: " ".to_owned(),
            scopes: vec![],
            public_key_pem: String::new(),
        };
        let all = ["display_name", "public_key_pem", "request_id", "scopes"];
        assert_eq!(faults(this.create(&ada, request).await), all);
        let own = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        for (what, public_key_pem) in [
            ("no PEM", "key".to_owned()),
            ("a curve that is not used", pem(&rcgen::PKCS_ECDSA_P256_SHA256)),
            ("the private half", own.serialize_pem()),
            ("no key in it", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".to_owned()),
            ("too much of it", format!("{}{}", ed25519(), "x".repeat(5000))),
        ] {
            let request = v1::CreateServiceAccountRequest { public_key_pem, ..wanted("Watch") };
            assert_eq!(faults(this.create(&ada, request).await), ["public_key_pem"], "{what}");
        }
        let checkins = i32::from(v1::Scope::Checkins);
        for scopes in [vec![], vec![0], vec![99], vec![checkins, 99], vec![checkins, 0], vec![checkins; 21]] {
            let request = v1::CreateServiceAccountRequest { scopes, ..wanted("Watch") };
            assert_eq!(faults(this.create(&ada, request).await), ["scopes"]);
        }
        let request = v1::CreateServiceAccountRequest { display_name: "x".repeat(101), ..wanted("") };
        assert_eq!(faults(this.create(&ada, request).await), ["display_name"]);
        assert!(this.all(&ada).await.is_empty());
    }

    // Seen failing with one scope told of two, and with all clinics listed.
    async fn a_system_is_let_in_with_each_kind_of_key_and_the_scopes_it_was_given(db: Db) {
        let this = Front::open(db).await;
        let (ada, olga) = (this.admin("ada").await, this.admin("olga").await);
        let (checkins, events) = (i32::from(v1::Scope::Checkins), i32::from(v1::Scope::Events));
        for (key, algorithm, scopes) in [
            (ed25519(), "EdDSA", vec![events]),
            (pem(&rcgen::PKCS_ECDSA_P384_SHA384), "ES384", vec![checkins, events]),
        ] {
            let request = v1::CreateServiceAccountRequest {
                scopes: scopes.clone(),
                public_key_pem: key,
                ..wanted("Watch")
            };
            let made = this.create(&ada, request).await.unwrap().into_inner().service_account.unwrap();
            assert_eq!((made.keys.len(), made.keys[0].algorithm.as_str()), (1, algorithm));
            assert_eq!((made.scopes, made.revoked_at), (scopes, None));
        }
        // Twice the same scope is one.
        let request = v1::CreateServiceAccountRequest { scopes: vec![events; 2], ..wanted("Watch") };
        let made = this.create(&ada, request).await.unwrap().into_inner().service_account.unwrap();
        assert_eq!(made.scopes, [events]);
        assert_eq!((this.all(&ada).await.len(), this.all(&olga).await.len()), (3, 0));
    }

    // Seen failing with the oldest first, no second page, and a page token taken from another clinic.
    async fn systems_are_listed_newest_first_page_by_page(db: Db) {
        let this = Front::open(db).await;
        let (ada, olga) = (this.admin("ada").await, this.admin("olga").await);
        let mut ids = vec![];
        for name in ["one", "two", "three"] {
            ids.insert(0, this.account(&ada, name).await.id);
        }
        this.account(&olga, "elsewhere").await;
        this.revoke(&ada, &fresh(), &ids[1]).await.unwrap();
        let first = this.accounts(&ada, page(2, "")).await.unwrap().into_inner();
        assert!(!first.next_page_token.is_empty());
        let second = this.accounts(&ada, page(2, &first.next_page_token)).await.unwrap().into_inner();
        assert!(second.next_page_token.is_empty());
        let pages = first.service_accounts.iter().chain(&second.service_accounts);
        assert_eq!(pages.map(|account| account.id.clone()).collect::<Vec<_>>(), ids);
        for bad in ["x", "AAAA"] {
            assert_eq!(reason(this.accounts(&ada, page(2, bad)).await), "PAGE_TOKEN_INVALID");
        }
        let elsewhere = this.accounts(&olga, page(2, &first.next_page_token)).await;
        assert_eq!(reason(elsewhere), "PAGE_TOKEN_INVALID");
        for size in [-1, 201] {
            assert_eq!(faults(this.accounts(&ada, page(size, "")).await), ["page_size"]);
        }
    }

    // Seen failing with the call done anew, and with its body not compared.
    async fn a_request_about_a_system_counts_once(db: Db) {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let request = wanted("Watch");
        let first = this.create(&ada, request.clone()).await.unwrap().into_inner();
        assert_eq!(this.create(&ada, request.clone()).await.unwrap().into_inner(), first);
        let other = v1::CreateServiceAccountRequest { display_name: "Scales".to_owned(), ..request };
        assert_eq!(reason(this.create(&ada, other).await), "REQUEST_ID_REUSED");
        let id = first.service_account.unwrap().id;
        assert_eq!(this.all(&ada).await.len(), 1);

        let request = rotation(&id);
        let first = this.rotate(&ada, request.clone()).await.unwrap().into_inner();
        assert_eq!(this.rotate(&ada, request.clone()).await.unwrap().into_inner(), first);
        let other = v1::RotateServiceAccountKeyRequest { overlap_s: 0, ..request.clone() };
        assert_eq!(reason(this.rotate(&ada, other).await), "REQUEST_ID_REUSED");
        assert_eq!(this.all(&ada).await[0].keys, first.service_account.unwrap().keys);

        let request_id = fresh();
        let first = this.revoke(&ada, &request_id, &id).await.unwrap().into_inner();
        assert_eq!(this.revoke(&ada, &request_id, &id).await.unwrap().into_inner(), first);
        assert_eq!(reason(this.revoke(&ada, &request_id, &fresh()).await), "REQUEST_ID_REUSED");
    }

    // Seen failing with the former key left without an end.
    async fn a_key_is_changed_for_a_new_one_and_the_former_ends(db: Db) {
        let this = Front::open(db).await;
        let (ada, olga) = (this.admin("ada").await, this.admin("olga").await);
        let request = wanted("Watch");
        let made = this.create(&ada, request.clone()).await.unwrap().into_inner().service_account.unwrap();
        for overlap_s in [-1, 604_801] {
            let request = v1::RotateServiceAccountKeyRequest { overlap_s, ..rotation(&made.id) };
            assert_eq!(faults(this.rotate(&ada, request).await), ["overlap_s"]);
        }
        let same = v1::RotateServiceAccountKeyRequest {
            public_key_pem: request.public_key_pem,
            ..rotation(&made.id)
        };
        assert_eq!(faults(this.rotate(&ada, same).await), ["public_key_pem"]);
        let request = v1::RotateServiceAccountKeyRequest {
            request_id: String::new(),
            service_account_id: "1".to_owned(),
            public_key_pem: "2".to_owned(),
            overlap_s: -1,
        };
        let all = ["overlap_s", "public_key_pem", "request_id", "service_account_id"];
        assert_eq!(faults(this.rotate(&ada, request).await), all);
        assert_eq!(reason(this.rotate(&ada, rotation(&fresh())).await), "NOT_FOUND");
        assert_eq!(reason(this.rotate(&olga, rotation(&made.id)).await), "NOT_FOUND");
        assert_eq!(this.all(&ada).await, std::slice::from_ref(&made));

        let both = this.rotate(&ada, rotation(&made.id)).await.unwrap().into_inner().service_account.unwrap();
        assert_eq!(both.keys.len(), 2);
        assert_eq!((both.keys[1].kid.as_str(), both.keys[0].expires_at), (made.keys[0].kid.as_str(), None));
        assert!(both.keys[1].expires_at.is_some());
        let at_once = v1::RotateServiceAccountKeyRequest { overlap_s: 0, ..rotation(&made.id) };
        let one = this.rotate(&ada, at_once).await.unwrap().into_inner().service_account.unwrap();
        assert_eq!(one.keys.len(), 1);
        assert!(both.keys.iter().all(|former| former.kid != one.keys[0].kid));
    }

    // Seen failing with nothing revoked, with the keys shown on, and with a new key taken.
    async fn a_system_that_was_shut_out_stays_out(db: Db) {
        let this = Front::open(db).await;
        let (ada, olga) = (this.admin("ada").await, this.admin("olga").await);
        let id = this.account(&ada, "Watch").await.id;
        assert_eq!(reason(this.revoke(&olga, &fresh(), &id).await), "NOT_FOUND");
        assert_eq!(reason(this.revoke(&ada, &fresh(), &fresh()).await), "NOT_FOUND");
        assert_eq!(faults(this.revoke(&ada, "1", "2").await), ["request_id", "service_account_id"]);
        assert_eq!(this.all(&ada).await[0].revoked_at, None);
        let first = this.revoke(&ada, &fresh(), &id).await.unwrap().into_inner().service_account.unwrap();
        assert!(first.revoked_at.is_some() && first.keys.is_empty());
        let again = this.revoke(&ada, &fresh(), &id).await.unwrap().into_inner().service_account.unwrap();
        assert_eq!(again, first);
        assert_eq!(reason(this.rotate(&ada, rotation(&id)).await), "NOT_FOUND");
        assert_eq!(this.all(&ada).await, [first]);
    }
}
