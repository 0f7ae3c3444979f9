//! Each extractor behind one signature: a page and its address in; text, title, author and date out.

use serde_json::{Value, json};

pub(crate) fn dom_smoothie(html: &str, url: &str) -> Option<Value> {
    let config = dom_smoothie::Config {
        text_mode: dom_smoothie::TextMode::Formatted,
        ..dom_smoothie::Config::default()
    };
    let url = (!url.is_empty()).then_some(url);
    let found = dom_smoothie::Readability::new(html, url, Some(config))
        .ok()?
        .parse()
        .ok()?;
    Some(json!({
        "text": found.text_content.to_string(),
        "title": found.title,
        "author": found.byline,
        "date": found.published_time,
    }))
}

pub(crate) fn rs_trafilatura(html: &str, url: &str) -> Option<Value> {
    let options = rs_trafilatura::Options {
        include_comments: false,
        url: (!url.is_empty()).then(|| url.to_owned()),
        ..rs_trafilatura::Options::default()
    };
    let found = rs_trafilatura::extract_with_options(html, &options).ok()?;
    Some(json!({
        "text": found.content_text,
        "title": found.metadata.title,
        "author": found.metadata.author,
        "date": found.metadata.date.map(|date| date.to_rfc3339()),
    }))
}

pub(crate) fn trafilatura(html: &str, url: &str) -> Option<Value> {
    let mut options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true);
    if let Ok(url) = url::Url::parse(url) {
        options = options.with_url(url);
    }
    let found = trafilatura::extract(html, &options).ok()?;
    Some(json!({
        "text": found.content_text,
        "title": found.metadata.title,
        "author": found.metadata.author,
        "date": found.metadata.date.map(|date| date.to_string()),
    }))
}
