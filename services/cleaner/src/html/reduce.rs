//! Bytes spent before the parser: a page without scripts, styles, drawings, and attributes that nobody reads.
//!
//! A tree builder is the dearest part of reading a page, and hostile markup can make it quadratic. So one linear scan
//! goes first. It leaves out whatever can't be a story, keeps the attributes that say something, renames bold to a tag
//! without special rules (formatting elements are copied by the tree builder into every later paragraph when they
//! stay open), and caps depth and number of elements. JSON-LD is picked out on the way. What is left goes on in pieces
//! ([`Markup`]).

use memchr::{memchr, memchr_iter};
use name::tag_name;

pub(super) use attributes::{ANOTHER, Attributes};
pub(super) use markup::Markup;

mod attributes;
mod markup;
mod name;
mod script;

/// Open elements at one time. Browsers stop at 512; no story is deeper than this.
const MAX_DEPTH: usize = 256;
/// Elements kept of one page; text beyond them still comes through.
const MAX_ELEMENTS: usize = 200_000;
/// Bytes of JSON-LD kept of one page.
const MAX_JSON_LD: usize = 2 * 1024 * 1024;

/// What happens to an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Left out with all that is in it.
    Skip,
    /// The tag is left out, what is in it stays.
    Unwrap,
    /// Kept only with attributes that say something.
    IfNamed,
    /// Kept under the name for bold text.
    Bold,
    /// Kept; has no content.
    Void,
    /// Kept; the parser closes it by itself, so it can't pile up.
    SelfClosing,
    /// Kept and counted.
    Keep,
}

fn fate(name: &str) -> Fate {
    match name {
        "script" | "style" | "svg" | "math" | "noscript" | "template" | "iframe" | "textarea" | "select" | "object"
        | "canvas" | "audio" | "video" | "button" | "noframes" | "noembed" | "applet" | "map" => Fate::Skip,
        "i" | "em" | "u" | "font" | "small" | "big" | "s" | "strike" | "code" | "tt" | "nobr" | "sub" | "sup"
        | "mark" | "abbr" | "cite" | "q" | "ins" | "del" | "dfn" | "kbd" | "var" | "samp" | "bdi" | "bdo" | "wbr"
        | "acronym" | "input" | "source" | "track" | "embed" | "param" | "base" | "col" | "colgroup" | "frame"
        | "frameset" | "plaintext" | "xmp" | "listing" | "marquee" | "ruby" | "rb" | "rp" | "rt" | "rtc" | "image"
        | "isindex" | "keygen" | "area" | "option" | "optgroup" | "html5" | "picture" => Fate::Unwrap,
        "span" => Fate::IfNamed,
        "b" | "strong" => Fate::Bold,
        "br" | "hr" | "img" | "meta" | "link" => Fate::Void,
        "p" | "li" | "dt" | "dd" | "tr" | "td" | "th" | "tbody" | "thead" | "tfoot" | "a" | "html" | "head"
        | "body" | "title" | "caption" => Fate::SelfClosing,
        _ => Fate::Keep,
    }
}

/// The name that bold elements get.
pub(super) const BOLD: &str = "x-b";

/// Reduces a page to markup; gives the contents of its JSON-LD scripts, in page order. Time and memory are linear in
/// its length.
pub(super) fn reduce<'a>(page: &'a str, markup: &mut impl Markup<'a>) -> Vec<String> {
    let mut reducer = Reducer {
        page,
        at: 0,
        markup,
        json_ld: Vec::new(),
        json_ld_bytes: 0,
        depth: 0,
        elements: 0,
        suppressed: 0,
        spans: Vec::new(),
        is_preformatted: false,
        links: 0,
        in_bold: false,
        unclosed: Vec::new(),
        attributes: Attributes::default(),
    };
    reducer.run();
    reducer.json_ld
}

struct Reducer<'a, 'm, M> {
    page: &'a str,
    at: usize,
    /// Where the markup goes that is left.
    markup: &'m mut M,
    json_ld: Vec<String>,
    json_ld_bytes: usize,
    depth: usize,
    elements: usize,
    /// Opening tags left out because of the depth, whose closing tags are to be left out too.
    suppressed: usize,
    /// For each open `span`, whether its tag was kept.
    spans: Vec<bool>,
    /// Preformatted text has begun.
    is_preformatted: bool,
    /// Links that have begun and not ended: the parser looks for each end of one that never began.
    links: usize,
    /// Bold text is open in this block.
    in_bold: bool,
    /// Names of elements, and other marks, that are never closed after this point, so that nobody looks again.
    unclosed: Vec<&'static str>,
    attributes: Attributes<'a>,
}

