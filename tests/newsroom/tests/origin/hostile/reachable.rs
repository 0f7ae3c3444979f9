//! A patient reader of good will finds every article that is expected to come out, word for word.

use std::collections::BTreeMap;
use std::io::Read as _;

use encoding_rs::{Encoding, KOI8_R, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use newsroom::misbehaviour::{Expect, Text};

use super::reader::{End, Taken, take};
use crate::origin::client::hostile_newsroom;

/// Attempts and redirects that an article may need.
const STEPS_MAX: usize = 8;

/// The page at `url`: asked for again after failures, followed through redirects, unpacked and decoded.
async fn page(url: &str) -> String {
    let mut at = url.to_owned();
    for _ in 0..STEPS_MAX {
        let taken = take(&at, &[]).await;
        if let Some(location) = taken.headers("location").first() {
            at = absolute(&at, location);
        } else if taken.status() == Some(200) && taken.end == End::Closed {
            let length = taken
                .headers("content-length")
                .first()
                .and_then(|length| length.parse().ok());
            let is_chunked = !taken.headers("transfer-encoding").is_empty();
            if !is_chunked && length.is_none_or(|length: usize| length == taken.body().len()) {
                return decoded(&unpacked(&taken));
            }
        }
    }
    panic!("{url} can't be had");
}

fn absolute(base: &str, location: &str) -> String {
    let host_end = base[7..].find('/').map_or(base.len(), |at| at + 7);
    let path = location.trim_start_matches("..").split('#').next().unwrap();
    let path = path.replace(' ', "%20");
    match location {
        _ if location.starts_with("//") => format!("http:{path}"),
        _ if location.starts_with('/') || location.starts_with("..") => format!("{}{path}", &base[..host_end]),
        _ => path,
    }
}

fn unpacked(taken: &Taken) -> Vec<u8> {
    let codings = taken.headers("content-encoding").join(",");
    let codings = codings.split(',').map(str::trim).filter(|coding| !coding.is_empty());
    codings
        .rev()
        .fold(taken.body().to_vec(), |bytes, coding| unpack(coding, &bytes))
}

fn unpack(coding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match coding.to_lowercase().as_str() {
        "gzip" | "x-gzip" => flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut out),
        "deflate" if bytes[0] == 0x78 => flate2::read::ZlibDecoder::new(bytes).read_to_end(&mut out),
        "deflate" => flate2::read::DeflateDecoder::new(bytes).read_to_end(&mut out),
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut out),
        "zstd" => zstd::Decoder::new(bytes).unwrap().read_to_end(&mut out),
        "identity" => return bytes.to_vec(),
        other => panic!("no honest article is behind {other}"),
    }
    .unwrap();
    out
}

/// The text of a page; of all charsets that the rows use, the one in which the bytes make sense.
fn decoded(bytes: &[u8]) -> String {
    let page = String::from_utf8_lossy(bytes);
    let charset: &Encoding = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        _ if page.contains("koi8-r") => KOI8_R,
        _ if page.contains("Shift_JIS") => SHIFT_JIS,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    };
    charset.decode(bytes).0.into_owned()
}

fn shows(page: &str, text: &Text) -> bool {
    let page = page
        .replace('\0', "")
        .replace("&quot;", "\"")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&");
    page.contains(&text.title) && text.body.iter().all(|paragraph| page.contains(paragraph.as_str()))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_article_that_should_come_out_can_be_had_word_for_word() {
    let newsroom = hostile_newsroom().await;
    let mut pages = BTreeMap::new();
    for row in newsroom.hostile() {
        for expect in &row.expectations {
            let (first, last) = match expect {
                Expect::Published { text } => (text, text),
                Expect::Corrected { first, last } => (first, last),
                _ => continue,
            };
            let page_at_first = page(&first.url).await;
            assert!(shows(&page_at_first, first), "{}: {page_at_first}", row.name);
            // A correction comes with the third request.
            let page_at_second = page(&last.url).await;
            let mut is_last = shows(&page_at_second, last) || shows(&page(&last.url).await, last);
            if !is_last {
                // An article on two pages is corrected by the second one.
                let second = page(&format!("{}?page=2", last.url)).await;
                is_last = shows(&(page_at_first.clone() + &second), last);
            }
            assert!(is_last, "{} is not corrected", row.name);
            pages.insert(first.url.clone(), page_at_first);
        }
    }
    assert!(100 <= pages.len(), "{}", pages.len());
    newsroom.stop().await;
}
