//! A client for tests: one request, one connection.

use std::io::{Read, Write};
use std::net::TcpStream;

use newsroom::{Newsroom, Options};

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }
}

/// A newsroom with times that stay the same.
pub(crate) async fn newsroom(initial: usize) -> Newsroom {
    let options = Options {
        initial,
        first_published_at: Some(1_772_400_000),
        ..Options::default()
    };
    Newsroom::start(options).await.unwrap()
}

/// A newsroom with all misbehaving sites.
pub(crate) async fn hostile_newsroom() -> Newsroom {
    let options = Options {
        initial: 0,
        hostile: true,
        ..Options::default()
    };
    Newsroom::start(options).await.unwrap()
}

/// GET with extra header lines, on a thread that may block.
pub(crate) async fn get(url: &str, headers: &[(&str, &str)]) -> Answer {
    let url = url.to_owned();
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    tokio::task::spawn_blocking(move || get_blocking(&url, &headers))
        .await
        .unwrap()
}

fn get_blocking(url: &str, headers: &str) -> Answer {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap());
    let mut stream = TcpStream::connect(host).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head,
        body: bytes[end + 4..].to_vec(),
    }
}
