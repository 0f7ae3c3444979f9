//! The newsroom, running beside the test.

use newsroom::truth::{Article, Truth};
use newsroom::{Newsroom, Options};
use serde_json::Value;

use crate::program::fail;

/// A newsroom and the runtime that serves it.
pub struct Press {
    runtime: tokio::runtime::Runtime,
    newsroom: Option<Newsroom>,
}

impl Press {
    /// A press with `initial` articles out, and `per_second` more as time goes by.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn start(initial: usize, per_second: f64) -> Self {
        Self::with(Options {
            initial,
            per_second,
            feed_length: 300,
            ..Options::default()
        })
    }

    /// A press with these options.
    ///
    /// # Panics
    /// When it can't be started.
    #[must_use]
    pub fn with(options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let Ok(runtime) = runtime else {
            fail("can't start a runtime for the newsroom")
        };
        match runtime.block_on(Newsroom::start(options)) {
            Ok(newsroom) => Self {
                runtime,
                newsroom: Some(newsroom),
            },
            Err(error) => fail(&format!("can't start the newsroom: {error}")),
        }
    }

    /// The newsroom itself.
    ///
    /// # Panics
    /// Never before it is dropped.
    #[must_use]
    pub fn newsroom(&self) -> &Newsroom {
        match &self.newsroom {
            Some(newsroom) => newsroom,
            None => fail("the newsroom has stopped"),
        }
    }

    /// The arguments of `copydesk` that add all feeds, each to be polled every second.
    #[must_use]
    pub fn sources_add(&self) -> Vec<String> {
        self.sources_add_every(1)
    }

    /// The arguments of `copydesk` that add all feeds, each to be polled every so many `seconds`.
    #[must_use]
    pub fn sources_add_every(&self, seconds: u64) -> Vec<String> {
        let words = ["sources", "add", "--poll-interval-seconds"].map(str::to_owned);
        words
            .into_iter()
            .chain([seconds.to_string()])
            .chain(self.newsroom().feeds().into_iter().map(|feed| feed.url))
            .collect()
    }

    /// What should come out.
    #[must_use]
    pub fn truth(&self) -> Truth {
        self.newsroom().truth()
    }

    /// True when every entry of the truth table has a fate among `fates`.
    #[must_use]
    pub fn is_settled(&self, fates: &[Value]) -> bool {
        let known: std::collections::BTreeSet<&str> =
            fates.iter().filter_map(|fate| fate["requested_url"].as_str()).collect();
        let has_fate = |urls: &[String]| urls.iter().any(|url| known.contains(url.as_str()));
        self.truth()
            .articles
            .iter()
            .all(|article| has_fate(&article.requested_urls))
    }

    /// Whether there is an article that [`Self::correct_one`] could correct.
    #[must_use]
    pub fn can_correct(&self, wanted: impl Fn(&Article) -> bool) -> bool {
        let mut articles = self.truth().articles.into_iter();
        articles.any(|article| article.released && article.correctable && wanted(&article))
    }

    /// Puts out the correction of the first article that is out and has one, among those of which `wanted` says so.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn correct_one(&self, wanted: impl Fn(&Article) -> bool) -> Article {
        let can = |article: &&Article| article.released && article.correctable && wanted(article);
        let Some(article) = self.truth().articles.into_iter().find(|article| can(&article)) else {
            fail("no article can be corrected")
        };
        match self.newsroom().correct(&article.slug) {
            Ok(corrected) => corrected,
            Err(error) => fail(&error.to_string()),
        }
    }

    /// Every request so far, in order of arrival.
    #[must_use]
    pub fn hits(&self) -> Vec<newsroom::Hit> {
        self.newsroom().access_log()
    }
}

impl Drop for Press {
    fn drop(&mut self) {
        if let Some(newsroom) = self.newsroom.take() {
            self.runtime.block_on(newsroom.stop());
        }
    }
}
