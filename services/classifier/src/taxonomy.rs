//! The IPTC Media Topics: 17 top terms and their 120 second-level terms, with names in twelve languages.
//!
//! The list is data, not code: `seeds/topics/mediatopics.tsv` names its source and licence (CC BY 4.0), and is compiled
//! in so that a program always has the taxonomy that its model was trained on.

use std::collections::BTreeMap;

/// The taxonomy file that is compiled in.
const MEDIA_TOPICS: &str = include_str!("../../../seeds/topics/mediatopics.tsv");

/// One term of the taxonomy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its code, for example `medtop:11000000`.
    pub id: String,
    /// The code of the term above it; `None` for a top term.
    pub parent: Option<String>,
    /// Its name as a part of a topic name, for example `politics-and-government`.
    pub slug: String,
    /// Its English name, for example `politics and government`.
    pub name: String,
    /// Its names by BCP 47 language tag, English included.
    pub labels: BTreeMap<String, String>,
}

/// The terms by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    terms: BTreeMap<String, Term>,
}

/// Why a taxonomy file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TaxonomyError {
    /// The file has no heading line.
    #[error("the taxonomy has no heading line")]
    Heading,
    /// A row has another number of columns than the heading, or an empty code, slug or name.
    #[error("line {line} of the taxonomy is not a term")]
    Row {
        /// The line, counted from one.
        line: usize,
    },
    /// Two rows have one code.
    #[error("line {line} of the taxonomy repeats a code")]
    Repeated {
        /// The line, counted from one.
        line: usize,
    },
    /// A row names a parent that does not stand above it in the file.
    #[error("line {line} of the taxonomy has an unknown parent")]
    Parent {
        /// The line, counted from one.
        line: usize,
    },
}

impl Taxonomy {
    /// The IPTC Media Topics compiled into this crate.
    ///
    /// # Errors
    /// Only if the compiled-in file is broken, which a test of this crate rules out.
    pub fn media_topics() -> Result<Self, TaxonomyError> {
        Self::parse(MEDIA_TOPICS)
    }

    /// Reads a taxonomy from tab-separated text: comment lines start with `#`, the first other line is the heading
    /// (`id`, `parent`, `slug`, then language tags, `en` first), and a parent stands above its children.
    ///
    /// # Errors
    /// Names the first line that is no term.
    pub fn parse(text: &str) -> Result<Self, TaxonomyError> {
        let mut lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let (_, heading) = lines.next().ok_or(TaxonomyError::Heading)?;
        let languages: Vec<&str> = heading.split('\t').skip(3).collect();
        if languages.first() != Some(&"en") {
            return Err(TaxonomyError::Heading);
        }
        let mut terms: BTreeMap<String, Term> = BTreeMap::new();
        for (index, line) in lines {
            let line_number = index + 1;
            let term = term(line, &languages).ok_or(TaxonomyError::Row { line: line_number })?;
            if term.parent.as_ref().is_some_and(|parent| !terms.contains_key(parent)) {
                return Err(TaxonomyError::Parent { line: line_number });
            }
            if terms.insert(term.id.clone(), term).is_some() {
                return Err(TaxonomyError::Repeated { line: line_number });
            }
        }
        Ok(Self { terms })
    }

    /// The term with this code.
    pub fn term(&self, id: &str) -> Option<&Term> {
        self.terms.get(id)
    }

    /// All terms, by code.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.terms.values()
    }

    /// The top terms, by code.
    pub fn top_terms(&self) -> impl Iterator<Item = &Term> {
        self.terms.values().filter(|term| term.parent.is_none())
    }

    /// The top term that a term belongs to; a top term belongs to itself.
    pub fn top_of(&self, id: &str) -> Option<&Term> {
        let mut term = self.terms.get(id)?;
        // A parent stands above its children in the file, so the walk up ends.
        while let Some(parent) = term.parent.as_ref() {
            term = self.terms.get(parent)?;
        }
        Some(term)
    }
}

fn term(line: &str, languages: &[&str]) -> Option<Term> {
    let mut columns = line.split('\t');
    let (id, parent, slug) = (columns.next()?, columns.next()?, columns.next()?);
    let names: Vec<&str> = columns.collect();
    let name = *names.first()?;
    if names.len() != languages.len() || id.is_empty() || slug.is_empty() || name.is_empty() {
        return None;
    }
    let labels = languages.iter().zip(&names).filter(|(_, name)| !name.is_empty());
    Some(Term {
        id: id.to_owned(),
        parent: (!parent.is_empty()).then(|| parent.to_owned()),
        slug: slug.to_owned(),
        name: name.to_owned(),
        labels: labels
            .map(|(language, name)| ((*language).to_owned(), (*name).to_owned()))
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::{Taxonomy, TaxonomyError};

    #[test]
    fn the_compiled_in_list_has_two_whole_levels() {
        let taxonomy = Taxonomy::media_topics().unwrap();
        assert_eq!(taxonomy.top_terms().count(), 17);
        assert_eq!(taxonomy.terms().count(), 137);
        let politics = taxonomy.term("medtop:11000000").unwrap();
        assert_eq!(
            (politics.slug.as_str(), politics.name.as_str()),
            ("politics-and-government", "politics and government")
        );
        assert_eq!(politics.labels.get("de").map(String::as_str), Some("Politik"));
    }

    #[test]
    fn slugs_are_fit_for_topic_names_and_differ() {
        let taxonomy = Taxonomy::media_topics().unwrap();
        let mut slugs: Vec<&str> = taxonomy.terms().map(|term| term.slug.as_str()).collect();
        assert!(slugs.iter().all(|slug| {
            slug.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        }));
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), 137);
    }

    #[test]
    fn a_second_level_term_knows_its_top_term() {
        let taxonomy = Taxonomy::media_topics().unwrap();
        let child = taxonomy.terms().find(|term| term.name == "election").unwrap();
        assert_eq!(taxonomy.top_of(&child.id).unwrap().id, "medtop:11000000");
        assert_eq!(taxonomy.top_of("medtop:11000000").unwrap().id, "medtop:11000000");
        assert_eq!(taxonomy.top_of("medtop:1"), None);
    }

    #[test]
    fn a_broken_list_names_the_line() {
        let check = |rows: &str, expected: TaxonomyError| {
            assert_eq!(
                Taxonomy::parse(&format!("# list\nid\tparent\tslug\ten\tde\n{rows}")),
                Err(expected),
                "{rows}"
            );
        };
        check("a\t\ta", TaxonomyError::Row { line: 3 });
        check("a\t\ta\tA\tA\tA", TaxonomyError::Row { line: 3 });
        check("\t\ta\tA\tA", TaxonomyError::Row { line: 3 });
        check("a\t\ta\tA\tA\na\t\tb\tB\tB", TaxonomyError::Repeated { line: 4 });
        check("a\tb\ta\tA\tA", TaxonomyError::Parent { line: 3 });
        check("a\ta\ta\tA\tA", TaxonomyError::Parent { line: 3 });
        assert_eq!(Taxonomy::parse("# nothing"), Err(TaxonomyError::Heading));
    }
}
