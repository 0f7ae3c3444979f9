//! The learned line model: the trees and the reader of [`crate::html::model`], over the features of lines.

use std::sync::LazyLock;

use super::features;
use super::line::Line;
use crate::html::model::Model;

static SHIPPED: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_bytes!("../../model/lines.bin")).unwrap_or_default());

/// The model that ships with the crate.
pub(super) fn shipped() -> &'static Model {
    &SHIPPED
}

/// The score of every line, 0 to 1.
pub(crate) fn scores(model: &Model, lines: &[Line]) -> Vec<f32> {
    let mut rows = features::describe(lines);
    let evidence: Vec<_> = lines.iter().map(features::evidence).collect();
    features::push_evidence(&model.tables, &evidence, &mut rows);
    rows.iter().map(|row| model.score(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::shipped;
    use crate::html::model::Node;
    use crate::text::features::WIDTH;

    #[test]
    fn the_model_of_this_crate_fits_its_features() {
        let model = shipped();
        assert!(100 <= model.trees.len());
        let widest = model.trees.iter().flatten().filter_map(|node| match node {
            Node::Split { feature, .. } => Some(usize::from(*feature)),
            Node::Leaf(_) => None,
        });
        assert!(widest.max().is_some_and(|feature| feature < WIDTH));
    }
}
