//! The newsroom goes through the real program: what comes out is compared with the truth, and every item's fate is
//! accounted for, across kills and restarts, on a local directory and on Apache Kafka.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod on_a_directory;
mod on_kafka;
mod several_dedupers;
mod verdict;
