//! The state of a running newsroom: what is out, what was corrected, who asked.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use jiff::Timestamp;

use crate::access::AccessLog;
use crate::edition::{self, Article};
use crate::misbehaviour::Hostile;
use crate::seed::PageKind;
use crate::site::{FeedStyle, SITES};
use crate::truth::{self, Fate, Truth};
use crate::{Options, StartError};

/// How many other articles a page links to.
const RELATED: usize = 6;

#[derive(Debug)]
pub(crate) struct Press {
    pub(crate) access: AccessLog,
    options: Options,
    bases: Vec<String>,
    articles: Vec<Article>,
    /// By site and path: the page's article, or for a path that redirects the article that it leads to.
    paths: BTreeMap<(usize, String), usize>,
    by_request: AtomicUsize,
    corrected: Mutex<BTreeMap<usize, i64>>,
    /// Set once, when the misbehaving sites are up.
    hostile: OnceLock<Vec<Hostile>>,
}

impl Press {
    /// `addresses` are host and port of each site.
    pub(crate) fn new(options: Options, addresses: Vec<String>) -> Result<Self, StartError> {
        let bases: Vec<_> = addresses
            .into_iter()
            .map(|address| format!("http://{address}"))
            .collect();
        let articles = edition::articles(&bases, options.first_published_at, Timestamp::now().as_second())?;
        let mut paths = BTreeMap::new();
        for (index, article) in articles.iter().enumerate() {
            paths.insert((article.site, article.path.clone()), index);
            paths.insert((article.site, article.linked_path.clone()), index);
        }
        let access = AccessLog::new();
        let corrected = Mutex::new(BTreeMap::new());
        Ok(Self {
            access,
            options,
            bases,
            articles,
            paths,
            by_request: AtomicUsize::new(0),
            corrected,
            hostile: OnceLock::new(),
        })
    }

    /// The misbehaving sites; none where they are off.
    pub(crate) fn hostile(&self) -> &[Hostile] {
        self.hostile.get().map_or(&[], Vec::as_slice)
    }

    pub(crate) fn set_hostile(&self, table: Vec<Hostile>) {
        // A newsroom starts once, so the table is set once.
        self.hostile.set(table).ok();
    }

    pub(crate) fn base_url(&self, site: usize) -> String {
        self.bases.get(site).cloned().unwrap_or_default()
    }

    pub(crate) fn feed_url(&self, site: usize) -> String {
        format!("{}{}", self.base_url(site), SITES[site].feed.path)
    }

    pub(crate) fn article_count(&self) -> usize {
        self.articles.len()
    }

