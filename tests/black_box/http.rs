//! What is served over plain HTTP beside gRPC, on the same port and through the same layers.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use rung_tests::{Clinic, Result, rungd};
use serde_json::Value;

use crate::on_both_databases;

on_both_databases!(
    plain_http_is_answered_beside_grpc,
    keys_change_while_people_work,
);

/// The answer to an HTTP/1.1 request: status line and headers, and body.
fn ask(clinic: &Clinic, method: &str, path: &str) -> Result<(String, String)> {
    let url = clinic.url();
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address)?;
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("no end of the headers")?;
    Ok((head.to_lowercase(), body.to_owned()))
}

fn plain_http_is_answered_beside_grpc(clinic: &mut Clinic) -> Result<()> {
    let (head, body) = ask(clinic, "GET", "/healthz")?;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(body.contains("SERVING"), "{body}");
    let (head, body) = ask(clinic, "GET", "/join")?;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(
        head.contains("content-security-policy: default-src 'none'"),
        "{head}"
    );
    assert!(body.contains("rung join CODE"));
    let (head, _) = ask(clinic, "HEAD", "/join")?;
    assert!(head.starts_with("http/1.1 200"), "{head}");
    // Closed, and told in the caller's own language: paths without a rule, and methods of gRPC.
    for path in [
        "/",
        "/metrics",
        "/join/",
        "/rung.v1.AuthService/WhoAmI",
        "/rung.v1.AuthService/Login",
    ] {
        for method in ["GET", "POST"] {
            let (head, body) = ask(clinic, method, path)?;
            assert!(head.starts_with("http/1.1 404"), "{method} {path}: {head}");
            assert_eq!(serde_json::from_str::<Value>(&body)?["error"], "not found");
        }
    }
    let (head, _) = ask(clinic, "POST", "/healthz")?;
    assert!(head.starts_with("http/1.1 405"), "{head}");
    Ok(())
}

/// What `rungd` says to its operator on the machine of the clinic's server.
fn operator(clinic: &Clinic, command: &[&str]) -> Result<String> {
    let mut args: Vec<String> = command.iter().map(|arg| (*arg).to_owned()).collect();
    args.extend(clinic.database().serve_args());
    let output = rungd(&args, &[])?;
    if !output.status.success() {
        return Err(String::from_utf8(output.stderr)?.as_str().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn kids(clinic: &Clinic) -> Result<Vec<String>> {
    let (_, body) = ask(clinic, "GET", "/.well-known/jwks.json")?;
    let told: Value = serde_json::from_str(&body)?;
    let keys = told["keys"].as_array().ok_or("no keys")?;
    Ok(keys
        .iter()
        .map(|key| key["kid"].as_str().unwrap_or_default().to_owned())
        .collect())
}

fn keys_change_while_people_work(clinic: &mut Clinic) -> Result<()> {
    let before = kids(clinic)?;
    assert_eq!(before.len(), 1);
    let told = operator(clinic, &["admin", "keys", "rotate"])?;
    assert!(told.contains("signs from"), "{told}");
    // The running server hears of it by itself; meanwhile everybody works on with what they have.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let after = loop {
        clinic.physio.json(&["caseload"])?;
        let now = kids(clinic)?;
        if now.len() == 2 || std::time::Instant::now() > deadline {
            break now;
        }
    };
    assert_eq!(after.len(), 2, "{after:?}");
    assert!(after.contains(&before[0]));
    let list = operator(clinic, &["admin", "keys", "list"])?;
    assert!(
        list.contains("signs until") && list.contains("signs from"),
        "{list}"
    );
    // The only one that signs yet.
    assert!(operator(clinic, &["admin", "keys", "retire", &before[0]]).is_err());
    // One that was taken away before it signed is gone from the list, and nobody notices.
    let new = after
        .iter()
        .find(|kid| **kid != before[0])
        .ok_or("no new key")?;
    operator(clinic, &["admin", "keys", "retire", new])?;
    while kids(clinic)? != before {
        assert!(std::time::Instant::now() < deadline, "it is still told");
        clinic.physio.json(&["caseload"])?;
    }
    Ok(())
}
