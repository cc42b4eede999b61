//! What an athlete reports.

use super::{Story, confidence, pain, score, sleep};
use crate::event::{
    Activity, Correction, Event, EventBody, MorningReport, Report, SessionReport, Swelling,
    UnplannedReport, WellnessReport,
};
use crate::red_flag::RedFlag;
use crate::scale::{PainScore, RungIndex, StiffnessMinutes};

/// A morning after which all is well.
pub(crate) fn morning() -> MorningReport {
    MorningReport {
        pain: PainScore::MIN,
        stiffness: Some(StiffnessMinutes::MIN),
        swelling: Swelling::None,
        red_flags: Vec::new(),
    }
}

/// An effort beside the plan that the body took well.
pub(crate) fn effort(activity: Activity) -> UnplannedReport {
    UnplannedReport {
        activity,
        pain_before: Some(PainScore::MIN),
        pain_during: PainScore::MIN,
        pain_after: PainScore::MIN,
        altered_gait: false,
        swelling: Swelling::None,
        red_flags: Vec::new(),
        distance: None,
    }
}

/// A day that could not be better.
pub(crate) fn wellness() -> WellnessReport {
    WellnessReport {
        ill: false,
        red_flags: Vec::new(),
        sleep: Some(sleep(480)),
        energy: Some(score(5)),
        calm: Some(score(5)),
        mood: Some(score(5)),
        freshness: Some(score(5)),
        fuelling: Some(score(5)),
    }
}

impl Story {
    /// The best session on a track's current rung.
    pub(crate) fn report(&self, track: usize) -> SessionReport {
        self.report_on(track, self.state.tracks[track].rung)
    }

    /// The best session on a rung of a track.
    pub(crate) fn report_on(&self, track: usize, rung: RungIndex) -> SessionReport {
        let track = &self.plan.tracks[track];
        SessionReport {
            track: track.id,
            rung,
            pain_before: Some(PainScore::MIN),
            pain_during: PainScore::MIN,
            pain_after: PainScore::MIN,
            altered_gait: false,
            swelling: Swelling::None,
            red_flags: Vec::new(),
            dose_done: track.rung(rung).expect("a rung").dose,
            confidence: Some(confidence(9)),
            fear: None,
            feared_outcome: None,
            context: None,
            distance: None,
            earlier: None,
        }
    }

    pub(crate) fn session_on(
        &mut self,
        track: usize,
        day: i64,
        edit: impl FnOnce(&mut SessionReport),
    ) -> &mut Self {
        // Time may lower the rung before the session is judged.
        let mut settled = self.clone();
        settled.event(day, 10, EventBody::Tick);
        let mut report = settled.report(track);
        edit(&mut report);
        self.event(day, 10, EventBody::Session(report))
    }

    pub(crate) fn session(&mut self, day: i64, edit: impl FnOnce(&mut SessionReport)) -> &mut Self {
        self.session_on(0, day, edit)
    }

    /// A session with this pain during.
    pub(crate) fn pain(&mut self, day: i64, value: u32) -> &mut Self {
        self.session(day, |report| report.pain_during = pain(value))
    }

    pub(crate) fn green(&mut self, day: i64) -> &mut Self {
        self.pain(day, 0)
    }

    pub(crate) fn amber(&mut self, day: i64) -> &mut Self {
        self.pain(day, 4)
    }

    pub(crate) fn red(&mut self, day: i64) -> &mut Self {
        self.pain(day, 5)
    }

    pub(crate) fn morning_with(
        &mut self,
        day: i64,
        edit: impl FnOnce(&mut MorningReport),
    ) -> &mut Self {
        let mut report = morning();
        edit(&mut report);
        self.event(day, 7, EventBody::Morning(report))
    }

    pub(crate) fn morning(&mut self, day: i64, value: u32) -> &mut Self {
        self.morning_with(day, |report| report.pain = pain(value))
    }

    /// A GREEN session and its GREEN morning.
    pub(crate) fn counted(&mut self, day: i64) -> &mut Self {
        self.green(day).morning(day + 1, 0)
    }

    pub(crate) fn flag(&mut self, day: i64, flag: RedFlag) -> &mut Self {
        self.morning_with(day, |report| report.red_flags = vec![flag])
    }

    pub(crate) fn wellness_with(
        &mut self,
        day: i64,
        edit: impl FnOnce(&mut WellnessReport),
    ) -> &mut Self {
        let mut report = wellness();
        edit(&mut report);
        self.event(day, 8, EventBody::Wellness(report))
    }

    pub(crate) fn well(&mut self, day: i64) -> &mut Self {
        self.wellness_with(day, |_| {})
    }

    pub(crate) fn ill(&mut self, day: i64) -> &mut Self {
        self.wellness_with(day, |report| report.ill = true)
    }

    /// A day that is low by a night that was too short.
    pub(crate) fn short_night(&mut self, day: i64) -> &mut Self {
        self.wellness_with(day, |report| report.sleep = Some(sleep(300)))
    }

    pub(crate) fn unplanned(
        &mut self,
        day: i64,
        activity: Activity,
        edit: impl FnOnce(&mut UnplannedReport),
    ) -> &mut Self {
        let mut report = effort(activity);
        edit(&mut report);
        self.event(day, 18, EventBody::Unplanned(report))
    }

    /// Corrects the latest check-in of a day; what it says now is what was said last,
    /// changed by `edit`.
    pub(crate) fn correct(&mut self, day: i64, edit: impl FnOnce(&mut Report)) -> &mut Self {
        let told = self.events.iter().rev().find(|event| {
            event.date == super::date(day) && event.is_check_in() && report_of(event).is_some()
        });
        let told = told.expect("a check-in of that day").clone();
        let was = report_of(&told).expect("a check-in");
        let mut now = was.clone();
        edit(&mut now);
        let correction = Correction {
            corrects: told.id,
            was,
            now,
        };
        self.event_dated(
            told.date,
            told.at,
            EventBody::Correction(Box::new(correction)),
        )
    }

    /// Corrects the pain during the latest session of a day, or of its latest morning.
    pub(crate) fn correct_pain(&mut self, day: i64, value: u32) -> &mut Self {
        self.correct(day, |report| match report {
            Report::Session(report) => report.pain_during = pain(value),
            Report::Unplanned(report) => report.pain_during = pain(value),
            Report::Morning(report) => report.pain = pain(value),
            Report::Wellness(_) => panic!("says nothing of pain"),
        })
    }
}

/// What a check-in says, a correction included.
pub(crate) fn report_of(event: &Event) -> Option<Report> {
    match event.body.clone() {
        EventBody::Session(report) => Some(Report::Session(report)),
        EventBody::Unplanned(report) => Some(Report::Unplanned(report)),
        EventBody::Morning(report) => Some(Report::Morning(report)),
        EventBody::Wellness(report) => Some(Report::Wellness(report)),
        EventBody::Correction(correction) => Some(correction.now),
        _ => None,
    }
}
