//! Where an article goes on: the address of its next page among the links of a page.
//!
//! Sites mark the next page of an article, the next article and the next page of the comments alike (`rel=next`,
//! "Next", "2"). The address tells them apart: it is the article's own with a page number in it. So a link counts only
//! when it becomes the address of the first page once that number is taken away, and when the number is the one that
//! comes next.

use schemas::canonical::canonical_url;
use url::Url;

/// Pages of one article that are read.
pub const MAX_PAGES: u8 = 20;
/// Links looked at on one page.
const MAX_LINKS: usize = 60;

/// Query parameters that number the pages of an article, in the big news languages.
const PARAMETERS: &[&str] = &[
    "page",
    "pg",
    "p",
    "pn",
    "pageno",
    "page_no",
    "pagenum",
    "paged",
    "page_number",
    "part",
    "seite",
    "pagina",
    "página",
    "strana",
    "strona",
    "sayfa",
    "halaman",
    "sida",
    "side",
    "stranica",
    "oldal",
    "trang",
];
/// Words before the number in a path.
const WORDS: &[&str] = &[
    "page", "p", "pg", "part", "seite", "pagina", "strana", "strona", "sayfa", "halaman", "sida", "side", "stranica",
    "oldal", "trang",
];

/// A link that may lead to the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageLink {
    /// Its address as written.
    pub(crate) address: String,
    /// How many blocks stand before it; `None` where the page's head says so.
    pub(crate) at: Option<usize>,
}

/// Links that may lead to the next page, as they come along.
#[derive(Debug, Clone, Default)]
pub(crate) struct PageLinks(Vec<PageLink>);

impl PageLinks {
    /// Takes in a link when its address has a small number where page numbers stand.
    pub(crate) fn offer(&mut self, address: &str, at: Option<usize>) {
        let is_of_comments = |place: &str| ["comment", "respond", "repl"].iter().any(|word| place.contains(word));
        let is_comments = || address.split_once('#').is_some_and(|(_, place)| is_of_comments(place));
        if self.0.len() < MAX_LINKS && has_number(address) && !is_comments() {
            let address = address.to_owned();
            self.0.push(PageLink { address, at });
        }
    }

    /// The absolute addresses of those in the head or between these two blocks, each once.
    pub(crate) fn between(&self, url: Option<&str>, first: usize, last: usize) -> Vec<String> {
        let Some(base) = url.and_then(|url| Url::parse(url).ok()) else {
            return Vec::new();
        };
        let mut found: Vec<String> = Vec::new();
        for link in &self.0 {
            let is_near = link.at.is_none_or(|at| (first..=last).contains(&at));
            if let Some(address) = base.join(&link.address).ok().filter(|_| is_near).map(String::from)
                && !found.contains(&address)
            {
                found.push(address);
            }
        }
        found
    }
}

/// Whether there is a number of one or two digits at the end of the path, before an extension, or in the query.
fn has_number(address: &str) -> bool {
    let address = address.split('#').next().unwrap_or_default();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let in_query = query.split('&').any(|pair| {
        let (_, value) = pair.split_once('=').unwrap_or((pair, ""));
        number(value).is_some()
    });
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let digits = |name: &str| name.bytes().rev().take_while(u8::is_ascii_digit).count();
    in_query || (1..=2).contains(&digits(stem)) || (1..=2).contains(&digits(name))
}

/// A page number; numbers that no article's page has are none.
fn number(text: &str) -> Option<u8> {
    let is_short = (1..=2).contains(&text.len()) && !text.starts_with('0');
    let number = text
        .parse()
        .ok()
        .filter(|_| is_short && text.bytes().all(|byte| byte.is_ascii_digit()))?;
    (1..=MAX_PAGES).contains(&number).then_some(number)
}

/// An address as that of a page: the article's, and which page of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reading {
    /// Host, path and query without the number.
    article: String,
    page: u8,
}

