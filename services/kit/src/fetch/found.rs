//! Records that the fetcher found, on their way into a batch.

use fetcher::found::Found;
use schemas::fate::Fate;
use schemas::id::{FetchId, frontier_key};

use super::{HostError, STAGE};
use crate::host::Around;
use crate::host::batch::{Batch, Placer, Unwritable, encode};
use crate::host::dead::Subject;

/// Adds `found`, placed as what comes from `partition`. What can't be written ends as dead, and the batch goes on.
pub(crate) fn add(
    found: &[Found],
    partition: u32,
    batch: &mut Batch,
    around: Around<'_>,
    placer: &mut Placer<'_>,
) -> Result<(), HostError> {
    for one in found {
        match encode(std::slice::from_ref(one), partition, placer) {
            Ok(records) => batch.records.extend(records),
            Err(Unwritable::Log(error)) => return Err(error.into()),
            Err(Unwritable::Reject(reason, detail)) => {
                tracing::error!(reason = reason.as_str(), detail, "what was found can't be written");
                if let Some(subject) = subject(one) {
                    batch.add_fate(subject, Fate::Dead(reason), STAGE, around, placer)?;
                }
            }
        }
    }
    Ok(())
}

/// Whom the fate of a found record is about; `None` for what passes between partitions and is no item.
fn subject(found: &Found) -> Option<Subject> {
    match found {
        Found::Fetched(fetched) => Some(Subject::of(fetched.as_ref()).unwrap_or_default()),
        Found::Entry(entry) => Some(Subject {
            fetch_id: FetchId(frontier_key(&entry.url)),
            requested_url: entry.requested_url.clone(),
            source_id: entry.source_id.clone(),
            ..Subject::default()
        }),
        Found::Errand(_) | Found::Delivery(_) => None,
    }
}
