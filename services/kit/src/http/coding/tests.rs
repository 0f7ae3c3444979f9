use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use proptest::prelude::*;

use super::*;

const ROOM: usize = 1 << 20;

fn text() -> Vec<u8> {
    (0..2_000)
        .flat_map(|number: u32| format!("line {}\n", number.wrapping_mul(2_654_435_761)).into_bytes())
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("finished")
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("finished")
}

fn raw(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("finished")
}

fn br(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ::brotli::CompressorWriter::new(Vec::new(), 4096, 4, 22);
    encoder.write_all(bytes).expect("written");
    encoder.into_inner()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::bulk::compress(bytes, 1).expect("compressed")
}

fn coded(coding: Coding, bytes: &[u8]) -> Vec<u8> {
    match coding {
        Coding::Gzip => gzip(bytes),
        Coding::Deflate => zlib(bytes),
        Coding::Brotli => br(bytes),
        Coding::Zstd => zstd(bytes),
    }
}

/// The body that `coded` gives when it arrives in pieces of this many bytes.
fn decoded(codings: &[Coding], coded: &[u8], piece: usize, body_max: usize) -> Result<Vec<u8>, Broken> {
    let mut decoder = Decoder::new(codings, body_max);
    for bytes in coded.chunks(piece.max(1)) {
        decoder.push(bytes)?;
    }
    decoder.finish()?;
    Ok(decoder.into_body())
}

