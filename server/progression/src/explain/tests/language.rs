//! Who is answered in which language.

use crate::explain::{Language, Reader, Voice};

#[test]
fn the_best_of_the_wishes_is_taken_and_english_otherwise() {
    use Language::{English, German};
    for (wishes, language) in [
        ("", English),
        ("de", German),
        ("DE", German),
        ("de-AT", German),
        ("de_CH", German),
        ("gsw, de", German),
        ("fr, de;q=0.5", German),
        ("en-GB, de", English),
        ("de;q=0.3, en;q=0.7", English),
        ("en;q=0.3, de;q=0.7", German),
        ("en; q=0.70, de; q=0.701", German),
        ("de;q=0", English),
        ("de;q=0.000, fr", English),
        ("de;q=two", English),
        ("de;q=0.1234", English),
        ("de;q=0.5x", English),
        ("de;q=1.0", German),
        ("*", English),
        ("fr", English),
        ("klingon-of-old, de", German),
        (", ,;, de", German),
        ("Ж", English),
    ] {
        assert_eq!(Language::negotiate(wishes), language, "{wishes:?}");
    }
}

#[test]
fn a_list_without_end_is_not_read_to_its_end() {
    let many = "fr,".repeat(1_000_000) + "de";
    assert_eq!(Language::negotiate(&many), Language::English);
}

// Planted: the tag of a language that does not read.
#[test]
fn every_language_is_found_by_its_own_tag() {
    for language in Language::ALL {
        assert_eq!(Language::negotiate(language.tag()), language);
        assert_eq!(language.identifier().to_string(), language.tag());
    }
}

#[test]
fn physios_are_told_that_they_are_answered_in_english() {
    let voice = Voice::new(Reader::Physio, Language::German);
    assert_eq!(voice.language(), Language::English);
    let voice = Voice::new(Reader::Athlete, Language::German);
    assert_eq!(voice.language(), Language::German);
}
