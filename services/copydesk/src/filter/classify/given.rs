//! The articles that `copydesk classify` is given: lines of JSON, records of the log, files.

use std::io::{BufRead, IsTerminal as _, Read as _};
use std::path::Path;

use anyhow::Result;
use classifier::classifier::Classifier;
use classifier::model::{Article, Filing};
use cleaner::extracted::Known;
use kit::config::Config;
use schemas::article::Article as Recorded;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{LINE_BYTES_MAX, LineError, clean, skip_line};
use crate::{open, scan};

/// Takes one article or what is wrong with it, and the id as far as it is known.
pub(super) type Sink<'s> = dyn FnMut(Result<Given, LineError>, &Value) -> Result<()> + 's;

/// Articles between two words on how far it is.
const STEP: usize = 10_000;

/// An article to classify.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Given {
    pub(super) id: Value,
    pub(super) title: String,
    text: String,
    language: Option<String>,
    section: Option<String>,
    tags: Vec<String>,
    categories: Vec<String>,
    url: String,
}

/// A question of the filter, or a published article.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    title: Option<String>,
    text: String,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    section: Option<String>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    categories: Option<Vec<String>>,
    #[serde(default)]
    url: Option<String>,
    /// A published article has its publisher's section and tags here; in questions it may be anything.
    #[serde(default)]
    source: Value,
}

impl Given {
    /// An article from any of the shapes that it has between the stages and outside.
    pub(super) fn read(mut value: Value) -> Result<Self, LineError> {
        let bad = |error: serde_json::Error| LineError::new("bad_input", error.to_string());
        if let Some(article) = value.get_mut("article").filter(|article| article.is_object()) {
            let recorded: Recorded = serde_json::from_value(article.take()).map_err(bad)?;
            return Ok(Self {
                id: json!(recorded.id),
                text: recorded.text(),
                title: recorded.title,
                language: recorded.language,
                section: recorded.section,
                tags: recorded.tags,
                categories: recorded.categories,
                url: recorded.canonical_url,
            });
        }
        let mut line: Line = serde_json::from_value(value).map_err(bad)?;
        let of_source = |source: &mut Value, field: &str| source.get_mut(field).map(Value::take);
        let section = of_source(&mut line.source, "section").and_then(|section| section.as_str().map(str::to_owned));
        let tags = of_source(&mut line.source, "tags").and_then(|tags| serde_json::from_value(tags).ok());
        Ok(Self {
            id: line.id,
            title: line.title.unwrap_or_default(),
            text: line.text,
            language: line.language,
            section: line.section.or(section),
            tags: line.tags.or(tags).unwrap_or_default(),
            categories: line.categories.unwrap_or_default(),
            url: line.url.unwrap_or_default(),
        })
    }

    /// The language that it brought along, else the one that its text is in.
    pub(super) fn language(&self, classifier: &Classifier) -> Option<String> {
        let guess = || {
            classifier
                .language(&self.title, &self.text)
                .map(|guess| guess.tag.to_owned())
        };
        self.language.clone().or_else(guess)
    }

    /// What a model is shown.
    pub(super) fn article<'a>(&'a self, language: Option<&'a str>) -> Article<'a> {
        Article {
            language,
            title: &self.title,
            text: &self.text,
            filing: Filing {
                section: self.section.as_deref(),
                tags: &self.tags,
                categories: &self.categories,
                url: &self.url,
            },
        }
    }
}

/// Each line of `input`, of which one is held at a time.
pub(super) fn from_lines(mut input: impl BufRead, sink: &mut Sink<'_>) -> Result<()> {
    let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = (&mut input).take(limit + 1).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        if LINE_BYTES_MAX < length {
            skip_line(&mut input)?;
            let error = LineError::new("line_too_long", format!("a line may have {LINE_BYTES_MAX} bytes"));
            sink(Err(error), &Value::Null)?;
        } else if !line.iter().all(u8::is_ascii_whitespace) {
            read(&line, sink)?;
        }
    }
}

