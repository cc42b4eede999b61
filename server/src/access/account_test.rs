use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::future::join_all;

use rung_progression::AthleteId;

use super::*;
use crate::{
    access::{
        AthleteAccess, AthleteAccountAccess, Call, ClinicAccess, Invite, InviteCode, Keyring, Part,
        Relation, Role, Vault, key::for_test::kek,
    },
    clock::{Ambient as _, fixed::Fixed},
    storage::{
        athlete,
        conformance::{as_owner, storage_tests},
        consent,
        db::on,
        identity::invitation,
    },
};

pub(super) const ADA: &str = "ada@harbour.example";
pub(super) const SECRET: &str = "correct horse battery";

/// A clinic whose admin is Ada, on a clock that stands still.
pub(super) struct Setting {
    pub(super) db: Db,
    clock: Arc<Fixed>,
    pub(super) ambient: SharedAmbient,
    passwords: Passwords,
    pub(super) tokens: Tokens,
    pub(super) vault: Vault,
    pub(super) call: Call,
    pub(super) clinic: ClinicId,
    ada: PersonId,
}

fn password(text: &str) -> Password {
    Password::parse(text.to_owned()).unwrap()
}

impl Setting {
    pub(super) async fn new(db: Db) -> Self {
        let clock = Arc::new(Fixed::at("2026-03-01T12:00:00Z".parse().unwrap()));
        let ambient: SharedAmbient = clock.clone();
        let keyring = Keyring::load_or_create(&db, kek(1), &ambient)
            .await
            .unwrap();
        let tokens = Tokens::new(keyring, "issuer".into(), "audience".into(), ambient.clone());
        let passwords = Passwords::new(ambient.clone()).unwrap();
        let (clinic, ada) = (
            ClinicId::from(ambient.new_id()),
            PersonId::from(ambient.new_id()),
        );
        let method = "rung.v1.AuthService/Test";
        let mut this = Self {
            call: Call::by_operator(method, &ambient),
            db,
            clock,
            ambient,
            passwords,
            tokens,
            vault: Vault::new(&kek(1)).unwrap(),
            clinic,
            ada,
        };
        let code = this.found("Harbour Clinic").await;
        let signed_in = this.accept(&code, SECRET).await.unwrap();
        (this.clinic, this.ada) = (signed_in.clinic, signed_in.person);
        this
    }

    /// Founds a clinic, also Ada's.
    pub(super) async fn found(&self, name: &str) -> InviteCode {
        let (name, email) = (name.to_owned(), ADA.to_owned());
        found(&self.db, &self.ambient, name, email, Role::Admin.into())
            .await
            .unwrap()
            .1
    }

