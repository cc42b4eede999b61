//! Everybody who calls: who they are, and the token they call with.

use std::{collections::BTreeMap, sync::Mutex};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rung_proto::v1;
use rung_tests::{PASSWORD, Result, fail, new_id, now};
use serde_json::{Value, json};
use tonic::Status;

use super::wire::Wire;

/// An account and what it is signed in with.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) access: String,
    pub(crate) refresh: String,
    /// UUID of the athlete record that is theirs.
    pub(crate) athlete: String,
}

/// A service account with its private key.
#[derive(Clone)]
pub(crate) struct System {
    pub(crate) id: String,
    /// What its key is called.
    kid: String,
    key: EncodingKey,
    pub(crate) access: String,
}

/// Everybody by name.
#[derive(Default)]
pub(crate) struct People {
    persons: Mutex<BTreeMap<String, Person>>,
    systems: Mutex<BTreeMap<String, System>>,
}

impl People {
    pub(crate) fn person(&self, name: &str) -> Result<Person> {
        let persons = self.persons.lock().expect("no panic under this lock");
        match persons.get(name) {
            Some(person) => Ok(person.clone()),
            None => fail(format!("nobody is called {name}")),
        }
    }

    pub(crate) fn system(&self, name: &str) -> Result<System> {
        let systems = self.systems.lock().expect("no panic under this lock");
        match systems.get(name) {
            Some(system) => Ok(system.clone()),
            None => fail(format!("no system is called {name}")),
        }
    }

    pub(crate) fn put_person(&self, name: &str, person: Person) {
        let mut persons = self.persons.lock().expect("no panic under this lock");
        persons.insert(name.to_owned(), person);
    }

    pub(crate) fn put_system(&self, name: &str, system: System) {
        let mut systems = self.systems.lock().expect("no panic under this lock");
        systems.insert(name.to_owned(), system);
    }

    /// What somebody calls with.
    pub(crate) fn token(&self, name: &str) -> Result<Option<String>> {
        if name == "anon" {
            return Ok(None);
        }
        let person = self.person(name).map(|person| person.access);
        person.or_else(|_| Ok(self.system(name)?.access)).map(Some)
    }

    /// What a caller is known by: the id of the person or of the service account.
    pub(crate) fn id(&self, name: &str) -> Result<String> {
        let person = self.person(name).map(|person| person.id);
        person.or_else(|_| Ok(self.system(name)?.id))
    }

    /// Gives everybody a fresh token.
    pub(crate) async fn refresh(&self, wire: &Wire) -> Result<()> {
        let names: Vec<String> = {
            let persons = self.persons.lock().expect("no panic under this lock");
            persons.keys().cloned().collect()
        };
        for name in names {
            let mut person = self.person(&name)?;
            let request = v1::RefreshTokenRequest {
                refresh_token: person.refresh.clone(),
            };
            let answer: v1::RefreshTokenResponse =
                wire.ask("AuthService/RefreshToken", None, &request).await?;
            person.take(answer.tokens)?;
            // The first use of a token is noted at its session: a refused call is not to be the one that leaves that trace.
            let request = v1::WhoAmIRequest {};
            let _: v1::WhoAmIResponse = wire
                .ask("AuthService/WhoAmI", Some(&person.access), &request)
                .await?;
            self.put_person(&name, person);
        }
        let names: Vec<String> = {
            let systems = self.systems.lock().expect("no panic under this lock");
            systems.keys().cloned().collect()
        };
        for name in names {
            let mut system = self.system(&name)?;
            system.access = system.exchange(wire).await?;
            self.put_system(&name, system);
        }
        Ok(())
    }
}

impl Person {
    pub(crate) fn take(&mut self, tokens: Option<v1::TokenPair>) -> Result<()> {
        let Some(tokens) = tokens else {
            return fail(format!("no tokens for {}", self.email));
        };
        self.access = tokens.access_token;
        self.refresh = tokens.refresh_token;
        Ok(())
    }

    /// A session beside the one there is.
    pub(crate) async fn login(&self, wire: &Wire) -> Result<Self> {
        let request = v1::LoginRequest {
            email: self.email.clone(),
            password: PASSWORD.to_owned(),
            clinic_id: String::new(),
        };
        let answer: v1::LoginResponse = wire.ask("AuthService/Login", None, &request).await?;
        let mut person = self.clone();
        person.take(answer.tokens)?;
        Ok(person)
    }
}

/// A key pair for a service account: the private half, and the public one as PEM.
pub(crate) fn key_pair() -> Result<(EncodingKey, String)> {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519)?;
    let private = EncodingKey::from_ed_der(pair.serialized_der());
    Ok((private, pair.public_key_pem()))
}

impl System {
    pub(crate) fn new(id: String, kid: String, key: EncodingKey) -> Self {
        Self {
            id,
            kid,
            key,
            access: String::new(),
        }
    }

    /// What it may say for itself: who it is, to whom, until when, and once.
    pub(crate) fn claims(&self) -> Value {
        let at = now().timestamp();
        json!({
            "iss": self.id, "sub": self.id, "aud": "rungd", "iat": at, "exp": at + 120,
            "jti": new_id().to_string(),
        })
    }

    /// An assertion with these claims.
    pub(crate) fn sign(&self, claims: &Value) -> Result<String> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.kid.clone());
        Ok(jsonwebtoken::encode(&header, claims, &self.key)?)
    }

    /// The access token for a fresh assertion.
    pub(crate) async fn exchange(&self, wire: &Wire) -> Result<String> {
        let request = v1::ExchangeAssertionRequest {
            assertion: self.sign(&self.claims())?,
            scopes: vec![],
        };
        let answer: std::result::Result<v1::ExchangeAssertionResponse, Status> = wire
            .ask("AuthService/ExchangeAssertion", None, &request)
            .await;
        Ok(answer?.access_token)
    }
}

/// What a token says, unverified.
pub(crate) fn claims(jwt: &str) -> Result<Value> {
    let payload = jwt.split('.').nth(1).unwrap_or_default();
    Ok(serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload)?)?)
}
