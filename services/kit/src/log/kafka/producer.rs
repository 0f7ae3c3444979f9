//! Sending records and learning what became of each.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::{FromClientConfigAndContext as _, RDKafkaLogLevel};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer as _, ProducerContext};

use super::cluster::Cluster;
use super::context::LastError;
use super::{message, signed};
use crate::log::{LogError, Produce};

/// How long delivery reports are waited for before the deadline is looked at. The bindings wait this long even when
/// a report comes earlier, so it adds to each commit.
const STEP: Duration = Duration::from_millis(1);

/// The context of a producer: counts what is under way.
#[derive(Debug, Default)]
pub(super) struct Deliveries {
    last_error: LastError,
    pending: AtomicUsize,
    failure: Mutex<Option<KafkaError>>,
}

impl ClientContext for Deliveries {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        self.last_error.log(level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.last_error.report(&error, reason);
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        self.pending.fetch_sub(1, Ordering::Relaxed);
        if let Err((error, _)) = result {
            let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.get_or_insert_with(|| error.clone());
        }
    }
}

/// A producer whose deliveries are awaited. After an error it must be dropped.
pub(super) struct Sender {
    cluster: Arc<Cluster>,
    producer: BaseProducer<Deliveries>,
}

impl Sender {
    /// A producer; with a transactional id one whose predecessors of that id are fenced and their open transaction
    /// aborted.
    pub(super) fn open(cluster: Arc<Cluster>, transactional_id: Option<&str>) -> Result<Self, LogError> {
        let config = cluster.producer(transactional_id);
        let producer = BaseProducer::from_config_and_context(&config, Deliveries::default())
            .map_err(|error| cluster.misconfigured(&error))?;
        let sender = Self { cluster, producer };
        if transactional_id.is_some() {
            let initialised = sender.producer.init_transactions(sender.cluster.stable_timeout());
            initialised.map_err(|error| sender.failure("take over the transactional id", error))?;
        }
        Ok(sender)
    }

    pub(super) fn producer(&self) -> &BaseProducer<Deliveries> {
        &self.producer
    }

    /// Hands all records to librdkafka, in order; waits where its buffer is full.
    pub(super) fn send(&self, records: &[Produce]) -> Result<(), LogError> {
        let deadline = Instant::now() + self.cluster.transaction_timeout();
        for produce in records {
            let name = self.cluster.name(produce.topic);
            let mut record = BaseRecord::<[u8], [u8]>::to(&name).partition(signed(produce.partition));
            record.key = produce.key.as_deref();
            record.payload = produce.value.as_deref();
            record.headers = message::headers(&produce.headers);
            self.context().pending.fetch_add(1, Ordering::Relaxed);
            while let Err((error, back)) = self.producer.send(record) {
                let is_full = error.rdkafka_error_code() == Some(RDKafkaErrorCode::QueueFull);
                if !is_full || Instant::now() > deadline {
                    self.context().pending.fetch_sub(1, Ordering::Relaxed);
                    return Err(self.failure("send records", error));
                }
                record = back;
                self.producer.poll(STEP);
            }
        }
        Ok(())
    }

    /// Waits until every record sent is on the brokers' disks.
    ///
    /// Committing a transaction without this wait takes librdkafka another 100 ms.
    pub(super) fn await_deliveries(&self) -> Result<(), LogError> {
        let deadline = Instant::now() + self.cluster.transaction_timeout();
        while self.context().pending.load(Ordering::Relaxed) > 0 && Instant::now() < deadline {
            self.producer.poll(STEP);
        }
        let failure = self
            .context()
            .failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match failure {
            Some(error) => Err(self.failure("send records", error)),
            None if self.context().pending.load(Ordering::Relaxed) > 0 => {
                Err(self.failure("send records", KafkaError::Flush(RDKafkaErrorCode::MessageTimedOut)))
            }
            None => Ok(()),
        }
    }

    /// Aborts the open transaction, if that can be had in short time. What can't be aborted now is aborted when the id
    /// is taken again, or when the transaction times out.
    pub(super) fn abort(&self) {
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            // librdkafka waits until the reports of the records that it throws away are taken.
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    self.producer.poll(STEP);
                }
            });
            if let Err(error) = self.producer.abort_transaction(self.cluster.request_timeout()) {
                tracing::debug!(error = %error, "the transaction is left for the cluster to abort");
            }
            is_over.store(true, Ordering::Relaxed);
        });
    }

    /// What `error` means to a host. A producer that failed for good answers every call with "fatal": the first cause
    /// counts then.
    pub(super) fn failure(&self, operation: &'static str, error: KafkaError) -> LogError {
        let error = match self.producer.client().fatal_error() {
            Some((cause, reason)) => {
                self.context().last_error.set(&reason);
                KafkaError::Global(cause)
            }
            None => error,
        };
        self.cluster.failure(operation, &error, &self.context().last_error)
    }

    fn context(&self) -> &Deliveries {
        self.producer.context()
    }
}
