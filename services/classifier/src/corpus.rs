//! Where training documents come from, and which of them a shipped model may learn from.

use crate::train::Document;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    #[serde(default)]
    id: serde_json::Value,
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

/// Groups of articles that say the same in other words or languages, by the articles' ids.
pub type Groups = BTreeMap<String, String>;

/// A labelled article from a line of JSON: `{"id"?,"src","lang","title","text","topics":["medtop:…"]}`, in the group that
/// `groups` has it in.
///
/// # Errors
/// If the line is not such an object.
pub fn article(line: &str, groups: &Groups) -> Result<Document, LineError> {
    let news: NewsLine = serde_json::from_str(line).map_err(LineError::Json)?;
    Ok(Document {
        source: news.src,
        language: news.language,
        title: news.title.unwrap_or_default(),
        text: news.text,
        topics: news.topics,
        finer: None,
        group: news.id.as_str().and_then(|id| groups.get(id)).cloned(),
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
        group: None,
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

/// The examples in a file of such: lines of topic (or several parted by commas, the main one
/// first), language and text, parted by tabs, and comments that begin with `#`.
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
    let (topics, language, text) = (columns.next()?, columns.next()?, columns.next()?);
    let own = |text: &str| text.to_owned();
    columns.next().is_none().then(|| Document {
        source: own(EXAMPLES),
        language: own(language),
        title: String::new(),
        text: own(text),
        topics: topics.split(',').map(own).collect(),
        finer: None,
        group: None,
        always_fit: true,
    })
}

/// Whether a shipped model may learn from a document.
pub fn is_shippable(document: &Document) -> bool {
    SHIPPABLE.contains(&document.source.as_str())
}

#[cfg(test)]
mod tests {
    use super::{LineError, article, examples, examples_in, term};
    use crate::taxonomy::Taxonomy;

    #[test]
    fn reads_articles_and_terms() {
        let groups = [("1".to_owned(), "rain".to_owned())].into();
        let line =
            r#"{"id":"1","src":"s","lang":"en","date":null,"title":null,"text":"Rain.","topics":["medtop:17000000"]}"#;
        let read = article(line, &groups).unwrap();
        assert_eq!(read.group.as_deref(), Some("rain"));
        assert_eq!(
            (read.source.as_str(), read.title.as_str(), read.text.as_str()),
            ("s", "", "Rain.")
        );
        let read = term(r#"{"topic":"medtop:17000000","lang":"de","term":"x","label":"Wetter","definition":"Regen"}"#);
        assert_eq!(read.unwrap().title, "Wetter");
        assert!(article("{}", &groups).is_err());
    }

    #[test]
    fn an_example_may_have_two_topics() {
        let read =
            examples_in("# c\nmedtop:04000000,medtop:09000000\ten\tThe strike costs the plant millions.\n").unwrap();
        assert_eq!(read[0].topics, ["medtop:04000000", "medtop:09000000"]);
        assert!(matches!(
            examples_in("medtop:04000000\ten\n"),
            Err(LineError::Columns { line: 1 })
        ));
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
