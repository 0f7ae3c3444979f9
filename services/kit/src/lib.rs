//! The shell around the stages: everything that touches the world.
//!
//! It knows the log (Kafka, a local directory, memory), the host loops that read, let a stage decide and commit, the
//! HTTP client, configuration, telemetry, the admin port, supervision and stopping. It does not know what any stage
//! decides: a stage is a value behind [`stage::Stage`].
//!
//! Start reading at [`log`] (the seam to storage and what it guarantees), then [`host`] (the loop), then
//! [`fetch`] (the fetcher's own host).

pub mod admin;
pub mod config;
pub mod fetch;
pub mod files;
pub mod host;
pub mod http;
pub mod log;
pub mod recall;
pub mod stop;
pub mod supervise;
pub mod telemetry;
