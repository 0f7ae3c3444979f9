//! JSON-LD: arrays, graphs, nested nodes, and the kinds of broken JSON that sites serve.

use serde_json::{Map, Value};

/// Nodes looked at on one page.
const MAX_NODES: usize = 2000;

/// What the node of the article says.
#[derive(Debug, Clone, Default)]
pub(crate) struct JsonLd {
    /// There is a node of some kind of article.
    pub(crate) is_article: bool,
    pub(crate) headline: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) modified: Option<String>,
    pub(crate) created: Option<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) section: Option<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) images: Vec<String>,
    pub(crate) language: Option<String>,
    pub(crate) is_free: Option<bool>,
}

/// Reads the scripts of a page. The first node of an article wins, field by field; other pages' nodes come later.
pub(crate) fn read(scripts: &[String]) -> JsonLd {
    let mut nodes = Vec::new();
    let values: Vec<Value> = scripts.iter().filter_map(|script| parse(script)).collect();
    for value in &values {
        collect(value, &mut nodes);
    }
    let mut found = JsonLd::default();
    for node in nodes.iter().filter(|node| is_article(node)) {
        found.is_article = true;
        fill(&mut found, node, &nodes);
    }
    if !found.is_article {
        for node in nodes.iter().filter(|node| has_type(node, &["WebPage"])) {
            fill(&mut found, node, &nodes);
        }
        // The name of a page is not the headline of a story.
        found.headline = None;
    }
    found
}

/// Parses a script, mending what sites break most: comment marks, raw line breaks in strings, commas too many.
fn parse(script: &str) -> Option<Value> {
    let script = script
        .trim()
        .trim_start_matches("<!--")
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("<![CDATA[");
    let script = script
        .trim_end_matches("-->")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim()
        .trim_end_matches(';');
    if let Ok(value) = serde_json::from_str(script) {
        return Some(value);
    }
    serde_json::from_str(&mend(script)).ok()
}

fn mend(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    let (mut in_string, mut is_escaped) = (false, false);
    for character in script.chars() {
        if in_string {
            in_string = is_escaped || character != '"';
            is_escaped = character == '\\' && !is_escaped;
            out.push(if character.is_control() { ' ' } else { character });
            continue;
        }
        match character {
            '"' => in_string = true,
            '}' | ']' => {
                let end = out.trim_end().len();
                if out.get(..end).is_some_and(|out| out.ends_with(',')) {
                    out.truncate(end - 1);
                }
            }
            _ => {}
        }
        out.push(character);
    }
    out
}

/// All objects in a value, outer before inner. The parser bounds the depth, so a stack of its own is enough.
fn collect<'a>(value: &'a Value, nodes: &mut Vec<&'a Map<String, Value>>) {
    let mut stack = vec![value];
    while let Some(value) = stack.pop() {
        match value {
            Value::Array(items) => stack.extend(items.iter().rev()),
            Value::Object(node) if nodes.len() < MAX_NODES => {
                nodes.push(node);
                stack.extend(node.values().filter(|value| value.is_object() || value.is_array()));
            }
            _ => {}
        }
    }
}

fn has_type(node: &Map<String, Value>, names: &[&str]) -> bool {
    let is = |value: &Value| {
        value
            .as_str()
            .is_some_and(|name| names.iter().any(|known| name.ends_with(known)))
    };
    match node.get("@type") {
        Some(Value::Array(types)) => types.iter().any(is),
        Some(value) => is(value),
        None => false,
    }
}

fn is_article(node: &Map<String, Value>) -> bool {
    has_type(
        node,
        &[
            "Article",
            "BlogPosting",
            "Posting",
            "Report",
            "Review",
            "AnalysisNewsArticle",
        ],
    ) && ["headline", "name", "datePublished", "articleBody"]
        .iter()
        .any(|field| node.contains_key(*field))
}

