//! What a page says about its story, out of JSON-LD, microdata, `meta`, `time`, bylines and the address.
//!
//! Every field has several sources that contradict one another on real pages; each sub-module holds the rule for one
//! field, best source first.

use schemas::article::{FoundTime, Image, Rights};
use schemas::canonical::canonical_url;
use schemas::canonical::site::site_of;
use url::Url;

use crate::extracted::Known;
use crate::html::{Head, Picture};

pub(crate) mod json_ld;
pub(crate) mod people;
pub(crate) mod rights;
pub(crate) mod times;
pub(crate) mod title;

/// Tags and images kept of one page.
const MAX_LIST: usize = 30;

/// What was found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metadata {
    pub(crate) title: String,
    pub(crate) authors: Vec<String>,
    pub(crate) published_at: Option<FoundTime>,
    pub(crate) updated_at: Option<FoundTime>,
    pub(crate) canonical_url: Option<String>,
    pub(crate) site_name: Option<String>,
    pub(crate) section: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) images: Vec<Image>,
    pub(crate) rights: Rights,
    /// The language that the page states.
    pub(crate) stated_language: Option<String>,
    /// The page calls itself an article.
    pub(crate) is_article: bool,
    /// The names of the site and its publisher, as names are compared.
    pub(crate) site_names: Vec<String>,
    /// How its dates are read.
    pub(crate) reader: times::Reader,
}

/// Reads everything but the body.
pub(crate) fn read(head: &Head, scripts: &[String], url: Option<&str>, known: &Known) -> Metadata {
    let own = json_ld::Own {
        addresses: [url, head.canonical.as_deref()],
        titles: [head.title.as_str(), head.meta_of(&["og:title"]).unwrap_or_default()],
    };
    let json_ld = json_ld::read(scripts, &own);
    let base = url.and_then(|url| Url::parse(url).ok());
    let site_name =
        clean(head.meta_of(&["og:site_name", "application-name", "al:android:app_name"])).or(json_ld.publisher.clone());
    let own_names = |base: Option<&Url>| site_names(site_name.as_deref(), json_ld.publisher.as_deref(), base);
    // The address of a person's own site is often the person's name.
    let (site_names, publishers) = (own_names(base.as_ref()), own_names(None));
    let site = title::Site {
        names: &site_names,
        is_stated: site_name.is_some(),
    };
    let title = title::choose(head, &json_ld, site, known.hints.title.as_deref());
    let language = clean(head.language.as_deref());
    let reader = times::Reader::of(language.as_deref(), base.as_ref(), known);
    let (published_at, updated_at) = times::declared(head, &json_ld, reader);
    Metadata {
        authors: people::declared(head, &json_ld, &publishers),
        title,
        published_at,
        updated_at,
        canonical_url: canonical(head, base.as_ref()),
        section: clean(head.meta_of(&[
            "article:section",
            "section",
            "sailthru.section",
            "parsely-section",
            "cxenseparse:recs:category",
        ]))
        .or_else(|| json_ld.section.clone()),
        tags: tags(head, &json_ld),
        images: images(head, &json_ld, base.as_ref()),
        rights: rights::read(head, known, json_ld.is_free, base.as_ref()),
        stated_language: language
            .or_else(|| clean(head.meta_of(&["content-language", "og:locale", "language"])))
            .or_else(|| json_ld.language.clone()),
        is_article: json_ld.is_article || head.meta_of(&["og:type"]).is_some_and(|kind| kind.contains("article")),
        site_name,
        site_names: publishers,
        reader,
    }
}

/// The site's own name, its publisher's, and the part of its host that is a name.
fn site_names(site_name: Option<&str>, publisher: Option<&str>, base: Option<&Url>) -> Vec<String> {
    let host = base.and_then(Url::host_str).map(site_of);
    let label = host
        .and_then(|host| host.split('.').next())
        .filter(|label| label.len() >= 3);
    let mut names: Vec<String> = [site_name, publisher, label]
        .into_iter()
        .flatten()
        .map(people::site_key)
        .filter(|name| !name.is_empty())
        .collect();
    names.dedup();
    names
}

fn clean(text: Option<&str>) -> Option<String> {
    text.map(crate::words::fold)
        .filter(|text| !text.is_empty() && text.len() <= 300)
}

