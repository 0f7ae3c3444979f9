//! Which topics an installation needs and how they must be set up.

use schemas::topic::{Retention, Spread, Topic};

/// How many partitions each kind of topic gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicPlan {
    /// Partitions of topics spread by host.
    pub hosts: u32,
    /// Partitions of topics spread by script; more than six bring nothing.
    pub scripts: u32,
    /// Partitions of topics spread by key.
    pub keys: u32,
    /// Copies of each partition; local logs ignore it.
    pub replication: u16,
}

impl Default for TopicPlan {
    fn default() -> Self {
        Self {
            hosts: 4,
            scripts: 6,
            keys: 3,
            replication: 1,
        }
    }
}

/// What became of one topic of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The topic.
    pub topic: Topic,
    /// Its full name.
    pub name: String,
    /// What was done or found.
    pub outcome: Outcome,
}

/// What was done or found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was missing and is there now.
    Created,
    /// It is as planned.
    Fits,
    /// It differs from the plan, in these words; nothing was changed.
    Differs(String),
}

impl TopicPlan {
    /// The number of partitions of `topic`.
    #[must_use]
    pub fn partitions(&self, topic: Topic) -> u32 {
        match topic.spread() {
            Spread::Single => 1,
            Spread::Hosts => self.hosts,
            Spread::Scripts => self.scripts,
            Spread::Keys => self.keys,
        }
    }

    /// The settings of `topic` by Kafka's names.
    #[must_use]
    pub fn settings(&self, topic: Topic) -> Vec<(&'static str, String)> {
        let day = 24 * 60 * 60 * 1000_u64;
        let mut settings = match topic.retention() {
            Retention::Days(days) => {
                vec![
                    ("cleanup.policy", "delete".to_owned()),
                    ("retention.ms", (u64::from(days) * day).to_string()),
                ]
            }
            Retention::Compacted => vec![
                ("cleanup.policy", "compact".to_owned()),
                ("segment.ms", (60 * 60 * 1000).to_string()),
                ("max.compaction.lag.ms", (60 * 60 * 1000).to_string()),
                ("delete.retention.ms", (30 * day).to_string()),
            ],
        };
        // Brokers count a whole batch; the room above the record's own limit is for its frame.
        settings.push(("max.message.bytes", (topic.max_record_bytes() + 64 * 1024).to_string()));
        settings
    }
}
