//! `gzip` (RFC 1952): members one behind the other, checked against their lengths and checksums.

use flate2::Crc;

use super::deflate::Inflate;
use super::{Broken, Next, STREAMS_MAX, corrupt};

/// How every member begins.
pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// The compression method of every member: deflate.
const METHOD: u8 = 8;
/// A member's head: ten bytes, and fields that flags announce. Names and comments are short; the limit keeps what is
/// held, and looked through again with every piece, small.
const HEAD_MAX: usize = 4096;
/// The checksum and the length at the end of a member.
const TAIL_BYTES: usize = 8;

/// A body under `gzip`.
pub(super) struct Gzip {
    place: Place,
    /// Bytes that can't be judged yet: a head, a tail, or what comes behind a member. Never more than a head and a
    /// piece of the input.
    held: Vec<u8>,
    inflate: Inflate,
    checksum: Crc,
    members: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first byte.
    Start,
    /// In the head of a member.
    Head,
    /// In its data.
    Data,
    /// In its checksum and length.
    Tail,
    /// Behind a member: another one begins here, or padding.
    Between,
    /// Not compressed at all.
    Plain,
    /// Behind the last member.
    Ended,
}

impl Gzip {
    pub(super) fn new() -> Self {
        Self {
            place: Place::Start,
            held: Vec::new(),
            inflate: Inflate::new(false),
            checksum: Crc::new(),
            members: 0,
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8], next: &mut Next<'_>) -> Result<(), Broken> {
        let mut rest = bytes;
        // Every turn either uses up the rest or changes the place; members are counted, so turns are bounded.
        while !rest.is_empty() {
            rest = match self.place {
                Place::Start => self.start(rest),
                Place::Head => self.head(rest)?,
                Place::Data => self.data(rest, next)?,
                Place::Tail => self.tail(rest)?,
                Place::Between => self.between(rest)?,
                Place::Plain => {
                    next(rest)?;
                    &[]
                }
                Place::Ended => &[],
            };
        }
        Ok(())
    }

    pub(super) fn finish(&self) -> Result<(), Broken> {
        match self.place {
            Place::Start | Place::Plain | Place::Ended => Ok(()),
            // One byte of padding may look like the first half of a magic number.
            Place::Between if self.held.len() < MAGIC.len() => Ok(()),
            Place::Between | Place::Head | Place::Data | Place::Tail => Err(Broken::Truncated),
        }
    }

    /// No text begins with the first byte of the magic number, so it alone tells what is compressed.
    fn start<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        self.place = match rest.first() == MAGIC.first() {
            true => Place::Head,
            false => Place::Plain,
        };
        rest
    }

    fn head<'a>(&mut self, rest: &'a [u8]) -> Result<&'a [u8], Broken> {
        let before = self.held.len();
        let room = HEAD_MAX.saturating_sub(before);
        self.held.extend_from_slice(&rest[..rest.len().min(room)]);
        let Some(length) = head_length(&self.held)? else {
            return match self.held.len() < HEAD_MAX {
                true => Ok(&[]),
                false => Err(corrupt("the gzip head is too long")),
            };
        };
        self.held.clear();
        self.place = Place::Data;
        // What was held before was no whole head, so the head ends in what came now.
        Ok(rest.get(length.saturating_sub(before)..).unwrap_or_default())
    }

    fn data<'a>(&mut self, rest: &'a [u8], next: &mut Next<'_>) -> Result<&'a [u8], Broken> {
        let checksum = &mut self.checksum;
        let behind = self.inflate.push(rest, &mut |piece| {
            checksum.update(piece);
            next(piece)
        })?;
        match behind {
            None => Ok(&[]),
            Some(behind) => {
                self.place = Place::Tail;
                Ok(behind)
            }
        }
    }

    fn tail<'a>(&mut self, rest: &'a [u8]) -> Result<&'a [u8], Broken> {
        let (tail, behind) = rest.split_at(rest.len().min(TAIL_BYTES - self.held.len()));
        self.held.extend_from_slice(tail);
        let &[c0, c1, c2, c3, l0, l1, l2, l3] = self.held.as_slice() else {
            return Ok(behind);
        };
        let is_right = u32::from_le_bytes([c0, c1, c2, c3]) == self.checksum.sum()
            && u32::from_le_bytes([l0, l1, l2, l3]) == self.checksum.amount();
        if !is_right {
            return Err(corrupt("the checksum of the gzip stream does not fit"));
        }
        self.held.clear();
        self.place = Place::Between;
        Ok(behind)
    }

    fn between<'a>(&mut self, rest: &'a [u8]) -> Result<&'a [u8], Broken> {
        const BEGIN: [u8; 3] = [MAGIC[0], MAGIC[1], METHOD];
        let (looked_at, behind) = rest.split_at(rest.len().min(BEGIN.len() - self.held.len()));
        self.held.extend_from_slice(looked_at);
        if !BEGIN.starts_with(&self.held) {
            self.place = Place::Ended;
            return Ok(&[]);
        }
        if self.held.len() == BEGIN.len() {
            self.members += 1;
            if STREAMS_MAX <= self.members {
                return Err(corrupt("the gzip stream has too many members"));
            }
            self.inflate.restart();
            self.checksum.reset();
            self.place = Place::Head;
        }
        Ok(behind)
    }
}

/// How long the head is that `held` begins with; `None` while it is not whole.
fn head_length(held: &[u8]) -> Result<Option<usize>, Broken> {
    const CHECKSUM: u8 = 1 << 1;
    const EXTRA: u8 = 1 << 2;
    const NAME: u8 = 1 << 3;
    const COMMENT: u8 = 1 << 4;
    const RESERVED: u8 = 0xe0;

    let begin = [MAGIC[0], MAGIC[1], METHOD];
    let known = held.len().min(begin.len());
    if held[..known] != begin[..known] {
        return Err(corrupt("the gzip stream does not begin as one"));
    }
    let Some(&flags) = held.get(3) else {
        return Ok(None);
    };
    if flags & RESERVED != 0 {
        return Err(corrupt("the gzip head has unknown flags"));
    }
    let mut length = 10;
    if flags & EXTRA != 0 {
        let Some(&[low, high]) = held.get(length..length + 2) else {
            return Ok(None);
        };
        length += 2 + usize::from(u16::from_le_bytes([low, high]));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = held
                .get(length..)
                .and_then(|rest| rest.iter().position(|byte| *byte == 0));
            let Some(end) = end else {
                return Ok(None);
            };
            length += end + 1;
        }
    }
    if flags & CHECKSUM != 0 {
        length += 2;
    }
    Ok((length <= held.len()).then_some(length))
}