fn read(line: &[u8], sink: &mut Sink<'_>) -> Result<()> {
    match serde_json::from_slice::<Value>(line) {
        Ok(value) => {
            let id = value.get("id").cloned().unwrap_or(Value::Null);
            sink(Given::read(value), &id)
        }
        Err(error) => sink(Err(LineError::new("not_json", error.to_string())), &Value::Null),
    }
}

/// Each record of a topic that is there now; what was taken away since is passed over.
pub(super) fn from_log(config: &Config, topic: &str, sink: &mut Sink<'_>) -> Result<()> {
    let topic = scan::topic(&config.topics.prefix, topic)?;
    let log = open::for_reading(config)?;
    let mut failed = Ok(());
    scan::each(log.as_ref(), topic, |message| {
        if let (Ok(()), Some(value)) = (&failed, message.value.as_deref()) {
            failed = read(value, sink);
        }
    })?;
    failed
}

/// The article in a file, cleaned as the pipeline would.
pub(super) fn from_page(path: &Path) -> Result<Result<Given, LineError>> {
    let extracted = match clean::file(path, None, &Known::default())? {
        Ok(extracted) => extracted,
        Err(reason) => return Ok(Err(LineError::new("filtered", reason.as_str()))),
    };
    Ok(Ok(Given {
        id: json!(path.display().to_string()),
        text: extracted.text(),
        title: extracted.title,
        language: extracted.language.map(|language| language.tag),
        section: extracted.section,
        tags: extracted.tags,
        categories: Vec::new(),
        url: String::new(),
    }))
}

/// Says on standard error how far a long run is.
#[derive(Debug, Default)]
pub(super) struct Progress {
    articles: usize,
}

impl Progress {
    pub(super) fn step(&mut self) {
        self.articles += 1;
        if !self.articles.is_multiple_of(STEP) {
            return;
        }
        match std::io::stderr().is_terminal() {
            true => eprint!("\r\x1b[K{} articles", self.articles),
            false => eprintln!("{} articles", self.articles),
        }
    }

    pub(super) fn end(&self) {
        if STEP <= self.articles && std::io::stderr().is_terminal() {
            eprint!("\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Given, from_lines};
    use serde_json::json;

    #[test]
    fn every_shape_of_an_article_is_read() {
        let tags = vec!["cup".to_owned()];
        let question = json!({"id": "a", "title": "T", "text": "x", "section": "Sport", "tags": ["cup"], "url": "u"});
        let published = json!({"id": "a", "title": "T", "text": "x", "url": "u", "topics": [],
            "source": {"id": "s", "section": "Sport", "tags": ["cup"]}});
        for value in [question, published] {
            let given = Given::read(value).unwrap();
            assert_eq!(
                (given.section.as_deref(), &given.tags, given.url.as_str()),
                (Some("Sport"), &tags, "u")
            );
            assert_eq!(
                (given.id, given.title.as_str(), given.text.as_str()),
                (json!("a"), "T", "x")
            );
        }
        let mut recorded = serde_json::to_value(schemas::hop::Deduplicated::default()).unwrap();
        recorded["article"]["blocks"] = json!([{"kind": "paragraph", "text": "x"}, {"kind": "paragraph", "text": "y"}]);
        recorded["article"]["section"] = json!("Sport");
        let given = Given::read(recorded).unwrap();
        assert_eq!(
            (given.text.as_str(), given.section.as_deref()),
            ("x\n\ny", Some("Sport"))
        );
        assert!(Given::read(json!({"id": 1})).is_err());
    }

    #[test]
    fn a_bad_line_does_not_end_the_stream() {
        let input =
            &b"{\"id\":1,\"text\":\"a\"}\nnonsense\n\n{\"id\":2}\n{\"id\":3,\"text\":\"b\",\"source\":\"x\"}"[..];
        let mut seen = Vec::new();
        from_lines(input, &mut |given, id| {
            seen.push((given.is_ok(), id.clone()));
            Ok(())
        })
        .unwrap();
        assert_eq!(
            seen,
            [
                (true, json!(1)),
                (false, json!(null)),
                (false, json!(2)),
                (true, json!(3))
            ]
        );
    }
}
