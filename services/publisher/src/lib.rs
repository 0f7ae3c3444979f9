//! The public record: its life-cycle, its topics, and what consumers may rely on. The only room that knows the public
//! contract's rules.
//!
//! It does not know HTML, models, Kafka or clocks. It is handed classified articles and operators' commands, and
//! answers with what goes to which public topic.
//!
//! Rules it keeps:
//! - An original article goes to the event log, the latest topic and the topics of its subjects; a copy goes to the
//!   duplicates topic only.
//! - Where an original turns out to be a copy, because the cluster's original came later or because its own new text
//!   is one, everybody who got it is told by an event on the same topics and on the duplicates topic, and it leaves the
//!   latest topic. A new original and the event about the former one are one commit, the new original first.
//! - A withdrawal reaches all topics that the article's text was ever on.
//! - Nothing older than what was published of an article is published again, and nothing of a withdrawn article.
//! - `revision` grows with every event of an article.
//!
//! Start reading at [`Publisher`], then [`record`] and `notice`.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::collections::BTreeMap;
use std::sync::Arc;

use schemas::command::{Action, Command};
use schemas::fate::{Fate, WithheldReason};
use schemas::hop::{Classified, Duplicate, Replaces};
use schemas::id::ArticleId;
use schemas::memory::publisher::{PublisherMemory, Standing};
use schemas::published::{PublicArticle, Publication};
use schemas::time::Timestamp;
use schemas::topic::{SUBJECTS, Subject, Topic};
use stage::{Decision, Stage};

pub mod input;
mod notice;
pub mod record;

pub use input::Input;

/// How long an article's standing is remembered after its last change, in milliseconds. Longer than the deduper's
/// window, so that whatever still counts versions finds the standing here.
const REMEMBERED_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Standings forgotten by one answer to [`Stage::due`].
const FORGOTTEN_AT_ONCE: usize = 1000;

/// Which subjects get topics of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Media Topics ids of the subjects; those of [`SUBJECTS`] by default.
    pub subjects: Vec<String>,
    /// The lowest score of a subject for its topic.
    pub subject_score_min: f64,
    /// The program and its version, for the record's provenance.
    pub program: String,
}

impl Default for Settings {
    fn default() -> Self {
        let subjects = SUBJECTS.iter().map(|subject| subject.id.to_owned()).collect();
        Self {
            subjects,
            subject_score_min: 0.5,
            program: "copydesk".to_owned(),
        }
    }
}

/// The publisher of one partition.
#[derive(Debug)]
pub struct Publisher {
    settings: Settings,
    standings: BTreeMap<ArticleId, Standing>,
    /// When standings last changed, oldest first, for forgetting.
    by_change: std::collections::BTreeSet<(Timestamp, ArticleId)>,
}

impl Publisher {
    /// A publisher that has published nothing yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            standings: BTreeMap::new(),
            by_change: std::collections::BTreeSet::new(),
        }
    }

    fn publish(&self, mut classified: Classified) -> Decision<Publication, PublisherMemory> {
        let before = self.standings.get(&classified.article.id);
        let revision = classified.trace.fetched_at.as_millis();
        match before {
            Some(standing) if standing.withdrawn => return Decision::end(Fate::Withheld(WithheldReason::Withdrawn)),
            // A replayed or overtaken record: consumers have a later one.
            Some(standing) if revision <= standing.revision => return Decision::end(Fate::Unchanged),
            _ => {}
        }
        let subjects = self.subjects_of(&classified);
        let mut standing = Standing {
            article_id: classified.article.id.clone(),
            fetch_id: classified.trace.fetch_id.clone(),
            version: classified.version,
            revision,
            changed_at: classified.trace.fetched_at,
            subjects: subjects.iter().map(|subject| subject.id.to_owned()).collect(),
            ..Standing::default()
        };
        let (duplicate, replaces) = (classified.duplicate.clone(), classified.replaces.take());
        let article = Arc::new(record::public_article(classified, &self.settings.program));
        let Some(duplicate) = duplicate else {
            let decision = original(&article, &subjects).and_remember(PublisherMemory::Standing(standing));
            return match replaces {
                Some(replaces) => self.repoint_former(decision, &replaces, &article),
                None => decision,
            };
        };
        let was_original = before.filter(|before| 0 < before.version && (!before.duplicate || before.once_original));
        standing.duplicate = true;
        standing.once_original = was_original.is_some();
        standing.subjects = was_original.map_or_else(Vec::new, |before| before.subjects.clone());
        let decision = copy(article, before, &standing, &duplicate);
        decision.and_remember(PublisherMemory::Standing(standing))
    }

    /// The former original of a cluster is a copy from now on. One that is no public original, because it was
    /// withdrawn, or re-pointed before, or its standing was forgotten, is nothing to tell anybody about.
    fn repoint_former(
        &self,
        decision: Decision<Publication, PublisherMemory>,
        replaces: &Replaces,
        original: &PublicArticle,
    ) -> Decision<Publication, PublisherMemory> {
        let former = self.standings.get(&replaces.former.original);
        let is_public = |former: &&Standing| 0 < former.version && !former.duplicate && !former.withdrawn;
        let Some(former) = former.filter(is_public) else {
            return decision;
        };
        let standing = Standing {
            revision: original.revision.max(former.revision.saturating_add(1)),
            changed_at: original.fetched_at,
            duplicate: true,
            once_original: true,
            ..former.clone()
        };
        let from_now_on = Duplicate {
            original: original.id.clone(),
            original_url: original.canonical_url.clone(),
            ..replaces.former.clone()
        };
        let event = notice::repointing(&standing, &from_now_on, &replaces.reason);
        let topics = notice::topics(&standing);
        notice::on_each(decision, &topics, &event).and_remember(PublisherMemory::Standing(standing))
    }

    /// The subjects whose topics the article goes to.
    fn subjects_of(&self, classified: &Classified) -> Vec<Subject> {
        let is_wanted = |subject: &Subject| self.settings.subjects.iter().any(|id| id == subject.id);
        let scored = classified
            .topics
            .iter()
            .filter(|topic| self.settings.subject_score_min <= topic.score);
        scored
            .filter_map(|topic| Subject::of_id(&topic.id))
            .filter(is_wanted)
            .collect()
    }

    fn obey(&self, command: Command) -> Decision<Publication, PublisherMemory> {
        let before = self.standings.get(&command.article_id);
        let is_withdrawn = before.is_some_and(|standing| standing.withdrawn);
        let mut standing = before.cloned().unwrap_or_default();
        standing.article_id = command.article_id.clone();
        standing.changed_at = command.given_at;
        match command.action {
            Action::Release if is_withdrawn => {
                standing.withdrawn = false;
                Decision::done().and_remember(PublisherMemory::Standing(standing))
            }
            Action::Withdraw if !is_withdrawn => {
                let revision = command.given_at.as_millis().max(standing.revision + 1);
                let was_public = 0 < standing.version;
                standing.withdrawn = true;
                standing.revision = revision;
                let decision = match was_public {
                    true => {
                        let event = notice::withdrawal(&standing, command.reason);
                        notice::on_each(Decision::done(), &notice::topics(&standing), &event)
                    }
                    false => Decision::done(),
                };
                decision.and_remember(PublisherMemory::Standing(standing))
            }
            Action::Release | Action::Withdraw => Decision::done(),
        }
    }
}

