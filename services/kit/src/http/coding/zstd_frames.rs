//! `zstd` (RFC 8878, and RFC 9659 for its use in HTTP): frames one behind the other.

use zstd::stream::raw::{DParameter, Decoder, Operation as _};

use super::{Broken, Next, PIECE_BYTES, STREAMS_MAX, corrupt};

/// The largest window is 8 MB (RFC 9659, section 3), as an exponent of 2.
const WINDOW_LOG_MAX: u32 = 23;
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// Frames to skip end in these three bytes and begin with 0x50 to 0x5f.
const SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];

/// A body under `zstd`.
pub(super) struct Zstd {
    place: Place,
    /// The beginning of a frame, until its magic number is whole.
    held: Vec<u8>,
    /// Made with the first frame; it goes on with the next one by itself.
    stream: Option<Stream>,
    frames: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where a frame should begin: the first, or another one behind it.
    Between,
    /// In a frame.
    Frame,
    /// Not compressed at all.
    Plain,
    /// Behind the last frame.
    Ended,
}

/// The decoder of frames.
struct Stream {
    decoder: Decoder<'static>,
    piece: Vec<u8>,
}

impl Zstd {
    pub(super) fn new() -> Self {
        Self {
            place: Place::Between,
            held: Vec::new(),
            stream: None,
            frames: 0,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8], next: &mut Next<'_>) -> Result<(), Broken> {
        let mut rest = bytes;
        // Every turn either uses up the rest or comes nearer to the end of a frame; frames are counted.
        while !rest.is_empty() {
            rest = match self.place {
                Place::Between => self.between(rest, next)?,
                Place::Frame => self.frame(rest, next)?,
                Place::Plain => {
                    next(rest)?;
                    &[]
                }
                Place::Ended => &[],
            };
        }
        Ok(())
    }

    /// A frame, the beginning of one, or something else.
    fn between<'a>(&mut self, rest: &'a [u8], next: &mut Next<'_>) -> Result<&'a [u8], Broken> {
        let (looked_at, behind) = rest.split_at(rest.len().min(MAGIC.len() - self.held.len()));
        self.held.extend_from_slice(looked_at);
        let is_whole = self.held.len() == MAGIC.len();
        match (could_be_magic(&self.held), self.frames) {
            (true, _) if !is_whole => return Ok(behind),
            (true, STREAMS_MAX..) => return Err(corrupt("the zstd stream has too many frames")),
            (true, _) => {
                self.frames += 1;
                self.place = Place::Frame;
            }
            (false, 0) => self.place = Place::Plain,
            (false, _) => self.place = Place::Ended,
        }
        let held = std::mem::take(&mut self.held);
        self.push(&held, next)?;
        Ok(behind)
    }

    fn frame<'a>(&mut self, rest: &'a [u8], next: &mut Next<'_>) -> Result<&'a [u8], Broken> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => none.insert(Stream::new()?),
        };
        match stream.push(rest, next)? {
            None => Ok(&[]),
            Some(behind) => {
                self.place = Place::Between;
                Ok(behind)
            }
        }
    }

    pub(super) fn finish(&mut self, next: &mut Next<'_>) -> Result<(), Broken> {
        match self.place {
            Place::Plain | Place::Ended => Ok(()),
            // A text of one to three letters can look like the beginning of a frame to skip.
            Place::Between if self.frames == 0 && self.held.is_ascii() => next(&std::mem::take(&mut self.held)),
            // So can one byte of padding.
            Place::Between if 0 < self.frames && self.held.len() <= 1 => Ok(()),
            Place::Between | Place::Frame => Err(Broken::Truncated),
        }
    }
}

fn could_be_magic(held: &[u8]) -> bool {
    let is_skippable = match held {
        [first, rest @ ..] => first & 0xf0 == 0x50 && SKIPPABLE.starts_with(rest),
        [] => true,
    };
    is_skippable || MAGIC.starts_with(held)
}

impl Stream {
    fn new() -> Result<Self, Broken> {
        let damaged = |_| corrupt("no zstd decoder can be made");
        let mut decoder = Decoder::new().map_err(damaged)?;
        decoder
            .set_parameter(DParameter::WindowLogMax(WINDOW_LOG_MAX))
            .map_err(damaged)?;
        let piece = vec![0; PIECE_BYTES];
        Ok(Self { decoder, piece })
    }

    /// Decodes `bytes`; gives the bytes behind the end of the frame when it is reached.
    fn push<'a>(&mut self, mut bytes: &'a [u8], next: &mut Next<'_>) -> Result<Option<&'a [u8]>, Broken> {
        loop {
            let status = self
                .decoder
                .run_on_buffers(bytes, &mut self.piece)
                .map_err(|error| Broken::Corrupt(format!("the zstd stream is damaged: {error}")))?;
            bytes = bytes.get(status.bytes_read..).unwrap_or_default();
            if 0 < status.bytes_written {
                next(&self.piece[..status.bytes_written])?;
            }
            if status.remaining == 0 {
                return Ok(Some(bytes));
            }
            // A full piece may leave more inside the decoder, also when all input is used up.
            if bytes.is_empty() && status.bytes_written < self.piece.len() {
                return Ok(None);
            }
        }
    }
}
