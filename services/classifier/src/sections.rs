//! What publishers call their sections, and which topics those names speak for.
//!
//! Two lists: our own of names in many languages (`seeds/topics/sections.tsv`, compiled in) and the taxonomy's own names
//! of its terms. A name is looked up in the article's language first, because `vita` is war in Swahili and life in
//! Italian; in another language it counts only where no two languages disagree and it is long enough not to be chance.
//! Names that mean another thing in every paper (Life, Local, News, World, Opinion) say nothing.

mod address;
mod name;

use crate::model::Filing;
use crate::taxonomy::Taxonomy;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The list that is compiled in.
const SECTIONS: &str = include_str!("../../../seeds/topics/sections.tsv");
/// Stands where a name says nothing.
const NOTHING: &str = "-";
/// The shortest name of Latin letters that counts outside its own language.
const LEAST_FOREIGN: usize = 4;
/// What the publisher's own section counts, what the feed's categories and the address count and what a tag counts: a tag
/// names what an article mentions, and the steps of an address are often the same for all.
const SECTION: f32 = 1.0;
const CATEGORY: f32 = 0.75;
const ADDRESS: f32 = 0.75;
const TAG: f32 = 0.5;
/// With more categories than these a feed gives tags by that name.
const MOST_CATEGORIES: usize = 3;
/// Tags that are looked at: some publishers add hundreds.
const MOST_TAGS: usize = 12;

/// Why a list of sections cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SectionsError {
    /// A line that is not three columns, or names a topic that the taxonomy does not have.
    #[error("line {line} of the sections is not topic, language and names parted by tabs")]
    Line {
        /// The line, counted from one.
        line: usize,
    },
}

/// What speaks for a topic besides the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence<'s> {
    /// The topic's code.
    pub topic: &'s str,
    /// How much, from 0 to 1.
    pub strength: f32,
    /// Where and as what it was found, such as `section: Sport`.
    pub found: String,
}

/// A name's meaning in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Meaning {
    language: String,
    /// `-` where it says nothing.
    topic: String,
}

/// Names of sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sections {
    names: BTreeMap<String, Vec<Meaning>>,
    hash: String,
}

impl Sections {
    /// The list compiled into this crate and the names of the taxonomy's terms.
    ///
    /// # Errors
    /// Only if the compiled-in list is broken, which a test of this crate rules out.
    pub fn known(taxonomy: &Taxonomy) -> Result<Self, SectionsError> {
        Self::parse(SECTIONS, taxonomy)
    }

