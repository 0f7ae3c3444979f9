//! Every topic there is: its name, who owns it, how it is partitioned and how long it is kept.

use std::fmt;

/// A stage of the pipeline, as topic names, metrics and records spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StageName {
    /// Decides what to fetch and when.
    Fetcher,
    /// Finds the article in a page.
    Cleaner,
    /// Finds copies.
    Deduper,
    /// Finds topics.
    Classifier,
    /// Makes the public record.
    Publisher,
}

impl StageName {
    /// All stages, in the order in which an article passes them.
    pub const ALL: [Self; 5] = [
        Self::Fetcher,
        Self::Cleaner,
        Self::Deduper,
        Self::Classifier,
        Self::Publisher,
    ];

    /// The name in lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetcher => "fetcher",
            Self::Cleaner => "cleaner",
            Self::Deduper => "deduper",
            Self::Classifier => "classifier",
            Self::Publisher => "publisher",
        }
    }
}

impl fmt::Display for StageName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A top-level term of the IPTC Media Topics with the slug that names its topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The term's id, such as `medtop:11000000`.
    pub id: &'static str,
    /// The term's name as a part of a topic name, such as `politics`.
    pub slug: &'static str,
}

/// The 17 top-level terms of the IPTC Media Topics (CC BY 4.0, International Press Telecommunications Council).
pub const SUBJECTS: [Subject; 17] = [
    Subject {
        id: "medtop:01000000",
        slug: "arts-culture-entertainment-and-media",
    },
    Subject {
        id: "medtop:02000000",
        slug: "crime-law-and-justice",
    },
    Subject {
        id: "medtop:03000000",
        slug: "disaster-accident-and-emergency-incident",
    },
    Subject {
        id: "medtop:04000000",
        slug: "economy-business-and-finance",
    },
    Subject {
        id: "medtop:05000000",
        slug: "education",
    },
    Subject {
        id: "medtop:06000000",
        slug: "environment",
    },
    Subject {
        id: "medtop:07000000",
        slug: "health",
    },
    Subject {
        id: "medtop:08000000",
        slug: "human-interest",
    },
    Subject {
        id: "medtop:09000000",
        slug: "labour",
    },
    Subject {
        id: "medtop:10000000",
        slug: "lifestyle-and-leisure",
    },
    Subject {
        id: "medtop:11000000",
        slug: "politics-and-government",
    },
    Subject {
        id: "medtop:12000000",
        slug: "religion",
    },
    Subject {
        id: "medtop:13000000",
        slug: "science-and-technology",
    },
    Subject {
        id: "medtop:14000000",
        slug: "society",
    },
    Subject {
        id: "medtop:15000000",
        slug: "sport",
    },
    Subject {
        id: "medtop:16000000",
        slug: "conflict-war-and-peace",
    },
    Subject {
        id: "medtop:17000000",
        slug: "weather",
    },
];

impl Subject {
    /// The subject with this Media Topics id.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        SUBJECTS.into_iter().find(|subject| subject.id == id)
    }
}

/// A topic of the pipeline, without the operator's prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// What operators want read. Compacted; key: source id.
    Sources,
    /// What operators ask of the publisher. Key: article id.
    Commands,
    /// What the fetcher found and will fetch. Key: hash of the URL; partition by host.
    Frontier,
    /// Responses as they came: what replay starts from. Key: fetch id; partition by host.
    Fetched,
    /// Articles without boilerplate. Key: article id; partition by script.
    Cleaned,
    /// Articles with what they are a copy of. Key: article id, same partition.
    Deduplicated,
    /// Articles with their topics. Key: article id, same partition.
    Classified,
    /// Every version of every original article. Key: article id.
    Articles,
    /// The last version of every original article. Compacted; key: article id.
    Latest,
    /// Copies, whole. Key: article id.
    Duplicates,
    /// Original articles of one subject. Key: article id.
    Subject(Subject),
    /// One record for every end of a fetched item. Key: article id, or fetch id before it is known.
    Fates,
    /// What a stage could not take, byte for byte. Key: the input's.
    Dead(StageName),
    /// What a stateful stage must remember. Compacted.
    Memory(StageName),
}

/// Which topics have the same number of partitions, because partition numbers carry over between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spread {
    /// One partition: read whole by everybody.
    Single,
    /// By host: the frontier, the responses and the fetcher's memory.
    Hosts,
    /// By script: the hop topics after cleaning and the memories beside them.
    Scripts,
    /// By key: public topics.
    Keys,
}

/// What becomes of old records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Retention {
    /// Records go after this many days.
    Days(u32),
    /// The last record of each key stays; tombstones go after 30 days.
    Compacted,
}

