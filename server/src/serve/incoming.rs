//! Accepting connections, so many at once and no more: a further one waits in the kernel's queue until one goes.
//!
//! TLS ends here. Both HTTP/2, which gRPC needs, and HTTP/1.1 are spoken over it.

use std::{
    future::Future as _,
    io,
    path::Path,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{Stream, StreamExt as _};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    time::{Instant, Sleep, timeout},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
        version::{TLS12, TLS13},
    },
};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::{Connected, TcpConnectInfo, TcpIncoming};

use crate::error::{Error, Result};

/// How long a connection may be silent at first.
const FIRST_BYTES: Duration = Duration::from_secs(10);
/// How long it may be silent later. HTTP/2 asks after a minute whether anybody is there, and is answered within 20
/// seconds; this ends connections of HTTP/1.1 that are kept open for nothing.
const SILENCE: Duration = Duration::from_secs(90);
const HANDSHAKE: Duration = Duration::from_secs(10);

/// What TLS needs of a certificate chain and its key, both in PEM.
pub(super) fn tls(certificate: &Path, key: &Path) -> Result<TlsAcceptor> {
    let at = |file: &Path, e: &dyn std::fmt::Display| {
        Error::internal(format!("TLS: {}: {e}", file.display()))
    };
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|e| at(certificate, &e))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|e| at(key, &e))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|e| Error::internal(format!("TLS: {e}")))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|e| at(certificate, &e))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Connections from `incoming`, `limit` of them at a time, those in their handshake among them.
pub(super) fn capped(
    mut incoming: TcpIncoming,
    limit: usize,
    tls: Option<TlsAcceptor>,
) -> impl Stream<Item = io::Result<Wire>> {
    let places = Arc::new(Semaphore::new(limit));
    let (ready, accepted) = mpsc::channel(1);
    tokio::spawn(async move {
        // The server drops the other end when it is told to stop; then the port has to be free at once.
        while let Some(next) = tokio::select! {
            next = accept(&mut incoming, &places) => next,
            () = ready.closed() => None,
        } {
            let (ready, tls) = (ready.clone(), tls.clone());
            let connection = match (next, tls) {
                (Ok(stream), Some(tls)) => {
                    // By itself: a slow one keeps nobody else waiting.
                    tokio::spawn(async move {
                        if let Ok(Ok(ended)) = timeout(HANDSHAKE, tls.accept(stream)).await {
                            let _stopped = ready.send(Ok(Wire::Tls(Box::new(ended)))).await;
                        }
                    });
                    continue;
                }
                (next, _) => next.map(Wire::Plain),
            };
            if ready.send(connection).await.is_err() {
                break;
            }
        }
    });
    ReceiverStream::new(accepted)
}

async fn accept(incoming: &mut TcpIncoming, places: &Arc<Semaphore>) -> Option<io::Result<Placed>> {
    // Closed it never is: nobody closes this semaphore.
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    let accepted = incoming.next().await?;
    Some(accepted.map(|stream| Placed {
        stream,
        silence: Box::pin(tokio::time::sleep(FIRST_BYTES)),
        _place: place,
    }))
}

/// A connection that gives its place back when it is dropped.
pub(super) struct Placed {
    stream: TcpStream,
    /// When to give up unless something is heard. A peer that says nothing would keep its place for ever.
    silence: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

/// A connection, in plain text or with TLS ended.
pub(super) enum Wire {
    Plain(Placed),
    Tls(Box<tokio_rustls::server::TlsStream<Placed>>),
}

impl Connected for Wire {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        match self {
            Self::Plain(placed) => placed.stream.connect_info(),
            Self::Tls(tls) => tls.get_ref().0.stream.connect_info(),
        }
    }
}

impl AsyncRead for Placed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.silence.as_mut().reset(Instant::now() + SILENCE);
        } else if self.silence.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

/// Hands a call on to whatever the connection is.
macro_rules! on_wire {
    ($self:ident, $method:ident($($argument:expr),*)) => {
        match $self.get_mut() {
            Wire::Plain(stream) => Pin::new(stream).$method($($argument),*),
            Wire::Tls(stream) => Pin::new(stream.as_mut()).$method($($argument),*),
        }
    };
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        on_wire!(self, poll_read(context, buffer))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        on_wire!(self, poll_write(context, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_wire!(self, poll_flush(context))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        on_wire!(self, poll_shutdown(context))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        on_wire!(self, poll_write_vectored(context, parts))
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(placed) => placed.is_write_vectored(),
            Self::Tls(tls) => tls.is_write_vectored(),
        }
    }
}

impl AsyncWrite for Placed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
#[path = "incoming_test.rs"]
mod tests;
