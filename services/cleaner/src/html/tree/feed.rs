//! From tags and texts to the tree: what a tokenizer would tell the tree builder, told without one.

use std::borrow::Cow;

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Doctype, Tag, TagKind, Token, TokenSink as _, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink as _};
use memchr::memchr;

use super::references::{self, Place};
use super::sink::{Handle, Sink, numbered};
use super::{Pair, Tree};
use crate::html::reduce::{Attributes, Markup};

/// Names of elements that are looked up once; a power of two.
const KNOWN: usize = 64;

/// A page's elements and texts, with the attributes that elements have by number.
pub(in crate::html) struct Grown<'a> {
    pub(in crate::html) tree: Tree,
    pairs: Vec<Pair<'a>>,
    /// Where the attributes of each number start and end.
    ranges: Vec<(usize, usize)>,
}

impl<'a> Grown<'a> {
    /// The attributes of this number.
    pub(in crate::html) fn attributes(&self, number: u32) -> &[Pair<'a>] {
        let range = self.ranges.get(number as usize).copied();
        range
            .and_then(|(from, to)| self.pairs.get(from..to))
            .unwrap_or_default()
    }

    /// Gives the attributes of one number those of another whose names it lacks.
    fn add(&mut self, number: u32, other: u32) {
        let mut all = self.attributes(number).to_vec();
        for pair in self.attributes(other) {
            if all.iter().all(|(name, _)| *name != pair.0) {
                all.push(pair.clone());
            }
        }
        let from = self.pairs.len();
        if let Some(range) = self.ranges.get_mut(number as usize)
            && range.1 - range.0 < all.len()
        {
            *range = (from, from + all.len());
            self.pairs.extend(all);
        }
    }
}

/// Takes a page in, piece by piece.
pub(in crate::html) struct Feed<'a> {
    builder: TreeBuilder<Handle, Sink>,
    /// Text since the last tag. References may be cut in two by what was left out between.
    text: String,
    /// Within a title, where tags are text.
    in_title: bool,
    pairs: Vec<Pair<'a>>,
    ranges: Vec<(usize, usize)>,
    names: [Option<LocalName>; KNOWN],
}

impl<'a> Feed<'a> {
    /// An empty page of the present standard.
    pub(in crate::html) fn new() -> Self {
        let feed = Self {
            builder: TreeBuilder::new(Sink::new(), TreeBuilderOpts::default()),
            text: String::new(),
            in_title: false,
            pairs: Vec::new(),
            ranges: vec![(0, 0)],
            names: [const { None }; KNOWN],
        };
        feed.tell(Token::DoctypeToken(Doctype {
            name: Some(StrTendril::from_slice("html")),
            ..Doctype::default()
        }));
        feed
    }

