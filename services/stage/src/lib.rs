//! What a stage is: a pure function from an input and a memory to a decision.
//!
//! It knows the shape of deciding. It does not know any record's fields, Kafka, clocks or threads. A host (in
//! the kit) reads inputs, tells the time, applies changes and writes records; a stage only decides. That is why a
//! stage can be killed between any two lines, replayed, run offline and tested without a world around it.
//!
//! Start reading at [`Stage`], then [`Decision`].
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use schemas::fate::{DeadReason, Fate, FilterReason};
use schemas::hop::Traced;
use schemas::record::Record;
use schemas::time::Timestamp;

/// A stage of the pipeline: pure, deterministic, told everything it knows.
pub trait Stage {
    /// What it reads; an enum where it reads several topics.
    type In: Record + Traced;
    /// What it writes; an enum where it writes several topics.
    type Out: Record;
    /// One change of its state; [`schemas::record::Nothing`] for a stage without state.
    type Memory: Record;

    /// The only door through which state changes: on recall, and by the host after each decision.
    ///
    /// State must be the same whether all changes were applied or, in any order of keys, the last one of each key,
    /// because the memory topic is compacted. Applying a change twice is applying it once.
    fn apply(&mut self, change: &Self::Memory);

    /// Looks, decides, changes nothing.
    ///
    /// `now` is the time at which the input entered the pipeline, so that a replay decides the same.
    fn decide(&self, input: Self::In, now: Timestamp) -> Decision<Self::Out, Self::Memory>;

    /// What falls due without an input: an embargo that ends, a window that closes. `now` is the host's clock.
    ///
    /// The host asks again after it committed and applied the answer, until there is none; one answer must
    /// therefore be bounded, and applying it must make the next one differ.
    fn due(&self, now: Timestamp) -> Option<Decision<Self::Out, Self::Memory>> {
        let _ = now;
        None
    }
}

/// How an input left the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It lives on in the records that follow.
    Pass,
    /// It ends here, as intended; the host writes its fate.
    End(Fate),
    /// It is poison: the host puts it into the dead letters and writes its fate.
    Reject(DeadReason),
}

/// What a stage makes of one input: how the input leaves, the records that follow and the changes to remember.
///
/// The host commits all of it at once, with the offset of the input, or none of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision<Out, Memory> {
    /// How the input left.
    pub verdict: Verdict,
    /// The records that follow from it, in order.
    pub records: Vec<Out>,
    /// What to remember, in order.
    pub memory: Vec<Memory>,
}

impl<Out, Memory> Decision<Out, Memory> {
    /// The input lives on in `record`.
    #[must_use]
    pub fn pass(record: Out) -> Self {
        Self {
            verdict: Verdict::Pass,
            records: vec![record],
            memory: Vec::new(),
        }
    }

    /// The input ends in `fate`, as intended.
    #[must_use]
    pub fn end(fate: Fate) -> Self {
        Self {
            verdict: Verdict::End(fate),
            records: Vec::new(),
            memory: Vec::new(),
        }
    }

    /// The input holds no article, for `reason`.
    #[must_use]
    pub fn drop(reason: FilterReason) -> Self {
        Self::end(Fate::Filtered(reason))
    }

    /// The input is poison, for `reason`.
    #[must_use]
    pub fn reject(reason: DeadReason) -> Self {
        Self {
            verdict: Verdict::Reject(reason),
            records: Vec::new(),
            memory: Vec::new(),
        }
    }

    /// The input was an order, not an item: it has no fate, only what follows from it.
    #[must_use]
    pub fn done() -> Self {
        Self {
            verdict: Verdict::Pass,
            records: Vec::new(),
            memory: Vec::new(),
        }
    }

    /// The same decision with one more record.
    #[must_use]
    pub fn and_record(mut self, record: Out) -> Self {
        self.records.push(record);
        self
    }

    /// The same decision with one more change to remember.
    #[must_use]
    pub fn and_remember(mut self, change: Memory) -> Self {
        self.memory.push(change);
        self
    }
}
