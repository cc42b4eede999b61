//! On the wire: TLS with a private authority, and no plaintext off the machine.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rung_tests::{Backend, Clinic, Database, PASSWORD, Result, Rungd, Settings};
use tempfile::TempDir;

struct Authority {
    dir: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Result<Self> {
        let mut params = CertificateParams::new(vec![])?;
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(rcgen::DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let dir = tempfile::tempdir()?;
        std::fs::write(dir.path().join("ca.pem"), issuer.pem())?;
        Ok(Self { dir, issuer })
    }

    fn ca(&self) -> String {
        self.dir.path().join("ca.pem").display().to_string()
    }

    /// Settings of a server on the loopback with a certificate of this authority.
    fn settings(&self) -> Result<Settings> {
        let key = KeyPair::generate()?;
        let params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let (cert_path, key_path) = (
            self.dir.path().join("server.pem"),
            self.dir.path().join("server.key"),
        );
        std::fs::write(&cert_path, certificate.pem())?;
        std::fs::write(&key_path, key.serialize_pem())?;
        Ok(Settings {
            tls: Some((cert_path, key_path)),
            ..Settings::default()
        })
    }
}

#[test]
fn a_private_authority_is_trusted_when_told() -> Result<()> {
    let authority = Authority::new("Harbour Clinic CA")?;
    let ca = authority.ca();
    let clinic = Clinic::open_with(Backend::Sqlite, authority.settings()?, &["--ca-cert", &ca])?;
    assert!(clinic.url().starts_with("https://"));
    // Remembered with the sign-in.
    clinic
        .physio
        .json(&["athletes", "add", "Nils Berg", "--zone", "Europe/Berlin"])?;
    assert_eq!(
        clinic.physio.json(&["caseload"])?.as_array().map(Vec::len),
        Some(1)
    );

    // Without it, with another authority's, and without TLS: no answer, and the password stays here.
    let other = Authority::new("Hill Clinic CA")?;
    let other = other.ca();
    let plain = clinic.url().replace("https://", "http://");
    for (url, more) in [
        (clinic.url(), vec![]),
        (clinic.url(), vec!["--ca-cert", other.as_str()]),
        (plain, vec![]),
    ] {
        let stranger = clinic.physio.profile("stranger");
        let args = [
            &["login", "--server", &url, "--email", "pia@harbour.example"],
            &more[..],
        ]
        .concat();
        let output = stranger.run(&args, &[("RUNG_PASSWORD", PASSWORD)])?;
        assert_ne!(output.code, 0, "{}", output.stderr);
        if url.starts_with("https://") {
            assert_eq!(output.code, 7, "{}", output.stderr);
            assert!(output.stderr.contains("certificate"), "{}", output.stderr);
        }
        assert!(!output.stderr.contains(PASSWORD));
    }
    Ok(())
}

#[test]
fn plaintext_off_the_loopback_is_refused_at_start() -> Result<()> {
    let home = tempfile::tempdir()?;
    let database = Database::fresh(Backend::Sqlite, home.path().join("data"))?;
    let settings = Settings {
        listen: Some("0.0.0.0:0".to_owned()),
        ..Settings::default()
    };
    let Err(failure) = Rungd::start(&database, &settings) else {
        panic!("it listens in plaintext for everybody");
    };
    assert!(
        failure.to_string().to_lowercase().contains("tls"),
        "{failure}"
    );
    Ok(())
}

#[test]
fn the_client_refuses_plaintext_to_another_machine() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let rung = rung_tests::Rung::new(dir.path(), "default")?;
    let args = [
        "--json",
        "login",
        "--server",
        "http://rung.example.org",
        "--email",
        "pia@harbour.example",
    ];
    let output = rung.run(&args, &[("RUNG_PASSWORD", PASSWORD)])?;
    assert_eq!(output.code, 2, "{}", output.stderr);
    assert!(output.stderr.contains("https"), "{}", output.stderr);
    Ok(())
}
