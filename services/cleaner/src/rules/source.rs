//! A page as selectors see it: everything that was written, but for what is no text to read.
//!
//! The parser gets the whole page here, and pages can be made to hurt it. So this scan caps depth, number and size of
//! what it passes on, and gives elements that the parser copies into later paragraphs (bold, italics) other names for
//! the time of parsing.

/// Open elements at one time.
const MAX_DEPTH: usize = 200;
/// Elements of one page.
const MAX_ELEMENTS: usize = 20_000;
/// Bytes of one attribute.
const MAX_VALUE: usize = 1000;
/// Bytes of all attributes of one element.
const MAX_ATTRIBUTES: usize = 4000;
/// Inline elements open at one time.
const MAX_INLINE: usize = 8;

/// What the names of inline elements begin with while the parser is at work.
pub(super) const INLINE: &str = "inline-";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Left out with all that is in it.
    Skip,
    /// The tag is left out.
    Unwrap,
    /// Kept under another name, and closed where a block begins or ends.
    Inline,
    /// Kept; has no content.
    Void,
    /// Kept; the parser closes it by itself.
    SelfClosing,
    /// Kept and counted.
    Keep,
}

fn fate(name: &str) -> Fate {
    match name {
        "script" | "style" | "svg" | "math" | "noscript" | "template" | "iframe" | "textarea" | "select" | "object"
        | "canvas" | "audio" | "video" | "button" | "noframes" | "noembed" | "applet" | "map" | "title" => Fate::Skip,
        "plaintext" | "xmp" | "listing" | "frameset" | "frame" | "image" | "isindex" | "option" | "optgroup" => {
            Fate::Unwrap
        }
        "b" | "strong" | "i" | "em" | "u" | "font" | "small" | "big" | "s" | "strike" | "code" | "tt" | "nobr"
        | "sub" | "sup" | "mark" | "abbr" | "cite" | "q" | "ins" | "del" | "dfn" | "kbd" | "var" | "samp" | "ruby"
        | "rb" | "rp" | "rt" | "rtc" => Fate::Inline,
        "br" | "hr" | "img" | "meta" | "link" | "input" | "source" | "track" | "embed" | "param" | "base" | "col"
        | "area" | "wbr" | "keygen" => Fate::Void,
        "p" | "li" | "dt" | "dd" | "tr" | "td" | "th" | "tbody" | "thead" | "tfoot" | "a" | "html" | "head"
        | "body" | "caption" | "colgroup" => Fate::SelfClosing,
        _ => Fate::Keep,
    }
}

/// Whether an element leaves the inline elements around it open.
fn is_within_lines(name: &str) -> bool {
    matches!(
        name,
        "a" | "span" | "img" | "time" | "label" | "meta" | "link" | "br" | "wbr" | "input" | "bdi" | "bdo"
    )
}

/// The page for the parser. Time and memory are linear in its length.
pub(super) fn prepare(page: &str) -> String {
    let mut scan = Scan {
        page,
        out: String::with_capacity(page.len() / 2 + 64),
        ..Scan::default()
    };
    scan.out.push_str("<!DOCTYPE html>");
    while let Some(offset) = scan.rest().find('<') {
        let text = scan.rest().get(..offset).unwrap_or_default();
        scan.out.push_str(text);
        scan.at += offset;
        scan.markup();
    }
    let text = scan.rest();
    scan.out.push_str(text);
    scan.out
}

