//! A decision in words.

use chrono_tz::Tz;
use rung_progression::{
    Decision, DecisionId, PlanDefinition, ReasonCode, TissueProfile,
    explain::{EvidenceRow, Language, Mark, Reader, Source, Voice, rows_on},
};
use rung_proto::v1;
use tonic::Request;

use super::Plans;
use crate::{
    access::{Relation, Session},
    error::{Error, Result},
    rpc::{decision, field::Fields},
    storage::{athlete, decision as stored, plan::revision},
};

/// The most characters of the wishes for a language.
const LANGUAGES: usize = 200;

impl Plans {
    pub(super) async fn explain(
        &self,
        request: Request<v1::ExplainDecisionRequest>,
    ) -> Result<v1::ExplainDecisionResponse> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let id: Option<DecisionId> = f.id("decision_id", &request.decision_id);
        let reader = match request.reader {
            0 => Some(None),
            n => f.choice("reader", n).map(Some),
        };
        let language = f.text("language", &request.language, 0..=LANGUAGES);
        let asked = id.zip(reader).zip(language);
        let ((id, reader), language) = f.finish(asked)?;

        let access = session.decision(id).await?;
        let mut conn = session.read().await?;
        let found = stored::get(&mut conn.conn(), &access).await?;
        // As it was prescribed then: a track may have gone since.
        let revision = found.record.decision.plan_revision;
        let then = revision::find(&mut conn.conn(), access.plan(), revision).await?;
        let then = then.ok_or(Error::NotFound("plan revision"))?;
        let definition = then.definition;

        let own = access.plan().athlete().relation() == Relation::Own;
        let reader = reader_in(reader, own);
        let tracks = decision::names(&definition);
        let voice = Voice::new(reader, Language::negotiate(&language)).naming(&tracks);
        let zone = athlete::get(&mut conn.conn(), access.plan().athlete())
            .await?
            .zone()?;
        let profile = profile(&definition, &found.record.decision);
        Ok(v1::ExplainDecisionResponse {
            decision: Some(decision::stored(
                &decision::ATHLETE,
                access.plan().plan(),
                &found,
            )),
            reader: reader_out(reader).into(),
            language: voice.language().tag().to_owned(),
            headline: voice.headline(&found.record.decision),
            notes: notes(&voice, &found.record.decision, zone),
            reasons: found
                .record
                .decision
                .reasons
                .iter()
                .map(|reason| v1::ExplainedReason {
                    code: decision::code(reason.code).into(),
                    text: voice.sentence(reason),
                    rows: match reader {
                        Reader::Athlete => vec![],
                        Reader::Physio => evidence(reason.code, profile),
                    },
                })
                .collect(),
        })
    }
}

fn notes(voice: &Voice<'_>, decision: &Decision, zone: Tz) -> Vec<String> {
    let next = decision.not_before.map(|bar| {
        let local = bar.at.with_timezone(&zone).naive_local();
        voice.next_session(bar, local)
    });
    next.into_iter()
        .chain(decision.ask.map(|ask| voice.asked(ask)))
        .collect()
}

fn reader_in(wanted: Option<v1::Reader>, own: bool) -> Reader {
    use v1::Reader::{Athlete, Physio, Unspecified};
    match (wanted, own) {
        (Some(Athlete), _) | (Some(Unspecified) | None, true) => Reader::Athlete,
        (Some(Physio), _) | (Some(Unspecified) | None, false) => Reader::Physio,
    }
}

fn reader_out(reader: Reader) -> v1::Reader {
    match reader {
        Reader::Athlete => v1::Reader::Athlete,
        Reader::Physio => v1::Reader::Physio,
    }
}

/// The tissue of the track that was decided on.
fn profile(plan: &PlanDefinition, decision: &Decision) -> Option<TissueProfile> {
    let (_, track) = plan.track(decision.track?)?;
    Some(track.ladder.profile)
}

fn evidence(code: ReasonCode, profile: Option<TissueProfile>) -> Vec<v1::EvidenceRow> {
    rows_on(code, profile).into_iter().map(row).collect()
}

fn row(row: EvidenceRow) -> v1::EvidenceRow {
    v1::EvidenceRow {
        code: row.code().to_owned(),
        title: Voice::title(row),
        claim: Voice::claim(row),
        sources: row.sources().iter().copied().map(source).collect(),
    }
}

fn source(source: Source) -> v1::EvidenceSource {
    let mark = match source.kind() {
        Mark::Found => v1::EvidenceMark::Found,
        Mark::Secondary => v1::EvidenceMark::Secondary,
        Mark::Known => v1::EvidenceMark::Known,
        Mark::Proposal => v1::EvidenceMark::Proposal,
    };
    v1::EvidenceSource {
        mark: mark.into(),
        label: source.mark(),
        citation: Voice::citation(source),
    }
}

#[cfg(test)]
#[path = "explain_test.rs"]
mod tests;
