//! Whether our own network is out: when no host answers at all, the hosts are not to blame.

use std::collections::VecDeque;

use schemas::time::Timestamp;

use crate::exchange::Answer;
use crate::stable_hash::stable_hash;

/// So many answers in a row must be failures to reach a host …
const FAILURES: usize = 20;

/// … of at least so many hosts: a few that are down look alike otherwise …
const HOSTS: usize = 5;

/// … within this time, in milliseconds.
const WINDOW: i64 = 15 * 60 * 1_000;

/// Time between two requests that try whether the network is back, in milliseconds.
const PROBE_INTERVAL: i64 = 10_000;

/// What the last answers say about our own network. One value for all machines of a process.
#[derive(Debug, Default)]
pub struct Outage {
    /// Failures since the last success, with the hash of the host.
    failures: VecDeque<(Timestamp, u64)>,
    /// The time of the last probe while the network is out.
    probed_at: Option<Timestamp>,
    is_out: bool,
}

/// What an answer changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// From now on the network counts as out.
    Began,
    /// A host answered: the network is back.
    Ended,
    /// Nothing.
    None,
}

impl Outage {
    /// Takes note of an answer of `host` that came at `now`. An address that the policy refuses says nothing.
    pub fn note(&mut self, host: &str, answer: &Answer, now: Timestamp) -> Change {
        match answer {
            Answer::Failure(failure) if failure.kind.is_of_host() => self.failed(host, now),
            Answer::Failure(failure) if !failure.kind.reached_host() => Change::None,
            Answer::Failure(_) | Answer::Response(_) => self.succeeded(),
        }
    }

    /// True while no host answers.
    #[must_use]
    pub fn is_out(&self) -> bool {
        self.is_out
    }

    /// Whether a request may start at `now` beside `under_way` others; while the network is out, one at a time tries
    /// whether it is back.
    #[must_use]
    pub fn may_request(&self, under_way: usize, now: Timestamp) -> bool {
        let is_probe_due = |at: Timestamp| PROBE_INTERVAL <= now.millis_since(at) || now < at;
        !self.is_out || (under_way == 0 && self.probed_at.is_none_or(is_probe_due))
    }

    /// A request started at `now`.
    pub fn requested(&mut self, now: Timestamp) {
        self.probed_at = self.is_out.then_some(now);
    }

    fn failed(&mut self, host: &str, now: Timestamp) -> Change {
        self.failures.push_back((now, stable_hash(&[host.as_bytes()])));
        while FAILURES < self.failures.len() {
            self.failures.pop_front();
        }
        let is_recent = |(at, _): &&(Timestamp, u64)| now.millis_since(*at) <= WINDOW;
        let mut hosts: Vec<u64> = self.failures.iter().filter(is_recent).map(|(_, host)| *host).collect();
        let count = hosts.len();
        hosts.sort_unstable();
        hosts.dedup();
        if self.is_out || count < FAILURES || hosts.len() < HOSTS {
            return Change::None;
        }
        self.is_out = true;
        self.probed_at = Some(now);
        Change::Began
    }

    fn succeeded(&mut self) -> Change {
        self.failures.clear();
        self.probed_at = None;
        match std::mem::take(&mut self.is_out) {
            true => Change::Ended,
            false => Change::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::{Failure, FailureKind, Response};

    fn failure(kind: FailureKind) -> Answer {
        let detail = String::new();
        Answer::Failure(Failure { kind, detail })
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_000 + seconds)
    }

    /// The changes after `count` failures of `hosts` hosts, one every `seconds`.
    fn fail(outage: &mut Outage, count: i64, hosts: i64, seconds: i64) -> Vec<Change> {
        let one = |number| {
            let host = format!("host{}.example", number % hosts);
            outage.note(&host, &failure(FailureKind::Timeout), at(number * seconds))
        };
        (0..count).map(one).filter(|change| *change != Change::None).collect()
    }

    #[test]
    fn many_failures_of_several_hosts_and_no_success_are_an_outage() {
        let check = |count, hosts, seconds, out: bool| {
            let mut outage = Outage::default();
            let changes = fail(&mut outage, count, hosts, seconds);
            assert_eq!(outage.is_out(), out, "{count} of {hosts} every {seconds} s");
            assert_eq!(changes, if out { vec![Change::Began] } else { vec![] });
        };
        check(20, 5, 1, true);
        check(100, 60, 1, true);
        check(19, 19, 1, false);
        check(100, 4, 1, false);
        check(100, 50, 60, false);
    }

    #[test]
    fn any_host_that_answers_ends_it() {
        let answers = [
            Answer::Response(Response {
                status: 503,
                ..Response::default()
            }),
            failure(FailureKind::Truncated),
            failure(FailureKind::Decode),
        ];
        for answer in answers {
            let mut outage = Outage::default();
            fail(&mut outage, 20, 20, 1);
            let refused = failure(FailureKind::RefusedAddress);
            assert_eq!(outage.note("a.example", &refused, at(30)), Change::None);
            assert!(outage.is_out());
            assert_eq!(outage.note("a.example", &answer, at(31)), Change::Ended);
            assert!(!outage.is_out() && outage.may_request(9, at(31)));
            assert_eq!(fail(&mut outage, 19, 19, 1), []);
        }
    }

    #[test]
    fn an_answer_among_the_failures_means_that_the_network_is_there() {
        let mut outage = Outage::default();
        for round in 0..10 {
            fail(&mut outage, 19, 19, 1);
            assert!(!outage.is_out(), "{round}");
            outage.note("a.example", &Answer::Response(Response::default()), at(20));
        }
    }

    #[test]
    fn while_it_lasts_one_request_at_a_time_tries_whether_it_is_over() {
        let mut outage = Outage::default();
        assert!(outage.may_request(64, at(0)));
        fail(&mut outage, 20, 20, 1);
        assert!(!outage.may_request(0, at(20)));
        assert!(outage.may_request(0, at(30)));
        assert!(!outage.may_request(1, at(30)));
        outage.requested(at(30));
        assert!(!outage.may_request(0, at(39)));
        assert!(outage.may_request(0, at(40)));
    }
}
