//! The machine against a simulated world: a day of polling takes milliseconds.

mod errands;
mod feeds;
mod interleaving;
mod pacing;
mod pages;
mod politeness;
mod rights;
mod seen;
mod sitemaps;
mod sources;
mod websub;
mod world;
