//! UTF-32, which the web has given up and some feeds have not.

/// The text of a document in UTF-32, told by its mark or by the zeros before or after its first `<`.
pub(super) fn decode(body: &[u8]) -> Option<String> {
    let (big_endian, mark) = match body {
        [0, 0, 0xfe, 0xff, ..] => (true, 4),
        [0xff, 0xfe, 0, 0, ..] => (false, 4),
        [0, 0, 0, b'<', ..] => (true, 0),
        [b'<', 0, 0, 0, ..] => (false, 0),
        _ => return None,
    };
    let character = |bytes: &[u8]| {
        let bytes: [u8; 4] = bytes.try_into().ok()?;
        let code = match big_endian {
            true => u32::from_be_bytes(bytes),
            false => u32::from_le_bytes(bytes),
        };
        char::from_u32(code)
    };
    let characters = body.get(mark..)?.chunks_exact(4);
    Some(characters.map(|bytes| character(bytes).unwrap_or('\u{fffd}')).collect())
}
