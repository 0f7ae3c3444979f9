//! `copydesk health`: is the process on this admin port ready? For health checks in containers without other tools.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::cli::Common;
use crate::open;

/// How long connecting and each read may take.
const WAIT: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
#[command(after_help = "\
Exit code 0 when /health/ready answers 200, else 1.

Example:
  copydesk health 127.0.0.1:9600")]
pub(crate) struct HealthArguments {
    /// The admin address; without it, the configured one.
    address: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// Asks once.
pub(crate) fn run(arguments: &HealthArguments) -> Result<()> {
    let address = match &arguments.address {
        Some(address) => address.clone(),
        None => open::config(&arguments.common)?.admin.listen,
    };
    if address.is_empty() {
        bail!("admin.listen is empty, so no health is served; set it, or give an ADDRESS");
    }
    // A process that listens on every address answers on loopback.
    let address = address.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:");
    let resolved = address
        .to_socket_addrs()
        .with_context(|| format!("{address:?} is no HOST:PORT"))?
        .next();
    let resolved = resolved.with_context(|| format!("{address} has no address"))?;
    let mut stream =
        TcpStream::connect_timeout(&resolved, WAIT).with_context(|| format!("nothing listens on {address}"))?;
    stream.set_read_timeout(Some(WAIT))?;
    stream.set_write_timeout(Some(WAIT))?;
    stream.write_all(b"GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
    let mut answer = Vec::new();
    stream
        .take(4096)
        .read_to_end(&mut answer)
        .with_context(|| format!("no answer from {address}"))?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.lines().next().unwrap_or_default();
    match status.split_whitespace().nth(1) {
        Some("200") => Ok(()),
        Some(_) => bail!("{address} is {}", answer.lines().last().unwrap_or("not ready").trim()),
        None => bail!("{address} does not speak HTTP"),
    }
}
