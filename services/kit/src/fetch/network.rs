//! What the session does about an outage of our own network.

use fetcher::exchange::{Answer, Failure, FailureKind, Request};
use fetcher::outage::Change;

use super::Session;

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
