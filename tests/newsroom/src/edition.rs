//! Stories become articles on sites: each gets its place, its minute and its URL; copies come after their originals.

use crate::StartError;
use crate::calendar::Moment;
use crate::edits;
use crate::markup::plain;
use crate::seed::{self, Block, PageKind, Story};
use crate::site::{self, SITES, Site};

/// Minutes between one story and the next.
const MINUTES_APART: i64 = 7;
/// Minutes between a story and its first copy, and between that and the next.
const MINUTES_TO_COPY: i64 = 24;

/// One article on one site.
#[derive(Debug, Clone)]
pub(crate) struct Article {
    pub(crate) slug: String,
    pub(crate) site: usize,
    /// Six digits, for URLs and pictures.
    pub(crate) number: u32,
    pub(crate) language: &'static str,
    pub(crate) title: String,
    pub(crate) topics: Vec<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) agency: Option<String>,
    pub(crate) dateline: Option<String>,
    pub(crate) caption: Option<String>,
    pub(crate) page: PageKind,
    pub(crate) family: Option<String>,
    pub(crate) correction: Option<(usize, String)>,
    pub(crate) blocks: Vec<Block>,
    /// The slug of the article that this one is a copy of.
    pub(crate) copy_of: Option<String>,
    pub(crate) edits: Vec<String>,
    /// Seconds since 1970, whole minutes.
    pub(crate) published_at: i64,
    /// Seconds since 1970.
    pub(crate) corrected_at: Option<i64>,
    /// Path and query of the page.
    pub(crate) path: String,
    /// Path and query that the feed links to, without tracking parameters.
    pub(crate) linked_path: String,
    pub(crate) canonical_url: String,
}

impl Article {
    /// The beginning of the text, for descriptions and feeds.
    pub(crate) fn summary(&self) -> String {
        let first = self
            .blocks
            .first()
            .map(|block| plain(&crate::markup::inline(&block.text)))
            .unwrap_or_default();
        let end = first.char_indices().map(|(at, _)| at).nth(180).unwrap_or(first.len());
        if end == first.len() {
            return first;
        }
        let cut = first[..end].rfind(' ').unwrap_or(end);
        format!("{}…", first[..cut].trim_end_matches([',', ';', ' ']))
    }

    pub(crate) fn published(&self, site: &Site) -> Moment {
        Moment::new(self.published_at, site.offset_hours)
    }

    pub(crate) fn updated(&self, site: &Site) -> Moment {
        Moment::new(self.corrected_at.unwrap_or(self.published_at), site.offset_hours)
    }

    /// Puts in the corrected paragraph.
    pub(crate) fn correct(&mut self, at: i64) {
        if let Some((number, text)) = self.correction.clone()
            && let Some(block) = number.checked_sub(1).and_then(|index| self.blocks.get_mut(index))
        {
            block.text = text;
            self.corrected_at = Some(at);
        }
    }
}

/// All articles, oldest first. `bases` are the addresses of the sites; without `first_published_at` the last article
/// is from `now`.
pub(crate) fn articles(
    bases: &[String],
    first_published_at: Option<i64>,
    now: i64,
) -> Result<Vec<Article>, StartError> {
    let mut planned = plan()?;
    planned.sort_by(|left, right| (left.0, &left.1.slug).cmp(&(right.0, &right.1.slug)));
    let last_minute = planned.last().map_or(0, |(minute, ..)| *minute);
    let first = first_published_at.unwrap_or(now - last_minute * 60);
    let first = first - first.rem_euclid(60);
    planned
        .into_iter()
        .map(|(minute, story, copy)| article(bases, first + minute * 60, story, copy))
        .collect()
}

/// The slug of the original, and the edits.
type CopyOf = Option<(String, Vec<String>)>;

/// Each story and copy with its minute. Stories of all desks are mixed by a hash, so that a few minutes hold many
/// topics, languages and sites.
fn plan() -> Result<Vec<(i64, Story, CopyOf)>, StartError> {
    let mut stories = seed::stories()?;
    stories.sort_by_key(|story| hash(&story.slug));
    let mut planned = Vec::new();
    let mut minute = 0;
    for story in stories {
        let mut copy_minute = minute + MINUTES_TO_COPY;
        for line in &story.copies {
            let copy = edits::copy(&story, line)?;
            planned.push((copy_minute, copy.story, Some((story.slug.clone(), copy.edits))));
            copy_minute += MINUTES_TO_COPY;
        }
        planned.push((minute, story, None));
        minute += MINUTES_APART;
    }
    Ok(planned)
}

fn article(bases: &[String], published_at: i64, story: Story, copy: CopyOf) -> Result<Article, StartError> {
    let problem = |problem: String| StartError::Seed {
        story: story.slug.clone(),
        problem,
    };
    let site = site::index(&story.site).ok_or_else(|| problem(format!("no site {}", story.site)))?;
    let number = 100_000 + u32::try_from(hash(&story.slug) % 900_000).unwrap_or(0);
    let name = story.slug.split('@').next().unwrap_or_default();
    let usual_path = SITES[site].path(name, number, published_at);
    let path = if story.page == PageKind::Forbidden {
        format!("/premium/{number}")
    } else {
        usual_path
    };
    let linked_path = if story.page == PageKind::Moved {
        format!("/go/{number}")
    } else {
        path.clone()
    };
    let (copy_of, edits) = copy.unzip();
    let design = &SITES[site].design;
    Ok(Article {
        site,
        number,
        language: story.language,
        title: story.title,
        topics: story.topics,
        authors: story.author.into_iter().filter(|_| design.shows_author()).collect(),
        dateline: story.dateline.filter(|_| design.shows_dateline()),
        caption: story.caption.filter(|_| design.shows_caption()),
        agency: story.agency,
        page: story.page,
        family: story.family,
        correction: story.correction,
        blocks: story.blocks,
        copy_of,
        edits: edits.unwrap_or_default(),
        published_at,
        corrected_at: None,
        canonical_url: format!("{}{path}", bases.get(site).map_or("", String::as_str)),
        path,
        linked_path,
        slug: story.slug,
    })
}

/// FNV-1a, finished by a multiply and shift so that like slugs part: the same order on every machine.
fn hash(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8
}
