//! Rows of numbers in one piece of memory: what is known of the blocks of a page.

/// Rows of one width, one behind the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    width: usize,
    values: Vec<f32>,
}

impl Rows {
    /// No rows yet, with room for this many of `width` numbers each.
    #[must_use]
    pub fn new(width: usize, rows: usize) -> Self {
        Self {
            width: width.max(1),
            values: Vec::with_capacity(width * rows),
        }
    }

    /// Adds the row that `fill` writes behind what is there; one too short ends in zeros, one too long is cut.
    pub fn push(&mut self, fill: impl FnOnce(&mut Vec<f32>)) {
        let end = self.values.len() + self.width;
        fill(&mut self.values);
        debug_assert_eq!(self.values.len(), end);
        self.values.resize(end, 0.0);
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.values.chunks_exact(self.width.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn rows_come_back_as_they_were_written() {
        let mut rows = Rows::new(2, 2);
        rows.push(|row| row.extend([1.0, 2.0]));
        rows.push(|row| row.extend([3.0, 4.0]));
        assert_eq!(rows.iter().collect::<Vec<_>>(), [[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!((rows.len(), rows.is_empty()), (2, false));
        assert_eq!(Rows::default().iter().count(), 0);
    }
}
