//! Two hundred sites that misbehave, one way each, beside a small press that does not: of every one comes what should
//! ([`newsroom::misbehaviour`]), across a kill of the fetcher, and every item is accounted for.

mod on_a_directory;
mod on_kafka;
mod run;

use std::time::Duration;

/// What every fetcher of these tests is told: loopback alone is allowed beside the public networks, and what is minutes
/// on the web is seconds here.
const OPTIONS: &str = "--set fetcher.allow_networks=127.0.0.0/8 --set fetcher.host_delay_ms=20 \
    --set fetcher.poll_interval_min_seconds=1 --set fetcher.refetch_min_seconds=1 --set fetcher.retry_min_seconds=1 \
    --set fetcher.request_timeout_seconds=5 --set admin.listen=";

/// The last moment for everything to come out as it should.
const PATIENCE: Duration = Duration::from_secs(240);
