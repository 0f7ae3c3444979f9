//! The newsroom, running beside the test.

use newsroom::truth::{Fate, Truth};
use newsroom::{Newsroom, Options};
use serde_json::Value;

/// A newsroom and the runtime that serves it.
pub(crate) struct Press {
    runtime: tokio::runtime::Runtime,
    newsroom: Option<Newsroom>,
}

impl Press {
    /// A press with `initial` articles out, and `per_second` more as time goes by.
    pub(crate) fn start(initial: usize, per_second: f64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let options = Options {
            initial,
            per_second,
            feed_length: 300,
            ..Options::default()
        };
        let newsroom = runtime.block_on(Newsroom::start(options)).unwrap();
        Self {
            runtime,
            newsroom: Some(newsroom),
        }
    }

    fn newsroom(&self) -> &Newsroom {
        self.newsroom.as_ref().unwrap()
    }

    /// The arguments of `copydesk` that add all feeds.
    pub(crate) fn sources_add(&self) -> Vec<String> {
        let words = ["sources", "add", "--poll-interval-seconds", "1"].map(str::to_owned);
        words
            .into_iter()
            .chain(self.newsroom().feeds().into_iter().map(|feed| feed.url))
            .collect()
    }

    /// What should come out.
    pub(crate) fn truth(&self) -> Truth {
        self.newsroom().truth()
    }

    /// True when every entry of the truth table has a fate among `fates`.
    pub(crate) fn is_settled(&self, fates: &[Value]) -> bool {
        let known: std::collections::BTreeSet<&str> =
            fates.iter().filter_map(|fate| fate["requested_url"].as_str()).collect();
        let has_fate = |urls: &[String]| urls.iter().any(|url| known.contains(url.as_str()));
        self.truth()
            .articles
            .iter()
            .all(|article| has_fate(&article.requested_urls))
    }

    /// How often each page was asked for, by site and path.
    pub(crate) fn hits(&self) -> Vec<newsroom::Hit> {
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

/// The fate of the truth table in the words of the fates topic.
pub(crate) fn fate_words(fate: &Fate) -> (String, Option<String>) {
    let value = serde_json::to_value(fate).unwrap();
    (
        value["fate"].as_str().unwrap().to_owned(),
        value["reason"].as_str().map(str::to_owned),
    )
}
