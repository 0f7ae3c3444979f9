//! Gives an article its topics in the taxonomy of the news industry, the IPTC Media Topics.
//!
//! It knows text, words and weights. It does not know HTML, Kafka, files or clocks: the model comes in as bytes.
//!
//! Start reading at [`classifier`] (what the other rooms use), then [`model`] (what decides), then [`tokenize`] and
//! [`vocabulary`] (what it decides on), then [`train`] (where the weights come from).
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod card;
pub mod classifier;
pub mod corpus;
pub mod evaluate;
pub mod language;
pub mod model;
pub mod picture;
pub mod report;
pub mod sections;
pub mod stage;
pub mod taxonomy;
pub mod tokenize;
pub mod train;
pub mod vocabulary;
