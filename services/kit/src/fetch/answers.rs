//! Requests under way and their answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use fetcher::exchange::{Answer, Failure, FailureKind, Request};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::CredentialSettings;
use crate::http::Client;

/// Requests of one assignment. Dropping it forgets answers that are still to come.
pub(super) struct Answers {
    sender: Sender<Arrived>,
    receiver: Receiver<Arrived>,
    under_way: usize,
    last_took: Duration,
}

struct Arrived {
    partition: u32,
    request: Request,
    answer: Answer,
    took: Duration,
}

impl Answers {
    /// Room for the answers of `max_requests` requests.
    pub(super) fn new(max_requests: usize) -> Self {
        let (sender, receiver) = channel(max_requests.max(1));
        Self {
            sender,
            receiver,
            under_way: 0,
            last_took: Duration::ZERO,
        }
    }

    /// Requests whose answers were not taken yet.
    pub(super) fn under_way(&self) -> usize {
        self.under_way
    }

    /// True when an answer has come that was not taken yet.
    pub(super) fn have_come(&self) -> bool {
        !self.receiver.is_empty()
    }

    /// Waits on `runtime` for what `fetching` makes of the request.
    pub(super) fn start(
        &mut self,
        partition: u32,
        request: Request,
        fetching: impl Future<Output = Answer> + Send + 'static,
        runtime: &tokio::runtime::Handle,
    ) {
        self.under_way += 1;
        let sender = self.sender.clone();
        runtime.spawn(async move {
            let started_at = Instant::now();
            // A dropped receiver means a new assignment or a stop: another instance may own the host a moment later, and
            // must not find a second request of ours under way there. The request will be made again.
            let answer = tokio::select! {
                answer = guarded(fetching) => answer,
                () = sender.closed() => return,
            };
            let arrived = Arrived {
                partition,
                request,
                answer,
                took: started_at.elapsed(),
            };
            // It fails for the same reason.
            let _ = sender.send(arrived).await;
        });
    }

    /// An answer that has come, with the partition whose machine asked.
    pub(super) fn next(&mut self) -> Option<(u32, Request, Answer)> {
        let Arrived {
            partition,
            request,
            answer,
            took,
        } = self.receiver.try_recv().ok()?;
        self.under_way -= 1;
        self.last_took = took;
        Some((partition, request, answer))
    }

    /// How long the request took whose answer came last.
    pub(super) fn last_took(&self) -> Duration {
        self.last_took
    }
}

/// The answer to `request`. What is sent may hold secrets; what comes back with the answer does not.
pub(super) async fn fetched(client: Client, credentials: CredentialSettings, request: Request) -> Answer {
    match credentials.added(request) {
        Ok(sent) => client.fetch(&sent).await,
        Err(answer) => answer,
    }
}

/// What comes of `fetching`. A panic in it, where a stranger's bytes are inflated, is a failure: the answer must come
/// whatever happens, because its host is busy until then.
async fn guarded(fetching: impl Future<Output = Answer>) -> Answer {
    let mut fetching = pin!(fetching);
    let polled = std::future::poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| fetching.as_mut().poll(context)));
        polled.unwrap_or_else(|_| {
            Poll::Ready(Answer::Failure(Failure {
                kind: FailureKind::Decode,
                detail: "a defect in receiving the answer".to_owned(),
            }))
        })
    });
    polled.await
}
