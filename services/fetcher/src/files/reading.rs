//! What follows from a piece of a file.

use schemas::fate::{Fate, NotFetchedReason};
use schemas::memory::fetcher::FetcherMemory;
use schemas::memory::files::FileState;
use schemas::source::{FileFormat, Source};
use schemas::time::Timestamp;

use super::article::RowPlace;
use super::lane::{is_same, may_have_grown, place_of};
use super::rows::{Ask, Row, Rows};
use super::{DeadRow, HEAD_BYTES, PIECE_BYTES, Piece, Place, Read, Step, format, jsonl, warc, whole};
use crate::machine::Subject;
use crate::stable_hash::stable_hash;

/// Reads a piece of the file of which `known` is remembered, at most so many rows and bytes.
pub(super) fn step(
    source: &Source,
    known: Option<&FileState>,
    read: &Read,
    piece: &Piece<'_>,
    (rows_max, bytes_max): (usize, usize),
    now: Timestamp,
) -> Step {
    let mut state = resumed(known, read, piece, now);
    if place_of(&state) != read.from {
        // The file was another one than it seemed: the next piece is that of its beginning.
        return remember(Step::default(), state);
    }
    let told = source
        .format
        .or(state.format)
        .or_else(|| format::of(&read.path, piece.bytes));
    let Some(format) = told else {
        return ended(state, "what it holds can't be told: add its source with --format");
    };
    state.format = Some(format);
    if whole::is_whole(format) && !piece.is_end {
        let detail = format!(
            "it is larger than {PIECE_BYTES} bytes, and {} is read whole",
            format.as_str()
        );
        return ended(state, &detail);
    }
    let ask = Ask {
        bytes: piece.bytes,
        is_end: piece.is_end,
        rows_max,
        bytes_max,
        now,
    };
    let rows = match format {
        FileFormat::Jsonl => jsonl::read(&ask, state.pass_line),
        FileFormat::Warc => warc::read(&ask, state.pass_bytes),
        other => whole::read(other, &ask, state.inflated),
    };
    taken_over(source, read, piece, state, rows, now)
}

/// Where reading goes on: behind what was read of this file, of what it was before it grew, or at its beginning.
fn resumed(known: Option<&FileState>, read: &Read, piece: &Piece<'_>, now: Timestamp) -> FileState {
    let state = match known {
        Some(state) if is_same(state, read.sighting) => state.clone(),
        Some(state) if may_have_grown(state, read.sighting) && !piece.is_packed && begins_so(state, piece) => {
            FileState {
                size: read.sighting.size,
                modified: read.sighting.modified,
                ..state.clone()
            }
        }
        _ => taken(read, piece, now),
    };
    FileState {
        finished: false,
        error: None,
        due_at: None,
        ..state
    }
}

/// A file that is read for the first time, or anew.
fn taken(read: &Read, piece: &Piece<'_>, now: Timestamp) -> FileState {
    let head = piece.head.get(..HEAD_BYTES).unwrap_or(piece.head);
    FileState {
        source_id: read.source_id.clone(),
        path: read.path.clone(),
        size: read.sighting.size,
        modified: read.sighting.modified,
        taken_at: now,
        head: hash(head),
        head_bytes: u32::try_from(head.len()).unwrap_or(0),
        ..FileState::default()
    }
}

fn hash(bytes: &[u8]) -> String {
    format!("{:016x}", stable_hash(&[bytes]))
}

/// Whether the file begins as the one of `state` did.
fn begins_so(state: &FileState, piece: &Piece<'_>) -> bool {
    let length = usize::try_from(state.head_bytes).unwrap_or(usize::MAX);
    piece.head.get(..length).is_some_and(|head| hash(head) == state.head)
}

/// A file that the host can't read.
pub(super) fn given_up(known: Option<&FileState>, read: &Read, detail: &str, now: Timestamp) -> Step {
    let state = match known {
        Some(state) if is_same(state, read.sighting) => state.clone(),
        _ => taken(read, &Piece::default(), now),
    };
    ended(state, detail)
}

