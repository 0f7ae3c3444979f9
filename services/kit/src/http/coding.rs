//! Content codings (RFC 9110, section 8.4) undone piece by piece, every buffer bounded.
//!
//! Bytes are pushed through one layer for each coding into the body. No layer may give more than its limit, so a bomb
//! ends as soon as it has grown too large, whatever it would have become; a stream that ends before its own end mark is
//! truncated, never a short body.
//!
//! What servers really send decides where the standards leave room:
//! - gzip or zstd is declared and the magic number is missing: the body was never compressed, and is taken as it is.
//!   This also heals `gzip, gzip` around one compression.
//! - `deflate` means zlib (RFC 1950) and is often raw (RFC 1951), sometimes gzip. The first two bytes tell them apart.
//! - Bytes behind the end mark are padding of the server and ignored, unless they begin another gzip member or zstd
//!   frame: that one belongs to the body.

use brotli::Brotli;
use deflate::Deflate;
use gzip::Gzip;
use zstd_frames::Zstd;

mod brotli;
mod deflate;
mod gzip;
mod zstd_frames;

#[cfg(test)]
mod tests;

/// What we can undo, for `Accept-Encoding`.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";
/// More codings on one body than this are nothing that a server does on purpose.
const LAYERS_MAX: usize = 5;
/// Gzip members or zstd frames in one body. Block-wise compression has one for each 64 KB or more; empty ones without
/// end would cost a start each.
const STREAMS_MAX: usize = 4096;
/// Bytes that one layer hands to the next at once.
const PIECE_BYTES: usize = 16 * 1024;

/// Why there is no body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is larger than allowed.
    TooLarge,
    /// The coded stream ends before its end mark.
    Truncated,
    /// The stream is not what it is declared to be; with the reason for people.
    Corrupt(String),
}

/// Where decoded pieces go.
type Next<'a> = dyn FnMut(&[u8]) -> Result<(), Broken> + 'a;

/// A coding that can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// `gzip` and `x-gzip` (RFC 1952).
    Gzip,
    /// `deflate`: zlib (RFC 1950), or raw (RFC 1951) as some servers have it.
    Deflate,
    /// `br` (RFC 7932).
    Brotli,
    /// `zstd` (RFC 8878).
    Zstd,
}

/// The codings that these values of `Content-Encoding` declare, in the order in which they were applied.
///
/// # Errors
/// With the name of a coding that we don't know, or when there are too many.
pub(super) fn declared<'a>(values: impl Iterator<Item = &'a str>) -> Result<Vec<Coding>, Broken> {
    let mut codings = Vec::new();
    for name in values.flat_map(|value| value.split(',')) {
        let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match name.as_str() {
            "gzip" | "x-gzip" => codings.push(Coding::Gzip),
            "deflate" => codings.push(Coding::Deflate),
            "br" => codings.push(Coding::Brotli),
            "zstd" => codings.push(Coding::Zstd),
            // `identity` is no coding. The others are values of other headers (charset, transfer encoding) and of a
            // storage service's upload protocol that servers put here; no compression has these names.
            "" | "identity" | "none" | "utf-8" | "utf8" | "iso-8859-1" | "us-ascii" | "7bit" | "8bit" | "binary"
            | "aws-chunked" => {}
            unknown => {
                let shown: String = unknown.chars().take(40).collect();
                return Err(Broken::Corrupt(format!("the content coding {shown:?} is not known")));
            }
        }
        if LAYERS_MAX < codings.len() {
            return Err(Broken::Corrupt(format!("more than {LAYERS_MAX} content codings")));
        }
    }
    Ok(codings)
}

/// The most bytes that a body of `body_max` bytes may take while it is coded. No coding adds more than a few bytes to
/// each block that it can't compress; what lies beyond is padding without end.
pub(super) fn coded_max(body_max: usize) -> usize {
    body_max.saturating_add(body_max / 8).saturating_add(4096)
}

/// A body that arrives in pieces.
pub(super) struct Decoder {
    layers: Vec<Layer>,
    body: Vec<u8>,
    body_max: usize,
}

impl Decoder {
    /// A decoder for a body of at most `body_max` bytes to which `codings` were applied in this order.
    pub(super) fn new(codings: &[Coding], body_max: usize) -> Self {
        let layer = |coding: &Coding| Layer {
            undo: Undo::of(*coding),
            room: coded_max(body_max),
        };
        Self {
            layers: codings.iter().rev().map(layer).collect(),
            body: Vec::new(),
            body_max,
        }
    }

