//! Compares what came of a misbehaving site with what should have.

use super::Hostile;
use super::expect::{Expect, Seen, SeenArticle, SeenFate};
use super::story::Text;
use crate::access::Hit;

impl Hostile {
    /// What is not as it should be, one line for each expectation that does not hold; empty when all is well.
    #[must_use]
    pub fn judge(&self, seen: &Seen) -> Vec<String> {
        let problems = self.expectations.iter().filter_map(|expect| {
            let problem = match expect {
                Expect::Published { .. }
                | Expect::Corrected { .. }
                | Expect::NotPublished { .. }
                | Expect::LineAtMost { .. } => of_articles(expect, &seen.articles),
                Expect::Fate { .. } | Expect::AlsoFate { .. } => of_fates(expect, &seen.fates),
                Expect::SourceWorks
                | Expect::SourceFailing { .. }
                | Expect::SourceEnded
                | Expect::SourceMoved { .. }
                | Expect::SourceStays => self.of_source(expect, seen),
                Expect::ValidatorReturned { .. } | Expect::Probed { .. } => self.of_validators(expect, &seen.hits),
                Expect::RequestsAtLeast { .. }
                | Expect::RequestsAtMost { .. }
                | Expect::NeverRequested { .. }
                | Expect::BytesAtMost { .. } => of_requests(expect, seen),
                Expect::NotInLogs { text } => seen
                    .logs
                    .contains(text.as_str())
                    .then(|| format!("{text:?} is in the logs")),
            };
            problem.map(|problem| format!("{}: {problem}", self.name))
        });
        problems.collect()
    }

    fn of_source(&self, expect: &Expect, seen: &Seen) -> Option<String> {
        let Some(source) = seen.sources.iter().find(|source| source.url == self.subscribe) else {
            return Some(format!("{} is no source", self.subscribe));
        };
        match expect {
            Expect::SourceWorks => source
                .failure
                .as_ref()
                .map(|failure| format!("the source fails: {failure}")),
            Expect::SourceFailing { any_of } => match &source.failure {
                None => Some("the source does not fail".to_owned()),
                Some(failure) => {
                    let failure = failure.to_lowercase();
                    let fits = any_of.is_empty() || any_of.iter().any(|word| failure.contains(word));
                    (!fits).then(|| format!("the source fails for {failure:?} instead of {any_of:?}"))
                }
            },
            Expect::SourceEnded => (!source.ended).then(|| "the source has not ended".to_owned()),
            Expect::SourceMoved { to } => (source.moved_to.as_ref() != Some(to))
                .then(|| format!("the source moved to {:?} instead of {to}", source.moved_to)),
            Expect::SourceStays => source.moved_to.as_ref().map(|to| format!("the source moved to {to}")),
            _ => None,
        }
    }

    fn of_validators(&self, expect: &Expect, hits: &[Hit]) -> Option<String> {
        let of_path = |path: &str| {
            let path = path.to_owned();
            hits.iter().filter(move |hit| hit.site == self.name && hit.path == path)
        };
        match expect {
            Expect::ValidatorReturned { path, header, value } => {
                let sent = |hit: &Hit| match *header {
                    "If-None-Match" => hit.if_none_match.clone(),
                    _ => hit.if_modified_since.clone(),
                };
                let sent: Vec<_> = of_path(path).filter_map(sent).collect();
                if sent.is_empty() {
                    return Some(format!("no request for {path} sends {header} back"));
                }
                let other = sent.iter().find(|sent| *sent != value);
                other.map(|other| format!("{other:?} was sent back instead of {value:?}"))
            }
            Expect::Probed { path } => {
                let mut after_conditional = of_path(path).skip_while(|hit| !hit.conditional);
                (!after_conditional.any(|hit| !hit.conditional))
                    .then(|| format!("{path} was never asked for without validators again"))
            }
            _ => None,
        }
    }
}

