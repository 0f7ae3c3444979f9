//! What is remembered of an element: its tag and what its names hint at.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::cues::Automaton;
pub(crate) use crate::words::hash;

/// Tags that matter to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "each is the element of its name")]
pub enum Tag {
    Other,
    Div,
    P,
    H1,
    H2,
    H3,
    Li,
    List,
    Definition,
    Blockquote,
    Pre,
    Cell,
    Row,
    Table,
    Figure,
    Figcaption,
    Article,
    Main,
    Section,
    Aside,
    Header,
    Footer,
    Nav,
    Form,
    Address,
    Details,
    Inline,
    Link,
    Bold,
    Time,
    Body,
}

impl Tag {
    /// The tag of an element's name.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "div" => Self::Div,
            "p" => Self::P,
            "h1" => Self::H1,
            "h2" => Self::H2,
            "h3" | "h4" | "h5" | "h6" | "hgroup" => Self::H3,
            "li" => Self::Li,
            "ul" | "ol" | "menu" | "dl" => Self::List,
            "dt" | "dd" => Self::Definition,
            "blockquote" => Self::Blockquote,
            "pre" => Self::Pre,
            "td" | "th" | "caption" => Self::Cell,
            "tr" => Self::Row,
            "table" | "tbody" | "thead" | "tfoot" => Self::Table,
            "figure" => Self::Figure,
            "figcaption" => Self::Figcaption,
            "article" => Self::Article,
            "main" => Self::Main,
            "section" => Self::Section,
            "aside" => Self::Aside,
            "header" => Self::Header,
            "footer" => Self::Footer,
            "nav" => Self::Nav,
            "form" | "fieldset" => Self::Form,
            "address" => Self::Address,
            "details" | "summary" => Self::Details,
            "span" | "label" => Self::Inline,
            "a" => Self::Link,
            super::reduce::BOLD => Self::Bold,
            "time" => Self::Time,
            "body" => Self::Body,
            _ => Self::Other,
        }
    }

    /// Whether text before and behind it is of one block.
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Self::Inline | Self::Link | Self::Bold | Self::Time)
    }
}

/// What a name that a designer gave hints at: one bit a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
#[expect(missing_docs, reason = "the patterns say what each means")]
pub enum Cue {
    Comment,
    Related,
    Social,
    Promo,
    Newsletter,
    Cookie,
    Meta,
    Caption,
    Nav,
    Footer,
    Sidebar,
    Tags,
    Bio,
    Body,
    Title,
    Summary,
    Quote,
    Box,
    Hidden,
    List,
    Article,
    Live,
}

/// The number of cues.
pub const CUES: usize = 22;

/// A pattern for each cue, in the order of [`Cue`]: words that designers of any country use in class names. What can
/// stand in them: see [`Automaton::new`].
pub(super) const PATTERNS: [&str; CUES] = [
    r"comment|disqus|repl(y|ies)|respond|discussion|livefyre|kommentar|comentari|coral|viafoura|spot-?im",
    r"relat|recommend|read-?(more|next|also)|see-?also|also-|more-?(from|stories|news|on|articles)|similar|trend|popular|most-?(read|view|shared)|outbrain|taboola|latest|up-?next|next-|teaser|suggest|terkait|baca|further|weiter|recirc|revcontent|mgid|onward",
    r"shar(e|ing)|social|facebook|twitter|whatsapp|follow|addthis|addtoany|telegram|teilen|compart",
    r"promo|sponsor|advert|(^|[^a-z])ads?([^a-z]|$)|adslot|ad-?(slot|unit|wrap|container|box)|banner|dfp|gpt|marketing|affiliat|partner|donat|support|shop|deal|product|commerc|cta|anzeige|publicid|appeal",
    r"newsletter|subscri|sign-?(up|in)|login|register|registration|mailing|opt-?in|paywall|piano|regwall|membership|abo([^a-z]|$)|email",
    r"cookie|consent|gdpr|privacy|onetrust|(^|[^a-z])cmp|didomi|usercentric",
    r"author|by-?line|date|time|publish|posted|meta([^a-z]|$)|writer|updat|reading|autor|fecha|datum|penulis|views|source",
    r"caption|figure|credit|photo|image|img|galler|slide|media|picture|video|embed|player|legend|bild|thumb|lightbox",
    r"nav|menu|crumb|pagina|pager|toolbar|header|masthead|top-?bar|skip|tabs?([^a-z]|$)",
    r"foot|copyright|legal|disclaim|terms|imprint|bottom|correction",
    r"side-?bar|rail|widget|aside|secondary|(col|column)-?(right|side)|supplement",
    r"tags?([^a-z]|$)|tag-?(list|s)|topic|keyword|categor|label|kicker|eyebrow|rubric|overline|hashtag",
    r"(^|[^a-z])bio|author-?(bio|box|desc|info|card|about|profile)|about|profile|contributor|staff",
    r"(article|story|post|entry|news|page|content|detail|body)[-_]*(body|content|text|copy|entry|main|inner|paragraph)|body([^a-z]|$)|main-?(content|text)|articulo|paragraph|rich-?text|rte|wysiwyg|prose|cuerpo|texto|inhalt|bodytext|artikel",
    r"title|head(line|ing)|hdr|titel|titul",
    r"dek([^a-z]|$)|deck|standfirst|summary|excerpt|lede|lead|intro|descri|abstract|highlight|key-?(point|takeaway|fact)|sub-?(title|head|line)|synopsis|sapo|chapo|vorspann|preamble|entradilla|bajada",
    r"quote|pull|zitat|cita([^a-z]|$)|tweet|instagram",
    r"box|info|fact|callout|inset|note|panel|explain|accordion|timeline|glossar|faq|table-of-contents|toc([^a-z]|$)",
    r"hidden|hide|sr-only|visually|screen-?reader|offscreen|collaps|modal|popup|pop-up|overlay|tooltip|dialog|print",
    r"list|feed|grid|stream|item|carousel|slider|loop|river|card|cluster|swiper|tile",
    r"article|story|post|entry|content|artikel|noticia|nota|news",
    r"live|score|weather|stock|ticker|market|poll|quiz|survey|vote|rating|game",
];

