//! Makes the line model: JSON lines `{"id","set","group","html","story"}` on stdin, the model to the path given.
//!
//! `train_lines OUT [FOLDS]`: FOLDS is 0 for no cross-validation. Prints progress and the table of figures.

use std::io::BufRead as _;

use cleaner::train::{Example, boost::Settings, lines};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().ok_or("usage: train_lines OUT [FOLDS]")?;
    let folds: usize = arguments.next().map_or(Ok(4), |folds| folds.parse())?;
    let examples = read()?;
    let (model, figures) = lines::make(&examples, folds, &Settings::default(), &mut |step| eprintln!("{step}"));
    for figure in figures {
        println!("{figure}");
    }
    std::fs::write(out, model.write())?;
    Ok(())
}

fn read() -> Result<Vec<Example>, Box<dyn std::error::Error>> {
    let mut examples = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let value: serde_json::Value = serde_json::from_str(&line?)?;
        let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        examples.push(Example {
            url: None,
            id: field("id"),
            group: field("group"),
            set: field("set"),
            html: field("html"),
            story: field("story"),
        });
    }
    Ok(examples)
}
