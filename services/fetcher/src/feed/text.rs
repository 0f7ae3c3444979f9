//! Text out of markup: entities resolved, tags taken out.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Names of the characters U+00A0 to U+00FF in HTML, in order.
const LATIN: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml \
    Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml \
    times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave \
    eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute \
    ucirc uuml yacute thorn yuml";

/// Names of the characters from alpha to omega, in order; the capitals are 32 places before.
const GREEK: &str = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf \
    sigma tau upsilon phi chi psi omega";

const OTHERS: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("Yuml", 'Ÿ'),
    ("fnof", 'ƒ'),
    ("circ", 'ˆ'),
    ("tilde", '˜'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bdquo", '„'),
    ("dagger", '†'),
    ("Dagger", '‡'),
    ("bull", '•'),
    ("hellip", '…'),
    ("permil", '‰'),
    ("prime", '′'),
    ("Prime", '″'),
    ("lsaquo", '‹'),
    ("rsaquo", '›'),
    ("oline", '‾'),
    ("frasl", '⁄'),
    ("euro", '€'),
    ("trade", '™'),
    ("larr", '←'),
    ("uarr", '↑'),
    ("rarr", '→'),
    ("darr", '↓'),
    ("harr", '↔'),
    ("part", '∂'),
    ("sum", '∑'),
    ("minus", '−'),
    ("radic", '√'),
    ("infin", '∞'),
    ("asymp", '≈'),
    ("ne", '≠'),
    ("le", '≤'),
    ("ge", '≥'),
    ("loz", '◊'),
    ("spades", '♠'),
    ("clubs", '♣'),
    ("hearts", '♥'),
    ("diams", '♦'),
];

/// The longest name of an entity, in bytes.
const NAME_BYTES_MAX: usize = 32;

/// Every name with its character.
static NAMED: LazyLock<BTreeMap<Cow<'static, str>, char>> = LazyLock::new(|| {
    let mut named: BTreeMap<Cow<'static, str>, char> = BTreeMap::new();
    let latin = ('\u{a0}'..='\u{ff}').zip(LATIN.split_whitespace());
    let greek = || ('α'..='ω').zip(GREEK.split_whitespace());
    for (character, name) in latin.chain(greek()) {
        named.insert(Cow::Borrowed(name), character);
    }
    for (character, name) in greek().filter(|(_, name)| *name != "sigmaf") {
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        let name: String = first.into_iter().chain(letters).collect();
        named.extend(
            character
                .to_uppercase()
                .next()
                .map(|capital| (Cow::Owned(name), capital)),
        );
    }
    named.extend(
        OTHERS
            .iter()
            .map(|(name, character)| (Cow::Borrowed(*name), *character)),
    );
    named
});

/// `text` with its entities resolved, those of `declared` before the ones that HTML names. What is none stays.
pub(super) fn resolve_entities<'a>(text: &'a str, declared: &[(&str, String)]) -> Cow<'a, str> {
    let Some(first) = text.find('&') else {
        return Cow::Borrowed(text);
    };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let name_end = after.bytes().take(NAME_BYTES_MAX).position(|byte| byte == b';');
        let name = name_end.and_then(|end| after.get(..end));
        let own = name.and_then(|name| declared.iter().find(|(known, _)| *known == name));
        let character = name.filter(|_| own.is_none()).and_then(character_named);
        match (own, character) {
            (Some((_, value)), _) => out.push_str(value),
            (None, Some(character)) => out.push(character),
            (None, None) => out.push('&'),
        }
        let is_known = own.is_some() || character.is_some();
        let used = name.filter(|_| is_known).map_or(0, |name| name.len() + 1);
        let next = after[used..].find('&').map_or(after.len(), |at| used + at);
        out.push_str(&after[used..next]);
        rest = &after[next..];
    }
    Cow::Owned(out)
}

/// The character of `&name;`.
fn character_named(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return Some(character_of(code));
    }
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        _ => NAMED.get(name).copied(),
    }
}

/// The character of a code; codes 128 to 159 mean Windows-1252, as browsers take them, and no character is U+FFFD.
fn character_of(code: u32) -> char {
    match u8::try_from(code) {
        Ok(byte @ 0x80..=0x9f) => {
            let bytes = [byte];
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
            text.chars().next().unwrap_or('\u{fffd}')
        }
        _ => char::from_u32(code)
            .filter(|character| *character != '\0')
            .unwrap_or('\u{fffd}'),
    }
}

/// The text of a piece of HTML: tags, comments, scripts and styles taken out, entities resolved, blanks folded.
#[must_use]
pub fn plain_text(html: &str) -> String {
    let mut out = String::with_capacity(html.len().min(1 << 16));
    let mut rest = html;
    // After the last one nothing is a tag; looking for it at every `<` would take the square of the length.
    let last_end = html.rfind('>');
    while let Some(at) = rest.find('<') {
        push_folded(&mut out, &resolve_entities(&rest[..at], &[]));
        let tag = &rest[at + 1..];
        if let Some(comment) = tag.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let named = tag.strip_prefix('/').unwrap_or(tag);
        let is_tag = named.starts_with(|first: char| first.is_ascii_alphabetic()) || tag.starts_with(['!', '?']);
        let is_closed = last_end.is_some_and(|end| html.len() - tag.len() <= end);
        if !is_tag || !is_closed {
            push_folded(&mut out, "<");
            rest = tag;
            continue;
        }
        rest = tag.split_once('>').map_or("", |(_, rest)| rest);
        for hidden in ["script", "style"] {
            let is_hidden = tag
                .get(..hidden.len())
                .is_some_and(|name| name.eq_ignore_ascii_case(hidden));
            if is_hidden {
                rest = after_end_tag(rest, hidden);
            }
        }
        push_folded(&mut out, " ");
    }
    push_folded(&mut out, &resolve_entities(rest, &[]));
    out.truncate(out.trim_end().len());
    out
}

/// What follows the end tag of `name`; nothing when there is none.
fn after_end_tag<'a>(html: &'a str, name: &str) -> &'a str {
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("</") {
        rest = after;
        if after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            return after.split_once('>').map_or("", |(_, rest)| rest);
        }
    }
    ""
}

fn push_folded(out: &mut String, text: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        let word_end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end);
        out.push_str(word);
        rest = after.trim_start();
        if rest.len() < after.len() && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
}

/// `text` as HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}

/// Appends `text` as HTML.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes().get(at) {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            _ => "&gt;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_entities() {
        let check = |text: &str, expected: &str| assert_eq!(resolve_entities(text, &[]), expected, "{text}");
        check("caf&eacute; &#8364;&#x20AC; &#146;", "café €€ ’");
        check("&Omega;&omega;&Yuml;&nbsp;", "Ωω\u{178}\u{a0}");
        check("A&B &; &nothing; &#0; &#xD800;", "A&B &; &nothing; \u{fffd} \u{fffd}");
        check("&amp;lt;", "&lt;");
    }

    #[test]
    fn takes_tags_out() {
        let check = |html: &str, expected: &str| assert_eq!(plain_text(html), expected, "{html}");
        check("<p>One &amp; two</p>\n<p>three</p>", "One & two three");
        check("a<script>if (a < b) x()</script>b<STYLE>p{}</Style >c", "a b c");
        check("1 < 2 <!-- no --> <b", "1 < 2 <b");
        check("R&amp;D </", "R&D </");
        check("", "");
    }
}
