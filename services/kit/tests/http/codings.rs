//! Content codings on the wire. What streams may look like is tested beside the decoders.

use std::io::Write as _;

use fetcher::exchange::FailureKind::{Decode, Truncated};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use crate::exchange::{check, ok};

const TEXT: &str = "news that is worth a few words, and a few words more";

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("finished")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("finished")
}

pub(crate) fn br(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 4096, 4, 22);
    encoder.write_all(bytes).expect("written");
    encoder.into_inner()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::bulk::compress(bytes, 1).expect("compressed")
}

/// An answer with this body under these values of `Content-Encoding`, each in a line of its own.
fn coded(values: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let lines: String = values
        .iter()
        .map(|value| format!("Content-Encoding: {value}\r\n"))
        .collect();
    ok(&lines, body)
}

#[test]
fn every_coding_is_undone() {
    let text = TEXT.as_bytes();
    check(coded(&["gzip"], gzip(text)), Ok((200, TEXT)));
    check(coded(&["X-GZIP"], gzip(text)), Ok((200, TEXT)));
    check(coded(&["deflate"], zlib(text)), Ok((200, TEXT)));
    check(coded(&["br"], br(text)), Ok((200, TEXT)));
    check(coded(&["zstd"], zstd(text)), Ok((200, TEXT)));
    check(coded(&["identity"], text), Ok((200, TEXT)));
    check(coded(&["utf-8"], text), Ok((200, TEXT)));
}

#[test]
fn layers_are_undone_from_the_last_to_the_first() {
    let layered = br(&gzip(TEXT.as_bytes()));
    check(coded(&["gzip, br"], &layered), Ok((200, TEXT)));
    check(coded(&["gzip", "br"], &layered), Ok((200, TEXT)));
    check(coded(&["gzip, br"], gzip(TEXT.as_bytes())), Err(Decode));
}

#[test]
fn an_empty_body_needs_no_end_mark() {
    check(coded(&["gzip"], ""), Ok((200, "")));
    check(coded(&["odd"], ""), Ok((200, "")));
}

#[test]
fn wrong_declarations_are_healed_where_that_is_safe() {
    check(coded(&["gzip"], TEXT), Ok((200, TEXT)));
    check(coded(&["gzip", "gzip"], gzip(TEXT.as_bytes())), Ok((200, TEXT)));
    check(coded(&["br"], TEXT), Err(Decode));
    check(coded(&["compress"], TEXT), Err(Decode));
}

#[test]
fn a_stream_that_is_cut_is_truncated_though_the_framing_is_whole() {
    for (name, stream) in [
        ("gzip", gzip(TEXT.as_bytes())),
        ("deflate", zlib(TEXT.as_bytes())),
        ("br", br(TEXT.as_bytes())),
        ("zstd", zstd(TEXT.as_bytes())),
    ] {
        check(coded(&[name], &stream[..stream.len() - 5]), Err(Truncated));
    }
}

#[test]
fn bytes_behind_the_stream_are_ignored() {
    let padded = [gzip(TEXT.as_bytes()), b"\r\n".to_vec()].concat();
    check(coded(&["gzip"], padded), Ok((200, TEXT)));
    let members = [gzip(b"one, "), gzip(b"two")].concat();
    check(coded(&["gzip"], members), Ok((200, "one, two")));
}
