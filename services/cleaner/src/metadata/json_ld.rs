//! JSON-LD: arrays, graphs, nested nodes, and the kinds of broken JSON that sites serve.

use serde_json::{Map, Value};

use super::title::likeness;
use crate::words;

mod mend;

/// Nodes looked at on one page.
const MAX_NODES: usize = 2000;
/// Nodes of articles compared with the page.
const MAX_ARTICLES: usize = 40;

type Node = Map<String, Value>;

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
    /// Addresses of pictures, with their captions.
    pub(crate) images: Vec<(String, Option<String>)>,
    pub(crate) language: Option<String>,
    pub(crate) is_free: Option<bool>,
}

/// What tells the page's own article from those that it lists.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Own<'a> {
    /// The page's address, and its own idea of it.
    pub(crate) addresses: [Option<&'a str>; 2],
    /// What the page calls itself elsewhere.
    pub(crate) titles: [&'a str; 2],
}

/// Reads the scripts of a page. The node most like the page is its article; other nodes about the same fill the gaps.
pub(crate) fn read(scripts: &[String], own: &Own<'_>) -> JsonLd {
    let values: Vec<Value> = scripts.iter().flat_map(|script| mend::parse(script)).collect();
    let mut nodes = Vec::new();
    for value in &values {
        collect(value, &mut nodes);
    }
    let articles: Vec<&Node> = nodes
        .iter()
        .copied()
        .filter(|node| is_article(node))
        .take(MAX_ARTICLES)
        .collect();
    let mut found = JsonLd {
        is_article: !articles.is_empty(),
        ..JsonLd::default()
    };
    if let Some(main) = main_of(&articles, own) {
        fill(&mut found, main, &nodes);
        let headline = found.headline.clone().unwrap_or_default();
        for other in articles.iter().filter(|other| !std::ptr::eq(**other, main)) {
            let is_same = match headline_of(other) {
                Some(theirs) => likeness(&theirs, &headline) >= 0.7,
                None => true,
            };
            if is_same {
                fill(&mut found, other, &nodes);
            }
        }
    }
    // The name of a page is not the headline of a story.
    let headline = found.headline.take();
    let others: &[&[&str]] = match found.is_article {
        true => &[&["WebPage", "ItemPage"]],
        false => &[&["Recipe", "VideoObject", "HowTo"], &["WebPage", "ItemPage"]],
    };
    for kinds in others {
        if let Some(node) = nodes.iter().find(|node| has_type(node, kinds)) {
            fill(&mut found, node, &nodes);
        }
    }
    found.headline = headline;
    if found.section.is_none() {
        found.section = breadcrumb(&nodes);
    }
    found
}

/// The article of the page: the one with its address, else with its title, else the first.
fn main_of<'a>(articles: &[&'a Node], own: &Own<'_>) -> Option<&'a Node> {
    if articles.len() <= 1 {
        return articles.first().copied();
    }
    let score = |node: &Node| {
        let is_here = ["url", "@id", "mainEntityOfPage"]
            .iter()
            .filter_map(|field| node.get(*field))
            .flat_map(texts)
            .any(|theirs| own.addresses.iter().flatten().any(|own| is_same_address(own, &theirs)));
        let headline = headline_of(node).unwrap_or_default();
        let alike = own
            .titles
            .iter()
            .map(|title| likeness(title, &headline))
            .fold(0.0, f64::max);
        alike + if is_here { 1.0 } else { 0.0 }
    };
    let mut best: Option<(&Node, f64)> = None;
    for node in articles {
        let score = score(node);
        if best.is_none_or(|(_, known)| score > known + 0.05) {
            best = Some((node, score));
        }
    }
    best.map(|(node, _)| node)
}

fn is_same_address(left: &str, right: &str) -> bool {
    let bare = |address: &str| {
        let address = address.split(['#', '?']).next().unwrap_or_default();
        let path = address.split_once("://").map_or(address, |(_, rest)| rest);
        path.trim_end_matches('/').trim_start_matches("www.").to_owned()
    };
    let left = bare(left);
    left.contains('/') && left == bare(right)
}

/// All objects in a value, outer before inner. The parser bounds the depth, so a stack of its own is enough.
fn collect<'a>(value: &'a Value, nodes: &mut Vec<&'a Node>) {
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

