use chrono::TimeDelta;

use super::*;
use crate::{
    access::{Part, Relation},
    clock::{Ambient as _, System},
    storage::{
        Db,
        conformance::{
            fixture::{Practice, noon},
            storage_tests,
        },
        relation,
    },
};

fn grant(parts: &[Part], days: i64) -> Grant {
    Grant {
        parts: parts.iter().copied().collect(),
        purpose: "she drives me".to_owned(),
        valid_from: noon(),
        valid_until: Some(noon() + TimeDelta::days(days)),
    }
}

/// The record of an athlete with an account, through their own eyes.
async fn own_record(db: &Db, here: &Practice) -> AthleteAccess {
    let record = here.athlete(db, "Nora").await;
    let (clinic, athlete) = (here.clinic, record.athlete());
    let own = PersonId::from(System.new_id());
    db.write_in(clinic, move |mut tx| {
        Box::pin(async move { relation::join_athlete(&mut tx, clinic, athlete, own).await })
    })
    .await
    .unwrap();
    AthleteAccess::for_test(clinic, athlete, own, Relation::Own)
}

async fn begun(db: &Db, access: &AthleteAccess, supporter: PersonId, of: Grant) -> Result<()> {
    let (clinic, athlete, id) = (access.clinic(), access.athlete(), System.new_id());
    db.write_in(clinic, move |mut tx| {
        let promised = Begin {
            id,
            invited_at: noon() - TimeDelta::hours(1),
            grant: of.clone(),
        };
        Box::pin(async move { begin(&mut tx, clinic, athlete, supporter, &promised).await })
    })
    .await
}

async fn next(
    db: &Db,
    access: &AthleteAccess,
    supporter: PersonId,
    of: Option<Grant>,
) -> Result<Consent> {
    let (access, id) = (access.clone(), System.new_id());
    db.write_in(access.clinic(), move |mut tx| {
        let (access, of) = (access.clone(), of.clone());
        Box::pin(async move { record(&mut tx, &access, supporter, id, of.as_ref(), noon()).await })
    })
    .await
}

async fn opens(db: &Db, access: &AthleteAccess, supporter: PersonId) -> Parts {
    let mut reader = db.read_in(access.clinic()).await.unwrap();
    let (clinic, athlete) = (access.clinic(), access.athlete());
    relation::consent(&mut reader.conn(), clinic, athlete, supporter, noon())
        .await
        .unwrap()
}

storage_tests! {
    // Seen failing with the newest version not told apart from the others.
    async fn the_newest_version_counts_and_every_one_is_kept(db: Db) {
        let here = Practice::new();
        let access = own_record(&db, &here).await;
        let supporter = PersonId::from(System.new_id());
        let stranger = next(&db, &access, supporter, Some(grant(&[Part::CheckIns], 1))).await;
        assert!(matches!(stranger, Err(Error::NotFound("supporter"))));

        begun(&db, &access, supporter, grant(&[Part::CheckIns, Part::Notes], 1)).await.unwrap();
        assert!(opens(&db, &access, supporter).await.contains(Part::Notes));
        let narrowed = next(&db, &access, supporter, Some(grant(&[Part::CheckIns], 1))).await;
        assert_eq!(narrowed.unwrap().version, 2);
        assert!(!opens(&db, &access, supporter).await.contains(Part::Notes));
        let withdrawn = next(&db, &access, supporter, None).await.unwrap();
        assert!(withdrawn.is_withdrawn() && !withdrawn.in_force(noon()));
        assert!(opens(&db, &access, supporter).await.is_empty());

        let mut reader = db.read_in(access.clinic()).await.unwrap();
        let all = list(&mut reader.conn(), &access, None, 10).await.unwrap();
        let versions: Vec<_> = all.iter().map(|c| (c.version, c.newest)).collect();
        assert_eq!(versions, [(3, true), (2, false), (1, false)]);
        let rest = list(&mut reader.conn(), &access, Some(all[0].id), 10).await.unwrap();
        assert_eq!(rest.len(), 2);
    }

    async fn versions_that_come_at_once_stand_one_behind_the_other(db: Db) {
        let here = Practice::new();
        let access = own_record(&db, &here).await;
        let supporter = PersonId::from(System.new_id());
        begun(&db, &access, supporter, grant(&[Part::CheckIns], 1)).await.unwrap();
        let all = (0..10).map(|_| next(&db, &access, supporter, None));
        let all = futures_util::future::try_join_all(all).await.unwrap();
        let mut versions: Vec<_> = all.into_iter().map(|c| c.version).collect();
        versions.sort_unstable();
        assert_eq!(versions, (2..12).collect::<Vec<_>>());
    }
}
