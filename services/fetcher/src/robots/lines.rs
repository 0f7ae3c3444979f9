//! The lines of a robots.txt: keys, values, and names of crawlers.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};

use super::BYTES_MAX;

/// A longer line is cut: eight times the longest URL that browsers of old took, as Google's matcher does it.
const LINE_BYTES_MAX: usize = 8 * 2083 - 1;

/// The lines of a file that say something, in order; at most [`BYTES_MAX`] of `bytes` count.
pub(super) fn known(bytes: &[u8]) -> Vec<(Key, Vec<u8>)> {
    let bytes = bytes.get(..BYTES_MAX).unwrap_or(bytes);
    in_utf8(bytes)
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .filter_map(|line| key_and_value(line.get(..LINE_BYTES_MAX).unwrap_or(line)))
        .map(|(key, value)| (key, value.to_vec()))
        .collect()
}

/// The file must be UTF-8 (RFC 9309, section 2.2). Editors that write UTF-16 put a mark in front, and what their
/// authors forbid should not be allowed by that.
fn in_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => return Cow::Borrowed(rest),
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0,
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0,
        _ => return Cow::Borrowed(bytes),
    };
    Cow::Owned(text.into_owned().into_bytes())
}

/// The keys that mean something to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    UserAgent,
    Rule {
        allow: bool,
    },
    CrawlDelay,
    Sitemap,
    /// Cloudflare's content signals.
    ContentSignal,
    /// Usage preferences of the IETF's AIPREF working group.
    ContentUsage,
}

/// Keys as files spell them, with the misspellings that Google's matcher forgives too.
const KEYS: &[(&str, Key)] = &[
    ("user-agent", Key::UserAgent),
    ("useragent", Key::UserAgent),
    ("user agent", Key::UserAgent),
    ("allow", Key::Rule { allow: true }),
    ("disallow", Key::Rule { allow: false }),
    ("dissallow", Key::Rule { allow: false }),
    ("dissalow", Key::Rule { allow: false }),
    ("disalow", Key::Rule { allow: false }),
    ("diasllow", Key::Rule { allow: false }),
    ("disallaw", Key::Rule { allow: false }),
    ("crawl-delay", Key::CrawlDelay),
    ("crawldelay", Key::CrawlDelay),
    ("sitemap", Key::Sitemap),
    ("site-map", Key::Sitemap),
    ("content-signal", Key::ContentSignal),
    ("content-signals", Key::ContentSignal),
    ("content-usage", Key::ContentUsage),
];

pub(super) fn key_and_value(line: &[u8]) -> Option<(Key, &[u8])> {
    let line = line.split(|byte| *byte == b'#').next().unwrap_or(line).trim_ascii();
    if let Some(colon) = line.iter().position(|byte| *byte == b':') {
        let name = line[..colon].trim_ascii();
        let known = KEYS.iter().find(|(key, _)| name.eq_ignore_ascii_case(key.as_bytes()));
        if let Some((_, key)) = known {
            return Some((*key, line[colon + 1..].trim_ascii()));
        }
    }
    // Without a colon, a blank parts key and value.
    KEYS.iter().find_map(|(name, key)| {
        let (start, value) = line.split_at_checked(name.len())?;
        let parted = value.first().is_some_and(u8::is_ascii_whitespace);
        (parted && start.eq_ignore_ascii_case(name.as_bytes())).then(|| (*key, value.trim_ascii()))
    })
}

/// The product token that a name starts with: `Bot/2.1 (news)` is `Bot`.
pub(super) fn token_of(name: &str) -> &[u8] {
    token_of_bytes(name.as_bytes())
}

pub(super) fn token_of_bytes(name: &[u8]) -> &[u8] {
    let end = name
        .iter()
        .position(|byte| !byte.is_ascii_alphabetic() && !matches!(byte, b'-' | b'_'));
    &name[..end.unwrap_or(name.len())]
}

/// True when a `user-agent` line means every crawler.
pub(super) fn is_everyone(value: &[u8]) -> bool {
    value.first() == Some(&b'*') && value.get(1).is_none_or(u8::is_ascii_whitespace)
}
