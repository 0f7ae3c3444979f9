//! What a reduced page is made of: texts and tags.

use super::attributes::Attributes;

/// Takes a reduced page in, piece by piece.
pub(in crate::html) trait Markup<'a> {
    /// A text as the page has it, with its character references.
    fn text(&mut self, text: &str);

    /// Whether the last thing that came was a blank.
    fn ends_blank(&self) -> bool;

    /// A tag that opens an element; the element has those attributes that are worth reading.
    fn start(&mut self, name: &str, attributes: Option<&Attributes<'a>>);

    /// A tag that closes an element.
    fn end(&mut self, name: &str);
}

/// Markup as it is written.
impl<'a> Markup<'a> for String {
    fn text(&mut self, text: &str) {
        self.push_str(text);
    }

    fn ends_blank(&self) -> bool {
        self.ends_with(' ')
    }

    fn start(&mut self, name: &str, attributes: Option<&Attributes<'a>>) {
        self.push('<');
        self.push_str(name);
        if let Some(attributes) = attributes {
            attributes.each(name, |name, value| {
                let value = value.replace('"', "&quot;");
                self.extend([" ", name, "=\"", &value, "\""]);
            });
        }
        self.push('>');
    }

    fn end(&mut self, name: &str) {
        self.extend(["</", name, ">"]);
    }
}
