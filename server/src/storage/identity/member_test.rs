use chrono::TimeDelta;

use super::*;
use crate::{
    access::{ImportAccess, Invite, InviteCode},
    clock::{Ambient as _, System},
    storage::{
        Db,
        conformance::storage_tests,
        identity::{
            clinic as clinics, invitation, membership,
            person::{self, NewPerson},
            reset,
            session::{self, SignIn},
        },
    },
};

/// A clinic with members of these names and roles, through the eyes of the first.
async fn clinic_of(
    db: &Db,
    members: &'static [(&'static str, &'static str)],
) -> (ClinicAccess, Vec<PersonId>) {
    let clinic = rung_progression::ClinicId::from(System.new_id());
    let people: Vec<PersonId> = members.iter().map(|_| System.new_id().into()).collect();
    let made = people.clone();
    db.write(move |mut tx| {
        let people = people.clone();
        Box::pin(async move {
            clinics::insert(&mut tx, clinic, "Harbour", System.now()).await?;
            for (id, (name, roles)) in people.into_iter().zip(members) {
                let new = NewPerson {
                    id,
                    email: format!("{id}@mail.example"),
                    display_name: (*name).to_owned(),
                    password_hash: "hash".to_owned(),
                    at: System.now(),
                };
                assert!(person::insert(&mut tx, &new).await?);
                membership::join(&mut tx, clinic, id, roles.parse()?, true, System.now()).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
    (
        ClinicAccess::for_test(clinic, made[0], &[Role::Admin]),
        made,
    )
}

async fn pages(db: &Db, access: &ClinicAccess, size: usize) -> Vec<String> {
    let mut reader = db.read().await.unwrap();
    let conn = &mut reader.conn();
    let (mut after, mut names) = (None, vec![]);
    loop {
        let page = list(conn, access, after, i64::try_from(size).unwrap())
            .await
            .unwrap();
        let full = page.len() == size;
        after = page
            .last()
            .map(|last| (last.display_name.clone(), last.person.uuid()));
        names.extend(page.into_iter().map(|member| member.display_name));
        if !full {
            return names;
        }
    }
}

async fn changed(
    db: &Db,
    access: &ClinicAccess,
    person: PersonId,
    etag: i64,
    change: Change,
) -> Result<Member> {
    let access = access.clone();
    db.write(move |mut tx| {
        let access = access.clone();
        Box::pin(async move { update(&mut tx, &access, person, etag, change, System.now()).await })
    })
    .await
}

fn roles(text: &str) -> Change {
    Change {
        roles: Some(text.parse().unwrap()),
        active: None,
    }
}

fn shut_out() -> Change {
    Change {
        active: Some(false),
        roles: None,
    }
}

/// A reset code and an invitation that a member has written as an admin.
async fn written(db: &Db, by: &ClinicAccess) -> (InviteCode, InviteCode) {
    let email = format!("{}@mail.example", System.new_id());
    let (invite, invitation) = Invite::staff(by, email, Role::Physio.into(), &System).unwrap();
    let (code, by, now) = (InviteCode::new(&System), by.clone(), System.now());
    let hash = code.hash();
    db.write(move |mut tx| {
        let (by, invite) = (by.clone(), invite.clone());
        Box::pin(async move {
            let (person, until) = (by.person(), now + TimeDelta::hours(1));
            reset::insert(&mut tx, &by, person, hash.as_slice(), now, until).await?;
            invitation::insert(&mut tx, &invite, now).await
        })
    })
    .await
    .unwrap();
    (code, invitation)
}

/// Whether they can still be used.
async fn usable(db: &Db, (code, invitation): &(InviteCode, InviteCode)) -> (bool, bool) {
    let mut reader = db.read().await.unwrap();
    let (conn, now) = (&mut reader.conn(), System.now());
    let reset = reset::find(conn, code.hash().as_slice(), now).await;
    let invited = invitation::find(conn, invitation.hash().as_slice(), now).await;
    (reset.unwrap().is_some(), invited.unwrap().is_some())
}

storage_tests! {
    // Seen failing with the id left out of the order: of two people with one name, a page lost the second.
    async fn members_are_listed_by_name_whatever_the_page(db: Db) {
        let (admin, people) = clinic_of(&db, &[
            ("Nora", "ADMIN"), ("Pia", "PHYSIO"), ("pia", "PHYSIO"), ("Pia", "ATHLETE"), ("Åse", "SUPPORTER"),
            ("Ada", "PHYSIO"), ("Eva", "ATHLETE,SUPPORTER"), ("Out", "PHYSIO"),
        ]).await;
        clinic_of(&db, &[("Stranger", "ADMIN"), ("Pia", "PHYSIO")]).await;
        changed(&db, &admin, people[7], 1, shut_out()).await.unwrap();
        for size in 1..8 {
            let names = pages(&db, &admin, size).await;
            assert_eq!(names, ["Ada", "Eva", "Nora", "Out", "Pia", "Pia", "pia", "Åse"], "pages of {size}");
        }
        // Who is treated here, and who was shut out, is an admin's business.
        let physio = ClinicAccess::for_test(admin.clinic(), people[1], &[Role::Physio]);
        assert_eq!(pages(&db, &physio, 2).await, ["Ada", "Nora", "Pia", "pia"]);
    }

    // Seen failing without the lock of the clinic (Postgres), and without the count.
    async fn a_clinic_keeps_an_admin(db: Db) {
        let (admin, people) = clinic_of(&db, &[("Nora", "ADMIN"), ("Pia", "ADMIN,PHYSIO")]).await;
        let both = people.iter().map(|person| changed(&db, &admin, *person, 1, shut_out()));
        let outcomes = futures_util::future::join_all(both).await;
        let refused = outcomes.iter().filter(|o| matches!(o, Err(Error::LastAdmin))).count();
        assert_eq!(refused, 1, "{outcomes:?}");
        let last = outcomes.iter().position(Result::is_err).unwrap();
        let outcome = changed(&db, &admin, people[last], 1, roles("PHYSIO")).await;
        assert!(matches!(outcome, Err(Error::LastAdmin)));
    }

    // Seen failing without each of the checks.
    async fn roles_of_the_treated_come_by_invitation_and_stand_apart(db: Db) {
        let (admin, people) =
            clinic_of(&db, &[("Nora", "ADMIN"), ("Pia", "PHYSIO"), ("Ada", "ATHLETE")]).await;
        let field = |outcome: Result<Member>| matches!(outcome, Err(Error::InvalidFields(_)));
        assert!(field(changed(&db, &admin, people[1], 1, roles("PHYSIO,ATHLETE")).await));
        assert!(field(changed(&db, &admin, people[1], 1, roles("SUPPORTER")).await));
        assert!(field(changed(&db, &admin, people[2], 1, roles("PHYSIO,ATHLETE")).await));
        let after = changed(&db, &admin, people[2], 1, roles("PHYSIO")).await.unwrap();
        assert_eq!((after.roles.to_string().as_str(), after.etag), ("PHYSIO", 2));
        let stale = changed(&db, &admin, people[2], 1, roles("ADMIN")).await;
        assert!(matches!(stale, Err(Error::EtagStale { .. })));
        let (_, strangers) = clinic_of(&db, &[("Stranger", "ADMIN")]).await;
        let stranger = changed(&db, &admin, strangers[0], 1, roles("PHYSIO")).await;
        assert!(matches!(stranger, Err(Error::NotFound("member"))));
    }

    // Seen failing with each of the two left open, and with every change taken for one that shuts out.
    async fn what_somebody_has_written_ends_with_what_let_them_write_it(db: Db) {
        let (admin, people) =
            clinic_of(&db, &[("Nora", "ADMIN"), ("Pia", "ADMIN,PHYSIO"), ("Ida", "ADMIN")]).await;
        let by = |at: usize| ClinicAccess::for_test(admin.clinic(), people[at], &[Role::Admin]);
        let others = written(&db, &admin).await;
        let (pias, idas) = (written(&db, &by(1)).await, written(&db, &by(2)).await);
        changed(&db, &admin, people[2], 1, roles("ADMIN,PHYSIO")).await.unwrap();
        assert_eq!(usable(&db, &idas).await, (true, true));
        changed(&db, &admin, people[2], 2, roles("PHYSIO")).await.unwrap();
        assert_eq!(usable(&db, &idas).await, (false, false));
        assert_eq!(usable(&db, &pias).await, (true, true));
        changed(&db, &admin, people[1], 1, shut_out()).await.unwrap();
        // Her own reset code is of no use to somebody who is shut out; she is let in again to see what became of it.
        let back = Change { active: Some(true), roles: None };
        changed(&db, &admin, people[1], 2, back).await.unwrap();
        assert_eq!(usable(&db, &pias).await, (false, false));
        assert_eq!(usable(&db, &others).await, (true, true));
    }

    // Seen failing with the role not asked for.
    async fn an_archive_is_led_by_a_physio_of_its_clinic(db: Db) {
        let (admin, people) = clinic_of(&db, &[("Nora", "ADMIN"), ("Pia", "PHYSIO")]).await;
        let (_, strangers) = clinic_of(&db, &[("Stranger", "PHYSIO")]).await;
        for (person, leads) in [(people[0], false), (people[1], true), (strangers[0], false)] {
            let mut reader = db.read_in(admin.clinic()).await.unwrap();
            let email = format!("{person}@mail.example");
            let judged = ImportAccess::of_operator(&mut reader.conn(), admin.clinic(), &email).await;
            assert_eq!(judged.ok().map(|access| access.lead()), leads.then_some(person));
        }
    }

    // Seen failing with the sessions left open.
    async fn who_is_shut_out_and_comes_back_signs_in_anew(db: Db) {
        let (admin, people) = clinic_of(&db, &[("Nora", "ADMIN"), ("Pia", "PHYSIO")]).await;
        let sign_in = SignIn {
            session: System.new_id().into(),
            person: people[1],
            clinic: admin.clinic(),
            second_factor: false,
            expires_at: System.now() + TimeDelta::hours(1),
        };
        let opened = db.write(move |mut tx| Box::pin(async move {
            session::open(&mut tx, &sign_in, [7; 32].as_slice(), System.now()).await
        }));
        assert!(opened.await.unwrap());
        let live = async || {
            let (id, person, clinic) = (sign_in.session, sign_in.person, sign_in.clinic);
            let mut reader = db.read().await.unwrap();
            let roles = session::live_roles(&mut reader.conn(), id, person, clinic, System.now()).await;
            roles.unwrap().is_some()
        };
        assert!(live().await);
        changed(&db, &admin, people[1], 1, shut_out()).await.unwrap();
        let back = Change { active: Some(true), roles: None };
        changed(&db, &admin, people[1], 2, back).await.unwrap();
        assert!(!live().await);
    }

    // Seen failing with the roles checked whatever is changed.
    async fn nothing_about_roles_keeps_somebody_from_being_shut_out(db: Db) {
        let (admin, people) = clinic_of(&db, &[("Nora", "ADMIN"), ("Pia", "PHYSIO,ATHLETE")]).await;
        let after = changed(&db, &admin, people[1], 1, shut_out()).await.unwrap();
        assert!(!after.active);
    }
}
