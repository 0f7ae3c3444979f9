//! Streams of made-up copies and traps, out of articles that are no copies of one another.
//!
//! Labelled streams hold a few hundred copies, of the kinds that their outlets make. What other outlets do, and what
//! only looks like it, is made up here: [`super::edits`] for copies, [`super::traps`] for the rest.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::edits::{EDITS, Pool, headline};
use super::text::{is_word, names};
use super::traps::{borrowed_background, borrowed_quotes, digest, other_names, other_numbers, two_reporters};
use super::{Document, Stream};

/// Articles that copies and traps are made of.
const BASES: usize = 1_100;
/// Words of an article that serves as one.
const WORDS: std::ops::Range<usize> = 45..1_500;
const MINUTE: i64 = 60_000;
/// One of so many articles is parted into what two reporters might have written, where it is long enough.
const PARTED: usize = 4;
/// Minutes between two articles.
const PACE: i64 = 6;

struct Maker<'a> {
    articles: Vec<&'a Document>,
    /// Of the articles that are parted, both parts: the whole is nowhere.
    parted: BTreeMap<usize, (String, String)>,
    pool: Pool<'a>,
    dice: Dice,
    name: String,
    documents: Vec<Document>,
}

/// Makes a stream out of `articles`, of which no two are copies.
pub(super) fn stream(name: &str, articles: &[&Document], seed: u64) -> Stream {
    let mut dice = Dice::new(seed);
    let mut articles: Vec<&Document> = articles
        .iter()
        .copied()
        .filter(|article| WORDS.contains(&article.text.split_whitespace().count()))
        .collect();
    dice.shuffle(&mut articles);
    let mut maker = Maker {
        pool: pool(&articles),
        parted: parted(&articles, &mut dice),
        articles,
        dice,
        name: name.to_owned(),
        documents: Vec::new(),
    };
    for base in 0..maker.articles.len().min(BASES) {
        match maker.parted.get(&base).cloned() {
            Some((one, other)) => {
                maker.copies_of(base, &one);
                maker.rival_of(base, other);
            }
            None => {
                maker.copies_of(base, &maker.articles[base].text);
                maker.trap_of(base);
            }
        }
    }
    maker.documents.sort_by_key(|document| document.published);
    Stream {
        name: name.to_owned(),
        documents: maker.documents,
        ..Stream::default()
    }
}

fn parted(articles: &[&Document], dice: &mut Dice) -> BTreeMap<usize, (String, String)> {
    let some = articles.iter().enumerate().filter(|(base, _)| base % PARTED == 0);
    some.filter_map(|(base, article)| Some((base, two_reporters(&article.text, dice)?)))
        .collect()
}

fn pool<'a>(articles: &[&'a Document]) -> Pool<'a> {
    let some = || articles.iter().take(250);
    let words = |article: &&'a Document| article.text.split(' ').filter(|word| is_word(word) && 4 < word.len());
    Pool {
        articles: articles
            .iter()
            .map(|article| (article.title.as_str(), article.text.as_str()))
            .collect(),
        words: some().flat_map(words).collect(),
        names: some()
            .flat_map(|article| names(&article.text))
            .map(|(_, name)| name)
            .collect(),
    }
}

/// An article to come.
struct Draft {
    cluster: String,
    title: String,
    text: String,
    source: String,
    minutes: i64,
}

