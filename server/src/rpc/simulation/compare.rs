//! Stored histories over another policy or ladder.

use std::sync::Arc;

use rung_progression::{
    AthleteId, Judged, Ladder, LadderId, PlanDefinition, PlanId, PolicyEdits,
    simulation::{Comparison, Contest},
};
use rung_proto::v1;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Status};

use super::Simulations;
use crate::{
    access::{Answers, CareAccess, Session},
    error::{Error, Result},
    rpc::{decision, field::Fields, ladder, policy},
    storage::{
        athlete,
        plan::{self, revision},
    },
};

/// Athletes and events read at once, and answers that may wait for the reader.
const CHUNK: i64 = 200;
const BUFFER: usize = 16;

type Lines = mpsc::Sender<Result<v1::ComparePoliciesResponse, Status>>;

/// What is changed in every plan.
struct Change {
    edits: PolicyEdits,
    ladder: Option<(String, LadderId, Ladder)>,
}

impl Simulations {
    pub(super) async fn compare(
        &self,
        request: Request<v1::ComparePoliciesRequest>,
    ) -> Result<Answers<v1::ComparePoliciesResponse>> {
        let (session, request) = Session::open(&self.0, request)?;
        let mut f = Fields::new();
        let athlete: Option<Option<AthleteId>> = f.optional_id("athlete_id", &request.athlete_id);
        let edits = f.part("policy", |f| policy::edits(f, request.policy.as_ref()));
        let swap = match &request.ladder {
            None => Some(None),
            Some(swap) => f
                .part("ladder", |f| f.id("ladder_id", &swap.ladder_id))
                .map(Some),
        };
        let read = athlete.zip(edits).zip(swap);
        let ((athlete, edits), swap) = f.finish(read)?;
        // Who may see the histories is asked first: of a ladder only those are told.
        let care = session.care()?;
        if let Some(athlete) = athlete {
            session.athlete(athlete).await?;
        }
        let ladder = match swap {
            None => None,
            Some(id) => {
                let clinic = session.clinic()?;
                let found = ladder::published_in_clinic(&session, &clinic, id, "ladder.ladder_id");
                let ladder = found.await?;
                let asked = request.ladder.map(|swap| swap.key).unwrap_or_default();
                let key = if asked.is_empty() {
                    ladder.key.clone()
                } else {
                    asked
                };
                Some((key, id, ladder))
            }
        };
        let change = Arc::new(Change { edits, ladder });
        let asked = match athlete {
            Some(athlete) => vec![athlete],
            None => caseload(&session, &care).await?,
        };
        let (lines, stream) = mpsc::channel(BUFFER);
        let answers = session.stream(ReceiverStream::new(stream), move |session| {
            Box::pin(async move {
                match athlete {
                    Some(athlete) => session.athlete(athlete).await.map(drop),
                    None => session.care().map(drop),
                }
            })
        })?;
        tokio::spawn(async move {
            let told = tell(&session, &asked, &change, &lines).await;
            // A reader that has gone away is no fault of anybody's, and nobody is left to tell.
            if let Err(e) = told
                && !lines.is_closed()
            {
                let _gone = lines.send(Err(e.into())).await;
            }
        });
        Ok(answers)
    }
}

/// Everybody in care, each of them noted as looked at: the audit has their rows before the first answer leaves.
async fn caseload(session: &Session, care: &CareAccess) -> Result<Vec<AthleteId>> {
    let (mut all, mut after) = (vec![], None);
    loop {
        let mut reader = session.read().await?;
        let rows = athlete::list_in_care(&mut reader.conn(), care, after, CHUNK).await?;
        for row in &rows {
            session.athlete_on(&mut reader.conn(), row.id).await?;
            all.push(row.id);
        }
        match rows.last() {
            Some(last) if rows.len() == usize::try_from(CHUNK).unwrap_or(usize::MAX) => {
                after = Some((last.display_name.clone(), last.id.uuid()));
            }
            _ => return Ok(all),
        }
    }
}

async fn tell(
    session: &Session,
    asked: &[AthleteId],
    change: &Arc<Change>,
    lines: &Lines,
) -> Result<()> {
    for athlete in asked {
        match one(session, *athlete, change, lines).await {
            // Whoever has left care or is erased meanwhile is left out.
            Err(Error::NotFound(_) | Error::NotInCare) if asked.len() > 1 => {}
            told => told?,
        }
    }
    Ok(())
}

/// One athlete's answer; none without a plan.
async fn one(
    session: &Session,
    athlete: AthleteId,
    change: &Arc<Change>,
    lines: &Lines,
) -> Result<()> {
    let mut reader = session.read().await?;
    let access = session.athlete_on(&mut reader.conn(), athlete).await?;
    let Some(current) = plan::current(&mut reader.conn(), &access).await? else {
        return Ok(());
    };
    drop(reader);
    let answer = v1::ComparePoliciesResponse {
        athlete_id: athlete.to_string(),
        plan_id: current.id.to_string(),
        ..v1::ComparePoliciesResponse::default()
    };
    let faults = change.faults(&current.definition);
    let answer = if faults.is_empty() {
        let (comparison, now) = contest(session, current.id, Arc::clone(change)).await?;
        compared(current.id, &now, &comparison, answer)
    } else {
        v1::ComparePoliciesResponse { faults, ..answer }
    };
    lines
        .send(Ok(answer))
        .await
        .map_err(|_| Error::internal("the reader of a comparison has gone away"))
}

