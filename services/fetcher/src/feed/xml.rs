//! Tags and text of a document that wants to be XML. It never fails: what is no tag is text, what is cut off is
//! dropped, and a bare `&` is itself. Every byte is looked at a bounded number of times.

mod dtd;
mod finder;

use std::borrow::Cow;

use super::text::resolve_entities;
use dtd::Declared;
use finder::Finder;

/// The attributes of a tag, by their names as written.
pub(crate) type Attributes<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// A piece of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A start tag; `empty` when it ends itself.
    Start {
        name: &'a str,
        attributes: Attributes<'a>,
        empty: bool,
    },
    /// An end tag.
    End { name: &'a str },
    /// Text with its entities resolved; never empty.
    Text(Cow<'a, str>),
}

/// Attributes of one tag; more are dropped.
const ATTRIBUTES_MAX: usize = 64;

/// Reads a document piece by piece.
pub(crate) struct Reader<'a> {
    document: &'a str,
    /// Where the next piece starts.
    at: usize,
    /// A piece that was read and put back.
    returned: Option<Token<'a>>,
    declared: Declared<'a>,
    /// The name of the last start tag.
    last_name: &'a str,
    ends: Ends,
}

/// Where the next of the marks is that end a section; kept, so that the same stretch is not searched twice.
struct Ends {
    section: Finder,
    comment: Finder,
    double_quote: Finder,
    single_quote: Finder,
    entries: [Finder; 4],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(document: &'a str) -> Self {
        Self {
            document,
            at: 0,
            returned: None,
            declared: Declared::default(),
            last_name: "",
            ends: Ends {
                section: Finder::new("]]>"),
                comment: Finder::new("-->"),
                double_quote: Finder::new("\""),
                single_quote: Finder::new("'"),
                entries: ["<item", "</item", "<entry", "</entry"].map(Finder::new),
            },
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
        while self.at < self.document.len() {
            let token = match self.rest().strip_prefix('<') {
                Some(after) => self.markup(after),
                None => self.text(0),
            };
            if token.is_some() {
                return token;
            }
        }
        None
    }

    fn rest(&self) -> &'a str {
        self.document.get(self.at..).unwrap_or_default()
    }

    /// Goes on where `rest`, an end of the document, starts.
    fn go_to(&mut self, rest: &str) {
        self.at = self.document.len() - rest.len();
    }

