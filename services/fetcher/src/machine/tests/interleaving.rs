//! Any order of taking, asking, answering, waiting and crashing.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{ProptestConfig, Strategy, any};
use proptest::{collection, proptest};
use schemas::time::Timestamp;

use super::world::{World, failure, ok, rss, settings, status};
use crate::exchange::{Answer, FailureKind, Purpose, Request};
use crate::machine::Next;

const FEEDS: [&str; 4] = [
    "https://one.example/feed",
    "https://one.example/moved",
    "https://two.example/feed",
    "https://three.example/map.xml",
];

/// A world whose requests take time, so that several are under way at once.
struct Run {
    world: World,
    under_way: Vec<Request>,
    /// When each host was last done with, and the floor from then.
    done_at: BTreeMap<String, Timestamp>,
    /// Requests for each URL, so that some fail at first.
    asked: BTreeMap<String, usize>,
}

impl Run {
    fn new() -> Self {
        let mut world = World::new(&FEEDS);
        world.settings.poll_interval_min_seconds = 600;
        world.recall();
        Self {
            world,
            under_way: Vec::new(),
            done_at: BTreeMap::new(),
            asked: BTreeMap::new(),
        }
    }

    fn answer_of(&mut self, request: &Request) -> Answer {
        let asked = self.asked.entry(request.url.clone()).or_default();
        *asked += 1;
        let on = |host: &str, name: &str| format!("https://{host}.example/{name}");
        match request.url.as_str() {
            url if url.ends_with("/robots.txt") && url.contains("two") && *asked < 2 => status(503, &[], ""),
            url if url.ends_with("/robots.txt") => status(404, &[], ""),
            "https://one.example/feed" => ok(&rss(&[on("one", "a"), on("two", "b"), on("three", "c")])),
            "https://one.example/moved" => status(301, &[("location", "https://four.example/feed")], ""),
            "https://four.example/feed" => ok(&rss(&[on("four", "d"), on("one", "e")])),
            "https://two.example/feed" => ok(&rss(&[on("two", "f"), on("two", "gone"), on("five", "go")])),
            "https://three.example/map.xml" => ok(&format!(
                "<sitemapindex><sitemap><loc>{}</loc></sitemap><sitemap><loc>{}</loc></sitemap></sitemapindex>",
                on("three", "x.xml"),
                on("maps.three", "y.xml")
            )),
            "https://three.example/x.xml" => {
                ok(&format!("<urlset><url><loc>{}</loc></url></urlset>", on("three", "h")))
            }
            "https://maps.three.example/y.xml" => {
                ok(&format!("<urlset><url><loc>{}</loc></url></urlset>", on("four", "i")))
            }
            "https://two.example/gone" => status(404, &[], ""),
            "https://five.example/go" => status(302, &[("location", &on("six", "went"))], ""),
            _ if *asked < 2 => failure(FailureKind::Timeout),
            _ => ok("<p>story</p>"),
        }
    }

    fn start(&mut self) {
        let busy: BTreeSet<String> = self.under_way.iter().map(|request| request.host.clone()).collect();
        match self.world.fetcher.next(self.world.now, &busy) {
            Next::Request(request) => {
                assert!(!busy.contains(&request.host), "two requests at once: {request:?}");
                let floor = i64::from(settings().host_delay_ms);
                let since = self.done_at.get(&request.host);
                let gap = since.map_or(floor, |since| self.world.now.millis_since(*since));
                assert!(floor <= gap, "{gap} ms before {request:?}");
                self.under_way.push(*request);
            }
            Next::Decided(step) => self.world.commit(*step),
            Next::Wait(_) => {}
        }
    }

    fn answer(&mut self, pick: usize) {
        if self.under_way.is_empty() {
            return;
        }
        let request = self.under_way.remove(pick % self.under_way.len());
        let answer = self.answer_of(&request);
        let step = self.world.fetcher.answer(&request, answer, self.world.now);
        self.done_at.insert(request.host, self.world.now);
        self.world.commit(step);
    }

    /// The process dies with what is under way; the hosts have seen those requests.
    fn crash(&mut self) {
        for request in self.under_way.drain(..) {
            *self.asked.entry(request.url).or_default() += 1;
            self.done_at.insert(request.host, self.world.now);
        }
        self.world.recall();
    }

    fn act(&mut self, (action, pick): (u8, u16)) {
        match action % 16 {
            0..=5 => self.start(),
            6..=9 => self.answer(usize::from(pick)),
            10 | 11 if !self.world.frontier.is_empty() => {
                let record = self.world.frontier.remove(0);
                let step = self.world.fetcher.take(record, self.world.now);
                self.world.commit(step);
            }
            12 => self.crash(),
            _ => self.world.now = self.world.now.plus_millis(i64::from(pick) * 2),
        }
    }

    /// Lets everything that is left to do be done, without further accidents.
    fn finish(&mut self) {
        let end = self.world.now.plus_millis(12 * 3_600_000);
        while self.world.now < end {
            self.world.take();
            self.start();
            self.answer(0);
            self.world.now = self.world.now.plus_millis(1_000);
        }
    }
}

fn actions() -> impl Strategy<Value = Vec<(u8, u16)>> {
    collection::vec((any::<u8>(), any::<u16>()), 0..400)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn nothing_is_lost_nothing_is_fetched_twice_and_no_host_is_pressed(actions in actions()) {
        let mut run = Run::new();
        actions.into_iter().for_each(|action| run.act(action));
        run.finish();
        let mut ends: Vec<String> = run.world.fetched.iter().map(|fetched| fetched.trace.requested_url.clone()).collect();
        ends.extend(run.world.fates.iter().map(|(url, _)| url.clone()));
        ends.sort();
        let on = |host: &str, name: &str| format!("https://{host}.example/{name}");
        let mut expected = vec![
            on("one", "a"), on("two", "b"), on("three", "c"), on("four", "d"), on("one", "e"), on("two", "f"),
            on("two", "gone"), on("five", "go"), on("three", "h"), on("four", "i"),
        ];
        expected.sort();
        assert_eq!(ends, expected);
        let ids: BTreeSet<&str> = run.world.fetched.iter().map(|fetched| fetched.trace.fetch_id.as_str()).collect();
        assert_eq!(ids.len(), run.world.fetched.len());
        assert_eq!(run.world.fetcher.pending_count(), 0);
        let feeds: Vec<Purpose> = run.under_way.into_iter().map(|request| request.purpose).collect();
        assert_eq!(feeds, []);
    }
}
