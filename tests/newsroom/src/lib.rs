//! A small press of invented news sites on loopback addresses, with a truth table.
//!
//! It serves ten sites of ten page designs (a table layout, an AMP page, a WordPress theme, …), each on a port of its
//! own, with feeds, robots.txt, validators and the clutter that real pages carry. All articles are our own writing and
//! lie in `seeds/newsroom`. Because we wrote them, the right answer is known for every page: see [`truth`].
//!
//! It does not know the pipeline: it only answers HTTP requests, and remembers who asked.
//!
//! Besides the press there are sites that misbehave, one for each way to do so, each with what should come of it: see
//! [`misbehaviour`]. They are off unless [`Options::hostile`] asks for them. [`politeness`] judges a client by the log.
//!
//! Every site also answers `/-/truth.json`, `/-/access.json` and `/-/hostile.json`, for tests that run outside of its
//! process.
//!
//! Start reading at [`Newsroom::start`]; then `seed` (how a story is written down), `edition` (stories become articles
//! on sites, copies included), `design` (an article becomes a page), `site` (what is peculiar to each site).

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;
use tokio::task::JoinHandle;

mod access;
mod calendar;
mod control;
mod design;
mod edition;
mod edits;
mod feed;
mod house_style;
mod markup;
pub mod misbehaviour;
pub mod politeness;
mod press;
mod seed;
mod server;
mod site;
pub mod truth;
mod validator;

pub use access::Hit;
use misbehaviour::Hostile;
use press::Press;

/// How a newsroom is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to bind, an IP address: `127.0.0.1`, or `0.0.0.0` in a container.
    pub listen_address: String,
    /// The port of the first site, the others follow; 0 lets the system choose free ports.
    pub base_port: u16,
    /// The host name in all links; without it the bound address is used.
    pub host_name: Option<String>,
    /// How many articles are out at the start, oldest first; `usize::MAX` for all.
    pub initial: usize,
    /// How many more come out in each second; 0 for none but those of [`Newsroom::publish_more`].
    pub per_second: f64,
    /// How many entries a feed lists at most, newest first.
    pub feed_length: usize,
    /// The time of the first article in seconds since 1970; without it, such that the last article is from just now.
    pub first_published_at: Option<i64>,
    /// Whether the misbehaving sites are there too, on the ports behind those of the press.
    pub hostile: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen_address: "127.0.0.1".to_owned(),
            base_port: 0,
            host_name: None,
            initial: usize::MAX,
            per_second: 0.0,
            feed_length: 50,
            first_published_at: None,
            hostile: false,
        }
    }
}

/// One feed to give to the pipeline as a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Feed {
    /// Where it is served.
    pub url: String,
    /// The key of its site, for example `courier`.
    pub site: String,
    /// `rss`, `rss-content`, `atom`, `json` or `rdf`.
    pub kind: String,
    /// The language of most of its articles (BCP 47).
    pub language: String,
}

/// Why a newsroom does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address could not be bound.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A story file is not in the form that `seed` describes.
    #[error("seed story {story}: {problem}")]
    Seed {
        /// The story's slug, or the file's first words.
        story: String,
        /// What is wrong with it.
        problem: String,
    },
}

/// Why an article was not corrected.
#[derive(Debug, thiserror::Error)]
#[error("no article {slug} with a correction is out")]
pub struct NotCorrected {
    /// The slug that was asked for.
    pub slug: String,
}

/// A running newsroom. Dropping it stops it.
#[derive(Debug)]
pub struct Newsroom {
    press: Arc<Press>,
    stop: watch::Sender<bool>,
    servers: Vec<JoinHandle<()>>,
}

impl Newsroom {
    /// Binds one port for each site and serves them until [`Newsroom::stop`].
    ///
    /// # Errors
    /// When an address cannot be bound or a seed file is malformed.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let (listeners, addresses) = server::bind(&options).await?;
        let hostile = match options.hostile {
            true => Some(misbehaviour::bind(&options).await?),
            false => None,
        };
        let press = Arc::new(Press::new(options, addresses)?);
        let (stop, stopped) = watch::channel(false);
        let mut servers = Vec::new();
        if let Some(bound) = hostile {
            // Before the press is up, so that whoever can ask it for the table gets it whole.
            let (table, hostile_servers) = misbehaviour::serve(bound, &press, &stopped).await;
            press.set_hostile(table);
            servers.extend(hostile_servers);
        }
        let press_servers = listeners
            .into_iter()
            .enumerate()
            .map(|(site, listener)| tokio::spawn(server::serve(listener, Arc::clone(&press), site, stopped.clone())));
        servers.extend(press_servers);
        Ok(Self { press, stop, servers })
    }

    /// The feeds of all sites.
    #[must_use]
    pub fn feeds(&self) -> Vec<Feed> {
        (0..site::SITES.len())
            .map(|index| {
                let site = &site::SITES[index];
                Feed {
                    url: self.press.feed_url(index),
                    site: site.key.to_owned(),
                    kind: site.feed.kind.name().to_owned(),
                    language: site.language.to_owned(),
                }
            })
            .collect()
    }

    /// The misbehaving sites and what should come of each; none without [`Options::hostile`].
    #[must_use]
    pub fn hostile(&self) -> Vec<Hostile> {
        self.press.hostile().to_vec()
    }

    /// What is polite on all sites, for a client that is configured with this floor between requests to a host and
    /// this least interval between polls of a feed, both in milliseconds.
    #[must_use]
    pub fn politeness(&self, floor_ms: u64, feed_interval_ms: u64) -> politeness::Rules {
        politeness::Rules {
            floor_ms,
            tolerance_ms: 5,
            feed_interval_ms,
            interrupted_ms: Vec::new(),
            sites: site::politeness()
                .into_iter()
                .chain(misbehaviour::politeness(self.press.hostile()))
                .collect(),
        }
    }

    /// The right answer for every article, those that are not out yet included.
    #[must_use]
    pub fn truth(&self) -> truth::Truth {
        self.press.truth()
    }

    /// Puts out the next `count` articles.
    pub fn publish_more(&self, count: usize) {
        self.press.publish_more(count);
    }

    /// How many articles are out now, and how many there are.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.press.released(), self.press.article_count())
    }

    /// Puts out the corrected version of an article: same URL, later feed date. [`truth::Article::correctable`] says
    /// which articles have one.
    ///
    /// # Errors
    /// When there is no such article, it is not out, or it has no correction.
    pub fn correct(&self, slug: &str) -> Result<truth::Article, NotCorrected> {
        self.press
            .correct(slug)
            .ok_or_else(|| NotCorrected { slug: slug.to_owned() })
    }

    /// Milliseconds since the start, on the clock of the access log.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        self.press.access.now_ms()
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn access_log(&self) -> Vec<Hit> {
        self.press.access.hits()
    }

    /// Stops all sites. Requests under way get two seconds.
    pub async fn stop(self) {
        // A closed channel means that every server has ended already.
        self.stop.send(true).ok();
        for mut server in self.servers {
            if tokio::time::timeout(Duration::from_secs(2), &mut server).await.is_err() {
                server.abort();
            }
        }
    }
}