/// The address among `links` at which the article goes on of which `url` is page `page`, the first one being 1.
#[must_use]
pub fn next_page(url: &str, page: u8, links: &[String]) -> Option<String> {
    let next = page.checked_add(1).filter(|next| *next <= MAX_PAGES)?;
    let own: Vec<Reading> = readings(url, page == 1)
        .into_iter()
        .filter(|own| own.page == page)
        .collect();
    let leads_on = |link: &&String| {
        let found = readings(link, false);
        let mut next_pages = found.iter().filter(|found| found.page == next);
        next_pages.any(|found| own.iter().any(|own| own.article == found.article))
    };
    links.iter().find(leads_on).cloned()
}

/// All that an address can mean; without a number it is the first page when `is_first`.
fn readings(url: &str, is_first: bool) -> Vec<Reading> {
    let Some(url) = canonical_url(url).ok().and_then(|url| Url::parse(&url).ok()) else {
        return Vec::new();
    };
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let pairs: Vec<(&str, &str)> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .collect();
    let named = |path: &str, without: Option<usize>| {
        let path = path.trim_end_matches('/');
        let pairs = pairs.iter().enumerate().filter(|(at, _)| Some(*at) != without);
        let query: Vec<String> = pairs.map(|(_, (name, value))| format!("{name}={value}")).collect();
        let article = format!("{host}{port}{path}?{}", query.join("&"));
        // The front page and its sections go on too, but they are no articles.
        (!path.is_empty() || !query.is_empty()).then_some(article)
    };
    let mut readings = Vec::new();
    let mut push =
        |article: Option<String>, page: u8| readings.extend(article.map(|article| Reading { article, page }));
    for (at, (name, value)) in pairs.iter().enumerate() {
        if let Some(page) = number(value).filter(|_| PARAMETERS.contains(&name.to_lowercase().as_str())) {
            push(named(url.path(), Some(at)), page);
        }
    }
    for (path, page) in paths(url.path()) {
        push(named(&path, None), page);
    }
    if is_first {
        push(named(url.path(), None), 1);
    }
    readings
}

/// What is left of a path when a page number is taken from its end, and the number.
fn paths(path: &str) -> Vec<(String, u8)> {
    let path = path.trim_end_matches('/');
    let Some((folder, name)) = path.rsplit_once('/') else {
        return Vec::new();
    };
    let is_word = |word: &str| WORDS.contains(&word.to_ascii_lowercase().as_str());
    // A first page may say that it is one; a bare 1 is mostly the first of several stories.
    let bare = |text: &str| number(text).filter(|page| 1 < *page);
    let mut found = Vec::new();
    // story/2, story/page2, story/page-2
    if let Some(page) = bare(name).or_else(|| worded(name)) {
        found.push((folder.to_owned(), page));
    }
    // story/page/2
    let word = folder.rsplit_once('/').filter(|(_, word)| is_word(word));
    if let Some(((rest, _), page)) = word.zip(number(name)) {
        found.push((rest.to_owned(), page));
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) => (stem, format!(".{extension}")),
        None => (name, String::new()),
    };
    let parted = |text, separator| str::rsplit_once(text, separator);
    for (separator, (rest, last)) in ['-', '_', ',', '.']
        .into_iter()
        .filter_map(|at| Some((at, parted(stem, at)?)))
    {
        // story-page-2
        let word = parted(rest, separator).filter(|(_, word)| is_word(word));
        // Without an extension a number makes the address of another story whose headline is the same.
        let is_bare = !extension.is_empty() || separator == ',';
        let (rest, page) = match (word, worded(last)) {
            (Some((rest, _)), _) => (rest, number(last)),
            // story-page2.html
            (None, Some(page)) => (rest, Some(page)),
            // story-2.html
            (None, None) => (rest, bare(last).filter(|_| is_bare)),
        };
        found.extend(page.map(|page| (format!("{folder}/{rest}{extension}"), page)));
    }
    found
}

