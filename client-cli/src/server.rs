//! The address of a server, and whether it may be spoken to in the clear.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::Uri;
use http::uri::Scheme;

use crate::error::{Failure, Result};

/// Reads `https://host[:port]`. Plain `http://` is taken for this machine only: passwords and health data do not
/// travel in the clear.
pub(crate) fn parse(text: &str) -> Result<Uri> {
    let refuse = |why: &str| {
        Failure::bad_input("SERVER_ADDRESS", format!("{text:?} {why}")).advise(
            "The address looks like https://rung.example.org or https://rung.example.org:8443.",
        )
    };
    let uri: Uri = text.parse().map_err(|_| refuse("is not an address"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return Err(refuse("does not begin with https://"));
    };
    if authority.as_str().contains('@') {
        return Err(refuse(
            "holds a name or password; only host and port belong into it",
        ));
    }
    if uri.path() != "/" || uri.query().is_some() {
        return Err(refuse("holds a path; only host and port belong into it"));
    }
    if *scheme == Scheme::HTTPS {
        return Ok(uri);
    }
    if *scheme != Scheme::HTTP {
        return Err(refuse("does not begin with https://"));
    }
    if is_this_machine(authority.host()) {
        return Ok(uri);
    }
    Err(Failure::bad_input(
        "PLAINTEXT_REFUSED",
        format!("{text:?} would send passwords and health data unencrypted; use https://"),
    ))
}

/// Whether a host never leaves this machine: `127.0.0.0/8`, `::1` and `localhost`.
fn is_this_machine(host: &str) -> bool {
    if host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || bare
            .parse::<Ipv6Addr>()
            .is_ok_and(|ip| ip == Ipv6Addr::LOCALHOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_taken_for_this_machine_only() {
        for near in [
            "http://127.0.0.1:8080",
            "http://127.9.9.9",
            "http://[::1]:1",
            "http://LocalHost:1",
        ] {
            assert!(parse(near).is_ok(), "{near}");
        }
        for far in [
            "http://rung.example.org",
            "http://10.0.0.1:8080",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "http://[::ffff:10.0.0.1]:1",
            "http://128.0.0.1",
        ] {
            assert_eq!(
                parse(far).map_err(|f| f.reason),
                Err("PLAINTEXT_REFUSED".into()),
                "{far}"
            );
        }
    }

    #[test]
    fn an_address_is_scheme_host_and_port() {
        assert!(parse("https://rung.example.org:8443").is_ok());
        assert!(parse("https://rung.example.org/").is_ok());
        for odd in [
            "rung.example.org",
            "rung.example.org:8443",
            "ftp://127.0.0.1",
            "https://a:b@rung.example.org",
            "https://rung.example.org/api",
            "https://",
            "",
            "http://127.0.0.1@rung.example.org",
        ] {
            assert_eq!(
                parse(odd).map_err(|f| f.reason),
                Err("SERVER_ADDRESS".into()),
                "{odd}"
            );
        }
    }
}