    /// Reads a list: comment lines start with `#`; each other line is a topic's code (or `-`), a language and names
    /// parted by semicolons. What the list says of a name in a language goes before the taxonomy's own names.
    ///
    /// # Errors
    /// Names the first line that is not of that shape.
    pub fn parse(text: &str, taxonomy: &Taxonomy) -> Result<Self, SectionsError> {
        let hash = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        let mut sections = Self {
            names: BTreeMap::new(),
            hash,
        };
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let broken = SectionsError::Line { line: index + 1 };
            let mut columns = line.split('\t');
            let (Some(topic), Some(language), Some(names), None) =
                (columns.next(), columns.next(), columns.next(), columns.next())
            else {
                return Err(broken);
            };
            if topic != NOTHING && taxonomy.term(topic).is_none() {
                return Err(broken);
            }
            for name in names.split(';') {
                sections.add(name, language, topic);
            }
        }
        let own = sections.clone();
        for term in taxonomy.terms() {
            let Some(top) = taxonomy.top_of(&term.id) else { continue };
            for (language, label) in &term.labels {
                let language = primary(language);
                if own.meanings(&name::simple(label), language).next().is_none() {
                    sections.add(label, language, &top.id);
                }
            }
        }
        Ok(sections)
    }

    /// The hash of the list, in hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The topic that a section of this name is about, in an article of this language (a BCP 47 tag).
    pub fn topic(&self, name: &str, language: Option<&str>) -> Option<&str> {
        self.topic_of(&name::simple(name), language)
    }

    /// What the publisher's filing says, a row per topic, strongest first.
    pub fn evidence(&self, filing: &Filing<'_>, language: Option<&str>) -> Vec<Evidence<'_>> {
        let mut found: Vec<Evidence<'_>> = Vec::new();
        if let Some(section) = filing.section {
            self.weigh("section", section, SECTION, language, &mut found);
        }
        // What an operator gives to a source is a code, and is no matter of how many names the feed has.
        let names = filing.categories.iter().filter(|name| !is_code(name)).count();
        for name in filing.categories.iter().take(MOST_TAGS) {
            let is_filed = is_code(name) || names <= MOST_CATEGORIES;
            let strength = if is_filed { CATEGORY } else { TAG };
            self.weigh("feed", name, strength, language, &mut found);
        }
        for step in address::names(filing.url) {
            self.weigh("address", &step, ADDRESS, language, &mut found);
        }
        for tag in filing.tags.iter().take(MOST_TAGS) {
            self.weigh("tag", tag, TAG, language, &mut found);
        }
        found.sort_by(|first, second| {
            second
                .strength
                .total_cmp(&first.strength)
                .then_with(|| first.topic.cmp(second.topic))
        });
        found
    }

    /// Adds what one field says; a topic has the strength of the strongest place that it was found in.
    fn weigh<'s>(
        &'s self,
        place: &str,
        field: &str,
        strength: f32,
        language: Option<&str>,
        found: &mut Vec<Evidence<'s>>,
    ) {
        let whole = self.coded(field).or_else(|| self.topic(field, language));
        let topics: Vec<&str> = match whole {
            Some(topic) => vec![topic],
            None => name::parts(field)
                .filter_map(|part| self.topic(part, language))
                .collect(),
        };
        for topic in topics {
            let evidence = || Evidence {
                topic,
                strength,
                found: format!("{place}: {}", field.trim()),
            };
            match found.iter_mut().find(|known| known.topic == topic) {
                Some(known) if known.strength < strength => *known = evidence(),
                Some(_) => {}
                None => found.push(evidence()),
            }
        }
    }

    /// The topic whose code a field is: operators may give topics to a source.
    fn coded(&self, field: &str) -> Option<&str> {
        is_code(field).then_some(())?;
        let mut meanings = self.names.values().flatten();
        meanings
            .find(|meaning| meaning.topic == field)
            .map(|meaning| meaning.topic.as_str())
    }

    fn add(&mut self, name: &str, language: &str, topic: &str) {
        let simple = name::simple(name);
        if simple.is_empty() {
            return;
        }
        let meaning = Meaning {
            language: language.to_owned(),
            topic: topic.to_owned(),
        };
        let meanings = self.names.entry(simple).or_default();
        if !meanings.contains(&meaning) {
            meanings.push(meaning);
        }
    }

    fn meanings<'s>(&'s self, simple: &str, language: &str) -> impl Iterator<Item = &'s Meaning> {
        let meanings = self.names.get(simple).map(Vec::as_slice).unwrap_or_default();
        meanings.iter().filter(move |meaning| meaning.language == language)
    }

    fn topic_of(&self, simple: &str, language: Option<&str>) -> Option<&str> {
        let all = self.names.get(simple)?;
        let language = language.map(primary);
        let own = |meaning: &&Meaning| language.is_some_and(|language| language == meaning.language);
        if all.iter().any(|meaning| own(&meaning)) {
            return agreed(all.iter().filter(own));
        }
        let is_short = simple.is_ascii() && simple.len() < LEAST_FOREIGN;
        if is_short { None } else { agreed(all.iter()) }
    }
}

/// The topic of all meanings, if it is one.
fn agreed<'m>(mut meanings: impl Iterator<Item = &'m Meaning>) -> Option<&'m str> {
    let first = meanings.next()?;
    let is_one = first.topic != NOTHING && meanings.all(|meaning| meaning.topic == first.topic);
    is_one.then_some(first.topic.as_str())
}

/// The language of a tag as the list writes it: without script and region, and languages that share their names of
/// sections as one.
fn primary(tag: &str) -> &str {
    match tag.split(['-', '_']).next().unwrap_or_default() {
        "no" | "nn" => "nb",
        "bs" | "sh" | "cnr" => "hr",
        "fil" => "tl",
        "in" => "id",
        "iw" => "he",
        primary => primary,
    }
}

/// Whether a name is the code of a topic.
fn is_code(name: &str) -> bool {
    name.starts_with("medtop:")
}

#[cfg(test)]
mod tests;