impl Maker<'_> {
    fn add(&mut self, draft: Draft) {
        let id = format!("{}-{}", self.name, self.documents.len());
        self.documents.push(Document {
            id,
            source: draft.source,
            url: String::new(),
            title: draft.title,
            text: draft.text,
            published: draft.minutes * MINUTE,
            cluster: draft.cluster,
        });
    }

    fn minutes(&mut self, from: i64, to: usize) -> i64 {
        from + i64::try_from(self.dice.below(to)).unwrap_or(0)
    }

    fn paper(&mut self) -> String {
        format!("paper{}", self.dice.below(41))
    }

    fn cluster(&self, base: usize) -> String {
        format!("{}-c{base}", self.name)
    }

    /// The agency's own text, and up to three copies of it.
    fn copies_of(&mut self, base: usize, whole: &str) {
        let article = self.articles[base];
        let sent = i64::try_from(base).unwrap_or(0) * PACE;
        let agency = Draft {
            cluster: self.cluster(base),
            title: article.title.clone(),
            text: whole.to_owned(),
            source: "agency".to_owned(),
            minutes: sent,
        };
        self.add(agency);
        for _ in 0..[0, 0, 1, 1, 2, 3][self.dice.below(6)] {
            let mut edits = EDITS;
            self.dice.shuffle(&mut edits);
            let count = [1, 1, 2, 2, 3][self.dice.below(5)];
            let text = edits.iter().take(count).fold(whole.to_owned(), |text, (_, edit)| {
                edit(&text, &self.pool, &mut self.dice)
            });
            let copy = Draft {
                cluster: self.cluster(base),
                title: headline(&article.title, whole, &self.pool, &mut self.dice),
                text,
                source: self.paper(),
                minutes: self.minutes(sent - 30, 3_030),
            };
            self.add(copy);
        }
    }

    /// What another reporter wrote on the event of an article.
    fn rival_of(&mut self, base: usize, text: String) {
        let article = self.articles[base];
        let sent = i64::try_from(base).unwrap_or(0) * PACE;
        let rival = Draft {
            cluster: format!("{}-x{base}", self.name),
            title: headline(&article.title, &text, &self.pool, &mut self.dice),
            text,
            source: self.paper(),
            minutes: self.minutes(sent - 30, 1_500),
        };
        self.add(rival);
    }

    /// One of the traps around an article, or none where it gives no ground for it.
    fn trap_of(&mut self, base: usize) {
        let article = self.articles[base];
        let minutes = i64::try_from(base).unwrap_or(0) * PACE;
        let minutes = self.minutes(minutes + 5, 4_000);
        let source = ["agency", "paper1"][self.dice.below(2)].to_owned();
        let next = |title: &str, text: String, cluster: String| Draft {
            cluster,
            title: title.to_owned(),
            text,
            source,
            minutes,
        };
        let own = format!("{}-x{base}", self.name);
        let other = self.dice.below(self.articles.len());
        let into = self.articles[other];
        let is_whole = other != base && !self.parted.contains_key(&other);
        let draft = match self.dice.below(20) {
            0..=3 => {
                let digits = article.text.bytes().filter(u8::is_ascii_digit).count();
                let is_table = 25 < digits && article.text.len() < 1_500;
                is_table.then(|| next(&article.title, other_numbers(&article.text, &mut self.dice), own))
            }
            4..=7 => {
                let text = other_numbers(&article.text, &mut self.dice);
                Some(next(
                    &article.title,
                    other_names(&text, &self.pool, &mut self.dice),
                    own,
                ))
            }
            8..=11 if is_whole => borrowed_quotes(&article.text, &into.text, &mut self.dice)
                .map(|text| next(&into.title, text, self.cluster(other))),
            12..=14 if is_whole => {
                borrowed_background(&article.text, &into.text).map(|text| next(&into.title, text, self.cluster(other)))
            }
            15..=17 => {
                let mut stories = vec![(article.title.as_str(), article.text.as_str())];
                let more = self.dice.between(3, 8);
                stories.extend((0..more).filter_map(|_| self.dice.one(&self.pool.articles).copied()));
                Some(next("News in brief", digest(&stories, &mut self.dice), own))
            }
            _ => None,
        };
        // A borrower is in the cluster of the text that it borrows for, so it comes after that.
        if let Some(mut draft) = draft.filter(|draft| 60 < draft.text.len()) {
            let after = i64::try_from(other).unwrap_or(0) * PACE + 5;
            if draft.cluster == self.cluster(other) {
                draft.minutes = draft.minutes.max(after);
            }
            self.add(draft);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::stream;

    fn articles() -> Vec<Document> {
        let article = |at: usize| {
            let paragraph = |part: usize| {
                let words: Vec<String> = (0..30)
                    .map(|word| format!("w{}o", letters(at * 97 + part * 31 + word)))
                    .collect();
                format!(
                    "On day {part} of {at} we met Ruth. “Yes,” said {}. {}.",
                    letters(at),
                    words.join(" ")
                )
            };
            Document {
                id: format!("a{at}"),
                title: format!("Story of {}", letters(at)),
                text: (0..6).map(paragraph).collect::<Vec<_>>().join("\n\n"),
                ..Document::default()
            }
        };
        (0..60).map(article).collect()
    }

    fn letters(mut number: usize) -> String {
        let mut text = String::from("k");
        while 0 < number {
            text.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)));
            number /= 26;
        }
        text
    }

    #[test]
    fn the_same_articles_give_the_same_stream() {
        let articles = articles();
        let articles: Vec<&Document> = articles.iter().collect();
        let made = stream("made", &articles, 7);
        assert_eq!(made, stream("made", &articles, 7));
        assert_ne!(made, stream("made", &articles, 8));
        let copies = made.documents.len() - 60;
        assert!(40 < copies, "{copies}");
        assert!(made.documents.is_sorted_by_key(|document| document.published));
    }
}
