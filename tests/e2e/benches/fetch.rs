//! How many pages a second the fetcher brings into the log from an origin on loopback, and what a page costs: feeds,
//! robots.txt, frontier, requests, commits, all of it.
//!
//! `cargo bench -p e2e --bench fetch -- [--hosts N] [--pages N]`
//!
//! The origin is this program once more, in a process of its own, so that its time is not counted. The release build of
//! the program is measured from outside; it must be built before.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a bench fails by panicking, and prints rounded figures"
)]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kit::log::{Log, Start, local};
use schemas::topic::Topic;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const PAGE_BYTES: usize = 30_000;
/// Ticks of `/proc/PID/stat` in one second, as every Linux has them.
const TICKS_PER_SECOND: f64 = 100.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str| {
        let at = arguments.iter().position(|word| word == name)?;
        arguments.get(at + 1)?.parse::<usize>().ok()
    };
    let pages = number("--pages").unwrap_or(300);
    if arguments.first().is_some_and(|word| word == "origin") {
        return serve(pages);
    }
    let hosts = number("--hosts").unwrap_or(64);
    let directory = tempfile::tempdir().unwrap();
    let (mut origin, port) = start_origin(pages);
    let place = format!("--data-dir {}", directory.path().display());
    let feeds: Vec<String> = (1..=hosts)
        .map(|host| format!("http://127.0.0.{host}:{port}/feed"))
        .collect();
    run(&format!("sources add {} {place}", feeds.join(" "))).wait().unwrap();

    let started_at = Instant::now();
    let mut fetcher = run(&format!(
        "fetcher {place} --set fetcher.allow_networks=127.0.0.0/8 --set fetcher.host_delay_ms=0 \
         --set fetcher.host_requests_per_hour_max=1000000 --set fetcher.first_poll_entries={pages} \
         --set admin.listen= --set telemetry.log_level=error"
    ));
    let log = loop {
        if let Ok(log) = local::connect(directory.path()) {
            break log;
        }
    };
    let count = hosts * pages;
    wait(&log, count);
    let (took, cpu) = (started_at.elapsed().as_secs_f64(), cpu_seconds(&fetcher));
    println!(
        "{count} pages of {PAGE_BYTES} bytes from {hosts} hosts, one request at a time to each: {:.0} pages/s, {:.0} µs CPU \
         a page, peak RSS {}",
        count as f64 / took,
        cpu / count as f64 * 1e6,
        peak_memory(&fetcher),
    );
    fetcher.kill().unwrap();
    fetcher.wait().unwrap();
    // The origin ends with its input.
    drop(origin.stdin.take());
    origin.wait().unwrap();
}

fn run(line: &str) -> Child {
    let program: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/release/copydesk");
    assert!(
        program.exists(),
        "build the program first: cargo build --release -p copydesk"
    );
    let mut command = Command::new(program);
    command
        .args(line.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

fn wait(log: &dyn Log, count: usize) {
    let partitions = 0..log.partitions(Topic::Fetched).unwrap();
    let mut readers: Vec<_> = partitions
        .map(|partition| log.reader(Topic::Fetched, partition, Start::First).unwrap())
        .collect();
    let (mut seen, deadline) = (0, Instant::now() + Duration::from_secs(900));
    while seen < count {
        assert!(Instant::now() < deadline, "{seen} of {count} pages in 15 minutes");
        for reader in &mut readers {
            seen += reader.read(10_000, Duration::from_millis(50)).unwrap().len();
        }
    }
}

/// User and system time of a process, all threads.
fn cpu_seconds(process: &Child) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.id())).unwrap();
    // The name in parentheses may hold blanks.
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: f64 = fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum();
    ticks / TICKS_PER_SECOND
}

fn peak_memory(process: &Child) -> String {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap_or("?").trim().to_owned()
}

fn start_origin(pages: usize) -> (Child, u16) {
    let mut origin = Command::new(std::env::current_exe().unwrap())
        .args(["origin", "--pages", &pages.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(origin.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    (origin, line.trim().parse().unwrap())
}

/// Serves every address of this machine until the input ends.
fn serve(pages: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let listener = runtime.block_on(TcpListener::bind("0.0.0.0:0")).unwrap();
    println!("{}", listener.local_addr().unwrap().port());
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, pages));
        }
    });
    let mut nothing = Vec::new();
    std::io::stdin().read_to_end(&mut nothing).unwrap();
}

/// Answers one connection's requests, which have no bodies.
async fn converse(mut stream: TcpStream, pages: usize) -> std::io::Result<()> {
    let mut unread = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        unread.extend_from_slice(&buffer[..read]);
        while let Some(end) = unread.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&unread[..end]).into_owned();
            unread.drain(..end + 4);
            let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
            stream.write_all(&answer(&path, pages)).await?;
        }
    }
}

fn answer(path: &str, pages: usize) -> Vec<u8> {
    let (status, kind, body) = match path.strip_prefix("/page/") {
        Some(number) => ("200 OK", "text/html; charset=utf-8", page(number)),
        None if path == "/feed" => ("200 OK", "application/rss+xml", feed(pages)),
        None => ("404 Not Found", "text/plain", String::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.into_bytes()].concat()
}

fn feed(pages: usize) -> String {
    let mut feed = "<rss version='2.0'><channel><title>A feed</title>".to_owned();
    for number in 0..pages {
        let _ = write!(
            feed,
            "<item><title>Page {number}</title><link>/page/{number}</link></item>"
        );
    }
    feed + "</channel></rss>"
}

fn page(number: &str) -> String {
    let mut page = format!("<!doctype html><title>Page {number}</title><article>");
    while page.len() < PAGE_BYTES - 200 {
        let _ = write!(
            page,
            "<p>Paragraph {} of page {number}, which nobody will read.</p>",
            page.len()
        );
    }
    let rest = PAGE_BYTES - page.len() - "</article>".len();
    page + &" ".repeat(rest) + "</article>"
}
