//! Nothing is invented and nothing is lost without a word: on generated pages, with and without operators' rules,
//!
//! - the words of the blocks are words of the visible text, in its order, each at most once, and so are those of what
//!   was cut;
//! - together they are all words of the visible text (as far as what was cut is told: the first 500 pieces, and 300
//!   bytes of each).
//!
//! A word is a run of letters and digits of the text as it is shown: tags within a word don't part it, block tags and
//! line breaks do. All words of a generated page differ, so that order is no matter of chance.

use std::cell::Cell;
use std::sync::Arc;

use cleaner::extracted::{Extracted, Known};
use cleaner::rules::Rules;
use proptest::prelude::{BoxedStrategy, Just, Strategy, prop, prop_oneof};
use proptest::test_runner::{Config, TestRunner};

/// Something within a line.
#[derive(Debug, Clone)]
enum Inline {
    Words(u8),
    /// A word with tags or comments inside.
    Broken,
    Entities,
    Ideographs(u8),
    ZeroWidth,
    Element(&'static str, Vec<Inline>),
    /// Text that nobody sees.
    Unseen,
}

/// Something that stands by itself.
#[derive(Debug, Clone)]
enum Node {
    Lines(&'static str, Vec<Inline>),
    Breaks(Vec<Vec<Inline>>),
    List(Vec<Vec<Inline>>),
    Table(Vec<Vec<Vec<Inline>>>),
    Pre(u8),
    Box(&'static str, Vec<Node>),
    Loose(Vec<Inline>),
}

fn inline() -> BoxedStrategy<Inline> {
    let leaf = prop_oneof![
        6 => (1_u8..7).prop_map(Inline::Words),
        1 => Just(Inline::Broken),
        1 => Just(Inline::Entities),
        1 => (1_u8..6).prop_map(Inline::Ideographs),
        1 => Just(Inline::ZeroWidth),
        1 => Just(Inline::Unseen),
    ];
    let names = prop::sample::select(vec![
        "b",
        "strong",
        "i",
        "em",
        "a href=/x",
        "a href=https://other.example/y",
        "span class=note",
        "span",
        "u",
        "q",
        "time",
        "label",
        "code",
        "sup",
        "mark",
        "font color=red",
    ]);
    leaf.prop_recursive(1, 3, 2, move |inner| {
        (names.clone(), prop::collection::vec(inner, 1..3)).prop_map(|(name, inner)| Inline::Element(name, inner))
    })
    .boxed()
}

fn line() -> BoxedStrategy<Vec<Inline>> {
    prop::collection::vec(inline(), 1..3).boxed()
}

fn node() -> BoxedStrategy<Node> {
    let names = prop::sample::select(vec![
        "p",
        "p",
        "p class=text",
        "h2",
        "h3",
        "blockquote",
        "div",
        "figcaption",
        "center",
        "dd",
        "address",
        "x-line",
    ]);
    let leaf = prop_oneof![
        4 => (names, line()).prop_map(|(name, line)| Node::Lines(name, line)),
        1 => prop::collection::vec(line(), 1..4).prop_map(Node::Breaks),
        1 => prop::collection::vec(line(), 1..4).prop_map(Node::List),
        1 => prop::collection::vec(prop::collection::vec(line(), 1..3), 1..3).prop_map(Node::Table),
        1 => (1_u8..5).prop_map(Node::Pre),
        1 => line().prop_map(Node::Loose),
    ];
    let names = prop::sample::select(vec![
        "div",
        "section",
        "aside",
        "div class=related",
        "div class=box",
        "ul",
        "td",
        "footer",
        "form",
        "article",
        "blockquote",
        "details",
        "div hidden",
        "nav",
        "figure",
    ]);
    leaf.prop_recursive(3, 20, 5, move |inner| {
        (names.clone(), prop::collection::vec(inner, 1..5)).prop_map(|(name, inner)| Node::Box(name, inner))
    })
    .boxed()
}

/// A page while it is written: its markup, and the text that it shows.
#[derive(Default)]
struct Writing {
    html: String,
    shown: String,
    words: usize,
}

impl Writing {
    fn both(&mut self, text: &str) {
        self.html.push_str(text);
        self.shown.push_str(text);
    }

    /// A word that no other place has.
    fn word(&mut self) -> String {
        self.words += 1;
        let letters = ["ab", "ke", "li", "mo", "nu", "pa", "ri", "so", "tu", "wé"];
        let name: String = self
            .words
            .to_string()
            .chars()
            .filter_map(|digit| letters.get(digit.to_digit(10)? as usize))
            .copied()
            .collect();
        name
    }

    fn words(&mut self, count: u8) {
        for index in 0..count {
            let word = self.word();
            self.both(&word);
            self.both(if index + 1 == count { ". " } else { " " });
        }
    }

    fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        let tag = name.split(' ').next().unwrap_or_default();
        self.html.push_str(&format!("<{name}>"));
        content(self);
        self.html.push_str(&format!("</{tag}>"));
    }

    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Words(count) => self.words(*count),
            Inline::Broken => {
                let (left, right) = (self.word(), self.word());
                self.html
                    .push_str(&format!("{left}<var>{right}</var><!-- x -->{left}<s>{right}</s> "));
                self.shown.push_str(&format!("{left}{right}{left}{right} "));
            }
            Inline::Entities => {
                let word = self.word();
                self.html
                    .push_str(&format!("{word}&amp;&nbsp;&#8220;{word}&eacute;&#x6f;&rdquo; "));
                self.shown.push_str(&format!("{word}& “{word}éo” "));
            }
            Inline::Ideographs(count) => {
                for _ in 0..*count {
                    self.words += 1;
                    let letter = u32::try_from(self.words)
                        .ok()
                        .and_then(|at| char::from_u32(0x4e00 + at));
                    self.both(&letter.map_or(String::new(), String::from));
                }
                self.both("。 ");
            }
            Inline::ZeroWidth => self.both("\u{200b}\u{feff}"),
            Inline::Element(name, inner) => self.element(name, |page| inner.iter().for_each(|one| page.inline(one))),
            Inline::Unseen => self
                .html
                .push_str("<script>unseen()</script><style>unseen{}</style><svg><text>unseen</text></svg>"),
        }
        if matches!(inline, Inline::Unseen) {
            self.shown.push(' ');
        }
    }

