//! Golden files of every screen: for people at 80 and 130 columns, for a pipe, for programs.

mod sample;

use rung_proto::v1;

use super::account::{SignedIn, SignedOut, WhoAmI};
use super::athlete::{Athlete, Athletes};
use super::caseload::Caseload;
use super::check_in::{CheckIns, Submitted};
use super::decision::Decisions;
use super::finding::Findings;
use super::ladder::{Ladder, Ladders};
use super::member::{Invitation, Members};
use super::plan::Plan;
use super::today::Today;
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
    signed_out: SignedOut { profile: "default".into(), was_signed_in: true };
    who_am_i: WhoAmI(sample::who_am_i());
    members: Members(sample::members());
    invitation: Invitation { answer: sample::invitation("R7Q2-XK"), server: "https://rung.example.org".into() };
    invitation_repeated: Invitation { answer: sample::invitation(""), server: "https://rung.example.org".into() };
    athletes: Athletes(vec![sample::athlete()]);
    athlete: Athlete::of(&sample::athlete_answer(), Some(&sample::athlete()));
    ladders: Ladders(vec![sample::ladder()]);
    ladder: Ladder::of(&sample::ladder_answer(), Some(&sample::ladder()));
    plan_draft: Plan::of(&sample::draft_answer(), Some(&sample::draft()), &[]);
    plan_paused: Plan::of(&sample::paused_answer(), Some(&sample::paused()), &sample::paused_answer().decisions);
    today: Today(sample::today());
    today_resting: Today(sample::resting());
    caseload: Caseload(sample::caseload());
    check_ins: CheckIns(sample::check_ins());
    submitted: Submitted(sample::submitted());
    decisions: Decisions { decisions: sample::decisions(), plan: sample::active() };
}

#[test]
fn findings() {
    let faults = crate::ladder_file::read("key = 3\n").unwrap_err();
    let findings = Findings::of(std::path::Path::new("run.toml"), Err(faults));
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
    check(&CheckIns(vec![]));
    check(&Decisions {
        decisions: vec![],
        plan: v1::Plan::default(),
    });
}

#[test]
fn tokens_are_never_shown() {
    let screen = SignedIn::login(sample::login()).unwrap();
    assert!(!golden(&screen).contains("token-secret"));
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
    check(&CheckIns(sample::check_ins()));
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
