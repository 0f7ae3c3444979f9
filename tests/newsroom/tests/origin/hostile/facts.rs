//! What a client sees of each way to misbehave, as a table: row, path, and what the successive answers are like.

use std::collections::BTreeSet;
use std::io::Read as _;

use super::reader::{End, Taken, take};
use crate::origin::client::hostile_newsroom;

mod documents;
mod exchanges;
mod pages;

/// Something that is true of an answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fact {
    /// Its status.
    Status(u16),
    /// A header with a value that contains this.
    Header(&'static str, &'static str),
    /// The `Location` ends so.
    Leads(&'static str),
    /// The body contains this.
    Shows(&'static str),
    /// The body does not contain this.
    Lacks(&'static str),
    /// All bytes together contain this, each character standing for a byte.
    Bytes(&'static str),
    /// Nothing comes, or nothing more, and the connection stays open.
    Silent,
    /// The connection closes without a byte.
    Nothing,
    /// It does not end.
    Endless,
    /// The body is shorter than its length says.
    Short,
    /// The chunks do not end as they should.
    CutChunks,
    /// The body has so many bytes at least.
    Large(usize),
    /// The body, unpacked once from gzip, has so many bytes at least.
    Inflates(usize),
    /// The body, as text, has this so many times.
    Times(&'static str, usize),
    /// The body has no bytes.
    Empty,
}

impl Fact {
    fn holds(self, taken: &Taken) -> bool {
        let body = || String::from_utf8_lossy(taken.body()).into_owned();
        let contains = |bytes: &[u8], part: &[u8]| bytes.windows(part.len().max(1)).any(|window| window == part);
        let length = || {
            taken
                .headers("content-length")
                .first()
                .and_then(|length| length.parse::<usize>().ok())
        };
        match self {
            Self::Status(status) => taken.status() == Some(status),
            Self::Header(name, part) => taken.headers(name).iter().any(|value| value.contains(part)),
            Self::Leads(end) => taken.headers("location").iter().any(|value| value.ends_with(end)),
            Self::Shows(part) => body().contains(part),
            Self::Lacks(part) => !body().contains(part),
            Self::Bytes(part) => {
                let part: Vec<u8> = part
                    .chars()
                    .map(|letter| u8::try_from(u32::from(letter)).unwrap())
                    .collect();
                contains(&taken.bytes, &part)
            }
            Self::Silent => taken.end == End::Silent,
            Self::Nothing => taken.end == End::Closed && taken.bytes.is_empty(),
            Self::Endless => taken.end == End::Endless,
            Self::Short => taken.end == End::Closed && length().is_some_and(|length| taken.body().len() < length),
            Self::CutChunks => !taken.headers("transfer-encoding").is_empty() && !taken.body().ends_with(b"0\r\n\r\n"),
            Self::Large(bytes) => bytes <= taken.body().len(),
            Self::Inflates(bytes) => {
                let mut inflated = flate2::read::GzDecoder::new(taken.body()).take(bytes as u64);
                std::io::copy(&mut inflated, &mut std::io::sink()).is_ok_and(|copied| copied == bytes as u64)
            }
            Self::Times(part, times) => body().matches(part).count() == times,
            Self::Empty => taken.body().is_empty(),
        }
    }
}

/// A row, a path of its site, header lines of the requests, and what is true of the first answer, the second, ….
pub(super) struct Case {
    pub(super) row: &'static str,
    pub(super) path: &'static str,
    pub(super) headers: &'static [&'static str],
    pub(super) answers: &'static [&'static [Fact]],
}

/// Requests without headers.
pub(super) const fn case(row: &'static str, path: &'static str, answers: &'static [&'static [Fact]]) -> Case {
    Case {
        row,
        path,
        headers: &[],
        answers,
    }
}

/// The path that stands for the feed and for the first article.
pub(super) const FEED: &str = "/feed.xml";
pub(super) const STORY: &str = "STORY";

async fn check(cases: &[Case]) {
    let newsroom = hostile_newsroom().await;
    let table = newsroom.hostile();
    for case in cases {
        let row = table.iter().find(|row| row.name == case.row);
        let row = row.unwrap_or_else(|| panic!("there is no row {}", case.row));
        let home = row.subscribe.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let path = case.path.replace(STORY, &format!("/story/{}-1", row.name));
        let headers: Vec<_> = case.headers.iter().map(|line| (*line).to_owned()).collect();
        for (index, facts) in case.answers.iter().enumerate() {
            let taken = take(&format!("{home}{path}"), &headers).await;
            for fact in *facts {
                let head = taken.head().chars().take(400).collect::<String>();
                assert!(
                    fact.holds(&taken),
                    "{} {path}, answer {index}: not {fact:?}: {:?} {head:?}",
                    case.row,
                    taken.end
                );
            }
        }
    }
    newsroom.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exchanges_go_wrong_as_their_rows_say() {
    check(exchanges::CASES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feeds_and_sitemaps_are_odd_as_their_rows_say() {
    check(documents::CASES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_robots_files_are_odd_as_their_rows_say() {
    check(pages::CASES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_is_looked_at() {
    let newsroom = hostile_newsroom().await;
    let families = [exchanges::CASES, documents::CASES, pages::CASES];
    let cases: BTreeSet<_> = families.into_iter().flatten().map(|case| case.row).collect();
    let rows = newsroom.hostile();
    let missing: Vec<_> = rows
        .iter()
        .filter(|row| !cases.contains(row.name.as_str()))
        .map(|row| &row.name)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    newsroom.stop().await;
}
