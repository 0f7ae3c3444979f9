//! `probe NAME < rows > answers`: one JSON row a line through one of the fetcher's readers.

use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;

use fetcher::probe::Probe;

fn main() -> ExitCode {
    let Some(probe) = std::env::args().nth(1).as_deref().and_then(Probe::named) else {
        eprintln!("usage: probe feed|sitemap|robots|charset|date|url|ssrf < rows > answers");
        return ExitCode::from(2);
    };
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let row = serde_json::from_str(&line).unwrap_or_default();
        if writeln!(out, "{}", probe.answer(&row)).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
