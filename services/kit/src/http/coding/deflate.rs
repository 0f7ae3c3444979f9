//! `deflate`: zlib streams, and the raw and gzip ones that are sent under its name.

use flate2::{Decompress, FlushDecompress, Status};

use super::gzip::{Gzip, MAGIC};
use super::{Broken, Next, PIECE_BYTES, corrupt};

/// Deflate data (RFC 1951), with a zlib frame (RFC 1950) or without.
pub(super) struct Inflate {
    inner: Decompress,
    piece: Vec<u8>,
}

impl Inflate {
    /// A new stream; `has_frame` for zlib's head and checksum around it.
    pub(super) fn new(has_frame: bool) -> Self {
        Self {
            inner: Decompress::new(has_frame),
            piece: vec![0; PIECE_BYTES],
        }
    }

    /// Begins another raw stream.
    pub(super) fn restart(&mut self) {
        self.inner.reset(false);
    }

    /// Inflates `bytes`; gives the bytes behind the end of the stream when it is reached.
    pub(super) fn push<'a>(&mut self, mut bytes: &'a [u8], next: &mut Next<'_>) -> Result<Option<&'a [u8]>, Broken> {
        loop {
            let (read, written) = (self.inner.total_in(), self.inner.total_out());
            let status = self
                .inner
                .decompress(bytes, &mut self.piece, FlushDecompress::None)
                .map_err(|_| corrupt("the deflate stream is damaged"))?;
            let read = progress(read, self.inner.total_in());
            let written = progress(written, self.inner.total_out());
            bytes = bytes.get(read..).unwrap_or_default();
            if 0 < written {
                next(&self.piece[..written.min(PIECE_BYTES)])?;
            }
            match status {
                Status::StreamEnd => return Ok(Some(bytes)),
                Status::Ok | Status::BufError if read == 0 && written == 0 => return Ok(None),
                Status::Ok | Status::BufError => {}
            }
        }
    }
}

/// One step of the inflater, which counts in u64; a step is never larger than a buffer.
fn progress(before: u64, after: u64) -> usize {
    usize::try_from(after - before).unwrap_or(usize::MAX)
}

/// A body under `deflate`.
pub(super) enum Deflate {
    /// The first byte, if one came: two are needed to tell what it is.
    Start(Option<u8>),
    /// Zlib or raw.
    Stream(Inflate),
    /// Gzip under the wrong name.
    Gzip(Gzip),
    /// Behind the end.
    Ended,
}

impl Deflate {
    pub(super) fn new() -> Self {
        Self::Start(None)
    }

    pub(super) fn push(&mut self, bytes: &[u8], next: &mut Next<'_>) -> Result<(), Broken> {
        match self {
            Self::Start(held) => {
                let (first, rest) = match (*held, bytes) {
                    (Some(first), rest) => (first, rest),
                    (None, [first, rest @ ..]) => (*first, rest),
                    (None, []) => return Ok(()),
                };
                let Some(second) = rest.first() else {
                    *held = Some(first);
                    return Ok(());
                };
                *self = Self::told_by(first, *second);
                self.push(&[first], next)?;
                self.push(rest, next)
            }
            Self::Stream(inflate) => {
                if inflate.push(bytes, next)?.is_some() {
                    *self = Self::Ended;
                }
                Ok(())
            }
            Self::Gzip(gzip) => gzip.push(bytes, next),
            Self::Ended => Ok(()),
        }
    }

    /// What the first two bytes begin. A zlib head is a multiple of 31 with method 8; read as raw deflate it would be a
    /// stored block whose padding is not zero, which no compressor writes. The gzip magic is no raw deflate at all: its
    /// block type is the reserved one.
    fn told_by(first: u8, second: u8) -> Self {
        if [first, second] == MAGIC {
            return Self::Gzip(Gzip::new());
        }
        let is_method_deflate = first & 0x0f == 8 && first >> 4 <= 7;
        let is_zlib = is_method_deflate && u16::from_be_bytes([first, second]).is_multiple_of(31);
        Self::Stream(Inflate::new(is_zlib))
    }

    pub(super) fn finish(&mut self) -> Result<(), Broken> {
        match self {
            Self::Start(None) | Self::Ended => Ok(()),
            Self::Start(Some(_)) | Self::Stream(_) => Err(Broken::Truncated),
            Self::Gzip(gzip) => gzip.finish(),
        }
    }
}
