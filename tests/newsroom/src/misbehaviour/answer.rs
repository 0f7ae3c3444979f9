//! What a misbehaving site says: a head and a body, or bytes that no honest server would send.

use std::time::Duration;

/// A piece of an answer on its way out.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// These bytes.
    Send(Vec<u8>),
    /// The same bytes so many times; `u64::MAX` never ends.
    Repeat { bytes: Vec<u8>, times: u64 },
    /// These bytes, one at a time with a pause after each.
    Drip { bytes: Vec<u8>, pause: Duration },
    /// Nothing for this long.
    Pause(Duration),
    /// Nothing more until the client or the newsroom goes away.
    Hang,
}

#[derive(Debug, Clone)]
enum Body {
    /// Framed by a `Content-Length` that is right.
    Whole(Vec<u8>),
    /// After the head; the framing headers are the row's own, and the connection closes afterwards.
    After(Vec<Step>),
    /// Without a head: every byte is the row's own, and the connection closes afterwards.
    Bare(Vec<Step>),
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Body,
    retry_after_ms: Option<u64>,
}

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const RSS: &str = "application/rss+xml; charset=utf-8";

impl Answer {
    /// An empty answer.
    pub(super) fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Whole(Vec::new()),
            retry_after_ms: None,
        }
    }

    /// 200 with a document.
    pub(super) fn document(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(200).header("Content-Type", content_type).body(body)
    }

    /// A redirect.
    pub(super) fn redirect(status: u16, to: &str) -> Self {
        Self::new(status).header("Location", to)
    }

    /// Steps without a head; `status` is what the access log says.
    pub(super) fn bare(status: u16, steps: Vec<Step>) -> Self {
        Self {
            body: Body::Bare(steps),
            ..Self::new(status)
        }
    }

    pub(super) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Body::Whole(body.into());
        self
    }

    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Steps after the head, without framing headers but those that the row adds.
    pub(super) fn steps(mut self, steps: Vec<Step>) -> Self {
        self.body = Body::After(steps);
        self
    }

    /// Asks for a pause; `value` says in the header what `pause` says to the access log.
    pub(super) fn retry_after(mut self, value: &str, pause: Duration) -> Self {
        self.retry_after_ms = Some(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX));
        self.header("Retry-After", value)
    }

    /// The whole body, where it is one.
    pub(super) fn whole(&self) -> &[u8] {
        match &self.body {
            Body::Whole(bytes) => bytes,
            Body::After(_) | Body::Bare(_) => &[],
        }
    }

    pub(super) fn status(&self) -> u16 {
        self.status
    }

    pub(super) fn retry_after_ms(&self) -> Option<u64> {
        self.retry_after_ms
    }

    /// Whether another request may come on the same connection.
    pub(super) fn keeps_connection(&self) -> bool {
        matches!(self.body, Body::Whole(_))
    }

    /// The answer as it goes out.
    pub(super) fn into_steps(self) -> Vec<Step> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status)).into_bytes();
        for (name, value) in &self.headers {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        }
        match self.body {
            Body::Bare(steps) => steps,
            Body::After(steps) => {
                head.extend_from_slice(b"Connection: close\r\n\r\n");
                std::iter::once(Step::Send(head)).chain(steps).collect()
            }
            Body::Whole(body) => {
                if self.status != 304 {
                    head.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
                }
                head.extend_from_slice(b"\r\n");
                head.extend_from_slice(&body);
                vec![Step::Send(head)]
            }
        }
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
