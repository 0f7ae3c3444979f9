//! Content codings: the honest ones that an article may come behind, and those that lie or inflate without measure.

use std::io::Write as _;

use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use flate2::{Compress, Compression, FlushCompress};

use super::answer::{Answer, HTML, RSS, Step};
use super::expect::Expect;
use super::row::{Asked, Place, Row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = honest();
    rows.extend(lying());
    rows.extend(bombs());
    rows
}

/// The article behind `coding`, packed by `pack`.
fn packed(name: &'static str, does: &'static str, coding: &'static str, pack: fn(&[u8]) -> Vec<u8>) -> Row {
    Row::new(name, does).pages(move |asked| {
        let page = asked.page();
        let body = pack(page.whole());
        page.body(body).header("Content-Encoding", coding)
    })
}

fn honest() -> Vec<Row> {
    vec![
        packed("coding-gzip", "sends its article in gzip", "gzip", gzip),
        packed(
            "coding-x-gzip",
            "sends its article in gzip under its old name",
            "x-gzip",
            gzip,
        ),
        packed("coding-upper-case", "writes the name of gzip in capitals", "GZIP", gzip),
        packed(
            "coding-deflate-zlib",
            "sends its article in deflate as the standard has it",
            "deflate",
            zlib,
        ),
        packed(
            "coding-deflate-raw",
            "sends its article in deflate without the wrapper",
            "deflate",
            deflate,
        ),
        packed("coding-br", "sends its article in Brotli", "br", brotli),
        packed("coding-zstd", "sends its article in Zstandard", "zstd", zstd),
        packed(
            "coding-identity",
            "says that its article is not packed",
            "identity",
            <[u8]>::to_vec,
        ),
        packed(
            "coding-layered",
            "sends its article in gzip and that in Brotli",
            "gzip, br",
            |bytes| brotli(&gzip(bytes)),
        ),
        Row::new("coding-two-headers", "names gzip and Brotli in a header each").pages(|asked| {
            let page = asked.page();
            let body = brotli(&gzip(page.whole()));
            page.body(body)
                .header("Content-Encoding", "gzip")
                .header("Content-Encoding", "br")
        }),
        packed(
            "coding-gzip-members",
            "sends its article in gzip of two members",
            "gzip",
            |bytes| {
                let (first, second) = bytes.split_at(bytes.len() / 2);
                [gzip(first), gzip(second)].concat()
            },
        ),
        Row::new("coding-gzip-feed", "sends its feed in gzip").feed(|asked| {
            let feed = Asked::feed_of(&asked.place.stories(1));
            let body = gzip(feed.whole());
            feed.body(body).header("Content-Encoding", "gzip")
        }),
    ]
}

fn no_article(place: &Place) -> Vec<Expect> {
    vec![
        Expect::NotPublished {
            url_prefix: place.url("/story/"),
        },
        Expect::RequestsAtLeast {
            site: place.name.to_owned(),
            path: format!("/story/{}-1", place.name),
            count: 1,
        },
    ]
}

fn lying() -> Vec<Row> {
    vec![
        packed(
            "coding-truncated-gzip",
            "cuts its article off inside gzip",
            "gzip",
            |bytes| {
                let bytes = gzip(bytes);
                bytes[..bytes.len() / 2].to_vec()
            },
        )
        .expects(no_article),
        packed("coding-wrong", "says Brotli and sends gzip", "br", gzip).expects(no_article),
        packed(
            "coding-unknown",
            "sends its article in a coding of its own",
            "x-odd",
            |bytes| bytes.iter().map(|byte| byte ^ 0x55).collect(),
        )
        .expects(no_article),
    ]
}

/// How much one block of the bombs inflates to.
const BLOCK_BYTES: usize = 1024 * 1024;

fn bombs() -> Vec<Row> {
    let survives = |place: &Place| {
        vec![
            Expect::SourceFailing { any_of: &[] },
            Expect::NotPublished {
                url_prefix: place.url("/"),
            },
        ]
    };
    vec![
        Row::new("gzip-bomb", "sends 10 MB in gzip that inflate to 10 GiB")
            .feed(|_| {
                let (head, block) = bomb();
                Answer::new(200)
                    .header("Content-Type", RSS)
                    .header("Content-Encoding", "gzip")
                    .steps(vec![
                        Step::Send(head),
                        Step::Repeat {
                            bytes: block,
                            times: 10 * 1024,
                        },
                    ])
            })
            .expects(survives),
        Row::new("layered-bomb", "sends a few KiB in gzip twice that inflate to 1 GiB")
            .feed(|_| {
                let (mut inner, block) = bomb();
                (0..1024).for_each(|_| inner.extend_from_slice(&block));
                Answer::document(RSS, gzip(&inner)).header("Content-Encoding", "gzip, gzip")
            })
            .expects(survives),
        Row::new(
            "gzip-bomb-page",
            "sends 2 MB in gzip that inflate to 2 GiB as its article",
        )
        .pages(|_| {
            let (head, block) = bomb();
            Answer::new(200)
                .header("Content-Type", HTML)
                .header("Content-Encoding", "gzip")
                .steps(vec![
                    Step::Send(head),
                    Step::Repeat {
                        bytes: block,
                        times: 2 * 1024,
                    },
                ])
        })
        .expects(no_article),
        Row::new("many-codings", "says that its article is packed in gzip 500 times over")
            .pages(|asked| asked.page().header("Content-Encoding", vec!["gzip"; 500].join(", ")))
            .expects(no_article),
    ]
}

/// The head of a gzip stream, and a block that may follow any number of times: white space, flushed so that nothing in
/// it refers to what came before.
pub(super) fn bomb() -> (Vec<u8>, Vec<u8>) {
    let head = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut compress = Compress::new(Compression::best(), false);
    let mut block = Vec::with_capacity(64 * 1024);
    // It all fits into the vector's room, so one call is enough and cannot fail.
    compress
        .compress_vec(&vec![b' '; BLOCK_BYTES], &mut block, FlushCompress::Full)
        .ok();
    (head, block)
}

// Writing into memory does not fail.

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok();
    encoder.finish().unwrap_or_default()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok();
    encoder.finish().unwrap_or_default()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).ok();
    encoder.finish().unwrap_or_default()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 4096, 5, 20);
    encoder.write_all(bytes).ok();
    drop(encoder);
    packed
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap_or_default()
}
