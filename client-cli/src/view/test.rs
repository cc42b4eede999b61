//! Golden files of every screen: for people at 80 and 130 columns, for a pipe, for programs.

mod sample;

use std::collections::BTreeMap;

use rung_proto::v1;

use super::account::{AtServer, SignedIn, SignedOut};
use super::amendment::{Amended, Amendments};
use super::athlete::{Athlete, Athletes};
use super::caseload::Caseload;
use super::check_in::{CheckIns, Shown, Submitted};
use super::comparison::Comparisons;
use super::decision::Decisions;
use super::explanation::Explanations;
use super::finding::Findings;
use super::goal::Goal;
use super::ladder::{Ladder, Ladders};
use super::member::{Member, Members, ResetCode};
use super::membership::Memberships;
use super::plan::Plan;
use super::prediction::{Predictions, Recorded};
use super::red_flag::RedFlags;
use super::schedule::Schedule;
use super::session::Sessions;
use super::today::Today;
use super::totp::{Enrolment, RecoveryCodes};
use super::verified::Verified;
use super::who_am_i::WhoAmI;
use super::{
    access_log, audit, care_team, chain, clinic, consent, done, erasure, glass, invitation,
    service_account,
};
use crate::out::{Screen, Style};

fn style(width: usize, color: bool) -> Style {
    Style {
        width,
        color,
        zone: chrono_tz::Tz::Europe__Berlin,
    }
}

/// All that leaves the gate for one screen.
fn golden(screen: &impl Screen) -> String {
    let human = |width| match screen.empty() {
        Some(instead) => instead.to_owned(),
        None => screen.human(&style(width, false)),
    };
    let json = serde_json::to_string_pretty(&screen.json().unwrap()).unwrap();
    let text = format!(
        "== terminal, 80 columns\n{}\n== terminal, 130 columns\n{}\n== pipe\n{}\n== json\n{json}\n",
        human(80).trim_end(),
        human(130).trim_end(),
        screen.sheet(&style(80, false)).tsv(),
    );
    assert!(!text.contains('\u{1b}'), "colour without being asked");
    text
}

macro_rules! goldens {
    ($($name:ident: $screen:expr;)+) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(golden(&$screen));
        }
    )+};
}