    /// Ends the page.
    pub(in crate::html) fn finish(mut self) -> Grown<'a> {
        self.end_text();
        self.tell(Token::EOFToken);
        self.builder.end();
        let (tree, added) = self.builder.sink.finish();
        let mut grown = Grown {
            tree,
            pairs: self.pairs,
            ranges: self.ranges,
        };
        for (number, other) in added {
            grown.add(number, other);
        }
        grown
    }

    /// Whether tags are text from here on.
    fn tell(&self, token: Token) -> bool {
        matches!(self.builder.process_token(token, 1), TokenSinkResult::RawData(_))
    }

    fn tell_tag(&mut self, kind: TagKind, name: &str, number: u32) {
        let name = self.name(name);
        self.in_title = self.tell(Token::TagToken(Tag {
            kind,
            name,
            self_closing: false,
            attrs: numbered(number),
            had_duplicate_attributes: false,
        }));
    }

    /// The name as the tree builder knows it. Pages have the same few over and over.
    fn name(&mut self, name: &str) -> LocalName {
        let bytes = name.as_bytes();
        let mixed = bytes
            .iter()
            .fold(0, |mixed: usize, byte| mixed.wrapping_mul(31) ^ usize::from(*byte));
        let Some(slot) = self.names.get_mut(mixed % KNOWN) else {
            return LocalName::from(name);
        };
        match slot {
            Some(known) if &**known == name => known.clone(),
            _ => slot.insert(LocalName::from(name)).clone(),
        }
    }

    /// Tells the text since the last tag.
    fn end_text(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = references::read(&self.text, Place::Text);
        if memchr(0, text.as_bytes()).is_none() {
            self.tell(Token::CharacterTokens(StrTendril::from_slice(&text)));
        } else if self.in_title {
            self.tell(Token::CharacterTokens(StrTendril::from_slice(&without_nul(&text))));
        } else {
            for (at, part) in text.split('\0').enumerate() {
                if 0 < at {
                    self.tell(Token::NullCharacterToken);
                }
                if !part.is_empty() {
                    self.tell(Token::CharacterTokens(StrTendril::from_slice(part)));
                }
            }
        }
        self.text.clear();
    }

    /// Keeps the attributes of a tag; their number, which is zero for none.
    fn number(&mut self, name: &str, attributes: &Attributes<'a>) -> u32 {
        let from = self.pairs.len();
        attributes.each(name, |name, value| {
            let is_known = self.pairs.iter().skip(from).any(|(known, _)| *known == name);
            if !is_known {
                self.pairs.push((name, read_value(value)));
            }
        });
        if from == self.pairs.len() {
            return 0;
        }
        self.ranges.push((from, self.pairs.len()));
        u32::try_from(self.ranges.len() - 1).unwrap_or(0)
    }
}

