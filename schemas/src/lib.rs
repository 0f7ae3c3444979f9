//! The contract between the rooms of Copydesk and with everybody outside: one record type per topic, its topic name,
//! key, wire form and JSON Schema.
//!
//! It knows the shape of every record, the rules for the ids in them (an article's id is a hash of its canonical URL)
//! and the settings that each topic needs. It does not know stages, Kafka, HTTP or files.
//!
//! Reading is lenient: unknown fields are ignored, absent optional fields take their default, enumerations that
//! consumers see are open strings. Writing is strict. Released records stay readable for ever; the examples under
//! `schemas/examples` hold one of each version.
//!
//! Start reading at [`topic`] (what exists), then [`record`] (how a record becomes key and value), then [`article`].
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod article;
pub mod canonical;
pub mod command;
pub mod fate;
pub mod fetched;
pub mod frontier;
pub mod hop;
pub mod id;
pub mod memory;
pub mod published;
pub mod record;
pub mod script;
pub mod source;
pub mod time;
pub mod topic;