impl<'a, M: Markup<'a>> Reducer<'a, '_, M> {
    fn rest(&self) -> &'a str {
        self.page.get(self.at..).unwrap_or_default()
    }

    fn run(&mut self) {
        while let Some(offset) = memchr(b'<', self.rest().as_bytes()) {
            self.text(self.rest().get(..offset).unwrap_or_default());
            self.at += offset;
            self.markup();
        }
        self.text(self.rest());
    }

    /// Writes a text, its margins folded to one blank. From the first preformatted text on all blanks stay, because where
    /// that ends is the parser's to say.
    fn text(&mut self, text: &str) {
        if self.is_preformatted {
            return self.markup.text(text);
        }
        let start = text.trim_ascii_start();
        if start.len() < text.len() && !self.markup.ends_blank() {
            self.markup.text(" ");
        }
        let inner = start.trim_ascii_end();
        self.markup.text(inner);
        if inner.len() < start.len() {
            self.markup.text(" ");
        }
    }

    /// Reads what starts with the `<` here, and always moves on.
    fn markup(&mut self) {
        let rest = self.rest().as_bytes();
        match (rest.get(1), rest.get(2)) {
            (Some(b'!'), Some(b'-')) if rest.get(3) == Some(&b'-') => self.comment(),
            (Some(b'!' | b'?'), _) => self.at = self.tag_end(self.at),
            (Some(b'/'), Some(byte)) if byte.is_ascii_alphabetic() => self.closing_tag(),
            (Some(byte), _) if byte.is_ascii_alphabetic() => self.opening_tag(),
            _ => {
                self.markup.text("&lt;");
                self.at += 1;
            }
        }
    }

    /// Where a tag that starts at `from` ends; behind its first two characters, if it never does.
    fn tag_end(&mut self, from: usize) -> usize {
        const NAME: &str = ">";
        if !self.unclosed.contains(&NAME) {
            let rest = self.page.as_bytes().get(from..);
            if let Some(length) = rest.and_then(|rest| memchr(b'>', rest)) {
                return from + length + 1;
            }
            self.unclosed.push(NAME);
        }
        from + 2
    }

    fn comment(&mut self) {
        const NAME: &str = "!--";
        let end = if self.unclosed.contains(&NAME) {
            None
        } else {
            find_comment_end(self.rest())
        };
        match end {
            Some(end) => self.at += end.max(2) + 3,
            None => {
                self.unclosed.push(NAME);
                self.at += 4;
            }
        }
    }

    fn closing_tag(&mut self) {
        let name = tag_name(self.rest().get(2..).unwrap_or_default());
        self.at = self.tag_end(self.at);
        let Some(name) = name else { return };
        let name = name.as_str();
        let kept = match fate(name) {
            Fate::Skip | Fate::Unwrap | Fate::Void => false,
            Fate::IfNamed => {
                let kept = self.spans.pop().unwrap_or(false);
                self.depth -= usize::from(kept && self.depth > 0);
                kept
            }
            Fate::Bold => {
                if std::mem::take(&mut self.in_bold) {
                    self.markup.end(BOLD);
                }
                return;
            }
            Fate::SelfClosing if name == "a" => {
                let is_open = self.links > 0;
                self.links = self.links.saturating_sub(1);
                is_open
            }
            Fate::SelfClosing => true,
            Fate::Keep => self.leave(),
        };
        self.in_bold &= is_inline(name);
        if kept {
            self.markup.end(name);
        }
    }

    /// Counts an end of a counted element; says whether its tag is to be written.
    fn leave(&mut self) -> bool {
        if self.suppressed > 0 {
            self.suppressed -= 1;
            return false;
        }
        self.depth = self.depth.saturating_sub(1);
        true
    }

    /// Counts a start of a counted element; says whether its tag is to be written.
    fn enter(&mut self) -> bool {
        if self.depth >= MAX_DEPTH || self.elements >= MAX_ELEMENTS {
            self.suppressed += 1;
            return false;
        }
        self.depth += 1;
        true
    }

    fn opening_tag(&mut self) {
        let Some(name) = tag_name(self.rest().get(1..).unwrap_or_default()) else {
            self.at += 1;
            return;
        };
        let name = name.as_str();
        self.at = self.attributes.read(self.page, self.at + 1 + name.len());
        let kept = match fate(name) {
            Fate::Skip => return self.skip_content(name),
            Fate::Unwrap => return,
            Fate::IfNamed => {
                let kept = self.attributes.is_named() && self.depth < MAX_DEPTH && self.elements < MAX_ELEMENTS;
                self.depth += usize::from(kept);
                self.spans.push(kept);
                kept
            }
            Fate::Bold => return self.bold(),
            Fate::Keep => self.enter(),
            Fate::Void if name == "link" && self.attributes.is_for_browsers() => return,
            Fate::Void | Fate::SelfClosing => self.elements < MAX_ELEMENTS,
        };
        self.in_bold &= is_inline(name);
        self.is_preformatted |= name == "pre";
        if kept {
            self.elements += 1;
            self.links += usize::from(name == "a");
            self.markup.start(name, Some(&self.attributes));
        }
    }

    /// Bold text within bold text is no bolder, so the tag can't pile up.
    fn bold(&mut self) {
        if !self.in_bold && self.elements < MAX_ELEMENTS {
            self.in_bold = true;
            self.elements += 1;
            self.markup.start(BOLD, None);
        }
    }

    /// Jumps behind the closing tag of a skipped element; one that is never closed loses its tag only.
    fn skip_content(&mut self, name: &str) {
        let known = SKIPPED.iter().copied().find(|known| *known == name);
        if known.is_some_and(|known| self.unclosed.contains(&known)) {
            return;
        }
        let start = self.at;
        let end = match name {
            "script" => script::find_end(self.page, start),
            _ => find_closing(self.page, start, name),
        };
        let Some(end) = end else {
            self.unclosed.extend(known);
            return;
        };
        if name == "script" && self.attributes.is_json_ld() {
            let content = self.page.get(start..end).unwrap_or_default();
            if self.json_ld_bytes + content.len() <= MAX_JSON_LD {
                self.json_ld_bytes += content.len();
                self.json_ld.push(content.to_owned());
            }
        }
        // A block of its own is parted from what stands around it, as it is on the screen.
        self.markup.text(" ");
        self.at = self.tag_end(end);
    }
}

