//! The model card: what a model learnt from, how good it is, where it fails. It is written with the model, so that the
//! two cannot drift apart.

use crate::corpus::is_shippable;
use crate::model::file::FileError;
use crate::model::linear::Linear;
use crate::model::{Model, file};
use crate::report::{Report, report};
use crate::taxonomy::Taxonomy;
use crate::train::{Document, Settings};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What the card says of a collection beyond its numbers: where it is from and under which licence.
const COLLECTIONS: &[(&str, &str)] = &[
    (
        "wiki_current_events",
        "Wikipedia, Portal:Current events, 2002 to 2026; CC BY-SA",
    ),
    (
        "sib200",
        "SIB-200, topic labels on FLORES-200 sentences; Apache-2.0, text CC BY-SA 4.0 by report",
    ),
    (
        "huffpost",
        "News Category Dataset (headlines and abstracts); CC0-1.0 by one public dataset card",
    ),
    (
        "masakhanews",
        "MasakhaNEWS, news in 16 languages; AFL-3.0 by report, articles remain the publishers'",
    ),
    (
        "iptc_terms",
        "IPTC Media Topics, names and definitions of all terms; CC BY 4.0, Copyright IPTC",
    ),
    (
        "own_examples",
        "example sentences written for this project (`seeds/topics/examples.tsv`); as the project",
    ),
];

const WEAKNESSES: &str = "\
- Weather, labour, education, environment, human interest, religion and society have few training articles: most of
  what the model knows of them comes from term definitions and from our own examples. Expect it to miss them.
- Labels are single: a collection files an article under one section, although news often has two topics. Second
  topics are therefore scored too low.
- English training text is mostly short (one to three sentences). Full articles work because features are damped and
  scaled to one length, but the calibration was fitted mainly on short text.
- Languages outside the training data fall back on names, loan words and the terms of the taxonomy.
- Sections differ between publishers: what one calls politics another calls conflict or crime. The figures on never
  seen collections show how much that costs.
";

/// A model's card as Markdown. `command` is what a reader runs to get the same model.
///
/// # Errors
/// If `model` is no model file.
pub fn card(
    model: &[u8],
    documents: &[Document],
    settings: &Settings,
    taxonomy: &Taxonomy,
    command: &str,
) -> Result<(String, Report), FileError> {
    let linear = file::read(model)?;
    let figures = report(&linear, documents);
    let mut card = String::new();
    // Writing to a string cannot fail.
    let _ = write_card(
        &mut card,
        (&linear, model.len()),
        documents,
        settings,
        taxonomy,
        command,
        &figures,
    );
    Ok((card, figures))
}

fn write_card(
    card: &mut String,
    (model, bytes): (&Linear, usize),
    documents: &[Document],
    settings: &Settings,
    taxonomy: &Taxonomy,
    command: &str,
    figures: &Report,
) -> std::fmt::Result {
    let identity = model.identity();
    let features = model.parts().vocabulary.len();
    writeln!(card, "# Topic model {}\n", identity.version)?;
    writeln!(
        card,
        "SHA-256 `{}`, {bytes} bytes, {features} features.\n",
        identity.hash
    )?;
    writeln!(card, "{METHOD}")?;
    writeln!(card, "Made by `{command}`. The same data give the same bytes.\n")?;
    writeln!(
        card,
        "Intended use: routing and filtering of news by topic. Not for judging people or texts.\n"
    )?;
    write_data(card, documents)?;
    writeln!(card, "Settings: `{settings:?}`\n")?;
    writeln!(
        card,
        "## Topics\n\n| id | name | published from |\n| --- | --- | ---: |"
    )?;
    for topic in &model.parts().topics {
        let name = taxonomy.term(&topic.id).map_or("", |term| term.name.as_str());
        writeln!(card, "| {} | {name} | {:.2} |", topic.id, topic.threshold)?;
    }
    writeln!(card, "{MEASURES}")?;
    writeln!(card, "{PICTURES}")?;
    writeln!(card, "```text\n{figures}```\n")?;
    write!(card, "## Known weaknesses\n\n{WEAKNESSES}")
}

const METHOD: &str = "\
One logistic regression per top term of the IPTC Media Topics over hashed words, pairs of words,
beginnings of words (not in English) and runs of characters (in scripts without spaces); weights
of one byte; calibrated probabilities; one threshold per topic, below which it abstains.
";

const MEASURES: &str = "
## Figures

`acc@1`: the best topic is right. `macroF1`: of the best topic, over topics.
`microF1`: of the published topics. `ECE`: expected calibration error of the best topic.
`cov@.90`: share of articles that can be taken with nine in ten right. `abstain`: share without
a published topic.

Features, weights and calibration were chosen by reading these same evaluation parts, about thirty settings in all, so
every row is somewhat better than unseen data would show. Differences below a point are noise.
";

/// The files are those of [`crate::picture`].
const PICTURES: &str = "\
![How often the best topic is right, by its probability](calibration.svg)

![Which topics are taken for which](confusion.svg)
";

fn write_data(card: &mut String, documents: &[Document]) -> std::fmt::Result {
    writeln!(
        card,
        "## Training data\n\n| collection | documents | source and licence |\n| --- | ---: | --- |"
    )?;
    for (source, count) in counts(documents, true) {
        let about = COLLECTIONS
            .iter()
            .find(|(name, _)| *name == source)
            .map_or("", |(_, about)| *about);
        writeln!(card, "| {source} | {count} | {about} |")?;
    }
    writeln!(
        card,
        "\nOf the articles 84 % fit the weights, 8 % calibrate, 8 % are held out; the text decides which."
    )?;
    let foreign = counts(documents, false);
    let foreign: Vec<String> = foreign
        .iter()
        .map(|(source, count)| format!("{source} ({count})"))
        .collect();
    writeln!(
        card,
        "\nOnly for measuring, because of their licences: {}.\n",
        foreign.join(", ")
    )
}

fn counts(documents: &[Document], shippable: bool) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for document in documents.iter().filter(|document| is_shippable(document) == shippable) {
        *counts.entry(document.source.as_str()).or_default() += 1;
    }
    counts
}
