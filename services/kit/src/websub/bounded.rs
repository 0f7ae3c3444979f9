//! Connections of strangers, bounded in number and in time.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

/// Connections at once.
const CONNECTIONS_MAX: usize = 256;
/// How long a connection may take from its beginning, or from the last answer on it, to the end of the next request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// A listener that takes a connection only when there is room for it.
pub(super) struct Bounded {
    inner: TcpListener,
    room: Arc<Semaphore>,
}

impl Bounded {
    pub(super) fn new(inner: TcpListener) -> Self {
        Self {
            inner,
            room: Arc::new(Semaphore::new(CONNECTIONS_MAX)),
        }
    }
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        // The semaphore is never closed, so there is always a permit to be had.
        let permit = Arc::clone(&self.room).acquire_owned().await.ok();
        // The listener waits after errors such as too many open files.
        let (stream, address) = Listener::accept(&mut self.inner).await;
        (Connection::new(stream, permit, REQUEST_TIMEOUT), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Listener::local_addr(&self.inner)
    }
}

/// A connection whose reads fail when its time is over. Each answer buys time for one more request.
pub(super) struct Connection {
    stream: TcpStream,
    deadline: Pin<Box<Sleep>>,
    timeout: Duration,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Connection {
    fn new(stream: TcpStream, permit: Option<OwnedSemaphorePermit>, timeout: Duration) -> Self {
        Self {
            stream,
            deadline: Box::pin(tokio::time::sleep(timeout)),
            timeout,
            _permit: permit,
        }
    }

    /// Fails once the deadline has passed; wakes the task when it does.
    fn poll_time(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.deadline.as_mut().poll(context));
        Poll::Ready(Err(io::Error::from(io::ErrorKind::TimedOut)))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Poll::Ready(result) = self.poll_time(context) {
            return Poll::Ready(result);
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Pending => self.poll_time(context).map(|result| result.map(|()| 0)),
            Poll::Ready(result) => {
                let until = Instant::now() + self.timeout;
                self.deadline.as_mut().reset(until);
                Poll::Ready(result)
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn pair(timeout: Duration) -> (Connection, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        (Connection::new(server, None, timeout), client)
    }

    fn on_runtime<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(future)
    }

    #[test]
    fn a_silent_connection_ends() {
        let kind = on_runtime(async {
            let (mut server, _client) = pair(Duration::from_millis(1)).await;
            server.read_u8().await.unwrap_err().kind()
        });
        assert_eq!(kind, io::ErrorKind::TimedOut);
    }

    #[test]
    fn an_answer_buys_time_for_another_request() {
        on_runtime(async {
            let (mut server, mut client) = pair(Duration::from_secs(600)).await;
            server.deadline.as_mut().reset(Instant::now());
            server.write_all(b"x").await.unwrap();
            client.write_all(b"y").await.unwrap();
            assert_eq!(server.read_u8().await.unwrap(), b'y');
        });
    }

    #[test]
    fn there_is_room_for_so_many_connections_and_no_more() {
        on_runtime(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let mut bounded = Bounded {
                inner: listener,
                room: Arc::new(Semaphore::new(1)),
            };
            let _clients = (
                TcpStream::connect(address).await.unwrap(),
                TcpStream::connect(address).await.unwrap(),
            );
            let first = bounded.accept().await;
            let mut second = std::pin::pin!(bounded.accept());
            let waits = std::future::poll_fn(|context| Poll::Ready(second.as_mut().poll(context).is_pending())).await;
            assert!(waits);
            drop(first);
            second.await;
        });
    }
}
