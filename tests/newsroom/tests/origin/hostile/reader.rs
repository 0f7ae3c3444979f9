//! A client that takes whatever comes, for as long as it comes.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long nothing may come before the reader gives up.
const SILENCE: Duration = Duration::from_millis(400);
/// Where the reader has seen enough of an answer without end.
pub(crate) const ENOUGH_BYTES: usize = 48 * 1024 * 1024;

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The site closed the connection.
    Closed,
    /// Nothing more came.
    Silent,
    /// It went on and on.
    Endless,
}

/// The bytes of an answer.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) bytes: Vec<u8>,
    pub(crate) end: End,
}

impl Taken {
    fn split(&self) -> (&[u8], &[u8]) {
        let end = self.bytes.windows(4).position(|four| four == b"\r\n\r\n");
        end.map_or((&self.bytes[..], &[]), |end| {
            (&self.bytes[..end], &self.bytes[end + 4..])
        })
    }

    /// The head, each byte as the character of the same number.
    pub(crate) fn head(&self) -> String {
        self.split().0.iter().map(|byte| char::from(*byte)).collect()
    }

    pub(crate) fn body(&self) -> &[u8] {
        self.split().1
    }

    pub(crate) fn status(&self) -> Option<u16> {
        self.head().strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
    }

    /// All values of a header, in order.
    pub(crate) fn headers(&self, name: &str) -> Vec<String> {
        let head = self.head();
        let lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
        lines
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.to_owned())
            .collect()
    }
}

/// GET on a connection of its own; `headers` are whole lines.
pub(crate) async fn take(url: &str, headers: &[String]) -> Taken {
    let url = url.to_owned();
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    tokio::task::spawn_blocking(move || take_blocking(&url, &headers))
        .await
        .unwrap()
}

fn take_blocking(url: &str, headers: &str) -> Taken {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap());
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(SILENCE)).unwrap();
    let request: Vec<u8> =
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: reader\r\nConnection: close\r\n{headers}\r\n")
            .chars()
            .map(|letter| u8::try_from(u32::from(letter)).unwrap())
            .collect();
    stream.write_all(&request).unwrap();
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        let end = match stream.read(&mut part) {
            Ok(0) => End::Closed,
            Ok(count) if ENOUGH_BYTES < bytes.len() + count => End::Endless,
            Ok(count) => {
                bytes.extend_from_slice(&part[..count]);
                continue;
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => End::Silent,
            // A site that closes with unread bytes resets the connection.
            Err(_) => End::Closed,
        };
        return Taken { bytes, end };
    }
}
