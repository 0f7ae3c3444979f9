//! Makes the block model: JSON lines `{"id","set","group","html","story"}` on stdin, the model to the path given.
//!
//! `train_clean OUT [FOLDS]`: FOLDS is 0 for no cross-validation. Prints progress and the table of figures.

use std::collections::BTreeMap;
use std::io::BufRead as _;

use cleaner::train::{Example, Prepared, augment, boost::Settings, keep, measure, prepare, train};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("usage: train_clean OUT [FOLDS]")?;
    let folds: usize = arguments.next().map_or(Ok(5), |folds| folds.parse())?;
    let examples = read()?;
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    for example in &examples {
        let next = groups.len();
        groups.entry(&example.group).or_insert(next);
    }
    let group_of = |example: &Example| groups.get(example.group.as_str()).copied().unwrap_or(0);
    let plain: Vec<Prepared> = examples
        .iter()
        .map(|example| prepare(example, group_of(example)))
        .collect();
    let other = |index: usize| &examples[(index * 7 + 13) % examples.len()];
    let with =
        |index: usize, example: &Example| augment::augment(example, other(index), index, index / augment::VARIANTS);
    let augmented: Vec<Prepared> = examples
        .iter()
        .enumerate()
        .map(|(index, example)| prepare(&with(index, example), group_of(example)))
        .collect();
    eprintln!(
        "{} pages, {} sites, {} blocks",
        plain.len(),
        groups.len(),
        plain.iter().map(|page| page.rows.len()).sum::<usize>()
    );
    let settings = Settings::default();
    if folds > 0 {
        cross_validate(&examples, &plain, &augmented, folds, &settings);
    }
    let all: Vec<&Prepared> = plain.iter().chain(&augmented).collect();
    let model = train(&all, &settings);
    let bytes = model.write();
    eprintln!("{} trees, {} bytes", model.trees.len(), bytes.len());
    std::fs::write(out, bytes)?;
    Ok(())
}

fn read() -> Result<Vec<Example>, Box<dyn std::error::Error>> {
    let mut examples = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let value: serde_json::Value = serde_json::from_str(&line?)?;
        let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        examples.push(Example {
            id: field("id"),
            group: field("group"),
            set: field("set"),
            html: field("html"),
            story: field("story"),
        });
    }
    Ok(examples)
}

/// Windows found, found too much and missed, of every page of a set at one threshold.
type Counts = BTreeMap<(String, usize), Vec<(f64, f64, f64)>>;

fn cross_validate(examples: &[Example], plain: &[Prepared], augmented: &[Prepared], folds: usize, settings: &Settings) {
    let thresholds = [0.35, 0.4, 0.45, 0.5, 0.55];
    let mut counts = Counts::new();
    for fold in 0..folds {
        let inside = |page: &&Prepared| page.group % folds != fold;
        let pages: Vec<&Prepared> = plain.iter().chain(augmented).filter(inside).collect();
        let model = train(&pages, settings);
        for (pages, label) in [(plain, ""), (augmented, " + insertion")] {
            for (page, example) in pages
                .iter()
                .zip(examples)
                .filter(|(page, _)| page.group % folds == fold)
            {
                for (index, threshold) in thresholds.iter().enumerate() {
                    let found = measure::counts(&example.story, &keep(&model, page, *threshold));
                    counts
                        .entry((format!("{}{label}", example.set), index))
                        .or_default()
                        .push(found);
                }
            }
        }
        eprintln!("fold {} of {folds} done", fold + 1);
    }
    for ((set, index), counts) in &counts {
        let score = measure::score(counts);
        println!(
            "{set} at {}: F1 {:.4} P {:.4} R {:.4} ({} pages)",
            thresholds[*index],
            score.f1,
            score.precision,
            score.recall,
            counts.len()
        );
    }
}