/// The elements with fate [`Fate::Skip`], for remembering which of them are never closed.
const SKIPPED: &[&str] = &[
    "script", "style", "svg", "math", "noscript", "template", "iframe", "textarea", "select", "object", "canvas",
    "audio", "video", "button", "noframes", "noembed", "applet", "map",
];

/// Where `-->` starts.
fn find_comment_end(rest: &str) -> Option<usize> {
    let mut ends = memchr_iter(b'>', rest.as_bytes());
    ends.find_map(|at| {
        at.checked_sub(2)
            .filter(|start| rest.as_bytes().get(*start..at) == Some(b"--"))
    })
}

/// Whether an element leaves the block that it stands in open.
fn is_inline(name: &str) -> bool {
    matches!(name, "a" | "span" | "img" | "time" | "label" | "meta" | "link")
}

/// Where `</name` starts, at or after `from`. Scripts have a `<` now and then only, and looking for one byte is fast.
fn find_closing(page: &str, from: usize, name: &str) -> Option<usize> {
    let bytes = page.as_bytes();
    let mut starts = memchr_iter(b'<', bytes.get(from..)?).map(|at| from + at);
    starts.find(|at| {
        let after = at + 2 + name.len();
        bytes.get(at + 1) == Some(&b'/')
            && bytes
                .get(at + 2..after)
                .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && !bytes
                .get(after)
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    })
}

#[cfg(test)]
mod tests {
    use super::reduce;

    fn reduced(page: &str) -> String {
        let mut html = String::new();
        reduce(page, &mut html);
        html
    }

    fn check(page: &str, expected: &str) {
        assert_eq!(reduced(page), expected);
    }

    #[test]
    fn scripts_and_their_like_never_reach_the_parser() {
        check("<p>a<script>if (1 < 2) '</p>'</script>b</p>", "<p>a b</p>");
        check("a<!-- <p> -->b<svg><title>x</title></SVG >c<STYLE>p{}</style>", "ab c ");
    }

    #[test]
    fn only_attributes_that_say_something_stay() {
        check(
            r#"<div class='lead "x"' onclick="a>b" data-testid="story body" style="color:red">t</div>"#,
            r#"<div class="lead &quot;x&quot; story body">t</div>"#,
        );
        check(r#"<div style="display: none">t</div>"#, r#"<div hidden="">t</div>"#);
        check("<span>a</span><span class=by>b</span>", r#"a<span class="by">b</span>"#);
    }

    #[test]
    fn bold_is_an_ordinary_element() {
        check("<b>a</b><STRONG class=x>b</strong>", "<x-b>a</x-b><x-b>b</x-b>");
        check("<b><b>a</b></b><p><b>b<p>c</b>", "<x-b>a</x-b><p><x-b>b<p>c");
    }

    #[test]
    fn what_is_never_closed_costs_its_tag_only() {
        check("<svg>a<svg>b", "ab");
        check("a<!-- b", "a b");
        check("<a href=\"x>b", "<a href=\"\">b");
        check("1 < 2", "1 &lt; 2");
    }

    #[test]
    fn blanks_around_texts_are_folded_until_some_may_count() {
        check("<p>\n  a  b\n </p> \n <!-- x --> <p>c", "<p> a  b </p> <p>c");
        check("<p> <pre> a\n  b</pre>\n\n<p>", "<p> <pre> a\n  b</pre>\n\n<p>");
    }

    #[test]
    fn structured_data_is_picked_out() {
        let page = "<script type='application/ld+json'>{\"a\":1}</script><script>no</script>";
        assert_eq!(reduce(page, &mut String::new()), ["{\"a\":1}"]);
    }

    #[test]
    fn depth_is_capped() {
        let html = reduced(&"<div>".repeat(100_000));
        assert!(html.len() < 300 * "<div>".len(), "{}", html.len());
    }
}
