//! The machine against a simulated world: a day of polling takes milliseconds.

mod errands;
mod feeds;
mod interleaving;
mod overload;
mod pacing;
mod pages;
mod politeness;
mod rights;
mod robots;
mod seen;
mod sitemap_indexes;
mod sitemaps;
mod sources;
mod websub;
mod world;
