//! NITF 2.5 to 3.6 (IPTC): one story in one document.

use schemas::fetched::Hints;

use super::article::Article;
use super::markup::Element;
use super::whole::Item;
use crate::date;

/// The story in `document`, the whole file or the element that NewsML wraps around it; `None` when there is none.
pub(super) fn read(document: &Element) -> Option<Item> {
    let story = document.all(&["nitf"]).into_iter().next()?;
    let data = story.at(&["head", "docdata"]);
    let norm = |name: &str| {
        let stated = data?.at(&[name])?.attribute("norm")?;
        date::parse(stated)
    };
    let hints = Hints {
        title: title(story),
        authors: bylines(story),
        published_at: norm("date.issue").or_else(|| norm("date.release")),
        updated_at: None,
        categories: categories(story),
        language: language(story),
    };
    let body = story
        .at(&["body", "body.content"])
        .map(Element::html)
        .unwrap_or_default();
    let article = Article {
        id: data
            .and_then(|data| data.at(&["doc-id"]))
            .and_then(|id| id.attribute("id-string").map(str::to_owned)),
        address: story
            .at(&["head", "pubdata"])
            .and_then(|data| data.attribute("ex-ref").map(str::to_owned)),
        ..Article::of_fragment(body, hints)
    };
    let management = data
        .and_then(|data| data.attribute("management-status"))
        .unwrap_or_default();
    Some(Item {
        article,
        taken_back: matches!(
            management.to_ascii_lowercase().as_str(),
            "canceled" | "cancelled" | "killed" | "withheld"
        ),
        embargo: norm("date.release"),
        is_text: true,
    })
}

fn title(story: &Element) -> Option<String> {
    let headline = story
        .at(&["body", "body.head", "hedline", "hl1"])
        .and_then(Element::text);
    headline.or_else(|| story.at(&["head", "title"]).and_then(Element::text))
}

/// The names in bylines; where a byline marks people, only those.
fn bylines(story: &Element) -> Vec<String> {
    let head = story.at(&["body", "body.head"]);
    let bylines = head.into_iter().flat_map(|head| head.children("byline"));
    bylines
        .flat_map(|byline| {
            let people = byline.all(&["person"]);
            match people.is_empty() {
                false => people.into_iter().filter_map(Element::text).collect(),
                // The title of a job stands beside the name.
                true => byline.text().into_iter().collect::<Vec<_>>(),
            }
        })
        .collect()
}

fn categories(story: &Element) -> Vec<String> {
    let head = story.at(&["head"]);
    let keywords = head
        .into_iter()
        .flat_map(|head| head.all(&["keyword", "tobject.subject"]));
    let named = |keyword: &Element| {
        ["key", "tobject.subject.matter", "tobject.subject.type"]
            .into_iter()
            .find_map(|name| keyword.attribute(name).map(str::to_owned))
    };
    keywords.filter_map(named).collect()
}

fn language(story: &Element) -> Option<String> {
    let places = [story.at(&["body"]), Some(story)];
    places
        .into_iter()
        .flatten()
        .find_map(|place| place.attribute("lang").map(str::to_owned))
}