    /// Text up to the next `<`, which is looked for from `from` on.
    fn text(&mut self, from: usize) -> Option<Token<'a>> {
        let rest = self.rest();
        let found = rest.get(from..).and_then(|rest| rest.find('<'));
        let end = found.map_or(rest.len(), |at| from + at);
        self.at += end;
        let text = &rest[..end];
        (!text.is_empty()).then(|| Token::Text(resolve_entities(text, self.declared.values())))
    }

    /// What starts with `<`; `None` for what is skipped.
    fn markup(&mut self, after: &'a str) -> Option<Token<'a>> {
        if let Some(rest) = after.strip_prefix("![CDATA[") {
            return self.section(rest);
        }
        if let Some(rest) = after.strip_prefix("!--") {
            self.skip_comment(rest);
            return None;
        }
        if let Some(rest) = after.strip_prefix('?') {
            self.go_to(split_at_text(rest, ">").1);
            return None;
        }
        if let Some(rest) = after.strip_prefix('!') {
            let rest = self.declared.read(rest);
            self.go_to(rest);
            return None;
        }
        if let Some(rest) = after.strip_prefix('/') {
            let end = rest.find(['>', '<']).unwrap_or(rest.len());
            let (tag, rest) = rest.split_at(end);
            self.go_to(rest.strip_prefix('>').unwrap_or(rest));
            let name = tag.split_whitespace().next().unwrap_or_default();
            return Some(Token::End { name });
        }
        match after.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | ':')) {
            true => self.start_tag(after),
            false => self.text(1),
        }
    }

    /// A CDATA section. One that holds the mark of an entry was never closed: it ends with the element that it is in,
    /// so that the entries after it are not lost.
    fn section(&mut self, rest: &'a str) -> Option<Token<'a>> {
        let start = self.document.len() - rest.len();
        let end = self.ends.section.from(self.document, start);
        let entry = self.next_entry(start);
        let text = match entry.filter(|at| end.is_none_or(|end| *at < end)) {
            Some(entry) => {
                let inside = &self.document[start..entry];
                let mut own_end = inside.match_indices("</").map(|(at, _)| at);
                let is_own = |at: &usize| inside[at + 2..].starts_with(self.last_name);
                let end = own_end.find(is_own).unwrap_or(inside.len());
                self.at = start + end;
                &inside[..end]
            }
            None => {
                let (text, rest) = rest.split_at(end.map_or(rest.len(), |end| end - start));
                self.go_to(rest.strip_prefix("]]>").unwrap_or(rest));
                text
            }
        };
        (!text.is_empty()).then_some(Token::Text(Cow::Borrowed(text)))
    }

    /// Where the next entry starts or ends, as far as can be seen.
    fn next_entry(&mut self, start: usize) -> Option<usize> {
        let document = self.document;
        let marks = self
            .ends
            .entries
            .iter_mut()
            .filter_map(|mark| mark.from(document, start));
        marks.min()
    }

    /// A comment that never ends would hide the whole document, and one that ends with the next comment the entries
    /// up to there: the first `>` ends it then.
    fn skip_comment(&mut self, rest: &'a str) {
        let start = self.document.len() - rest.len();
        let end = self.ends.comment.from(self.document, start);
        let entry = self.next_entry(start);
        let hides_entries = entry.is_some_and(|at| end.is_some_and(|end| at < end));
        // Comments do not nest, so a second start means that the first had no end.
        let inside = end.and_then(|end| self.document.get(start..end));
        let is_open = inside.is_none_or(|inside| hides_entries && inside.contains("<!--"));
        match end.filter(|_| !is_open) {
            Some(end) => self.at = end + "-->".len(),
            None => self.go_to(split_at_text(rest, ">").1),
        }
    }

    fn start_tag(&mut self, after: &'a str) -> Option<Token<'a>> {
        let is_name = |character: char| !character.is_whitespace() && !matches!(character, '>' | '/' | '<');
        let end = after.find(|character| !is_name(character)).unwrap_or(after.len());
        let (name, mut rest) = after.split_at(end);
        let mut attributes = Vec::new();
        let empty = loop {
            rest = rest.trim_start();
            match rest.as_bytes().first() {
                // Cut off in the middle of a tag.
                None => {
                    self.go_to(rest);
                    return None;
                }
                Some(b'>') => {
                    rest = &rest[1..];
                    break false;
                }
                Some(b'<') => break false,
                Some(b'/') => {
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
                        attributes.push(attribute);
                    }
                }
            }
        };
        self.go_to(rest);
        self.last_name = name;
        Some(Token::Start {
            name,
            attributes,
            empty,
        })
    }

    fn attribute(&mut self, text: &'a str) -> ((&'a str, Cow<'a, str>), &'a str) {
        let ends_name = |character: char| character.is_whitespace() || matches!(character, '=' | '>' | '/' | '<');
        // The first character counts in any case, so that each call takes something.
        let first = text.chars().next().map_or(0, char::len_utf8);
        let end = text[first..].find(ends_name).map_or(text.len(), |at| first + at);
        let (name, rest) = text.split_at(end);
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            return ((name, Cow::Borrowed("")), rest);
        };
        let value = value.trim_start();
        let (value, rest) = self.quoted(value).unwrap_or_else(|| {
            let value = value.trim_start_matches(['"', '\'']);
            let end = value.find(|character: char| character.is_whitespace() || matches!(character, '>' | '<'));
            value.split_at(end.unwrap_or(value.len()))
        });
        ((name, resolve_entities(value, self.declared.values())), rest)
    }

    /// A value in quotes, and what comes after. Where the quotes stand around tags and the second one is glued to
    /// what follows, it is the first of the next value, and this one was never closed.
    fn quoted(&mut self, value: &'a str) -> Option<(&'a str, &'a str)> {
        let start = self.document.len() - value.len() + 1;
        let end = match value.as_bytes().first()? {
            b'"' => self.ends.double_quote.from(self.document, start)?,
            b'\'' => self.ends.single_quote.from(self.document, start)?,
            _ => return None,
        };
        let (inside, after) = (self.document.get(start..end)?, self.document.get(end + 1..)?);
        let is_parted = after.starts_with(|next: char| next.is_whitespace() || matches!(next, '>' | '/' | '?'));
        let hides_entries = self.next_entry(start).is_some_and(|at| at < end);
        let is_closed = (is_parted && !hides_entries) || after.is_empty() || !inside.contains('<');
        is_closed.then_some((inside, after))
    }
}

/// What stands before `end`, and what stands after it; all and nothing when there is none.
fn split_at_text<'a>(text: &'a str, end: &str) -> (&'a str, &'a str) {
    text.split_once(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests;
