//! What an operator can see: metrics and log lines.
//!
//! Every metric there is stands in [`Metric`], with its meaning; dashboards and alert rules use nothing else. Labels
//! come from closed sets only: stages, fates, reasons, topics, purposes, outcomes. Never a URL, a host or an id.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

pub mod logging;

/// Label names and values of one series.
type Labels = Vec<(&'static str, String)>;

/// How a metric behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts observations by size, in seconds.
    Histogram,
}

macro_rules! metrics {
    ($($(#[doc = $help:literal])+ $variant:ident = $name:literal, $kind:ident, [$($label:literal),*];)*) => {
        /// Every metric of the program.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Metric {
            $($(#[doc = $help])+ $variant,)*
        }

        impl Metric {
            /// All metrics.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name under which it is exposed; counters get `_total` behind it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// One line of meaning.
            #[must_use]
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => concat!($($help),+).trim_ascii(),)* }
            }

            /// How it behaves.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }

            /// The labels that every series of it has.
            #[must_use]
            pub fn labels(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($label),*],)* }
            }
        }
    };
}

metrics! {
    /// Records that a stage took and committed.
    Inputs = "copydesk_inputs", Counter, ["stage"];
    /// Records written, by topic.
    Outputs = "copydesk_outputs", Counter, ["topic"];
    /// Ends of fetched items.
    Fates = "copydesk_fates", Counter, ["stage", "fate", "reason"];
    /// Commits that a stage's host made.
    Commits = "copydesk_commits", Counter, ["stage"];
    /// Time from the beginning of a commit until it was durable.
    CommitSeconds = "copydesk_commit_seconds", Histogram, ["stage"];
    /// Processor time that deciding took.
    DecideSeconds = "copydesk_decide_seconds", Counter, ["stage"];
    /// Time that a stage's host waited for input.
    IdleSeconds = "copydesk_idle_seconds", Counter, ["stage"];
    /// Time that fetching stood still because all connections were taken.
    BackpressureSeconds = "copydesk_backpressure_seconds", Counter, ["stage"];
    /// Starts from what is committed, after a failure or a new assignment.
    Recalls = "copydesk_recalls", Counter, ["stage"];
    /// Memory records that the last recall read.
    RecalledRecords = "copydesk_recalled_records", Gauge, ["stage"];
    /// Failures after which a host started over.
    Restarts = "copydesk_restarts", Counter, ["stage"];
    /// Records of the inputs that the stage has not taken yet.
    LagRecords = "copydesk_lag_records", Gauge, ["stage"];
    /// Age of the newest record taken, when it was taken.
    LagSeconds = "copydesk_lag_seconds", Gauge, ["stage"];
    /// When the stage's host last asked the log for input, in seconds since the epoch.
    LastPollTimestampSeconds = "copydesk_last_poll_timestamp_seconds", Gauge, ["stage"];
    /// Partitions that the stage works on in this process.
    AssignedPartitions = "copydesk_assigned_partitions", Gauge, ["stage"];
    /// Requests that the fetcher made.
    Requests = "copydesk_requests", Counter, ["purpose", "outcome"];
    /// Time from a request to the end of its response.
    RequestSeconds = "copydesk_request_seconds", Histogram, ["purpose"];
    /// Bytes of response bodies after inflation.
    ResponseBytes = "copydesk_response_bytes", Counter, ["purpose"];
    /// Requests under way.
    RequestsUnderWay = "copydesk_requests_under_way", Gauge, [];
    /// Entries taken from the frontier and not fetched yet.
    PendingEntries = "copydesk_pending_entries", Gauge, [];
    /// Feeds by how they stand: fresh, slow, silent, new, failing, blocked, follows, ended or paused.
    Feeds = "copydesk_feeds", Gauge, ["health"];
    /// Rows of files by what became of them: read, bad or skipped.
    BackfillRows = "copydesk_backfill_rows", Counter, ["outcome"];
    /// Time that files waited for the live lane, or for later stages to catch up.
    BackfillWaitingSeconds = "copydesk_backfill_waiting_seconds", Counter, ["reason"];
    /// 1 while no host answers, so that our own network must be out.
    NetworkOut = "copydesk_network_out", Gauge, [];
    /// Content that WebSub hubs sent to the callback: accepted, bad_signature, unknown (no such subscription), too_large,
    /// too_many (from one hub in a short time) or failed.
    WebsubPushes = "copydesk_websub_pushes", Counter, ["outcome"];
    /// Operators' rules for pages, one for each article of their hosts: matched, missed or expired.
    CleanerRules = "copydesk_cleaner_rules", Counter, ["result"];
    /// Originals of clusters of copies: replaced by an article that came later and has more to say for itself.
    DeduperOriginals = "copydesk_deduper_originals", Counter, ["result"];
    /// Always 1; the label says which version runs.
    BuildInfo = "copydesk_build_info", Gauge, ["version"];
}

