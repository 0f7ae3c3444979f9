//! Times in attributes and scripts that never reach the parser: looked for where a page tells nothing else.

use std::sync::LazyLock;

use regex::Regex;
use schemas::article::FoundTime;

use super::Reader;
use crate::phrases::own_regex;

/// Values looked at on one page.
const MAX_VALUES: usize = 200;

/// A time of publication in the state that a page hands to its scripts, or in JSON-LD that can't be read.
static STATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r#"(?:datePublished|publishedAt|published_at|publishedDate|published_date|publishDate|publish_date|publishedTime|published_time|publishTime|publish_time|publicationDate|publication_date|pubDate|pubdate|pub_date|firstPublished|firstPublishedAt|first_published_at|datePosted|postDate|post_date|articleDate|date_published|dateCreated)\\?["']?\s*[:=]\s*\\?["']?([0-9A-Z][^"'<>\\{}\[\]]{7,40})"#,
    )
});
/// Attributes for the same: of data, of RDFa, and of what stood for `time` before there was such an element.
static ATTRIBUTES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    own_regex(
        r#"(?i)(?:\sdata-(?:pub[a-z-]*|post-?date|date[a-z-]*|time|timestamp|utime|utc|datetime|created[a-z-]*)|<abbr\s[^<>]{0,100}title|property=["']?(?:dc|dct|dcterms|schema|og|article):(?:date|issued|created|date[a-z]*published|published[a-z_]*)["']?\s[^<>]{0,60}(?:content|datetime))\s*=\s*["']([^"'<>]{8,40})["']"#,
    )
});

/// The time of publication, when all that are told name one day.
pub(super) fn published(html: &str, reader: Reader) -> Option<FoundTime> {
    one_day(&STATE, html, reader, "script").or_else(|| one_day(&ATTRIBUTES, html, reader, "attribute"))
}

fn one_day(regex: &LazyLock<Option<Regex>>, html: &str, reader: Reader, found_in: &str) -> Option<FoundTime> {
    let values = regex.as_ref()?.captures_iter(html).take(MAX_VALUES);
    let mut found = values.filter_map(|value| {
        let text = value.get(1)?.as_str();
        // A number without quotes ends at the comma; the day of a week does not.
        let is_number = text.starts_with(|first: char| first.is_ascii_digit());
        let end = text.find(',').filter(|_| is_number).unwrap_or(text.len());
        reader.read(text.get(..end)?.trim_end_matches([';', ' ']), found_in)
    });
    let first = found.next()?;
    let day = |time: &FoundTime| time.at.as_millis().div_euclid(super::DAY);
    found.all(|other| day(&other) == day(&first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::published;
    use crate::metadata::times::Reader;

    #[test]
    fn times_in_scripts_and_attributes_are_found_when_they_agree() {
        let check = |html: &str, expected: Option<&str>| {
            let found = published(html, Reader::default());
            let found = found.map(|found| format!("{} {}", &found.at.to_string()[..10], found.found_in));
            assert_eq!(found.as_deref(), expected, "{html}");
        };
        let state = r#"<script>window.state={"story":{"publishedAt":"2016-02-17T10:11:12Z"}}</script>"#;
        check(state, Some("2016-02-17 script"));
        check(
            r#"<script>x = "{\"publish_date\":\"2016-02-17\"}"</script>"#,
            Some("2016-02-17 script"),
        );
        check(
            r#"<script>{publishTime: 1455703872, a: 1}</script>"#,
            Some("2016-02-17 script"),
        );
        check(
            &format!(r#"{state}<script>{{"publishedAt":"2016-02-19"}}</script>"#),
            None,
        );
        check(
            r#"<abbr class="published" title="2016-02-17T10:11:12+0100">Wed</abbr>"#,
            Some("2016-02-17 attribute"),
        );
        check(r#"<p data-timestamp="1455703872">"#, Some("2016-02-17 attribute"));
        check(
            r#"<span property="dc:date" content="2016-02-17">x</span>"#,
            Some("2016-02-17 attribute"),
        );
        check("<p data-date-format='DD.MM.YYYY'>17.02.2016", None);
    }
}
