//! One walk over the tree: the page as a list of text blocks among elements.

use super::captions;
use super::element::{Element, NameTable, Names, Tag, hash};
use super::head::Head;
use super::reduce::{ANOTHER, reduce};
use super::tree::feed::Feed;
use super::tree::{Pair, Step};
use super::word_hashes::WordHashes;
use crate::words;

/// Blocks kept of one page; the longest stories have a few thousand.
const MAX_BLOCKS: usize = 20_000;
/// Elements within one another whose text is wanted at one time.
const MAX_MARKS: usize = 6;

/// A run of text between two block tags or line breaks.
#[derive(Debug, Clone, Default)]
pub struct RawBlock {
    /// The text, blanks folded; line breaks stay in preformatted text.
    pub text: String,
    /// Index of the nearest block element around it.
    pub element: u32,
    /// Weighted characters (an ideograph counts for two and a half letters), all and within links.
    pub size: f32,
    /// Weighted characters within links.
    pub link_size: f32,
    /// Weighted characters in bold.
    pub bold_size: f32,
    /// Links in it.
    pub links: u32,
    /// Cues of the inline elements in it.
    pub inline_cues: u32,
    /// Names of the inline element that its text starts in.
    pub inline_names: u32,
    /// A line break, and no block tag, parts it from the block before.
    pub after_break: bool,
    /// Preformatted text.
    pub is_preformatted: bool,
    /// The address of the first link in it.
    pub link: Option<String>,
}

/// A page, walked.
#[derive(Debug, Default)]
pub struct Page {
    /// All elements but plain inline ones, in page order; the first is the root.
    pub elements: Vec<Element>,
    /// The names that elements have.
    pub names: Vec<Names>,
    /// The blocks, in page order.
    pub blocks: Vec<RawBlock>,
    /// The words of the blocks.
    pub(super) word_hashes: WordHashes,
    /// What the head and the machine-readable attributes say.
    pub(crate) head: Head,
}

impl Page {
    /// Reads the words of the blocks, whose texts may have changed.
    pub(super) fn read_words(&mut self) {
        self.word_hashes = WordHashes::of(&self.blocks);
    }
}

/// An element that the walk has come to, by its attributes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opened<'a>(&'a [Pair<'a>]);

impl<'a> Opened<'a> {
    /// The value of an attribute.
    pub(super) fn attr(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(found, _)| *found == name);
        found.map(|(_, value)| &**value)
    }
}

/// Reads a page: its blocks, and the contents of its JSON-LD scripts.
pub(super) fn read(html: &str) -> (Page, Vec<String>) {
    let mut feed = Feed::new();
    let json_ld = reduce(html, &mut feed);
    let grown = feed.finish();
    let mut walker = Walker::default();
    walker.open_element(Tag::Other, "", 0, false);
    grown.tree.walk(|step| match step {
        Step::Open(name, attributes) => walker.open(name, &Opened(grown.attributes(attributes))),
        Step::Text(text) => walker.text(text),
        Step::Close(name) => walker.close(name),
    });
    walker.flush();
    (walker.finish(), json_ld)
}

/// Comes to each text of a page.
pub(super) fn texts(html: &str, mut visit: impl FnMut(&str)) {
    let mut feed = Feed::new();
    reduce(html, &mut feed);
    feed.finish().tree.walk(|step| {
        if let Step::Text(text) = step {
            visit(text);
        }
    });
}

#[derive(Default)]
struct Walker {
    page: Page,
    names: NameTable,
    /// Indices of open elements that were recorded; inline ones only when they have names.
    path: Vec<u32>,
    block: RawBlock,
    links: u32,
    bolds: u32,
    preformatted: u32,
    in_title: bool,
    pending_blank: bool,
    after_break: bool,
    /// Open elements whose text the head wants (`time`, `itemprop`, `rel=author`), and how deep we are in each.
    marked: Vec<(usize, u32)>,
    /// How deep we are in an item that is something else than an article; 0 outside of any.
    in_another: u32,
}

impl Walker {
    fn top(&self) -> u32 {
        self.path.last().copied().unwrap_or(0)
    }

