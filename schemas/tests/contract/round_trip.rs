//! Encoding then decoding gives the same record, whatever is in it.

use proptest::prelude::*;
use schemas::record::{Incoming, Record};

use crate::strategies;

/// Writes `record` as a message and reads the message.
fn passes<T: Record + PartialEq + std::fmt::Debug>(record: &T) -> Result<(), TestCaseError> {
    let message = record
        .encode()
        .map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
    let incoming = Incoming {
        topic: message.topic,
        key: message.key.as_deref(),
        value: message.value.as_deref(),
    };
    let again = T::decode(incoming).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
    prop_assert_eq!(&again, record);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn of_source_changes(record in strategies::source_change()) {
        passes(&record)?;
    }

    #[test]
    fn of_commands(record in strategies::command()) {
        passes(&record)?;
    }

    #[test]
    fn of_records_of_the_frontier(record in strategies::frontier_record()) {
        passes(&record)?;
    }

    #[test]
    fn of_responses(record in strategies::fetched()) {
        passes(&record)?;
    }

    #[test]
    fn of_cleaned_articles(record in strategies::cleaned()) {
        passes(&record)?;
    }

    #[test]
    fn of_deduplicated_articles(record in strategies::deduplicated()) {
        passes(&record)?;
    }

    #[test]
    fn of_fates(record in strategies::fate()) {
        passes(&record)?;
    }

    #[test]
    fn of_the_fetchers_memory(record in strategies::fetcher_memory()) {
        passes(&record)?;
    }

    #[test]
    fn of_the_cleaners_memory(record in strategies::cleaner_memory()) {
        passes(&record)?;
    }

    #[test]
    fn of_the_dedupers_memory(record in strategies::deduper_memory()) {
        passes(&record)?;
    }

    #[test]
    fn of_the_publishers_memory(record in strategies::publisher_memory()) {
        passes(&record)?;
    }
}
