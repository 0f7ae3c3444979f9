//! Extractors of other people as filters: JSON lines `{"id","url","html"}` in,
//! `{"id","text","title","author","date"}` out. `peers-rust dom_smoothie|rs-trafilatura|trafilatura`.
//!
//! Each runs as its documentation shows it for articles: comments out, tables in, what it falls back to switched on.
//! A page that an extractor gives up on, or panics on, counts as empty.

use std::io::{BufRead as _, Write as _};
use std::panic::catch_unwind;

use serde_json::{Value, json};

mod extractors;

type Extract = fn(&str, &str) -> Option<Value>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).unwrap_or_default();
    let extract: Extract = match name.as_str() {
        "dom_smoothie" => extractors::dom_smoothie,
        "rs-trafilatura" => extractors::rs_trafilatura,
        "trafilatura" => extractors::trafilatura,
        _ => return Err("usage: peers-rust dom_smoothie|rs-trafilatura|trafilatura".into()),
    };
    std::panic::set_hook(Box::new(|_| {}));
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let field = |name: &str| row[name].as_str().unwrap_or_default();
        let found = catch_unwind(|| extract(field("html"), field("url"))).ok().flatten();
        let mut answer = found.unwrap_or_else(|| json!({"text": ""}));
        answer["id"] = row["id"].clone();
        writeln!(out, "{answer}")?;
    }
    Ok(out.flush()?)
}
