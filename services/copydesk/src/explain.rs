//! `copydesk explain`: one article through all stages, dry, and what each decided.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::Args;
use classifier::model::{Article as Classifiable, Filing};
use cleaner::decode::decode;
use cleaner::extracted::{Extracted, Known};
use cleaner::html;
use cleaner::site::Sites;
use deduper::deduper::{Article, Deduper, Verdict};
use deduper::origin::Clues;
use kit::config::Config;
use schemas::fate::FilterReason;

use crate::cli::Common;
use crate::tail::clean;
use crate::{clock, fetching, filter, models, open, roles};

mod ruled;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  copydesk explain page.html
  copydesk explain https://example.org/news/1
  copydesk explain story.txt copy.txt      also tells whether the second repeats the first
  copydesk explain page.html --url https://example.org/news/1 --rules rules.toml
  copydesk explain a.html b.html c.html …  pages of one site: also tells what recurs on them")]
pub(crate) struct ExplainArguments {
    /// Files (HTML, or text when the name ends in .txt) or URLs, in stream order.
    #[arg(required = true)]
    what: Vec<String>,
    /// Rules for pages to try instead of the configured ones.
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// The address that a file was read from: its host says which rules concern it.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    common: Common,
}

/// Explains each in turn; later ones are compared with earlier ones, and what recurs on a site is cut from them.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<()> {
    let config = open::config(&arguments.common)?;
    let classifier = models::configured(&config)?;
    let mut deduper = Deduper::new(roles::deduper_settings(&config));
    let rules = match &arguments.rules {
        Some(path) => roles::page_rules_of(path)?,
        None => roles::page_rules(&config)?,
    };
    let known = Known {
        rules: Arc::new(rules),
        now: Some(clock::now()),
        ..Known::default()
    };
    let mut sites = Sites::default();
    let mut refused = 0;
    for what in &arguments.what {
        println!("== {}", clean(what));
        match extract(&config, what, arguments.url.as_deref(), &known, &mut sites)? {
            Err(reason) => {
                refused += 1;
                println!(
                    "filtered: {}; nothing is passed on\n",
                    reason.as_str().replace('_', " ")
                );
            }
            Ok(extracted) => {
                show_cleaned(&extracted);
                ruled::show(&extracted);
                show_copies(&mut deduper, what, &extracted);
                let address = arguments.url.as_deref().unwrap_or(what);
                show_topics(&classifier, &extracted, address);
            }
        }
    }
    match refused {
        0 => Ok(()),
        count => bail!("{count} of {} hold no article", arguments.what.len()),
    }
}

fn extract(
    config: &Config,
    what: &str,
    address: Option<&str>,
    known: &Known,
    sites: &mut Sites,
) -> Result<Result<Extracted, FilterReason>> {
    let now = clock::now();
    if !what.starts_with("http://") && !what.starts_with("https://") {
        let extracted = filter::clean::file(Path::new(what), address, known)?;
        let place = address.unwrap_or(what);
        return Ok(extracted.map(|extracted| filter::clean::with_memory(sites, place, extracted, now)));
    }
    let (url, response) = fetching::get(config, what)?;
    let decoded = decode(&response.body, response.header("content-type"));
    println!("fetched {} bytes, charset {}", response.body.len(), decoded.encoding);
    let url = address.unwrap_or(&url);
    let extracted = html::extract(&decoded.text, Some(url), known);
    Ok(extracted.map(|extracted| filter::clean::with_memory(sites, url, extracted, now)))
}

fn show_cleaned(extracted: &Extracted) {
    println!("title      {}", clean(&extracted.title));
    let words: usize = extracted
        .blocks
        .iter()
        .map(|block| block.text.split_whitespace().count())
        .sum();
    println!("text       {} blocks, {words} words", extracted.blocks.len());
    if let Some(language) = &extracted.language {
        println!("language   {}", language.tag);
    }
    if !extracted.authors.is_empty() {
        println!("authors    {}", clean(&extracted.authors.join(", ")));
    }
    if let Some(found) = &extracted.published_at {
        println!(
            "published  {} (from {}: {})",
            found.at,
            found.found_in,
            clean(&found.text)
        );
    }
    if let Some(agency) = &extracted.agency {
        println!("agency     {}", clean(&agency.name));
    }
    for removed in &extracted.removed {
        let start: String = removed.text.chars().take(90).collect();
        println!("cut        {:<14} {}", removed.kind.name(), clean(&start));
        if let Some(evidence) = removed.kind.evidence() {
            println!("             {evidence}");
        }
    }
}

