//! Character references (HTML Standard, 13.2.5.72 and on): `&amp;`, `&#233;`, and what pages write instead.

use std::borrow::Cow;

use html5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};
use memchr::memchr2;

/// Letters of the longest name that may stand without its semicolon.
const LONGEST_BARE: usize = 6;
/// Letters of the longest name.
const LONGEST: usize = 32;

/// Where a text stands: a few names count in one place only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Between tags.
    Text,
    /// The value of an attribute, where a name without semicolon is often a part of an address.
    Value,
}

/// A text as the parser hands it on: references read, line ends made one. NULs stay.
pub(super) fn read(text: &str, place: Place) -> Cow<'_, str> {
    if memchr2(b'&', b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr2(b'&', b'\r', rest.as_bytes()) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let is_line_end = rest.as_bytes().get(at) == Some(&b'\r');
        rest = rest.get(at + 1..).unwrap_or_default();
        if is_line_end {
            out.push('\n');
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        } else {
            rest = reference(rest, place, &mut out);
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Reads what stands behind a `&`; returns what is left.
fn reference<'a>(rest: &'a str, place: Place, out: &mut String) -> &'a str {
    let read = match rest.strip_prefix('#') {
        Some(number) => numbered(number, out),
        None => named(rest, place, out),
    };
    read.unwrap_or_else(|| {
        out.push('&');
        rest
    })
}

fn named<'a>(rest: &'a str, place: Place, out: &mut String) -> Option<&'a str> {
    let bytes = rest.as_bytes();
    let run = bytes
        .iter()
        .take(LONGEST)
        .take_while(|byte| byte.is_ascii_alphanumeric());
    let run = run.count();
    let whole = Some(run + 1).filter(|_| bytes.get(run) == Some(&b';'));
    let lengths = whole.into_iter().chain((1..=run.min(LONGEST_BARE)).rev());
    let (length, (first, second)) = lengths
        .filter_map(|length| Some((length, found(rest.get(..length)?)?)))
        .next()?;
    let behind = bytes.get(length);
    let is_part = behind.is_some_and(|byte| *byte == b'=' || byte.is_ascii_alphanumeric());
    if place == Place::Value && is_part && whole != Some(length) {
        return None;
    }
    out.extend(char::from_u32(first));
    out.extend(char::from_u32(second).filter(|_| second != 0));
    rest.get(length..)
}

/// The characters that a name stands for; the beginnings of names are in the table, too.
fn found(name: &str) -> Option<(u32, u32)> {
    NAMED_ENTITIES.get(name).copied().filter(|(first, _)| *first != 0)
}

fn numbered<'a>(rest: &'a str, out: &mut String) -> Option<&'a str> {
    let (base, digits) = match rest.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, rest),
    };
    let count = digits
        .bytes()
        .take_while(|byte| char::from(*byte).is_digit(base))
        .count();
    let (number, behind) = digits.split_at_checked(count).filter(|_| 0 < count)?;
    let number = u32::from_str_radix(number, base).unwrap_or(u32::MAX);
    let replaced = number
        .checked_sub(0x80)
        .and_then(|at| *C1_REPLACEMENTS.get(at as usize)?);
    let character = replaced.or(char::from_u32(number).filter(|character| *character != '\0'));
    out.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    Some(behind.strip_prefix(';').unwrap_or(behind))
}
