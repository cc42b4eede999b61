#![expect(
    clippy::items_after_statements,
    reason = "a test reads from top to bottom"
)]
use chrono::{Datelike as _, Utc};
use rung_proto::v1;

use crate::{
    clock::{Ambient as _, System},
    rpc::front::{Front, Somebody, faults, fresh, reason},
    storage::{Db, conformance::storage_tests},
};

/// A clinic in which an athlete has reported pain after a session.
struct Scene {
    this: Front,
    pia: Somebody,
    bea: Somebody,
    nora: Somebody,
    decision: v1::Decision,
}

impl Scene {
    async fn open(db: Db) -> Self {
        let this = Front::open(db).await;
        let ada = this.admin("ada").await;
        let (pia, bea) = (
            this.physio(&ada, "pia").await,
            this.physio(&ada, "bea").await,
        );
        let athlete = this.athlete(&pia, "Nora").await;
        let request = v1::InviteMemberRequest {
            request_id: fresh(),
            email: "nora@harbour.example".to_owned(),
            roles: vec![v1::Role::Athlete.into()],
            athlete_id: athlete.clone(),
        };
        let invited = this.clinics().invite_member(pia.asks(request)).await;
        let nora = this.join(invited.unwrap().into_inner().code).await;
        let decision = hurt(&this, &pia, &athlete).await;
        Self {
            this,
            pia,
            bea,
            nora,
            decision,
        }
    }

    fn asked(&self, reader: v1::Reader, language: &str) -> v1::ExplainDecisionRequest {
        v1::ExplainDecisionRequest {
            decision_id: self.decision.id.clone(),
            reader: reader.into(),
            language: language.to_owned(),
        }
    }

    async fn told(
        &self,
        who: &Somebody,
        reader: v1::Reader,
        language: &str,
    ) -> v1::ExplainDecisionResponse {
        let request = self.asked(reader, language);
        let told = self.this.plans().explain_decision(who.asks(request)).await;
        told.unwrap().into_inner()
    }
}

/// Prescribes a plan, starts it and reports a session with too much pain; what was decided.
async fn hurt(this: &Front, physio: &Somebody, athlete: &str) -> v1::Decision {
    let library = &this.app.library;
    let (ladder, definition) = library.all().find(|(_, l)| l.key == "udel-knee").unwrap();
    let entry = definition.entry_criteria.iter();
    let entry = entry.map(|criterion| v1::EntryConfirmation {
        criterion: criterion.id.clone(),
        confirmed: true,
        reason: String::new(),
    });
    let request = v1::CreatePlanRequest {
        request_id: fresh(),
        athlete_id: athlete.to_owned(),
        definition: Some(v1::PlanDefinition {
            tracks: vec![v1::TrackPrescription {
                ladder_id: ladder.to_string(),
                start_rung: 1,
                entry: entry.collect(),
                ..v1::TrackPrescription::default()
            }],
            baseline: Some(v1::Baseline {
                pain: Some(0),
                stiffness: Some(0),
                over_limit_reason: String::new(),
            }),
            ..v1::PlanDefinition::default()
        }),
    };
    let made = this.plans().create_plan(physio.asks(request)).await;
    let plan = made.unwrap().into_inner().plan.unwrap();
    let now = System.now();
    let today = now.with_timezone(&Utc).date_naive();
    let request = v1::StartPlanRequest {
        request_id: fresh(),
        plan_id: plan.id.clone(),
        etag: plan.etag,
        effective_date: Some(v1::Date {
            year: today.year(),
            month: today.month().cast_signed(),
            day: today.day().cast_signed(),
        }),
    };
    this.plans().start_plan(physio.asks(request)).await.unwrap();
    let check_in = v1::CheckIn {
        id: fresh(),
        athlete_id: athlete.to_owned(),
        performed_at: Some(prost_types::Timestamp {
            seconds: now.timestamp(),
            nanos: 0,
        }),
        no_red_flags: true,
        report: Some(v1::check_in::Report::Session(v1::SessionReport {
            track_id: plan.tracks[0].track_id.clone(),
            rung: Some(1),
            pain_before: Some(0),
            pain_during: Some(7),
            pain_after: Some(1),
            altered_gait: Some(false),
            swelling: v1::Swelling::None.into(),
            dose_done: Some(definition.rungs[1].dose.get().into()),
            confidence: Some(9),
            ..v1::SessionReport::default()
        })),
        ..v1::CheckIn::default()
    };
    let request = v1::SubmitCheckInRequest {
        check_in: Some(check_in),
    };
    let told = this.check_ins().submit_check_in(physio.asks(request)).await;
    told.unwrap().into_inner().decisions.remove(0)
}

fn codes(reason: &v1::ExplainedReason) -> Vec<&str> {
    reason.rows.iter().map(|row| row.code.as_str()).collect()
}

