//! Accepting connections, so many at once and no more: a further one waits in the kernel's queue until one goes.

use std::{
    future::Future as _,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{Stream, StreamExt as _, stream};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Sleep,
};
use tonic::transport::server::{Connected, TcpConnectInfo, TcpIncoming};

/// How long a connection may be silent at first. After that HTTP/2 keeps asking whether anybody is there.
const FIRST_BYTES: Duration = Duration::from_secs(10);

/// A connection that gives its place back when it is dropped.
pub(super) struct Placed {
    stream: TcpStream,
    /// Until something was heard: when to give up. A peer that says nothing would keep its place for ever.
    silence: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
}

/// Connections from `incoming`, `limit` of them at a time.
pub(super) fn capped(
    incoming: TcpIncoming,
    limit: usize,
) -> impl Stream<Item = io::Result<Placed>> {
    let places = Arc::new(Semaphore::new(limit));
    stream::unfold((incoming, places), |(mut incoming, places)| async move {
        // Closed it never is: nobody closes this semaphore.
        let place = Arc::clone(&places).acquire_owned().await.ok()?;
        let accepted = incoming.next().await?;
        let connection = accepted.map(|stream| Placed {
            stream,
            silence: Some(Box::pin(tokio::time::sleep(FIRST_BYTES))),
            _place: place,
        });
        Some((connection, (incoming, places)))
    })
}

impl Connected for Placed {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        self.stream.connect_info()
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
            self.silence = None;
        } else if let Some(silence) = &mut self.silence
            && silence.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
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
mod tests {
    use tokio::{io::AsyncReadExt as _, net::TcpStream};

    use super::*;

    /// Seen failing without the deadline: the second connection then waits for ever.
    #[tokio::test]
    async fn a_silent_connection_gives_its_place_back_and_a_place_is_had_by_one() {
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = incoming.local_addr().unwrap();
        let mut accepted = Box::pin(capped(incoming, 1));
        let _silent = TcpStream::connect(address).await.unwrap();
        let mut first = accepted.next().await.unwrap().unwrap();
        let _second = TcpStream::connect(address).await.unwrap();
        assert!(
            futures_util::poll!(accepted.next()).is_pending(),
            "there is one place, and it is taken"
        );
        tokio::time::pause();
        let mut byte = [0];
        let silence = first.read(&mut byte).await.unwrap_err();
        assert_eq!(silence.kind(), io::ErrorKind::TimedOut);
        tokio::time::resume();
        drop(first);
        accepted.next().await.unwrap().unwrap();
    }
}
