//! The caller and the door to storage: the only way from an RPC to data.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rung_progression::{AthleteId, DecisionId, PlanId};
use tonic::{Extensions, Request};
use uuid::Uuid;

use super::{
    AthleteAccess, AthleteAccountAccess, Caller, CareAccess, ClinicAccess, DecisionAccess,
    GlassAccess, PlanAccess, Rule, SupporterAccess,
    proof::{self, Ask},
    stream::Standing,
    trail::{Call, Trail},
};
use crate::{
    app::App,
    error::{Error, Result},
    mutant::off,
    storage::{Conn, Reader, audit, db::Work},
};

/// One call: who makes it, under which rule, and what it may reach.
#[derive(Clone)]
pub(crate) struct Session {
    pub(super) caller: Caller,
    pub(super) rule: Rule,
    pub(super) trail: Arc<Trail>,
    pub(super) app: Arc<App>,
    /// Put there by the layer; without it there are no streams.
    pub(super) standing: Option<Standing>,
}

impl Session {
    /// Opens the session of a request that has passed the access layer, and hands out its message.
    pub(crate) fn open<T>(app: &Arc<App>, request: Request<T>) -> Result<(Self, T)> {
        let (_, extensions, message) = request.into_parts();
        Ok((Self::of(app, &extensions)?, message))
    }

    fn of(app: &Arc<App>, extensions: &Extensions) -> Result<Self> {
        // A handler reached without the layer is a fault of ours and stays closed.
        let caller = extensions.get::<Caller>().ok_or(Error::TokenInvalid)?;
        let rule = extensions.get::<Rule>().ok_or(Error::NoRule)?;
        let trail = extensions.get::<Arc<Trail>>().ok_or(Error::NoRule)?;
        Ok(Self {
            caller: caller.clone(),
            rule: *rule,
            trail: Arc::clone(trail),
            app: Arc::clone(app),
            standing: extensions.get::<Standing>().cloned(),
        })
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(crate) fn app(&self) -> &Arc<App> {
        &self.app
    }

    /// The instant of this server.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.app.ambient.now()
    }

