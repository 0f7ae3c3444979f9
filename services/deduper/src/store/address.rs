//! Addresses in three quarters of their bytes, or less.
//!
//! Six bits for each letter, digit and sign that addresses are made of, and for some frequent pieces; everything else
//! takes more, and comes back as it was.

/// Codes of six bits, from 0: one character each, then pieces.
const CHARACTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789-/._?=&%~:+,#";
const PIECES: [&[u8]; 12] = [
    b"https://www.",
    b"https://",
    b"http://www.",
    b"http://",
    b".com/",
    b".org/",
    b".co.uk/",
    b".html",
    b"/news/",
    b"/article",
    b"/20",
    b"ing-",
];
/// The next code is a capital letter; the next two are the halves of a byte.
const CAPITAL: u8 = 62;
const BYTE: u8 = 63;

/// The code of each character; [`BYTE`] for those without.
static CODES: [u8; 128] = codes();

const fn codes() -> [u8; 128] {
    let mut codes = [BYTE; 128];
    let mut at = 0;
    while at < CHARACTERS.len() {
        codes[CHARACTERS[at] as usize] = at as u8;
        at += 1;
    }
    codes
}

/// Packs an address.
pub(super) fn packed(address: &str) -> Vec<u8> {
    let mut codes = Vec::with_capacity(address.len());
    let mut rest = address.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let may_be_piece = matches!(first, b'h' | b'.' | b'/' | b'i');
        let piece = PIECES.iter().position(|piece| may_be_piece && rest.starts_with(piece));
        if let Some((number, piece)) = piece.and_then(|number| Some((number, PIECES.get(number)?))) {
            codes.push((CHARACTERS.len() + number) as u8);
            rest = rest.get(piece.len()..).unwrap_or(&[]);
            continue;
        }
        match CODES.get(usize::from(first)).copied().filter(|code| *code != BYTE) {
            Some(code) => codes.push(code),
            None if first.is_ascii_uppercase() => codes.extend([CAPITAL, first - b'A']),
            None => codes.extend([BYTE, first >> 4, first & 15]),
        }
        rest = behind;
    }
    let mut bytes = Vec::with_capacity(codes.len() * 3 / 4 + 1);
    for four in codes.chunks(4) {
        // What is missing at the end is filled with codes that stand for nothing.
        let code = |at: usize| u32::from(four.get(at).copied().unwrap_or(BYTE));
        let bits = code(0) << 18 | code(1) << 12 | code(2) << 6 | code(3);
        bytes.extend_from_slice(&bits.to_be_bytes()[1..=(four.len() * 6).div_ceil(8)]);
    }
    bytes
}

/// The address that was packed.
pub(super) fn unpacked(bytes: &[u8]) -> String {
    let mut codes = bytes.chunks(3).flat_map(|three| {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(u8::MAX));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let count = three.len() * 8 / 6;
        (0..count).map(move |at| (bits >> (18 - 6 * at)) as u8 & 63)
    });
    let mut address = Vec::with_capacity(bytes.len() * 2);
    while let Some(code) = codes.next() {
        match code {
            CAPITAL => address.extend(codes.next().map(|letter| b'A'.saturating_add(letter))),
            BYTE => address.extend(
                codes
                    .next()
                    .zip(codes.next())
                    .map(|(high, low)| (high << 4) | (low & 15)),
            ),
            _ => match CHARACTERS.get(usize::from(code)) {
                Some(character) => address.push(*character),
                None => {
                    let piece = PIECES.get(usize::from(code) - CHARACTERS.len());
                    address.extend_from_slice(piece.copied().unwrap_or_default());
                }
            },
        }
    }
    String::from_utf8(address).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CHARACTERS, PIECES, packed, unpacked};

    #[test]
    fn codes_fit_six_bits_and_pieces_begin_with_what_is_looked_for() {
        assert!(PIECES.iter().all(|piece| b"h./i".contains(&piece[0])));
        assert!(CHARACTERS.len() + PIECES.len() <= 62);
    }

    #[test]
    fn an_address_takes_fewer_bytes() {
        let address = "https://www.example.com/world/2026/11/22/harbour-council-votes-on-ferry-landing-fees-48123.html";
        assert_eq!((address.len(), packed(address).len()), (95, 54));
        assert_eq!(unpacked(&packed(address)), address);
    }

    proptest! {
        #[test]
        fn addresses_come_back_as_they_were(
            address in prop_oneof![".{0,40}", "(https?://(www\\.)?)?[A-Za-z0-9/._?=&%-]{0,80}"],
        ) {
            prop_assert_eq!(unpacked(&packed(&address)), address);
        }
    }
}
