//! Rows of files in the dead letters.

use fetcher::files::DeadRow;
use schemas::fate::DeadReason;
use schemas::record::{FETCH_ID_HEADER, Place};
use schemas::topic::Topic;

use super::STAGE;
use crate::host::batch::Placer;
use crate::log::{LogError, Produce, partitioner};

/// Characters of texts that come from strangers.
const DETAIL_CHARACTERS: usize = 1_000;

/// The dead letter for a row: its bytes, and headers by the names of Kafka Connect that say where it stood and what is
/// wrong with it.
///
/// # Errors
/// When the log does not know the topic.
pub(super) fn of(row: &DeadRow, placer: &mut Placer<'_>) -> Result<Produce, LogError> {
    let topic = Topic::Dead(STAGE);
    let key = row.subject.fetch_id.as_str().as_bytes().to_vec();
    let place = match row.path.as_str() {
        "" => format!("row {}", row.number),
        path => format!("{path}, row {}", row.number),
    };
    let one_line = |text: String| -> Vec<u8> {
        let shown = text.chars().filter(|character| !character.is_control());
        shown.take(DETAIL_CHARACTERS).collect::<String>().into_bytes()
    };
    let header = |name: &str, value: String| (format!("__connect.errors.{name}"), one_line(value));
    tracing::warn!(
        source = row.subject.source_id.as_str(),
        path = row.path,
        row = row.number,
        detail = row.detail,
        "a row of a file went to the dead letters"
    );
    Ok(Produce {
        topic,
        partition: partitioner::partition(&Place::Key(key.clone()), 0, placer.count(topic)?),
        key: Some(key.clone()),
        value: Some(row.bytes.clone()),
        headers: vec![
            (FETCH_ID_HEADER.to_owned(), key),
            header("connector.name", "copydesk".to_owned()),
            header("stage", STAGE.as_str().to_owned()),
            header("source", row.subject.source_id.as_str().to_owned()),
            header("file", row.path.clone()),
            header("row", row.number.to_string()),
            header("exception.class.name", DeadReason::Undecodable.as_str().to_owned()),
            header("exception.message", format!("{place}: {}", row.detail)),
        ],
    })
}
