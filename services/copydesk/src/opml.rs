//! Lists of sources in files: our own TOML, and OPML 2.0 in and out.

use anyhow::{Context as _, Result, bail};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use schemas::source::Source;
use serde::Deserialize;

/// Our own form: `[[feeds]]` tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedList {
    feeds: Vec<ListedFeed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedFeed {
    url: String,
    title: Option<String>,
    language: Option<String>,
    poll_interval_seconds: Option<u32>,
    #[serde(default = "yes")]
    fetch_pages: bool,
}

fn yes() -> bool {
    true
}

/// The sources of a list in TOML or OPML.
///
/// # Errors
/// When it is neither, with the place where it breaks.
pub(crate) fn read(text: &str) -> Result<Vec<Source>> {
    match text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        true => read_opml(text),
        false => {
            let list: FeedList = toml::from_str(text).context("not a list of feeds in TOML, and not OPML")?;
            Ok(list.feeds.into_iter().map(ListedFeed::source).collect())
        }
    }
}

impl ListedFeed {
    fn source(self) -> Source {
        let Self {
            url,
            title,
            language,
            poll_interval_seconds,
            fetch_pages,
        } = self;
        Source {
            title,
            language,
            poll_interval_seconds,
            fetch_pages,
            ..Source::of_url(&url)
        }
    }
}

fn read_opml(text: &str) -> Result<Vec<Source>> {
    let mut reader = Reader::from_str(text);
    let mut sources = Vec::new();
    let mut is_opml = false;
    loop {
        let position = reader.buffer_position();
        match reader
            .read_event()
            .with_context(|| format!("broken OPML at byte {position}"))?
        {
            Event::Start(element) | Event::Empty(element) => {
                is_opml |= element.name().as_ref().eq_ignore_ascii_case("opml");
                sources.extend(outline(&element));
            }
            Event::Eof if is_opml => return Ok(sources),
            Event::Eof => bail!("XML, but not OPML: there is no opml element"),
            _ => {}
        }
    }
}

/// The source of an outline element that has a feed's address.
fn outline(element: &BytesStart<'_>) -> Option<Source> {
    let attribute = |wanted: &str| {
        let found = element
            .attributes()
            .flatten()
            .find(|attribute| attribute.key.as_ref().eq_ignore_ascii_case(wanted))?;
        quick_xml::escape::unescape(&found.value)
            .ok()
            .map(std::borrow::Cow::into_owned)
            .filter(|text| !text.is_empty())
    };
    let url = attribute("xmlUrl")?;
    let title = attribute("title").or_else(|| attribute("text"));
    Some(Source {
        title,
        language: attribute("language"),
        ..Source::of_url(url.trim())
    })
}

/// The sources as OPML 2.0.
#[must_use]
pub(crate) fn write(sources: &[Source]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head><title>Copydesk sources</title></head>\n  <body>\n",
    );
    for source in sources {
        let escaped = |text: &str| quick_xml::escape::escape(text).into_owned();
        let title = escaped(source.title.as_deref().unwrap_or(&source.url));
        let url = escaped(&source.url);
        let language = source
            .language
            .as_deref()
            .map_or(String::new(), |tag| format!(" language=\"{}\"", escaped(tag)));
        text.push_str(&format!(
            "    <outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"{url}\"{language}/>\n"
        ));
    }
    text.push_str("  </body>\n</opml>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let source = Source {
            title: Some("Harbour & \"Coast\" <daily>".to_owned()),
            language: Some("en".to_owned()),
            ..Source::of_url("https://example.org/rss?a=1&b=2")
        };
        assert_eq!(read(&write(std::slice::from_ref(&source))).unwrap(), [source]);
    }

    #[test]
    fn reads_nested_outlines_and_passes_over_folders() {
        let text = r#"<opml version="1.0"><body><outline text="News"><outline text="A" xmlUrl="https://example.org/a"/>
            <outline text="B" xmlUrl="https://example.org/b"></outline></outline></body></opml>"#;
        let urls: Vec<String> = read(text).unwrap().into_iter().map(|source| source.url).collect();
        assert_eq!(urls, ["https://example.org/a", "https://example.org/b"]);
    }

    #[test]
    fn says_what_is_wrong_with_other_files() {
        for text in ["<rss></rss>", "feeds = 3", "<opml><outline", "[[feeds]]\nlink = \"x\""] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
