//! What people type that nobody else should read, and what scripts give instead.

use std::io::IsTerminal;
use std::path::Path;

use crate::context::Context;
use crate::credentials::Secret;
use crate::error::{Failure, Result};

/// How a command says where its password comes from.
pub(crate) const PASSWORD_HELP: &str =
    "The password comes from RUNG_PASSWORD, from --password-stdin, or from a prompt.";

/// The password of the account: the next line of standard input if asked for, `RUNG_PASSWORD`, or a prompt.
pub(crate) fn password(from_stdin: bool) -> Result<Secret> {
    secret(from_stdin, "RUNG_PASSWORD", &["Password: "])
}

/// A password that shall be: the next line of standard input if asked for, `RUNG_NEW_PASSWORD`, or a prompt that asks
/// twice.
pub(crate) fn new_password(from_stdin: bool) -> Result<Secret> {
    let questions = &["New password: ", "New password, once more: "];
    secret(from_stdin, "RUNG_NEW_PASSWORD", questions)
}

fn secret(from_stdin: bool, variable: &str, questions: &[&str]) -> Result<Secret> {
    if from_stdin {
        let mut line = String::new();
        std::io::stdin()
            .read_line(&mut line)
            .map_err(|e| Failure::file(Path::new("standard input"), &e))?;
        return Ok(Secret::new(line.trim_end_matches(['\r', '\n'])));
    }
    if let Ok(password) = std::env::var(variable) {
        return Ok(Secret::new(password));
    }
    if std::io::stdin().is_terminal()
        && let Ok(typed) = questions
            .iter()
            .map(rpassword::prompt_password)
            .collect::<std::io::Result<Vec<String>>>()
    {
        return agreed(typed);
    }
    Err(
        Failure::bad_input("PASSWORD", "No password was given.").advise(format!(
            "Set {variable}, or pass --password-stdin, or use a terminal."
        )),
    )
}

/// What was typed, if it was typed the same each time.
fn agreed(mut typed: Vec<String>) -> Result<Secret> {
    typed.dedup();
    match typed.as_slice() {
        [one] => Ok(Secret::new(one)),
        _ => Err(Failure::bad_input(
            "PASSWORD",
            "The two passwords are not the same.",
        )),
    }
}

/// Asks for something to be typed again before what cannot be undone is done; `yes` is the answer of a script.
pub(crate) fn confirm(context: &mut Context, question: &str, word: &str, yes: bool) -> Result<()> {
    if yes {
        return Ok(());
    }
    match context.out.ask(question)? {
        Some(typed) if typed == word => Ok(()),
        Some(_) => Err(Failure::bad_input(
            "NOT_CONFIRMED",
            "That is something else. Nothing was done.",
        )),
        None => Err(
            Failure::bad_input("NOT_CONFIRMED", "Nobody is there to confirm it.")
                .advise("Say --yes if it is meant."),
        ),
    }
}

/// Asks for something that may be left open; nothing when nobody is there.
pub(crate) fn optional<T>(
    context: &mut Context,
    question: &str,
    read: impl Fn(&str) -> std::result::Result<T, &'static str>,
) -> Result<Option<T>> {
    match context.out.ask(question)?.as_deref() {
        None | Some("") => Ok(None),
        Some(typed) => read(typed).map(Some).map_err(|wanted| {
            Failure::bad_input(
                "ANSWER",
                format!("The answer is {wanted}. Nothing was sent."),
            )
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Seen failing with the last line taken whatever the first one was.
    #[test]
    fn a_new_password_is_typed_twice_the_same() {
        let typed = |lines: &[&str]| agreed(lines.iter().map(|l| (*l).to_owned()).collect());
        assert_eq!(typed(&["a b", "a b"]).unwrap().reveal(), "a b");
        assert_eq!(typed(&["one"]).unwrap().reveal(), "one");
        assert_eq!(typed(&["a b", "a c"]).unwrap_err().reason, "PASSWORD");
    }
}
