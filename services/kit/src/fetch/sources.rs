//! The list of sources, on its way to the machines and lanes that own them.

use std::time::{Duration, Instant};

use schemas::canonical::host_of;
use schemas::record::{Place, Record as _};
use schemas::source::SourceChange;
use schemas::topic::Topic;

use super::{HostError, Session};
use crate::log::partitioner;

impl Session<'_> {
    /// Reads the list of sources to its present end.
    pub(super) fn read_all_sources(&mut self) -> Result<(), HostError> {
        let end = self.around.log.bounds(Topic::Sources, 0)?.end;
        while self.sources.position() < end && !self.around.stop.is_pulled() {
            self.read_sources(Duration::from_millis(100))?;
        }
        Ok(())
    }

    /// Hands new entries of the list of sources to the machines that own their hosts.
    pub(super) fn read_sources(&mut self, wait: Duration) -> Result<(), HostError> {
        self.sources_read_at = Some(Instant::now());
        let count = self.placer.count(Topic::Frontier)?;
        for message in self.sources.read(1000, wait)? {
            let change = match SourceChange::decode(message.incoming()) {
                Ok(change) => change,
                Err(error) => {
                    tracing::warn!(offset = message.offset, error = %error, "a source record does not decode and is passed over; add the source again");
                    continue;
                }
            };
            match &change {
                SourceChange::Set(source) if source.is_file() => self.files.set_source(source, count),
                SourceChange::Set(source) => {
                    let host = host_of(&source.url).unwrap_or_default();
                    let owner = partitioner::partition(&Place::Key(host.into_bytes()), 0, count);
                    // A source whose URL changed may have moved: everybody else forgets it.
                    for (partition, machine) in &mut self.machines {
                        match *partition == owner {
                            true => machine.apply_source(&change),
                            false => machine.apply_source(&SourceChange::Removed(source.id.clone())),
                        }
                    }
                }
                SourceChange::Removed(_) => {
                    self.files.apply_source(&change);
                    self.machines
                        .values_mut()
                        .for_each(|machine| machine.apply_source(&change));
                }
            }
        }
        Ok(())
    }
}
