//! The newsroom as a program, for containers and for looking at its pages in a browser.

use std::path::PathBuf;

use clap::Parser;
use newsroom::{Newsroom, Options};

/// Serves invented news sites, each on a port of its own.
#[derive(Debug, Parser)]
struct Arguments {
    /// The IP address to bind: 0.0.0.0 in a container
    #[arg(long, default_value = "127.0.0.1")]
    listen_address: String,
    /// The port of the first site; the others follow. 0: any free ports
    #[arg(long, default_value_t = 8101)]
    base_port: u16,
    /// The host name in all links, where it is not the bound address
    #[arg(long)]
    host_name: Option<String>,
    /// Where to write the truth table, as JSON
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Articles that are out at the start (all by default)
    #[arg(long)]
    initial: Option<usize>,
    /// Articles that come out in each second after that
    #[arg(long, default_value_t = 0.0)]
    per_second: f64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let options = Options {
        listen_address: arguments.listen_address,
        base_port: arguments.base_port,
        host_name: arguments.host_name,
        initial: arguments.initial.unwrap_or(usize::MAX),
        per_second: arguments.per_second,
        ..Options::default()
    };
    let newsroom = Newsroom::start(options).await?;
    if let Some(file) = arguments.truth {
        std::fs::write(&file, serde_json::to_vec_pretty(&newsroom.truth())?)
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    }
    for feed in newsroom.feeds() {
        println!("{}", feed.url);
    }
    until_told_to_stop().await?;
    newsroom.stop().await;
    Ok(())
}

/// Waits for SIGTERM or Ctrl-C.
async fn until_told_to_stop() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}
