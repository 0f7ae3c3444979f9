//! WARC archives (ISO 28500, versions 0.18 to 1.1): the pages in HTTP responses, everything else counted.

use schemas::fetched::{FetchedRights, MAX_BODY_BYTES};

use super::article::Article;
use super::rows::{Ask, Row, Rows};
use super::{http_message, page};
use crate::tdm::Tdm;

/// The largest record that is taken: the largest page, with room for its headers and the frames of a chunked body.
const RECORD_BYTES_MAX: usize = MAX_BODY_BYTES + 512 * 1024;

/// The largest head of a record.
const HEAD_BYTES_MAX: usize = 64 * 1024;

const MAGIC: &[u8] = b"WARC/";

/// The head of a record.
struct Head<'a> {
    lines: &'a str,
    /// Its size, the empty line included.
    size: usize,
    /// The size of the block behind it.
    length: u64,
}

impl<'a> Head<'a> {
    /// Reads the head at the beginning of `bytes`; `None` when it does not end there or is none.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let start = bytes.get(..HEAD_BYTES_MAX).unwrap_or(bytes);
        let size = http_message::head_size(start)?;
        let lines = std::str::from_utf8(start.get(..size)?).ok()?;
        let mut head = Self { lines, size, length: 0 };
        head.length = head.field("content-length")?.parse().ok()?;
        Some(head)
    }

    fn field(&self, name: &str) -> Option<&'a str> {
        let pairs = self.lines.lines().skip(1).filter_map(|line| line.split_once(':'));
        let mut named = pairs.filter(|(known, _)| known.trim().eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.trim())
    }
}

/// Reads records. The first `pass_bytes` bytes belong to a record that is passed over.
pub(super) fn read(ask: &Ask<'_>, pass_bytes: u64) -> Rows {
    let mut rows = Rows::default();
    let passed = usize::try_from(pass_bytes).unwrap_or(usize::MAX).min(ask.bytes.len());
    rows.used = passed;
    rows.pass_bytes = pass_bytes - passed as u64;
    if 0 < rows.pass_bytes {
        if ask.is_end {
            rows.rows.push(Row::bad(&[], "the file ends within a record"));
            rows.is_done = true;
        }
        return rows;
    }
    while rows.rows.len() < ask.rows_max && rows.used < ask.bytes_max && rows.pass_bytes == 0 {
        let rest = ask.bytes.get(rows.used..).unwrap_or_default();
        let blanks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let record = rest.get(blanks..).unwrap_or_default();
        if record.is_empty() {
            rows.used += blanks;
            rows.is_done = ask.is_end;
            return rows;
        }
        rows.used += blanks;
        if !one(record, ask.is_end, &mut rows) {
            return rows;
        }
    }
    rows
}

/// Reads the record at the beginning of `bytes`; false when more bytes are needed or there are no more records.
fn one(bytes: &[u8], is_end: bool, rows: &mut Rows) -> bool {
    let Some(head) = Head::read(bytes).filter(|_| bytes.starts_with(MAGIC)) else {
        // The head may only be cut off here.
        if bytes.len() < HEAD_BYTES_MAX && !is_end {
            return false;
        }
        let next = next_record(bytes);
        let lost = next.unwrap_or(bytes.len());
        let shown = bytes.get(..lost.min(HEAD_BYTES_MAX)).unwrap_or(bytes);
        rows.rows.push(Row::bad(shown, "no WARC record begins here"));
        rows.used += lost;
        rows.is_done = is_end && next.is_none();
        return true;
    };
    let available = (bytes.len() - head.size) as u64;
    if RECORD_BYTES_MAX as u64 <= head.length {
        rows.rows.push(Row::Skipped);
        rows.pass_bytes = head.length.saturating_sub(available);
        let inside = usize::try_from(head.length.min(available)).unwrap_or(bytes.len());
        rows.used += head.size + inside;
        return true;
    }
    if available < head.length {
        if is_end {
            rows.rows.push(Row::bad(
                bytes.get(..HEAD_BYTES_MAX).unwrap_or(bytes),
                "the file ends within a record",
            ));
            rows.used += bytes.len();
            rows.is_done = true;
        }
        return false;
    }
    let length = usize::try_from(head.length).unwrap_or(0);
    let block = bytes.get(head.size..head.size + length).unwrap_or_default();
    rows.rows.push(row(&head, block));
    rows.used += head.size + length;
    true
}

/// Where the next record begins after bytes that are none.
fn next_record(bytes: &[u8]) -> Option<usize> {
    let starts = bytes
        .windows(MAGIC.len() + 1)
        .position(|window| window[0] == b'\n' && &window[1..] == MAGIC);
    starts.map(|at| at + 1)
}

/// The page of a record, if it holds one. Only whole answers of status 200 are pages: what a crawler was refused or
/// sent elsewhere is no article.
fn row(head: &Head<'_>, block: &[u8]) -> Row {
    let kind = head.field("warc-type").unwrap_or_default().to_ascii_lowercase();
    // Version 1.0 was often written with brackets around the address.
    let address = head.field("warc-target-uri").map(|uri| uri.trim_matches(['<', '>']));
    let Some(address) = address.filter(|uri| uri.starts_with("http://") || uri.starts_with("https://")) else {
        return Row::Skipped;
    };
    let page = match kind.as_str() {
        "response" => http_message::page(block),
        "resource" => http_message::resource(head.field("content-type"), block),
        _ => return Row::Skipped,
    };
    match page {
        Some(found) if !found.body.is_empty() => Row::Article(Box::new(Article {
            address: Some(address.to_owned()),
            content_type: found.content_type,
            robots_headers: found.robots_headers,
            rights: rights(&found.tdm, address),
            ..page::article(found.body)
        })),
        _ => Row::Skipped,
    }
}

/// What the headers of the page at `address` reserve.
fn rights([reservation, policy]: &[Option<String>; 2], address: &str) -> FetchedRights {
    let tdm = Tdm::of_headers(reservation.as_deref(), policy.as_deref(), address);
    FetchedRights {
        tdm_reserved: tdm.as_ref().map(|tdm| tdm.reserved),
        tdm_policy: tdm.and_then(|tdm| tdm.policy),
        ..FetchedRights::default()
    }
}
