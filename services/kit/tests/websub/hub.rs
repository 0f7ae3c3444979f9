//! The whole way: a feed names a hub, the fetcher subscribes, the hub asks the callback and pushes, the page is fetched.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use fetcher::settings::Settings;
use fetcher::ssrf::Policy;
use fetcher::websub::keys::Keys;
use hmac::{Hmac, Mac as _};
use kit::fetch::{self, FetchRole};
use kit::files::FileSettings;
use kit::host::ready::readiness;
use kit::host::{Around, Limits};
use kit::http::{Client, ClientSettings};
use kit::log::memory::MemoryLog;
use kit::log::plan::TopicPlan;
use kit::log::{Log as _, Produce};
use kit::stop::Stop;
use kit::telemetry::Telemetry;
use kit::websub;
use schemas::fetched::Fetched;
use schemas::record::Record as _;
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;
use schemas::topic::Topic;
use sha2::Sha256;

const PATIENCE: Duration = Duration::from_secs(60);

fn clock() -> Timestamp {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
}

/// A site and its hub in one server.
struct Press {
    address: String,
    client: reqwest::Client,
    /// What the callback answered: to the question, to a forged push, to a signed one.
    heard: Mutex<Vec<(u16, String)>>,
}

fn item(url: &str) -> String {
    format!("<rss><channel><item><link>{url}</link></item></channel></rss>")
}

async fn serve(State(press): State<Arc<Press>>, request: Request) -> Response {
    let address = &press.address;
    match request.uri().path() {
        "/feed" => {
            let links = format!("<{address}/hub>; rel=hub, <{address}/feed>; rel=self");
            ([("link", links)], item(&format!("{address}/shown"))).into_response()
        }
        "/shown" | "/pushed" => "<html><body>A story</body></html>".into_response(),
        "/hub" => {
            let body = to_bytes(request.into_body(), 100_000).await.unwrap();
            let form: BTreeMap<String, String> = url::form_urlencoded::parse(&body).into_owned().collect();
            tokio::spawn(ask_back_and_push(Arc::clone(&press), form));
            StatusCode::ACCEPTED.into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn ask_back_and_push(press: Arc<Press>, form: BTreeMap<String, String>) {
    let mut question = url::Url::parse(&form["hub.callback"]).unwrap();
    question
        .query_pairs_mut()
        .append_pair("hub.mode", &form["hub.mode"])
        .append_pair("hub.topic", &form["hub.topic"])
        .append_pair("hub.challenge", "a challenge")
        .append_pair("hub.lease_seconds", "86400");
    let reply = press.client.get(question.as_str()).send().await.unwrap();
    press.hear(reply).await;
    let forged = item(&format!("{}/forged", press.address));
    let genuine = item(&format!("{}/pushed", press.address));
    let mut mac = Hmac::<Sha256>::new_from_slice(form["hub.secret"].as_bytes()).unwrap();
    mac.update(genuine.as_bytes());
    let digits: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for body in [forged, genuine] {
        let push = press
            .client
            .post(&form["hub.callback"])
            .header("content-type", "application/rss+xml");
        let push = push.header("X-Hub-Signature", format!("sha256={digits}")).body(body);
        press.hear(push.send().await.unwrap()).await;
    }
}

impl Press {
    async fn hear(&self, reply: reqwest::Response) {
        let heard = (reply.status().as_u16(), reply.text().await.unwrap());
        self.heard.lock().unwrap().push(heard);
    }
}

fn role(callback_url: String, keys: Keys, runtime: &tokio::runtime::Runtime) -> FetchRole {
    let client = Client::new(ClientSettings {
        user_agent: "copydesk/test".to_owned(),
        timeout: Duration::from_secs(20),
        policy: Policy::new(vec!["127.0.0.0/8".parse().unwrap()]),
        proxy: String::new(),
        authorities: Vec::new(),
    });
    FetchRole {
        settings: Settings {
            host_delay_ms: 1,
            websub: Some(fetcher::websub::Settings {
                callback_url,
                keys,
                lease_seconds: 86_400,
                poll_factor: 6,
            }),
            ..Settings::default()
        },
        client: client.unwrap(),
        runtime: runtime.handle().clone(),
        max_requests: 4,
        credentials: fetch::CredentialSettings::default(),
        files: FileSettings {
            roots: Vec::new(),
            lag_max_records: 1,
        },
    }
}

fn fetched(log: &MemoryLog) -> Vec<String> {
    let records = log.records(Topic::Fetched);
    let url = |message: &kit::log::Message| Fetched::decode(message.incoming()).unwrap().url;
    records.iter().map(url).collect()
}

fn log() -> MemoryLog {
    let plan = TopicPlan {
        hosts: 4,
        scripts: 1,
        keys: 1,
        replication: 1,
    };
    MemoryLog::new(plan, clock())
}

/// A site that is its own hub, and the listener that it is to be served on.
fn press(runtime: &tokio::runtime::Runtime) -> (tokio::net::TcpListener, Arc<Press>) {
    let site = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let press = Press {
        address: format!("http://{}", site.local_addr().unwrap()),
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        heard: Mutex::new(Vec::new()),
    };
    (site, Arc::new(press))
}

#[test]
fn what_a_hub_pushes_is_fetched_though_no_poll_showed_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let log = log();
    let (site, press) = press(&runtime);
    let router: Router = Router::new().fallback(serve).with_state(Arc::clone(&press));
    runtime.spawn(async move { axum::serve(site, router).await });
    let listener = runtime.block_on(websub::bind("127.0.0.1:0")).unwrap();
    let callback_url = format!("http://{}/websub", listener.local_addr().unwrap());
    let (keys, telemetry) = (Keys::new("a secret of the operator"), Telemetry::new());
    let callback = websub::Settings {
        keys: keys.clone(),
        base_path: "/websub".to_owned(),
        log: Arc::new(log.clone()),
        telemetry: telemetry.clone(),
        clock,
    };
    runtime.spawn(websub::serve(listener, callback, std::future::pending()));
    let source = SourceChange::Set(Source::of_url(&format!("{}/feed", press.address)));
    log.append(vec![Produce::new(source.encode().unwrap(), 0)]).unwrap();

    let role = role(callback_url, keys, &runtime);
    let (stop, (_, latch)) = (Stop::new(), readiness());
    let pushed = format!("{}/pushed", press.address);
    std::thread::scope(|scope| {
        let running = scope.spawn(|| {
            let around = Around {
                log: &log,
                prefix: "news",
                telemetry: &telemetry,
                stop: &stop,
                clock,
                limits: Limits::default(),
            };
            fetch::run(&role, around, latch)
        });
        let deadline = Instant::now() + PATIENCE;
        let is_done = || fetched(&log).contains(&pushed) && press.heard.lock().unwrap().len() == 3;
        while !running.is_finished() && !is_done() && Instant::now() < deadline {
            std::thread::yield_now();
        }
        stop.pull();
        running.join().unwrap().unwrap();
    });
    let mut urls = fetched(&log);
    urls.sort();
    assert_eq!(urls, [pushed, format!("{}/shown", press.address)]);
    let heard = press.heard.lock().unwrap().clone();
    let accepted = (202, String::new());
    assert_eq!(heard, [(200, "a challenge".to_owned()), accepted.clone(), accepted]);
}