/// The number of `page2` and `page-2`.
fn worded(name: &str) -> Option<u8> {
    let name = name.to_ascii_lowercase();
    let rest = WORDS.iter().filter_map(|word| name.strip_prefix(word));
    rest.map(|rest| rest.trim_start_matches(['-', '_', '=']))
        .find_map(number)
}

#[cfg(test)]
mod tests {
    use super::{PageLinks, next_page};

    #[test]
    fn an_article_goes_on_at_its_own_address_with_the_next_number() {
        let check = |url: &str, page: u8, link: &str, expected: bool| {
            let found = next_page(url, page, &[link.to_owned()]);
            assert_eq!(found.is_some(), expected, "page {page} {url} to {link}");
        };
        let story = "https://tide.example/news/ferry-line";
        for link in [
            "/2", "/2/", "/page/2", "/page/2/", "/page2", "/page-2", "/p2", "/seite-2", "?page=2", "?seite=2",
            "-page-2", ",2",
        ] {
            check(story, 1, &format!("{story}{link}"), true);
            check(&format!("{story}/?utm_source=rss"), 1, &format!("{story}{link}"), true);
            check(
                &format!("{story}{link}"),
                2,
                &format!("{story}{}", link.replace('2', "3")),
                true,
            );
            check(
                &format!("{story}{link}"),
                1,
                &format!("{story}{}", link.replace('2', "3")),
                false,
            );
            check(story, 1, &format!("{story}{}", link.replace('2', "3")), false);
            check(story, 1, &format!("https://other.example/news/ferry-line{link}"), false);
        }
        for suffix in [
            "-2.html",
            "_2.html",
            ",2.html",
            "-page2.html",
            "-page-2.html",
            ".2.html",
            "-seite-2.html",
        ] {
            check(
                "https://tide.example/ferry.html",
                1,
                &format!("https://tide.example/ferry{suffix}"),
                true,
            );
        }
        check(
            "https://tide.example/news?id=7",
            1,
            "https://tide.example/news?id=7&page=2",
            true,
        );
        check(
            "https://tide.example/news?id=7&page=1",
            1,
            "https://tide.example/news?id=7&page=2",
            true,
        );
    }

    #[test]
    fn other_stories_lists_and_comments_are_no_next_page() {
        let check = |url: &str, link: &str| assert_eq!(next_page(url, 1, &[link.to_owned()]), None, "{url} to {link}");
        check("https://tide.example/news/12", "https://tide.example/news/13");
        check("https://tide.example/quiz-1.html", "https://tide.example/quiz-2.html");
        check("https://tide.example/quiz", "https://tide.example/quiz-2");
        check("https://tide.example/ferry", "https://tide.example/bridge/2");
        check(
            "https://tide.example/ferry",
            "https://tide.example/ferry/comment-page-2",
        );
        check("https://tide.example/ferry", "https://tide.example/ferry?cpage=2");
        check("https://tide.example/ferry", "https://tide.example/ferry?id=2");
        check("https://tide.example/", "https://tide.example/page/2");
        check("https://tide.example/ferry/20", "https://tide.example/ferry/21");
        check("https://tide.example/ferry", "javascript:go(2)");
        assert_eq!(
            next_page("https://a.example/x/20", 20, &["https://a.example/x/21".to_owned()]),
            None
        );
        assert_eq!(
            next_page("https://a.example/x", 255, &["https://a.example/x/2".to_owned()]),
            None
        );
    }

    #[test]
    fn links_count_in_the_head_and_near_the_story() {
        let mut links = PageLinks::default();
        links.offer("/ferry/2", None);
        links.offer("?page=2", Some(30));
        links.offer("?page=3", Some(90));
        links.offer("?page=2#comments", Some(30));
        links.offer("/about", Some(30));
        let found = links.between(Some("https://tide.example/ferry"), 10, 40);
        assert_eq!(
            found,
            ["https://tide.example/ferry/2", "https://tide.example/ferry?page=2"]
        );
        assert!(links.between(None, 10, 40).is_empty());
    }
}
