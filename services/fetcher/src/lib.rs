//! What to fetch and when: feeds, articles, robots.txt, politeness. A state machine without I/O: it is told the time
//! and the answer, it says what to request next.
//!
//! It does not know sockets, clocks, files or the log. A host (in the kit) owns those: it applies the recalled memory,
//! asks [`Fetcher::next`](machine::Fetcher::next) what to do, makes the request over a client that follows no
//! redirects and checks every address by [`ssrf`], hands the answer to
//! [`Fetcher::answer`](machine::Fetcher::answer), commits the [`Step`](machine::Step) that comes back and applies its
//! memory. Deciding changes nothing, so a kill between a decision and its commit loses nothing: the recalled value
//! says the same again.
//!
//! Sources that are files have a lane of their own ([`files`]), made in the same way.
//!
//! Start reading at [`machine`], then [`exchange`] (what is asked and answered), then [`feed`].
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod bounds;
pub mod charset;
pub mod date;
pub mod exchange;
pub mod feed;
pub mod files;
pub mod found;
pub mod health;
pub mod machine;
pub mod outage;
pub mod probe;
pub mod robots;
pub mod settings;
pub mod sitemap;
pub mod ssrf;
pub mod stable_hash;
pub mod tdm;
pub mod websub;
