//! The bytes of a file after inflation, and where the members of a compressed file begin.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek as _, SeekFrom};

use flate2::bufread::GzDecoder;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How a file is compressed, told by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// Not at all.
    Plain,
    /// Members of gzip (RFC 1952), one after another.
    Gzip,
    /// Frames of zstd (RFC 8878), one after another.
    Zstd,
}

impl Packing {
    /// The packing of a file that begins so.
    pub(super) fn of(head: &[u8]) -> Self {
        match () {
            () if head.starts_with(&GZIP_MAGIC) => Self::Gzip,
            () if head.starts_with(&ZSTD_MAGIC) => Self::Zstd,
            () => Self::Plain,
        }
    }
}

/// A file that knows how much of it was taken.
struct Counted {
    inner: BufReader<File>,
    position: u64,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.position += amount as u64;
        self.inner.consume(amount);
    }
}

enum Member {
    Plain(Counted),
    Gzip(Box<GzDecoder<Counted>>),
    Zstd(Box<zstd::Decoder<'static, Counted>>),
}

/// What one read gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// So many bytes.
    Bytes(usize),
    /// A member ended, and another begins at this place of the file.
    Member(u64),
    /// The file ended.
    End,
}

/// A file that is inflated while it is read.
pub(super) struct Inflated {
    packing: Packing,
    member: Option<Member>,
}

impl Inflated {
    /// Reads `file` from the place `offset`, where a member must begin if it is compressed.
    pub(super) fn open(mut file: File, packing: Packing, offset: u64) -> std::io::Result<Self> {
        file.seek(SeekFrom::Start(offset))?;
        let counted = Counted {
            inner: BufReader::with_capacity(256 * 1024, file),
            position: offset,
        };
        Ok(Self {
            packing,
            member: Some(member(packing, counted)?),
        })
    }

    /// Reads into `buffer`, which is not empty.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<Taken> {
        let count = match &mut self.member {
            Some(Member::Plain(reader)) => reader.read(buffer)?,
            Some(Member::Gzip(reader)) => reader.read(buffer)?,
            Some(Member::Zstd(reader)) => reader.read(buffer)?,
            None => 0,
        };
        if 0 < count {
            return Ok(Taken::Bytes(count));
        }
        let mut rest = match self.member.take() {
            Some(Member::Gzip(reader)) => reader.into_inner(),
            Some(Member::Zstd(reader)) => reader.finish(),
            Some(Member::Plain(_)) | None => return Ok(Taken::End),
        };
        // Tapes were padded with zeros, and so are some archives.
        let next = rest.fill_buf()?;
        if next.first().is_none_or(|byte| *byte == 0) {
            return Ok(Taken::End);
        }
        let position = rest.position;
        self.member = Some(member(self.packing, rest)?);
        Ok(Taken::Member(position))
    }
}

fn member(packing: Packing, reader: Counted) -> std::io::Result<Member> {
    Ok(match packing {
        Packing::Plain => Member::Plain(reader),
        Packing::Gzip => Member::Gzip(Box::new(GzDecoder::new(reader))),
        Packing::Zstd => Member::Zstd(Box::new(zstd::Decoder::with_buffer(reader)?.single_frame())),
    })
}
