//! What a session needs around it: a log in memory, a clock moved by hand, a worker that notes commits.

use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use fetcher::settings::Settings;
use fetcher::ssrf::Policy;
use schemas::fate::FateRecord;
use schemas::record::Record;
use schemas::time::Timestamp;
use schemas::topic::Topic;

use crate::fetch::setbacks::Setbacks;
use crate::fetch::{CredentialSettings, FetchRole, Session};
use crate::files::FileSettings;
use crate::host::{Around, Limits};
use crate::http::{Client, ClientSettings};
use crate::log::memory::MemoryLog;
use crate::log::plan::TopicPlan;
use crate::log::{Commit, Log as _, LogError, Message, Polled, Produce, Worker};
use crate::stop::Stop;
use crate::telemetry::Telemetry;

pub(super) const START: i64 = 1_800_000_000_000;

thread_local! {
    pub(super) static NOW: Cell<i64> = const { Cell::new(START) };
    pub(super) static PANICS: Cell<bool> = const { Cell::new(false) };
}

/// A clock moved by hand that panics once when told to: it is looked at within all that is guarded.
pub(super) fn clock() -> Timestamp {
    assert!(!PANICS.take(), "said the test");
    Timestamp::from_millis(NOW.get())
}

/// What a session needs around it.
pub(super) struct Desk {
    pub(super) log: MemoryLog,
    telemetry: Telemetry,
    stop: Stop,
    pub(super) runtime: tokio::runtime::Runtime,
    pub(super) role: FetchRole,
    pub(super) limits: Limits,
}

impl Desk {
    pub(super) fn new() -> Self {
        let plan = TopicPlan {
            hosts: 1,
            scripts: 1,
            keys: 1,
            replication: 1,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let client = Client::new(ClientSettings {
            user_agent: "copydesk".to_owned(),
            timeout: Duration::from_secs(1),
            policy: Policy::default(),
            proxy: String::new(),
            authorities: Vec::new(),
        });
        Self {
            log: MemoryLog::new(plan, clock()),
            telemetry: Telemetry::new(),
            stop: Stop::new(),
            role: FetchRole {
                settings: Settings {
                    ask_tdmrep: false,
                    ..Settings::default()
                },
                client: client.unwrap(),
                credentials: CredentialSettings::default(),
                runtime: runtime.handle().clone(),
                max_requests: 8,
                files: FileSettings {
                    roots: Vec::new(),
                    lag_max_records: 1,
                },
            },
            runtime,
            limits: Limits::default(),
        }
    }

    pub(super) fn append(&self, record: &impl Record) {
        self.log
            .append(vec![Produce::new(record.encode().unwrap(), 0)])
            .unwrap();
    }

    /// A session with its partition, which knows the sources.
    pub(super) fn session(&self, setbacks: Setbacks) -> Session<'_> {
        let around = Around {
            log: &self.log,
            prefix: "news",
            telemetry: &self.telemetry,
            stop: &self.stop,
            clock,
            limits: self.limits,
        };
        let mut session = Session::open(&self.role, around, setbacks).unwrap();
        match session.poll(Duration::ZERO).unwrap() {
            Polled::Assigned(offsets) => session.assign(offsets).unwrap(),
            Polled::Records(_) => panic!("records before an assignment"),
        }
        session
    }

    pub(super) fn count(&self, topic: Topic) -> usize {
        self.log.records(topic).len()
    }

    pub(super) fn fates(&self) -> Vec<(String, Option<String>)> {
        let fate = |message: &Message| FateRecord::decode(message.incoming()).unwrap();
        let fates = self.log.records(Topic::Fates);
        let fates = fates.iter().map(fate);
        fates.map(|fate| (fate.requested_url, fate.reason)).collect()
    }

    /// Lets everything on the runtime end that can.
    pub(super) fn settle(&self) {
        self.runtime.block_on(async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        });
    }
}

/// Notes what each commit holds: records and their bytes.
pub(super) struct Noting {
    inner: Box<dyn Worker>,
    commits: Arc<Mutex<Vec<(usize, usize)>>>,
}

impl Worker for Noting {
    fn poll(&mut self, max_records: usize, max_bytes: usize, wait: Duration) -> Result<Polled, LogError> {
        self.inner.poll(max_records, max_bytes, wait)
    }

    fn commit(&mut self, commit: Commit) -> Result<(), LogError> {
        let bytes = commit.records.iter().map(Produce::size).sum();
        self.commits.lock().unwrap().push((commit.records.len(), bytes));
        self.inner.commit(commit)
    }
}

pub(super) fn noted(session: &mut Session<'_>) -> Arc<Mutex<Vec<(usize, usize)>>> {
    let commits = Arc::new(Mutex::new(Vec::new()));
    let worker = session.around.log.worker("another group", &[Topic::Frontier]).unwrap();
    let inner = std::mem::replace(&mut session.worker, worker);
    session.worker = Box::new(Noting {
        inner,
        commits: Arc::clone(&commits),
    });
    commits
}
