//! What every host counts, whichever loop it runs.

use schemas::record::Finding;
use schemas::topic::StageName;

use super::Around;
use crate::log::{LogError, Offsets};
use crate::telemetry::Metric;

/// The host asks the log for input now.
pub fn poll(around: Around<'_>, stage: StageName) {
    #[expect(clippy::cast_precision_loss, reason = "seconds since the epoch fit")]
    let now = (around.clock)().as_millis() as f64 / 1000.0;
    around
        .telemetry
        .record(Metric::LastPollTimestampSeconds, &[stage.as_str()], now);
}

/// The host got `partitions` and recalled their memory from `records`.
pub fn recalled(around: Around<'_>, stage: StageName, partitions: usize, records: usize) {
    let labels = [stage.as_str()];
    around.telemetry.count(Metric::Recalls, &labels, 1);
    around
        .telemetry
        .record(Metric::RecalledRecords, &labels, as_f64(records));
    around
        .telemetry
        .record(Metric::AssignedPartitions, &labels, as_f64(partitions));
    tracing::info!(stage = stage.as_str(), partitions, memory_records = records, "assigned");
}

/// How many records of its inputs the host has not taken yet.
///
/// # Errors
/// When the log can't be asked.
pub fn lag(around: Around<'_>, stage: StageName, offsets: &Offsets) -> Result<(), LogError> {
    let mut lag = 0;
    for ((topic, partition), offset) in offsets {
        lag += around.log.bounds(*topic, *partition)?.end.saturating_sub(*offset);
    }
    #[expect(clippy::cast_precision_loss, reason = "record counts stay far below 2^53")]
    around
        .telemetry
        .record(Metric::LagRecords, &[stage.as_str()], lag as f64);
    Ok(())
}

/// A count as metrics carry it.
#[must_use]
pub fn as_f64(count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
    let count = count as f64;
    count
}

/// The metric that counts a finding, and its label.
#[must_use]
pub fn finding(finding: Finding) -> (Metric, &'static str) {
    match finding {
        Finding::PageRuleMatched => (Metric::CleanerRules, "matched"),
        Finding::PageRuleMissed => (Metric::CleanerRules, "missed"),
        Finding::PageRuleExpired => (Metric::CleanerRules, "expired"),
        Finding::OriginalReplaced => (Metric::DeduperOriginals, "replaced"),
    }
}
