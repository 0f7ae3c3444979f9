//! RSS 2.0, with summaries or with whole texts.

use crate::calendar::Moment;
use crate::edition::Article;
use crate::markup::escape;
use crate::press::Press;
use crate::site::SITES;

/// The feed; `with_content` puts the whole text in `content:encoded`, `damaged` spoils one entry.
pub(crate) fn document(press: &Press, site: usize, with_content: bool, damaged: bool) -> String {
    let entries = press.feed_entries(site);
    let mut items: Vec<_> = entries.iter().map(|entry| item(press, entry, with_content)).collect();
    if damaged {
        // No link, no guid, a date that is none: this entry is lost, its neighbours are not.
        let bad = "<item><title></title><pubDate>yesterday evening</pubDate><description>(foto)</description></item>\n";
        items.insert(items.len() / 2, bad.to_owned());
    }
    let built = Moment::new(super::modified_at(press, site), SITES[site].offset_hours).rfc822();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n<title>{name}</title>\n<link>{home}/</link>\n\
         <description>{name}</description>\n<language>{language}</language>\n<lastBuildDate>{built}</lastBuildDate>\n\
         <atom:link href=\"{itself}\" rel=\"self\" type=\"application/rss+xml\"/>\n{items}</channel>\n</rss>\n",
        name = escape(SITES[site].name),
        home = press.base_url(site),
        language = SITES[site].language,
        itself = press.feed_url(site),
        items = items.concat(),
    )
}

fn item(press: &Press, entry: &Article, with_content: bool) -> String {
    let site = &SITES[entry.site];
    let author = entry.authors.first().map_or_else(String::new, |name| {
        format!("<dc:creator>{}</dc:creator>\n", escape(name))
    });
    let body = site.design.feed_body(entry).replace("]]>", "]]&gt;");
    let content = format!("<content:encoded><![CDATA[{body}]]></content:encoded>\n");
    format!(
        "<item>\n<title>{title}</title>\n<link>{link}</link>\n<guid isPermaLink=\"false\">{key}-{number}</guid>\n\
         <pubDate>{published}</pubDate>\n{updated}{author}<description>{summary}</description>\n{content}</item>\n",
        title = escape(&entry.title),
        link = escape(&press.entry_link(entry, &site.feed)),
        key = site.key,
        number = entry.number,
        published = entry.published(site).rfc822(),
        updated = entry.corrected_at.map_or_else(String::new, |_| {
            format!("<atom:updated>{}</atom:updated>\n", entry.updated(site).iso())
        }),
        summary = escape(&entry.summary()),
        content = if with_content { content } else { String::new() },
    )
}
