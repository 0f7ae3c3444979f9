//! An origin that thinks before it answers.

use std::time::Duration;

pub(crate) const PATH: &str = "/misbehaviour/slow.xml";

/// The pause before the answer.
pub(crate) async fn wait(pause: Duration) {
    tokio::time::sleep(pause).await;
}
