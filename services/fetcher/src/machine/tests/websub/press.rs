//! A site with a feed, its hub, and what both say.

use schemas::frontier::{Delivery, ErrandPurpose, FrontierRecord, HeaderLine, HubMode, Outcome};
use schemas::memory::fetcher::FetcherMemory;
use schemas::memory::lease::LeaseState;
use schemas::source::Source;
use schemas::time::Timestamp;

use super::super::world::{Origin, World, rss, status};
use crate::exchange::{Purpose, Request};
use crate::websub;
use crate::websub::keys::Keys;

pub(super) const FEED: &str = "https://example.org/feed";
pub(super) const TOPIC: &str = "https://example.org/feed?self";
pub(super) const HUB: &str = "https://hub.example/";
pub(super) const LINKS: &str = "<https://hub.example/>; rel=\"hub\", <https://example.org/feed?self>; rel=\"self\"";

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// A world whose feed shows what `stories` says at the time, and whose hub answers with `hub`.
pub(super) struct Press {
    pub(super) world: World,
    pub(super) origin: Origin,
}

pub(super) fn stories(count: i64) -> Vec<String> {
    (0..count)
        .map(|number| format!("https://example.org/story/{number}"))
        .collect()
}

impl Press {
    pub(super) fn new(links: &'static str, hub: u16, shown: impl Fn(Timestamp) -> i64 + 'static) -> Self {
        let origin: Origin = Box::new(move |request, now| match &request.purpose {
            Purpose::Robots(_) | Purpose::Tdm(_) => status(404, &[], ""),
            Purpose::Errand(_) => status(hub, &[], "as you wish"),
            Purpose::Feed(_) => status(200, &[("Link", links)], &rss(&stories(shown(now)))),
            Purpose::Page => status(200, &[], "<html>story</html>"),
        });
        let mut world = World::new(&[FEED]);
        world.settings.websub = Some(websub::Settings {
            callback_url: "https://news.example/websub".to_owned(),
            keys: Keys::new("a secret of the operator"),
            lease_seconds: 864_000,
            poll_factor: 6,
        });
        world.recall();
        Self { world, origin }
    }

    pub(super) fn run_for(&mut self, seconds: i64) {
        self.world.run_for(seconds, &mut self.origin);
    }

    pub(super) fn deliver(&mut self, purpose: ErrandPurpose, outcome: Outcome) {
        self.world.frontier.push(FrontierRecord::Delivery(Box::new(Delivery {
            purpose,
            owner: "example.org".to_owned(),
            url: FEED.to_owned(),
            asked_at: self.world.now,
            answered_at: self.world.now,
            pushed: true,
            outcome,
            ..Delivery::default()
        })));
        self.world.take();
    }

    pub(super) fn say(&mut self, topic: &str, outcome: Outcome) {
        let purpose = ErrandPurpose::Hub {
            source_id: Source::of_url(FEED).id,
            topic: topic.to_owned(),
            mode: HubMode::Subscribe,
        };
        self.deliver(purpose, outcome);
    }

    /// The hub asked the callback, which said yes.
    pub(super) fn grant(&mut self, lease_seconds: u32) {
        let lease_seconds = Some(lease_seconds);
        self.say(TOPIC, Outcome::Granted { lease_seconds });
    }

    pub(super) fn push(&mut self, body: &str) {
        let source_id = Source::of_url(FEED).id;
        let content_type = HeaderLine {
            name: "content-type".to_owned(),
            value: "application/rss+xml".to_owned(),
        };
        let outcome = Outcome::Response {
            status: 200,
            headers: vec![content_type],
            body: body.as_bytes().to_vec(),
        };
        self.deliver(ErrandPurpose::Feed { source_id }, outcome);
    }

    pub(super) fn lease(&self) -> Option<LeaseState> {
        self.world.memory.values().find_map(|change| match change {
            FetcherMemory::Lease(lease) => Some(lease.clone()),
            _ => None,
        })
    }

    pub(super) fn asked(&self) -> Vec<&Request> {
        let to_hub = |request: &&Request| request.url == HUB;
        self.world
            .requests
            .iter()
            .map(|(_, request)| request)
            .filter(to_hub)
            .collect()
    }

    pub(super) fn polls(&self) -> usize {
        self.world.requested(FEED)
    }
}

pub(super) fn field<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request.form.iter().find(|(known, _)| known == name)?;
    Some(&found.1)
}
