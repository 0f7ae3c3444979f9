//! Judges a client's manners from the access log alone.
//!
//! The judge knows nothing of the client: several instances of it, restarts and kills are all one client to a site.
//! What a kill excuses is said in [`Rules::interrupted_ms`], and it excuses little: an answer that was lost may be
//! asked for again, but never sooner than the floor allows.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::access::Hit;

/// The path of every site's robots.txt.
const ROBOTS: &str = "/robots.txt";
/// Control paths of the newsroom itself, which tests ask for.
const CONTROL: &str = "/-/";
/// How long a robots.txt that could be had is good for (RFC 9309, section 2.4).
const ROBOTS_LIFETIME_MS: u64 = 24 * 60 * 60 * 1000;

/// What is polite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rules {
    /// The least time between the end of one request to a site and the start of the next, in milliseconds.
    pub floor_ms: u64,
    /// How much sooner a request may come: the log's clock is in whole milliseconds, an answer's end is noted when it
    /// is handed to the socket, and dates in `Retry-After` are whole seconds (those get a second more).
    pub tolerance_ms: u64,
    /// The least time between two requests for one feed, from start to start.
    pub feed_interval_ms: u64,
    /// When the client, or one instance of it, was killed, in milliseconds of the access log. A robots.txt or feed
    /// whose last request before such a moment was lost may be asked for again.
    pub interrupted_ms: Vec<u64>,
    /// What is peculiar to each site, by its key. A site that is not here has no rules of its own.
    pub sites: BTreeMap<String, SiteRules>,
}

/// What one site asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct SiteRules {
    /// Its crawl-delay in milliseconds; counts where it is longer than the floor.
    pub crawl_delay_ms: u64,
    /// The paths of its feeds, which robots.txt does not govern: the operator subscribed to them.
    pub feeds: Vec<String>,
    /// How the paths of its pages start: none of them before robots.txt was asked for.
    pub page_prefixes: Vec<String>,
    /// How the paths start that its robots.txt forbids.
    pub disallowed_prefixes: Vec<String>,
}

/// What was impolite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// A request began while another one to the same site was under way.
    TwoAtOnce,
    /// A request came too soon after the one before.
    TooSoon,
    /// A page was asked for before robots.txt had been answered.
    PageBeforeRobots,
    /// A robots.txt that could be had was asked for again within a day.
    RobotsAgain,
    /// A path was asked for that robots.txt forbids.
    Disallowed,
    /// A request came before the time that the site had named in `Retry-After`.
    BeforeRetryAfter,
    /// A feed was asked for twice within its interval.
    FeedAgain,
    /// The request did not say who asks.
    Nameless,
}

/// One request that was impolite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offence {
    /// In what way.
    pub manner: Manner,
    /// The key of the site.
    pub site: String,
    /// Path and query of the request.
    pub path: String,
    /// When it arrived, in milliseconds of the access log.
    pub at_ms: u64,
    /// By how many milliseconds it came too soon; 0 where that is not the offence.
    pub too_soon_ms: u64,
}

impl fmt::Display for Offence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            manner,
            site,
            path,
            at_ms,
            too_soon_ms,
        } = self;
        write!(
            formatter,
            "{manner:?} at {at_ms} ms: {site}{path} ({too_soon_ms} ms too soon)"
        )
    }
}

/// Every offence, in order of time. `hits` are in order of arrival, as the access log has them.
#[must_use]
pub fn judge(hits: &[Hit], rules: &Rules) -> Vec<Offence> {
    let mut by_site: BTreeMap<&str, Vec<&Hit>> = BTreeMap::new();
    for hit in hits.iter().filter(|hit| !hit.path.starts_with(CONTROL)) {
        by_site.entry(&hit.site).or_default().push(hit);
    }
    let no_rules = SiteRules::default();
    let mut offences = Vec::new();
    for (site, hits) in by_site {
        let judge = SiteJudge {
            rules,
            site: rules.sites.get(site).unwrap_or(&no_rules),
            hits: &hits,
        };
        for index in 0..hits.len() {
            offences.extend(judge.offences(index));
        }
    }
    offences.sort_by_key(|offence| offence.at_ms);
    offences
}

/// The requests to one site, in order of arrival.
struct SiteJudge<'log> {
    rules: &'log Rules,
    site: &'log SiteRules,
    hits: &'log [&'log Hit],
}

