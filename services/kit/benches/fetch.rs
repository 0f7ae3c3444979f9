//! How many pages a second the HTTP client fetches, and what one costs: `cargo bench -p kit --bench fetch [-- PAGES]`.
//!
//! The origin is this program once more, in a process of its own, so that its CPU time is not counted.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fetcher::exchange::{Answer, Purpose, Request};
use fetcher::ssrf::Policy;
use flate2::Compression;
use flate2::write::GzEncoder;
use kit::http::{Client, ClientSettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const PAGE_BYTES: usize = 30_000;
const HOSTS: usize = 64;
const PAGES: usize = 40_000;
/// Ticks of `/proc/self/stat` in one second, as every Linux has them.
const TICKS_PER_SECOND: f64 = 100.0;

fn main() -> Outcome {
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|given| !given.starts_with('-'))
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if given.first().is_some_and(|given| given == "origin") {
        return runtime.block_on(serve());
    }
    let pages = given.first().map_or(Ok(PAGES), |given| given.parse())?;
    let (mut origin, port) = start_origin()?;
    println!("{pages} pages of {PAGE_BYTES} bytes from {HOSTS} hosts, one request under way at each");
    for (name, path) in [
        ("plain, connections kept", "plain"),
        ("gzip, connections kept", "gzip"),
        ("plain, a connection for each page", "plain-close"),
        ("gzip, a connection for each page", "gzip-close"),
    ] {
        runtime.block_on(fetch_all(port, path, pages / 10))?;
        let (before, started_at) = (cpu_seconds()?, Instant::now());
        runtime.block_on(fetch_all(port, path, pages))?;
        let (took, cpu) = (started_at.elapsed().as_secs_f64(), cpu_seconds()? - before);
        let count = pages as f64;
        println!(
            "{name:<34} {:>8.0} pages/s {:>7.0} µs CPU per page {:>7.0} MB/s",
            count / took,
            cpu / count * 1e6,
            count * PAGE_BYTES as f64 / took / 1e6,
        );
    }
    // The origin ends with its input.
    drop(origin.stdin.take());
    origin.wait()?;
    Ok(())
}

/// Fetches `pages` pages, the same number from each host.
async fn fetch_all(port: u16, path: &str, pages: usize) -> Outcome {
    let client = Client::new(ClientSettings {
        user_agent: "bench".to_owned(),
        timeout: Duration::from_secs(30),
        policy: Policy::new(vec!["127.0.0.0/8".parse()?]),
        proxy: String::new(),
        authorities: Vec::new(),
    })?;
    let mut hosts = tokio::task::JoinSet::new();
    for host in 1..=HOSTS {
        let (client, request) = (client.clone(), request(host, port, path));
        hosts.spawn(async move {
            for _ in 0..pages / HOSTS {
                match client.fetch(&request).await {
                    Answer::Response(response) if response.body.len() == PAGE_BYTES => {}
                    other => return Err(format!("not the page: {other:?}")),
                }
            }
            Ok(())
        });
    }
    while let Some(host) = hosts.join_next().await {
        host??;
    }
    Ok(())
}

fn request(host: usize, port: u16, path: &str) -> Request {
    let host = format!("127.0.0.{host}:{port}");
    Request {
        url: format!("http://{host}/{path}"),
        host,
        purpose: Purpose::Page,
        headers: Vec::new(),
        max_body_bytes: 5 << 20,
        ..Request::default()
    }
}

/// User and system time of this process, all threads.
fn cpu_seconds() -> Outcome<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The second field is the program's name in brackets, which may contain blanks.
    let fields = stat.rsplit_once(')').ok_or("no such line")?.1;
    let ticks: Result<Vec<f64>, _> = fields.split_whitespace().skip(11).take(2).map(str::parse).collect();
    Ok(ticks?.iter().sum::<f64>() / TICKS_PER_SECOND)
}

fn start_origin() -> Outcome<(Child, u16)> {
    let mut origin = Command::new(std::env::current_exe()?)
        .arg("origin")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    BufReader::new(origin.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    Ok((origin, line.trim().parse()?))
}

/// Serves until the input ends.
async fn serve() -> Outcome {
    let listener = TcpListener::bind("0.0.0.0:0").await?;
    println!("{}", listener.local_addr()?.port());
    let pages: Arc<Vec<(&str, Vec<u8>)>> = Arc::new(pages()?);
    let ended = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    let serving = async move {
        while let Ok((stream, _)) = listener.accept().await {
            let pages = Arc::clone(&pages);
            tokio::spawn(async move { connection(stream, &pages).await });
        }
    };
    tokio::select! {
        _ = ended => Ok(()),
        () = serving => Err("the origin's listener failed".into()),
    }
}

/// Answers one request after the other.
async fn connection(mut stream: TcpStream, pages: &[(&str, Vec<u8>)]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut head = Vec::new();
    loop {
        if stream.read_buf(&mut head).await? == 0 {
            return Ok(());
        }
        if !head.ends_with(b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8_lossy(&head);
        let path = text
            .split_whitespace()
            .nth(1)
            .unwrap_or_default()
            .trim_start_matches('/');
        let Some((_, page)) = pages.iter().find(|(name, _)| *name == path) else {
            return Ok(());
        };
        stream.write_all(page).await?;
        if path.ends_with("-close") {
            return Ok(());
        }
        head.clear();
    }
}

/// The answers by path.
fn pages() -> Outcome<Vec<(&'static str, Vec<u8>)>> {
    let plain = page();
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&plain)?;
    let gzip = encoder.finish()?;
    let answer = |body: &[u8], headers: &str| {
        let mut answer = String::from("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n");
        let _ = write!(answer, "{headers}Content-Length: {}\r\n\r\n", body.len());
        [answer.as_bytes(), body].concat()
    };
    Ok(vec![
        ("plain", answer(&plain, "")),
        ("gzip", answer(&gzip, "Content-Encoding: gzip\r\n")),
        ("plain-close", answer(&plain, "Connection: close\r\n")),
        (
            "gzip-close",
            answer(&gzip, "Connection: close\r\nContent-Encoding: gzip\r\n"),
        ),
    ])
}

/// A page of made-up words, which compresses about as well as an article with its markup.
fn page() -> Vec<u8> {
    let mut page = String::from("<!doctype html><title>A page</title><article>");
    let mut state = 1_u32;
    while page.len() < PAGE_BYTES {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let word = state >> 21;
        let _ = match word % 40 {
            0 => write!(page, "</p>\n<p class=\"paragraph\">"),
            _ => write!(page, "w{word} "),
        };
    }
    page.truncate(PAGE_BYTES);
    page.into_bytes()
}