goldens! {
    signed_in: SignedIn::login(sample::login()).unwrap();
    signed_in_with_second_factor: SignedIn::second_factor(sample::second_factor()).unwrap();
    switched: SignedIn::switched(sample::switched()).unwrap();
    signed_out: SignedOut { profile: "default".into(), was_signed_in: true, at_server: AtServer::Ended };
    signed_out_here_only: SignedOut {
        profile: "default".into(), was_signed_in: true,
        at_server: AtServer::Open("https://rung.example.org cannot be reached (refused).".into()),
    };
    nobody_signed_out: SignedOut { profile: "default".into(), was_signed_in: false, at_server: AtServer::Open("x".into()) };
    who_am_i: WhoAmI(sample::who_am_i());
    who_am_i_alerted: WhoAmI(sample::who_am_i_alerted());
    who_am_i_service: WhoAmI(sample::who_am_i_service());
    memberships: Memberships::of(sample::who_am_i_alerted());
    sessions: Sessions { sessions: sample::sessions(), clinics: sample::login().memberships };
    done: done::Done { answer: &v1::RevokeSessionResponse {}, id: ("session_id", "0190f000".into()), text: "The session is ended." };
    totp_enrolment: Enrolment(sample::enrolment());
    recovery_codes: RecoveryCodes(sample::recovery_codes());
    clinic: clinic::Clinic::of(&sample::clinic(), sample::clinic().clinic.as_ref());
    member_deactivated: Member::of(&sample::member(), sample::member().member.as_ref());
    reset_code: ResetCode { answer: sample::reset("K4M7-PQ"), server: "https://rung.example.org".into() };
    reset_code_repeated: ResetCode { answer: sample::reset(""), server: "https://rung.example.org".into() };
    service_accounts: service_account::ServiceAccounts(sample::service_accounts());
    service_account: service_account::ServiceAccount::of(&sample::service_account(), sample::service_account().service_account.as_ref());
    service_token: service_account::Token(sample::service_token());
    care_team: care_team::CareTeam::of(&sample::care_team(), &sample::care_team().athlete_id, &sample::care_team().care_team);
    consents: consent::Consents(sample::consents());
    consent: consent::Consent::of(&sample::consent(), sample::consent().consent.as_ref());
    supporters: consent::Supporters::of(sample::consents());
    access_log: access_log::AccessLog(sample::access_log());
    audit_events: audit::Events(sample::audit_events());
    audit_whole: chain::Verified(sample::verified(None));
    audit_broken: chain::Verified(sample::verified(Some(sample::chain_break())));
    audit_head: chain::Head(sample::head());
    glass_broken: glass::Broken(sample::glass());
    glass_record: glass::Record::of(&sample::acknowledged(), sample::acknowledged().record.as_ref());
    glass_opened: glass::Opened(sample::opened());
    erased: erasure::Erased(sample::erased(false));
    erased_with_hold: erasure::Erased(sample::erased(true));
    members: Members(sample::members());
    invitation: invitation::Invitation::of_member(&sample::invitation("R7Q2-XK"), "https://rung.example.org").unwrap();
    invitation_repeated: invitation::Invitation::of_member(&sample::invitation(""), "https://rung.example.org").unwrap();
    invitation_of_supporter: invitation::Invitation::of_supporter(&sample::supporter_invitation(), "https://rung.example.org").unwrap();
    athletes: Athletes(vec![sample::athlete()]);
    athlete: Athlete::of(&sample::athlete_answer(), Some(&sample::athlete()));
    ladders: Ladders(vec![sample::ladder()]);
    ladder: Ladder::of(&sample::ladder_answer(), Some(&sample::ladder()));
    ladder_clone: Ladder::of(&sample::clone_answer(), Some(&sample::clone()));
    ladder_changes: sample::changes(sample::difference());
    ladder_unchanged: sample::changes(vec![]);
    plan_draft: Plan::of(&sample::draft_answer(), Some(&sample::draft()), &[]);
    plan_paused: Plan::of(&sample::paused_answer(), Some(&sample::paused()), &sample::paused_answer().decisions);
    plan_waiting: Plan::of(&sample::waiting_answer(), sample::waiting_answer().plan.as_ref(), &[]);
    amended: Amended { answer: sample::amended(), dry: false };
    amended_dry: Amended { answer: sample::amended(), dry: true };
    amendments: Amendments { amendments: sample::amendments(), plan: sample::active() };
    amended_decisions: Decisions { decisions: sample::amended_decisions(), plan: sample::active() };
    goal_reached: Goal(sample::goal_reached());
    verified: Verified(sample::history_verified());
    not_verified: Verified(sample::history_not_verified());
    red_flags: RedFlags(sample::red_flags());
    today: Today(sample::today());
    today_resting: Today(sample::resting());
    schedule: Schedule(sample::schedule());
    schedule_barred: Schedule(sample::barred());
    caseload: Caseload(sample::caseload());
    check_ins: CheckIns(sample::check_ins());
    check_ins_of_all_kinds: CheckIns(sample::check_ins_of_all_kinds());
    check_in: Shown(sample::shown());
    check_in_without_notes: Shown(sample::shown_without_notes());
    submitted: Submitted::check_in(sample::submitted());
    corrected: Submitted::correction(sample::corrected());
    predictions: Predictions(sample::predictions());
    prediction: Recorded(sample::recorded());
    explained_to_an_athlete: Explanations(vec![sample::explained(v1::Reader::Athlete)]);
    explained_to_a_physio: Explanations(vec![sample::explained(v1::Reader::Physio)]);
    decisions: Decisions { decisions: sample::decisions(), plan: sample::active() };
    simulated: sample::simulated();
    compared: sample::comparisons();
}

