//! Callbacks and secrets of subscriptions, derived from one configured secret.
//!
//! Every instance derives the same, so a request to the callback is judged wherever it arrives, and a restart forgets
//! nothing. The token of a callback binds source and topic; the mode is not in it because a hub knows a subscription
//! by its callback, so that subscribing and unsubscribing must use the same one.

use std::fmt;

use hmac::{Hmac, Mac as _};
use schemas::id::SourceId;
use sha2::{Digest as _, Sha256};

use super::signature::bytes_of;

/// The key of one purpose is never that of another.
const CALLBACK: &[u8] = b"copydesk websub callback 1";
const HUB_SECRET: &[u8] = b"copydesk websub secret 1";

/// Bytes of the topic's hash in a callback.
const TOPIC_BYTES: usize = 16;
/// Bytes of the token in a callback: what nobody guesses.
const TOKEN_BYTES: usize = 20;

/// Derives callbacks and secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    secret: Vec<u8>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Keys")
    }
}

/// The callback of one subscription.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Callback {
    /// The source that is subscribed to.
    pub source_id: SourceId,
    /// A hash of the topic, 32 hexadecimal digits.
    topic_hash: String,
}

impl Callback {
    /// True when it is the callback of `topic`.
    #[must_use]
    pub fn is_of_topic(&self, topic: &str) -> bool {
        self.topic_hash == topic_hash(topic)
    }
}

impl Keys {
    /// Keys from the configured secret.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self {
            secret: secret.as_bytes().to_vec(),
        }
    }

    /// The path of the callback of a subscription, below the public address, with a slash before it.
    #[must_use]
    pub fn path(&self, source: &SourceId, topic: &str) -> String {
        let topic = topic_hash(topic);
        let token = self.derived(CALLBACK, source, &topic);
        let token = hexadecimal(token.iter().take(TOKEN_BYTES));
        format!("/{source}/{topic}/{token}")
    }

    /// The callback that `path` (below the public address, with a slash before it) names; `None` unless its token is
    /// right, which takes the same time whatever is wrong with it.
    #[must_use]
    pub fn open(&self, path: &str) -> Option<Callback> {
        let mut parts = path.strip_prefix('/')?.split('/');
        let (source, topic_hash, token) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || token.len() != 2 * TOKEN_BYTES || topic_hash.len() != 2 * TOPIC_BYTES {
            return None;
        }
        let source_id = SourceId::from(source);
        let claimed = bytes_of(token)?;
        let is_right = self
            .mac(CALLBACK, &source_id, topic_hash)?
            .verify_truncated_left(&claimed)
            .is_ok();
        is_right.then(|| Callback {
            source_id,
            topic_hash: topic_hash.to_owned(),
        })
    }

    /// The secret with which the hub signs for this callback: 64 hexadecimal digits (fewer than the 200 bytes that
    /// section 5.1 allows).
    #[must_use]
    pub fn hub_secret(&self, callback: &Callback) -> String {
        hexadecimal(
            self.derived(HUB_SECRET, &callback.source_id, &callback.topic_hash)
                .iter(),
        )
    }

    /// The secret for the subscription of `source` to `topic`.
    #[must_use]
    pub fn secret_of(&self, source: &SourceId, topic: &str) -> String {
        self.hub_secret(&Callback {
            source_id: source.clone(),
            topic_hash: topic_hash(topic),
        })
    }

    fn derived(&self, purpose: &[u8], source: &SourceId, topic_hash: &str) -> [u8; 32] {
        let mac = self.mac(purpose, source, topic_hash);
        mac.map_or([0; 32], |mac| mac.finalize().into_bytes().into())
    }

    /// Always there: a key of any length will do.
    fn mac(&self, purpose: &[u8], source: &SourceId, topic_hash: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).ok()?;
        for part in [purpose, source.as_str().as_bytes(), topic_hash.as_bytes()] {
            mac.update(part);
            mac.update(&[0]);
        }
        Some(mac)
    }
}

fn topic_hash(topic: &str) -> String {
    hexadecimal(Sha256::digest(topic.as_bytes()).iter().take(TOPIC_BYTES))
}

fn hexadecimal<'a>(bytes: impl Iterator<Item = &'a u8>) -> String {
    bytes.map(|byte| format!("{byte:02x}")).collect()
}
