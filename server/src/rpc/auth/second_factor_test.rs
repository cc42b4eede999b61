use chrono::TimeDelta;
use futures_util::future::join_all;
use rung_progression::ClinicId;
use rung_proto::v1::auth_service_server::AuthService as _;
use tonic::{Response, Status};

use super::{
    super::tests::{ADA, OTHER, PIA, SECRET, Setting, called, jwt, reason},
    *,
};
use crate::{
    access::TotpSecret,
    clock::Ambient as _,
    storage::{Db, conformance::storage_tests},
};

impl Setting {
    async fn enroll(&self, jwt: &str, password: &str) -> Result<TotpSecret, String> {
        let request = v1::EnrollTotpRequest {
            password: password.to_owned(),
        };
        match self.auth.enroll_totp(self.by(jwt, request)).await {
            Ok(offer) => Ok(TotpSecret::typed(&offer.into_inner().secret)),
            refused => Err(reason(refused)),
        }
    }

    async fn confirm(&self, jwt: &str, code: &str) -> Result<Vec<String>, String> {
        let request = v1::ConfirmTotpRequest {
            code: code.to_owned(),
        };
        match self.auth.confirm_totp(self.by(jwt, request)).await {
            Ok(done) => Ok(done.into_inner().recovery_codes),
            refused => Err(reason(refused)),
        }
    }

    /// What the authenticator shows.
    fn code(&self, secret: &TotpSecret) -> String {
        secret.shown(self.clock.now())
    }

    /// Turns a second factor on, and waits for the next code.
    async fn with_factor(&self, jwt: &str) -> (TotpSecret, Vec<String>) {
        let secret = self.enroll(jwt, SECRET).await.unwrap();
        let codes = self.confirm(jwt, &self.code(&secret)).await.unwrap();
        self.later(TimeDelta::seconds(30));
        (secret, codes)
    }

    /// Signs in as far as the challenge.
    async fn challenge(&self, email: &str, password: &str, clinic: &str) -> String {
        let asked = self
            .login(email, password, clinic)
            .await
            .unwrap()
            .into_inner();
        assert!(asked.tokens.is_none() && asked.memberships.is_empty());
        assert!(!asked.challenge.is_empty());
        asked.challenge
    }

    async fn complete(
        &self,
        challenge: &str,
        code: &str,
    ) -> Result<Response<v1::CompleteSecondFactorResponse>, Status> {
        let request = v1::CompleteSecondFactorRequest {
            challenge: challenge.to_owned(),
            code: code.to_owned(),
        };
        self.auth.complete_second_factor(called(request)).await
    }

    async fn disable(&self, jwt: &str, password: &str, code: &str) -> Result<(), String> {
        let request = v1::DisableTotpRequest {
            password: password.to_owned(),
            code: code.to_owned(),
        };
        match self.auth.disable_totp(self.by(jwt, request)).await {
            Ok(_) => Ok(()),
            refused => Err(reason(refused)),
        }
    }
}