    fn open_element(&mut self, tag: Tag, name: &str, names: u32, is_hidden: bool) {
        let parent = self.top();
        let around = self.page.elements.get(parent as usize);
        let cues = self.names.names.get(names as usize).map_or(0, |names| names.cues);
        let element = Element {
            parent,
            tag,
            names,
            cues,
            signature: hash(name.as_bytes()) ^ u64::from(names).wrapping_mul(0x9e37_79b9_7f4a_7c15),
            depth: around.map_or(0, |around| around.depth + 1),
            is_hidden: is_hidden || around.is_some_and(|around| around.is_hidden),
            size: 0.0,
            link_size: 0.0,
        };
        self.path.push(u32::try_from(self.page.elements.len()).unwrap_or(0));
        self.page.elements.push(element);
    }

    fn open(&mut self, name: &str, element: &Opened) {
        match name {
            "br" => return self.line_break(),
            "hr" => return self.flush(),
            "img" => {
                let place = (self.page.blocks.len(), self.top());
                return self.page.head.image(element, place);
            }
            "meta" if 0 < self.in_another => return,
            "meta" => return self.page.head.meta(element),
            "link" => return self.page.head.link(element),
            "title" => self.in_title = true,
            "html" => {
                let language = element.attr("lang").or(element.attr("xml:lang"));
                self.page.head.language = language.map(str::to_owned);
            }
            "pre" => self.preformatted += 1,
            _ => {}
        }
        let tag = Tag::of(name);
        let names = self.names.intern(
            element.attr("class").unwrap_or_default(),
            element.attr("id").unwrap_or_default(),
        );
        if !tag.is_inline() {
            self.flush();
        }
        let path_cues = self.names.names.get(names as usize).map_or(0, |names| names.cues);
        if 0 < self.in_another || element.attr(ANOTHER).is_some() {
            self.in_another += 1;
        }
        self.mark(element, tag, path_cues);
        match tag {
            Tag::Bold => self.bolds += 1,
            Tag::Link => self.open_link(element),
            _ => {}
        }
        if tag.is_inline() {
            self.block.inline_cues |= path_cues;
            if self.block.text.is_empty() && names != 0 {
                self.block.inline_names = names;
            }
        } else {
            self.open_element(tag, name, names, element.attr("hidden").is_some());
        }
    }

    fn open_link(&mut self, element: &Opened) {
        if let Some(address) = element.attr("href") {
            self.block.links += 1;
            self.page.head.page_links.offer(address, Some(self.page.blocks.len()));
            self.block.link.get_or_insert_with(|| address.to_owned());
        }
        self.links += 1;
    }

    /// Notes an element whose text the head wants.
    fn mark(&mut self, element: &Opened, tag: Tag, own_cues: u32) {
        let around = self
            .path
            .iter()
            .rev()
            .take(3)
            .filter_map(|index| self.page.elements.get(*index as usize));
        let cues = around.fold(own_cues, |cues, element| cues | element.cues);
        for (_, depth) in &mut self.marked {
            *depth += 1;
        }
        if !tag.is_inline() {
            self.part_marked();
        }
        let in_heading = tag != Tag::Time && self.marked.iter().any(|(index, _)| self.page.head.is_heading(*index));
        if 0 < self.in_another {
            return;
        }
        if in_heading
            && self.marked.len() < MAX_MARKS
            && let Some(index) = self.page.head.mark_kicker(element, self.page.blocks.len())
        {
            self.marked.push((index, 0));
        } else if self.marked.len() < MAX_MARKS
            && let Some(index) =
                self.page
                    .head
                    .mark(element, tag, (own_cues, cues), (self.page.blocks.len(), self.top()))
        {
            self.marked.push((index, 0));
        }
    }

    fn part_marked(&mut self) {
        for (index, _) in &self.marked {
            self.page.head.part_marked(*index);
        }
    }

    fn unmark(&mut self) {
        self.marked.retain_mut(|(_, depth)| {
            let is_open = *depth > 0;
            *depth = depth.saturating_sub(1);
            is_open
        });
    }

    fn close(&mut self, name: &str) {
        match name {
            "br" | "hr" | "img" | "meta" | "link" => return,
            "title" => self.in_title = false,
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            _ => {}
        }
        self.in_another = self.in_another.saturating_sub(1);
        let tag = Tag::of(name);
        if !tag.is_inline() {
            self.flush();
            self.path.pop();
            self.part_marked();
        }
        self.unmark();
        match tag {
            Tag::Bold => self.bolds = self.bolds.saturating_sub(1),
            Tag::Link => self.links = self.links.saturating_sub(1),
            _ => {}
        }
    }

