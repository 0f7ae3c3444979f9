//! What the machine asks of the world and what the world answers.

use schemas::frontier::ErrandPurpose;
use schemas::id::SourceId;

/// One request to make: a GET without a body, or a POST of a form; no redirects followed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The absolute http or https URL.
    pub url: String,
    /// The host that the request goes to, with port when it is not the scheme's own. It counts as busy until the
    /// answer is committed.
    pub host: String,
    /// What for.
    pub purpose: Purpose,
    /// Headers to send besides the client's own (`User-Agent`, `Accept-Encoding`), in order. Values of
    /// `If-None-Match` and `If-Modified-Since` as they stood in [`Response::headers`] are sent as the same bytes.
    pub headers: Vec<(String, String)>,
    /// The names and values of a form to POST (`application/x-www-form-urlencoded`), in order; empty for a GET.
    pub form: Vec<(String, String)>,
    /// A body larger than this after inflation is [`FailureKind::TooLarge`]; for robots.txt the client may also cut
    /// it here and answer with what it has.
    pub max_body_bytes: usize,
    /// A file with credentials for exactly this request's host, for the client's side to read.
    pub credentials_file: Option<String>,
}

/// What a request is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Purpose {
    /// A poll of this source's feed.
    Feed(SourceId),
    /// The robots.txt of this host.
    Robots(String),
    /// Something that another partition waits for; of several that wait for one URL, the first.
    Errand(ErrandPurpose),
    /// An article.
    #[default]
    Page,
}

impl Purpose {
    /// True where a body that is too large may be cut instead of failing (RFC 9309, section 2.5).
    #[must_use]
    pub fn may_be_cut(&self) -> bool {
        matches!(self, Self::Robots(_) | Self::Errand(ErrandPurpose::Robots { .. }))
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A whole HTTP response.
    Response(Response),
    /// No whole response.
    Failure(Failure),
}

impl Answer {
    /// True when no host answers at all, so that nothing is known about the one that was asked.
    #[must_use]
    pub fn is_of_our_network(&self) -> bool {
        matches!(self, Self::Failure(failure) if failure.kind == FailureKind::OurNetwork)
    }
}

/// A whole HTTP response.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers as sent, in order; names may repeat. Values that are not UTF-8 are decoded as Latin-1. Validators
    /// (`ETag`, `Last-Modified`) always are, so that their bytes are not lost: one character is one byte.
    pub headers: Vec<(String, String)>,
    /// The body after inflation. With a status other than 2xx it is what could be read of it, possibly nothing.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name, without blanks around it.
    #[must_use]
    pub fn header<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.headers_named(name).next()
    }

    /// All headers of that name, in order.
    pub fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_matches([' ', '\t']))
    }
}

/// A request without a whole response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// What happened, in words, for people.
    pub detail: String,
}

/// Why there is no whole response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// The address policy ([`crate::ssrf`]) does not let us connect there.
    RefusedAddress,
    /// The name does not resolve or nobody answers; the detail says which.
    Connect,
    /// It took too long.
    Timeout,
    /// No trusted encrypted connection.
    Tls,
    /// The body is larger than [`Request::max_body_bytes`], or the headers are too large.
    TooLarge,
    /// The connection ended before the body did.
    Truncated,
    /// The body can't be inflated, or the response is not HTTP.
    Decode,
    /// The source's credentials can't be read, so nothing was asked.
    Credentials,
    /// No host answers at all ([`crate::outage`]), so nothing is known about this one.
    OurNetwork,
}

impl FailureKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::RefusedAddress,
        Self::Connect,
        Self::Timeout,
        Self::Tls,
        Self::TooLarge,
        Self::Truncated,
        Self::Decode,
        Self::Credentials,
        Self::OurNetwork,
    ];

    /// The kind that [`FailureKind::as_str`] spells so.
    #[must_use]
    pub fn named(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == words)
    }

    /// True when the host as a whole could not be reached, so that its other requests would fail as well.
    #[must_use]
    pub fn is_of_host(self) -> bool {
        match self {
            Self::Connect | Self::Timeout | Self::Tls => true,
            Self::RefusedAddress | Self::TooLarge | Self::Truncated | Self::Decode => false,
            Self::Credentials | Self::OurNetwork => false,
        }
    }

    /// True when the host was reached, although what it sent can't be used.
    #[must_use]
    pub fn reached_host(self) -> bool {
        matches!(self, Self::TooLarge | Self::Truncated | Self::Decode)
    }

    /// The kind in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RefusedAddress => "refused address",
            Self::Connect => "can't connect",
            Self::Timeout => "timed out",
            Self::Tls => "no trusted TLS connection",
            Self::TooLarge => "too large",
            Self::Truncated => "cut short",
            Self::Decode => "can't be decoded",
            Self::Credentials => "no credentials",
            Self::OurNetwork => "no host answers",
        }
    }
}
