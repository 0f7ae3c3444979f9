//! The real binary on real logs, looked at from outside, and what those tests need: a real Kafka, the newsroom, processes,
//! topics.
//!
//! It knows the program as an operator does, by its command line, topics and records. It does not know any crate of
//! the program but the record types. Start reading at [`kafka`] and [`program`].

pub mod account;
pub mod kafka;
pub mod listing;
pub mod press;
pub mod program;
pub mod topics;
