use std::collections::HashMap;

use tonic_types::{ErrorDetails, FieldViolation};

use super::*;
use crate::out::Style;

const FLAGS: Flags = &[
    ("check_in.session.pain_during", "--pain-during"),
    ("check_in.session.altered_gait", "--altered-gait"),
];

fn style() -> Style {
    Style {
        width: 80,
        color: false,
        zone: chrono_tz::Tz::UTC,
    }
}

fn refusal(code: Code, reason: &str, message: &str) -> Box<Failure> {
    let details = ErrorDetails::with_error_info(reason, "rung.dev", HashMap::new());
    from_status(&Status::with_error_details(code, message, details), FLAGS)
}

#[test]
fn all_bad_fields_are_told_as_flags() {
    let metadata = HashMap::from([("fields".to_owned(), "3".to_owned())]);
    let mut details = ErrorDetails::with_error_info("INVALID_FIELDS", "rung.dev", metadata);
    details.set_bad_request(vec![
        FieldViolation::new("check_in.session.pain_during", "must be between 0 and 10"),
        FieldViolation::new("check_in.session.altered_gait", "is missing"),
        FieldViolation::new("check_in.something_new", "is missing"),
    ]);
    let message = "some fields are missing or out of range";
    let status = Status::with_error_details(Code::InvalidArgument, message, details);
    let failure = from_status(&status, FLAGS);
    assert_eq!(failure.exit, Exit::BadInput);
    insta::assert_snapshot!("bad_fields_for_people", failure.to_text(&style()));
    let json = serde_json::to_string_pretty(&failure.to_json()).unwrap();
    insta::assert_snapshot!("bad_fields_for_programs", json);
}

#[test]
fn each_kind_of_refusal_has_its_exit_code_and_its_advice() {
    let cases = [
        (Code::Unauthenticated, "TOKEN_INVALID", Exit::SignedOut),
        (
            Code::Unauthenticated,
            "CREDENTIALS_INVALID",
            Exit::SignedOut,
        ),
        (Code::PermissionDenied, "NOT_IN_CARE", Exit::Denied),
        (Code::NotFound, "NOT_FOUND", Exit::NotFound),
        (Code::Aborted, "ETAG_STALE", Exit::Conflict),
        (Code::AlreadyExists, "CHECK_IN_ID_REUSED", Exit::Conflict),
        (Code::FailedPrecondition, "ENTRY_NOT_MET", Exit::Conflict),
        (Code::Unavailable, "STORAGE_UNAVAILABLE", Exit::Unreachable),
        (Code::ResourceExhausted, "OVERLOADED", Exit::Unreachable),
        (Code::Internal, "INTERNAL", Exit::Unexpected),
    ];
    let mut text = String::new();
    for (code, reason, exit) in cases {
        let failure = refusal(code, reason, "it is so");
        assert_eq!(failure.exit, exit, "{reason}");
        assert_eq!(failure.reason, reason);
        text.push_str(&format!(
            "{reason} {}\n{}\n\n",
            exit as u8,
            failure.to_text(&style())
        ));
    }
    insta::assert_snapshot!(text);
}

/// Every reason of the contract, by its number; some numbers stand for none.
fn reasons() -> Vec<rung_proto::v1::ErrorReason> {
    (1..1000)
        .filter_map(|n| rung_proto::v1::ErrorReason::try_from(n).ok())
        .collect()
}

// Seen failing with a prefix that no reason has, and with a reason answered by nothing.
#[test]
fn each_reason_of_the_contract_has_its_advice() {
    let mut text = String::new();
    assert!(reasons().len() >= 36);
    for reason in reasons() {
        let name = reason.as_str_name().trim_start_matches("ERROR_REASON_");
        let told = advice(name).unwrap_or_default();
        assert!(!told.is_empty(), "{name}");
        text.push_str(&format!("{name}\n  {told}\n"));
    }
    insta::assert_snapshot!(text);
    assert_eq!(advice("SOMETHING_NEW"), None);
    assert_eq!(advice("UNSPECIFIED"), None);
}

/// An advice must not name a command that does not exist.
// Seen failing with `rung athletes share`, which has gone.
#[test]
fn each_command_that_an_advice_names_exists() {
    use clap::CommandFactory;
    for reason in reasons() {
        let name = reason.as_str_name().trim_start_matches("ERROR_REASON_");
        let told = advice(name).unwrap_or_default();
        let named = told.match_indices("rung ");
        // A flag of the name is no command.
        for (at, _) in named.filter(|(at, _)| !told[..*at].ends_with('-')) {
            let mut command = crate::cli::Cli::command();
            for word in told[at + 5..].split([' ', '`', ':']) {
                if !command.has_subcommands() {
                    break;
                }
                let Some(verb) = command.find_subcommand(word) else {
                    panic!("{name}: {word:?} in {told:?}");
                };
                command = verb.clone();
            }
        }
    }
}

#[test]
fn a_busy_server_says_when_to_come_back() {
    let mut details = ErrorDetails::with_error_info("OVERLOADED", "rung.dev", HashMap::new());
    details.set_retry_info(Some(std::time::Duration::from_secs(7)));
    let status = Status::with_error_details(Code::ResourceExhausted, "too many", details);
    assert_eq!(from_status(&status, FLAGS).advice, ["Try again in 7 s."]);
}

#[test]
fn a_status_without_details_is_told_by_its_code() {
    let failure = from_status(&Status::new(Code::Unimplemented, ""), FLAGS);
    assert_eq!(
        (failure.exit, failure.reason.as_str()),
        (Exit::Unexpected, "UNIMPLEMENTED")
    );
    assert_eq!(failure.message, "The server gave no reason.");
}

#[test]
fn a_refusal_cannot_steer_the_terminal() {
    let failure = refusal(Code::NotFound, "NOT_FOUND", "no \u{1b}[2Jsuch thing");
    assert!(!failure.to_text(&style()).contains('\u{1b}'));
    let color = Style {
        color: true,
        ..style()
    };
    assert!(!failure.to_text(&color).contains("\u{1b}[2J"));
}

#[test]
fn a_field_that_repeats_the_message_is_told_once() {
    let mut details = ErrorDetails::with_error_info("ETAG_STALE", "rung.dev", HashMap::new());
    details.set_bad_request(vec![FieldViolation::new("etag", "somebody changed it")]);
    let status = Status::with_error_details(Code::Aborted, "somebody changed it", details);
    let failure = from_status(&status, FLAGS);
    let expected = "error: Somebody changed it.\nLook at it again, then decide again; without --etag the present state is taken.";
    assert_eq!(failure.to_text(&style()), expected);
    // Programs get the field all the same.
    assert_eq!(failure.to_json()["fields"][0]["field"], "etag");
}
