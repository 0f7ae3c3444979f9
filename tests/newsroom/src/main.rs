//! The newsroom as a program, for containers and for looking at its pages in a browser.

mod arguments;

use arguments::Arguments;
use clap::Parser as _;
use newsroom::{Newsroom, Options};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let initial = arguments.initial.unwrap_or(usize::MAX);
    let Arguments {
        listen_address,
        base_port,
        host_name,
        per_second,
        hostile,
        ..
    } = arguments;
    let options = Options {
        listen_address,
        base_port,
        host_name,
        initial,
        per_second,
        hostile,
        ..Options::default()
    };
    let newsroom = Newsroom::start(options).await?;
    if let Some(file) = arguments.truth {
        let truth = serde_json::to_vec_pretty(&newsroom.truth())?;
        std::fs::write(&file, truth).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    }
    newsroom.feeds().iter().for_each(|feed| println!("{}", feed.url));
    newsroom.hostile().iter().for_each(|row| println!("{}", row.subscribe));
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