fn show_copies(deduper: &mut Deduper, what: &str, extracted: &Extracted) {
    let text = extracted.text();
    let published = extracted.published_at.as_ref().map(|found| found.at.as_millis());
    let article = Article {
        id: what,
        fetch_id: what,
        source: what,
        url: what,
        title: &extracted.title,
        text: &text,
        published,
    };
    let found = deduper.explain(&article, clock::now().as_millis());
    if found.is_empty() {
        println!("copies     resembles nothing that was given before it");
    }
    for one in found.iter().take(3) {
        let word = if one.is_copy { "a copy of" } else { "no copy of" };
        println!(
            "copies     {word} {} (probability {:.4})",
            clean(&one.candidate),
            one.probability
        );
        for passage in one.passages.iter().take(3) {
            println!("             shares  {}", clean(passage));
        }
        if !one.numbers_missing.is_empty() {
            println!(
                "             numbers that the other lacks: {}",
                clean(&one.numbers_missing.join(", "))
            );
        }
        if !one.names_missing.is_empty() {
            println!(
                "             names that the other lacks: {}",
                clean(&one.names_missing.join(", "))
            );
        }
    }
    show_story(deduper, &article);
    let clues = Clues {
        agency: extracted.agency.as_ref().map(|agency| agency.name.as_str()),
        dateline: extracted.dateline.is_some(),
        told: extracted.published_at.as_ref().map(deduper::stage::told),
    };
    // Nothing here is in the future or out of the window.
    let outcome = deduper.decide_with(&article, &clues, clock::now().as_millis());
    outcome.memory.iter().for_each(|change| deduper.apply(change));
    show_original(&outcome.verdict);
}

fn show_story(deduper: &Deduper, article: &Article<'_>) {
    for one in deduper.explain_story(article, clock::now().as_millis()).iter().take(3) {
        let word = if one.is_story {
            "on the event of"
        } else {
            "not on the event of"
        };
        println!(
            "story      {word} {} (score {:.4}, {:.0} hours apart)",
            clean(&one.candidate),
            one.score,
            one.resemblance.hours
        );
        let shared = [
            ("names", &one.names),
            ("words of the headline", &one.title_words),
            ("numbers", &one.numbers),
        ];
        for (what, words) in shared.iter().filter(|(_, words)| !words.is_empty()) {
            println!("             both have the {what}: {}", clean(&words.join(", ")));
        }
    }
}

fn show_original(verdict: &Verdict) {
    let Verdict::News {
        duplicate, replaces, ..
    } = verdict
    else {
        return;
    };
    if let Some(copy) = duplicate {
        println!("original   {}", clean(&copy.original));
    }
    if let Some(replaces) = replaces {
        let reason = replaces.reason.as_str().replace('_', " ");
        println!(
            "original   this one, in place of {}: {reason}",
            clean(&replaces.former.original)
        );
    }
}

fn show_topics(classifier: &classifier::classifier::Classifier, extracted: &Extracted, address: &str) {
    let text = extracted.text();
    let language = extracted.language.as_ref().map(|language| language.tag.as_str());
    let article = Classifiable {
        language,
        title: &extracted.title,
        text: &text,
        filing: Filing {
            section: extracted.section.as_deref(),
            tags: &extracted.tags,
            categories: &[],
            url: address,
        },
    };
    if classifier.topics(&article).is_empty() {
        println!("topics     none: the model abstains; nearest:");
    }
    for one in classifier.explain(&article, 2, 8) {
        let name = classifier.name(one.score.topic);
        let word = if one.score.published {
            ""
        } else {
            " (too unlikely to be published)"
        };
        println!(
            "topic      {} {} {:.4}{word}",
            one.score.topic, name, one.score.probability
        );
        let reasons: Vec<String> = one
            .reasons
            .iter()
            .map(|reason| format!("{} {:+.2}", clean(&reason.words), reason.weight))
            .collect();
        println!("             {}", reasons.join(", "));
    }
    println!();
}
