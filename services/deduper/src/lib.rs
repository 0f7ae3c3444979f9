//! Which articles are copies of one another.
//!
//! An article's text becomes a [`sketch`]: sampled hashes of word runs, its numbers, names and title. An inverted index
//! over the samples of the articles in the window finds who shares rare ones; each such [`pair`] is measured (how much
//! of each is in the other, where, in which order, do numbers and names agree), and a learned verifier says how likely
//! it is that one is a copy of the other. The article joins the cluster of its best match, if that cluster's other
//! members don't speak against it, or starts its own.
//!
//! The [`origin`] of a cluster need not be the article that came first: one that comes later and has more to say for
//! itself (the agency's own page, a credit and a dateline, an earlier time) takes its place. The cluster keeps its
//! name, copies point to the new original from then on, and the verdict says whose place was taken.
//!
//! Copies are texts that come from the same copy: cut, with another headline, byline or house style, with paragraphs
//! added, moved or updated. Two reporters on one event, the next item of a series or template and a digest are not.
//!
//! Several instances share the work by partitions of their input, and no copy is missed when they come, go or die:
//! - The cleaner chooses the partition by script, from a fixed table, so an article and its copies are in one partition
//!   however many instances run. A partition is decided on by one instance at a time, in the order of the log.
//! - What is remembered of a partition is the same partition of the memory topic, written in the commit of the verdict
//!   and of the input's offset: there is no verdict without its memory, and no memory of what will be decided again.
//! - Whoever takes a partition over first waits until its committed offset is stable, so that no commit of the former
//!   owner is still open, then recalls all that was decided there, and only then decides. It goes on at that offset: no
//!   article is left out, and none is compared with itself.
//! - The former owner, were it alive and unaware, can't commit any more: its commits carry the group's generation.
//!
//! So several instances write the very records that one would; the end-to-end suite compares them.
//!
//! Memory: some 565 to 590 bytes an article ([`deduper::Footprint`] says what for), in structures that grow piece by piece.
//!
//! It does not know topics, HTML, clocks or files. Its state is the fold of its [`memory`] records and nothing else.
//!
//! An article that copies none may still be on the event of an earlier one, in other words: [`story`].
//!
//! Start reading at [`deduper`], then [`sketch`], `store` and `table` (how it is kept), `index`, [`pair`], `verifier`
//! and [`origin`]; [`train`] learns the verifier's weights and [`explain`] shows what it saw.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod deduper;
pub mod explain;
mod index;
mod join;
pub mod memory;
pub mod origin;
pub mod pair;
pub mod sketch;
pub mod stage;
mod store;
pub mod story;
mod table;
mod token;
pub mod train;
mod verdict;
pub mod verifier;
mod window;
