//! `copydesk tail`: the records of a topic.

use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use kit::log::{Log, Message, Reader, Start};
use schemas::fate::FateRecord;
use schemas::published::{PublicArticle, Publication, Repointing};
use schemas::record::Record as _;
use schemas::topic::Topic;

use crate::cli::Common;
use crate::{open, scan};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  copydesk tail articles                     the last 10 published articles, a line each
  copydesk tail articles --from-start -n 0   all of them
  copydesk tail topics.sport --follow        sport as it comes
  copydesk tail fates --json | jq .reason    whole records")]
pub(crate) struct TailArguments {
    /// The topic, by its full name (news.articles.v1) or without prefix and version (articles).
    topic: String,
    #[command(flatten)]
    common: Common,
    /// How many records; 0 for all.
    #[arg(short = 'n', long, default_value_t = 10)]
    records: usize,
    /// Begin with the first record that is still there instead of the last ones.
    #[arg(long)]
    from_start: bool,
    /// Go on with what comes until interrupted.
    #[arg(short, long)]
    follow: bool,
    /// Print whole values as JSON lines; a tombstone is null.
    #[arg(long)]
    json: bool,
}

/// Prints records.
pub(crate) fn run(arguments: &TailArguments) -> Result<()> {
    let config = open::config(&arguments.common)?;
    let topic = scan::topic(&config.topics.prefix, &arguments.topic)?;
    let log = match arguments.follow {
        true => open::for_following(&config)?,
        false => open::for_reading(&config)?,
    };
    let (mut readers, mut messages) = chosen(log.as_ref(), topic, arguments)?;
    let mut output = std::io::stdout().lock();
    loop {
        messages.sort_by_key(|message| message.timestamp);
        for message in &messages {
            print(&mut output, message, arguments.json)?;
        }
        output.flush()?;
        if !arguments.follow {
            return Ok(());
        }
        messages.clear();
        for reader in &mut readers {
            messages.extend(reader.read(1000, Duration::from_millis(100))?);
        }
    }
}

type Chosen = (Vec<Box<dyn Reader>>, Vec<Message>);

/// The records to print first, oldest first, and readers that stand behind them.
fn chosen(log: &dyn Log, topic: Topic, arguments: &TailArguments) -> Result<Chosen> {
    let (mut readers, mut messages) = (Vec::new(), Vec::new());
    let wanted = if arguments.records == 0 {
        usize::MAX
    } else {
        arguments.records
    };
    for partition in 0..log.partitions(topic)? {
        let bounds = log.bounds(topic, partition)?;
        let is_whole = arguments.from_start || wanted == usize::MAX;
        // Offsets may have gaps, so more than the wanted number of offsets is looked at.
        let back = u64::try_from(wanted.saturating_mul(4)).unwrap_or(u64::MAX);
        let start = if is_whole {
            bounds.first
        } else {
            bounds.end.saturating_sub(back).max(bounds.first)
        };
        let mut reader = log.reader(topic, partition, Start::Offset(start))?;
        while reader.position() < bounds.end {
            messages.extend(reader.read(1000, Duration::from_millis(500))?);
        }
        readers.push(reader);
    }
    messages.sort_by_key(|message| message.timestamp);
    match arguments.from_start {
        true => messages.truncate(wanted),
        false => drop(messages.drain(..messages.len().saturating_sub(wanted))),
    }
    Ok((readers, messages))
}

fn print(output: &mut impl Write, message: &Message, json: bool) -> Result<()> {
    let value = message.value.as_deref();
    if json {
        output.write_all(value.unwrap_or(b"null"))?;
        return Ok(output.write_all(b"\n")?);
    }
    let key = String::from_utf8_lossy(message.key.as_deref().unwrap_or_default());
    let line = match (message.topic, value) {
        (_, None) => format!("{} {key} (taken away)", message.timestamp),
        (Topic::Articles | Topic::Latest | Topic::Duplicates | Topic::Subject(_), Some(_)) => article_line(message),
        (Topic::Fates, Some(_)) => fate_line(message),
        (_, Some(value)) => format!(
            "{} {key} {}",
            message.timestamp,
            start_of(&String::from_utf8_lossy(value), 160)
        ),
    };
    Ok(writeln!(output, "{line}")?)
}

fn article_line(message: &Message) -> String {
    match Publication::decode(message.incoming()) {
        Ok(Publication::Article { article, .. }) => headline(&article),
        Ok(Publication::Withdrawn { withdrawal, .. }) => format!("{} withdrawn: {}", withdrawal.id, withdrawal.reason),
        Ok(Publication::Repointed { repointing, .. }) => repointed(&repointing),
        Ok(Publication::Cleared { id, .. }) => format!("{id} (taken away)"),
        Err(error) => format!("{} offset {}: {error}", message.timestamp, message.offset),
    }
}

/// One line about an article that is a copy from now on, for people.
pub(crate) fn repointed(event: &Repointing) -> String {
    format!(
        "{} re-pointed: a copy of {} from now on ({})\n    {}",
        event.id,
        event.original,
        clean(&event.reason.replace('_', " ")),
        clean(&event.original_url)
    )
}

/// One line about an article, for people.
pub(crate) fn headline(article: &PublicArticle) -> String {
    let topics: Vec<&str> = article.topics.iter().map(|topic| topic.name.as_str()).collect();
    let topics = if topics.is_empty() {
        "no topic".to_owned()
    } else {
        topics.join(" + ")
    };
    let copy = article
        .duplicate
        .as_ref()
        .map_or(String::new(), |copy| format!("  = copy of {}", copy.original));
    let language = article.language.as_deref().unwrap_or("?");
    format!(
        "{} {:<3} v{} [{}] {}{copy}\n    {}",
        article.fetched_at,
        clean(language),
        article.version,
        clean(&topics),
        clean(&start_of(&article.title, 120)),
        clean(&article.canonical_url)
    )
}

fn fate_line(message: &Message) -> String {
    match FateRecord::decode(message.incoming()) {
        Ok(fate) => {
            let reason = fate.reason.map_or(String::new(), |reason| format!(" ({reason})"));
            format!(
                "{} {}{reason} by {} {}",
                fate.decided_at,
                fate.fate,
                fate.stage,
                clean(&fate.requested_url)
            )
        }
        Err(error) => format!("{} offset {}: {error}", message.timestamp, message.offset),
    }
}

/// Text of strangers for a terminal: without control characters, which could move its cursor or change its title.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect()
}

fn start_of(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
