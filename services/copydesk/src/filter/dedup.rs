//! `copydesk dedup`: copies in a stream of articles.

use anyhow::Result;
use clap::Args;
use deduper::deduper::{Article, Deduper, Verdict};
use deduper::memory::Relation;
use deduper::origin::{Clues, Told};
use schemas::hop::four_decimals;
use schemas::time::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::LineError;
use crate::cli::Common;
use crate::{open, roles};

#[derive(Debug, Args)]
#[command(after_help = "\
In:  {\"id\",\"title\",\"text\",\"published_at\",\"source\",\"url\",\"agency\",\"dateline\"} a line, in stream order
Out: {\"id\",\"cluster\",\"duplicate_of\",\"relation\",\"similarity\"}, of an original that came later than a copy also
     {\"replaces\",\"reason\"}: whose place it takes, and why; of an article on the event of an earlier one also
     {\"story\":{\"id\",\"related\",\"score\"}}, with the relation `story` where it is no copy

Example:
  copydesk dedup < articles.jsonl | jq 'select(.duplicate_of)'")]
pub(crate) struct DedupArguments {
    #[command(flatten)]
    common: Common,
}

#[derive(Deserialize)]
struct Question {
    id: Value,
    #[serde(default)]
    title: Option<String>,
    text: String,
    #[serde(default)]
    published_at: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    agency: Option<String>,
    #[serde(default)]
    dateline: Option<String>,
}

/// Answers standard input. The stream's clock is the newest publication time seen: it never goes back.
pub(crate) fn run(arguments: &DedupArguments) -> Result<()> {
    let config = open::config(&arguments.common)?;
    let mut deduper = Deduper::new(roles::deduper_settings(&config));
    let mut now = 0;
    super::run(|question: Question| answer(&mut deduper, &mut now, &question))
}

fn answer(deduper: &mut Deduper, now: &mut i64, question: &Question) -> Result<Value, LineError> {
    let published = question
        .published_at
        .as_deref()
        .map(time)
        .transpose()?
        .map(Timestamp::as_millis);
    *now = published.map_or(*now, |published| published.max(*now));
    let id = match &question.id {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    };
    let clues = Clues {
        agency: question.agency.as_deref(),
        dateline: question.dateline.is_some(),
        told: question.published_at.as_deref().zip(published).map(told),
    };
    let outcome = deduper.decide_with(
        &Article {
            id: &id,
            fetch_id: &id,
            source: question.source.as_deref().unwrap_or_default(),
            url: question.url.as_deref().unwrap_or_default(),
            title: question.title.as_deref().unwrap_or_default(),
            text: &question.text,
            published,
        },
        &clues,
        *now,
    );
    outcome.memory.iter().for_each(|change| deduper.apply(change));
    deduper.due(*now).iter().for_each(|change| deduper.apply(change));
    Ok(answered(question, &id, outcome.verdict))
}

fn answered(question: &Question, id: &str, verdict: Verdict) -> Value {
    let told = match &verdict {
        Verdict::News { story, .. } => story.clone(),
        Verdict::Unchanged => None,
    };
    let mut answer = match verdict {
        Verdict::News {
            duplicate: Some(duplicate),
            ..
        } => json!({
            "id": question.id,
            "cluster": duplicate.cluster,
            "duplicate_of": duplicate.original,
            "relation": match duplicate.relation { Relation::Copy => "copy", Relation::Version => "version" },
            "similarity": four_decimals(f64::from(duplicate.similarity)),
        }),
        Verdict::News {
            replaces: Some(replaces),
            ..
        } => json!({
            "id": question.id,
            "cluster": replaces.former.cluster,
            "duplicate_of": null,
            "relation": null,
            "similarity": null,
            "replaces": replaces.former.original,
            "reason": replaces.reason.as_str(),
        }),
        Verdict::News { .. } | Verdict::Unchanged => {
            let relation = told.as_ref().map(|_| "story");
            json!({ "id": question.id, "cluster": id, "duplicate_of": null, "relation": relation, "similarity": null })
        }
    };
    if let Some(of) = told {
        let score = four_decimals(f64::from(of.score));
        answer["story"] = json!({ "id": of.story, "related": of.related, "score": score });
    }
    answer
}

/// What a time proves that is written so.
fn told((text, at): (&str, i64)) -> Told {
    match text.split_once(['T', 't', ' ']) {
        None => Told::Day(at),
        Some((_, clock)) if clock.ends_with(['Z', 'z']) || clock.contains(['+', '-']) => Told::At(at),
        Some(_) => Told::Local(at),
    }
}

/// A time, or a date as its midnight.
fn time(text: &str) -> Result<Timestamp, LineError> {
    let wrong = || {
        LineError::new(
            "bad_time",
            format!("published_at {text:?} is no RFC 3339 date or date and time"),
        )
    };
    let midnight = || format!("{text}T00:00:00Z").parse().ok();
    text.parse()
        .ok()
        .or_else(midnight)
        .or_else(|| format!("{text}Z").parse().ok())
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use deduper::memory::StoryOf;

    use super::*;

    #[test]
    fn an_article_of_a_story_is_no_duplicate() {
        let question: Question = serde_json::from_value(json!({ "id": "b", "text": "" })).unwrap();
        let verdict = |story| Verdict::News {
            version: 1,
            duplicate: None,
            replaces: None,
            story,
        };
        let of = StoryOf {
            story: "a".to_owned(),
            related: "c".to_owned(),
            score: 0.75,
        };
        let told = answered(&question, "b", verdict(Some(Box::new(of))));
        assert_eq!(told["relation"], "story");
        assert_eq!(told["story"], json!({ "id": "a", "related": "c", "score": 0.75 }));
        assert_eq!((&told["cluster"], &told["duplicate_of"]), (&json!("b"), &Value::Null));
        let alone = answered(&question, "b", verdict(None));
        assert_eq!((&alone["relation"], alone.get("story")), (&Value::Null, None));
    }

    #[test]
    fn reads_times_and_dates() {
        for text in [
            "2016-11-01",
            "2016-11-01T00:00:00",
            "2016-11-01T00:00:00Z",
            "2016-11-01T01:00:00+01:00",
        ] {
            assert_eq!(
                time(text).ok().map(|time| time.to_string()).as_deref(),
                Some("2016-11-01T00:00:00.000Z"),
                "{text}"
            );
        }
        assert!(time("last week").is_err());
    }
}
