//! Nobody calls, and time goes by.

use std::{thread, time::Duration};

use rung_tests::{Backend, Clinic, Result, Rungd, Settings};
use serde_json::Value;

use crate::{
    hand::{plan, shown},
    on_both_databases,
    prescription::publish,
};

on_both_databases!(time_acts_by_itself);

/// Asks again until it holds, for half a minute at most.
fn within(holds: impl Fn() -> Result<bool>) -> Result<bool> {
    for _ in 0..60 {
        if holds()? {
            return Ok(true);
        }
        thread::sleep(Duration::from_millis(500));
    }
    Ok(false)
}

/// Seen failing with no sweeper.
fn time_acts_by_itself(quiet: &mut Clinic) -> Result<()> {
    let settings = Settings {
        more: vec!["--sweep-seconds".to_owned(), "1".to_owned()],
        ..Settings::default()
    };
    let backend = quiet.database().backend();
    let clinic = Clinic::open_with(backend, settings.clone(), &[])?;
    // Another server on the same database, where there can be one.
    let other = match backend {
        Backend::Sqlite => None,
        Backend::Postgres => Some(Rungd::start(clinic.database(), &settings)?),
    };
    publish(&clinic)?;
    let nils = plan(&clinic, 60)?;
    // Nobody has reported anything for 60 days: only a physiotherapist can say how it goes on.
    let stopped = within(|| Ok(shown(&clinic, &nils)?["state"] == "PLAN_STATE_PAUSED"))?;
    assert!(stopped, "time did not act:\n{}", clinic.log());
    assert_eq!(shown(&clinic, &nils)?["pause_cause"], "NEEDS_CLEARANCE");
    let decided = clinic.physio.json(&["decisions", &nils.plan])?;
    let asked: Vec<&Value> = decided
        .as_array()
        .into_iter()
        .flatten()
        .filter(|decision| decision["ask"] == "ASK_REVIEW")
        .collect();
    assert_eq!(
        asked.len(),
        1,
        "once, however many servers there are: {decided:#}"
    );
    assert_eq!(asked[0]["automatic"], true);
    let caseload = clinic.physio.json(&["caseload"])?;
    assert!(
        caseload.to_string().contains("NEEDS_CLEARANCE"),
        "{caseload:#}"
    );
    let seen = nils.member.rung.json(&["access-log"])?;
    assert!(
        seen.to_string().contains("rungd/Tick"),
        "the athlete is told who did it: {seen:#}"
    );
    drop(other);
    Ok(())
}