impl SiteJudge<'_> {
    fn offences(&self, index: usize) -> Vec<Offence> {
        let hit = self.hits[index];
        let found = [
            (Manner::TwoAtOnce, (1 < hit.open_on_site).then_some(0)),
            (Manner::TooSoon, self.too_soon(index)),
            (Manner::PageBeforeRobots, self.page_before_robots(index)),
            (Manner::RobotsAgain, self.robots_again(index)),
            (
                Manner::Disallowed,
                starts(&hit.path, &self.site.disallowed_prefixes).then_some(0),
            ),
            (Manner::BeforeRetryAfter, self.before_retry_after(index)),
            (Manner::FeedAgain, self.feed_again(index)),
            (Manner::Nameless, hit.user_agent.trim().is_empty().then_some(0)),
        ];
        let found = found
            .into_iter()
            .filter_map(|(manner, too_soon)| Some((manner, too_soon?)));
        found
            .map(|(manner, too_soon_ms)| Offence {
                manner,
                site: hit.site.clone(),
                path: hit.path.clone(),
                at_ms: hit.at_ms,
                too_soon_ms,
            })
            .collect()
    }

    /// Milliseconds by which the request came before `due_ms`, if by more than `tolerance_ms`.
    fn early(at_ms: u64, due_ms: u64, tolerance_ms: u64) -> Option<u64> {
        (at_ms.saturating_add(tolerance_ms) < due_ms).then(|| due_ms - at_ms)
    }

    fn too_soon(&self, index: usize) -> Option<u64> {
        let at_ms = self.hits[index].at_ms;
        // Requests that were still under way are another offence.
        let ended = self.hits[..index].iter().filter_map(|earlier| earlier.ended_ms);
        let ended = ended.filter(|ended| *ended <= at_ms).max()?;
        let gap = self
            .rules
            .floor_ms
            .max(self.site.crawl_delay_ms * u64::from(self.knows_robots(index)));
        Self::early(
            self.hits[index].at_ms,
            ended.saturating_add(gap),
            self.rules.tolerance_ms,
        )
    }

    /// Whether robots.txt, and so the crawl-delay, had been answered before request `index` began.
    fn knows_robots(&self, index: usize) -> bool {
        let at_ms = self.hits[index].at_ms;
        let answered = |earlier: &&Hit| earlier.path == ROBOTS && earlier.ended_ms.is_some_and(|ended| ended <= at_ms);
        self.hits[..index].iter().any(answered)
    }

    fn page_before_robots(&self, index: usize) -> Option<u64> {
        let hit = self.hits[index];
        let is_page =
            starts(&hit.path, &self.site.page_prefixes) && hit.path != ROBOTS && !self.site.feeds.contains(&hit.path);
        (is_page && !self.knows_robots(index)).then_some(0)
    }

    fn robots_again(&self, index: usize) -> Option<u64> {
        if self.hits[index].path != ROBOTS {
            return None;
        }
        let earlier = self.last_of_path(index)?;
        // A failure or a redirect that leads nowhere may be asked again; pacing still holds.
        let was_had = matches!(earlier.status, 200..=299 | 400..=499) && earlier.status != 429;
        let due = earlier.at_ms.saturating_add(ROBOTS_LIFETIME_MS);
        let early = Self::early(self.hits[index].at_ms, due, self.rules.tolerance_ms)?;
        (was_had && !self.lost_between(earlier, index)).then_some(early)
    }

    fn before_retry_after(&self, index: usize) -> Option<u64> {
        let at_ms = self.hits[index].at_ms;
        let pauses = self.hits[..index].iter().filter_map(|earlier| {
            let until = earlier.ended_ms?.saturating_add(earlier.retry_after_ms?);
            Self::early(at_ms, until, self.rules.tolerance_ms + 1000)
        });
        pauses.max()
    }

    fn feed_again(&self, index: usize) -> Option<u64> {
        let hit = self.hits[index];
        if !self.site.feeds.contains(&hit.path) {
            return None;
        }
        let earlier = self.last_of_path(index)?;
        let due = earlier.at_ms.saturating_add(self.rules.feed_interval_ms);
        let early = Self::early(hit.at_ms, due, self.rules.tolerance_ms)?;
        // A feed that redirects to itself is asked for again within the same poll.
        let redirected = matches!(earlier.status, 300..=399) && earlier.status != 304;
        (!redirected && !self.lost_between(earlier, index)).then_some(early)
    }

    fn last_of_path(&self, index: usize) -> Option<&Hit> {
        let path = &self.hits[index].path;
        self.hits[..index]
            .iter()
            .rev()
            .find(|earlier| earlier.path == *path)
            .copied()
    }

    /// Whether the client was killed after `earlier` arrived and before request `index` did, with nothing of this
    /// path asked for since: one kill excuses one repetition.
    fn lost_between(&self, earlier: &Hit, index: usize) -> bool {
        let between = earlier.at_ms..=self.hits[index].at_ms;
        self.rules.interrupted_ms.iter().any(|killed| between.contains(killed))
    }
}

