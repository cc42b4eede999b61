//! What an athlete lets their supporters see.

use chrono::{DateTime, TimeDelta, Utc};
use rung_progression::{AthleteId, ClinicId, PersonId};
use rung_proto::v1;
use tonic::Request;
use uuid::Uuid;

use super::Athletes;
use crate::{
    access::{Part, Parts, Role, Session},
    error::Result,
    rpc::{field::Fields, once::once, time::timestamp},
    storage::{
        Conn,
        consent::{self, Consent, Grant},
        identity::membership,
    },
};

/// How far ahead a consent may reach: who wants more says it again.
const LONGEST: TimeDelta = TimeDelta::days(3653);

impl Athletes {
    pub(super) async fn grant(
        &self,
        request: Request<v1::GrantConsentRequest>,
    ) -> Result<v1::GrantConsentResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let now = session.now();
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let supporter: Option<PersonId> = f.id("supporter_id", &request.supporter_id);
        let parts = parts(&mut f, &request.parts);
        let purpose = f.text("purpose", &request.purpose, 1..=200);
        let from = match &request.valid_from {
            Some(_) => f.instant("valid_from", request.valid_from.as_ref()),
            None => Some(now),
        };
        let until = until(&mut f, request.valid_until.as_ref(), from, now);
        let whole = request_id.zip(athlete).zip(supporter).zip(parts);
        let whole = whole.zip(purpose).zip(from).zip(until);
        let ((((((request_id, athlete), supporter), parts), purpose), valid_from), valid_until) =
            f.finish(whole)?;
        session.concerns(supporter.uuid());
        let access = session.athlete_or_self(athlete, "athlete_id").await?;
        // What has not begun when it is granted was not in force before.
        let grant = Grant {
            parts,
            purpose,
            valid_from: valid_from.max(now),
            valid_until,
        };
        let id: Uuid = session.new_id();
        once(&session, request_id, &request, move |tx| {
            let (access, grant) = (access.clone(), grant.clone());
            Box::pin(async move {
                let recorded =
                    consent::record(tx, &access, supporter, id, Some(&grant), now).await?;
                let told = told(tx, access.clinic(), &[recorded], now).await?;
                Ok(v1::GrantConsentResponse {
                    consent: told.into_iter().next(),
                })
            })
        })
        .await
    }

    pub(super) async fn withdraw(
        &self,
        request: Request<v1::WithdrawConsentRequest>,
    ) -> Result<v1::WithdrawConsentResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let now = session.now();
        let mut f = Fields::new();
        let request_id = f.uuid("request_id", &request.request_id);
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let supporter: Option<PersonId> = f.id("supporter_id", &request.supporter_id);
        let ((request_id, athlete), supporter) =
            f.finish(request_id.zip(athlete).zip(supporter))?;
        session.concerns(supporter.uuid());
        let access = session.athlete_or_self(athlete, "athlete_id").await?;
        let id: Uuid = session.new_id();
        once(&session, request_id, &request, move |tx| {
            let access = access.clone();
            Box::pin(async move {
                let recorded = consent::record(tx, &access, supporter, id, None, now).await?;
                let told = told(tx, access.clinic(), &[recorded], now).await?;
                Ok(v1::WithdrawConsentResponse {
                    consent: told.into_iter().next(),
                })
            })
        })
        .await
    }

    pub(super) async fn consents(
        &self,
        request: Request<v1::ListConsentsRequest>,
    ) -> Result<v1::ListConsentsResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let size = f.page_size(request.page_size);
        let Some(athlete) = athlete else {
            return f.finish(None);
        };
        let caller = session.caller();
        // A supporter who is treated here too is asked which of the two they mean by naming their own record.
        let as_supporter = athlete.is_none() && caller.roles.contains(Role::Supporter);
        let query = format!(
            "ListConsents/{}/{}/{as_supporter}/{athlete:?}",
            caller.clinic, caller.person
        );
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, before): (i64, Option<Uuid>) = f.page(size, token)?;
        let mut rows = if as_supporter {
            let access = session.supporter()?;
            let mut reader = session.read().await?;
            let mut given =
                consent::list_given(&mut reader.conn(), &access, before, limit + 1).await?;
            // What is over opens no name either.
            let (now, subject) = (session.now(), session.subject());
            for row in &mut given {
                if row.in_force(now) {
                    subject.is(row.athlete_id);
                } else {
                    row.display_name.clear();
                }
            }
            given
        } else {
            let access = session.athlete_or_self(athlete, "athlete_id").await?;
            let mut reader = session.read().await?;
            consent::list(&mut reader.conn(), &access, before, limit + 1).await?
        };
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, |row| row.id)?;
        let (clinic, now) = (caller.clinic, session.now());
        let mut reader = session.read().await?;
        Ok(v1::ListConsentsResponse {
            consents: told(&mut reader.conn(), clinic, &rows, now).await?,
            next_page_token,
        })
    }
}

/// What is to be opened: something, and free text only of something.
pub(super) fn parts(f: &mut Fields, values: &[i32]) -> Option<Parts> {
    let Some(parts) = Parts::from_proto(f.at_most("parts", values, 20)) else {
        f.fault("parts", "holds a value that is no known part");
        return None;
    };
    if values.is_empty() {
        f.fault("parts", "is missing");
        return None;
    }
    if parts == Parts::from_iter([Part::Notes]) {
        f.fault("parts", "holds notes alone; they belong to another part");
        return None;
    }
    Some(parts)
}

/// When it ends, if ever: later than it begins, and not beyond what anybody can mean.
#[expect(
    clippy::option_option,
    reason = "a fault noted, or a value that may be missing"
)]
pub(super) fn until(
    f: &mut Fields,
    value: Option<&prost_types::Timestamp>,
    from: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<Option<DateTime<Utc>>> {
    if from.is_some_and(|from| from > now + LONGEST) {
        f.fault("valid_from", "lies more than 10 years ahead");
    }
    if value.is_none() {
        return Some(None);
    }
    let until = f.instant("valid_until", value)?;
    if until <= from.unwrap_or(now).max(now) {
        f.fault(
            "valid_until",
            "must come after the beginning, and after now",
        );
        return None;
    }
    if until > now + LONGEST {
        f.fault("valid_until", "lies more than 10 years ahead");
        return None;
    }
    Some(Some(until))
}

/// Consents with the names of the people in them.
async fn told(
    conn: &mut Conn<'_>,
    clinic: ClinicId,
    rows: &[Consent],
    now: DateTime<Utc>,
) -> Result<Vec<v1::Consent>> {
    let names = membership::names(conn, clinic, rows.iter().map(|row| row.supporter_id)).await?;
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let parts: Parts = row.parts.parse()?;
        told.push(v1::Consent {
            athlete_id: row.athlete_id.to_string(),
            athlete_display_name: row.display_name.clone(),
            supporter_id: row.supporter_id.to_string(),
            supporter_display_name: names.get(&row.supporter_id).cloned().unwrap_or_default(),
            version: i32::try_from(row.version).unwrap_or(i32::MAX),
            parts: parts.to_proto(),
            purpose: row.purpose.clone(),
            valid_from: Some(timestamp(row.valid_from)),
            valid_until: row.valid_until.map(timestamp),
            withdrawn: row.is_withdrawn(),
            recorded_at: Some(timestamp(row.recorded_at)),
            in_force: row.in_force(now),
        });
    }
    Ok(told)
}
