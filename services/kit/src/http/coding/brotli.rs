//! `br` (RFC 7932).

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::{Broken, Next, PIECE_BYTES, corrupt};

/// A body under `br`. Its window is at most 16 MiB; larger ones are an extension that HTTP does not know.
pub(super) struct Brotli {
    state: BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>,
    piece: Vec<u8>,
    has_begun: bool,
    has_ended: bool,
}

impl Brotli {
    pub(super) fn new() -> Self {
        let allocator = StandardAlloc::default;
        Self {
            state: BrotliState::new_strict(allocator(), allocator(), allocator()),
            piece: vec![0; PIECE_BYTES],
            has_begun: false,
            has_ended: false,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8], next: &mut Next<'_>) -> Result<(), Broken> {
        self.has_begun = true;
        let (mut unread, mut read) = (bytes.len(), 0);
        while !self.has_ended {
            let (mut room, mut written, mut total) = (self.piece.len(), 0, 0);
            let result = BrotliDecompressStream(
                &mut unread,
                &mut read,
                bytes,
                &mut room,
                &mut written,
                &mut self.piece,
                &mut total,
                &mut self.state,
            );
            if 0 < written {
                next(&self.piece[..written])?;
            }
            match result {
                BrotliResult::ResultSuccess => self.has_ended = true,
                BrotliResult::NeedsMoreOutput => {}
                BrotliResult::NeedsMoreInput => return Ok(()),
                BrotliResult::ResultFailure => return Err(corrupt("the brotli stream is damaged")),
            }
        }
        Ok(())
    }

    pub(super) fn finish(&self) -> Result<(), Broken> {
        match self.has_ended || !self.has_begun {
            true => Ok(()),
            false => Err(Broken::Truncated),
        }
    }
}