/// `rel=canonical`, else `og:url`, when it leads to the same site and not to its front page. A page out of an AMP cache
/// is of the site that it is a copy from.
fn canonical(head: &Head, base: Option<&Url>) -> Option<String> {
    let base = base?;
    let own = canonical_url(base.as_str()).ok().and_then(|own| Url::parse(&own).ok());
    let own = own.as_ref().unwrap_or(base);
    let stated = head.canonical.as_deref().into_iter().chain(head.meta_of(&["og:url"]));
    stated
        .filter_map(|stated| base.join(stated.trim()).ok())
        .find(|stated| is_believable(stated, own))
        .map(String::from)
}

fn is_believable(stated: &Url, base: &Url) -> bool {
    let is_front_page =
        stated.path() == "/" && stated.query().is_none() && (base.path() != "/" || base.query().is_some());
    let site = |url: &Url| url.host_str().map(|host| site_of(host).to_owned());
    matches!(stated.scheme(), "http" | "https")
        && !is_front_page
        && site(stated).is_some()
        && site(stated) == site(base)
}

fn tags(head: &Head, json_ld: &json_ld::JsonLd) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let stated = head.metas_of("article:tag").map(str::to_owned);
    let listed = head
        .meta_of(&["news_keywords", "parsely-tags", "keywords"])
        .unwrap_or_default();
    for list in stated
        .chain(json_ld.keywords.iter().cloned())
        .chain([listed.to_owned()])
    {
        for tag in list.split([',', ';', '、', '，']).map(crate::words::fold) {
            let is_new = !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase());
            if !tag.is_empty() && tag.len() <= 100 && is_new && tags.len() < MAX_LIST {
                tags.push(tag);
            }
        }
    }
    tags
}

/// Adds the pictures that stand within the story: between these two blocks.
pub(crate) fn add_images(metadata: &mut Metadata, head: &Head, url: Option<&str>, first: usize, last: usize) {
    let base = url.and_then(|url| Url::parse(url).ok());
    let within = |picture: &&Picture| (first..=last + 1).contains(&picture.at);
    for picture in head.pictures.iter().filter(within) {
        push_image(
            &mut metadata.images,
            base.as_ref(),
            &picture.source,
            picture.caption.clone(),
        );
    }
}

fn images(head: &Head, json_ld: &json_ld::JsonLd, base: Option<&Url>) -> Vec<Image> {
    let lead = head.meta_of(&[
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
    ]);
    let mut images: Vec<Image> = Vec::new();
    if let Some(lead) = lead {
        push_image(&mut images, base, lead, None);
    }
    for (source, caption) in &json_ld.images {
        push_image(&mut images, base, source, clean(caption.as_deref()));
    }
    images
}

/// Adds a picture, or to one that is known the caption that it had none of.
fn push_image(images: &mut Vec<Image>, base: Option<&Url>, source: &str, caption: Option<String>) {
    let url = base.map_or_else(|| Url::parse(source).ok(), |base| base.join(source).ok());
    let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) else {
        return;
    };
    // Sites serve one file in many sizes, which they name behind the question mark.
    let same = |known: &&mut Image| known.url.split('?').next() == url.as_str().split('?').next();
    if let Some(known) = images.iter_mut().find(same) {
        if known.caption.is_none() {
            known.caption = caption;
        }
    } else if images.len() < MAX_LIST {
        images.push(Image {
            url: url.into(),
            caption,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use crate::html::Head;

    #[test]
    fn canonical_is_believed_on_the_same_site_only() {
        let check = |base: &str, stated: &str, expected: Option<&str>| {
            let head = Head {
                canonical: Some(stated.to_owned()),
                ..Head::default()
            };
            assert_eq!(
                canonical(&head, base.parse().ok().as_ref()).as_deref(),
                expected,
                "{base} {stated}"
            );
        };
        check(
            "https://m.paper.org/a?x=1",
            "https://www.paper.org/a",
            Some("https://www.paper.org/a"),
        );
        check("https://paper.org/a?x=1", "/a", Some("https://paper.org/a"));
        check("https://paper.co.uk/a", "https://other.co.uk/a", None);
        check("https://m.taz.de/a", "https://taz.de/a", Some("https://taz.de/a"));
        check("https://jo.substack.com/p/a", "https://max.substack.com/p/a", None);
        check(
            "https://paper-org.cdn.ampproject.org/c/s/paper.org/a-1/amp",
            "https://www.paper.org/a-1",
            Some("https://www.paper.org/a-1"),
        );
        check(
            "https://paper-org.cdn.ampproject.org/c/s/paper.org/a-1",
            "https://cdn.ampproject.org/x",
            None,
        );
        check("https://paper.org/a", "https://paper.org/", None);
        check("https://paper.org/a", "javascript:alert(1)", None);
    }
}