/// Runs a plan's history from its first revision, page by page: what is held does not grow with it. The rules run where
/// they keep nobody else waiting.
async fn contest(
    session: &Session,
    id: PlanId,
    change: Arc<Change>,
) -> Result<(Comparison, PlanDefinition)> {
    let mut reader = session.read().await?;
    let access = session.plan_on(&mut reader.conn(), id).await?;
    let first = revision::find(&mut reader.conn(), &access, 1)
        .await?
        .ok_or(Error::NotFound("plan revision"))?
        .definition;
    drop(reader);
    let mut contest = Contest::new(first, move |plan: &PlanDefinition| change.of(plan));
    let mut after = 0;
    loop {
        let mut reader = session.read().await?;
        let events = plan::events(&mut reader.conn(), &access, after, CHUNK).await?;
        drop(reader);
        let Some(last) = events.last() else { break };
        after = i64::try_from(last.event.seq).map_err(Error::internal)?;
        let ran = tokio::task::spawn_blocking(move || {
            for stored in &events {
                contest.next(&stored.event);
            }
            contest
        });
        contest = ran.await.map_err(Error::internal)?;
    }
    let now = contest.plan().clone();
    Ok((contest.finish(), now))
}

impl Change {
    /// The plan with the other policy or ladder.
    fn of(&self, plan: &PlanDefinition) -> PlanDefinition {
        let mut plan = plan.clone();
        for track in &mut plan.tracks {
            if let Some((key, id, ladder)) = &self.ladder
                && track.ladder.key == *key
            {
                track.policy = ladder.resolved_policy();
                track.ladder_id = *id;
                track.ladder.clone_from(ladder);
                track.start_rung = track.start_rung.min(track.ladder.top());
            }
            track.policy = track.policy.clone().with(&self.edits);
        }
        plan
    }

    /// Why the plan with the change would be none.
    fn faults(&self, plan: &PlanDefinition) -> Vec<String> {
        let changed = self.of(plan);
        let open = changed.entry_gaps();
        let faults = changed.validate().into_iter();
        let faults = faults.filter(|fault| !open.contains(fault));
        // What was wrong before is not the change's fault.
        let known = plan.validate();
        let faults = faults.filter(|fault| !known.contains(fault));
        faults
            .map(|fault| format!("{}: {}", fault.path, fault.message))
            .collect()
    }
}

/// How far one of the two judges an event. Of the other policy's run it may be refused what was done in earnest.
fn judged(judged: Judged) -> i32 {
    i32::from(match judged {
        Judged::Fully => v1::Judgement::Full,
        Judged::RedFlagsOnly => v1::Judgement::RedFlagsOnly,
        Judged::Refused => v1::Judgement::Refused,
    })
}

fn compared(
    id: PlanId,
    plan: &PlanDefinition,
    c: &Comparison,
    answer: v1::ComparePoliciesResponse,
) -> v1::ComparePoliciesResponse {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let counts = |[pause, step_back, hold, repeat, advance]: [u64; 5]| v1::OutcomeCounts {
        pause: count(pause),
        step_back: count(step_back),
        hold: count(hold),
        repeat: count(repeat),
        advance: count(advance),
    };
    let tracks = decision::names(plan);
    let voice = decision::PHYSIO.naming(&tracks);
    let preview = |d: &rung_progression::Decision| decision::preview(&voice, id, d);
    let first = c.first.as_ref();
    let title = |track| {
        plan.track(track)
            .map(|(_, track)| track.ladder.title.clone())
    };
    v1::ComparePoliciesResponse {
        events: count(c.events),
        outcomes: Some(counts(c.ours)),
        other_outcomes: Some(counts(c.theirs)),
        differing: count(c.differing),
        first: first.and_then(|first| first.ours.as_ref()).map(preview),
        other_first: first.and_then(|first| first.theirs.as_ref()).map(preview),
        other_refused: count(c.refused),
        first_seq: first.map_or(0, |first| count(first.seq)),
        first_judgement: first.map_or(0, |first| judged(first.judged[0])),
        other_first_judgement: first.map_or(0, |first| judged(first.judged[1])),
        tracks: c
            .rungs
            .iter()
            .map(|(track, (rung, other))| v1::ComparedTrack {
                track_id: track.to_string(),
                ladder_title: title(*track).unwrap_or_default(),
                rung: rung.get().cast_signed(),
                other_rung: other.get().cast_signed(),
            })
            .collect(),
        ..answer
    }
}