    /// Takes the next bytes as they came.
    ///
    /// # Errors
    /// When the body can't be had; what was decoded before stays in [`Self::into_body`].
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        let (body, body_max) = (&mut self.body, self.body_max);
        push_through(&mut self.layers, bytes, &mut |piece| append(body, body_max, piece))
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// When a coded stream is not at its end.
    pub(super) fn finish(&mut self) -> Result<(), Broken> {
        let (body, body_max) = (&mut self.body, self.body_max);
        finish_all(&mut self.layers, &mut |piece| append(body, body_max, piece))
    }

    /// What was decoded.
    pub(super) fn into_body(self) -> Vec<u8> {
        self.body
    }
}

fn append(body: &mut Vec<u8>, body_max: usize, piece: &[u8]) -> Result<(), Broken> {
    let room = body_max.saturating_sub(body.len());
    body.extend_from_slice(&piece[..piece.len().min(room)]);
    match piece.len() <= room {
        true => Ok(()),
        false => Err(Broken::TooLarge),
    }
}

/// Pushes bytes through the outermost layer into those below. As deep as there are layers, which are few.
fn push_through(layers: &mut [Layer], bytes: &[u8], body: &mut Next<'_>) -> Result<(), Broken> {
    match layers.split_first_mut() {
        None => body(bytes),
        Some((outermost, below)) => outermost.push(bytes, &mut |piece| push_through(below, piece, body)),
    }
}

fn finish_all(layers: &mut [Layer], body: &mut Next<'_>) -> Result<(), Broken> {
    let Some((outermost, below)) = layers.split_first_mut() else {
        return Ok(());
    };
    outermost.finish(&mut |piece| push_through(below, piece, body))?;
    finish_all(below, body)
}

/// One coding being undone.
struct Layer {
    undo: Undo,
    /// Bytes that it may still give. Padding between layers is never seen in the body, so the body's limit alone would
    /// not end it.
    room: usize,
}

impl Layer {
    fn push(&mut self, bytes: &[u8], next: &mut Next<'_>) -> Result<(), Broken> {
        self.run(next, |undo, next| undo.push(bytes, next))
    }

    fn finish(&mut self, next: &mut Next<'_>) -> Result<(), Broken> {
        self.run(next, Undo::finish)
    }

    fn run(
        &mut self,
        next: &mut Next<'_>,
        step: impl FnOnce(&mut Undo, &mut Next<'_>) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        let room = &mut self.room;
        step(&mut self.undo, &mut |piece| {
            // The layer below first: a body that may be cut is filled to its limit before anything is refused.
            next(piece)?;
            *room = room.checked_sub(piece.len()).ok_or(Broken::TooLarge)?;
            Ok(())
        })
    }
}

enum Undo {
    Gzip(Gzip),
    Deflate(Deflate),
    Brotli(Box<Brotli>),
    Zstd(Zstd),
}

impl Undo {
    fn of(coding: Coding) -> Self {
        match coding {
            Coding::Gzip => Self::Gzip(Gzip::new()),
            Coding::Deflate => Self::Deflate(Deflate::new()),
            Coding::Brotli => Self::Brotli(Box::new(Brotli::new())),
            Coding::Zstd => Self::Zstd(Zstd::new()),
        }
    }

    fn push(&mut self, bytes: &[u8], next: &mut Next<'_>) -> Result<(), Broken> {
        if bytes.is_empty() {
            return Ok(());
        }
        match self {
            Self::Gzip(gzip) => gzip.push(bytes, next),
            Self::Deflate(deflate) => deflate.push(bytes, next),
            Self::Brotli(brotli) => brotli.push(bytes, next),
            Self::Zstd(zstd) => zstd.push(bytes, next),
        }
    }

    fn finish(&mut self, next: &mut Next<'_>) -> Result<(), Broken> {
        match self {
            Self::Gzip(gzip) => gzip.finish(),
            Self::Deflate(deflate) => deflate.finish(),
            Self::Brotli(brotli) => brotli.finish(),
            Self::Zstd(zstd) => zstd.finish(next),
        }
    }
}

fn corrupt(reason: &str) -> Broken {
    Broken::Corrupt(reason.to_owned())
}
