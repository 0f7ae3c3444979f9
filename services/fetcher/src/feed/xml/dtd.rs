//! Entities that a document declares for itself, in the internal subset of its DTD (XML 1.0, section 4.2).

use crate::feed::text::resolve_entities;

/// Entities that a document may declare.
const DECLARED_MAX: usize = 64;

/// The longest value of an entity, in bytes, after the entities in it were resolved. A value is resolved once, when
/// it is declared, so entities made of entities can't grow beyond it. Short, because each use of a name of one letter
/// is a value: three bytes become so many.
const VALUE_BYTES_MAX: usize = 64;

/// What was declared so far.
#[derive(Debug, Default)]
pub(super) struct Declared<'a> {
    values: Vec<(&'a str, String)>,
    /// A document has one DTD.
    was_read: bool,
}

impl<'a> Declared<'a> {
    pub(super) fn values(&self) -> &[(&'a str, String)] {
        &self.values
    }

    /// Reads what stands between `<!` and its `>`, and gives what comes after.
    pub(super) fn read(&mut self, rest: &'a str) -> &'a str {
        let end = rest.find('>').unwrap_or(rest.len());
        let subset = rest[..end].find('[').filter(|_| !self.was_read);
        let Some(start) = subset else {
            return rest.get(end + 1..).unwrap_or_default();
        };
        self.was_read = true;
        self.read_subset(&rest[start + 1..])
    }

    fn read_subset(&mut self, subset: &'a str) -> &'a str {
        let mut rest = subset;
        loop {
            rest = rest.trim_start();
            if let Some(after) = rest.strip_prefix(']') {
                return after.split_once('>').map_or("", |(_, rest)| rest);
            }
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
                continue;
            }
            let Some(declaration) = rest.strip_prefix('<') else {
                let next = rest.find(['<', ']']);
                match next {
                    Some(next) if 0 < next => rest = &rest[next..],
                    // A subset without an end hides nothing: what comes next is read as markup.
                    _ => return rest,
                }
                continue;
            };
            let (inside, after) = until_end(declaration);
            if inside.starts_with(|first: char| first.is_alphabetic()) {
                // A tag: the subset was never closed.
                return rest;
            }
            if let Some(entity) = inside.strip_prefix("!ENTITY") {
                self.declare(entity);
            }
            rest = after;
        }
    }

    fn declare(&mut self, text: &'a str) -> Option<()> {
        let (name, after) = text.trim_start().split_once(char::is_whitespace)?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let value = after.get(1..)?.split(quote).next()?;
        let is_new = !self.values.iter().any(|(known, _)| *known == name);
        if !is_new || VALUE_BYTES_MAX < value.len() {
            return None;
        }
        let value = resolve_entities(value, &self.values);
        if value.len() <= VALUE_BYTES_MAX && self.values.len() < DECLARED_MAX {
            let value = value.into_owned();
            self.values.push((name, value));
        }
        Some(())
    }
}

/// What stands before the next `>` outside quotes, or at all where quotes are not closed, and what stands after it.
fn until_end(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (&text[..at], &text[at + 1..]),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    text.split_once('>').unwrap_or((text, ""))
}
