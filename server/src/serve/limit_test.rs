//! The transport's limits, seen from the other end of a connection.

use std::time::Duration;

use h2::client::SendRequest;
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::wrappers::TcpListenerStream;

use super::*;

/// A server with our limits and a health service; its address.
async fn server() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_reporter, health) = tonic_health::server::health_reporter();
    let serving = limited()
        .add_service(health)
        .serve_with_incoming(TcpListenerStream::new(listener));
    tokio::spawn(serving);
    address
}

fn request(length: &str) -> http::Request<()> {
    http::Request::post("http://localhost/grpc.health.v1.Health/Check")
        .header("content-type", "application/grpc")
        .header("content-length", length)
        .body(())
        .unwrap()
}

/// A connection, and what ended it, once something does.
async fn connect(
    address: std::net::SocketAddr,
) -> (
    SendRequest<bytes::Bytes>,
    tokio::task::JoinHandle<Option<h2::Error>>,
) {
    let stream = TcpStream::connect(address).await.unwrap();
    let (requests, connection) = h2::client::handshake(stream).await.unwrap();
    let ended = tokio::spawn(async move { connection.await.err() });
    (requests, ended)
}

/// Seen failing without `max_concurrent_streams`: the server then names no limit.
#[tokio::test]
async fn a_connection_carries_so_many_streams_at_once() {
    let (requests, _ended) = connect(server().await).await;
    let mut requests = requests.ready().await.unwrap();
    // One answered request: by then the server's settings have arrived.
    let (answer, _body) = requests.send_request(request("0"), true).unwrap();
    answer.await.unwrap();
    let limit = usize::try_from(STREAMS_PER_CONNECTION).unwrap();
    assert_eq!(requests.current_max_send_streams(), limit);
}

/// Seen failing without `http2_max_local_error_reset_streams`: the server then answers every one of them.
#[tokio::test]
async fn a_connection_that_makes_nothing_but_stream_errors_is_closed() {
    let (mut requests, ended) = connect(server().await).await;
    for _ in 0..LOCAL_RESETS_PER_CONNECTION * 4 {
        let Ok(ready) = requests.clone().ready().await else {
            break;
        };
        requests = ready;
        // A body is announced and none comes: a stream error on the server's side.
        let Ok((answer, _body)) = requests.send_request(request("5"), true) else {
            break;
        };
        // Refused or answered: what counts is when the connection goes.
        let _answered = answer.await;
    }
    drop(requests);
    let cause = tokio::time::timeout(Duration::from_secs(10), ended)
        .await
        .unwrap()
        .unwrap();
    let cause = cause.expect("the server closes the connection with an error");
    assert!(cause.is_go_away() && cause.is_remote(), "{cause:?}");
}