#[derive(Default)]
struct Scan<'a> {
    page: &'a str,
    at: usize,
    out: String,
    depth: usize,
    elements: usize,
    /// Opening tags left out because of the depth.
    suppressed: usize,
    /// Paragraphs opened and not closed.
    paragraphs: usize,
    /// Names of open inline elements.
    inline: Vec<String>,
    /// What has no end in the rest of the page: nobody looks again.
    unclosed: Vec<String>,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        self.page.get(self.at..).unwrap_or_default()
    }

    /// Reads what starts with the `<` here, and always moves on.
    fn markup(&mut self) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        match (bytes.get(1), bytes.get(2)) {
            (Some(b'!'), _) if rest.starts_with("<!--") => match self.find("-->", 4) {
                Some(end) => self.at = end + 3,
                None => self.at += 4,
            },
            (Some(b'!' | b'?'), _) => self.at = self.find(">", 2).map_or(self.at + 2, |end| end + 1),
            (Some(b'/'), Some(byte)) if byte.is_ascii_alphabetic() => self.closing_tag(),
            (Some(byte), _) if byte.is_ascii_alphabetic() => self.opening_tag(),
            _ => {
                self.out.push_str("&lt;");
                self.at += 1;
            }
        }
    }

    /// Where `what` stands next, `skip` bytes from here or later.
    fn find(&mut self, what: &str, skip: usize) -> Option<usize> {
        if self.unclosed.iter().any(|known| known == what) {
            return None;
        }
        let found = self.page.get(self.at + skip..).and_then(|rest| rest.find(what));
        if found.is_none() {
            self.unclosed.push(what.to_owned());
        }
        found.map(|offset| self.at + skip + offset)
    }

    fn closing_tag(&mut self) {
        let name = tag_name(self.rest().get(2..).unwrap_or_default());
        self.at = self.find(">", 2).map_or(self.at + 2, |end| end + 1);
        let Some(name) = name else { return };
        match fate(&name) {
            Fate::Skip | Fate::Unwrap | Fate::Void => {}
            Fate::Inline => self.close_inline(&name),
            Fate::SelfClosing if name == "p" => self.close_paragraph(),
            Fate::SelfClosing => self.close_block(&name),
            Fate::Keep if self.suppressed > 0 => self.suppressed -= 1,
            Fate::Keep => {
                self.depth = self.depth.saturating_sub(1);
                self.close_block(&name);
            }
        }
    }

    /// The end of a paragraph that never began is an empty one to the parser.
    fn close_paragraph(&mut self) {
        if self.paragraphs == 0 {
            if self.elements >= MAX_ELEMENTS {
                return;
            }
            self.elements += 1;
        }
        self.paragraphs = self.paragraphs.saturating_sub(1);
        self.close_block("p");
    }

    fn close_inline(&mut self, name: &str) {
        if let Some(place) = self.inline.iter().rposition(|open| open == name) {
            for open in self.inline.split_off(place).iter().rev() {
                self.push_closing(INLINE, open);
            }
        }
    }

    fn close_block(&mut self, name: &str) {
        self.end_lines(name);
        self.push_closing("", name);
    }

    /// Closes inline elements where the element of this name begins or ends.
    fn end_lines(&mut self, name: &str) {
        if !is_within_lines(name) {
            for open in std::mem::take(&mut self.inline).iter().rev() {
                self.push_closing(INLINE, open);
            }
        }
    }

    fn push_closing(&mut self, prefix: &str, name: &str) {
        for piece in ["</", prefix, name, ">"] {
            self.out.push_str(piece);
        }
    }

    fn opening_tag(&mut self) {
        let Some(name) = tag_name(self.rest().get(1..).unwrap_or_default()) else {
            self.at += 1;
            return;
        };
        let (attributes, end) = self.attributes(self.at + 1 + name.len());
        self.at = end;
        let fate = fate(&name);
        let is_room = self.elements < MAX_ELEMENTS;
        let prefix = match fate {
            Fate::Skip => return self.skip_content(&name),
            Fate::Unwrap => return,
            Fate::Inline if is_room && self.inline.len() < MAX_INLINE => {
                self.inline.push(name.clone());
                INLINE
            }
            Fate::Void | Fate::SelfClosing if is_room => "",
            Fate::Keep if is_room && self.depth < MAX_DEPTH => {
                self.depth += 1;
                ""
            }
            Fate::Keep => {
                self.suppressed += 1;
                return;
            }
            Fate::Inline | Fate::Void | Fate::SelfClosing => return,
        };
        if fate != Fate::Inline {
            self.end_lines(&name);
        }
        self.elements += 1;
        self.paragraphs += usize::from(name == "p");
        for piece in ["<", prefix, &name, &attributes, ">"] {
            self.out.push_str(piece);
        }
    }

    /// The attributes from `at` on, ready to be written, and where the tag ends.
    fn attributes(&mut self, mut at: usize) -> (String, usize) {
        let bytes = self.page.as_bytes();
        let mut out = String::new();
        loop {
            at += count(bytes, at, |byte| byte.is_ascii_whitespace() || byte == b'/');
            match bytes.get(at) {
                None => return (out, self.page.len()),
                Some(b'>') => return (out, at + 1),
                Some(_) => {}
            }
            let start = at;
            at += 1 + count(bytes, at + 1, |byte| {
                !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'=')
            });
            let name = self.page.get(start..at).unwrap_or_default();
            at += count(bytes, at, |byte| byte.is_ascii_whitespace());
            let mut value = "";
            if bytes.get(at) == Some(&b'=') {
                at += 1;
                at += count(bytes, at, |byte| byte.is_ascii_whitespace());
                (value, at) = self.value(at);
            }
            let value = value.get(..value.floor_char_boundary(MAX_VALUE)).unwrap_or_default();
            if name.len() <= 100 && out.len() + name.len() + value.len() <= MAX_ATTRIBUTES {
                for piece in [" ", name, "=\"", &value.replace('"', "&quot;"), "\""] {
                    out.push_str(piece);
                }
            }
        }
    }

    /// A value and where the next attribute starts.
    fn value(&mut self, at: usize) -> (&'a str, usize) {
        let page = self.page;
        let bytes = page.as_bytes();
        let quote = match bytes.get(at) {
            Some(b'"') => "\"",
            Some(b'\'') => "'",
            _ => {
                let length = count(bytes, at, |byte| !byte.is_ascii_whitespace() && byte != b'>');
                return (page.get(at..at + length).unwrap_or_default(), at + length);
            }
        };
        let skip = (at + 1).saturating_sub(self.at);
        if let Some(end) = self.find(quote, skip) {
            return (page.get(at + 1..end).unwrap_or_default(), end + 1);
        }
        // The quote is never closed: the tag ends where a person would say that it ends.
        ("", at + count(bytes, at, |byte| byte != b'>'))
    }

    /// Jumps behind the closing tag of a skipped element; one that is never closed loses its tag only.
    fn skip_content(&mut self, name: &str) {
        if self.unclosed.iter().any(|known| known == name) {
            return;
        }
        let start = self.at;
        while let Some(end) = self.find("</", 0) {
            self.at = end + 2;
            let is_it = tag_name(self.rest()).is_some_and(|found| found == name);
            if is_it {
                self.at = self.find(">", 0).map_or(self.at, |end| end + 1);
                self.out.push(' ');
                return;
            }
        }
        self.unclosed.push(name.to_owned());
        // There may be closing tags, of others, before the end of the page.
        self.unclosed.retain(|known| known != "</");
        self.at = start;
    }
}

