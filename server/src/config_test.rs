use serde_json::Value as Json;

use super::{
    variable::{NOT_TEXT, VARIABLES},
    *,
};

fn listening_on(address: &str) -> Settings {
    Settings {
        listen: address.parse().unwrap(),
        ..Settings::default()
    }
}

#[test]
fn plaintext_off_loopback_is_refused_unless_told() {
    assert!(listening_on("127.0.0.1:1").check().is_ok());
    assert!(listening_on("[::1]:1").check().is_ok());
    assert!(listening_on("0.0.0.0:1").check().is_err());
    let told = Settings {
        allow_plaintext: true,
        ..listening_on("0.0.0.0:1")
    };
    assert!(told.check().is_ok());
    let tls = Settings {
        tls_cert: Some("c".into()),
        tls_key: Some("k".into()),
        ..listening_on("0.0.0.0:1")
    };
    assert!(tls.check().is_ok());
}

#[test]
fn every_setting_is_a_variable() {
    let settings = serde_json::to_value(Settings::default()).unwrap();
    let mut fields: Vec<_> = settings.as_object().unwrap().keys().cloned().collect();
    let mut variables: Vec<_> = VARIABLES.iter().map(|v| (*v).to_owned()).collect();
    fields.sort();
    variables.sort();
    assert_eq!(fields, variables);
    // What has no default is text too.
    let not_text = |name: &&String| !matches!(settings[name], Json::String(_) | Json::Null);
    let found: Vec<_> = fields.iter().filter(not_text).collect();
    assert_eq!(found, NOT_TEXT);
}

fn from_variables(variables: &[(&str, &str)]) -> Result<Settings> {
    let variables = variables.iter();
    let owned = variables.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Settings::gather(&Flags::default(), Variables(owned.collect()))
}

// Seen failing with every value read as `Env` reads it.
#[test]
fn a_variable_is_read_as_it_stands() {
    for text in [
        "123",
        "true",
        "1.5",
        "[rungd]=debug",
        "{a=b}",
        "\"quoted\"",
        " x",
        "",
    ] {
        let names = [
            "issuer",
            "log",
            "database_url",
            "data_dir",
            "tls_cert",
            "tls_key",
        ];
        let variables: Vec<_> = names.iter().map(|name| (*name, text)).collect();
        let settings = from_variables(&variables).unwrap();
        assert_eq!(settings.issuer, text);
        assert_eq!(settings.log, text);
        assert_eq!(settings.database_url.as_deref(), Some(text));
        assert_eq!(settings.data_dir, PathBuf::from(text));
        assert_eq!(settings.tls_cert, Some(PathBuf::from(text)));
    }
}

#[test]
fn a_variable_may_be_a_number_a_switch_an_address_or_a_choice() {
    let settings = from_variables(&[
        ("listen", "0.0.0.0:1"),
        ("allow_plaintext", "true"),
        ("max_connections", "7"),
        ("log_format", "text"),
    ])
    .unwrap();
    assert_eq!(settings.listen.port(), 1);
    assert_eq!(settings.max_connections, 7);
    assert!(settings.log_format == LogFormat::Text);
    let Err(Error::Internal(told)) = from_variables(&[("max_connections", "many")]) else {
        panic!("a word was read as a number");
    };
    assert!(told.contains("RUNG_MAX_CONNECTIONS"), "{told}");
}

// Seen failing with any text taken.
#[test]
fn a_public_url_is_what_a_link_can_begin_with() {
    for (url, right) in [
        ("https://rung.example", true),
        ("https://rung.example:8443/at/", true),
        ("http://127.0.0.1:7464", true),
        ("rung.example", false),
        ("ftp://rung.example", false),
        ("https://", false),
        ("https://rung.example/?x", false),
        ("https://rung.example/#x", false),
        ("", false),
    ] {
        let read = from_variables(&[("public_url", url)]);
        assert_eq!(read.is_ok(), right, "{url}");
    }
    let listening = "192.0.2.7:1".parse().unwrap();
    let own = Settings::default().public_url(listening);
    assert_eq!(own, "http://192.0.2.7:1");
}

// Seen failing without the upper bound.
#[test]
fn connections_are_counted_from_one_to_a_million() {
    for (number, right) in [
        ("0", false),
        ("1", true),
        ("1000000", true),
        ("1000001", false),
        ("18446744073709551615", false),
    ] {
        let read = from_variables(&[("max_connections", number)]);
        assert_eq!(read.is_ok(), right, "{number}");
    }
}

#[test]
fn the_file_stands_above_the_defaults_and_flags_above_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rungd.toml");
    std::fs::write(&file, "issuer = \"file\"\nmax_connections = 7\n").unwrap();
    let flags = Flags {
        config: Some(file.clone()),
        issuer: Some("flag".to_owned()),
        ..Flags::default()
    };
    let settings = Settings::load(&flags).unwrap();
    assert_eq!(
        (settings.issuer.as_str(), settings.max_connections),
        ("flag", 7)
    );
    std::fs::write(&file, "isuer = \"file\"\n").unwrap();
    assert!(Settings::load(&flags).is_err(), "a misspelt key is told");
}
