//! The weights of the verifier: a line for each measure, `weight<tab>name`, readable and comparable.
//!
//! `model/verifier.tsv` is made by `copydesk train dedup`; the card beside it says of what, and how good it is.

use std::sync::LazyLock;

use super::{FEATURES, Features, names};

/// A weight for each measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(Box<[f32; FEATURES]>);

static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
    // A table that can't be read joins nothing; a test sees to it that this one can.
    Weights::read(include_str!("../../model/verifier.tsv")).unwrap_or_default()
});

impl Default for Weights {
    /// Weights that take nothing for a copy.
    fn default() -> Self {
        let mut weights = Box::new([0.0; FEATURES]);
        weights[0] = -100.0;
        Self(weights)
    }
}

impl Weights {
    /// The weights that ship with the crate.
    #[must_use]
    pub fn shipped() -> Self {
        SHIPPED.clone()
    }

    /// Weights in the order of [`names`].
    pub(crate) fn of(weights: Box<[f32; FEATURES]>) -> Self {
        Self(weights)
    }

    /// Reads a table; `None` when its lines are not those of this release's measures, in their order.
    #[must_use]
    pub fn read(table: &str) -> Option<Self> {
        let mut weights = Box::new([0.0; FEATURES]);
        let mut lines = table.lines().filter(|line| !line.starts_with('#'));
        for (place, name) in weights.iter_mut().zip(names()) {
            let (weight, found) = lines.next()?.split_once('\t')?;
            *place = weight.parse().ok().filter(|weight: &f32| weight.is_finite())?;
            if found != name {
                return None;
            }
        }
        lines.next().is_none().then_some(Self(weights))
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> String {
        let lines = names().into_iter().zip(self.0.iter());
        lines.map(|(name, weight)| format!("{weight}\t{name}\n")).collect()
    }

    /// The weights with four decimals.
    pub(crate) fn rounded(mut self) -> Self {
        self.0
            .iter_mut()
            .for_each(|weight| *weight = (*weight * 1e4).round() / 1e4);
        self
    }

    /// Adds to the log odds of every pair.
    pub(crate) fn move_bias(&mut self, by: f32) {
        self.0[0] += by;
    }

    /// The log odds that a pair is a copy.
    pub(crate) fn log_odds(&self, features: &Features) -> f32 {
        self.parts(features).sum()
    }

    /// What each measure adds to them.
    pub(crate) fn parts(&self, features: &Features) -> impl Iterator<Item = f32> {
        features.iter().zip(self.0.iter()).map(|(value, weight)| value * weight)
    }
}

#[cfg(test)]
mod tests {
    use super::Weights;

    #[test]
    fn the_table_of_this_crate_fits_its_measures() {
        let shipped = Weights::shipped();
        assert_ne!(shipped, Weights::default());
        assert_eq!(Weights::read(&shipped.table()), Some(shipped));
    }

    #[test]
    fn a_table_of_other_measures_is_not_read() {
        let table = Weights::shipped().table();
        for broken in [
            String::new(),
            table.replacen("bias", "bent", 1),
            table.replacen('\t', " ", 1),
            format!("{table}1\tone more\n"),
            table.replacen(table.split('\t').next().unwrap_or_default(), "NaN", 1),
        ] {
            assert_eq!(Weights::read(&broken), None);
        }
    }
}
