//! Making the topics of a plan, and saying how the others differ from it.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, ConfigResource, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::config::FromClientConfigAndContext as _;
use rdkafka::consumer::BaseConsumer;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::metadata::MetadataTopic;
use schemas::topic::Topic;

use super::cluster::{Cluster, WithLastError as _, partition_count};
use super::context::Quiet;
use super::signed;
use crate::log::LogError;
use crate::log::plan::{Applied, Outcome, TopicPlan};

pub(super) fn apply(
    cluster: &Cluster,
    metadata: &BaseConsumer<Quiet>,
    plan: &TopicPlan,
) -> Result<Vec<Applied>, LogError> {
    let admin = Admin::open(cluster)?;
    let found = existing(cluster, metadata)?;
    let missing: Vec<Topic> = Topic::all()
        .into_iter()
        .filter(|topic| !found.contains_key(topic))
        .collect();
    let present: Vec<Topic> = found.keys().copied().collect();
    admin.create(&missing, plan)?;
    await_leaders(cluster, metadata, &missing)?;
    let settings = admin.settings(&present)?;
    let outcome = |topic: Topic| match found.get(&topic) {
        None => Outcome::Created,
        Some(shape) => compare(plan, topic, *shape, settings.get(&topic)),
    };
    Ok(Topic::all()
        .into_iter()
        .map(|topic| Applied {
            topic,
            name: cluster.name(topic),
            outcome: outcome(topic),
        })
        .collect())
}

/// How a topic is spread.
#[derive(Debug, Clone, Copy)]
struct Shape {
    partitions: u32,
    copies: usize,
    has_leaders: bool,
}

fn shape(topic: &MetadataTopic) -> Option<Shape> {
    let copies = topic
        .partitions()
        .first()
        .map_or(0, |partition| partition.replicas().len());
    let has_leaders = topic.partitions().iter().all(|partition| partition.leader() >= 0);
    Some(Shape {
        partitions: partition_count(topic)?,
        copies,
        has_leaders,
    })
}

/// Our topics that exist.
fn existing(cluster: &Cluster, metadata: &BaseConsumer<Quiet>) -> Result<BTreeMap<Topic, Shape>, LogError> {
    let all = cluster.metadata(metadata, None)?;
    Ok(all
        .topics()
        .iter()
        .filter_map(|topic| Some((cluster.topic(topic.name())?, shape(topic)?)))
        .collect())
}

/// Waits until every broker asked knows the topics and their leaders.
fn await_leaders(cluster: &Cluster, metadata: &BaseConsumer<Quiet>, topics: &[Topic]) -> Result<(), LogError> {
    let deadline = Instant::now() + cluster.request_timeout();
    loop {
        let found = existing(cluster, metadata)?;
        let Some(topic) = topics
            .iter()
            .find(|topic| !found.get(topic).is_some_and(|shape| shape.has_leaders))
        else {
            return Ok(());
        };
        if Instant::now() > deadline {
            return Err(LogError::Unreachable {
                log: cluster.describe(),
                operation: "create topics",
                detail: format!("{} has no leader yet", cluster.name(*topic)),
            });
        }
        // The controller made them; nothing tells us when the brokers know.
        thread::sleep(Duration::from_millis(20));
    }
}

fn compare(plan: &TopicPlan, topic: Topic, shape: Shape, settings: Option<&ConfigResource>) -> Outcome {
    let mut differences = Vec::new();
    let mut differ = |what: &str, found: String, planned: String| {
        if found != planned {
            differences.push(format!("{what} is {found} instead of {planned}"));
        }
    };
    differ(
        "partitions",
        shape.partitions.to_string(),
        plan.partitions(topic).to_string(),
    );
    differ("replication", shape.copies.to_string(), plan.replication.to_string());
    for (name, planned) in plan.settings(topic) {
        let found = settings
            .and_then(|settings| settings.get(name))
            .and_then(|entry| entry.value.clone());
        differ(name, found.unwrap_or_else(|| "unknown".to_owned()), planned);
    }
    match differences.is_empty() {
        true => Outcome::Fits,
        false => Outcome::Differs(differences.join(", ")),
    }
}

struct Admin<'a> {
    cluster: &'a Cluster,
    client: AdminClient<Quiet>,
    options: AdminOptions,
}

impl<'a> Admin<'a> {
    fn open(cluster: &'a Cluster) -> Result<Self, LogError> {
        let client = AdminClient::from_config_and_context(&cluster.admin(), Quiet::default())
            .map_err(|error| cluster.misconfigured(&error))?;
        let timeout = cluster.request_timeout();
        let options = AdminOptions::new()
            .request_timeout(Some(timeout))
            .operation_timeout(Some(timeout));
        Ok(Self {
            cluster,
            client,
            options,
        })
    }

    /// Makes `topics`. One that somebody else makes at the same time is as good as made: it has the same plan.
    fn create(&self, topics: &[Topic], plan: &TopicPlan) -> Result<(), LogError> {
        if topics.is_empty() {
            return Ok(());
        }
        let named: Vec<_> = topics
            .iter()
            .map(|topic| (self.cluster.name(*topic), *topic, plan.settings(*topic)))
            .collect();
        let made: Vec<NewTopic<'_>> = named
            .iter()
            .map(|(name, topic, settings)| NewTopic {
                name,
                num_partitions: signed(plan.partitions(*topic)),
                replication: TopicReplication::Fixed(i32::from(plan.replication)),
                config: settings.iter().map(|(name, value)| (*name, value.as_str())).collect(),
            })
            .collect();
        let answers = block_on(self.client.create_topics(&made, &self.options));
        for answer in answers.map_err(|error| self.failure("create topics", &error))? {
            match answer {
                Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((name, code)) => {
                    self.client.inner().context().last_error().set(&name);
                    return Err(self.failure("create topics", &KafkaError::Global(code)));
                }
            }
        }
        Ok(())
    }

    /// The settings that `topics` have.
    fn settings(&self, topics: &[Topic]) -> Result<BTreeMap<Topic, ConfigResource>, LogError> {
        if topics.is_empty() {
            return Ok(BTreeMap::new());
        }
        let names: Vec<String> = topics.iter().map(|topic| self.cluster.name(*topic)).collect();
        let asked: Vec<ResourceSpecifier<'_>> = names.iter().map(|name| ResourceSpecifier::Topic(name)).collect();
        let answers = block_on(self.client.describe_configs(&asked, &self.options));
        let answers = answers.map_err(|error| self.failure("read topic settings", &error))?;
        let mut settings = BTreeMap::new();
        // One answer for each question, in its order.
        for (topic, answer) in topics.iter().zip(answers) {
            let answer = answer.map_err(|code| self.failure("read topic settings", &KafkaError::Global(code)))?;
            settings.insert(*topic, answer);
        }
        Ok(settings)
    }

    fn failure(&self, operation: &'static str, error: &KafkaError) -> LogError {
        self.cluster
            .failure(operation, error, self.client.inner().context().last_error())
    }
}

/// Waits for a future on this thread. The admin client answers from a thread of its own, so nothing has to be driven;
/// a runtime would refuse to be started on a thread that has one already.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