    fn line_break(&mut self) {
        if self.preformatted > 0 {
            self.block.text.push('\n');
            return;
        }
        self.flush();
        self.part_marked();
        self.after_break = true;
    }

    fn text(&mut self, text: &str) {
        if self.in_title {
            self.page.head.push_title(text);
            return;
        }
        for (index, _) in &self.marked {
            self.page.head.push_marked(*index, text);
        }
        if self.preformatted > 0 {
            self.block.is_preformatted = true;
            self.block.text.push_str(text);
        }
        let size = self.fold(text);
        self.block.size += size;
        if self.links > 0 {
            self.block.link_size += size;
        }
        if self.bolds > 0 {
            self.block.bold_size += size;
        }
    }

    /// Adds a text with its blanks folded to the open block, unless that keeps its blanks; gives its weighted size.
    fn fold(&mut self, text: &str) -> f32 {
        let is_kept = self.preformatted == 0;
        // In halves, so that it can be counted in whole numbers.
        let (mut size, mut start, mut at) = (0_u32, None, 0);
        while let Some(rest) = text.get(at..) {
            let run = rest.bytes().take_while(u8::is_ascii_graphic).count();
            if run > 0 {
                size += 2 * u32::try_from(run).unwrap_or(u32::MAX / 2);
                start.get_or_insert(at);
                at += run;
            }
            let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                break;
            };
            let is_blank = match character {
                '\t'..='\r' | ' ' => true,
                _ => !character.is_ascii() && character.is_whitespace(),
            };
            if !is_blank {
                size += if words::is_ideographic(character) { 5 } else { 2 };
                start.get_or_insert(at);
            } else if let Some(start) = start.take() {
                self.push_word(text.get(start..at).filter(|_| is_kept));
                self.pending_blank = true;
            } else {
                self.pending_blank = true;
            }
            at += character.len_utf8();
        }
        if let Some(start) = start {
            self.push_word(text.get(start..).filter(|_| is_kept));
        }
        size as f32 / 2.0
    }

    /// Adds a word with the blank before it, if it is kept.
    fn push_word(&mut self, word: Option<&str>) {
        if let Some(word) = word {
            if self.pending_blank && !self.block.text.is_empty() {
                self.block.text.push(' ');
            }
            self.block.text.push_str(word);
        }
        self.pending_blank = false;
    }

    /// The block that is open, with a text no longer than it needs be: the next one is written where this one was.
    fn take_block(&mut self) -> RawBlock {
        let mut block = std::mem::take(&mut self.block);
        let text = block.text.as_str().to_owned();
        self.block.text = std::mem::replace(&mut block.text, text);
        self.block.text.clear();
        block
    }

    /// Ends the block that is open, if it has any text.
    fn flush(&mut self) {
        self.pending_blank = false;
        if self.block.size <= 0.0 {
            // Links and cues without text belong to nothing.
            self.take_block();
            self.after_break = false;
            return;
        }
        let mut block = self.take_block();
        if self.page.blocks.len() >= MAX_BLOCKS {
            return;
        }
        block.element = self.top();
        block.after_break = std::mem::take(&mut self.after_break);
        if block.is_preformatted {
            block.text = block.text.trim_matches('\n').trim_end().to_owned();
        }
        self.page.blocks.push(block);
    }

    /// Adds up sizes from the leaves to the root: a child always comes after its parent.
    fn finish(mut self) -> Page {
        for block in &self.page.blocks {
            if let Some(element) = self.page.elements.get_mut(block.element as usize) {
                element.size += block.size;
                element.link_size += block.link_size;
            }
        }
        for index in (1..self.page.elements.len()).rev() {
            let Element {
                parent,
                size,
                link_size,
                ..
            } = self.page.elements[index];
            if let Some(parent) = self.page.elements.get_mut(parent as usize) {
                parent.size += size;
                parent.link_size += link_size;
            }
        }
        self.page.names = self.names.names;
        captions::tie(&mut self.page);
        self.page.read_words();
        self.page
    }
}