/// Turns rows into records and moves the place behind them.
fn taken_over(
    source: &Source,
    read: &Read,
    piece: &Piece<'_>,
    mut state: FileState,
    rows: Rows,
    now: Timestamp,
) -> Step {
    let mut step = Step::default();
    let makes_progress = 0 < rows.used || !rows.rows.is_empty() || rows.is_done || rows.due_at.is_some();
    if !makes_progress {
        return ended(state, "its next record never ends");
    }
    for row in rows.rows {
        take(source, &mut state, &mut step, row, now);
        state.rows += 1;
    }
    if let Some(Row::Bad { bytes, detail }) = rows.bad_tail {
        // Not counted as a row: should the line grow, it is read again under the same number.
        add_bad(source, &mut state, &mut step, ("tail", bytes, detail));
    }
    match state.format.is_some_and(whole::is_whole) {
        true => {
            state.inflated += rows.used as u64;
            state.offset = if rows.is_done { state.size } else { 0 };
        }
        false => {
            let place = advanced(read.from, rows.used, piece);
            (state.offset, state.inflated) = (place.offset, place.inflated);
        }
    }
    (state.pass_bytes, state.pass_line) = (rows.pass_bytes, rows.pass_line);
    state.due_at = rows.due_at;
    state.finished = rows.is_done;
    if let Some(broken) = piece.broken.filter(|_| rows.is_done) {
        state.error = Some(broken.to_owned());
    }
    remember(step, state)
}

fn take(source: &Source, state: &mut FileState, step: &mut Step, row: Row, now: Timestamp) {
    let path = state.path.clone();
    let place = RowPlace {
        source,
        path: &path,
        row: state.rows,
        taken_at: state.taken_at,
    };
    match row {
        Row::Blank => {}
        Row::Skipped => {
            state.skipped += 1;
            step.skipped += 1;
        }
        Row::Article(article) => {
            state.records += 1;
            step.found.push(place.found(*article, now));
        }
        Row::TakenBack(article) => {
            state.skipped += 1;
            let subject = Subject {
                fetch_id: place.fetch_id("taken back"),
                requested_url: article.name(&place),
                source_id: source.id.clone(),
            };
            step.ended.push((subject, Fate::NotFetched(NotFetchedReason::Gone)));
        }
        Row::Bad { bytes, detail } => add_bad(source, state, step, ("bad", bytes, detail)),
    }
}

fn add_bad(source: &Source, state: &mut FileState, step: &mut Step, (kind, bytes, detail): (&str, Vec<u8>, String)) {
    state.bad += 1;
    let path = state.path.clone();
    let place = RowPlace {
        source,
        path: &path,
        row: state.rows,
        taken_at: state.taken_at,
    };
    // A last line may turn out bad again each time that it grows.
    let fetch_id = place.fetch_id(&format!("{kind} {}", state.bad));
    step.dead.push(DeadRow {
        subject: Subject {
            fetch_id,
            requested_url: String::new(),
            source_id: source.id.clone(),
        },
        number: state.rows + 1,
        path,
        bytes,
        detail,
    });
}

/// The place `used` bytes behind `from`.
fn advanced(from: Place, used: usize, piece: &Piece<'_>) -> Place {
    if !piece.is_packed {
        return Place {
            offset: from.offset + used as u64,
            inflated: 0,
        };
    }
    let member = piece.members.iter().rev().find(|(at, _)| *at <= used);
    match member {
        Some((at, offset)) => Place {
            offset: *offset,
            inflated: (used - at) as u64,
        },
        None => Place {
            offset: from.offset,
            inflated: from.inflated + used as u64,
        },
    }
}

/// The end of a file that can't be read.
fn ended(state: FileState, detail: &str) -> Step {
    let state = FileState {
        finished: true,
        error: Some(detail.to_owned()),
        ..state
    };
    remember(Step::default(), state)
}

fn remember(mut step: Step, state: FileState) -> Step {
    step.memory.push(FetcherMemory::File(state));
    step
}
