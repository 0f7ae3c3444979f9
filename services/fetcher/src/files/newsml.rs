//! NewsML-G2 (IPTC): news items alone or in a message; their text is NITF, XHTML or inline data.

use schemas::fetched::Hints;
use schemas::time::Timestamp;

use super::article::Article;
use super::markup::Element;
use super::nitf;
use super::whole::Item;
use crate::date;

/// The items of a document, in order. Packages, concepts and plans hold no text and are no text items.
pub(super) fn read(document: &Element) -> Vec<Item> {
    let items = document.all(&[
        "newsitem",
        "packageitem",
        "conceptitem",
        "knowledgeitem",
        "planningitem",
    ]);
    items.into_iter().map(item).collect()
}

fn item(element: &Element) -> Item {
    let meta = element.at(&["itemmeta"]);
    let code = |name: &str| {
        let found = meta?.at(&[name])?;
        let code = found.attribute("qcode").or_else(|| found.attribute("uri"))?;
        // The codes of one scheme are told apart by what follows the scheme.
        Some(code.rsplit([':', '/']).next().unwrap_or(code).to_ascii_lowercase())
    };
    let is_text = element.name == "newsitem"
        && code("itemclass").is_none_or(|class| matches!(class.as_str(), "text" | "composite"));
    let status = code("pubstatus").unwrap_or_default();
    let (body, inner) = text(element);
    let hints = hints(element, meta, inner.as_ref());
    let found = match body {
        Body::Html(html) => Article::of_fragment(html, hints),
        Body::Plain(text) => Article::of_text(text, hints),
    };
    Item {
        article: Article {
            address: web_address(element),
            id: element.attribute("guid").map(str::to_owned).or(found.id.clone()),
            ..found
        },
        taken_back: matches!(status.as_str(), "canceled" | "cancelled" | "withheld"),
        embargo: meta
            .and_then(|meta| time(meta, "embargoed"))
            .or(inner.and_then(|inner| inner.embargo)),
        is_text,
    }
}

enum Body {
    Html(String),
    Plain(String),
}

/// The text of an item, and the whole story where NITF says more than that.
fn text(element: &Element) -> (Body, Option<Item>) {
    let Some(set) = element.at(&["contentset"]) else {
        return (Body::Html(String::new()), None);
    };
    for inline in set.children("inlinexml") {
        if let Some(story) = nitf::read(inline) {
            let html = String::from_utf8_lossy(&story.article.body).into_owned();
            return (Body::Html(html), Some(story));
        }
        let html = inline.html();
        if !html.trim().is_empty() {
            return (Body::Html(html), None);
        }
    }
    let data = set.children("inlinedata").find(|data| data.text().is_some());
    let Some(data) = data else {
        return (Body::Html(String::new()), None);
    };
    let kind = data.attribute("contenttype").unwrap_or_default().to_ascii_lowercase();
    match kind.contains("html") {
        true => (Body::Html(data.raw_text()), None),
        false => (Body::Plain(data.raw_text()), None),
    }
}

fn hints(element: &Element, meta: Option<&Element>, inner: Option<&Item>) -> Hints {
    let content = element.at(&["contentmeta"]);
    let texts = |name: &str| -> Vec<String> {
        let found = content.into_iter().flat_map(|content| content.children(name));
        found.filter_map(Element::text).collect()
    };
    let inner = inner.map(|inner| inner.article.hints.clone()).unwrap_or_default();
    let by = texts("by");
    let creators = content.into_iter().flat_map(|content| content.children("creator"));
    let people: Vec<String> = creators.filter_map(name_of).collect();
    let of_meta = |name: &str| meta.and_then(|meta| time(meta, name));
    let of_content = |name: &str| content.and_then(|content| time(content, name));
    let version = of_meta("versioncreated");
    Hints {
        title: texts("headline")
            .into_iter()
            .next()
            .or(inner.title)
            .or_else(|| meta.and_then(|meta| meta.at(&["title"])).and_then(Element::text)),
        authors: [by, inner.authors, people]
            .into_iter()
            .find(|names| !names.is_empty())
            .unwrap_or_default(),
        published_at: of_meta("firstcreated")
            .or_else(|| of_content("contentcreated"))
            .or(inner.published_at)
            .or(version),
        updated_at: of_content("contentmodified").or(version),
        categories: content
            .into_iter()
            .flat_map(|content| content.children("subject"))
            .filter_map(name_of)
            .collect(),
        language: content
            .and_then(|content| content.at(&["language"]))
            .and_then(|language| language.attribute("tag").map(str::to_owned))
            .or(inner.language)
            .or_else(|| element.attribute("lang").map(str::to_owned)),
    }
}

/// The name of a subject or a person.
fn name_of(element: &Element) -> Option<String> {
    let name = element.children("name").find_map(Element::text);
    name.or_else(|| element.attribute("literal").map(str::to_owned))
}

fn time(meta: &Element, name: &str) -> Option<Timestamp> {
    date::parse(&meta.at(&[name])?.text()?)
}

/// An address on the web that the item gives for itself.
fn web_address(element: &Element) -> Option<String> {
    let links = element.at(&["itemmeta"])?.children("link");
    let own = links.filter(|link| {
        let relation = link.attribute("rel").unwrap_or_default();
        relation.ends_with(":canonical") || relation.ends_with(":web") || relation.ends_with(":isA")
    });
    own.filter_map(|link| link.attribute("href").map(str::to_owned)).next()
}
