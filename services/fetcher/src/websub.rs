//! A WebSub subscriber (W3C Recommendation of 23 January 2018): a hub tells us of news, and polling is the fallback.
//!
//! A feed that names a hub ([`discovery`]) is subscribed to there: a [`form`] goes to the hub, the hub asks our
//! callback whether that is what we want ([`intent`]), and from then on posts new content to the callback, signed
//! ([`signature`]). The lease that it grants is renewed before it ends.
//!
//! The callback of a subscription and its secret are derived from one configured secret ([`keys`]), so any instance
//! behind the public address can judge any request without asking the instance that owns the feed. What the callback
//! learns goes into the log, to the owner.
//!
//! It does not know sockets, clocks or the log: the kit listens, the machine decides when the hub is asked.

pub mod discovery;
pub mod form;
pub mod intent;
pub mod keys;
pub mod link_header;
pub mod signature;

/// How this installation subscribes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The public address under which hubs reach the callback, without a slash at its end.
    pub callback_url: String,
    /// What callbacks and secrets are derived from.
    pub keys: keys::Keys,
    /// The lease to ask for, in seconds. The hub grants what it likes.
    pub lease_seconds: u32,
    /// While pushes bring everything, a feed is polled this many times less often.
    pub poll_factor: u32,
}

#[cfg(test)]
mod tests;
