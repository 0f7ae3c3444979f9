//! What stateful stages remember, one module per stage.
//!
//! A memory topic is compacted: of each key only the last record is sure to stay. A stage's state must therefore be
//! the same whether it was folded from all records or from the last of each key.

pub mod cleaner;
pub mod deduper;
pub mod fetcher;
pub mod files;
pub mod lease;
pub mod publisher;