enum Series {
    Counter(Family<Labels, Counter<f64, std::sync::atomic::AtomicU64>>),
    Gauge(Family<Labels, Gauge<f64, std::sync::atomic::AtomicU64>>),
    Histogram(Family<Labels, Histogram, fn() -> Histogram>),
}

/// The metrics of this process. Clones share them.
#[derive(Clone)]
pub struct Telemetry {
    registry: Arc<Mutex<Registry>>,
    series: Arc<BTreeMap<Metric, Series>>,
}

fn latency_histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.001, 2.0, 16))
}

impl Default for Telemetry {
    fn default() -> Self {
        Self::new()
    }
}

impl Telemetry {
    /// All metrics at nothing.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::default();
        let mut series = BTreeMap::new();
        for metric in Metric::ALL {
            // The registry ends the sentence itself.
            let help = metric.help().trim_end_matches('.');
            let one = match metric.kind() {
                Kind::Counter => {
                    let family = Family::default();
                    registry.register(metric.name(), help, family.clone());
                    Series::Counter(family)
                }
                Kind::Gauge => {
                    let family = Family::default();
                    registry.register(metric.name(), help, family.clone());
                    Series::Gauge(family)
                }
                Kind::Histogram => {
                    let family = Family::new_with_constructor(latency_histogram as fn() -> Histogram);
                    registry.register(metric.name(), help, family.clone());
                    Series::Histogram(family)
                }
            };
            series.insert(*metric, one);
        }
        Self {
            registry: Arc::new(Mutex::new(registry)),
            series: Arc::new(series),
        }
    }

    /// Adds `amount` to a counter, sets a gauge to it, or observes it, for the series with these label values (in the
    /// order of [`Metric::labels`]).
    pub fn record(&self, metric: Metric, values: &[&str], amount: f64) {
        let labels: Labels = metric
            .labels()
            .iter()
            .copied()
            .zip(values.iter().map(|value| (*value).to_owned()))
            .collect();
        match self.series.get(&metric) {
            Some(Series::Counter(family)) => {
                family.get_or_create(&labels).inc_by(amount);
            }
            Some(Series::Gauge(family)) => {
                family.get_or_create(&labels).set(amount);
            }
            Some(Series::Histogram(family)) => family.get_or_create(&labels).observe(amount),
            None => {}
        }
    }

    /// Adds a whole number to a counter.
    pub fn count(&self, metric: Metric, values: &[&str], amount: usize) {
        if amount > 0 {
            // Exact up to 2^53.
            #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
            self.record(metric, values, amount as f64);
        }
    }

    /// The present value of a counter or gauge series; 0 when it never changed.
    #[must_use]
    pub fn value(&self, metric: Metric, values: &[&str]) -> f64 {
        let labels: Labels = metric
            .labels()
            .iter()
            .copied()
            .zip(values.iter().map(|value| (*value).to_owned()))
            .collect();
        match self.series.get(&metric) {
            Some(Series::Counter(family)) => family.get(&labels).map_or(0.0, |counter| counter.get()),
            Some(Series::Gauge(family)) => family.get(&labels).map_or(0.0, |gauge| gauge.get()),
            Some(Series::Histogram(_)) | None => 0.0,
        }
    }

    /// Everything in the OpenMetrics text format.
    #[must_use]
    pub fn exposition(&self) -> String {
        let mut text = String::new();
        let registry = self.registry.lock().unwrap_or_else(PoisonError::into_inner);
        // Writing into a string can't fail.
        let _ = encode(&mut text, &registry);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_pattern_and_are_unique() {
        let mut names: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
        assert!(
            names
                .iter()
                .all(|name| name.starts_with("copydesk_") && !name.ends_with("_total"))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Metric::ALL.len());
    }

    #[test]
    fn shows_what_was_counted() {
        let telemetry = Telemetry::new();
        telemetry.count(Metric::Fates, &["publisher", "published", ""], 3);
        telemetry.record(Metric::CommitSeconds, &["publisher"], 0.004);
        let text = telemetry.exposition();
        assert!(
            text.contains(r#"copydesk_fates_total{stage="publisher",fate="published",reason=""} 3"#),
            "{text}"
        );
        assert!(text.contains("copydesk_commit_seconds_bucket"), "{text}");
        assert!((telemetry.value(Metric::Fates, &["publisher", "published", ""]) - 3.0).abs() < f64::EPSILON);
    }
}