/// Checks whole, and byte by byte: what a decoder holds back must not depend on where the pieces end.
fn check(codings: &[Coding], coded: &[u8], expected: &Result<Vec<u8>, Broken>) {
    for piece in [1, 3, usize::MAX] {
        assert_eq!(
            &decoded(codings, coded, piece, ROOM),
            expected,
            "{codings:?}, pieces of {piece}"
        );
    }
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

const ALL: [Coding; 4] = [Coding::Gzip, Coding::Deflate, Coding::Brotli, Coding::Zstd];

#[test]
fn content_encoding_is_read_as_servers_write_it() {
    let check = |values: &[&str], expected: &[Coding]| {
        assert_eq!(declared(values.iter().copied()).as_deref(), Ok(expected), "{values:?}");
    };
    check(&[], &[]);
    check(&["", " , "], &[]);
    check(&["GZip"], &[Coding::Gzip]);
    check(&["x-gzip", "br"], &[Coding::Gzip, Coding::Brotli]);
    check(&["deflate,zstd ; q=1", "identity"], &[Coding::Deflate, Coding::Zstd]);
    check(&["UTF-8"], &[]);
    for unknown in ["compress", "gzip, exi", "gzip gzip", "gzip,gzip,gzip,gzip,gzip,gzip"] {
        let broken = declared([unknown].into_iter());
        assert!(matches!(broken, Err(Broken::Corrupt(_))), "{unknown}");
    }
}

#[test]
fn every_coding_and_every_pair_of_codings_is_undone() {
    for one in ALL {
        check(&[one], &coded(one, &text()), &Ok(text()));
        check(&[one], &coded(one, b""), &Ok(Vec::new()));
        for other in ALL {
            check(&[one, other], &coded(other, &coded(one, &text())), &Ok(text()));
        }
    }
    check(&[], &text(), &Ok(text()));
}

#[test]
fn an_empty_body_is_empty_whatever_is_declared() {
    for coding in ALL {
        check(&[coding, Coding::Gzip], b"", &Ok(Vec::new()));
    }
}

#[test]
fn deflate_is_zlib_raw_or_even_gzip() {
    for coded in [zlib(&text()), raw(&text()), gzip(&text())] {
        check(&[Coding::Deflate], &coded, &Ok(text()));
    }
    check(&[Coding::Deflate], &raw(b""), &Ok(Vec::new()));
}

#[test]
fn what_was_never_compressed_is_taken_as_it_is() {
    for plain in [
        b"<html>".as_slice(),
        b"P",
        b"P*",
        b"P*M",
        b"(",
        b"(x",
        b"\xef\xbb\xbf<rss>",
    ] {
        check(&[Coding::Gzip], plain, &Ok(plain.to_vec()));
        check(&[Coding::Zstd], plain, &Ok(plain.to_vec()));
        check(&[Coding::Gzip, Coding::Gzip], &gzip(plain), &Ok(plain.to_vec()));
    }
}

#[test]
fn members_and_frames_follow_one_another() {
    let two = joined(&[&gzip(b"one, "), &gzip(b""), &gzip(b"two")]);
    check(&[Coding::Gzip], &two, &Ok(b"one, two".to_vec()));
    let skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let two = joined(&[&skipped, &zstd(b"one, "), &skipped, &zstd(b"two")]);
    check(&[Coding::Zstd], &two, &Ok(b"one, two".to_vec()));
}

#[test]
fn padding_behind_the_end_is_ignored() {
    for coding in ALL {
        for padding in [
            b"\0\0\0\0".as_slice(),
            b"\n",
            b"\x1f",
            b"\x28",
            b"<!-- served in 3 ms -->",
        ] {
            let padded = joined(&[&coded(coding, &text()), padding]);
            check(&[coding], &padded, &Ok(text()));
        }
    }
    let padded = joined(&[&raw(&text()), b"\r\n"]);
    check(&[Coding::Deflate], &padded, &Ok(text()));
}

#[test]
fn a_stream_that_is_cut_anywhere_is_truncated() {
    for coding in ALL {
        let whole = coded(coding, b"a short body that is cut at every byte");
        for length in 1..whole.len() {
            // One byte of zstd's magic number is a text of one letter.
            if (coding, length) == (Coding::Zstd, 1) {
                continue;
            }
            check(&[coding], &whole[..length], &Err(Broken::Truncated));
        }
    }
    let whole = raw(b"a short body that is cut at every byte");
    for length in 1..whole.len() {
        check(&[Coding::Deflate], &whole[..length], &Err(Broken::Truncated));
    }
    let second = gzip(b"two");
    for length in 2..second.len() {
        let cut = joined(&[&gzip(b"one"), &second[..length]]);
        check(&[Coding::Gzip], &cut, &Err(Broken::Truncated));
    }
    let cut = gzip(&br(&text())[..100]);
    check(&[Coding::Brotli, Coding::Gzip], &cut, &Err(Broken::Truncated));
}

#[test]
fn damage_is_found() {
    let damaged = |coding: Coding, coded: Vec<u8>| {
        let outcome = decoded(&[coding], &coded, usize::MAX, ROOM);
        assert!(matches!(outcome, Err(Broken::Corrupt(_))), "{coding:?}: {outcome:?}");
    };
    let flipped = |mut coded: Vec<u8>, from_end: usize| {
        let at = coded.len() - from_end;
        coded[at] ^= 0x55;
        coded
    };
    damaged(Coding::Gzip, flipped(gzip(&text()), 1));
    damaged(Coding::Gzip, flipped(gzip(&text()), 8));
    damaged(Coding::Deflate, flipped(zlib(&text()), 1));
    damaged(Coding::Gzip, vec![0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0, 0]);
    damaged(Coding::Gzip, vec![0x1f, 0x8b, 8, 0xe0, 0, 0, 0, 0, 0, 0, 0]);
    damaged(Coding::Gzip, vec![0x1f, b'<']);
    damaged(Coding::Deflate, b"<html>".repeat(20));
    damaged(Coding::Brotli, b"<html>".repeat(20));
    damaged(Coding::Zstd, joined(&[&MAGIC_OF_ZSTD, &[0xff; 40]]));
}

const MAGIC_OF_ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

#[test]
fn a_gzip_head_with_every_field_is_passed_over() {
    let member = gzip(&text());
    let head = joined(&[
        &[0x1f, 0x8b, 8, 0x1f, 0, 0, 0, 0, 0, 3],
        &[4, 0],
        b"more",
        b"name\0",
        b"comment\0",
        &[0, 0],
    ]);
    check(&[Coding::Gzip], &joined(&[&head, &member[10..]]), &Ok(text()));
    let endless = joined(&[&[0x1f, 0x8b, 8, 0x08, 0, 0, 0, 0, 0, 3], &[b'a'; 5_000]]);
    let outcome = decoded(&[Coding::Gzip], &endless, 1_000, ROOM);
    assert!(matches!(outcome, Err(Broken::Corrupt(_))), "{outcome:?}");
}

#[test]
fn a_zstd_window_beyond_8_mb_is_refused() {
    // A frame head with a window descriptor of 2^27 bytes, then one raw block.
    let frame = joined(&[&MAGIC_OF_ZSTD, &[0x00, 17 << 3], &[0x09, 0, 0], b"x"]);
    let outcome = decoded(&[Coding::Zstd], &frame, usize::MAX, ROOM);
    assert!(matches!(outcome, Err(Broken::Corrupt(_))), "{outcome:?}");
    let frame = joined(&[&MAGIC_OF_ZSTD, &[0x00, 13 << 3], &[0x09, 0, 0], b"x"]);
    check(&[Coding::Zstd], &frame, &Ok(b"x".to_vec()));
}

#[test]
fn a_body_may_fill_its_room_and_no_more() {
    for coding in ALL {
        let coded = coded(coding, &text());
        let length = text().len();
        assert_eq!(decoded(&[coding], &coded, 100, length), Ok(text()));
        assert_eq!(decoded(&[coding], &coded, 100, length - 1), Err(Broken::TooLarge));
    }
}

#[test]
fn a_bomb_ends_at_the_limit_and_keeps_what_fits() {
    let zeros = vec![0_u8; 4 << 20];
    for coding in ALL {
        for codings in [vec![coding], vec![Coding::Gzip, coding], vec![coding, coding, coding]] {
            let bomb = codings.iter().fold(zeros.clone(), |bytes, one| coded(*one, &bytes));
            let mut decoder = Decoder::new(&codings, 10_000);
            assert_eq!(decoder.push(&bomb), Err(Broken::TooLarge), "{codings:?}");
            let body = decoder.into_body();
            assert_eq!(body.len(), 10_000);
            assert!(body.capacity() < 100_000);
        }
    }
}

#[test]
fn padding_between_layers_is_bounded() {
    let inner = joined(&[&gzip(b"short"), &vec![0; 4 << 20]]);
    let outcome = decoded(&[Coding::Gzip, Coding::Brotli], &br(&inner), usize::MAX, 10_000);
    assert_eq!(outcome, Err(Broken::TooLarge));
}

#[test]
fn empty_members_without_end_are_refused() {
    for coding in [Coding::Gzip, Coding::Zstd] {
        let outcome = decoded(&[coding], &coded(coding, b"").repeat(5_000), usize::MAX, ROOM);
        assert!(matches!(outcome, Err(Broken::Corrupt(_))), "{coding:?}: {outcome:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn undoing_is_the_inverse_of_coding_for_all_pieces(
        bytes in prop::collection::vec(any::<u8>(), 0..3_000),
        layers in prop::collection::vec(prop::sample::select(ALL.to_vec()), 0..4),
        piece in 1_usize..700,
    ) {
        let coded = layers.iter().fold(bytes.clone(), |bytes, one| coded(*one, &bytes));
        prop_assert_eq!(decoded(&layers, &coded, piece, ROOM), Ok(bytes));
    }

    #[test]
    fn strangers_bytes_neither_panic_nor_outgrow_the_limit(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        begin in prop::sample::select(vec![vec![], vec![0x1f, 0x8b, 8, 0], vec![0x78, 0x9c], MAGIC_OF_ZSTD.to_vec()]),
        layers in prop::collection::vec(prop::sample::select(ALL.to_vec()), 1..4),
        piece in 1_usize..50,
    ) {
        let mut decoder = Decoder::new(&layers, 5_000);
        let stream = joined(&[&begin, &bytes]);
        let outcome = stream.chunks(piece).try_for_each(|piece| decoder.push(piece));
        let _ = outcome.and_then(|()| decoder.finish());
        prop_assert!(decoder.into_body().len() <= 5_000);
    }
}
