//! What a page says about itself to machines: `meta`, `link`, `title`, `time`, microdata, images.

use super::element::{Cue, Tag};
use super::page::Opened as Node;
use crate::pages::PageLinks;

/// Marked elements, metas and images kept of one page.
const MAX_ITEMS: usize = 400;
/// Bytes of text kept of one marked element.
const MAX_TEXT: usize = 400;

/// Why an element's text is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkKind {
    /// A `time` element, or microdata without a property that we know.
    Time,
    /// Microdata or a class for the time of publication.
    Published,
    /// Microdata for the time of change.
    Modified,
    /// A person, by `itemprop`, `rel` or the address of the link.
    Author,
    /// A line that names the author among other things.
    Byline,
    /// A first-level heading.
    Heading,
    /// Microdata for the headline.
    Headline,
    /// A line above the headline, inside the same heading.
    Kicker,
}

/// An element that speaks to machines.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    /// Why it is kept.
    pub(crate) kind: MarkKind,
    /// The value of `datetime` or `content`.
    pub(crate) value: Option<String>,
    /// Its text.
    pub(crate) text: String,
    /// Cues of its own names and of the three elements around it.
    pub(crate) cues: u32,
    /// Cues of its own names.
    pub(crate) own_cues: u32,
    /// How many blocks stand before it.
    pub(crate) at: usize,
    /// Index of the nearest block element around it.
    pub(crate) element: u32,
}

/// A picture on the page.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    /// Address as written.
    pub(crate) source: String,
    /// How many blocks stand before it.
    pub(crate) at: usize,
    /// Index of the nearest block element around it.
    pub(super) element: u32,
    /// The caption in the same figure.
    pub(crate) caption: Option<String>,
}

/// Everything said to machines.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// `lang` of the root element.
    pub(crate) language: Option<String>,
    /// Text of `title`.
    pub(crate) title: String,
    /// Lower-case name or property, and content.
    pub(crate) metas: Vec<(String, String)>,
    /// `rel=canonical`.
    pub(crate) canonical: Option<String>,
    /// Marked elements in page order.
    pub(crate) marks: Vec<Mark>,
    /// Pictures in page order.
    pub(crate) pictures: Vec<Picture>,
    /// Links that may lead to the next page of the story.
    pub(crate) page_links: PageLinks,
}

impl Head {
    /// The content of the first meta of one of these names, in the order of the names.
    pub(crate) fn meta_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.metas_of(name).next())
    }

    /// The contents of all metas of this name.
    pub(crate) fn metas_of(&self, name: &str) -> impl Iterator<Item = &str> {
        self.metas
            .iter()
            .filter(move |(found, content)| found == name && !content.is_empty())
            .map(|(_, content)| content.as_str())
    }

    pub(super) fn meta(&mut self, element: &Node) {
        let name = ["property", "name", "itemprop", "http-equiv"]
            .iter()
            .find_map(|name| element.attr(name));
        if let (Some(name), Some(content)) = (name, element.attr("content"))
            && self.metas.len() < MAX_ITEMS
        {
            self.metas
                .push((name.trim().to_ascii_lowercase(), content.trim().to_owned()));
        }
    }

    pub(super) fn link(&mut self, element: &Node) {
        let relation = element.attr("rel").unwrap_or_default();
        if relation.eq_ignore_ascii_case("next") {
            self.page_links.offer(element.attr("href").unwrap_or_default(), None);
        }
        if relation
            .split_ascii_whitespace()
            .any(|word| word.eq_ignore_ascii_case("canonical"))
            && self.canonical.is_none()
        {
            self.canonical = element.attr("href").map(str::to_owned);
        }
    }

    pub(super) fn image(&mut self, element: &Node, (at, around): (usize, u32)) {
        let source = element.attr("src").filter(|source| !source.is_empty());
        if let Some(source) = source
            && self.pictures.len() < MAX_ITEMS
        {
            self.pictures.push(Picture {
                source: source.to_owned(),
                at,
                element: around,
                caption: None,
            });
        }
    }

    pub(super) fn push_title(&mut self, text: &str) {
        // A drawing may have a title of its own; the page's comes first.
        if self.title.len() < MAX_TEXT {
            self.title.push_str(text);
        }
    }

    /// A block starts or ends inside a marked element.
    pub(super) fn part_marked(&mut self, index: usize) {
        if let Some(mark) = self.marks.get_mut(index)
            && !mark.text.is_empty()
        {
            mark.text.push('\n');
        }
    }

    /// Whether a marked element is a headline.
    pub(super) fn is_heading(&self, index: usize) -> bool {
        self.marks
            .get(index)
            .is_some_and(|mark| matches!(mark.kind, MarkKind::Heading | MarkKind::Headline))
    }

    /// Marks an element inside a headline, when it holds the line above it.
    pub(super) fn mark_kicker(&mut self, element: &Node, at: usize) -> Option<usize> {
        let class = element.attr("class").unwrap_or_default().to_ascii_lowercase();
        let is_kicker = class
            .split(|character: char| !character.is_alphanumeric())
            .any(|word| KICKER.contains(&word));
        if !is_kicker || self.marks.len() >= MAX_ITEMS {
            return None;
        }
        self.marks.push(Mark {
            kind: MarkKind::Kicker,
            value: None,
            text: String::new(),
            cues: 0,
            own_cues: 0,
            at,
            element: 0,
        });
        Some(self.marks.len() - 1)
    }

    /// Starts to keep the text of an element that says something; its index.
    pub(super) fn mark(
        &mut self,
        element: &Node,
        tag: Tag,
        (own_cues, cues): (u32, u32),
        (at, around): (usize, u32),
    ) -> Option<usize> {
        let kind = kind_of(element, tag, own_cues)?;
        if self.marks.len() >= MAX_ITEMS {
            return None;
        }
        let value = element.attr("datetime").or(element.attr("content")).map(str::to_owned);
        self.marks.push(Mark {
            kind,
            value,
            text: String::new(),
            cues,
            own_cues,
            at,
            element: around,
        });
        Some(self.marks.len() - 1)
    }

    pub(super) fn push_marked(&mut self, index: usize, text: &str) {
        if let Some(mark) = self.marks.get_mut(index)
            && mark.text.len() < MAX_TEXT
        {
            // Line breaks in the source are blanks; those in a mark are ours.
            let blank = |character: char| if character.is_whitespace() { ' ' } else { character };
            mark.text.extend(text.chars().map(blank));
        }
    }
}

