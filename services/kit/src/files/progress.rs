//! What is counted and said once a step is committed.

use fetcher::files::Step;
use schemas::memory::fetcher::FetcherMemory;
use schemas::memory::files::FileState;

use crate::telemetry::{Metric, Telemetry};

/// A log line each time that a file has come so many hundredths further.
const SAID_EVERY: u64 = 5;

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    read: usize,
    bad: usize,
    skipped: usize,
    file: Option<FileState>,
    trouble: Option<String>,
}

impl Progress {
    pub(super) fn of(step: &Step) -> Self {
        let file = step.memory.iter().find_map(|change| match change {
            FetcherMemory::File(state) => Some(state.clone()),
            _ => None,
        });
        let trouble = step.memory.iter().find_map(|change| match change {
            FetcherMemory::FileSource(state) => state.error.clone(),
            _ => None,
        });
        Self {
            read: step.found.len(),
            bad: step.dead.len(),
            skipped: step.skipped + step.ended.len(),
            file,
            trouble,
        }
    }

    /// Counts the step, and says how far its file is.
    pub fn count(&self, telemetry: &Telemetry) {
        telemetry.count(Metric::BackfillRows, &["read"], self.read);
        telemetry.count(Metric::BackfillRows, &["bad"], self.bad);
        telemetry.count(Metric::BackfillRows, &["skipped"], self.skipped);
        if let Some(error) = &self.trouble {
            tracing::warn!(error, "a file source can't be read");
        }
        let Some(file) = &self.file else { return };
        let (source, path) = (file.source_id.as_str(), file.path.as_str());
        let (rows, records, bad, skipped) = (file.rows, file.records, file.bad, file.skipped);
        match (&file.error, file.finished) {
            (Some(error), _) => {
                tracing::warn!(
                    source,
                    path,
                    rows,
                    records,
                    bad,
                    skipped,
                    error,
                    "a file ended in an error"
                );
            }
            (None, true) => tracing::info!(source, path, rows, records, bad, skipped, "a file is read"),
            (None, false) if self.is_worth_a_line(file) => {
                let percent = percent(file.offset, file.size);
                tracing::info!(source, path, percent, rows, records, bad, skipped, "reading a file");
            }
            (None, false) => {}
        }
    }

    /// A line now and then: by the row, because a member of a compressed file may be all of it.
    fn is_worth_a_line(&self, file: &FileState) -> bool {
        let taken = (self.read + self.bad + self.skipped) as u64;
        let rows_before = file.rows.saturating_sub(taken);
        rows_before / 10_000 != file.rows / 10_000
            || (file.rows == taken && SAID_EVERY <= percent(file.offset, file.size))
    }
}

/// `part` of `whole` in hundredths.
fn percent(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100) / whole.max(1)
}