    /// A new id.
    pub(crate) fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(self.app.ambient.new_id())
    }

    /// A connection for reading in the caller's clinic.
    pub(crate) async fn read(&self) -> Result<Reader> {
        self.app.db.read_in(self.caller.clinic).await
    }

    /// Runs `work` in one transaction of the caller's clinic, perhaps more than once, and answers after the commit. The
    /// audit rows of what was let through stand in the same transaction.
    pub(crate) async fn write<T: Send + 'static>(&self, work: impl Work<T>) -> Result<T> {
        if !self.rule.writes() && !off("write-under-read") {
            return Err(Error::internal(
                "a method writes whose rule says that it reads",
            ));
        }
        let (work, trail) = (Arc::new(work), Arc::clone(&self.trail));
        let done = self
            .app
            .db
            .write_in(self.caller.clinic, move |mut tx| {
                let (work, trail) = (Arc::clone(&work), Arc::clone(&trail));
                Box::pin(async move {
                    let done = work(tx.again()).await?;
                    for event in trail.of_write() {
                        if off("audit-write") {
                            break;
                        }
                        audit::insert(&mut tx, &event).await?;
                    }
                    Ok(done)
                })
            })
            .await?;
        self.trail.wrote();
        Ok(done)
    }

    /// Where it is noted whom the call is about, for somebody who learns it in the transaction only.
    pub(crate) fn subject(&self) -> Subject {
        Subject(Arc::clone(&self.trail))
    }

    /// Says what else than an athlete the call is about, such as a member, a service account or an invitation: before
    /// anything is judged, so that a refusal tells of it too.
    pub(crate) fn concerns(&self, object: Uuid) {
        self.trail.concerns(object);
    }

    /// What the call is.
    pub(super) fn call(&self) -> &Call {
        self.trail.call()
    }

    fn ask(&self) -> Ask<'_> {
        Ask {
            caller: &self.caller,
            rule: self.rule,
            now: self.now(),
            trail: &self.trail,
        }
    }

    /// Proof that the caller may do this in their clinic.
    pub(crate) fn clinic(&self) -> Result<ClinicAccess> {
        proof::clinic(self.ask())
    }

    /// Proof that the caller may see the athletes in their own care.
    pub(crate) fn care(&self) -> Result<CareAccess> {
        proof::care(self.ask())
    }

    /// Proof that the caller may see what was granted to them as a supporter.
    pub(crate) fn supporter(&self) -> Result<SupporterAccess> {
        proof::supporter(self.ask())
    }

    /// Proof that the caller may decide who has to do with this athlete.
    pub(crate) async fn athlete_account(&self, id: AthleteId) -> Result<AthleteAccountAccess> {
        proof::athlete_account(&mut self.read().await?.conn(), self.ask(), id).await
    }

    /// Proof that the caller may break the glass before this athlete's record.
    /// The same `request_id` is the same breaking of glass.
    pub(crate) async fn athlete_glass(
        &self,
        id: AthleteId,
        request_id: Uuid,
    ) -> Result<GlassAccess> {
        let glass = Uuid::new_v5(&self.caller.person.uuid(), request_id.as_bytes()).into();
        proof::athlete_glass(&mut self.read().await?.conn(), self.ask(), id, glass).await
    }

    /// Proof that the caller may do this with the athlete's data.
    pub(crate) async fn athlete(&self, id: AthleteId) -> Result<AthleteAccess> {
        self.athlete_on(&mut self.read().await?.conn(), id).await
    }

    /// [`Session::athlete`] for somebody who holds a connection: asking for a second one while all are held by others
    /// who do the same would stop them all.
    pub(crate) async fn athlete_on(
        &self,
        conn: &mut Conn<'_>,
        id: AthleteId,
    ) -> Result<AthleteAccess> {
        proof::athlete(conn, self.ask(), id).await
    }

    /// [`Session::athlete`], of the caller's own record when none is named; `field` is where it would stand.
    pub(crate) async fn athlete_or_self(
        &self,
        id: Option<AthleteId>,
        field: &str,
    ) -> Result<AthleteAccess> {
        let id = id.or(self.caller.athlete).ok_or_else(|| {
            let message = "is missing: you have no athlete record of your own";
            Error::field(field, message)
        })?;
        self.athlete(id).await
    }

    /// Proof that the caller may do this with the plan.
    pub(crate) async fn plan(&self, id: PlanId) -> Result<PlanAccess> {
        self.plan_on(&mut self.read().await?.conn(), id).await
    }

    /// [`Session::plan`] for somebody who holds a connection.
    pub(crate) async fn plan_on(&self, conn: &mut Conn<'_>, id: PlanId) -> Result<PlanAccess> {
        proof::plan(conn, self.ask(), id).await
    }

    /// Proof that the caller may do this with the decision.
    pub(crate) async fn decision(&self, id: DecisionId) -> Result<DecisionAccess> {
        proof::decision(&mut self.read().await?.conn(), self.ask(), id).await
    }
}

/// Whom a call is about.
#[derive(Clone)]
pub(crate) struct Subject(Arc<Trail>);

impl Subject {
    /// Says that the call is about this athlete, of whom no proof could judge: one who is made, or a member's record.
    pub(crate) fn is(&self, athlete: AthleteId) {
        self.0.about(athlete);
    }

    /// [`Session::concerns`], for what comes to be in the transaction: a repeated call makes nothing new.
    pub(crate) fn concerns(&self, object: Uuid) {
        self.0.concerns(object);
    }

    /// The athlete whom the call was found to be about.
    pub(crate) fn athlete(&self) -> Option<AthleteId> {
        self.0.athlete()
    }
}
