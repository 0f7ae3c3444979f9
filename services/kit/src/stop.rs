//! The wish to stop, shared by everything that runs.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// A latch that everything long-running looks at. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    shared: Arc<(Mutex<bool>, Condvar)>,
}

impl Stop {
    /// A latch that nobody has pulled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks everything to finish what it has begun and end.
    pub fn pull(&self) {
        *self.shared.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.1.notify_all();
    }

    /// True once somebody asked.
    #[must_use]
    pub fn is_pulled(&self) -> bool {
        *self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until somebody asks, at most `wait`; true when somebody did.
    #[must_use]
    pub fn wait(&self, wait: Duration) -> bool {
        let guard = self.shared.0.lock().unwrap_or_else(PoisonError::into_inner);
        *self
            .shared
            .1
            .wait_timeout_while(guard, wait, |pulled| !*pulled)
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }
}