fn read_value(value: Cow<'_, str>) -> Cow<'_, str> {
    let read = match value {
        Cow::Borrowed(value) => references::read(value, Place::Value),
        Cow::Owned(value) => Cow::Owned(references::read(&value, Place::Value).into_owned()),
    };
    match memchr(0, read.as_bytes()) {
        None => read,
        Some(_) => Cow::Owned(without_nul(&read)),
    }
}

fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

impl<'a> Markup<'a> for Feed<'a> {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn ends_blank(&self) -> bool {
        self.text.ends_with(' ')
    }

    fn start(&mut self, name: &str, attributes: Option<&Attributes<'a>>) {
        if self.in_title {
            return self.text.start(name, attributes);
        }
        self.end_text();
        let number = attributes.map_or(0, |attributes| self.number(name, attributes));
        self.tell_tag(TagKind::StartTag, name, number);
    }

    fn end(&mut self, name: &str) {
        if self.in_title && name != "title" {
            return self.text.end(name);
        }
        self.end_text();
        self.tell_tag(TagKind::EndTag, name, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use proptest::prelude::*;
    use scraper::Node;

    use super::Feed;
    use crate::html::reduce::reduce;
    use crate::html::tree::Step;

    /// Each element and text of a page with how deep it stands.
    fn fed(page: &str) -> String {
        let mut feed = Feed::new();
        reduce(page, &mut feed);
        let grown = feed.finish();
        let (mut out, mut depth) = (String::new(), 0);
        grown.tree.walk(|step| match step {
            Step::Open(name, number) => {
                let mut attributes = grown.attributes(number).to_vec();
                attributes.sort_unstable();
                let told: Vec<String> = attributes
                    .iter()
                    .map(|(name, value)| format!("{name}={value:?}"))
                    .collect();
                let _ = writeln!(out, "{depth} {name} {told:?}");
                depth += 1;
            }
            Step::Text(text) => _ = writeln!(out, "{depth} {text:?}"),
            Step::Close(_) => depth -= 1,
        });
        out
    }

    /// The same by the whole parser.
    fn parsed(page: &str) -> String {
        let mut html = String::from("<!DOCTYPE html>");
        reduce(page, &mut html);
        let parsed = scraper::Html::parse_document(&html);
        let mut out = String::new();
        let mut depth = 0;
        for edge in parsed.tree.root().traverse() {
            match edge {
                ego_tree::iter::Edge::Open(node) => match node.value() {
                    Node::Element(element) => {
                        let attributes = element
                            .attrs
                            .iter()
                            .map(|(name, value)| (name.local.to_string(), value.to_string()));
                        let mut attributes: Vec<_> = attributes.collect();
                        attributes.sort_unstable();
                        let told: Vec<String> = attributes
                            .iter()
                            .map(|(name, value)| format!("{name}={value:?}"))
                            .collect();
                        let _ = writeln!(out, "{depth} {} {told:?}", element.name());
                        depth += 1;
                    }
                    Node::Text(text) => _ = writeln!(out, "{depth} {:?}", &**text),
                    _ => {}
                },
                ego_tree::iter::Edge::Close(node) => depth -= u32::from(node.value().is_element()),
            }
        }
        out
    }

    #[test]
    fn pages_are_what_the_whole_parser_makes_of_them() {
        for page in [
            "",
            "<title>a &amp; <b>b</b></title>c",
            "<title>never closed <p class=a>b &lt; c",
            "<pre>\n\na</pre><pre>&#10;b</pre><pre>\r\nc\rd",
            "a\0b<p title=x class='a\0b'>\0",
            "\0<title>a\0b</title>",
            "<body class=a><body class=b id=c><html lang=de class=d><html id=e>",
            "<table>a<tr>b<td>c</table>d<table><p>e<table>f",
            "<a href=1>a<p>b<a href=2>c<div>d</a>e",
            "&am<!-- -->p;&notit;&notin;&#x80;&#0;&#xd800;&#99999999999;&#;&#x;&;&nosuch;&AMP",
            "<a href='?a=1&amp;b=2&copy=3&copy;4&copy'>x</a><a href=\"&quot;'\" class='&quot\"'>",
            "<p id=a id=b data-test=c class=d role=e hidden style=display:none itemtype=x/Event>",
        ] {
            assert_eq!(fed(page), parsed(page), "{page:?}");
        }
    }

    proptest! {
        #[test]
        fn soups_are_what_the_whole_parser_makes_of_them(
            parts in prop::collection::vec(
                prop_oneof![
                    prop::sample::select(vec![
                        "<p>", "</p>", "<div class=a>", "</div>", "<a href=/x>", "</a>", "<table>", "</table>", "<tr>",
                        "<td id=b>", "</td>", "<li>", "<ul>", "</ul>", "<b>", "</b>", "<span class=c>", "</span>",
                        "<title>", "</title>", "<body id=d>", "<html lang=e>", "<head>", "</head>", "</body>", "<br>",
                        "</br>", "<pre>", "</pre>", "<h1>", "</h2>", "<form>", "</form>", "<dd>", "<caption>", "<meta name=f>",
                        "<hr>", "<article>", "<svg>", "<nav>", "<label>", "</html>",
                    ]).prop_map(str::to_owned),
                    "[ a\n\r\0&;#xé]{0,4}",
                    "&(amp|AMP|lt|not|notin|copy|eacute|NotEqualTilde|ngE|hellip|bogus|#[2-9][0-9]{1,3}|#x[1-9][0-9a-f]{1,5})[;=a ]?",
                ],
                0..40,
            )
        ) {
            let page = parts.concat();
            prop_assert_eq!(fed(&page), parsed(&page));
        }

        #[test]
        fn values_are_what_the_whole_parser_makes_of_them(
            value in "([ a=1\r\n\0;\"]|&(amp|lt|not|notin|copy|eacute|hellip|#[2-9][0-9]{1,3}|#x[1-9][0-9a-f]{1,5})[;=a ]?){0,6}",
        ) {
            let page = format!("<p id='{value}' class='{value}' role='{value}'>");
            prop_assert_eq!(fed(&page), parsed(&page));
        }
    }
}
