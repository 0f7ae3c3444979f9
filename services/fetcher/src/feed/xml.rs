//! Tags and text of a document that wants to be XML. It never fails: what is no tag is text, what is cut off is
//! dropped, and a bare `&` is itself.

use std::borrow::Cow;

use super::text::resolve_entities;

/// A piece of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A start tag; `empty` when it ends itself.
    Start {
        name: &'a str,
        attributes: Vec<(&'a str, Cow<'a, str>)>,
        empty: bool,
    },
    /// An end tag.
    End { name: &'a str },
    /// Text with its entities resolved; never empty.
    Text(Cow<'a, str>),
}

/// Attributes of one tag; more are dropped.
const ATTRIBUTES_MAX: usize = 64;

/// Entities that a document may declare, and the length of each in bytes.
const DECLARED_MAX: usize = 64;
const DECLARED_BYTES_MAX: usize = 1_024;

/// Reads a document piece by piece.
pub(crate) struct Reader<'a> {
    rest: &'a str,
    /// A piece that was read and put back.
    returned: Option<Token<'a>>,
    /// Entities that the document's own DTD declares.
    declared: Vec<(&'a str, &'a str)>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(document: &'a str) -> Self {
        Self {
            rest: document,
            returned: None,
            declared: Vec::new(),
        }
    }

    /// Puts a piece back, to be read next.
    pub(crate) fn give_back(&mut self, token: Token<'a>) {
        self.returned = Some(token);
    }

    /// The next piece; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Token<'a>> {
        if let Some(token) = self.returned.take() {
            return Some(token);
        }
        while !self.rest.is_empty() {
            let token = match self.rest.strip_prefix('<') {
                Some(after) => self.markup(after),
                None => self.text(0),
            };
            if token.is_some() {
                return token;
            }
        }
        None
    }

    /// Text up to the next `<`, which is looked for from `from` on.
    fn text(&mut self, from: usize) -> Option<Token<'a>> {
        let found = self.rest.get(from..).and_then(|rest| rest.find('<'));
        let end = found.map_or(self.rest.len(), |at| from + at);
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!text.is_empty()).then(|| Token::Text(resolve_entities(text, &self.declared)))
    }

    /// What starts with `<`; `None` for what is skipped.
    fn markup(&mut self, after: &'a str) -> Option<Token<'a>> {
        if let Some(rest) = after.strip_prefix("![CDATA[") {
            let (text, rest) = split_at_text(rest, "]]>");
            self.rest = rest;
            return (!text.is_empty()).then_some(Token::Text(Cow::Borrowed(text)));
        }
        if let Some(rest) = after.strip_prefix("!--") {
            // A comment that never ends would hide the whole document: its first `>` ends it then.
            self.rest = match rest.contains("-->") {
                true => split_at_text(rest, "-->").1,
                false => split_at_text(rest, ">").1,
            };
            return None;
        }
        if let Some(rest) = after.strip_prefix('?') {
            self.rest = split_at_text(rest, ">").1;
            return None;
        }
        if let Some(rest) = after.strip_prefix('!') {
            self.rest = self.declaration(rest);
            return None;
        }
        if let Some(rest) = after.strip_prefix('/') {
            let (name, rest) = split_at_text(rest, ">");
            self.rest = rest;
            return Some(Token::End { name: name.trim() });
        }
        match after.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | ':')) {
            true => self.start_tag(after),
            false => self.text(1),
        }
    }

    /// Skips a DTD and keeps the entities that it declares.
    fn declaration(&mut self, rest: &'a str) -> &'a str {
        let subset = rest.find('[').filter(|at| rest.find('>').is_none_or(|end| *at < end));
        let Some(start) = subset else {
            return split_at_text(rest, ">").1;
        };
        let (inner, rest) = split_at_text(&rest[start + 1..], "]");
        for declaration in inner.split("<!ENTITY").skip(1).take(DECLARED_MAX) {
            let Some((name, after)) = declaration.trim_start().split_once(char::is_whitespace) else {
                continue;
            };
            let after = after.trim_start();
            let value = after.chars().next().filter(|quote| matches!(quote, '"' | '\''));
            let value = value.and_then(|quote| after[1..].split(quote).next());
            // An entity made of entities could grow without end; feeds have no use for one.
            let simple = value.filter(|value| value.len() <= DECLARED_BYTES_MAX && !value.contains('&'));
            self.declared.extend(simple.map(|value| (name, value)));
        }
        split_at_text(rest, ">").1
    }

    fn start_tag(&mut self, after: &'a str) -> Option<Token<'a>> {
        let is_name = |character: char| !character.is_whitespace() && !matches!(character, '>' | '/' | '<');
        let end = after.find(|character| !is_name(character)).unwrap_or(after.len());
        let (name, mut rest) = after.split_at(end);
        let mut attributes = Vec::new();
        let empty = loop {
            rest = rest.trim_start();
            match rest.chars().next() {
                // Cut off in the middle of a tag.
                None => {
                    self.rest = rest;
                    return None;
                }
                Some('>') => {
                    rest = &rest[1..];
                    break false;
                }
                Some('<') => break false,
                Some('/') => {
                    rest = &rest[1..];
                    if let Some(after) = rest.strip_prefix('>') {
                        rest = after;
                        break true;
                    }
                }
                Some(_) => {
                    let (attribute, after) = self.attribute(rest);
                    rest = after;
                    if attributes.len() < ATTRIBUTES_MAX {
                        attributes.extend(attribute);
                    }
                }
            }
        };
        self.rest = rest;
        Some(Token::Start {
            name,
            attributes,
            empty,
        })
    }

    fn attribute(&self, text: &'a str) -> (Option<(&'a str, Cow<'a, str>)>, &'a str) {
        let ends_name = |character: char| character.is_whitespace() || matches!(character, '=' | '>' | '/' | '<');
        // The first character counts in any case, so that each call takes something.
        let first = text.chars().next().map_or(0, char::len_utf8);
        let end = text[first..].find(ends_name).map_or(text.len(), |at| first + at);
        let (name, rest) = text.split_at(end);
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            return (Some((name, Cow::Borrowed(""))), rest);
        };
        let value = value.trim_start();
        let quoted = value.strip_prefix('"').map(|value| (value, '"'));
        let quoted = quoted.or_else(|| value.strip_prefix('\'').map(|value| (value, '\'')));
        let closed = quoted.and_then(|(value, quote)| value.split_once(quote));
        let (value, rest) = closed.unwrap_or_else(|| {
            let value = value.trim_start_matches(['"', '\'']);
            let end = value.find(|character: char| character.is_whitespace() || matches!(character, '>' | '<'));
            value.split_at(end.unwrap_or(value.len()))
        });
        (Some((name, resolve_entities(value, &self.declared))), rest)
    }
}