fn of_articles(expect: &Expect, articles: &[SeenArticle]) -> Option<String> {
    match expect {
        Expect::Published { text } => versions(&[text], articles),
        Expect::Corrected { first, last } => versions(&[first, last], articles),
        Expect::NotPublished { url_prefix } => {
            let starts = |url: &str| url.starts_with(url_prefix.as_str());
            let published = articles
                .iter()
                .find(|article| starts(&article.requested_url) || starts(&article.canonical_url));
            published.map(|article| format!("{} was published as {:?}", article.requested_url, article.title))
        }
        Expect::LineAtMost {
            url_prefix,
            line,
            count,
        } => {
            let mut with_line: Vec<&str> = articles
                .iter()
                .filter(|article| article.requested_url.starts_with(url_prefix.as_str()))
                .filter(|article| article.text.split("\n\n").any(|paragraph| paragraph == line))
                .map(|article| article.requested_url.as_str())
                .collect();
            with_line.sort_unstable();
            with_line.dedup();
            let got = with_line.len();
            (*count < got).then(|| format!("{got} articles have {line:?}, at most {count} expected"))
        }
        _ => None,
    }
}

/// The article's versions, in order of their numbers, must be exactly these.
fn versions(expected: &[&Text], articles: &[SeenArticle]) -> Option<String> {
    let url = &expected.first()?.url;
    let mut got: Vec<_> = articles
        .iter()
        .filter(|article| article.requested_url == *url || article.canonical_url == *url)
        .collect();
    got.sort_by_key(|article| article.version);
    if got.len() != expected.len() {
        let (got, expected) = (got.len(), expected.len());
        return Some(format!("{url} has {got} published versions instead of {expected}"));
    }
    expected.iter().zip(got).find_map(|(expected, got)| {
        if got.title != expected.title {
            return Some(format!(
                "the title of {url} is {:?} instead of {:?}",
                got.title, expected.title
            ));
        }
        let text = expected.body.join("\n\n");
        (got.text != text).then(|| format!("the text of {url} is {:?} instead of {text:?}", got.text))
    })
}

fn of_fates(expect: &Expect, fates: &[SeenFate]) -> Option<String> {
    let word = |fate: &SeenFate| match &fate.reason {
        Some(reason) => format!("{}:{reason}", fate.fate),
        None => fate.fate.clone(),
    };
    let fits = |fate: &SeenFate, expected: &str| fate.fate == expected || word(fate) == expected;
    let of_url = |url: &str| {
        let url = url.to_owned();
        fates.iter().filter(move |fate| fate.requested_url == url)
    };
    match expect {
        Expect::Fate { url, any_of } => {
            let mut got = of_url(url).peekable();
            if got.peek().is_none() {
                return Some(format!("{url} has no fate"));
            }
            let other = got.find(|fate| !any_of.iter().any(|expected| fits(fate, expected)));
            other.map(|other| format!("{url} ended as {} instead of {any_of:?}", word(other)))
        }
        Expect::AlsoFate { url, fate } => {
            (!of_url(url).any(|got| fits(got, fate))).then(|| format!("{url} never ended as {fate}"))
        }
        _ => None,
    }
}

fn of_requests(expect: &Expect, seen: &Seen) -> Option<String> {
    let hits = &seen.hits;
    let requests = |site: &str, path: &str| hits.iter().filter(|hit| hit.site == site && hit.path == path).count();
    match expect {
        Expect::RequestsAtLeast { site, path, count } => {
            let got = requests(site, path);
            (got < *count).then(|| format!("{path} was asked for {got} times, at least {count} expected"))
        }
        Expect::RequestsAtMost { site, path, count } => {
            let got = requests(site, path);
            let most = count + seen.kills;
            (most < got).then(|| format!("{path} was asked for {got} times, at most {most} expected"))
        }
        Expect::NeverRequested { site, path_prefix } => {
            let hit = hits
                .iter()
                .find(|hit| hit.site == *site && hit.path.starts_with(path_prefix.as_str()));
            hit.map(|hit| format!("{site} was asked for {} as {}", hit.path, hit.host))
        }
        Expect::BytesAtMost { site, bytes } => {
            let hit = hits.iter().find(|hit| hit.site == *site && *bytes < hit.sent_bytes);
            hit.map(|hit| format!("{} bytes of {} were taken", hit.sent_bytes, hit.path))
        }
        _ => None,
    }
}
