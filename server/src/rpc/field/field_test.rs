use rung_progression::PainScore;

use super::*;

#[test]
fn all_faults_of_a_message_come_at_once_with_their_paths() {
    let mut f = Fields::under("check_in");
    let id = f.uuid("id", "7");
    let pain: Option<PainScore> = f.part("session", |f| f.scale("pain_during", Some(11)));
    let missing: Option<PainScore> = f.part("session", |f| f.scale("pain_after", None::<i32>));
    assert!(id.is_none() && pain.is_none() && missing.is_none());
    let Err(Error::InvalidFields(found)) = f.finish(None::<()>) else {
        panic!("faults were noted");
    };
    let paths: Vec<_> = found.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(
        paths,
        [
            "check_in.id",
            "check_in.session.pain_during",
            "check_in.session.pain_after"
        ]
    );
    assert_eq!(found[1].message, "pain must be between 0 and 10");
    assert_eq!(found[2].message, "is missing");
}

#[test]
fn texts_are_bounded_and_hold_no_control_characters() {
    let mut f = Fields::new();
    assert_eq!(f.text("a", "  fine \n", 1..=10).as_deref(), Some("fine"));
    assert_eq!(f.text("a", "a\0b", 1..=10), None);
    assert_eq!(f.text("a", "\u{1b}[31m", 1..=10), None);
    assert_eq!(f.text("a", "", 0..=10).as_deref(), Some(""));
    assert_eq!(f.text("a", "", 1..=10), None);
}

#[test]
fn a_name_is_one_visible_line() {
    let mut f = Fields::new();
    assert_eq!(
        f.name("n", " Zoë Ångström ", 1..=100).as_deref(),
        Some("Zoë Ångström")
    );
    for bad in ["Evil\nName", "a\tb", "\u{200b}", "abc\u{202e}txt"] {
        assert_eq!(f.name("n", bad, 1..=100), None, "{bad:?}");
    }
}

#[test]
fn what_the_domain_says_of_a_stand_in_is_left_out() {
    let mut f = Fields::under("definition");
    f.fault("rungs[1]", "is missing");
    let fault = |path: &str| Fault {
        path: path.to_owned(),
        message: "is odd".to_owned(),
    };
    f.faults(vec![
        fault("rungs[1].dose"),
        fault("rungs[10].dose"),
        fault("title"),
    ]);
    let Err(Error::InvalidFields(found)) = f.finish(None::<()>) else {
        panic!("faults were noted");
    };
    let paths: Vec<_> = found.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(
        paths,
        [
            "definition.rungs[1]",
            "definition.rungs[10].dose",
            "definition.title"
        ]
    );
}

#[test]
fn an_id_has_one_spelling() {
    let mut f = Fields::new();
    assert!(
        f.uuid("id", "018f4e7e-8c5a-7c3e-9d5b-3f2a1b0c9d8e")
            .is_some()
    );
    assert!(f.uuid("id", "018f4e7e8c5a7c3e9d5b3f2a1b0c9d8e").is_none());
}