    fn line(&mut self, line: &[Inline]) {
        line.iter().for_each(|one| self.inline(one));
    }

    fn node(&mut self, node: &Node) {
        self.shown.push('\n');
        match node {
            Node::Lines(name, line) => self.element(name, |page| page.line(line)),
            Node::Breaks(lines) => {
                for line in lines {
                    self.line(line);
                    self.html.push_str("<br>");
                    self.shown.push('\n');
                }
            }
            Node::List(items) => self.element("ul", |page| {
                for item in items {
                    page.shown.push('\n');
                    page.element("li", |page| page.line(item));
                }
            }),
            Node::Table(rows) => self.element("table", |page| {
                for row in rows {
                    page.element("tr", |page| {
                        for cell in row {
                            page.shown.push('\n');
                            page.element("td", |page| page.line(cell));
                        }
                    });
                }
            }),
            Node::Pre(count) => self.element("pre", |page| {
                page.words(*count);
                page.both("\n  ");
                page.words(*count);
            }),
            Node::Box(name, nodes) => self.element(name, |page| nodes.iter().for_each(|node| page.node(node))),
            Node::Loose(line) => self.line(line),
        }
        self.shown.push('\n');
    }
}

/// A page with a story and what else is thrown in, and the text that it shows.
fn write(nodes: &[Node]) -> (String, String) {
    let mut page = Writing::default();
    page.html.push_str("<!DOCTYPE html><title>unseen</title><body><main>");
    for (index, node) in nodes.iter().enumerate() {
        if index % 3 == 0 {
            page.node(&Node::Lines("p", vec![Inline::Words(14), Inline::Words(11)]));
        }
        page.node(node);
    }
    (page.html, page.shown)
}

fn words(text: &str) -> Vec<&str> {
    let pieces = text.split(|character: char| !character.is_alphanumeric());
    pieces.filter(|word| !word.is_empty()).collect()
}

/// The first word of `part` that does not follow in `whole`.
fn out_of_order<'a>(part: &[&'a str], whole: &[&str]) -> Option<&'a str> {
    let mut rest = whole.iter();
    part.iter().find(|word| !rest.any(|other| other == *word)).copied()
}

fn check(extracted: &Extracted, shown: &str) -> Result<(), String> {
    let text = extracted.text();
    let removed: Vec<&str> = extracted.removed.iter().map(|removed| removed.text.as_str()).collect();
    let removed = removed.join("\n");
    let (kept, cut, all) = (words(&text), words(&removed), words(shown));
    if let Some(word) = out_of_order(&kept, &all) {
        return Err(format!("kept {word} is not on the page, or not there"));
    }
    if let Some(word) = out_of_order(&cut, &all) {
        return Err(format!("cut {word} is not on the page, or not there"));
    }
    let mut told: Vec<&str> = kept.into_iter().chain(cut).collect();
    let mut all = all;
    told.sort_unstable();
    all.sort_unstable();
    match all.iter().find(|word| told.binary_search(word).is_err()) {
        Some(word) => Err(format!("{word} is neither kept nor told as cut")),
        None if told.len() == all.len() => Ok(()),
        None => Err(format!("{} words of {} are told", told.len(), all.len())),
    }
}

/// Checks generated pages under these rules; most of them must be articles.
fn holds_under(rules: &str) {
    let known = Known {
        rules: Arc::new(Rules::parse(rules).unwrap_or_default()),
        ..Known::default()
    };
    let config = Config {
        cases: 250,
        failure_persistence: None,
        ..Config::default()
    };
    let articles = Cell::new(0);
    let outcome = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    )
    .run(&prop::collection::vec(node(), 6..20), |nodes| {
        let (html, shown) = write(&nodes);
        if let Ok(extracted) = cleaner::html::extract(&html, Some("https://tide.example/a"), &known) {
            articles.set(articles.get() + 1);
            let fail = |detail| proptest::test_runner::TestCaseError::fail(format!("{detail}\n{html}\n{shown}"));
            check(&extracted, &shown).map_err(fail)?;
        }
        Ok(())
    });
    assert!(
        outcome.is_ok(),
        "{}",
        outcome.err().map_or(String::new(), |error| error.to_string())
    );
    assert!(
        articles.get() > 125,
        "only {} of 250 pages are articles",
        articles.get()
    );
}

#[test]
fn every_word_is_kept_or_told_as_cut() {
    holds_under("");
}

#[test]
fn every_word_is_kept_or_told_as_cut_under_rules() {
    holds_under("[[rule]]\nhost = 'tide.example'\ncut = ['b', '.note', '.box', 'li', 'q']\n");
    holds_under(
        "[[rule]]\nhost = 'tide.example'\nkeep = ['main > p', 'section', 'i', 'li']\ncut = ['strong', 'time']\n",
    );
}
