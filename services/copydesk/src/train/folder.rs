//! Folders of pages with known stories: `gold.jsonl` and `pages/ID.html.gz`.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use cleaner::decode::decode;
use cleaner::train::Example;
use flate2::read::MultiGzDecoder;
use schemas::canonical::site::site_of;
use serde::Deserialize;

/// Share of a story's four-word windows that must stand in the page's markup.
const IN_HTML_MIN: f64 = 0.9;

/// The largest page that is read, in bytes; beyond that lies an archive that is no page.
const PAGE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A line of `gold.jsonl`; what else stands there is for other measures.
#[derive(Debug, Deserialize)]
struct Gold {
    id: String,
    /// The story.
    #[serde(default)]
    text: String,
    #[serde(default)]
    url: Option<String>,
    /// Share of the story's windows that stand in the page's markup, where somebody counted.
    #[serde(default)]
    gold_in_html: Option<f64>,
}

/// A folder's pages.
#[derive(Debug)]
pub(super) struct Set {
    /// The folder's name.
    pub(super) name: String,
    /// The pages to learn from, in the order of the lines.
    pub(super) examples: Vec<Example>,
    /// Pages without a story, or with one that is not in the markup.
    pub(super) left_out: usize,
}

/// Reads a folder.
pub(super) fn read(folder: &Path) -> Result<Set> {
    let name = folder
        .canonicalize()
        .with_context(|| format!("--data {}", folder.display()))?
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let path = folder.join("gold.jsonl");
    let text = std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))?;
    let mut set = Set {
        name,
        examples: Vec::new(),
        left_out: 0,
    };
    let mut ids = BTreeSet::new();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (index, line) in lines {
        let read = || -> Result<Option<Example>> {
            let gold: Gold = serde_json::from_str(line)?;
            if !ids.insert(gold.id.clone()) {
                bail!("a second page {}", gold.id);
            }
            example(folder, &set.name, gold)
        };
        match with_line(read, &path, index + 1)? {
            Some(example) => set.examples.push(example),
            None => set.left_out += 1,
        }
    }
    if set.examples.is_empty() {
        bail!("{} names no page to learn from", path.display());
    }
    Ok(set)
}

fn with_line<T>(read: impl FnOnce() -> Result<T>, path: &Path, line: usize) -> Result<T> {
    read().with_context(|| format!("{}:{line}", path.display()))
}

/// The page of a line; none when it is to be left out.
fn example(folder: &Path, set: &str, gold: Gold) -> Result<Option<Example>> {
    if gold.text.trim().is_empty() || gold.gold_in_html.is_some_and(|share| share < IN_HTML_MIN) {
        return Ok(None);
    }
    if gold.id.is_empty() || gold.id.contains(['/', '\\']) || gold.id.starts_with('.') {
        bail!("{:?} is no name of a file in pages/", gold.id);
    }
    let bytes = unpacked(&folder.join("pages").join(format!("{}.html.gz", gold.id)))?;
    let html = text(&bytes);
    let group = gold.url.as_deref().and_then(site).unwrap_or_else(|| gold.id.clone());
    Ok(Some(Example {
        id: gold.id,
        group,
        set: set.to_owned(),
        url: gold.url,
        html,
        story: gold.text,
    }))
}

/// The text of a page. Collections often store pages as UTF-8 and leave the declaration of another charset in them;
/// what makes sense as UTF-8 beyond ASCII is nothing else.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_ascii() => text.trim_start_matches('\u{feff}').to_owned(),
        _ => decode(bytes, None).text.into_owned(),
    }
}

fn unpacked(path: &Path) -> Result<Vec<u8>> {
    let file = std::fs::File::open(path).with_context(|| format!("can't read {}", path.display()))?;
    let mut bytes = Vec::new();
    MultiGzDecoder::new(file)
        .take(PAGE_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} is no gzip file", path.display()))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| PAGE_BYTES_MAX < length) {
        bail!("{} unpacks to more than {PAGE_BYTES_MAX} bytes", path.display());
    }
    Ok(bytes)
}

/// The site that an address is of.
fn site(url: &str) -> Option<String> {
    let url = url::Url::parse(url).ok()?;
    Some(site_of(url.host_str()?).to_owned())
}

#[cfg(test)]
pub(super) mod tests;