    pub(super) fn desk(&self) -> Desk<'_> {
        Desk {
            call: &self.call,
            db: &self.db,
            ambient: &self.ambient,
            passwords: &self.passwords,
        }
    }

    pub(super) async fn accept(&self, code: &InviteCode, secret: &str) -> Result<SignedIn> {
        let desk = self.desk();
        let password = password(secret);
        let accepted = desk.accept(code, &password, Some("Ada")).await?;
        Ok(accepted.0.signed_in())
    }

    pub(super) async fn login(
        &self,
        email: &str,
        secret: &str,
        clinic: Option<ClinicId>,
    ) -> Result<SignedIn> {
        let admission = self.desk().login(email, &password(secret), clinic).await?;
        Ok(admission.signed_in())
    }

    pub(super) async fn refresh(&self, old: &RefreshSecret) -> Result<Pair> {
        refresh(
            &self.db,
            &self.ambient,
            &self.tokens,
            &self.vault,
            &self.call,
            old,
        )
        .await
    }

    fn admin(&self) -> ClinicAccess {
        ClinicAccess::for_test(self.clinic, self.ada, &[Role::Admin])
    }

    pub(super) async fn invite(&self, email: &str, roles: &[Role]) -> InviteCode {
        let roles = roles.iter().copied().collect();
        let drafted = Invite::staff(
            &self.admin(),
            email.to_owned(),
            roles,
            self.ambient.as_ref(),
        );
        self.store(drafted.unwrap()).await
    }

    pub(super) async fn invite_athlete(&self, email: &str, athlete: AthleteId) -> InviteCode {
        let access = AthleteAccountAccess::for_test(self.clinic, athlete, self.ada);
        self.store(Invite::athlete(
            &access,
            email.to_owned(),
            self.ambient.as_ref(),
        ))
        .await
    }

    /// Invites a supporter in the words of the athlete.
    async fn invite_supporter(&self, email: &str, whose: AthleteId, own: PersonId) -> InviteCode {
        let access = AthleteAccess::for_test(self.clinic, whose, own, Relation::Own);
        let parts = [Part::CheckIns].into_iter().collect();
        let (email, purpose) = (email.to_owned(), "Coach".to_owned());
        let drafted =
            Invite::supporter(&access, email, parts, purpose, None, self.ambient.as_ref());
        self.store(drafted.unwrap()).await
    }

    /// What the admin of some other clinic does: the password is the one that it was.
    async fn reset_elsewhere(&self, email: &str) {
        let known = person::credential(&mut self.db.read().await.unwrap().conn(), email).await;
        let known = known.unwrap().unwrap();
        let (person, hash) = (known.person, known.password_hash.unwrap());
        let now = self.ambient.now();
        self.db
            .write(move |mut tx| {
                let hash = hash.clone();
                Box::pin(async move { person::reset_password(&mut tx, person, &hash, now).await })
            })
            .await
            .unwrap();
    }

    async fn withdraw(&self, whose: AthleteId, own: PersonId, supporter: PersonId) {
        let access = AthleteAccess::for_test(self.clinic, whose, own, Relation::Own);
        let (id, now) = (self.ambient.new_id(), self.ambient.now());
        self.db
            .write_in(self.clinic, move |mut tx| {
                let access = access.clone();
                Box::pin(async move {
                    consent::record(&mut tx, &access, supporter, id, None, now).await
                })
            })
            .await
            .unwrap();
    }

    async fn store(&self, (invite, code): (Invite, InviteCode)) -> InviteCode {
        let now = self.ambient.now();
        self.db
            .write_in(invite.clinic(), move |mut tx| {
                let invite = invite.clone();
                Box::pin(async move { invitation::insert(&mut tx, &invite, now).await })
            })
            .await
            .unwrap();
        code
    }

    pub(super) async fn athlete(&self) -> AthleteId {
        let (access, id) = (self.admin(), AthleteId::from(self.ambient.new_id()));
        let now = self.ambient.now();
        self.db
            .write_in(access.clinic(), move |mut tx| {
                let access = access.clone();
                Box::pin(async move {
                    athlete::insert(&mut tx, &access, id, "Nora", "Europe/Oslo", now)
                        .await
                        .map(|_| ())
                })
            })
            .await
            .unwrap();
        id
    }

    pub(super) async fn execute(&self, sql: &'static str) {
        self.db
            .write(move |mut tx| {
                Box::pin(async move {
                    on!(&mut *tx, execute sqlx::query(sql))?;
                    Ok(())
                })
            })
            .await
            .unwrap();
    }

    pub(super) async fn count(&self, sql: &'static str) -> i64 {
        let mut reader = self.db.read_in(self.admin().clinic()).await.unwrap();
        let conn = &mut reader.conn();
        on!(conn, fetch_one sqlx::query_scalar(sql)).unwrap()
    }

    pub(super) fn later(&self, by: TimeDelta) {
        self.clock.set(self.clock.now() + by);
    }
}

fn refused<T>(outcome: Result<T>) -> Error {
    outcome.err().expect("a refusal")
}

