//! Where training documents come from, and which of them a shipped model may learn from.

use crate::train::Document;
use serde::Deserialize;

/// Collections whose licence lets a model trained on them be shipped. All others are for measuring.
pub const SHIPPABLE: &[&str] = &[
    "wiki_current_events",
    "sib200",
    "huffpost",
    "masakhanews",
    TERMS,
    EXAMPLES,
];
/// The name under which the terms of the taxonomy are documents.
pub const TERMS: &str = "iptc_terms";
/// The name under which our own examples are documents.
pub const EXAMPLES: &str = "own_examples";

/// Example sentences of our own writing, for the topics that collections have little of.
const OWN_EXAMPLES: &str = include_str!("../../../seeds/topics/examples.tsv");

/// Why a line is no document.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// It is not the JSON that it should be.
    #[error("the line is not a document")]
    Json(#[source] serde_json::Error),
    /// It is not three columns.
    #[error("line {line} of the examples is not topic, language and text parted by tabs")]
    Columns {
        /// The line, counted from one.
        line: usize,
    },
}

#[derive(Deserialize)]
struct NewsLine {
    src: String,
    #[serde(rename = "lang")]
    language: String,
    #[serde(default)]
    title: Option<String>,
    text: String,
    topics: Vec<String>,
}

#[derive(Deserialize)]
struct TermLine {
    topic: String,
    #[serde(default)]
    term: Option<String>,
    #[serde(rename = "lang")]
    language: String,
    label: String,
    #[serde(default)]
    definition: Option<String>,
}

/// A labelled article from a line of JSON: `{"src","lang","title","text","topics":["medtop:…"]}`.
///
/// # Errors
/// If the line is not such an object.
pub fn article(line: &str) -> Result<Document, LineError> {
    let news: NewsLine = serde_json::from_str(line).map_err(LineError::Json)?;
    Ok(Document {
        source: news.src,
        language: news.language,
        title: news.title.unwrap_or_default(),
        text: news.text,
        topics: news.topics,
        finer: None,
        always_fit: false,
    })
}

/// A term of the taxonomy as a document of its top term, from a line of JSON:
/// `{"topic":"medtop:…","lang","label","definition"}`.
///
/// # Errors
/// If the line is not such an object.
pub fn term(line: &str) -> Result<Document, LineError> {
    let term: TermLine = serde_json::from_str(line).map_err(LineError::Json)?;
    Ok(Document {
        source: TERMS.to_owned(),
        language: term.language,
        title: term.label,
        text: term.definition.unwrap_or_default(),
        finer: term.term,
        topics: vec![term.topic],
        always_fit: true,
    })
}

/// The examples of our own writing that the program carries, for top terms.
///
/// # Errors
/// Only if the compiled-in file is broken, which a test of this crate rules out.
pub fn examples() -> Result<Vec<Document>, LineError> {
    examples_in(OWN_EXAMPLES)
}

/// The examples in a file of such: lines of topic, language and text parted by tabs, and comments that begin with `#`.
///
/// # Errors
/// Names the first line that is no example.
pub fn examples_in(text: &str) -> Result<Vec<Document>, LineError> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|(index, line)| example(line).ok_or(LineError::Columns { line: index + 1 }))
        .collect()
}

fn example(line: &str) -> Option<Document> {
    let mut columns = line.split('\t');
    let (topic, language, text) = (columns.next()?, columns.next()?, columns.next()?);
    let own = |text: &str| text.to_owned();
    columns.next().is_none().then(|| Document {
        source: own(EXAMPLES),
        language: own(language),
        title: String::new(),
        text: own(text),
        topics: vec![own(topic)],
        finer: None,
        always_fit: true,
    })
}

/// Whether a shipped model may learn from a document.
pub fn is_shippable(document: &Document) -> bool {
    SHIPPABLE.contains(&document.source.as_str())
}

#[cfg(test)]
mod tests {
    use super::{article, examples, term};
    use crate::taxonomy::Taxonomy;

    #[test]
    fn reads_articles_and_terms() {
        let read = article(
            r#"{"id":"1","src":"s","lang":"en","date":null,"title":null,"text":"Rain.","topics":["medtop:17000000"]}"#,
        );
        let read = read.unwrap();
        assert_eq!(
            (read.source.as_str(), read.title.as_str(), read.text.as_str()),
            ("s", "", "Rain.")
        );
        let read = term(r#"{"topic":"medtop:17000000","lang":"de","term":"x","label":"Wetter","definition":"Regen"}"#);
        assert_eq!(read.unwrap().title, "Wetter");
        assert!(article("{}").is_err());
    }

    #[test]
    fn own_examples_are_whole_and_cover_all_topics() {
        let taxonomy = Taxonomy::media_topics().unwrap();
        let examples = examples().unwrap();
        for topic in taxonomy.top_terms() {
            assert!(
                examples.iter().any(|example| example.topics == [topic.id.clone()]),
                "{}",
                topic.name
            );
        }
        assert!(
            examples
                .iter()
                .all(|example| taxonomy.term(&example.topics[0]).is_some() && !example.text.is_empty())
        );
    }
}
