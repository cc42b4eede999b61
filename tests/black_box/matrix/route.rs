//! What is served over HTTP beside the RPCs.

use rung_tests::{Result, fail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Asks for a path; the status and everything that came.
pub(super) async fn get(address: &str, path: &str, token: Option<&str>) -> Result<(u16, String)> {
    let mut stream = TcpStream::connect(address).await?;
    let token = token.map_or(String::new(), |t| format!("Authorization: Bearer {t}\r\n"));
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{token}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut text = String::new();
    stream.read_to_string(&mut text).await?;
    match text
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
    {
        Some(status) => Ok((status, text)),
        None => fail(format!("no HTTP: {text}")),
    }
}

/// The paths that the server names, as its source has them.
pub(super) fn served() -> Vec<&'static str> {
    include_str!("../../../server/src/http/mod.rs")
        .lines()
        .filter_map(|line| line.trim().trim_start_matches('(').strip_prefix('"'))
        .filter_map(|line| line.split('"').next())
        .filter(|path| path.starts_with('/'))
        .collect()
}
