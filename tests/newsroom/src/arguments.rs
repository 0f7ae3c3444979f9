//! What the newsroom can be asked for on the command line.

use std::path::PathBuf;

use clap::Parser;

/// Serves invented news sites, each on a port of its own.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    /// The IP address to bind: 0.0.0.0 in a container
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) listen_address: String,
    /// The port of the first site; the others follow. 0: any free ports
    #[arg(long, default_value_t = 8101)]
    pub(crate) base_port: u16,
    /// The host name in all links, where it is not the bound address
    #[arg(long)]
    pub(crate) host_name: Option<String>,
    /// Where to write the truth table, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
    /// Articles that are out at the start (all by default)
    #[arg(long)]
    pub(crate) initial: Option<usize>,
    /// Articles that come out in each second after that
    #[arg(long, default_value_t = 0.0)]
    pub(crate) per_second: f64,
    /// Serve the misbehaving sites too, on the ports behind those of the press; /-/hostile.json says what they do
    #[arg(long)]
    pub(crate) hostile: bool,
}