    /// How many articles are out: they come out in their order, so this says which.
    pub(crate) fn released(&self) -> usize {
        let by_time = self.access.elapsed().as_secs_f64() * self.options.per_second.max(0.0);
        // The cast saturates, which is right: no more than all articles come out.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates at both ends"
        )]
        let by_time = by_time as usize;
        let by_request = self.by_request.load(Ordering::Relaxed);
        self.options
            .initial
            .saturating_add(by_time)
            .saturating_add(by_request)
            .min(self.articles.len())
    }

    pub(crate) fn publish_more(&self, count: usize) {
        self.by_request
            .fetch_add(count.min(self.articles.len()), Ordering::Relaxed);
    }

    /// The article as it stands now, corrections included.
    pub(crate) fn article(&self, index: usize) -> Article {
        let mut article = self.articles[index].clone();
        let corrected = self.corrected.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = corrected.get(&index) {
            article.correct(*at);
        }
        article
    }

    /// The article behind a path of a site, if it is out.
    pub(crate) fn at_path(&self, site: usize, path: &str) -> Option<usize> {
        let index = *self.paths.get(&(site, path.to_owned()))?;
        (index < self.released()).then_some(index)
    }

    /// The newest articles of a site, newest first; a corrected one counts as new.
    pub(crate) fn newest(&self, site: usize, count: usize) -> Vec<usize> {
        let corrected = self.corrected.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out: Vec<_> = (0..self.released())
            .filter(|index| self.articles[*index].site == site)
            .collect();
        out.sort_by_key(|index| (corrected.get(index).copied().unwrap_or(0), *index));
        out.into_iter().rev().take(count).collect()
    }

    /// What the site's feed lists, newest first.
    pub(crate) fn feed_entries(&self, site: usize) -> Vec<Article> {
        self.newest(site, self.options.feed_length)
            .into_iter()
            .map(|index| self.article(index))
            .collect()
    }

    /// Older articles of the same site, so that a page does not change when others come out.
    pub(crate) fn related(&self, index: usize) -> Vec<usize> {
        let article = &self.articles[index];
        let same_site = |other: &usize| {
            let other = &self.articles[*other];
            other.site == article.site && other.page == PageKind::Story
        };
        (0..index).rev().filter(same_site).take(RELATED).collect()
    }

    /// The link of an article in a feed.
    pub(crate) fn entry_link(&self, article: &Article, style: &FeedStyle) -> String {
        let mut link = if style.relative_links {
            String::new()
        } else {
            self.base_url(article.site)
        };
        link.push_str(&article.linked_path);
        if !style.tracking.is_empty() {
            link.push(if link.contains('?') { '&' } else { '?' });
            link.push_str(style.tracking);
        }
        link
    }

    pub(crate) fn correct(&self, slug: &str) -> Option<truth::Article> {
        let index = self.articles.iter().position(|article| article.slug == slug)?;
        if self.articles[index].correction.is_none() || self.released() <= index {
            return None;
        }
        let now = Timestamp::now().as_second();
        self.corrected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(index, now);
        Some(self.truth_of(index))
    }

    pub(crate) fn truth(&self) -> Truth {
        Truth {
            articles: (0..self.articles.len()).map(|index| self.truth_of(index)).collect(),
        }
    }

    fn truth_of(&self, index: usize) -> truth::Article {
        let article = self.article(index);
        let site = &SITES[article.site];
        let link = self.entry_link(&article, &site.feed);
        let link = if site.feed.relative_links {
            self.base_url(article.site) + &link
        } else {
            link
        };
        let plain_link = format!("{}{}", self.base_url(article.site), article.linked_path);
        let mut requested_urls = vec![link, plain_link, article.canonical_url.clone()];
        requested_urls.dedup();
        let copy_of = article.copy_of.as_ref();
        let original = copy_of.and_then(|slug| self.articles.iter().find(|other| other.slug == *slug));
        let is_text = matches!(article.page, PageKind::Story | PageKind::Forbidden | PageKind::Moved);
        truth::Article {
            site: site.key.to_owned(),
            requested_urls,
            body: if is_text {
                site.design.gold(&article)
            } else {
                Vec::new()
            },
            kinds: article
                .blocks
                .iter()
                .filter(|_| is_text)
                .map(|block| block.kind)
                .collect(),
            language: article.language.to_owned(),
            fate: fate(&article),
            duplicate_of: original.map(|original| original.canonical_url.clone()),
            published_at: article.published(site).utc(),
            updated_at: article.corrected_at.map(|_| article.updated(site).utc()),
            released: index < self.released(),
            version: if article.corrected_at.is_some() { 2 } else { 1 },
            correctable: article.correction.is_some(),
            slug: article.slug,
            canonical_url: article.canonical_url,
            title: article.title,
            topics: article.topics,
            edits: article.edits,
            family: article.family,
            authors: article.authors,
            agency: article.agency,
            dateline: article.dateline,
            caption: article.caption,
        }
    }
}

fn fate(article: &Article) -> Fate {
    match article.page {
        PageKind::Listing => Fate::Filtered("listing_page".to_owned()),
        PageKind::Video => Fate::Filtered("no_article".to_owned()),
        PageKind::Gone | PageKind::Missing => Fate::NotFetched("gone".to_owned()),
        PageKind::Forbidden => Fate::NotFetched("robots".to_owned()),
        PageKind::Story | PageKind::Moved if article.copy_of.is_some() => Fate::Duplicate,
        PageKind::Story | PageKind::Moved => Fate::Published,
    }
}