/// What stands before `end`, and what stands after it; all and nothing when there is none.
fn split_at_text<'a>(text: &'a str, end: &str) -> (&'a str, &'a str) {
    text.split_once(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, expected: &str) {
        let mut reader = Reader::new(document);
        let mut found = String::new();
        while let Some(token) = reader.next() {
            match token {
                Token::Start {
                    name,
                    attributes,
                    empty,
                } => {
                    let mark = if empty { "!" } else { "" };
                    let pairs = attributes.iter().map(|(name, value)| format!(" {name}={value}"));
                    found.push_str(&format!("({name}{}{mark})", pairs.collect::<String>()));
                }
                Token::End { name } => found.push_str(&format!("(/{name})")),
                Token::Text(text) => found.push_str(&text),
            }
        }
        assert_eq!(found, expected, "{document}");
    }

    #[test]
    fn reads_what_is_well_formed() {
        check(
            "<?xml version='1.0'?><a b=\"1\" c='2'>x<d/></a>",
            "(a b=1 c=2)x(d!)(/a)",
        );
        check("<a><![CDATA[<b>&amp;</b>]]></a>", "(a)<b>&amp;</b>(/a)");
        check("<!-- <x> --><a>&lt;&#65;&#x42;&gt;</a>", "(a)<AB>(/a)");
        check("<!DOCTYPE a [<!ENTITY me 'Copy'>]><a>&me;</a>", "(a)Copy(/a)");
    }

    #[test]
    fn reads_what_is_not() {
        check("<a>x & y < z &nope; &amp</a>", "(a)x & y < z &nope; &amp(/a)");
        check("<a b=1 c>x</a>", "(a b=1 c=)x(/a)");
        check("<a b=\"1>x</a>", "(a b=1)x(/a)");
        check("<a>x<b", "(a)x");
        check("<a <b>x</b></a>", "(a)(b)x(/b)(/a)");
        check("<!-- open ><a>x</a>", "(a)x(/a)");
        check("junk<a>x</a>", "junk(a)x(/a)");
        check("<", "<");
    }
}
