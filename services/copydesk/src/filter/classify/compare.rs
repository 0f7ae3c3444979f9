//! What changes when one topic model takes the place of another.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use classifier::classifier::Classifier;
use classifier::model::Score;
use schemas::hop::four_decimals;
use serde_json::{Value, json};

use super::given::Given;
use crate::tail::clean;

/// Characters of a title that are shown.
const TITLE: usize = 90;

/// Counts over articles that both models were shown. It holds counts and the most changed articles, never all.
pub(super) struct Comparison<'c> {
    old: &'c Classifier,
    new: &'c Classifier,
    examples: usize,
    pub(super) articles: usize,
    /// Lines and records that were no article.
    pub(super) unread: usize,
    /// Articles with other published topics, or another first one.
    pub(super) changed: usize,
    other_first: usize,
    abstained: [usize; 2],
    /// Sum over articles of the mean change of a topic's probability, and of the largest.
    shift: [f64; 2],
    topics: BTreeMap<String, Row>,
    most: Vec<Example>,
}

/// How one topic fared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Row {
    published: [usize; 2],
    gained: usize,
    lost: usize,
    first: [usize; 2],
}

/// An article that changed much.
#[derive(Debug, Clone)]
struct Example {
    /// Larger is more: verdicts changed, then change of probabilities.
    change: (usize, f64),
    id: Value,
    title: String,
    published: [Vec<(String, f32)>; 2],
}

impl<'c> Comparison<'c> {
    /// Nothing seen yet. `examples` articles are kept to show.
    pub(super) fn new(old: &'c Classifier, new: &'c Classifier, examples: usize) -> Self {
        Self {
            old,
            new,
            examples,
            articles: 0,
            unread: 0,
            changed: 0,
            other_first: 0,
            abstained: [0; 2],
            shift: [0.0; 2],
            topics: BTreeMap::new(),
            most: Vec::new(),
        }
    }

    /// Shows an article to both.
    pub(super) fn add(&mut self, given: &Given) {
        let language = given.language(self.old);
        let article = given.article(language.as_deref());
        let (old, new) = (self.old.scores(&article), self.new.scores(&article));
        let published = [published(&old), published(&new)];
        let verdicts = self.count(&published);
        let (mean, largest, sum) = change(&old, &new);
        self.shift[0] += mean;
        self.shift[1] += largest;
        if verdicts != 0 || 0.0 < sum {
            self.keep(given, (verdicts, sum), published);
        }
    }

    /// Counts the verdicts on one article and says how many changed.
    fn count(&mut self, published: &[Vec<(String, f32)>; 2]) -> usize {
        self.articles += 1;
        let sets = published.each_ref().map(|topics| {
            topics
                .iter()
                .map(|(topic, _)| topic.as_str())
                .collect::<BTreeSet<&str>>()
        });
        let firsts = published
            .each_ref()
            .map(|topics| topics.first().map(|(topic, _)| topic.as_str()));
        let mut verdicts = 0;
        for side in 0..2 {
            self.abstained[side] += usize::from(sets[side].is_empty());
            for topic in &sets[side] {
                let row = self.topics.entry((*topic).to_owned()).or_default();
                row.published[side] += 1;
                if !sets[1 - side].contains(topic) {
                    verdicts += 1;
                    *[&mut row.lost, &mut row.gained][side] += 1;
                }
            }
            if let Some(first) = firsts[side] {
                self.topics.entry(first.to_owned()).or_default().first[side] += 1;
            }
        }
        let other_first = firsts[0] != firsts[1];
        self.other_first += usize::from(other_first);
        self.changed += usize::from(verdicts != 0 || other_first);
        verdicts + usize::from(other_first)
    }

    fn keep(&mut self, given: &Given, change: (usize, f64), published: [Vec<(String, f32)>; 2]) {
        let before = |example: &Example| order(change, example.change).is_lt();
        // Of equals the earlier stays, so the result does not hang on how many are kept.
        let at = self.most.partition_point(|example| !before(example));
        if self.examples <= at {
            return;
        }
        self.most.insert(
            at,
            Example {
                change,
                id: given.id.clone(),
                title: given.title.chars().take(TITLE).collect(),
                published,
            },
        );
        self.most.truncate(self.examples);
    }

    /// The share of articles whose published topics, or the first of them, changed.
    pub(super) fn changed_share(&self) -> f64 {
        self.share(self.changed)
    }

    fn share(&self, count: usize) -> f64 {
        count as f64 / self.articles.max(1) as f64
    }

