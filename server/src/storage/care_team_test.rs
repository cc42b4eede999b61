use super::*;
use crate::{
    access::AthleteAccountAccess,
    clock::{Ambient as _, System},
    storage::{
        Db,
        conformance::{
            fixture::{Practice, noon},
            storage_tests,
        },
    },
};

async fn change(
    db: &Db,
    access: &AthleteAccountAccess,
    act: &'static str,
    person: PersonId,
) -> Result<Vec<PersonId>> {
    let access = access.clone();
    let team = db.write_in(access.clinic(), move |mut tx| {
        let access = access.clone();
        Box::pin(async move {
            match act {
                "add" => add(&mut tx, &access, person, noon()).await,
                "lead" => transfer_lead(&mut tx, &access, person, noon()).await,
                _ => remove(&mut tx, &access, person).await,
            }
        })
    });
    let team = team.await?;
    assert_eq!(team.iter().filter(|m| m.lead).count(), 1, "one lead");
    assert!(team[0].lead, "the lead comes first");
    Ok(team.into_iter().map(|m| m.person_id).collect())
}

storage_tests! {
    // Seen failing with the lead let go, and with the former lead left in place.
    async fn a_team_has_one_lead_whatever_happens(db: Db) {
        let here = Practice::new();
        let record = here.athlete(&db, "Nora").await;
        let access = AthleteAccountAccess::for_test(here.clinic, record.athlete(), here.physio);
        let (second, third) = (PersonId::from(System.new_id()), PersonId::from(System.new_id()));
        let first = here.physio;
        assert_eq!(change(&db, &access, "add", second).await.unwrap().len(), 2);
        assert_eq!(change(&db, &access, "add", second).await.unwrap().len(), 2);
        let refused = change(&db, &access, "remove", first).await;
        assert!(matches!(refused, Err(Error::CareTeamLead)));
        assert_eq!(change(&db, &access, "lead", third).await.unwrap()[0], third);
        let left = change(&db, &access, "remove", first).await.unwrap();
        assert_eq!(left, [third, second]);
        let gone = change(&db, &access, "remove", first).await;
        assert!(matches!(gone, Err(Error::NotFound("care team member"))));
        // An athlete of another clinic is out of reach.
        let there = AthleteAccountAccess::for_test(Practice::new().clinic, record.athlete(), first);
        let nobody = change(&db, &there, "add", first).await;
        assert!(matches!(nobody, Err(Error::NotFound("athlete"))));
    }
}
