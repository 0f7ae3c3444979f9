//! Cuts a torn tail off the store's journal before the store is opened.
//!
//! A commit is answered after its batch was synced, and one batch is written at a time. So a batch at the very end that
//! is not whole was never answered, and goes; a broken one with whole ones after it is damage to what was promised, and
//! the log says so instead of opening without them. (fjall 3.1 by itself refuses a last batch with a wrong checksum,
//! and silently cuts everything after a broken one in the middle.)
//!
//! A journal of fjall 3 is a row of batches: a start (tag 1, number of items as u32, sequence number as u64), the items
//! (tag 2, kind, compression, keyspace as u64, lengths of key, value and stored value as u16, u32, u32, key, stored
//! value; or tag 4 and a keyspace as u64), and an end (tag 3, xxh3 of the items as u64, four magic bytes). Numbers are
//! little endian; zeros that were set aside follow.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::record::take_array;

const CHUNK_BYTES: usize = 256 * 1024;
const START: u8 = 1;
const ITEM: u8 = 2;
const END: u8 = 3;
const CLEAR: u8 = 4;
const MAGIC: [u8; 4] = *b"FJL\x03";

/// What stands at the end of a journal.
#[derive(Debug, PartialEq, Eq)]
enum Tail {
    /// Nothing, or zeros.
    Clean,
    /// From this position on a batch that was not written whole.
    Torn(usize),
    /// At this position a broken batch, and whole ones after it.
    Damaged(usize),
}

/// Cuts the journal that was written last in the directory `store` after its last whole batch.
pub(super) fn cut_torn_tail(store: &Path) -> io::Result<()> {
    let Some(journal) = last_journal(store)? else {
        return Ok(());
    };
    let bytes = read_without_zeros(&journal)?;
    match tail(&bytes) {
        Tail::Clean => Ok(()),
        Tail::Torn(position) => {
            let path = journal.display().to_string();
            tracing::warn!(
                journal = path,
                position,
                "a commit that was not written whole is cut off"
            );
            let file = File::options().write(true).open(&journal)?;
            file.set_len(position as u64)?;
            file.sync_all()
        }
        Tail::Damaged(position) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "journal {} is damaged at byte {position}; restore the directory from a copy",
                journal.display()
            ),
        )),
    }
}

/// The file up to about its last byte that is not zero: most of it is only set aside.
fn read_without_zeros(journal: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(journal)?;
    let (mut bytes, mut zeros) = (Vec::new(), 0);
    let (mut chunk, none) = (vec![0; CHUNK_BYTES], vec![0; CHUNK_BYTES]);
    loop {
        let read = file.read(&mut chunk)?;
        let (read, none) = (&chunk[..read], &none[..read]);
        if read.is_empty() {
            return Ok(bytes);
        }
        if read == none {
            zeros += read.len();
        } else {
            bytes.resize(bytes.len() + std::mem::take(&mut zeros), 0);
            bytes.extend(read);
        }
    }
}

fn last_journal(store: &Path) -> io::Result<Option<PathBuf>> {
    let entries = match fs::read_dir(store) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut last: Option<(u64, PathBuf)> = None;
    for entry in entries {
        let path = entry?.path();
        let is_journal = path.extension() == Some(OsStr::new("jnl"));
        let number = path
            .file_stem()
            .and_then(OsStr::to_str)
            .and_then(|stem| stem.parse().ok());
        if let Some(number) = number.filter(|_| is_journal)
            && last.as_ref().is_none_or(|(known, _)| *known < number)
        {
            last = Some((number, path));
        }
    }
    Ok(last.map(|(_, path)| path))
}

fn tail(bytes: &[u8]) -> Tail {
    let mut rest = bytes;
    while let Some(after) = after_batch(rest) {
        rest = after;
    }
    let position = bytes.len() - rest.len();
    if rest.iter().all(|byte| *byte == 0) {
        return Tail::Clean;
    }
    // A start tag is one byte of many, but a whole batch with its checksum is found by no accident.
    let is_whole_batch = |(at, byte): (usize, &u8)| *byte == START && rest.get(at..).and_then(after_batch).is_some();
    match rest.iter().enumerate().any(is_whole_batch) {
        true => Tail::Damaged(position),
        false => Tail::Torn(position),
    }
}

