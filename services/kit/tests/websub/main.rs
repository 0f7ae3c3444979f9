//! The callback of WebSub hubs, asked over real connections.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod callback;
mod hub;
mod place;
