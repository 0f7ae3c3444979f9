//! A callback on loopback over a log in memory, and what a hub needs to talk to it.

use std::sync::Arc;

use fetcher::websub::keys::Keys;
use hmac::{Hmac, Mac as _};
use kit::log::memory::MemoryLog;
use kit::log::plan::TopicPlan;
use kit::log::{Log as _, Produce};
use kit::telemetry::{Metric, Telemetry};
use kit::websub;
use schemas::frontier::{Delivery, FrontierRecord};
use schemas::record::Record as _;
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;
use schemas::topic::Topic;
use sha2::Sha256;

pub(crate) const FEED: &str = "https://example.org/feed";
pub(crate) const TOPIC: &str = "https://example.org/feed?as=hub";
const SECRET: &str = "a secret of the operator";

fn noon() -> Timestamp {
    Timestamp::from_seconds(1_800_000_000)
}

pub(crate) struct Place {
    pub(crate) log: MemoryLog,
    pub(crate) telemetry: Telemetry,
    pub(crate) source: Source,
    address: String,
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

impl Place {
    /// A callback for a list of sources that holds the feed.
    pub(crate) fn new() -> Self {
        Self::with_partitions(8)
    }

    /// The same with a frontier of so many partitions; without any, its log takes nothing.
    pub(crate) fn with_partitions(hosts: u32) -> Self {
        let plan = TopicPlan {
            hosts,
            scripts: 1,
            keys: 1,
            replication: 1,
        };
        let log = MemoryLog::new(plan, noon());
        let telemetry = Telemetry::new();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(websub::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}/hooks/websub", listener.local_addr().unwrap());
        let settings = websub::Settings {
            keys: Keys::new(SECRET),
            base_path: "/hooks/websub".to_owned(),
            log: Arc::new(log.clone()),
            telemetry: telemetry.clone(),
            clock: noon,
        };
        runtime.spawn(websub::serve(listener, settings, std::future::pending()));
        let place = Self {
            log,
            telemetry,
            source: Source::of_url(FEED),
            address,
            runtime,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
        };
        place.list(&SourceChange::Set(place.source.clone()));
        place
    }

    pub(crate) fn list(&self, change: &SourceChange) {
        let record = Produce::new(change.encode().unwrap(), 0);
        self.log.append(vec![record]).unwrap();
    }

    /// The callback's URL for the topic, as a hub was given it.
    pub(crate) fn callback(&self, topic: &str) -> String {
        format!("{}{}", self.address, Keys::new(SECRET).path(&self.source.id, topic))
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        self.runtime.block_on(async {
            let response = request.send().await.unwrap();
            let status = response.status().as_u16();
            let content_type = response.headers().get("content-type");
            let content_type = content_type.map_or("", |value| value.to_str().unwrap()).to_owned();
            Reply {
                status,
                content_type,
                body: response.text().await.unwrap(),
            }
        })
    }

    /// What the hub hears that asks with these parameters.
    pub(crate) fn ask(&self, callback: &str, parameters: &[(&str, &str)]) -> Reply {
        let mut url = url::Url::parse(callback).unwrap();
        url.query_pairs_mut().extend_pairs(parameters);
        self.send(self.client.get(url.as_str()))
    }

    pub(crate) fn request(&self, method: &str, url: &str) -> Reply {
        self.send(self.client.request(method.parse().unwrap(), url))
    }

    /// What the hub hears that sends this.
    pub(crate) fn push(&self, callback: &str, signature: Option<&str>, body: &[u8]) -> Reply {
        let request = self.client.post(callback).header("content-type", "application/rss+xml");
        let request = match signature {
            Some(signature) => request.header("X-Hub-Signature", signature),
            None => request,
        };
        self.send(request.body(body.to_vec()))
    }

    /// The signature that the hub makes with the secret that it was given for the topic.
    pub(crate) fn signature(&self, topic: &str, body: &[u8]) -> String {
        let secret = Keys::new(SECRET).secret_of(&self.source.id, topic);
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(body);
        let bytes = mac.finalize().into_bytes();
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256={digits}")
    }

    /// What lies on the frontier, with its partition.
    pub(crate) fn deliveries(&self) -> Vec<(u32, Delivery)> {
        let delivery = |message: &kit::log::Message| match FrontierRecord::decode(message.incoming()).unwrap() {
            FrontierRecord::Delivery(delivery) => (message.partition, *delivery),
            other => panic!("{other:?}"),
        };
        self.log.records(Topic::Frontier).iter().map(delivery).collect()
    }

    pub(crate) fn counted(&self, outcome: &str) -> f64 {
        self.telemetry.value(Metric::WebsubPushes, &[outcome])
    }
}
