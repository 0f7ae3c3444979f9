//! Sources that are files: how they are named on the command line, and how far they are read.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use kit::config::Config;
use schemas::id::SourceId;
use schemas::memory::fetcher::FetcherMemory;
use schemas::memory::files::{FileSourceState, FileState};
use schemas::source::{FileFormat, Source};

use crate::tail::clean;

/// The URL of a source: itself, or the `file:` URL of the file or directory that `text` names.
pub(crate) fn url_of(text: &str) -> Result<String> {
    if text.contains("://") || !Path::new(text).exists() {
        return Ok(text.to_owned());
    }
    let path = Path::new(text).canonicalize();
    let path = path.with_context(|| format!("can't tell where {text} is"))?;
    let url = url::Url::from_file_path(&path);
    Ok(url.ok().with_context(|| format!("{text} has no file URL"))?.into())
}

/// A format as the command line spells it.
pub(crate) fn format(text: &str) -> Result<FileFormat, String> {
    let known = FileFormat::ALL.iter().find(|format| format.as_str() == text);
    known.copied().ok_or_else(|| {
        let names: Vec<&str> = FileFormat::ALL.iter().map(|format| format.as_str()).collect();
        format!("there are: {}", names.join(", "))
    })
}

/// Says which of `sources` would not be read with this configuration, and which option lets them be.
pub(crate) fn advise(config: &Config, sources: &[Source]) {
    for source in sources.iter().filter(|source| source.is_file()) {
        let path = url::Url::parse(&source.url)
            .ok()
            .and_then(|url| url.to_file_path().ok());
        let Some(path) = path else {
            eprintln!("note: {} names no file of this machine", clean(&source.url));
            continue;
        };
        let roots = config.fetcher.file_roots.iter();
        let mut roots = roots.filter_map(|root| root.canonicalize().ok());
        if !roots.any(|root| path.starts_with(root)) {
            let directory = if path.is_dir() {
                path.as_path()
            } else {
                path.parent().unwrap_or(&path)
            };
            eprintln!(
                "note: {} is read only by a fetcher that may: start it with --set fetcher.file_roots={}",
                clean(&source.url),
                directory.display()
            );
        }
    }
}

/// How far file sources are read, by what the fetcher remembers.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    files: BTreeMap<String, FileState>,
    sources: BTreeMap<SourceId, FileSourceState>,
}

impl Progress {
    /// Takes in a change of the fetcher's memory.
    pub(crate) fn apply(&mut self, change: FetcherMemory) {
        match change {
            FetcherMemory::File(state) => {
                self.files.insert(state.key(), state);
            }
            FetcherMemory::FileSource(state) => {
                self.sources.insert(state.source_id.clone(), state);
            }
            FetcherMemory::Forget { key } => {
                self.files.remove(&key);
                self.sources.retain(|_, state| state.key() != key);
            }
            _ => {}
        }
    }

    /// One line about a source.
    pub(crate) fn of(&self, source: &Source) -> String {
        let paused = if source.paused { "paused, " } else { "" };
        let files: Vec<&FileState> = self.files.values().filter(|file| file.source_id == source.id).collect();
        let state = self.sources.get(&source.id);
        if let Some(error) = state.and_then(|state| state.error.as_deref()) {
            return format!("{paused}failing: {}", clean(error));
        }
        let Some(state) = state else {
            return format!("{paused}not looked at yet");
        };
        let sum = |of: fn(&FileState) -> u64| files.iter().map(|file| of(file)).sum::<u64>();
        let done = sum(|file| if file.finished { file.size } else { file.offset });
        let (records, bad, skipped) = (sum(|file| file.records), sum(|file| file.bad), sum(|file| file.skipped));
        let finished = files.iter().filter(|file| file.finished).count();
        let mut line = format!(
            "{paused}{} read, {finished} of {} files; {records} records, {bad} bad, {skipped} skipped",
            percent(done, state.bytes),
            state.files
        );
        if let Some(due) = files.iter().filter_map(|file| file.due_at).min() {
            line.push_str(&format!("; an embargo ends {due}"));
        }
        for file in files.iter().filter(|file| file.error.is_some()).take(3) {
            let error = file.error.as_deref().unwrap_or_default();
            let name = if file.path.is_empty() {
                "the file"
            } else {
                file.path.as_str()
            };
            line.push_str(&format!("\n    {}: {}", clean(name), clean(error)));
        }
        line
    }
}

/// `done` of `all` in whole hundredths, never 100 before it is all.
fn percent(done: u64, all: u64) -> String {
    match all {
        0 => "nothing to be".to_owned(),
        all => format!("{} %", done.min(all).saturating_mul(100) / all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_how_far_a_source_is_read() {
        let source = Source::of_url("file:///srv/wire");
        let mut progress = Progress::default();
        assert_eq!(progress.of(&source), "not looked at yet");
        progress.apply(FetcherMemory::FileSource(FileSourceState {
            source_id: source.id.clone(),
            files: 3,
            bytes: 1_000,
            ..FileSourceState::default()
        }));
        let file = |path: &str, offset: u64, finished: bool| {
            FetcherMemory::File(FileState {
                source_id: source.id.clone(),
                path: path.to_owned(),
                size: 400,
                offset,
                records: 10,
                bad: 1,
                finished,
                ..FileState::default()
            })
        };
        progress.apply(file("a", 100, false));
        progress.apply(file("a", 400, true));
        progress.apply(file("b", 200, false));
        let expected = "60 % read, 1 of 3 files; 20 records, 2 bad, 0 skipped";
        assert_eq!(progress.of(&source), expected);
        let paused = Source {
            paused: true,
            ..source.clone()
        };
        assert_eq!(progress.of(&paused), format!("paused, {expected}"));
    }

    #[test]
    fn a_path_becomes_a_url_and_a_url_stays() {
        assert_eq!(
            url_of("https://harbour.example/feed").unwrap(),
            "https://harbour.example/feed"
        );
        assert_eq!(url_of("no-such-file").unwrap(), "no-such-file");
        let here = url_of(".").unwrap();
        assert!(here.starts_with("file:///") && !here.contains("/./"), "{here}");
        assert_eq!(format("ninjs"), Ok(FileFormat::Ninjs));
        assert!(format("xml").unwrap_err().contains("newsml"));
    }
}