/// An original goes to the event log, the latest topic and its subjects' topics.
fn original(article: &Arc<PublicArticle>, subjects: &[Subject]) -> Decision<Publication, PublisherMemory> {
    let on = |topic: Topic| Publication::Article {
        topic,
        article: Arc::clone(article),
    };
    let mut decision = Decision::end(Fate::Published)
        .and_record(on(Topic::Articles))
        .and_record(on(Topic::Latest));
    for subject in subjects {
        decision = decision.and_record(Publication::on_subject(*subject, Arc::clone(article)));
    }
    decision
}

/// A copy goes to the duplicates topic; if an earlier version of it was an original, whoever got that is told.
fn copy(
    article: Arc<PublicArticle>,
    before: Option<&Standing>,
    standing: &Standing,
    duplicate: &Duplicate,
) -> Decision<Publication, PublisherMemory> {
    let decision = Decision::end(Fate::Duplicate).and_record(Publication::Article {
        topic: Topic::Duplicates,
        article,
    });
    match before {
        Some(before) if 0 < before.version && !before.duplicate => {
            let event = notice::repointing(standing, duplicate, "updated");
            // The duplicates topic has the article itself.
            let mut topics = notice::topics(standing);
            topics.retain(|topic| *topic != Topic::Duplicates);
            notice::on_each(decision, &topics, &event)
        }
        _ => decision,
    }
}

impl Stage for Publisher {
    type In = Input;
    type Out = Publication;
    type Memory = PublisherMemory;

    fn apply(&mut self, change: &PublisherMemory) {
        let (id, standing) = match change {
            PublisherMemory::Standing(standing) => (&standing.article_id, Some(standing)),
            PublisherMemory::Forget(id) => (id, None),
        };
        if let Some(old) = self.standings.remove(id) {
            self.by_change.remove(&(old.changed_at, id.clone()));
        }
        if let Some(standing) = standing {
            self.by_change.insert((standing.changed_at, id.clone()));
            self.standings.insert(id.clone(), standing.clone());
        }
    }

    fn decide(&self, input: Input, _: Timestamp) -> Decision<Publication, PublisherMemory> {
        match input {
            Input::Article(classified) => self.publish(*classified),
            Input::Command(command) => self.obey(command),
        }
    }

    /// Standings leave some time after their last change; those of withdrawn articles stay.
    fn due(&self, now: Timestamp) -> Option<Decision<Publication, PublisherMemory>> {
        let is_over = |(changed_at, _): &&(Timestamp, ArticleId)| REMEMBERED_MILLIS < now.millis_since(*changed_at);
        let is_withdrawn = |id: &ArticleId| self.standings.get(id).is_some_and(|standing| standing.withdrawn);
        let over = self
            .by_change
            .iter()
            .take_while(is_over)
            .filter(|(_, id)| !is_withdrawn(id));
        let memory: Vec<_> = over
            .take(FORGOTTEN_AT_ONCE)
            .map(|(_, id)| PublisherMemory::Forget(id.clone()))
            .collect();
        (!memory.is_empty()).then(|| Decision {
            memory,
            ..Decision::done()
        })
    }
}
