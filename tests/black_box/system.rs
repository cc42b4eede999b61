//! A system signs in as the README says, with the commands that stand there.

use std::{fs, path::Path, process::Command};

use rung_proto::v1::{self, auth_service_client::AuthServiceClient};
use rung_tests::{Clinic, Result, fail};

use crate::{api::Api, on_both_databases};

on_both_databases!(a_system_signs_in_as_the_readme_says);

/// The commands behind "**Systems.**", without what is said of them.
fn commands() -> Result<Vec<String>> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme)?;
    let lines = readme
        .lines()
        .skip_while(|line| !line.starts_with("**Systems.**"));
    let lines = lines.skip(1).skip_while(|line| line.is_empty());
    let block = lines.map_while(|line| line.strip_prefix("    "));
    let commands = block.filter_map(|line| line.split('#').next());
    Ok(commands.map(|line| line.trim().to_owned()).collect())
}

// Seen failing with the scopes left out of what a system is told of itself.
fn a_system_signs_in_as_the_readme_says(clinic: &mut Clinic) -> Result<()> {
    let commands = commands()?;
    let folder = tempfile::tempdir()?;
    let mut id = String::new();
    let mut token = String::new();
    for command in &commands {
        let words = command.split(' ').filter(|word| !word.is_empty());
        let words: Vec<String> = words
            .map(|word| match word {
                "URL" => clinic.url(),
                "ID" => id.clone(),
                file if file.starts_with("gateway.") => {
                    folder.path().join(file).display().to_string()
                }
                other => other.to_owned(),
            })
            .collect();
        match (words[0].as_str(), words.get(2).map(String::as_str)) {
            ("openssl", _) => {
                let done = Command::new("openssl").args(&words[1..]).output();
                let done =
                    done.map_err(|e| format!("the README's openssl has to be there: {e}"))?;
                if !done.status.success() {
                    return fail(format!(
                        "{command}: {}",
                        String::from_utf8_lossy(&done.stderr)
                    ));
                }
            }
            ("rung", Some("create")) => {
                let made = clinic.admin.json(&words[1..])?;
                id = rung_tests::text(&made, "/service_account/id")?;
                assert!(
                    clinic
                        .admin
                        .text(&["service-accounts", "list"])?
                        .contains(&id)
                );
            }
            // Nobody is signed in under this name: the key is the proof.
            ("rung", Some("token")) => {
                token = clinic.admin.profile("gateway").text(&words[1..])?;
            }
            _ => return fail(format!("the README has another command: {command}")),
        }
    }
    assert_eq!(commands.len(), 4, "{commands:?}");

    let api = Api::at(&clinic.url(), Some(token.trim().to_owned()))?;
    let mut auth = AuthServiceClient::new(api.channel());
    let who = api.answer(auth.who_am_i(api.request(v1::WhoAmIRequest {})))?;
    assert_eq!(
        (who.person_id.as_str(), who.scopes),
        (id.as_str(), vec![v1::Scope::Checkins.into()])
    );
    // Only the public half has left the machine.
    let private = fs::read_to_string(folder.path().join("gateway.pem"))?;
    let secret = private.lines().nth(1).unwrap_or_default();
    assert!(secret.len() > 40 && !clinic.log().contains(secret));
    Ok(())
}
