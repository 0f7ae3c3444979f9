//! Where the next mark is, found once.

/// Finds one mark at growing places: what lies between a place and the mark found from it is not searched again.
pub(super) struct Finder {
    mark: &'static str,
    /// The last stretch that was searched, and the mark at its end.
    searched: Option<(usize, Option<usize>)>,
}

impl Finder {
    pub(super) fn new(mark: &'static str) -> Self {
        Self { mark, searched: None }
    }

    /// The place of the first mark at or after `start`.
    pub(super) fn from(&mut self, document: &str, start: usize) -> Option<usize> {
        match self.searched {
            Some((from, None)) if from <= start => return None,
            Some((from, Some(found))) if from <= start && start <= found => return Some(found),
            _ => {}
        }
        let found = document
            .get(start..)
            .and_then(|rest| rest.find(self.mark))
            .map(|at| start + at);
        self.searched = Some((start, found));
        found
    }
}
