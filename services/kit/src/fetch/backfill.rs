//! The fetcher's host and its files: their lane goes on only when the live one had nothing to do.

use super::{HostError, STAGE, Session};

impl Session<'_> {
    /// One step of the lane of files, unless this turn had something live to do.
    pub(super) fn backfill(&mut self) -> Result<(), HostError> {
        let Some(prepared) = self.files.step(self.is_live, self.around, &mut self.placer)? else {
            return Ok(());
        };
        // Not through `commit`: what comes from files is not live.
        prepared
            .batch
            .commit(self.worker.as_mut(), &self.offsets, STAGE, self.around)?;
        prepared.progress.count(self.around.telemetry);
        Ok(())
    }
}