static AUTOMATON: LazyLock<Automaton> = LazyLock::new(|| Automaton::new(&PATTERNS));

/// Names of one element: the cues in them and the words that they are made of.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// One bit a [`Cue`].
    pub cues: u32,
    /// Hashes of the words in the names, sorted, without repetition.
    pub words: Vec<u64>,
}

/// Names remembered by a hash of their own, so that those of a list are found at once.
const RECENT: usize = 512;

/// All names on a page, each read once: pages repeat a few hundred of them.
#[derive(Debug, Default)]
pub(super) struct NameTable {
    /// By hash; of two names with one hash, the first.
    index: BTreeMap<u64, u32>,
    /// By index, class and id.
    keys: Vec<String>,
    /// The names that came last, by hash.
    recent: Vec<u32>,
    /// Class and id that are looked up.
    key: String,
    /// By index; the first is the empty one.
    pub(super) names: Vec<Names>,
}

impl NameTable {
    /// The index of the names of an element with this class and id.
    pub(super) fn intern(&mut self, class: &str, id: &str) -> u32 {
        if self.names.is_empty() {
            self.names.push(Names::default());
            self.keys.push(String::new());
            self.recent.resize(RECENT, 0);
        }
        if class.is_empty() && id.is_empty() {
            return 0;
        }
        self.key.clear();
        self.key.extend([class, "\u{1}", id]);
        let hash = quick_hash(self.key.as_bytes());
        // The upper bits are the mixed ones.
        let slot = (hash >> 40) as usize % RECENT;
        let recent = self.recent[slot];
        if self.keys[recent as usize] == self.key {
            return recent;
        }
        let known = self.index.get(&hash).copied();
        let known = known.filter(|index| self.keys[*index as usize] == self.key);
        let index = known.unwrap_or_else(|| self.add(hash));
        self.recent[slot] = index;
        index
    }

    /// Reads the names that are looked up.
    fn add(&mut self, hash: u64) -> u32 {
        let index = u32::try_from(self.names.len()).unwrap_or(0);
        self.names.push(Names {
            cues: AUTOMATON.cues(self.key.as_bytes()),
            words: words_of(&self.key),
        });
        self.keys.push(self.key.clone());
        self.index.entry(hash).or_insert(index);
        index
    }
}

/// A hash that is good for no more than a first look.
fn quick_hash(bytes: &[u8]) -> u64 {
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    chunks.iter().chain([&last]).fold(0_u64, |state, chunk| {
        (state.rotate_left(5) ^ u64::from_le_bytes(*chunk)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    })
}

/// Hashes of the words in a name: parted at anything but letters, and where small letters turn to capitals.
fn words_of(name: &str) -> Vec<u64> {
    let mut words = Vec::new();
    let (mut word, mut was_small) = (String::new(), false);
    for character in name.chars().chain(std::iter::once(' ')) {
        let is_letter = match character.is_ascii() {
            true => character.is_ascii_alphabetic(),
            false => character.is_alphabetic(),
        };
        let is_capital = || match character.is_ascii() {
            true => character.is_ascii_uppercase(),
            false => character.is_uppercase(),
        };
        if (!is_letter || (was_small && is_capital())) && !word.is_empty() {
            if word.len() >= 2 {
                words.push(hash(word.as_bytes()));
            }
            word.clear();
        }
        if is_letter {
            crate::words::push_lower(character, &mut word);
        }
        was_small = match character.is_ascii() {
            true => character.is_ascii_lowercase(),
            false => character.is_lowercase(),
        };
    }
    words.sort_unstable();
    words.dedup();
    words
}

/// An element of the page.
#[derive(Debug, Clone)]
pub struct Element {
    /// Index of the element around it; the root's is its own.
    pub parent: u32,
    /// Its tag.
    pub tag: Tag,
    /// Index of its names.
    pub names: u32,
    /// The cues in its names.
    pub cues: u32,
    /// Tag and class in one number: elements of one look share it.
    pub signature: u64,
    /// How many elements are around it.
    pub depth: u32,
    /// The page hides it.
    pub is_hidden: bool,
    /// Weighted characters of text in it, and of those the ones in links.
    pub size: f32,
    /// Weighted characters of linked text in it.
    pub link_size: f32,
}

impl Element {
    /// Whether the names carry a cue.
    #[must_use]
    pub fn has(&self, cue: Cue) -> bool {
        self.cues & (1 << cue as u8) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Cue, NameTable};

    #[test]
    fn names_give_cues() {
        let check = |class: &str, cue: Cue, expected: bool| {
            let mut table = NameTable::default();
            let index = table.intern(class, "");
            assert_eq!(
                table.names[index as usize].cues & (1 << cue as u8) != 0,
                expected,
                "{class}"
            );
        };
        check("Comment-List", Cue::Comment, true);
        check("articleBody", Cue::Body, true);
        check("ad-slot", Cue::Promo, true);
        check("header", Cue::Promo, false);
        check("css-1x2y3z", Cue::Related, false);
    }
}
