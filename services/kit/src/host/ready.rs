//! Ready when the last latch is dropped: no states, no setters.

use std::sync::Arc;

/// Held by whatever is not ready yet. Dropping it says that it is.
#[derive(Debug, Clone)]
pub struct Latch {
    _held: Arc<()>,
}

/// Tells whether all latches are released.
#[derive(Debug, Clone)]
pub struct Readiness {
    held: std::sync::Weak<()>,
}

/// A readiness and its first latch; clone the latch for everything that must be ready.
#[must_use]
pub fn readiness() -> (Readiness, Latch) {
    let held = Arc::new(());
    (
        Readiness {
            held: Arc::downgrade(&held),
        },
        Latch { _held: held },
    )
}

impl Readiness {
    /// True when every latch is dropped.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.held.strong_count() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_ready_when_the_last_latch_is_dropped() {
        let (readiness, latch) = readiness();
        let other = latch.clone();
        drop(latch);
        assert!(!readiness.is_ready());
        drop(other);
        assert!(readiness.is_ready());
    }
}
