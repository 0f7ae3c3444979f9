//! schema.org NewsArticle, for the designs that carry it.

use serde_json::json;

use crate::edition::Article;
use crate::press::Press;
use crate::site::Site;

/// The JSON-LD object, safe inside a script element.
pub(super) fn news_article(press: &Press, site: &Site, article: &Article) -> String {
    let home = press.base_url(article.site);
    let authors: Vec<_> = article
        .authors
        .iter()
        .map(|name| json!({"@type": "Person", "name": name}))
        .collect();
    let object = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.canonical_url},
        "headline": article.title,
        "description": article.summary(),
        "datePublished": article.published(site).iso(),
        "dateModified": article.updated(site).iso(),
        "inLanguage": article.language,
        "author": authors,
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": site.name,
            "url": home,
            "logo": {"@type": "ImageObject", "url": format!("{home}/logo.png"), "width": 600, "height": 60},
        },
        "image": [format!("{home}/media/{}.jpg", article.number)],
        "isAccessibleForFree": true,
    });
    object.to_string().replace('<', "\\u003c")
}