    /// The whole comparison for programs.
    pub(super) fn json(&self) -> Value {
        let topics = self.topics.iter().map(|(id, row)| {
            json!({ "id": id, "name": self.old.name(id), "old": row.published[0], "new": row.published[1],
                "gained": row.gained, "lost": row.lost, "first_old": row.first[0], "first_new": row.first[1] })
        });
        let most = self.most.iter().map(|example| {
            let list = |topics: &[(String, f32)]| -> Vec<Value> {
                let one = |(id, score): &(String, f32)| json!({ "id": id, "score": four_decimals(f64::from(*score)) });
                topics.iter().map(one).collect()
            };
            json!({ "id": example.id, "title": example.title, "old": list(&example.published[0]),
                "new": list(&example.published[1]), "change": four_decimals(example.change.1) })
        });
        json!({
            "old": self.old.model_name(),
            "new": self.new.model_name(),
            "articles": self.articles,
            "unread": self.unread,
            "changed": self.changed,
            "changed_share": four_decimals(self.changed_share()),
            "first_changed": self.other_first,
            "abstained": { "old": self.abstained[0], "new": self.abstained[1] },
            "probability_change": { "mean": four_decimals(self.shift[0] / self.articles.max(1) as f64),
                "mean_of_largest": four_decimals(self.shift[1] / self.articles.max(1) as f64) },
            "topics": topics.collect::<Vec<Value>>(),
            "most_changed": most.collect::<Vec<Value>>(),
        })
    }
}

fn order(one: (usize, f64), other: (usize, f64)) -> std::cmp::Ordering {
    other.0.cmp(&one.0).then_with(|| other.1.total_cmp(&one.1))
}

fn published(scores: &[Score<'_>]) -> Vec<(String, f32)> {
    let published = scores.iter().filter(|score| score.published);
    published
        .map(|score| (score.topic.to_owned(), score.probability))
        .collect()
}

/// How far the probabilities of the topics moved: the mean, the largest, and the sum. A topic that only one of the
/// models knows is as if the other had given it nothing.
fn change(old: &[Score<'_>], new: &[Score<'_>]) -> (f64, f64, f64) {
    let mut topics: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    for (side, scores) in [old, new].into_iter().enumerate() {
        for score in scores {
            topics.entry(score.topic).or_default()[side] = f64::from(score.probability);
        }
    }
    let moved = topics.values().map(|[old, new]| (new - old).abs());
    let (sum, largest) = moved.fold((0.0, 0.0_f64), |(sum, largest), one| (sum + one, largest.max(one)));
    (sum / topics.len().max(1) as f64, largest, sum)
}

impl fmt::Display for Comparison<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_cent = |count: usize| format!("{count:>9} {:>7.2} %", 100.0 * self.share(count));
        writeln!(formatter, "old            {}", self.old.model_name())?;
        writeln!(formatter, "new            {}", self.new.model_name())?;
        writeln!(formatter, "articles       {:>9}", self.articles)?;
        if self.unread != 0 {
            writeln!(formatter, "no articles    {:>9}", self.unread)?;
        }
        writeln!(formatter, "agree          {}", per_cent(self.articles - self.changed))?;
        writeln!(formatter, "changed        {}", per_cent(self.changed))?;
        writeln!(formatter, "other first    {}", per_cent(self.other_first))?;
        writeln!(formatter, "abstained, old {}", per_cent(self.abstained[0]))?;
        writeln!(formatter, "abstained, new {}", per_cent(self.abstained[1]))?;
        let mean = |sum: f64| sum / self.articles.max(1) as f64;
        writeln!(
            formatter,
            "probability    {:>9.4} mean change of a topic, {:.4} of the most changed topic of an article",
            mean(self.shift[0]),
            mean(self.shift[1])
        )?;
        writeln!(
            formatter,
            "\n{:48} {:>8} {:>8} {:>7} {:>7} {:>9} {:>9}",
            "topic", "old", "new", "gained", "lost", "first old", "first new"
        )?;
        for (id, row) in &self.topics {
            let Row {
                published: [old, new],
                gained,
                lost,
                first: [was, is],
            } = row;
            let name: String = format!("{id} {}", self.old.name(id)).chars().take(48).collect();
            writeln!(
                formatter,
                "{name:48} {old:>8} {new:>8} {gained:>7} {lost:>7} {was:>9} {is:>9}"
            )?;
        }
        if !self.most.is_empty() {
            writeln!(formatter, "\nmost changed:")?;
        }
        for example in &self.most {
            let id = match &example.id {
                Value::String(id) => clean(id),
                other => clean(&other.to_string()),
            };
            writeln!(formatter, "  {id} {}", clean(&example.title))?;
            for (word, topics) in ["old", "new"].into_iter().zip(&example.published) {
                writeln!(formatter, "    {word} {}", self.listed(topics))?;
            }
        }
        Ok(())
    }
}

impl Comparison<'_> {
    fn listed(&self, topics: &[(String, f32)]) -> String {
        let one = |(id, score): &(String, f32)| format!("{} {score:.2}", self.old.name(id));
        match topics {
            [] => "none".to_owned(),
            topics => topics.iter().map(one).collect::<Vec<String>>().join(", "),
        }
    }
}

#[cfg(test)]
mod tests;
