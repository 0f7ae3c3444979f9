//! The rules of the house as tests: which room may know which, how large files and functions may grow, what a file
//! may be called, that dashboards use the metrics that exist, and that tables which two rooms keep agree.
//!
//! A rule is a function from text to [`offence::Offence`]s, so that each rule is itself tested on text that breaks it;
//! `tests/house` then holds the repository against all of them. An offence names the file, the line and what to do.
//!
//! It does not know what any room does: it reads manifests and sources as text and tokens, and links to none of them.
//!
//! Start reading at [`dependencies`] (the table of rooms), then [`sizes`], then the other rules in any order;
//! [`repository`] says which files they see.

pub mod agencies;
pub mod contents;
pub mod dependencies;
pub mod heads;
pub mod names;
pub mod offence;
pub mod repository;
pub mod sizes;
pub mod telemetry;
pub mod tokens;
