//! The lane against files in memory, and each format's reader.

mod chunks;
mod formats;
mod turns;
mod wire;
mod world;
