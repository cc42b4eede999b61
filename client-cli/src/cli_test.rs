use clap::CommandFactory;

use super::*;
use crate::commands::{
    access_log, athlete, audit, check_in, clinic, consent, explain, join, ladder, login, member,
    password, plan, schedule, service_account, session, supporter, today, totp,
};
use crate::flag::Flags;
use crate::sign_in;

/// Every command, the tree from the top, each with the words that lead to it.
fn commands() -> Vec<(String, clap::Command)> {
    fn walk(command: clap::Command, path: &str, all: &mut Vec<(String, clap::Command)>) {
        let name = format!("{path} {}", command.get_name());
        let name = name.trim().to_owned();
        let verbs: Vec<clap::Command> = command
            .get_subcommands()
            .filter(|c| c.get_name() != "help")
            .cloned()
            .collect();
        all.push((name.clone(), command));
        for verb in verbs {
            walk(verb, &name, all);
        }
    }
    let mut root = Cli::command().term_width(100);
    root.build();
    let mut all = Vec::new();
    walk(root, "", &mut all);
    all
}

#[test]
fn help_of_every_command() {
    let mut text = String::new();
    for (name, mut command) in commands() {
        text.push_str(&format!(
            "$ {name} --help\n{}\n\n",
            command.render_long_help()
        ));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_command_line_is_sound() {
    Cli::command().debug_assert();
}

/// A refusal must not name a flag that the command does not have.
#[test]
fn every_flag_a_refusal_can_name_exists() {
    let tables: &[(&str, Flags)] = &[
        ("rung login", login::FLAGS),
        ("rung login", sign_in::FLAGS),
        ("rung join", join::FLAGS),
        ("rung join", sign_in::FLAGS),
        ("rung sessions revoke", session::revoke::FLAGS),
        ("rung password change", password::change::FLAGS),
        ("rung password reset", password::reset::FLAGS),
        ("rung totp enroll", totp::enroll::FLAGS),
        ("rung totp confirm", totp::confirm::FLAGS),
        ("rung totp disable", totp::disable::FLAGS),
        ("rung clinic set", clinic::set::FLAGS),
        ("rung clinic switch", clinic::switch::FLAGS),
        ("rung members update", member::update::FLAGS),
        ("rung members reset", member::reset::FLAGS),
        (
            "rung service-accounts create",
            service_account::create::FLAGS,
        ),
        (
            "rung service-accounts rotate-key",
            service_account::rotate_key::FLAGS,
        ),
        (
            "rung service-accounts revoke",
            service_account::revoke::FLAGS,
        ),
        ("rung service-accounts token", service_account::token::FLAGS),
        ("rung audit list", audit::list::FLAGS),
        ("rung audit acknowledge", audit::acknowledge::FLAGS),
        ("rung athletes care add", athlete::care::FLAGS),
        ("rung athletes care remove", athlete::care::FLAGS),
        ("rung athletes care lead", athlete::care::FLAGS),
        ("rung athletes break-glass", athlete::break_glass::FLAGS),
        ("rung athletes erase", athlete::erase::FLAGS),
        ("rung athletes export", athlete::export::FLAGS),
        ("rung supporters invite", supporter::invite::FLAGS),
        ("rung consent grant", consent::grant::FLAGS),
        ("rung consent withdraw", consent::withdraw::FLAGS),
        ("rung access-log", access_log::FLAGS),
        ("rung members invite", member::invite::FLAGS),
        ("rung athletes add", athlete::add::FLAGS),
        ("rung ladders publish", ladder::publish::FLAGS),
        ("rung ladders update", ladder::update::FLAGS),
        ("rung ladders clone", ladder::clone::FLAGS),
        ("rung ladders archive", ladder::archive::FLAGS),
        ("rung plan prescribe", plan::prescribe::FLAGS),
        (
            "rung plan resume",
            &[("rungs[*].rung", "--rung"), ("reason", "--reason")],
        ),
        ("rung today", today::FLAGS),
        ("rung schedule", schedule::FLAGS),
        ("rung explain", explain::FLAGS),
        ("rung checkin session", check_in::session::FLAGS),
        ("rung checkin morning", check_in::morning::FLAGS),
    ];
    let all = commands();
    for (name, flags) in tables {
        let (_, command) = all.iter().find(|(n, _)| n == name).expect(name);
        for word in flags.iter().flat_map(|(_, flag)| flag.split_whitespace()) {
            let known = match word.strip_prefix("--") {
                Some(long) => command.get_arguments().any(|a| a.get_long() == Some(long)),
                // `or`, and `password`, which is no flag on purpose.
                None if word == "or" || word == "password" => true,
                None => command
                    .get_positionals()
                    .any(|a| a.get_id().as_str().to_uppercase() == word),
            };
            assert!(known, "{name}: {word}");
        }
    }
}

/// The other way round: what the server can refuse in a session has a flag to be told by.
#[test]
fn every_field_of_a_session_has_a_flag() {
    // Written out, and every optional field set: an unset one is not in the JSON.
    let full = rung_proto::v1::SessionReport {
        track_id: String::new(),
        rung: Some(0),
        pain_before: Some(0),
        pain_during: Some(0),
        pain_after: Some(0),
        altered_gait: Some(false),
        swelling: 0,
        dose_done: Some(0),
        rpe: Some(0),
        confidence: Some(0),
        fear: Some(0),
        measurement: Some(rung_proto::v1::Measurement::default()),
        cues_held: vec![],
        anchors_done: vec![],
        sensory_cues: vec![],
        paused_and_resumed_lighter: false,
        went_well: String::new(),
        discomfort_site: String::new(),
        discomfort_side: 0,
        context: String::new(),
        feared_outcome: Some(false),
    };
    let json = rung_proto::to_json(&full).unwrap();
    for field in json.as_object().unwrap().keys() {
        let path = format!("check_in.session.{field}");
        let flag = crate::flag::for_path(check_in::session::FLAGS, &path);
        assert!(flag.is_some(), "{path}");
    }
}
