//! Sources that are given once more: a list that is imported again must not have every feed polled at once.

use fetcher::health::Standing;
use schemas::memory::fetcher::FeedState;
use schemas::source::{Source, SourceChange};
use schemas::time::Timestamp;

/// What adding a source does.
#[derive(Debug, PartialEq)]
pub(super) enum Planned {
    /// It was not in the list.
    Added(Box<Source>),
    /// It was, with other options.
    Changed(Box<Source>),
    /// It was, as it is, but is not read any more or not with success.
    Restarted(Box<Source>),
    /// It was, and nothing is to be done.
    Kept,
}

impl Planned {
    /// What adding `source` at `now` does, where the list holds `known` under its id.
    pub(super) fn of(source: &Source, known: Option<&Source>, state: Option<&FeedState>, now: Timestamp) -> Self {
        let again = Box::new(Source {
            added_at: Some(now),
            ..source.clone()
        });
        match known {
            None => Self::Added(again),
            Some(known) if !is_same(known, source) => Self::Changed(again),
            Some(known) => match Standing::of(known, state, now) {
                Standing::Ended | Standing::Failing | Standing::Blocked => Self::Restarted(again),
                _ => Self::Kept,
            },
        }
    }

    /// What to write into the list.
    pub(super) fn change(&self) -> Option<SourceChange> {
        match self {
            Self::Added(source) | Self::Changed(source) | Self::Restarted(source) => {
                Some(SourceChange::Set(source.as_ref().clone()))
            }
            Self::Kept => None,
        }
    }

    /// The word for people.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Changed(_) => "changed",
            Self::Restarted(_) => "restarted",
            Self::Kept => "kept",
        }
    }
}

/// Whether both say the same, whenever it was said.
pub(super) fn is_same(known: &Source, source: &Source) -> bool {
    let known = Source {
        added_at: source.added_at,
        ..known.clone()
    };
    known == *source
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_800_000_000)
    }

    /// A source as the list holds it since yesterday.
    fn known() -> Source {
        Source {
            title: Some("Example Daily".to_owned()),
            added_at: Some(now().plus_millis(-86_400_000)),
            ..Source::of_url("https://example.org/rss")
        }
    }

    fn given() -> Source {
        Source {
            added_at: None,
            ..known()
        }
    }

    fn read() -> FeedState {
        FeedState {
            last_success_at: Some(now()),
            last_new_at: Some(now()),
            ..FeedState::default()
        }
    }

    #[test]
    fn what_is_read_well_goes_on_at_its_pace() {
        for state in [Some(read()), None] {
            let planned = Planned::of(&given(), Some(&known()), state.as_ref(), now());
            assert_eq!((planned.as_str(), planned.change()), ("kept", None), "{state:?}");
        }
    }

    #[test]
    fn what_is_new_or_other_or_fails_is_polled_at_once() {
        let ended = FeedState { ended: true, ..read() };
        let failing = FeedState { failures: 1, ..read() };
        let refused = FeedState {
            pages_refused: fetcher::health::PAGES_REFUSED_MAX,
            ..read()
        };
        let english = Source {
            language: Some("en".to_owned()),
            ..given()
        };
        let paused = Source {
            paused: true,
            ..known()
        };
        let cases = [
            (given(), None, None, "added"),
            (english, Some(known()), Some(read()), "changed"),
            (given(), Some(paused), Some(read()), "changed"),
            (given(), Some(known()), Some(ended), "restarted"),
            (given(), Some(known()), Some(failing), "restarted"),
            (given(), Some(known()), Some(refused), "restarted"),
        ];
        for (source, known, state, word) in cases {
            let planned = Planned::of(&source, known.as_ref(), state.as_ref(), now());
            assert_eq!(planned.as_str(), word);
            let added_at = Some(now());
            let expected = SourceChange::Set(Source { added_at, ..source });
            assert_eq!(planned.change(), Some(expected));
        }
    }
}
