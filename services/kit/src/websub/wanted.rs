//! Which sources are wanted now: the list of sources, followed without a group.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use schemas::id::SourceId;
use schemas::record::Record as _;
use schemas::source::SourceChange;
use schemas::topic::Topic;

use crate::log::{Log, LogError, Reader, Start};

/// The list as far as it was read.
pub(super) struct Wanted {
    reader: Box<dyn Reader>,
    /// The feeds' URLs of sources that are neither removed nor paused.
    urls: BTreeMap<SourceId, String>,
}

impl Wanted {
    pub(super) fn open(log: &dyn Log) -> Result<Self, LogError> {
        Ok(Self {
            reader: log.reader(Topic::Sources, 0, Start::First)?,
            urls: BTreeMap::new(),
        })
    }

    /// Reads what was added to the list by now, for `wait_max` at most. False when there is more: what the list says
    /// is then old, and what it does not hold may yet come.
    pub(super) fn follow(&mut self, log: &dyn Log, wait_max: Duration) -> Result<bool, LogError> {
        let end = log.bounds(Topic::Sources, 0)?.end;
        let began_at = Instant::now();
        while self.reader.position() < end {
            if wait_max <= began_at.elapsed() {
                return Ok(false);
            }
            for message in self.reader.read(10_000, Duration::from_millis(100))? {
                // What does not decode is reported by the fetcher, which reads the same list.
                match SourceChange::decode(message.incoming()) {
                    Ok(SourceChange::Set(source)) if !source.paused => {
                        self.urls.insert(source.id, source.url);
                    }
                    Ok(SourceChange::Set(source)) => {
                        self.urls.remove(&source.id);
                    }
                    Ok(SourceChange::Removed(id)) => {
                        self.urls.remove(&id);
                    }
                    Err(_) => {}
                }
            }
        }
        Ok(true)
    }

    /// The URL of the source's feed while it is wanted.
    pub(super) fn url(&self, source: &SourceId) -> Option<&str> {
        self.urls.get(source).map(String::as_str)
    }
}
