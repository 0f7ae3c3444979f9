//! The newsroom as a program, for containers and for looking at its pages in a browser.

use std::path::PathBuf;

use clap::Parser;
use newsroom::{Newsroom, Options};
use tokio::signal::unix::{SignalKind, signal};

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
    let initial = arguments.initial.unwrap_or(usize::MAX);
    let Arguments {
        listen_address,
        base_port,
        host_name,
        per_second,
        ..
    } = arguments;
    let options = Options {
        listen_address,
        base_port,
        host_name,
        initial,
        per_second,
        ..Options::default()
    };
    let newsroom = Newsroom::start(options).await?;
    if let Some(file) = arguments.truth {
        let truth = serde_json::to_vec_pretty(&newsroom.truth())?;
        std::fs::write(&file, truth).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    }
    newsroom.feeds().iter().for_each(|feed| println!("{}", feed.url));
    until_told_to_stop().await?;
    newsroom.stop().await;
    Ok(())
}

/// Waits for SIGTERM or Ctrl-C.
async fn until_told_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}