/// The largest record of the topics that carry whole pages, in bytes.
pub const LARGE_RECORD_BYTES: usize = 8 * 1024 * 1024;
/// The largest record of all other topics, in bytes.
pub const RECORD_BYTES: usize = 2 * 1024 * 1024;

impl Topic {
    /// Every topic of an installation.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut topics = vec![
            Self::Sources,
            Self::Commands,
            Self::Frontier,
            Self::Fetched,
            Self::Cleaned,
            Self::Deduplicated,
            Self::Classified,
            Self::Articles,
            Self::Latest,
            Self::Duplicates,
            Self::Fates,
        ];
        topics.extend(SUBJECTS.map(Self::Subject));
        topics.extend(StageName::ALL.map(Self::Dead));
        topics.extend(StageName::ALL.map(Self::Memory));
        topics
    }

    /// The full name, such as `news.articles.v1` for the prefix `news`.
    #[must_use]
    pub fn name(self, prefix: &str) -> String {
        match self {
            Self::Sources => format!("{prefix}.sources.v1"),
            Self::Commands => format!("{prefix}.commands.v1"),
            Self::Frontier => format!("{prefix}.frontier.v1"),
            Self::Fetched => format!("{prefix}.articles.fetched.v1"),
            Self::Cleaned => format!("{prefix}.articles.cleaned.v1"),
            Self::Deduplicated => format!("{prefix}.articles.deduplicated.v1"),
            Self::Classified => format!("{prefix}.articles.classified.v1"),
            Self::Articles => format!("{prefix}.articles.v1"),
            Self::Latest => format!("{prefix}.articles.latest.v1"),
            Self::Duplicates => format!("{prefix}.duplicates.v1"),
            Self::Subject(subject) => format!("{prefix}.topics.{}.v1", subject.slug),
            Self::Fates => format!("{prefix}.fates.v1"),
            Self::Dead(stage) => format!("{prefix}.{stage}.dead.v1"),
            Self::Memory(stage) => format!("{prefix}.{stage}.memory.v1"),
        }
    }

    /// The topic of this full name, if it is one of ours under `prefix`.
    #[must_use]
    pub fn of_name(prefix: &str, name: &str) -> Option<Self> {
        Self::all().into_iter().find(|topic| topic.name(prefix) == name)
    }

    /// How the topic is spread over partitions.
    #[must_use]
    pub fn spread(self) -> Spread {
        match self {
            Self::Sources => Spread::Single,
            Self::Frontier | Self::Fetched | Self::Memory(StageName::Fetcher | StageName::Cleaner) => Spread::Hosts,
            Self::Commands | Self::Cleaned | Self::Deduplicated | Self::Classified | Self::Memory(_) => Spread::Scripts,
            Self::Articles | Self::Latest | Self::Duplicates | Self::Subject(_) | Self::Fates | Self::Dead(_) => {
                Spread::Keys
            }
        }
    }

    /// How long its records are kept.
    #[must_use]
    pub fn retention(self) -> Retention {
        match self {
            Self::Sources | Self::Latest | Self::Memory(_) => Retention::Compacted,
            Self::Frontier | Self::Deduplicated | Self::Classified => Retention::Days(7),
            Self::Fetched | Self::Cleaned => Retention::Days(14),
            Self::Articles | Self::Duplicates | Self::Subject(_) | Self::Fates => Retention::Days(28),
            Self::Commands | Self::Dead(_) => Retention::Days(90),
        }
    }

    /// The largest record it takes, in bytes.
    #[must_use]
    pub fn max_record_bytes(self) -> usize {
        match self {
            // The frontier carries answers to errands.
            Self::Fetched | Self::Frontier => LARGE_RECORD_BYTES,
            // The largest input and, beside it, the headers that say what was wrong with it.
            Self::Dead(_) => LARGE_RECORD_BYTES + 16 * 1024,
            _ => RECORD_BYTES,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_contract() {
        let check = |topic: Topic, expected: &str| assert_eq!(topic.name("news"), expected);
        check(Topic::Fetched, "news.articles.fetched.v1");
        check(Topic::Articles, "news.articles.v1");
        check(Topic::Latest, "news.articles.latest.v1");
        check(Topic::Dead(StageName::Cleaner), "news.cleaner.dead.v1");
        check(Topic::Memory(StageName::Deduper), "news.deduper.memory.v1");
        check(Topic::Subject(SUBJECTS[10]), "news.topics.politics-and-government.v1");
    }

    #[test]
    fn a_name_leads_back_to_its_topic() {
        for topic in Topic::all() {
            assert_eq!(Topic::of_name("wire", &topic.name("wire")), Some(topic));
        }
        assert_eq!(Topic::of_name("wire", "news.articles.v1"), None);
    }
}
