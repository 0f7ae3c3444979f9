//! What the fetcher's host counts.

use std::collections::BTreeMap;

use fetcher::exchange::{Answer, Purpose, Request};
use fetcher::health::Standing;
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
        let now = (self.around.clock)();
        let mut counts: BTreeMap<Standing, usize> = Standing::ALL.map(|standing| (standing, 0)).into();
        for health in self.machines.values().flat_map(|machine| machine.health(now)) {
            *counts.entry(health.standing).or_default() += 1;
        }
        for (standing, count) in counts {
            telemetry.record(Metric::Feeds, &[standing.as_str()], as_f64(count));
        }
        telemetry.record(Metric::NetworkOut, &[], f64::from(u8::from(self.outage.is_out())));
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