storage_tests! {
    // Seen failing with the other sessions left alone.
    async fn a_second_factor_counts_once_it_is_confirmed(db: Db) {
        let this = Setting::new(db).await;
        let ada = this.clinic_of(ADA).await;
        let other = jwt(this.login(ADA, SECRET, "").await.unwrap().into_inner().tokens);
        assert_eq!(this.confirm(&ada, "123456").await.unwrap_err(), "SECOND_FACTOR_STATE");
        assert_eq!(this.enroll(&ada, OTHER).await.err().unwrap(), "CREDENTIALS_INVALID");
        let former = this.enroll(&ada, SECRET).await.unwrap();
        let secret = this.enroll(&ada, SECRET).await.unwrap();
        assert_eq!(this.confirm(&ada, &this.code(&former)).await.unwrap_err(), "SECOND_FACTOR_INVALID");
        assert!(this.lives(&other).await);
        this.login(ADA, SECRET, "").await.unwrap().into_inner().tokens.expect("an offer asks for nothing");

        let recovery = this.confirm(&ada, &this.code(&secret)).await.unwrap();
        assert_eq!(recovery.len(), 10);
        assert!(this.lives(&ada).await && !this.lives(&other).await);
        assert_eq!(this.enroll(&ada, SECRET).await.err().unwrap(), "SECOND_FACTOR_STATE");
        assert_eq!(this.confirm(&ada, &this.code(&secret)).await.unwrap_err(), "SECOND_FACTOR_STATE");
        let who = this.auth.who_am_i(this.by(&ada, v1::WhoAmIRequest {})).await.unwrap().into_inner();
        assert!(who.second_factor);
        // The code that confirmed it is spent.
        let challenge = this.challenge(ADA, SECRET, "").await;
        assert_eq!(reason(this.complete(&challenge, &this.code(&secret)).await), "SECOND_FACTOR_INVALID");
    }

    // Seen failing with `last_step < $3` taken out.
    async fn a_code_works_once_also_when_a_hundred_use_it_at_once(db: Db) {
        let this = Setting::new(db).await;
        let ada = this.clinic_of(ADA).await;
        let (secret, _) = this.with_factor(&ada).await;
        let code = this.code(&secret);
        // Each with a challenge of its own: the one code is what they share. No more than the throttle lets through.
        let mut challenges = vec![];
        for _ in 0..100 {
            challenges.push(this.challenge(ADA, SECRET, "").await);
        }
        let attempt = Attempt::of(&called(())).unwrap();
        let desk = this.auth.desk(&attempt);
        let uses = challenges.iter().map(|text| async {
            let now = this.clock.now();
            let challenge = crate::access::Challenge::parse(text, &this.app.vault, now).unwrap();
            desk.complete(&challenge, &Code::parse(&code).unwrap(), &this.app.vault).await
        });
        let done = join_all(uses).await;
        assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1);
        // The code of the step before is spent with it.
        let before = secret.shown(this.clock.now() - TimeDelta::seconds(30));
        assert_eq!(reason(this.complete(&this.challenge(ADA, SECRET, "").await, &before).await), "SECOND_FACTOR_INVALID");
        this.later(TimeDelta::seconds(30));
        let challenge = this.challenge(ADA, SECRET, "").await;
        this.complete(&challenge, &this.code(&secret)).await.unwrap();
        this.later(TimeDelta::seconds(30));
        // A challenge opens one session.
        assert_eq!(reason(this.complete(&challenge, &this.code(&secret)).await), "SECOND_FACTOR_INVALID");
    }

    // Seen failing with `used_at IS NULL` taken out.
    async fn a_recovery_code_works_once_and_for_its_owner(db: Db) {
        let this = Setting::new(db).await;
        let (ada, bo) = (this.clinic_of(ADA).await, this.clinic_of("bo@hill.example").await);
        let (_, codes) = this.with_factor(&ada).await;
        this.with_factor(&bo).await;
        let challenge = this.challenge("bo@hill.example", SECRET, "").await;
        assert_eq!(reason(this.complete(&challenge, &codes[0]).await), "SECOND_FACTOR_INVALID");
        let challenge = this.challenge(ADA, SECRET, "").await;
        let let_in = this.complete(&challenge, &codes[0].to_uppercase()).await.unwrap().into_inner();
        assert_eq!(let_in.recovery_codes_left, 9);
        let challenge = this.challenge(ADA, SECRET, "").await;
        assert_eq!(reason(this.complete(&challenge, &codes[0]).await), "SECOND_FACTOR_INVALID");
        let stored = this.count("SELECT COUNT(*) FROM recovery_code").await;
        assert_eq!(stored, 20);
    }

    async fn a_challenge_ends_with_what_it_rests_on(db: Db) {
        let this = Setting::new(db).await;
        let ada = this.clinic_of(ADA).await;
        let (secret, _) = this.with_factor(&ada).await;
        let reset = this.reset_code(&ada, &this.person(&ada)).await;
        let old = this.challenge(ADA, SECRET, "").await;
        this.later(TimeDelta::minutes(5));
        assert_eq!(reason(this.complete(&old, &this.code(&secret)).await), "SECOND_FACTOR_INVALID");
        // Seen failing with the password's instant not compared.
        let before = this.challenge(ADA, SECRET, "").await;
        this.reset(&reset).await.unwrap();
        assert_eq!(reason(this.complete(&before, &this.code(&secret)).await), "SECOND_FACTOR_INVALID");
        assert_eq!(reason(this.complete("nonsense", "123456").await), "SECOND_FACTOR_INVALID");
        let asked = this.challenge(ADA, OTHER, "").await;
        let again = this.complete(&asked, &this.code(&secret)).await.unwrap();
        let again = jwt(again.into_inner().tokens);
        // A new authenticator does not finish what asked for the former. Seen failing with its instant not compared.
        let former = this.challenge(ADA, OTHER, "").await;
        this.later(TimeDelta::seconds(30));
        this.disable(&again, OTHER, &this.code(&secret)).await.unwrap();
        let newer = this.enroll(&again, OTHER).await.unwrap();
        this.confirm(&again, &this.code(&newer)).await.unwrap();
        this.later(TimeDelta::seconds(30));
        assert_eq!(reason(this.complete(&former, &this.code(&newer)).await), "SECOND_FACTOR_INVALID");
        let asked = this.challenge(ADA, OTHER, "").await;
        this.complete(&asked, &this.code(&newer)).await.unwrap();
    }

    // Seen failing with the tokens handed out at once.
    async fn neither_a_reset_nor_an_invitation_bypasses_the_second_factor(db: Db) {
        let this = Setting::new(db).await;
        let (ada, bo) = (this.clinic_of(ADA).await, this.clinic_of("bo@hill.example").await);
        let pia = jwt(this.join(&this.invite(&ada, PIA).await).await.unwrap().into_inner().tokens);
        let (secret, _) = this.with_factor(&pia).await;
        let joined = this.join(&this.invite(&bo, PIA).await).await.unwrap().into_inner();
        assert!(joined.tokens.is_none());
        assert_eq!(joined.membership.unwrap().clinic_id, this.clinic(&bo));
        this.complete(&joined.challenge, &this.code(&secret)).await.unwrap();

        this.later(TimeDelta::seconds(30));
        this.reset(&this.reset_code(&ada, &this.person(&pia)).await).await.unwrap();
        // Who knows the new password alone learns of the clinic of that admin only.
        let asked = this.challenge(PIA, OTHER, "").await;
        let let_in = this.complete(&asked, &this.code(&secret)).await.unwrap().into_inner();
        assert_eq!(let_in.membership.unwrap().clinic_id, this.clinic(&ada));
        // The factor is older than the reset: it is the person, and every clinic believes it.
        assert_eq!(let_in.memberships.len(), 2);
        this.later(TimeDelta::seconds(30));
        let asked = this.challenge(PIA, OTHER, &this.clinic(&bo)).await;
        this.complete(&asked, &this.code(&secret)).await.unwrap();
    }

    // Seen failing with any confirmed factor believed.
    async fn a_second_factor_that_is_younger_than_a_reset_opens_no_other_clinic(db: Db) {
        let this = Setting::new(db).await;
        let (ada, bo) = (this.clinic_of(ADA).await, this.clinic_of("bo@hill.example").await);
        let pia = jwt(this.join(&this.invite(&ada, PIA).await).await.unwrap().into_inner().tokens);
        this.join(&this.invite(&bo, PIA).await).await.unwrap();
        this.later(TimeDelta::seconds(1));
        this.reset(&this.reset_code(&ada, &this.person(&pia)).await).await.unwrap();
        let thief = jwt(this.login(PIA, OTHER, "").await.unwrap().into_inner().tokens);
        let secret = this.enroll(&thief, OTHER).await.unwrap();
        this.confirm(&thief, &this.code(&secret)).await.unwrap();
        this.later(TimeDelta::seconds(30));
        let asked = this.challenge(PIA, OTHER, &this.clinic(&bo)).await;
        assert_eq!(reason(this.complete(&asked, &this.code(&secret)).await), "CREDENTIALS_INVALID");
        let request = v1::SwitchClinicRequest { clinic_id: this.clinic(&bo) };
        assert_eq!(reason(this.auth.switch_clinic(this.by(&thief, request)).await), "NOT_FOUND");
    }

    // Seen failing with the factor's age compared with the newest reset alone.
    async fn another_reset_makes_no_planted_second_factor_older(db: Db) {
        let this = Setting::new(db).await;
        let (ada, bo) = (this.clinic_of(ADA).await, this.clinic_of("bo@hill.example").await);
        let pia = jwt(this.join(&this.invite(&ada, PIA).await).await.unwrap().into_inner().tokens);
        this.join(&this.invite(&bo, PIA).await).await.unwrap();
        this.later(TimeDelta::seconds(1));
        this.reset(&this.reset_code(&ada, &this.person(&pia)).await).await.unwrap();
        let thief = jwt(this.login(PIA, OTHER, "").await.unwrap().into_inner().tokens);
        let secret = this.enroll(&thief, OTHER).await.unwrap();
        this.confirm(&thief, &this.code(&secret)).await.unwrap();
        this.later(TimeDelta::seconds(30));
        this.reset(&this.reset_code(&ada, &this.person(&pia)).await).await.unwrap();
        let asked = this.challenge(PIA, OTHER, &this.clinic(&bo)).await;
        assert_eq!(reason(this.complete(&asked, &this.code(&secret)).await), "CREDENTIALS_INVALID");
        this.later(TimeDelta::seconds(30));
        let asked = this.challenge(PIA, OTHER, "").await;
        let thief = this.complete(&asked, &this.code(&secret)).await.unwrap().into_inner();
        assert_eq!(thief.memberships.len(), 1);
        let thief = jwt(thief.tokens);
        let request = v1::SwitchClinicRequest { clinic_id: this.clinic(&bo) };
        assert_eq!(reason(this.auth.switch_clinic(this.by(&thief, request)).await), "NOT_FOUND");
    }

    // Seen failing with none but factors from before every reset believed.
    async fn a_second_factor_counts_where_the_clinic_has_vouched_since_the_reset_before_it(db: Db) {
        let this = Setting::new(db).await;
        let (ada, bo) = (this.clinic_of(ADA).await, this.clinic_of("bo@hill.example").await);
        let pia = jwt(this.join(&this.invite(&ada, PIA).await).await.unwrap().into_inner().tokens);
        this.later(TimeDelta::seconds(1));
        this.reset(&this.reset_code(&ada, &this.person(&pia)).await).await.unwrap();
        let here = jwt(this.login(PIA, OTHER, "").await.unwrap().into_inner().tokens);
        this.change(&here, OTHER, SECRET).await.unwrap();
        this.join(&this.invite(&bo, PIA).await).await.unwrap();
        let (secret, _) = this.with_factor(&here).await;
        this.reset(&this.reset_code(&ada, &this.person(&pia)).await).await.unwrap();
        let asked = this.challenge(PIA, OTHER, &this.clinic(&bo)).await;
        let let_in = this.complete(&asked, &this.code(&secret)).await.unwrap().into_inner();
        assert_eq!(let_in.memberships.len(), 2);
    }

    // Seen failing with the row in the clinic that was named, and with the right code not used up.
    async fn whoever_guesses_a_code_is_told_of_where_the_account_is_and_nowhere_else(db: Db) {
        let this = Setting::new(db).await;
        let (ada, bo) = (this.clinic_of(ADA).await, this.clinic_of("bo@hill.example").await);
        let (secret, _) = this.with_factor(&ada).await;
        let nowhere = ClinicId::from(this.app.ambient.new_id()).to_string();
        let (here, there) = (this.clinic(&ada), this.clinic(&bo));
        let told = async || (this.told(&here, "DENIED").await, this.told(&there, "DENIED").await);
        for (nth, clinic) in ["", &this.clinic(&bo), &nowhere].into_iter().enumerate() {
            let asked = this.challenge(ADA, SECRET, clinic).await;
            let guessed = reason(this.complete(&asked, "000000").await);
            assert_eq!(guessed, "SECOND_FACTOR_INVALID");
            assert_eq!(told().await, (i64::try_from(nth).unwrap() + 1, 0), "{clinic}");
        }
        // A right code that is tried out on another clinic is used up, and told of.
        let asked = this.challenge(ADA, SECRET, &this.clinic(&bo)).await;
        assert_eq!(reason(this.complete(&asked, &this.code(&secret)).await), "CREDENTIALS_INVALID");
        assert_eq!(told().await, (4, 0));
        let asked = this.challenge(ADA, SECRET, "").await;
        assert_eq!(reason(this.complete(&asked, &this.code(&secret)).await), "SECOND_FACTOR_INVALID");
    }

    async fn codes_are_guessed_at_slowly(db: Db) {
        let this = Setting::new(db).await;
        let ada = this.clinic_of(ADA).await;
        let (secret, _) = this.with_factor(&ada).await;
        let challenge = this.challenge(ADA, SECRET, "").await;
        for _ in 0..5 {
            assert_eq!(reason(this.complete(&challenge, "xxxxxx").await), "SECOND_FACTOR_INVALID");
        }
        assert_eq!(reason(this.complete(&challenge, &this.code(&secret)).await), "TOO_MANY_ATTEMPTS");
        // The password has counters of its own.
        this.challenge(ADA, SECRET, "").await;
    }

    // Seen failing with the factor left in the table.
    async fn a_second_factor_is_turned_off_with_both_secrets(db: Db) {
        let this = Setting::new(db).await;
        let ada = this.clinic_of(ADA).await;
        assert_eq!(this.disable(&ada, SECRET, "123456").await.unwrap_err(), "SECOND_FACTOR_STATE");
        let (secret, _) = this.with_factor(&ada).await;
        let before = this.app.passwords.hashed();
        this.challenge(ADA, SECRET, "").await;
        assert_eq!(this.app.passwords.hashed() - before, 1);
        assert_eq!(this.disable(&ada, OTHER, &this.code(&secret)).await.unwrap_err(), "CREDENTIALS_INVALID");
        assert_eq!(this.disable(&ada, SECRET, "xxxxxx").await.unwrap_err(), "SECOND_FACTOR_INVALID");
        let wrong = if this.code(&secret) == "000000" { "000001" } else { "000000" };
        assert_eq!(this.disable(&ada, SECRET, wrong).await.unwrap_err(), "SECOND_FACTOR_INVALID");
        this.disable(&ada, SECRET, &this.code(&secret)).await.unwrap();
        assert_eq!(this.count("SELECT COUNT(*) FROM second_factor").await, 0);
        assert_eq!(this.count("SELECT COUNT(*) FROM recovery_code").await, 0);
        this.login(ADA, SECRET, "").await.unwrap().into_inner().tokens.expect("signed in");
    }
}