fn starts(path: &str, prefixes: &[String]) -> bool {
    prefixes.iter().any(|prefix| path.starts_with(prefix.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{Manner, Rules, SiteRules, judge};
    use crate::access::Hit;

    fn rules() -> Rules {
        let site = SiteRules {
            crawl_delay_ms: 0,
            feeds: vec!["/feed".to_owned()],
            page_prefixes: vec!["/".to_owned()],
            disallowed_prefixes: vec!["/desk/".to_owned()],
        };
        let slow = SiteRules {
            crawl_delay_ms: 2_000,
            ..site.clone()
        };
        Rules {
            floor_ms: 100,
            tolerance_ms: 5,
            feed_interval_ms: 1_000,
            interrupted_ms: vec![50_000],
            sites: [("a".to_owned(), site), ("slow".to_owned(), slow)].into(),
        }
    }

    /// `site path start end status`, one request a line, `-` for no end; `retry=MS` and `open=N` may follow.
    fn check(log: &str, expected: &[(Manner, u64)]) {
        let hits: Vec<_> = log
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(hit)
            .collect();
        let offences = judge(&hits, &rules());
        let got: Vec<_> = offences.iter().map(|offence| (offence.manner, offence.at_ms)).collect();
        assert_eq!(got, expected, "{log}");
    }

    fn hit(line: &str) -> Hit {
        let words: Vec<_> = line.split_whitespace().collect();
        let option = |name: &str| {
            words
                .iter()
                .find_map(|word| word.strip_prefix(name)?.parse::<u64>().ok())
        };
        Hit {
            site: words[0].to_owned(),
            path: words[1].to_owned(),
            at_ms: words[2].parse().unwrap(),
            ended_ms: words[3].parse().ok(),
            status: words[4].parse().unwrap(),
            retry_after_ms: option("retry="),
            open_on_site: usize::try_from(option("open=").unwrap_or(1)).unwrap(),
            user_agent: if words.contains(&"nameless") { "" } else { "copydesk/1" }.to_owned(),
            ..Hit::default()
        }
    }

    #[test]
    fn a_polite_client_is_not_accused() {
        check(
            "a /feed 0 10 200
             a /robots.txt 110 115 200
             b /page 111 112 200
             a /1 215 230 200
             a /2 326 330 404
             a /feed 1000 1010 304
             a /-/access.json 1011 1012 200
             a /feed 2000 2010 503 retry=4000
             a /feed 6010 6020 200",
            &[],
        );
    }

    #[test]
    fn pace_is_kept_from_end_to_start() {
        check("a /robots.txt 0 50 200\na /1 144 150 200", &[(Manner::TooSoon, 144)]);
        check("a /robots.txt 0 50 200\na /1 145 150 200", &[]);
        // A request that is still under way is the longest of all.
        check(
            "a /feed 0 - 0\na /feed 9000 9001 200 open=2",
            &[(Manner::TwoAtOnce, 9000)],
        );
        // The end that counts is the latest, not that of the request before.
        check(
            "a /robots.txt 0 10 200\na /1 110 900 200\na /2 400 450 200 open=2\na /3 960 970 200",
            &[(Manner::TwoAtOnce, 400), (Manner::TooSoon, 960)],
        );
    }

    #[test]
    fn a_crawl_delay_counts_once_it_is_known() {
        check(
            "slow /feed 0 1 200\nslow /robots.txt 101 110 200\nslow /1 2110 2120 200\nslow /2 3000 3010 200",
            &[(Manner::TooSoon, 3000)],
        );
    }

    #[test]
    fn robots_comes_before_pages_and_once_a_day() {
        check("a /1 0 1 200", &[(Manner::PageBeforeRobots, 0)]);
        check("b /1 0 1 200", &[]);
        check(
            "a /robots.txt 0 1 404\na /robots.txt 9000 9001 404",
            &[(Manner::RobotsAgain, 9000)],
        );
        check("a /robots.txt 0 1 503\na /robots.txt 9000 9001 200", &[]);
        check("a /robots.txt 0 1 200\na /robots.txt 86400000 86400001 200", &[]);
        check(
            "a /robots.txt 0 1 200\na /desk/1 200 201 200",
            &[(Manner::Disallowed, 200)],
        );
    }

    #[test]
    fn feeds_are_asked_for_once_an_interval() {
        check("a /feed 0 1 200\na /feed 900 901 200", &[(Manner::FeedAgain, 900)]);
        check("a /feed 0 1 302\na /feed 900 901 302", &[]);
    }

    #[test]
    fn a_kill_excuses_a_repetition_but_no_haste() {
        check("a /robots.txt 49000 49001 200\na /robots.txt 51000 51001 200", &[]);
        check("a /feed 49990 49991 200\na /feed 50200 50201 200", &[]);
        check(
            "a /feed 49990 49991 200\na /feed 50010 50011 200",
            &[(Manner::TooSoon, 50010)],
        );
    }

    #[test]
    fn sites_are_obeyed_and_told_who_asks() {
        check(
            "b /1 0 1 429 retry=4000\nb /2 2500 2501 200",
            &[(Manner::BeforeRetryAfter, 2500)],
        );
        check("b /1 0 1 200 nameless", &[(Manner::Nameless, 0)]);
    }
}
