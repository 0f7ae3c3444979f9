//! Whether a cluster that went silent is still there.
//!
//! librdkafka reconnects for ever and says so once, so a reader could wait for ever. After such a word the cluster is
//! asked, and when it does not answer either, that is an error.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};

use super::cluster::{Cluster, WithLastError};
use crate::log::LogError;

/// How long librdkafka may mend a connection before the cluster is asked.
const GRACE: Duration = Duration::from_secs(5);

/// Since when it isn't sure that the cluster is there.
#[derive(Debug, Default)]
pub(super) struct Doubt(Option<Instant>);

impl Doubt {
    /// The network failed.
    pub(super) fn raise(&mut self) {
        self.0.get_or_insert_with(Instant::now);
    }

    /// Something came from the cluster.
    pub(super) fn clear(&mut self) {
        self.0 = None;
    }

    /// Asks the cluster for the metadata of topic `name` when the doubt has lasted.
    pub(super) fn settle<C: ConsumerContext + WithLastError>(
        &mut self,
        cluster: &Cluster,
        consumer: &BaseConsumer<C>,
        name: &str,
    ) -> Result<(), LogError> {
        if self.0.is_none_or(|since| since.elapsed() < GRACE) {
            return Ok(());
        }
        self.clear();
        match consumer.fetch_metadata(Some(name), cluster.request_timeout()) {
            Ok(_) => Ok(()),
            Err(error) => Err(cluster.failure("read records", &error, consumer.context().last_error())),
        }
    }
}