storage_tests! {
    // Seen failing with the athlete's words taken for whoever does not say, and with the physio's for them.
    async fn each_is_told_in_their_own_words_unless_they_ask_for_the_others(db: Db) {
        let scene = Scene::open(db).await;
        let own = scene.told(&scene.nora, v1::Reader::Unspecified, "").await;
        assert_eq!((own.reader(), own.language.as_str()), (v1::Reader::Athlete, "en"));
        assert_eq!(own.headline, "Step back to rung 0");
        assert_eq!(own.reasons.len(), 1);
        assert_eq!(
            own.reasons[0].text,
            "Pain during was 7 (the limit is 2), so one step down to where it felt secure."
        );
        assert!(own.reasons[0].rows.is_empty(), "no evidence for athletes");
        let decision = own.decision.unwrap();
        assert_eq!(decision, scene.decision);
        assert_eq!((decision.headline, &decision.reasons[0].text), (own.headline, &own.reasons[0].text));

        let care = scene.told(&scene.pia, v1::Reader::Unspecified, "").await;
        assert_eq!((care.reader(), care.language.as_str()), (v1::Reader::Physio, "en"));
        assert_eq!(care.headline, "Step back, rung 1 → 0");
        assert!(care.reasons[0].text.starts_with("PAIN_RED → STEP_BACK."), "{}", care.reasons[0].text);
        assert_eq!(care.reasons[0].code(), v1::ReasonCode::PainRed);

        let asked = scene.told(&scene.nora, v1::Reader::Physio, "").await;
        assert_eq!((asked.headline, asked.reasons), (care.headline, care.reasons));
        let asked = scene.told(&scene.pia, v1::Reader::Athlete, "").await;
        assert_eq!(asked.reasons, own.reasons);
    }

    // Seen failing with the tissue of the track left out, and with the mark of a proposal taken for a finding.
    async fn a_physio_is_told_on_what_each_rule_rests(db: Db) {
        let scene = Scene::open(db).await;
        let told = scene.told(&scene.pia, v1::Reader::Physio, "").await;
        assert_eq!(codes(&told.reasons[0]), ["TRAFFIC_LIGHT", "POST_OP_KNEE"]);
        let tissue = &told.reasons[0].rows[1];
        assert_eq!(tissue.title, "Post-operative knee bands");
        let sources: Vec<_> = tissue.sources.iter().map(|s| (s.mark(), s.label.as_str())).collect();
        use v1::EvidenceMark::{Found, Proposal};
        assert_eq!(sources, [(Found, "F15"), (Found, "F4"), (Proposal, "P")]);
        assert!(told.reasons[0].rows.iter().all(|row| {
            !row.claim.is_empty() && row.sources.iter().all(|source| !source.citation.is_empty())
        }));
    }

    // Seen failing with the wishes handed on unread, and with German named where English was spoken.
    async fn the_language_is_the_best_there_is_and_is_said(db: Db) {
        let scene = Scene::open(db).await;
        let german = scene.told(&scene.nora, v1::Reader::Athlete, "fr, de-AT;q=0.8, en;q=0.2").await;
        assert_eq!(german.language, "de");
        assert_eq!(german.headline, "Geh zurück auf Stufe 0");
        assert!(german.reasons[0].text.starts_with("Der Schmerz dabei war 7"), "{}", german.reasons[0].text);
        assert_eq!(german.decision.unwrap().headline, "Step back to rung 0", "as it is listed");
        let physio = scene.told(&scene.pia, v1::Reader::Physio, "de").await;
        assert_eq!((physio.language.as_str(), physio.headline.as_str()), ("en", "Step back, rung 1 → 0"));
        let unknown = scene.told(&scene.nora, v1::Reader::Athlete, "tlh").await;
        assert_eq!(unknown.language, "en");
    }

    async fn what_does_not_read_is_told_at_once_and_strangers_are_told_nothing(db: Db) {
        let scene = Scene::open(db).await;
        let mut plans = scene.this.plans();
        let bad = v1::ExplainDecisionRequest {
            decision_id: "7".to_owned(),
            reader: 9,
            language: "d".repeat(201),
        };
        let refused = plans.explain_decision(scene.pia.asks(bad)).await;
        assert_eq!(faults(refused), ["decision_id", "language", "reader"]);
        let longest = scene.told(&scene.pia, v1::Reader::Physio, &"d".repeat(200)).await;
        assert_eq!(longest.language, "en");

        let asked = scene.asked(v1::Reader::Athlete, "");
        let refused = plans.explain_decision(scene.bea.asks(asked.clone())).await;
        assert_eq!(reason(refused), "NOT_IN_CARE");
        let missing = v1::ExplainDecisionRequest { decision_id: fresh(), ..asked };
        let refused = plans.explain_decision(scene.pia.asks(missing)).await;
        assert_eq!(reason(refused), "NOT_FOUND");
        // Who looked is in the audit, with whom it was about.
        let rows = scene.this.rows(&scene.pia, "PlanService/ExplainDecision").await;
        assert!(rows.iter().any(|row| row.athlete_id.is_some()));
    }
}
