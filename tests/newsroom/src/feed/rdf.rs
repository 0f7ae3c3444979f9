//! RSS 1.0.

use crate::edition::Article;
use crate::markup::escape;
use crate::press::Press;
use crate::site::SITES;

pub(super) fn document(press: &Press, site: usize) -> String {
    let entries = press.feed_entries(site);
    let link = |entry: &Article| escape(&press.entry_link(entry, &SITES[site].feed));
    let sequence: String = entries
        .iter()
        .map(|entry| format!("<rdf:li rdf:resource=\"{}\"/>\n", link(entry)))
        .collect();
    let items: String = entries.iter().map(|entry| item(entry, &link(entry))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel rdf:about=\"{itself}\">\n<title>{name}</title>\n\
         <link>{home}/</link>\n<description>{name}</description>\n<items><rdf:Seq>\n{sequence}</rdf:Seq></items>\n\
         </channel>\n{items}</rdf:RDF>\n",
        itself = press.feed_url(site),
        name = escape(SITES[site].name),
        home = press.base_url(site),
    )
}

fn item(entry: &Article, link: &str) -> String {
    format!(
        "<item rdf:about=\"{link}\">\n<title>{title}</title>\n<link>{link}</link>\n\
         <description>{summary}</description>\n<dc:date>{published}</dc:date>\n</item>\n",
        title = escape(&entry.title),
        summary = escape(&entry.summary()),
        published = entry.updated(&SITES[entry.site]).iso(),
    )
}