storage_tests! {
    async fn a_founder_signs_in_with_a_password_and_nothing_else_works(db: Db) {
        let this = Setting::new(db).await;
        let signed_in = this.login(ADA, SECRET, None).await.unwrap();
        assert_eq!((signed_in.person, signed_in.clinic), (this.ada, this.clinic));
        let place = signed_in.place().unwrap();
        assert_eq!(place.membership.clinic_name, "Harbour Clinic");
        assert_eq!(place.membership.roles, Role::Admin.into());
        let pair = signed_in.pair(&this.tokens).unwrap();
        assert_eq!(this.tokens.verify(&pair.access.jwt).unwrap().person, this.ada);

        // Seen failing with the dummy hash taken out, and with the wanted clinic taken on trust.
        let before = this.passwords.hashed();
        let sessions = this.count("SELECT COUNT(*) FROM auth_session").await;
        let elsewhere = Some(ClinicId::from(this.ambient.new_id()));
        for (tries, (email, secret, clinic)) in [
            (ADA, "wrong horse battery", None),
            ("nobody@harbour.example", SECRET, None),
            (ADA, SECRET, elsewhere),
        ].into_iter().enumerate() {
            let refusal = refused(this.login(email, secret, clinic).await);
            assert!(matches!(refusal, Error::CredentialsInvalid), "{email} {secret}");
            assert_eq!(this.passwords.hashed() - before, tries + 1, "{email} {secret}");
        }
        assert_eq!(this.count("SELECT COUNT(*) FROM auth_session").await, sessions);
    }

    async fn somebody_with_two_clinics_has_to_name_one(db: Db) {
        let this = Setting::new(db).await;
        let code = this.found("Hill Clinic").await;
        // An account that exists proves itself with its own password.
        assert!(matches!(refused(this.accept(&code, "another password").await), Error::CredentialsInvalid));
        let second = this.accept(&code, SECRET).await.unwrap();
        assert_eq!((second.person, second.places.len()), (this.ada, 2));

        assert!(matches!(refused(this.login(ADA, SECRET, None).await), Error::ClinicRequired { clinics } if clinics.len() == 2));
        for clinic in [this.clinic, second.clinic] {
            assert_eq!(this.login(ADA, SECRET, Some(clinic)).await.unwrap().clinic, clinic);
        }
        // An inactive membership is none: the other one is the only one left.
        this.execute("UPDATE membership SET state = 'DEACTIVATED' \
                      WHERE clinic_id = (SELECT id FROM clinic WHERE name = 'Hill Clinic')").await;
        let signed_in = this.login(ADA, SECRET, None).await.unwrap();
        assert_eq!((signed_in.clinic, signed_in.places.len()), (this.clinic, 1));
        let wanted = this.login(ADA, SECRET, Some(second.clinic)).await;
        assert!(matches!(refused(wanted), Error::CredentialsInvalid));
    }

    // Seen failing with `accepted_at IS NULL` taken out of the acceptance, with a known account.
    async fn an_invitation_accepted_twice_at_once_counts_once(db: Db) {
        let this = Setting::new(db).await;
        let new = this.invite("pia@harbour.example", &[Role::Physio]).await;
        let known = this.invite(ADA, &[Role::Physio]).await;
        for code in [new, known] {
            let both = join_all((0..2).map(|_| this.accept(&code, SECRET))).await;
            let (won, lost): (Vec<_>, Vec<_>) = both.into_iter().partition(Result::is_ok);
            assert_eq!((won.len(), lost.len()), (1, 1));
            assert!(matches!(lost.into_iter().next().unwrap(), Err(Error::InvitationInvalid)));
        }
        assert_eq!(this.count("SELECT COUNT(*) FROM person").await, 2);
    }

    // Seen failing with the name asked for after the address was looked up, and the rules of a new password too.
    async fn no_refusal_tells_whether_an_invited_address_has_an_account(db: Db) {
        let this = Setting::new(db).await;
        let new = this.invite("pia@harbour.example", &[Role::Physio]).await;
        let known = this.invite(ADA, &[Role::Physio]).await;
        for (secret, name, hashes) in [
            ("wrong horse battery", None, 1),
            ("password", None, 1),
            ("password", Some("Pia"), 0),
        ] {
            let mut told = vec![];
            for code in [&new, &known] {
                let before = this.passwords.hashed();
                let refusal = this.desk().accept(code, &password(secret), name).await;
                let refusal = refused(refusal.map(|(admission, _)| admission));
                assert_eq!(this.passwords.hashed() - before, hashes, "{secret} {name:?}");
                told.push(refusal.to_string());
            }
            assert_eq!(told[0], told[1], "{secret} {name:?}");
        }
        this.accept(&new, SECRET).await.unwrap();
    }

    // Seen failing without the rows.
    async fn signing_in_leaves_a_row_in_the_clinic_of_the_session(db: Db) {
        const ROWS: &str = "SELECT COUNT(*) FROM audit_event e JOIN auth_session s \
            ON s.id = e.object_id AND s.clinic_id = e.clinic_id AND s.person_id = e.actor_id \
            WHERE e.outcome = 'ALLOWED' AND e.roles = 'ADMIN'";
        let this = Setting::new(db).await;
        let before = this.count(ROWS).await;
        this.login(ADA, SECRET, None).await.unwrap();
        assert_eq!(this.count(ROWS).await, before + 1);
        // Nor does a session stand whose row could not be written.
        let sessions = this.count("SELECT COUNT(*) FROM auth_session").await;
        as_owner(&this.db, "ALTER TABLE audit_event RENAME TO gone").await;
        assert!(this.login(ADA, SECRET, None).await.is_err());
        assert_eq!(this.count("SELECT COUNT(*) FROM auth_session").await, sessions);
    }

    async fn an_invitation_ends_and_brings_nobody_back(db: Db) {
        let this = Setting::new(db).await;
        let code = this.invite("pia@harbour.example", &[Role::Physio]).await;
        this.later(TimeDelta::hours(24));
        assert!(matches!(refused(this.accept(&code, SECRET).await), Error::InvitationInvalid));

        let code = this.invite("pia@harbour.example", &[Role::Physio]).await;
        this.execute("UPDATE clinic SET state = 'DEACTIVATED'").await;
        assert!(matches!(refused(this.accept(&code, SECRET).await), Error::InvitationInvalid));
        this.execute("UPDATE clinic SET state = 'ACTIVE'").await;

        let code = this.invite(ADA, &[Role::Physio]).await;
        this.execute("UPDATE membership SET state = 'DEACTIVATED'").await;
        assert!(matches!(refused(this.accept(&code, SECRET).await), Error::InvitationInvalid));
        assert_eq!(this.count("SELECT COUNT(*) FROM invitation WHERE accepted_at IS NULL").await, 3);
    }

    async fn an_athletes_account_is_joined_to_one_record_once(db: Db) {
        let this = Setting::new(db).await;
        let (nora, other) = (this.athlete().await, this.athlete().await);
        let code = this.invite_athlete("nora@mail.example", nora).await;
        let again = this.invite_athlete("thief@mail.example", nora).await;
        let second = this.invite_athlete("nora@mail.example", other).await;
        // An athlete has seven days.
        this.later(TimeDelta::days(7) - TimeDelta::seconds(1));
        let signed_in = this.accept(&code, SECRET).await.unwrap();
        let place = signed_in.place().unwrap();
        assert_eq!((place.athlete, place.membership.roles), (Some(nora), Role::Athlete.into()));

        // The record has its account, and the person their record; a refusal leaves nothing behind.
        let people = this.count("SELECT COUNT(*) FROM person").await;
        assert!(matches!(refused(this.accept(&again, SECRET).await), Error::InvitationInvalid));
        assert!(matches!(refused(this.accept(&second, SECRET).await), Error::InvitationInvalid));
        assert_eq!(this.count("SELECT COUNT(*) FROM person").await, people);
        assert_eq!(this.count("SELECT COUNT(*) FROM athlete WHERE person_id IS NOT NULL").await, 1);
    }

    // Seen failing with either half of the refusal taken out.
    async fn nobody_who_works_in_a_clinic_becomes_an_athlete_of_it_by_invitation(db: Db) {
        let this = Setting::new(db).await;
        let nora = this.athlete().await;
        let pia = this.invite("pia@harbour.example", &[Role::Physio]).await;
        this.accept(&pia, SECRET).await.unwrap();
        for email in [ADA, "pia@harbour.example"] {
            let code = this.invite_athlete(email, nora).await;
            assert!(matches!(refused(this.accept(&code, SECRET).await), Error::InvitationInvalid), "{email}");
        }
        // Ada does not work there any more; the invitation is still her own.
        let code = this.invite_athlete(ADA, nora).await;
        this.execute("UPDATE membership SET roles = 'ATHLETE' WHERE roles = 'ADMIN'").await;
        assert!(matches!(refused(this.accept(&code, SECRET).await), Error::InvitationInvalid));
        assert_eq!(this.count("SELECT COUNT(*) FROM athlete WHERE person_id IS NOT NULL").await, 0);
        assert_eq!(this.count("SELECT COUNT(*) FROM invitation WHERE accepted_at IS NULL").await, 3);
    }

    // Seen failing with the record joined as if they were the athlete, and with an end in the past taken.
    async fn a_supporter_who_accepts_sees_what_was_promised_from_then_on(db: Db) {
        const SQL: &str = "SELECT parts, valid_from, recorded_by FROM consent WHERE supporter_id = $1";
        let this = Setting::new(db).await;
        let nora = this.athlete().await;
        let own = this.invite_athlete("nora@mail.example", nora).await;
        let nora_person = this.accept(&own, SECRET).await.unwrap().person;
        let promise = async |until, relation| {
            let access = AthleteAccess::for_test(this.clinic, nora, nora_person, relation);
            let parts = [Part::CheckIns].into_iter().collect();
            let (email, purpose) = ("sam@mail.example".to_owned(), "Coach".to_owned());
            Invite::supporter(&access, email, parts, purpose, until, this.ambient.as_ref())
        };
        // Whoever treats her has no say in whom she tells.
        assert!(matches!(refused(promise(None, Relation::Care).await), Error::RoleRequired));
        let soon = this.ambient.now() + TimeDelta::hours(1);
        let over = this.store(promise(Some(soon), Relation::Own).await.unwrap()).await;
        let code = this.store(promise(None, Relation::Own).await.unwrap()).await;
        this.later(TimeDelta::hours(1));
        assert!(matches!(refused(this.accept(&over, SECRET).await), Error::InvitationInvalid));
        let own = this.invite_supporter("nora@mail.example", nora, nora_person).await;
        assert!(matches!(refused(this.accept(&own, SECRET).await), Error::InvitationInvalid));
        let sam = this.accept(&code, SECRET).await.unwrap();
        let place = sam.place().unwrap();
        assert_eq!((place.athlete, place.membership.roles), (None, Role::Supporter.into()));
        let mut reader = this.db.read_in(this.clinic).await.unwrap();
        let conn = &mut reader.conn();
        let row: (String, DateTime<Utc>, uuid::Uuid) =
            on!(conn, fetch_one sqlx::query_as(SQL).bind(sam.person.uuid())).unwrap();
        assert_eq!(row, ("CHECK_INS".to_owned(), this.ambient.now(), nora_person.uuid()));
    }

    // Seen failing with every invitation vouching, and with the account not asked for belief.
    async fn nobody_but_an_admin_makes_a_clinic_believe_an_account(db: Db) {
        const VOUCHED: &str = "SELECT COUNT(*) FROM membership WHERE vouched_at > created_at";
        const PIA: &str = "pia@harbour.example";
        const SAM: &str = "sam@mail.example";
        let this = Setting::new(db).await;
        let nora = this.athlete().await;
        let own = this.invite_athlete("nora@mail.example", nora).await;
        let own = this.accept(&own, SECRET).await.unwrap().person;
        this.accept(&this.invite(PIA, &[Role::Physio]).await, SECRET).await.unwrap();
        this.accept(&this.invite_supporter(SAM, nora, own).await, SECRET).await.unwrap();
        this.later(TimeDelta::seconds(1));
        this.accept(&this.invite_supporter(ADA, nora, own).await, SECRET).await.unwrap();
        assert_eq!(this.count(VOUCHED).await, 0);

        this.reset_elsewhere(PIA).await;
        this.reset_elsewhere(SAM).await;
        let other = this.athlete().await;
        let code = this.invite_supporter(PIA, nora, own).await;
        for (email, code) in [(PIA, &code), (SAM, &this.invite_athlete(SAM, other).await)] {
            assert!(matches!(refused(this.accept(code, SECRET).await), Error::CredentialsInvalid), "{email}");
            assert!(matches!(refused(this.login(email, SECRET, None).await), Error::CredentialsInvalid), "{email}");
        }
        assert_eq!(this.count("SELECT COUNT(*) FROM invitation WHERE accepted_at IS NULL").await, 2);
        // An admin's invitation does; after it, the athlete's is as good as ever.
        this.accept(&this.invite(PIA, &[Role::Physio]).await, SECRET).await.unwrap();
        assert_eq!(this.count(VOUCHED).await, 1);
        let roles = this.accept(&code, SECRET).await.unwrap().place().unwrap().membership.roles;
        assert_eq!(roles, [Role::Physio, Role::Supporter].into_iter().collect());
    }

    // Seen failing without the refusal.
    async fn nobody_who_is_treated_in_a_clinic_comes_to_work_there_by_invitation(db: Db) {
        let this = Setting::new(db).await;
        let nora = this.athlete().await;
        let own = this.invite_athlete("nora@mail.example", nora).await;
        this.accept(&own, SECRET).await.unwrap();
        for role in [Role::Physio, Role::Admin] {
            let code = this.invite("nora@mail.example", &[role]).await;
            assert!(matches!(refused(this.accept(&code, SECRET).await), Error::InvitationInvalid), "{role:?}");
        }
        assert_eq!(this.count("SELECT COUNT(*) FROM membership WHERE roles = 'ATHLETE'").await, 1);
    }

    // Seen failing with no athlete named.
    async fn the_row_of_an_accepted_invitation_names_whom_it_is_about(db: Db) {
        const SQL: &str = "SELECT COUNT(*) FROM audit_event e JOIN athlete a ON a.id = e.athlete_id";
        let this = Setting::new(db).await;
        let nora = this.athlete().await;
        let own = this.invite_athlete("nora@mail.example", nora).await;
        let secret = password(SECRET);
        let (_, place) = this.desk().accept(&own, &secret, Some("Nora")).await.unwrap();
        assert_eq!((place.athlete, this.count(SQL).await), (Some(nora), 1));
    }

    // Seen failing with the invitations left open, and with a version that came after an invitation not asked for.
    async fn an_invitation_begins_nothing_that_the_athlete_has_decided_since(db: Db) {
        const SAM: &str = "sam@mail.example";
        let this = Setting::new(db).await;
        let nora = this.athlete().await;
        let own = this.invite_athlete("nora@mail.example", nora).await;
        let own = this.accept(&own, SECRET).await.unwrap().person;
        let first = this.invite_supporter(SAM, nora, own).await;
        let sam = this.accept(&first, SECRET).await.unwrap().person;
        this.later(TimeDelta::seconds(1));
        let former = this.invite_supporter(SAM, nora, own).await;
        let kims = this.invite_supporter("kim@mail.example", nora, own).await;
        this.later(TimeDelta::seconds(1));
        this.withdraw(nora, own, sam).await;
        let now = this.ambient.now();
        let found = this.desk().invited(&former).await.unwrap();
        assert!(found.is_none(), "{found:?} at {now}");
        assert!(matches!(refused(this.accept(&former, SECRET).await), Error::InvitationInvalid));
        // What is meant for others stays.
        this.accept(&kims, SECRET).await.unwrap();

        this.later(TimeDelta::seconds(1));
        let anew = [this.invite_supporter(SAM, nora, own).await, this.invite_supporter(SAM, nora, own).await];
        this.later(TimeDelta::seconds(1));
        this.accept(&anew[0], SECRET).await.unwrap();
        assert!(matches!(refused(this.accept(&anew[1], SECRET).await), Error::InvitationInvalid));
    }
}
