//! The HTTP client against an origin on loopback that misbehaves in every way we know of.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod addresses;
mod bombs;
mod codings;
mod connections;
mod exchange;
mod framing;
mod headers;
mod http2;
mod origin;
mod time;
mod tls;
