//! The number that stands for a topic in stored keys and on the socket.
//!
//! The numbers are a part of the directory's format: a number that was ever given stays with its topic for ever, and a
//! new topic gets a new one.

use schemas::topic::{StageName, Subject, Topic};

/// Room for the Media Topics' own two-digit numbers.
const SUBJECTS: u16 = 100;
const DEAD: u16 = 200;
const MEMORY: u16 = 300;

/// The number of `topic`.
pub(super) fn code(topic: Topic) -> u16 {
    match topic {
        Topic::Sources => 1,
        Topic::Commands => 2,
        Topic::Frontier => 3,
        Topic::Fetched => 4,
        Topic::Cleaned => 5,
        Topic::Deduplicated => 6,
        Topic::Classified => 7,
        Topic::Articles => 8,
        Topic::Latest => 9,
        Topic::Duplicates => 10,
        Topic::Fates => 11,
        Topic::Subject(subject) => SUBJECTS + subject_number(subject),
        Topic::Dead(stage) => DEAD + stage_number(stage),
        Topic::Memory(stage) => MEMORY + stage_number(stage),
    }
}

/// The topic of this number, if this release knows it.
pub(super) fn topic(number: u16) -> Option<Topic> {
    Topic::all().into_iter().find(|topic| code(*topic) == number)
}

/// The first two digits of `medtop:NN000000`.
fn subject_number(subject: Subject) -> u16 {
    subject.id.get(7..9).and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn stage_number(stage: StageName) -> u16 {
    match stage {
        StageName::Fetcher => 1,
        StageName::Cleaner => 2,
        StageName::Deduper => 3,
        StageName::Classifier => 4,
        StageName::Publisher => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_a_number_of_its_own() {
        for one in Topic::all() {
            assert_eq!(topic(code(one)), Some(one));
        }
    }

    #[test]
    fn numbers_that_lie_in_directories_stay() {
        let check = |of: Topic, expected: u16| assert_eq!(code(of), expected);
        check(Topic::Fetched, 4);
        check(Topic::Subject(schemas::topic::SUBJECTS[10]), 111);
        check(Topic::Dead(StageName::Cleaner), 202);
        check(Topic::Memory(StageName::Publisher), 305);
    }
}