/// The name that a tag starts with, lower case; none when it is too long to be one.
fn tag_name(rest: &str) -> Option<String> {
    let end = rest
        .bytes()
        .take(41)
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'<'))?;
    let name = rest.get(..end)?;
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_'))
        .then(|| name.to_ascii_lowercase())
}

fn count(bytes: &[u8], from: usize, wanted: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().take_while(|byte| wanted(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::prepare;

    #[test]
    fn what_was_written_stays_but_for_what_is_no_text() {
        let check = |page: &str, expected: &str| assert_eq!(prepare(page), format!("<!DOCTYPE html>{expected}"));
        check(
            "<p data-x='1' CLASS=\"a b\">t</p>",
            "<p data-x=\"1\" CLASS=\"a b\">t</p>",
        );
        check(
            "<p>a<b class=x>b<i>c</b>d</i>",
            "<p>a<inline-b class=\"x\">b<inline-i>c</inline-i></inline-b>d",
        );
        check("<b>a<p>b</b>", "<inline-b>a</inline-b><p>b");
        check(
            "a<script>if (1 < 2) '</p>'</script>b<svg><title>x</title></svg>",
            "a b ",
        );
        check("a<!-- <p> -->b<?x?>c<!x>1 < 2", "abc1 &lt; 2");
        check("<svg>a<svg>b<!-- c", "ab c");
        check("<a title=\"x>b</a>", "<a title=\"\">b</a>");
        check("<a title='a \"b\"'>x", "<a title=\"a &quot;b&quot;\">x");
    }

    #[test]
    fn hostile_pages_stay_small() {
        for piece in [
            "<div>",
            "<b>",
            "<a b='",
            "<!--",
            "<svg>",
            "</x",
            "<p a=b c=d>",
            "<script></b>",
        ] {
            let page = piece.repeat(200_000);
            let out = prepare(&page);
            assert!(out.len() <= 2 * page.len() + 100, "{piece}: {}", out.len());
            assert!(out.matches("<div").count() <= 200 && out.matches("<p").count() <= 20_000);
        }
    }
}
