//! Atom (RFC 4287).

use crate::calendar::Moment;
use crate::edition::Article;
use crate::markup::escape;
use crate::press::Press;
use crate::site::SITES;

pub(super) fn document(press: &Press, site: usize) -> String {
    let entries: String = press
        .feed_entries(site)
        .iter()
        .map(|article| entry(press, article))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
         xml:lang=\"{language}\" xml:base=\"{home}/\">\n<title>{name}</title>\n<id>{home}/</id>\n\
         <link rel=\"self\" href=\"{itself}\"/>\n<link href=\"{home}/\"/>\n<updated>{updated}</updated>\n\
         {entries}</feed>\n",
        language = SITES[site].language,
        home = press.base_url(site),
        name = escape(SITES[site].name),
        itself = press.feed_url(site),
        updated = Moment::new(super::modified_at(press, site), 0).utc(),
    )
}

fn entry(press: &Press, article: &Article) -> String {
    let site = &SITES[article.site];
    let author = article.authors.first().map_or_else(String::new, |name| {
        format!("<author><name>{}</name></author>\n", escape(name))
    });
    format!(
        "<entry>\n<title type=\"text\">{title}</title>\n<link rel=\"alternate\" type=\"text/html\" href=\"{link}\"/>\n\
         <id>tag:{key}.example,2026:{number}</id>\n<published>{published}</published>\n<updated>{updated}</updated>\n\
         {author}<summary type=\"html\">{summary}</summary>\n</entry>\n",
        title = escape(&article.title),
        link = escape(&press.entry_link(article, &site.feed)),
        key = site.key,
        number = article.number,
        published = article.published(site).iso(),
        updated = article.updated(site).iso(),
        summary = escape(&format!("<p>{}</p>", escape(&article.summary()))),
    )
}
