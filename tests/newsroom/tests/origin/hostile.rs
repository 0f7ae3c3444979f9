//! The misbehaving sites do what their rows say, and what is expected of a fetcher can be had from them.

mod facts;
mod reachable;
mod reader;
mod table;
