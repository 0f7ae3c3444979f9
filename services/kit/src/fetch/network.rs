//! What the session does about an outage of our own network, and whom the fates of its records are about.

use fetcher::exchange::{Answer, Failure, FailureKind, Request};
use fetcher::found::Found;
use fetcher::outage::Change;
use schemas::id::{FetchId, frontier_key};

use super::Session;
use crate::host::dead::Subject;

impl Session<'_> {
    /// `answer` as the machine gets it: while no host answers at all, a failure to reach one is not the host's.
    pub(super) fn blamed(&mut self, request: &Request, answer: Answer) -> Answer {
        match self.outage.note(&request.host, &answer, (self.around.clock)()) {
            Change::Began => {
                tracing::error!(
                    "no host answers: our own network; one request every 10 seconds tries whether it is back"
                );
            }
            Change::Ended => tracing::info!(host = request.host, "the network is back"),
            Change::None => {}
        }
        match answer {
            Answer::Failure(failure) if self.outage.is_out() && failure.kind.is_of_host() => Answer::Failure(Failure {
                kind: FailureKind::OurNetwork,
                ..failure
            }),
            answer => answer,
        }
    }

    /// Whether one more request may start now.
    pub(super) fn may_request(&self) -> bool {
        let under_way = self.answers.under_way();
        under_way < self.role.max_requests && self.outage.may_request(under_way, (self.around.clock)())
    }
}

/// Whom the fate of a found record is about; errands and their answers are no items and have no fates.
pub(super) fn of_found(found: &Found) -> Option<Subject> {
    match found {
        Found::Fetched(fetched) => Some(Subject::of(fetched.as_ref()).unwrap_or_default()),
        Found::Entry(entry) => Some(Subject {
            fetch_id: FetchId(frontier_key(&entry.url)),
            requested_url: entry.requested_url.clone(),
            source_id: entry.source_id.clone(),
            ..Subject::default()
        }),
        Found::Errand(_) | Found::Delivery(_) => None,
    }
}
