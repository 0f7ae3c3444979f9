//! What the fetcher's host counts.

use fetcher::exchange::{Answer, Purpose, Request};
use fetcher::machine::Fetcher;
use schemas::frontier::ErrandPurpose;

use super::{HostError, STAGE, Session};
use crate::host::measure::{self, as_f64};
use crate::telemetry::Metric;

impl Session<'_> {
    pub(super) fn count_answer(&self, request: &Request, answer: &Answer) {
        let purpose = match request.purpose {
            Purpose::Feed(_) | Purpose::Errand(ErrandPurpose::Feed { .. }) => "feed",
            Purpose::Robots(_) | Purpose::Errand(ErrandPurpose::Robots { .. }) => "robots",
            Purpose::Errand(ErrandPurpose::Hub { .. }) => "hub",
            Purpose::Tdm(_) => "tdm",
            Purpose::Page => "page",
        };
        let (outcome, bytes) = match answer {
            Answer::Response(response) => (outcome(response.status), response.body.len()),
            Answer::Failure(failure) => (failure.kind.as_str(), 0),
        };
        let telemetry = self.around.telemetry;
        telemetry.count(Metric::Requests, &[purpose, outcome], 1);
        telemetry.count(Metric::ResponseBytes, &[purpose], bytes);
        telemetry.record(
            Metric::RequestSeconds,
            &[purpose],
            self.answers.last_took().as_secs_f64(),
        );
    }

    pub(super) fn measure(&self) -> Result<(), HostError> {
        let telemetry = self.around.telemetry;
        let pending = self.machines.values().map(Fetcher::pending_count).sum();
        telemetry.record(Metric::PendingEntries, &[], as_f64(pending));
        telemetry.record(Metric::RequestsUnderWay, &[], as_f64(self.answers.under_way()));
        let mut counts = [("new", 0), ("fresh", 0), ("failing", 0), ("ended", 0)];
        for health in self.machines.values().flat_map(Fetcher::health) {
            let index = match (health.ended, health.failures, health.last_success_at) {
                (true, _, _) => 3,
                (false, 0, Some(_)) => 1,
                (false, 0, None) => 0,
                (false, _, _) => 2,
            };
            counts[index].1 += 1;
        }
        for (health, count) in counts {
            telemetry.record(Metric::Feeds, &[health], as_f64(count));
        }
        measure::lag(self.around, STAGE, &self.offsets)?;
        Ok(())
    }
}

fn outcome(status: u16) -> &'static str {
    match status {
        304 => "not_modified",
        200..=299 => "ok",
        300..=399 => "redirect",
        400..=499 => "client_error",
        _ => "server_error",
    }
}
