//! What is done beside the plan: it rests the athlete, and a run much longer than usual asks the physiotherapist.

use rung_tests::{Clinic, Result, data};
use serde_json::Value;

use crate::{
    on_both_databases,
    prescription::{athlete, outcomes, publish, reasons, unplanned},
};

on_both_databases!(an_unplanned_run_that_spikes_rests_and_asks);

/// The first date of the next session; nothing if it can be today.
fn not_before(today: &Value) -> String {
    let date = &today["tracks"][0]["not_before"]["date"];
    if date.is_null() {
        return String::new();
    }
    format!("{}-{}-{}", date["year"], date["month"], date["day"])
}

/// Seen failing with the distance left out of the event, and with OTHER stored as RUN.
fn an_unplanned_run_that_spikes_rests_and_asks(clinic: &mut Clinic) -> Result<()> {
    publish(clinic)?;
    let nils = athlete(clinic, "Nils Berg", "2015-08-01")?;
    let run = |at: &str, distance: &str, more: &[&str]| {
        let more = [&["--distance-m", distance], more].concat();
        nils.checks_in(&unplanned(at, "run", &more))
    };
    // Three dates with a distance make a comparison; a run without complaint needs no decision, and earns rest.
    for day in ["02", "04", "06"] {
        let answer = run(&format!("2015-08-{day}T07:00:00Z"), "3000", &[])?;
        assert_eq!(outcomes(&answer), [""; 0], "{day}");
        assert_eq!(answer["check_in"]["unplanned"]["activity"], "ACTIVITY_RUN");
    }
    assert_eq!(not_before(&nils.today("2015-08-07")?), "2015-8-8");
    // On the limit, and beyond it: one rest day more than it earns.
    assert_eq!(reasons(&run("2015-08-08T07:00:00Z", "3300", &[])?), [""; 0]);
    let answer = run("2015-08-10T07:00:00Z", "3631", &[])?;
    assert_eq!(
        (outcomes(&answer), reasons(&answer)),
        (vec!["HOLD"], vec!["SPIKE"])
    );
    assert_eq!(answer["decisions"][0]["ask"], "ASK_REVIEW");
    assert_eq!(not_before(&nils.today("2015-08-11")?), "2015-8-13");

    // The watch knows how far it was.
    let file = data("activities/fenix2-run.fit").display().to_string();
    let mut args = unplanned("", "run", &["--activity", &file, "--felt", "warm"]);
    args.retain(|arg| !["--at", ""].contains(arg));
    let answer = nils.checks_in(&args)?;
    assert_eq!(answer["check_in"]["performed_at"], "2015-08-15T14:45:08Z");
    assert_eq!(
        answer["check_in"]["unplanned"]["measurement"]["distance_m"],
        9008
    );
    assert_eq!(reasons(&answer), ["SPIKE"]);

    // Amber rests longer; red of whatever it was holds, and asks.
    let answer = run("2015-08-20T07:00:00Z", "1000", &["--pain-during", "4"])?;
    assert_eq!(
        (outcomes(&answer), reasons(&answer)),
        (vec!["REPEAT"], vec!["PAIN_AMBER"])
    );
    let red = unplanned("2015-08-22T07:00:00Z", "other", &["--pain-after", "7"]);
    let answer = nils.checks_in(&red)?;
    assert_eq!(
        (outcomes(&answer), reasons(&answer)),
        (vec!["HOLD"], vec!["UNPLANNED_RED"])
    );
    let far = ["--distance-m", "20000"];
    let swim = unplanned("2015-08-23T07:00:00Z", "other", &far);
    assert_eq!(reasons(&nils.checks_in(&swim)?), [""; 0], "no run");

    let listed = nils.member.rung.json(&["checkin", "list"])?;
    let kinds = listed.as_array().into_iter().flatten();
    assert_eq!(kinds.filter(|c| c["unplanned"].is_object()).count(), 9);
    Ok(())
}