#[test]
fn findings() {
    let faults = crate::ladder_file::read("key = 3\n").unwrap_err();
    let mut findings = Findings::default();
    findings.add(std::path::Path::new("run.toml"), Err(faults));
    assert!(findings.faults() > 0);
    let line = findings.human(&style(80, false));
    assert!(line.starts_with("run.toml:1: "), "{line}");
}

/// An empty list is data, too: `[]` for programs, a header for a pipe, a word for people.
#[test]
fn empty_lists() {
    fn check(screen: &impl Screen) {
        assert_eq!(screen.json().unwrap().to_string(), "[]");
        assert_eq!(screen.sheet(&style(80, false)).tsv().lines().count(), 1);
        assert!(screen.empty().is_some());
    }
    check(&Members(vec![]));
    check(&Athletes(vec![]));
    check(&Ladders(vec![]));
    check(&Caseload(vec![]));
    check(&Comparisons {
        comparisons: vec![],
        names: BTreeMap::new(),
    });
    check(&CheckIns(vec![]));
    check(&Predictions(vec![]));
    check(&Memberships::of(v1::WhoAmIResponse::default()));
    check(&Sessions {
        sessions: vec![],
        clinics: vec![],
    });
    check(&service_account::ServiceAccounts(vec![]));
    check(&consent::Consents(vec![]));
    check(&consent::Supporters::of(vec![]));
    check(&access_log::AccessLog(vec![]));
    check(&audit::Events(vec![]));
    check(&glass::Broken(vec![]));
    check(&Decisions {
        decisions: vec![],
        plan: v1::Plan::default(),
    });
    check(&Amendments {
        amendments: vec![],
        plan: v1::Plan::default(),
    });
}

#[test]
fn tokens_are_never_shown() {
    for screen in [
        SignedIn::login(sample::login()),
        SignedIn::second_factor(sample::second_factor()),
        SignedIn::switched(sample::switched()),
    ] {
        assert!(!golden(&screen.unwrap()).contains("token-secret"));
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    fn plain(text: &str) -> String {
        let mut out = String::new();
        let mut inside = false;
        for c in text.chars() {
            match c {
                '\u{1b}' => inside = true,
                'm' if inside => inside = false,
                c if !inside => out.push(c),
                _ => {}
            }
        }
        out
    }
    fn check(screen: &impl Screen) {
        let colored = screen.human(&style(80, true));
        assert!(colored.contains('\u{1b}'));
        let trimmed = |text: &str| {
            text.lines()
                .map(|l| l.trim_end().to_owned())
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(
            trimmed(&plain(&colored)),
            trimmed(&screen.human(&style(80, false)))
        );
    }
    check(&Caseload(sample::caseload()));
    check(&Decisions {
        decisions: sample::decisions(),
        plan: sample::active(),
    });
    check(&Today(sample::today()));
    check(&sample::simulated());
    check(&sample::comparisons());
    check(&Schedule(sample::schedule()));
    check(&CheckIns(sample::check_ins()));
    check(&CheckIns(sample::check_ins_of_all_kinds()));
    check(&Members(sample::members()));
    check(&audit::Events(sample::audit_events()));
    check(&access_log::AccessLog(sample::access_log()));
    check(&consent::Consents(sample::consents()));
    check(&WhoAmI(sample::who_am_i_alerted()));
}

/// Names and notes come from others; a tab, a line break or an escape must not break the screen.
#[test]
fn what_others_wrote_stays_in_its_cell() {
    let name = "Ada\t\u{1b}[31m\nBerg".to_owned();
    let screen = Athletes(vec![v1::Athlete {
        display_name: name,
        ..sample::athlete()
    }]);
    let tsv = screen.sheet(&style(80, false)).tsv();
    assert_eq!(tsv.lines().count(), 2);
    assert!(tsv.contains("Ada\\t\u{fffd}[31m\\nBerg"), "{tsv}");
    assert!(!screen.human(&style(80, false)).contains('\u{1b}'));
}
