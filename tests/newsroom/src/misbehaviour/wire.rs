//! HTTP/1.1 by hand, for answers that no library would send: one request after the other on plain TCP.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::answer::{Answer, Step};
use crate::access::{Exchange, Hit};

/// The longest request head that is read.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How long an idle connection is kept.
const IDLE: Duration = Duration::from_secs(30);

/// A request's head.
#[derive(Debug)]
pub(super) struct Request {
    /// Path and query.
    pub(super) path: String,
    head: String,
}

impl Request {
    /// Reads `GET PATH HTTP/1.1` and header lines. Bytes become the characters of the same numbers, so none is lost.
    fn new(bytes: &[u8]) -> Self {
        let head: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
        Self { path, head }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
        let line = lines.find(|(key, _)| key.eq_ignore_ascii_case(name));
        line.map(|(_, value)| value.trim_matches([' ', '\t']))
    }
}

/// Somebody who answers requests.
pub(super) trait Answers: Send + Sync + 'static {
    /// Notes the request and says what to answer.
    fn answer(&self, request: &Request, hit: Hit) -> (Exchange<'_>, Answer);
}

/// Accepts connections until `stopped`.
pub(super) async fn serve(listener: TcpListener, answers: Arc<impl Answers>, mut stopped: watch::Receiver<bool>) {
    let stop = stopped.clone();
    let accept = async {
        loop {
            // A connection that failed before it was accepted is its client's affair.
            if let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(stream, Arc::clone(&answers), stop.clone()));
            }
        }
    };
    tokio::select! {
        () = accept => {}
        // An error means that the newsroom was dropped, which stops it too.
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
}

async fn connection(stream: TcpStream, answers: Arc<impl Answers>, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        // What a single connection does is its own affair: errors end it.
        result = exchanges(&stream, answers.as_ref()) => { result.ok(); }
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
}

async fn exchanges(stream: &TcpStream, answers: &impl Answers) -> io::Result<()> {
    let peer_port = stream.peer_addr()?.port();
    let mut pending = Vec::new();
    while let Some(request) = tokio::time::timeout(IDLE, read_head(stream, &mut pending)).await?? {
        let header = |name| request.header(name).map(str::to_owned);
        let (if_none_match, if_modified_since) = (header("If-None-Match"), header("If-Modified-Since"));
        let hit = Hit {
            host: header("Host").unwrap_or_default(),
            path: request.path.clone(),
            peer_port,
            user_agent: header("User-Agent").unwrap_or_default(),
            accept_encoding: header("Accept-Encoding").unwrap_or_default(),
            conditional: if_none_match.is_some() || if_modified_since.is_some(),
            if_none_match,
            if_modified_since,
            ..Hit::default()
        };
        let (exchange, answer) = answers.answer(&request, hit);
        exchange.answered(answer.status(), answer.retry_after_ms());
        let keeps = answer.keeps_connection();
        for step in answer.into_steps() {
            perform(stream, step, &exchange).await?;
        }
        drop(exchange);
        let closes = request
            .header("Connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"));
        if !keeps || closes {
            return Ok(());
        }
    }
    Ok(())
}

/// The next request's head; `None` when the client has no more. Bytes behind it stay in `pending`.
async fn read_head(stream: &TcpStream, pending: &mut Vec<u8>) -> io::Result<Option<Request>> {
    loop {
        if let Some(end) = pending.windows(4).position(|four| four == b"\r\n\r\n") {
            let request = Request::new(&pending[..end]);
            pending.drain(..end + 4);
            return Ok(Some(request));
        }
        if HEAD_BYTES_MAX < pending.len() || read_some(stream, pending).await? == 0 {
            return Ok(None);
        }
    }
}

/// Waits for bytes and appends them; 0 when the client has closed.
async fn read_some(stream: &TcpStream, into: &mut Vec<u8>) -> io::Result<usize> {
    let mut bytes = [0; 8 * 1024];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut bytes) {
            Ok(count) => {
                into.extend_from_slice(&bytes[..count]);
                return Ok(count);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

async fn perform(stream: &TcpStream, step: Step, exchange: &Exchange<'_>) -> io::Result<()> {
    match step {
        Step::Send(bytes) => write_all(stream, &bytes, exchange).await,
        Step::Repeat { bytes, times } => {
            for _ in 0..times {
                write_all(stream, &bytes, exchange).await?;
            }
            Ok(())
        }
        Step::Drip { bytes, pause } => {
            for byte in bytes {
                write_all(stream, &[byte], exchange).await?;
                until_gone_or(stream, pause).await?;
            }
            Ok(())
        }
        Step::Pause(pause) => until_gone_or(stream, pause).await,
        Step::Hang => until_gone_or(stream, Duration::MAX).await,
    }
}

/// Waits; an error when the client closes the connection meanwhile.
async fn until_gone_or(stream: &TcpStream, pause: Duration) -> io::Result<()> {
    let gone = async {
        let mut ignored = Vec::new();
        while 0 < read_some(stream, &mut ignored).await? {
            ignored.clear();
        }
        Err(io::Error::from(io::ErrorKind::UnexpectedEof))
    };
    tokio::time::timeout(pause, gone).await.unwrap_or(Ok(()))
}

async fn write_all(stream: &TcpStream, mut bytes: &[u8], exchange: &Exchange<'_>) -> io::Result<()> {
    while !bytes.is_empty() {
        stream.writable().await?;
        match stream.try_write(bytes) {
            Ok(count) => {
                exchange.sent(count);
                bytes = &bytes[count..];
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