fn fill(found: &mut JsonLd, node: &Map<String, Value>, nodes: &[&Map<String, Value>]) {
    let text = |field: &str| node.get(field).and_then(first_text);
    let keep = |slot: &mut Option<String>, value: Option<String>| {
        if slot.is_none() {
            *slot = value;
        }
    };
    keep(&mut found.headline, text("headline").or_else(|| text("name")));
    keep(&mut found.published, text("datePublished"));
    keep(&mut found.created, text("dateCreated").or_else(|| text("uploadDate")));
    keep(&mut found.modified, text("dateModified"));
    keep(&mut found.section, text("articleSection"));
    keep(&mut found.language, text("inLanguage"));
    if found.authors.is_empty() {
        found.authors = ["author", "creator"]
            .iter()
            .filter_map(|field| node.get(*field))
            .flat_map(|value| names(value, nodes))
            .collect();
    }
    if found.keywords.is_empty() {
        found.keywords = node.get("keywords").map(texts).unwrap_or_default();
    }
    if found.images.is_empty() {
        found.images = node.get("image").map(texts).unwrap_or_default();
    }
    keep(
        &mut found.publisher,
        node.get("publisher")
            .and_then(|value| names(value, nodes).into_iter().next()),
    );
    if found.is_free.is_none() {
        found.is_free = node.get("isAccessibleForFree").and_then(|value| match value {
            Value::Bool(free) => Some(*free),
            Value::String(text) => Some(!text.eq_ignore_ascii_case("false")),
            _ => None,
        });
    }
}

fn first_text(value: &Value) -> Option<String> {
    texts(value).into_iter().next()
}

/// The strings that a value stands for: itself, its items, or its address or name.
fn texts(value: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(node) => ["url", "contentUrl", "name", "@value", "@id"]
            .iter()
            .find_map(|field| node.get(*field)?.as_str().map(str::to_owned)),
        _ => None,
    };
    let all: Vec<String> = match value {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    };
    all.into_iter()
        .map(|text| plain(&text))
        .filter(|text| !text.is_empty())
        .collect()
}

/// The names in a value; a reference is looked up among the nodes.
fn names(value: &Value, nodes: &[&Map<String, Value>]) -> Vec<String> {
    let one = |value: &Value| -> Vec<String> {
        match value {
            Value::String(text) => vec![plain(text)],
            Value::Object(node) => {
                let named = node.get("name").map(texts).unwrap_or_default();
                if !named.is_empty() {
                    return named;
                }
                let id = node.get("@id").and_then(Value::as_str);
                let target = nodes.iter().find(|other| {
                    id.is_some() && other.get("@id").and_then(Value::as_str) == id && other.contains_key("name")
                });
                target
                    .and_then(|target| target.get("name"))
                    .map(texts)
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        }
    };
    match value {
        Value::Array(items) => items.iter().flat_map(one).collect(),
        other => one(other),
    }
}

/// Text without markup and entities, blanks folded: sites escape twice.
pub(crate) fn plain(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return crate::words::fold(text);
    }
    let fragment = scraper::Html::parse_fragment(crate::words::start(text, 2000));
    let plain: String = fragment
        .tree
        .root()
        .descendants()
        .filter_map(|node| node.value().as_text().map(|text| text.to_string()))
        .collect();
    crate::words::fold(&plain)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn graphs_arrays_and_references() {
        let script = r##"[{"@graph": [
            {"@type": "WebPage", "datePublished": "2001-01-01"},
            {"@type": ["NewsArticle"], "headline": "Rice &amp; rain", "datePublished": "2016-02-17",
             "author": [{"@id": "#a"}, {"@type": "Person", "name": "Budi Santoso"}], "isAccessibleForFree": "False"},
            {"@id": "#a", "@type": "Person", "name": "Ana Lim"}]}]"##;
        let found = read(&[script.to_owned()]);
        assert_eq!(found.headline.as_deref(), Some("Rice & rain"));
        assert_eq!(found.published.as_deref(), Some("2016-02-17"));
        assert_eq!(found.authors, ["Ana Lim", "Budi Santoso"]);
        assert_eq!(found.is_free, Some(false));
    }

    #[test]
    fn broken_json_is_mended() {
        let script = "<!--{\"@type\":\"NewsArticle\",\"headline\":\"A\nB\",\"author\":{\"name\":\"Ana Lim\",},};-->";
        let found = read(&[script.to_owned(), "{not json".to_owned(), "[".repeat(100_000)]);
        assert_eq!(found.headline.as_deref(), Some("A B"));
        assert_eq!(found.authors, ["Ana Lim"]);
    }
}