fn has_type(node: &Node, names: &[&str]) -> bool {
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

fn is_article(node: &Node) -> bool {
    const KINDS: &[&str] = &["Article", "BlogPosting", "Posting", "Report", "Review"];
    has_type(node, KINDS)
        && !has_type(node, &["JobPosting"])
        && ["headline", "name", "datePublished", "articleBody"]
            .iter()
            .any(|field| node.contains_key(*field))
}

fn headline_of(node: &Node) -> Option<String> {
    ["headline", "name"]
        .iter()
        .find_map(|field| node.get(*field).and_then(first_text))
}

fn fill(found: &mut JsonLd, node: &Node, nodes: &[&Node]) {
    let text = |field: &str| node.get(field).and_then(first_text);
    let keep = |slot: &mut Option<String>, value: Option<String>| {
        if slot.is_none() {
            *slot = value;
        }
    };
    keep(&mut found.headline, headline_of(node));
    keep(&mut found.published, text("datePublished"));
    keep(&mut found.created, text("dateCreated").or_else(|| text("uploadDate")));
    keep(&mut found.modified, text("dateModified"));
    keep(&mut found.section, text("articleSection"));
    keep(&mut found.language, text("inLanguage"));
    if found.authors.is_empty() {
        found.authors = ["author", "creator"]
            .iter()
            .filter_map(|field| node.get(*field))
            .map(|value| names(value, nodes, true))
            .find(|names| !names.is_empty())
            .unwrap_or_default();
    }
    if found.keywords.is_empty() {
        found.keywords = node.get("keywords").map(texts).unwrap_or_default();
    }
    if found.images.is_empty() {
        found.images = node.get("image").map(|value| images(value, nodes)).unwrap_or_default();
    }
    keep(
        &mut found.publisher,
        node.get("publisher")
            .and_then(|value| names(value, nodes, false).into_iter().next()),
    );
    if found.is_free.is_none() {
        found.is_free = node.get("isAccessibleForFree").and_then(|value| match value {
            Value::Bool(free) => Some(*free),
            Value::String(text) => Some(!text.eq_ignore_ascii_case("false")),
            _ => None,
        });
    }
}

/// The section in a trail of links: the first step below the front page that isn't the page itself.
fn breadcrumb(nodes: &[&Node]) -> Option<String> {
    let list = nodes.iter().find(|node| has_type(node, &["BreadcrumbList"]))?;
    let Value::Array(steps) = list.get("itemListElement")? else {
        return None;
    };
    let name = |step: &Value| {
        let step = step.as_object()?;
        let item = step.get("item").and_then(Value::as_object);
        step.get("name").or_else(|| item?.get("name")).and_then(first_text)
    };
    let names: Vec<String> = steps.iter().take(10).filter_map(name).collect();
    // Home, section, …, the page: a trail of two steps has no section in it that we could tell from the page.
    (names.len() >= 3).then(|| names.get(1).cloned())?
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

/// The node itself, or the one that it refers to.
fn resolved<'a>(node: &'a Node, nodes: &[&'a Node]) -> &'a Node {
    let Some(id) = node.get("@id").and_then(Value::as_str).filter(|_| node.len() <= 2) else {
        return node;
    };
    nodes
        .iter()
        .find(|other| other.len() > 2 && other.get("@id").and_then(Value::as_str) == Some(id))
        .copied()
        .unwrap_or(node)
}

/// The names in a value; a reference is looked up among the nodes. `people` leaves companies out.
fn names(value: &Value, nodes: &[&Node], people: bool) -> Vec<String> {
    let one = |value: &Value| -> Vec<String> {
        match value {
            Value::String(text) => vec![plain(text)],
            Value::Object(node) => {
                let target = resolved(node, nodes);
                if people && has_type(target, &["Organization", "Corporation"]) && !has_type(target, &["Person"]) {
                    return Vec::new();
                }
                let name = node.get("name").or_else(|| target.get("name"));
                name.map(texts).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    };
    match value {
        Value::Array(items) => items.iter().flat_map(one).collect(),
        other => one(other),
    }
}

/// Pictures with the captions that their nodes have.
fn images(value: &Value, nodes: &[&Node]) -> Vec<(String, Option<String>)> {
    let one = |value: &Value| match value {
        Value::Object(node) => {
            let node = resolved(node, nodes);
            let address = ["url", "contentUrl", "@id"]
                .iter()
                .find_map(|field| node.get(*field)?.as_str())?;
            let caption = node.get("caption").and_then(first_text);
            Some((address.to_owned(), caption))
        }
        other => Some((other.as_str()?.to_owned(), None)),
    };
    match value {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

/// Text without markup and entities, blanks folded: sites escape twice.
pub(crate) fn plain(text: &str) -> String {
    if !text.contains(['&', '<']) {
        return words::fold(text);
    }
    let fragment = scraper::Html::parse_fragment(words::start(text, 2000));
    let plain: String = fragment
        .tree
        .root()
        .descendants()
        .filter_map(|node| node.value().as_text().map(|text| text.to_string()))
        .collect();
    words::fold(&plain)
}

#[cfg(test)]
mod tests {
    use super::{Own, read};

    #[test]
    fn graphs_arrays_and_references() {
        let script = r##"[{"@graph": [
            {"@type": "WebPage", "datePublished": "2001-01-01", "inLanguage": "id"},
            {"@type": ["NewsArticle"], "headline": "Rice &amp; rain", "datePublished": "2016-02-17",
             "author": [{"@id": "#a"}, {"@type": "Person", "name": "Budi Santoso"}, {"@id": "#d"}],
             "image": {"@id": "#i"}, "isAccessibleForFree": "False"},
            {"@id": "#a", "@type": "Person", "name": "Ana Lim"},
            {"@id": "#d", "@type": "NewsMediaOrganization", "name": "Daily Tide"},
            {"@id": "#i", "@type": "ImageObject", "url": "/rice.jpg", "caption": "Rice in the rain"},
            {"@type": "BreadcrumbList", "itemListElement": [{"name": "Home"}, {"item": {"name": "Farms"}}, {"name": "Rice"}]}
            ]}]"##;
        let found = read(&[script.to_owned()], &Own::default());
        assert_eq!(found.headline.as_deref(), Some("Rice & rain"));
        assert_eq!(found.published.as_deref(), Some("2016-02-17"));
        assert_eq!(found.authors, ["Ana Lim", "Budi Santoso"]);
        assert_eq!(found.is_free, Some(false));
        assert_eq!(found.language.as_deref(), Some("id"));
        assert_eq!(found.section.as_deref(), Some("Farms"));
        assert_eq!(
            found.images,
            [("/rice.jpg".to_owned(), Some("Rice in the rain".to_owned()))]
        );
    }

    #[test]
    fn the_pages_own_article_is_told_from_those_that_it_lists() {
        let script = r#"{"@type": "ItemList", "itemListElement": [
            {"@type": "NewsArticle", "headline": "Storm took the pier", "datePublished": "2006-01-01",
             "author": {"name": "Ana Lim"}, "url": "https://tide.example/storm"},
            {"@type": "NewsArticle", "headline": "Ferry line opens at last", "datePublished": "2016-02-17",
             "mainEntityOfPage": {"@id": "https://www.tide.example/ferry/"}}]}"#;
        let check = |own: Own| {
            let found = read(&[script.to_owned()], &own);
            assert_eq!(found.published.as_deref(), Some("2016-02-17"), "{own:?}");
            assert!(found.authors.is_empty());
        };
        check(Own {
            addresses: [Some("https://tide.example/ferry?x=1"), None],
            ..Own::default()
        });
        check(Own {
            titles: ["Ferry line opens at last | Tide", ""],
            ..Own::default()
        });
    }

    #[test]
    fn scripts_that_cannot_be_read_are_left() {
        let script = "<!--{\"@type\":\"NewsArticle\",\"headline\":\"A\nB\",\"author\":{\"name\":\"Ana Lim\",},};-->";
        let scripts = [script.to_owned(), "{not json".to_owned(), "[".repeat(100_000)];
        let found = read(&scripts, &Own::default());
        assert_eq!(found.headline.as_deref(), Some("A B"));
        assert_eq!(found.authors, ["Ana Lim"]);
    }
}
