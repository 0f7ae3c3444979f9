//! A file of commits: what a memory topic is, as far as one stage can tell.
//!
//! A commit is its length and the number of articles taken so far (both u64), then its records: length of key and of
//! value (u32 each, the highest number for no value), key, value. A commit that was cut off is left out and overwritten.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use schemas::memory::deduper::DeduperMemory;
use schemas::record::{Incoming, Record as _};
use schemas::topic::{StageName, Topic};

const NONE: u32 = u32::MAX;

pub(crate) struct MemoryFile(File);

/// What was in the file.
#[derive(Default)]
pub(crate) struct Recalled {
    pub(crate) articles: usize,
    pub(crate) records: usize,
}

impl MemoryFile {
    /// Opens the file, made where there is none, and hands over all changes of whole commits.
    pub(crate) fn open(path: &Path, mut apply: impl FnMut(&DeduperMemory)) -> (Self, Recalled) {
        let mut options = File::options();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .unwrap();
        let size = file.metadata().unwrap().len();
        let (mut recalled, mut end) = (Recalled::default(), 0);
        let mut reader = std::io::BufReader::new(&mut file);
        while end + 16 <= size {
            let (length, articles) = (number(&mut reader), number(&mut reader));
            if size < end + 16 + length {
                break;
            }
            let mut bytes = vec![0; usize::try_from(length).unwrap()];
            reader.read_exact(&mut bytes).unwrap();
            recalled.records += read(&bytes, &mut apply);
            recalled.articles = usize::try_from(articles).unwrap();
            end += 16 + length;
        }
        drop(reader);
        file.set_len(end).unwrap();
        file.seek(SeekFrom::Start(end)).unwrap();
        (Self(file), recalled)
    }

    /// Writes a commit and waits until it is on the disk.
    pub(crate) fn commit(&mut self, articles: usize, changes: &[DeduperMemory]) {
        let mut records = Vec::new();
        for change in changes {
            let encoded = change.encode().unwrap();
            let (key, value) = (encoded.key.unwrap_or_default(), encoded.value);
            let lengths = [Some(key.len()), value.as_ref().map(Vec::len)];
            for length in lengths {
                let length = length.map_or(NONE, |length| u32::try_from(length).unwrap());
                records.extend_from_slice(&length.to_le_bytes());
            }
            records.extend_from_slice(&key);
            records.extend_from_slice(&value.unwrap_or_default());
        }
        let mut commit = Vec::with_capacity(records.len() + 16);
        commit.extend_from_slice(&(records.len() as u64).to_le_bytes());
        commit.extend_from_slice(&(articles as u64).to_le_bytes());
        commit.extend_from_slice(&records);
        self.0.write_all(&commit).unwrap();
        self.0.sync_data().unwrap();
    }
}

fn number(reader: &mut impl std::io::Read) -> u64 {
    let mut bytes = [0; 8];
    reader.read_exact(&mut bytes).unwrap();
    u64::from_le_bytes(bytes)
}

/// Reads the records of a commit; answers how many there were.
fn read(mut bytes: &[u8], apply: &mut impl FnMut(&DeduperMemory)) -> usize {
    let mut count = 0;
    while let Some((lengths, rest)) = bytes.split_first_chunk::<8>() {
        let [a, b, c, d, e, f, g, h] = *lengths;
        let (key, value) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        let (key, rest) = rest.split_at(key as usize);
        let (value, rest) = match value {
            NONE => (None, rest),
            length => {
                let (value, rest) = rest.split_at(length as usize);
                (Some(value), rest)
            }
        };
        let incoming = Incoming {
            topic: Topic::Memory(StageName::Deduper),
            key: Some(key),
            value,
        };
        apply(&DeduperMemory::decode(incoming).unwrap());
        bytes = rest;
        count += 1;
    }
    count
}
