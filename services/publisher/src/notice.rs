//! Small events about an article: that it was withdrawn, that it is a copy from now on.

use schemas::hop::Duplicate;
use schemas::memory::publisher::{PublisherMemory, Standing};
use schemas::published::{Publication, REPOINTED, Repointing, WITHDRAWN, Withdrawal};
use schemas::topic::{Subject, Topic};
use stage::Decision;

/// An event about an article, whatever topics it goes to.
#[derive(Debug)]
pub(crate) enum Notice {
    /// It was taken down.
    Withdrawal(Withdrawal),
    /// It is a copy from now on.
    Repointing(Repointing),
}

impl Notice {
    fn on(&self, topic: Topic) -> Publication {
        let (id, change) = match self {
            Self::Withdrawal(event) => (&event.id, &event.change),
            Self::Repointing(event) => (&event.id, &event.change),
        };
        match (topic, self) {
            (Topic::Latest, _) => Publication::Cleared {
                id: id.clone(),
                change: change.clone(),
            },
            (_, Self::Withdrawal(event)) => Publication::Withdrawn {
                topic,
                withdrawal: event.clone(),
            },
            (_, Self::Repointing(event)) => Publication::Repointed {
                topic,
                repointing: event.clone(),
            },
        }
    }
}

/// The event that an operator took an article down.
pub(crate) fn withdrawal(standing: &Standing, reason: String) -> Notice {
    Notice::Withdrawal(Withdrawal {
        id: standing.article_id.clone(),
        revision: standing.revision,
        change: WITHDRAWN.to_owned(),
        reason,
    })
}

/// The event that an article is a copy from now on.
pub(crate) fn repointing(standing: &Standing, from_now_on: &Duplicate, reason: &str) -> Notice {
    Notice::Repointing(Repointing {
        id: standing.article_id.clone(),
        revision: standing.revision,
        change: REPOINTED.to_owned(),
        reason: reason.to_owned(),
        cluster: from_now_on.cluster.clone(),
        original: from_now_on.original.clone(),
        original_url: from_now_on.original_url.clone(),
    })
}

/// The topics whose readers got the article, or are told about it now: those of originals for what is or was one,
/// those of copies for what is one. What was re-pointed is gone from the latest topic, but a reader who kept it still
/// has to learn from a second tombstone that it was withdrawn.
pub(crate) fn topics(standing: &Standing) -> Vec<Topic> {
    let mut topics = Vec::new();
    if !standing.duplicate || standing.once_original {
        topics.extend([Topic::Articles, Topic::Latest]);
        let subjects = standing.subjects.iter().filter_map(|id| Subject::of_id(id));
        topics.extend(subjects.map(Topic::Subject));
    }
    if standing.duplicate {
        topics.push(Topic::Duplicates);
    }
    topics
}

/// The decision with the event on each of the topics; on the latest topic the article's record goes.
pub(crate) fn on_each(
    decision: Decision<Publication, PublisherMemory>,
    topics: &[Topic],
    event: &Notice,
) -> Decision<Publication, PublisherMemory> {
    let records = topics.iter().map(|topic| event.on(*topic));
    records.fold(decision, Decision::and_record)
}