/// What follows the whole batch at the start of `bytes`; `None` when there is none.
fn after_batch(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    let [START] = take_array(&mut rest)? else {
        return None;
    };
    let count = u32::from_le_bytes(take_array(&mut rest)?);
    rest = rest.get(8..)?;
    let items = rest;
    for _ in 0..count {
        rest = after_item(rest)?;
    }
    let items = items.get(..items.len() - rest.len())?;
    let [END] = take_array(&mut rest)? else {
        return None;
    };
    let checksum = u64::from_le_bytes(take_array(&mut rest)?);
    let magic: [u8; 4] = take_array(&mut rest)?;
    (magic == MAGIC && checksum == xxh3_64(items)).then_some(rest)
}

fn after_item(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes;
    match take_array(&mut rest)? {
        [ITEM] => {
            rest = rest.get(2 + 8..)?;
            let key = usize::from(u16::from_le_bytes(take_array(&mut rest)?));
            rest = rest.get(4..)?;
            let stored = usize::try_from(u32::from_le_bytes(take_array(&mut rest)?)).ok()?;
            rest.get(key.checked_add(stored)?..)
        }
        [CLEAR] => rest.get(8..),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(values: &[&[u8]]) -> Vec<u8> {
        let mut items = Vec::new();
        for value in values {
            items.extend([ITEM, 0, 0]);
            items.extend(7_u64.to_le_bytes());
            items.extend(3_u16.to_le_bytes());
            items.extend((value.len() as u32).to_le_bytes());
            items.extend((value.len() as u32).to_le_bytes());
            items.extend(b"key");
            items.extend(*value);
        }
        let mut bytes = vec![START];
        bytes.extend((values.len() as u32).to_le_bytes());
        bytes.extend(9_u64.to_le_bytes());
        bytes.extend(&items);
        bytes.push(END);
        bytes.extend(xxh3_64(&items).to_le_bytes());
        bytes.extend(MAGIC);
        bytes
    }

    #[test]
    fn whole_batches_and_zeros_are_clean() {
        assert_eq!(tail(b""), Tail::Clean);
        assert_eq!(tail(&[0; 100]), Tail::Clean);
        let whole = [batch(&[b"one", b"two"]), batch(&[b"three"]), vec![0; 50]].concat();
        assert_eq!(tail(&whole), Tail::Clean);
    }

    #[test]
    fn a_last_batch_cut_anywhere_is_torn() {
        let (first, last) = (batch(&[b"one"]), batch(&[b"two", b"three"]));
        for length in 1..last.len() {
            let cut = [&first, &last[..length], &[0; 30]].concat();
            assert_eq!(tail(&cut), Tail::Torn(first.len()), "{length}");
        }
    }

    #[test]
    fn a_last_batch_with_a_flipped_bit_is_torn() {
        let (first, last) = (batch(&[b"one"]), batch(&[b"two"]));
        for position in 0..last.len() {
            let mut bytes = [first.clone(), last.clone()].concat();
            bytes[first.len() + position] ^= 0x40;
            // The sequence number is outside the checksum.
            if !(5..13).contains(&position) {
                assert_eq!(tail(&bytes), Tail::Torn(first.len()), "{position}");
            }
        }
    }

    #[test]
    fn a_broken_batch_before_a_whole_one_is_damage() {
        let (first, broken, last) = (batch(&[b"one"]), batch(&[b"two"]), batch(&[b"three"]));
        for position in [0, 1, 20, broken.len() - 1] {
            let mut bytes = [first.clone(), broken.clone(), last.clone()].concat();
            bytes[first.len() + position] ^= 0x40;
            assert_eq!(tail(&bytes), Tail::Damaged(first.len()), "{position}");
        }
    }
}
