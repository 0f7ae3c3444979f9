//! `copydesk classify`: topics of articles.

use anyhow::Result;
use clap::Args;
use classifier::model::Article;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::Common;
use crate::{open, roles};

#[derive(Debug, Args)]
#[command(after_help = "\
In:  {\"id\",\"title\",\"text\"} a line
Out: {\"id\",\"language\",\"topics\":[{\"id\":\"medtop:…\",\"name\",\"score\"}]}, best first

Example:
  copydesk classify --all < articles.jsonl")]
pub(crate) struct ClassifyArguments {
    #[command(flatten)]
    common: Common,
    /// Also the topics that are too unlikely to be published.
    #[arg(long)]
    all: bool,
}

#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    title: Option<String>,
    text: String,
    #[serde(default)]
    language: Option<String>,
}

/// Answers standard input.
pub(crate) fn run(arguments: &ClassifyArguments) -> Result<()> {
    let config = open::config(&arguments.common)?;
    let classifier = roles::classifier(&config)?;
    super::run(|question: Question| {
        let title = question.title.as_deref().unwrap_or_default();
        let guess = || {
            classifier
                .language(title, &question.text)
                .map(|guess| guess.tag.to_owned())
        };
        let language = question.language.clone().or_else(guess);
        let article = Article {
            language: language.as_deref(),
            title,
            text: &question.text,
        };
        let topics = if arguments.all {
            classifier.all_topics(&article)
        } else {
            classifier.topics(&article)
        };
        Ok(json!({ "id": question.id, "language": language, "topics": topics }))
    })
}
