//! What changes nothing: judging, comparing, reading, listing.

use rung_progression::{
    Ladder, LadderId,
    ladder::{
        diff::{self, Change},
        lint,
    },
};
use rung_proto::v1;
use tonic::Request;

use super::{Ladders, built_in, convert, reply};
use crate::{
    access::{ClinicAccess, Session},
    error::{Error, Result},
    rpc::field::Fields,
    storage::ladder,
};

impl Ladders {
    /// What a version says, the clinic's or the library's.
    pub(super) async fn find(
        &self,
        session: &Session,
        access: &ClinicAccess,
        id: LadderId,
    ) -> Result<Ladder> {
        if let Some(ladder) = self.0.library.get(id) {
            return Ok(ladder.clone());
        }
        let mut reader = session.read().await?;
        let stored = ladder::get(&mut reader.conn(), access, id).await?;
        Ok(stored.definition.0)
    }

    pub(super) fn lint(
        &self,
        request: Request<v1::LintLadderRequest>,
    ) -> Result<v1::LintLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        session.clinic()?;
        let mut f = Fields::new();
        let definition = f.required("definition", request.definition.as_ref());
        let read = definition.and_then(|d| convert::ladder(&mut f, d, 1));
        let finding =
            |severity: v1::LintSeverity, field: String, message: String| v1::LintFinding {
                severity: severity.into(),
                field,
                message,
            };
        let findings = match f.finish(read) {
            Ok(ladder) => lint::warnings(&ladder)
                .into_iter()
                .map(|w| finding(v1::LintSeverity::Warning, w.path, w.message))
                .collect(),
            Err(Error::InvalidFields(faults)) => faults
                .into_iter()
                .map(|v| finding(v1::LintSeverity::Error, v.field, v.message))
                .collect(),
            Err(other) => return Err(other),
        };
        Ok(v1::LintLadderResponse { findings })
    }

    pub(super) async fn diff(
        &self,
        request: Request<v1::DiffLadderVersionsRequest>,
    ) -> Result<v1::DiffLadderVersionsResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let from: Option<LadderId> = f.id("from_ladder_id", &request.from_ladder_id);
        let to: Option<LadderId> = f.id("to_ladder_id", &request.to_ladder_id);
        let (from, to) = f.finish(from.zip(to))?;
        let access = session.clinic()?;
        let from = self.find(&session, &access, from).await?;
        let to = self.find(&session, &access, to).await?;
        let changes = diff::changes(&from, &to).into_iter();
        let told = |change: Change| v1::LadderChange {
            field: change.field,
            before: change.before,
            after: change.after,
        };
        Ok(v1::DiffLadderVersionsResponse {
            changes: changes.map(told).collect(),
        })
    }

    pub(super) async fn get(
        &self,
        request: Request<v1::GetLadderRequest>,
    ) -> Result<v1::GetLadderResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let id: Option<LadderId> = f.id("ladder_id", &request.ladder_id);
        let id = f.finish(id)?;
        let access = session.clinic()?;
        let ladder = match self.0.library.get(id) {
            Some(ladder) => built_in(id, ladder),
            None => reply(&ladder::get(&mut session.read().await?.conn(), &access, id).await?),
        };
        Ok(v1::GetLadderResponse {
            ladder: Some(ladder),
        })
    }

    pub(super) async fn list(
        &self,
        request: Request<v1::ListLaddersRequest>,
    ) -> Result<v1::ListLaddersResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let size = f.page_size(request.page_size);
        let access = session.clinic()?;
        let archived = request.include_archived;
        let query = format!("ListLadders/{}/{archived}", access.clinic());
        let token = self.0.pages.open(&query, &request.page_token);
        let (limit, after): (i64, Option<(String, i64)>) = f.page(size, token)?;
        let mut rows: Vec<v1::Ladder> = self
            .0
            .library
            .all()
            .map(|(id, ladder)| built_in(id, ladder))
            .filter(|ladder| after.as_ref().is_none_or(|after| key(ladder) > *after))
            .collect();
        let mut reader = session.read().await?;
        let own = ladder::list(&mut reader.conn(), &access, archived, after, limit + 1).await?;
        rows.extend(own.iter().map(reply));
        rows.sort_by_key(key);
        let next_page_token = self.0.pages.cut(&query, &mut rows, limit, key)?;
        Ok(v1::ListLaddersResponse {
            ladders: rows,
            next_page_token,
        })
    }
}

/// What lists are ordered by.
fn key(ladder: &v1::Ladder) -> (String, i64) {
    let key = ladder.definition.as_ref().map(|d| d.key.clone());
    (key.unwrap_or_default(), i64::from(ladder.version))
}
