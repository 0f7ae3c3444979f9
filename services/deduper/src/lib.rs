//! Which articles are copies of one another.
//!
//! An article's text becomes a [`sketch`]: sampled hashes of word runs, its numbers, names and title. An inverted index
//! over the samples of the articles in the window finds who shares rare ones; each such [`pair`] is measured (how much
//! of each is in the other, where, in which order, do numbers and names agree), and a learned verifier says how likely
//! it is that one is a copy of the other. The article joins the cluster of its best match, if that cluster's other
//! members don't speak against it, or starts its own.
//!
//! Copies are texts that come from the same copy: cut, with another headline, byline or house style, with paragraphs
//! added, moved or updated. Two reporters on one event, the next item of a series or template and a digest are not.
//!
//! It does not know topics, HTML, clocks or files. Its state is the fold of its [`memory`] records and nothing else.
//!
//! Start reading at [`deduper`], then [`sketch`], `index`, [`pair`] and `verifier`; [`train`] learns the verifier's
//! weights and [`explain`] shows what it saw.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod deduper;
pub mod explain;
mod index;
mod join;
pub mod memory;
pub mod pair;
pub mod sketch;
pub mod stage;
mod token;
pub mod train;
pub mod verifier;
