use rcgen::generate_simple_self_signed;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

use super::*;

/// Seen failing without the deadline: the second connection then waits for ever.
#[tokio::test]
async fn a_silent_connection_gives_its_place_back_and_a_place_is_had_by_one() {
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = incoming.local_addr().unwrap();
    let mut accepted = Box::pin(capped(incoming, 1, None));
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut first = accepted.next().await.unwrap().unwrap();
    let _second = TcpStream::connect(address).await.unwrap();
    assert!(
        futures_util::poll!(accepted.next()).is_pending(),
        "there is one place, and it is taken"
    );
    let mut byte = [0];
    silent.write_all(b"x").await.unwrap();
    first.read_exact(&mut byte).await.unwrap();
    tokio::time::pause();
    // It has said something; now it is silent again.
    let heard = Instant::now();
    let silence = first.read(&mut byte).await.unwrap_err();
    assert_eq!(silence.kind(), io::ErrorKind::TimedOut);
    let second = Duration::from_secs(1);
    assert!(heard.elapsed() + second >= SILENCE && heard.elapsed() <= SILENCE + second);
    tokio::time::resume();
    drop(first);
    let mut second = accepted.next().await.unwrap().unwrap();
    tokio::time::pause();
    let connected = Instant::now();
    let silence = second.read(&mut byte).await.unwrap_err();
    assert_eq!(silence.kind(), io::ErrorKind::TimedOut);
    assert!(connected.elapsed() <= FIRST_BYTES + Duration::from_secs(1));
}

/// A server with a certificate of its own that says "hello" to whoever completes a handshake, and a client that trusts it.
async fn secured(
    protocols: &[&[u8]],
) -> (
    io::Result<tokio_rustls::client::TlsStream<TcpStream>>,
    Option<std::net::SocketAddr>,
) {
    let folder = tempfile::tempdir().unwrap();
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (
        folder.path().join("cert.pem"),
        folder.path().join("key.pem"),
    );
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = incoming.local_addr().unwrap();
    let mut accepted = Box::pin(capped(incoming, 2, Some(tls(&certificate, &key).unwrap())));
    // A connection that never completes its handshake holds nobody up.
    let _stuck = TcpStream::connect(address).await.unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|p| p.to_vec()).collect();
    let stream = TcpStream::connect(address).await.unwrap();
    let from = stream.local_addr().unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let connected = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await;
    if connected.is_err() {
        return (connected, None);
    }
    let mut wire = accepted.next().await.unwrap().unwrap();
    let seen = wire.connect_info().remote_addr();
    assert_eq!(seen, Some(from));
    wire.write_all(b"hello").await.unwrap();
    wire.shutdown().await.unwrap();
    (connected, seen)
}

/// Seen failing with HTTP/1.1 left out of the offer.
#[tokio::test]
async fn over_tls_both_protocols_are_offered_and_the_peer_is_known() {
    for protocol in [&b"h2"[..], b"http/1.1"] {
        let (connected, _) = secured(&[protocol]).await;
        let mut stream = connected.unwrap();
        let session = stream.get_ref().1;
        assert_eq!(session.alpn_protocol(), Some(protocol));
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "hello");
    }
    assert!(secured(&[b"spdy/1"]).await.0.is_err());
}

#[test]
fn what_is_no_certificate_is_told_with_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cert.pem");
    std::fs::write(&file, "nothing").unwrap();
    let Err(Error::Internal(text)) = tls(&file, &file) else {
        panic!("it was taken");
    };
    assert!(text.contains("cert.pem"), "{text}");
}
