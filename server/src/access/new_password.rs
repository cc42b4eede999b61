//! Passwords at the moment in which they are chosen: the common ones and the guessable ones are refused then, and only
//! then. Where a password is checked, an old bad one still opens its account.

use crate::mutant::off;
use std::{collections::HashSet, sync::LazyLock};

use super::password::Password;

/// In lower case; where they are from stands in the README beside them.
static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("../../passwords/common.txt").lines().collect());

/// What everybody here would think of first.
const PRODUCT: [&str; 4] = ["rung", "rungd", "rungrung", "rung.dev"];

/// A password that may be set.
#[derive(Clone, Debug)]
pub(crate) struct NewPassword(Password);

impl NewPassword {
    /// For the account with this address. The error says what is wrong, and repeats nothing of what was typed.
    pub(crate) fn choose(password: Password, email: &str) -> Result<Self, &'static str> {
        let typed = zeroize::Zeroizing::new(password.text().to_lowercase());
        if COMMON.contains(typed.as_str()) && !off("password-common") {
            return Err("is one of the most common passwords; choose another one");
        }
        // A number or a sign at either end makes nothing unguessable.
        let bare = |text: &str| {
            zeroize::Zeroizing::new(text.trim_matches(|c: char| !c.is_alphabetic()).to_owned())
        };
        let email = email.to_lowercase();
        let local = email.split('@').next().unwrap_or_default();
        let guesses = PRODUCT.into_iter().chain([email.as_str(), local]);
        for guess in guesses {
            let letters = bare(guess);
            let same = typed.as_str() == guess || (!letters.is_empty() && bare(&typed) == letters);
            if same && !off("password-guessed") {
                return Err("is made of your address or of the product's name; choose another one");
            }
        }
        Ok(Self(password))
    }

    /// The password.
    pub(super) fn password(&self) -> &Password {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str) -> Result<NewPassword, &'static str> {
        let password = Password::parse(text.to_owned()).unwrap();
        NewPassword::choose(password, "nora.lind@harbour.example")
    }

    #[test]
    fn the_list_is_long_enough_and_holds_what_can_be_typed() {
        assert!(COMMON.len() >= 3000, "{}", COMMON.len());
        for common in COMMON.iter() {
            assert!(common.chars().count() >= Password::MIN, "{common}");
            assert_eq!(*common, common.to_lowercase());
        }
    }

    // Seen failing with the case kept.
    #[test]
    fn common_passwords_are_refused_in_any_case() {
        for common in ["password", "PassWord", "12345678", "1qaz2wsx", "TRUSTNO1"] {
            assert!(chosen(common).unwrap_err().contains("common"), "{common}");
        }
        assert!(chosen("correct horse battery").is_ok());
        // Of a long one that begins like a common one nobody would think first.
        assert!(chosen("password of the harbour").is_ok());
    }

    // Seen failing with nothing trimmed.
    #[test]
    fn the_own_address_and_the_products_name_are_refused() {
        for guess in [
            "nora.lind@harbour.example",
            "Nora.Lind",
            "nora.lind2026!",
            "Rung2026",
            "12rungd34",
        ] {
            assert!(chosen(guess).unwrap_err().contains("address"), "{guess}");
        }
        assert!(chosen("nora.lindgren").is_ok());
        // Of an address without letters nothing is left to compare with.
        let digits = Password::parse("8250 1943".to_owned()).unwrap();
        assert!(NewPassword::choose(digits, "77@harbour.example").is_ok());
    }

    #[test]
    fn nothing_of_it_is_shown() {
        let shown = format!("{:?}", chosen("hunter2hunter2").unwrap());
        assert!(!shown.contains("hunter"), "{shown}");
    }
}
