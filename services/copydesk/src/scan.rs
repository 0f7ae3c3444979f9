//! Reading topics whole, for commands that look something up.

use std::time::Duration;

use anyhow::{Result, bail};
use kit::log::{Log, Message, Start};
use schemas::topic::{SUBJECTS, Topic};

/// The topic that `name` means: its full name, or the part without prefix and version, such as `articles`,
/// `articles.cleaned`, `fates`, `topics.sport`.
pub(crate) fn topic(prefix: &str, name: &str) -> Result<Topic> {
    let short = |topic: &Topic| {
        topic
            .name("")
            .trim_start_matches('.')
            .trim_end_matches(".v1")
            .to_owned()
    };
    let topics = Topic::all();
    let found = topics
        .iter()
        .find(|topic| topic.name(prefix) == name || short(topic) == name);
    match found {
        Some(topic) => Ok(*topic),
        None => {
            let names: Vec<String> = topics
                .iter()
                .filter(|topic| !matches!(topic, Topic::Subject(_)))
                .map(short)
                .collect();
            bail!(
                "there is no topic {name:?}; there are: {}, topics.{} and so on",
                names.join(", "),
                SUBJECTS[0].slug
            )
        }
    }
}

/// Calls `look` with every record of `topic` that is there now, partition by partition.
pub(crate) fn each(log: &dyn Log, topic: Topic, mut look: impl FnMut(&Message)) -> Result<()> {
    for partition in 0..log.partitions(topic)? {
        let end = log.bounds(topic, partition)?.end;
        let mut reader = log.reader(topic, partition, Start::First)?;
        while reader.position() < end {
            reader
                .read(1000, Duration::from_millis(500))?
                .iter()
                .for_each(&mut look);
        }
    }
    Ok(())
}
