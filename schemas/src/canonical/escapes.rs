//! Percent escapes in one form.

/// Percent escapes in upper case, and those of unreserved characters resolved (RFC 3986, section 6.2.2).
pub(super) fn normalised(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    while let Some(found) = bytes[rest..].iter().position(|byte| *byte == b'%') {
        let at = rest + found;
        out.push_str(&text[rest..at]);
        let escape = bytes
            .get(at + 1..at + 3)
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if is_unreserved(byte) && !completes_an_escape(&out, byte) => out.push(char::from(byte)),
            Some(byte) => out.push_str(&format!("%{byte:02X}")),
            None => {
                out.push('%');
                rest = at + 1;
                continue;
            }
        }
        rest = at + 3;
    }
    out.push_str(&text[rest..]);
    out
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Whether `byte` behind `before` would make an escape of a percent sign that is none, and so another address.
fn completes_an_escape(before: &str, byte: u8) -> bool {
    let open = match before.as_bytes() {
        [.., b'%'] => true,
        [.., b'%', digit] => digit.is_ascii_hexdigit(),
        _ => false,
    };
    open && byte.is_ascii_hexdigit()
}