impl Mark {
    /// Whether the names around carry a cue.
    pub(crate) fn has(&self, cue: Cue) -> bool {
        self.cues & (1 << cue as u8) != 0
    }
}

/// Folders of addresses that lead to the page of an author.
const AUTHOR_FOLDERS: &[&str] = &[
    "author",
    "authors",
    "autor",
    "autores",
    "auteur",
    "auteurs",
    "autore",
    "autori",
    "autoren",
    "by",
    "contributor",
    "contributors",
    "reporter",
    "reporters",
    "journalist",
    "journalists",
    "penulis",
    "redakteur",
    "forfatter",
];
/// Words in the names of elements inside a headline that are the line above it.
const KICKER: &[&str] = &[
    "kicker",
    "overline",
    "eyebrow",
    "roofline",
    "topline",
    "dachzeile",
    "spitzmarke",
    "antetitulo",
    "pretitle",
    "surtitre",
    "occhiello",
    "supertitle",
    "rubric",
    "rubrik",
    "category",
    "section",
    "label",
    "prefix",
];

/// Words in the names of elements that hold the time of something.
const DATED: &[&str] = &[
    "published",
    "dateline",
    "timestamp",
    "time",
    "datetime",
    "posted",
    "datum",
    "fecha",
];

/// The classes of an element in small letters, if any of them can say why its text is wanted: all words that do hint at
/// metadata, so that other names need not be read again.
fn told_class(element: &Node, tag: Tag, cues: u32) -> String {
    match cues & (1 << Cue::Meta as u8) {
        0 if tag != Tag::Time => String::new(),
        _ => element.attr("class").unwrap_or_default().to_ascii_lowercase(),
    }
}

/// Whether an address has the folder of an author in its path.
fn is_of_author(address: &str) -> bool {
    let Some((folders, _)) = address.rsplit_once('/') else {
        return false;
    };
    folders
        .split('/')
        .skip(1)
        .any(|folder| AUTHOR_FOLDERS.contains(&folder))
}

fn kind_of(element: &Node, tag: Tag, cues: u32) -> Option<MarkKind> {
    let property = element.attr("itemprop").unwrap_or_default().to_ascii_lowercase();
    for property in property.split_ascii_whitespace() {
        match property {
            "datepublished" | "datecreated" => return Some(MarkKind::Published),
            "datemodified" => return Some(MarkKind::Modified),
            "author" | "creator" => return Some(MarkKind::Author),
            "headline" => return Some(MarkKind::Headline),
            _ => {}
        }
    }
    let class = told_class(element, tag, cues);
    let has_word = |wanted: &[&str]| {
        class
            .split(|character: char| !character.is_alphanumeric())
            .any(|word| wanted.contains(&word))
    };
    match tag {
        Tag::Time => {
            let is_change = has_word(&["updated", "modified"]) && !has_word(&["published", "created"]);
            return Some(if is_change { MarkKind::Modified } else { MarkKind::Time });
        }
        Tag::H1 => return Some(MarkKind::Heading),
        Tag::Link => {
            let is_author = element.attr("rel").is_some_and(|rel| {
                rel.split_ascii_whitespace()
                    .any(|word| word.eq_ignore_ascii_case("author"))
            });
            let address = element.attr("href").unwrap_or_default();
            if is_author || is_of_author(address) {
                return Some(MarkKind::Author);
            }
        }
        _ => {}
    }
    if class.is_empty() {
        return None;
    }
    let is_dated = |word: &str| DATED.contains(&word) || word.ends_with("date") && !word.ends_with("update");
    if class
        .split(|character: char| !character.is_alphanumeric())
        .any(is_dated)
    {
        return Some(MarkKind::Time);
    }
    let is_byline = [
        "byline",
        "authname",
        "author_name",
        "authorline",
        "by-line",
        "author-name",
        "authorname",
        "author__name",
        "article-author",
        "post-author",
    ];
    (is_byline.iter().any(|name| class.contains(name)) || has_word(&["author", "autor", "writer"]))
        .then_some(MarkKind::Byline)
}
