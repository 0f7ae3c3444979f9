//! What a robots.txt says against machine learning: well-known crawlers for it that the file keeps out, and usage
//! signals. Reported with an article, never enforced here.
//!
//! A crawler counts where a group names it and that group's rules keep it from the address. A file that keeps
//! everybody out says nothing about machine learning. Two kinds of signal are read: `Content-Signal: ai-train=no`
//! (contentsignals.org, for all addresses of the group) and `Content-Usage: /path train-ai=n` (draft-ietf-aipref-attach:
//! the longest path that matches decides, as with rules).

use super::lines::{self, Key, is_everyone, token_of, token_of_bytes};
use super::{Pattern, Rules, path_of};

/// The crawlers, a line each.
const CRAWLERS: &str = include_str!("ai_crawlers.tsv");

/// Rules kept for one crawler. Who keeps a crawler out does it in a line or two.
const RULES_MAX: usize = 200;

/// Signals kept of one file.
const SIGNALS_MAX: usize = 50;

/// The opt-outs of one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AiOptOuts {
    groups: Vec<Group>,
    signals: Vec<Signal>,
}

/// Crawlers that have the same rules.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    crawlers: Vec<&'static str>,
    rules: Rules,
}

/// One use that a line speaks about.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Signal {
    key: Key,
    /// The path that the line is about; none: all.
    path: Option<Pattern>,
    /// The name of the use, in lower case.
    usage: String,
    /// What it says about it, in lower case.
    preference: String,
}

/// A file on the way of being read.
struct Reading<'a> {
    us: &'a [u8],
    crawlers: Vec<&'static str>,
    /// By crawler: its rules, once a group has named it.
    rules: Vec<Option<Rules>>,
    signals_for_us: Option<Vec<Signal>>,
    signals: Vec<Signal>,
    membership: Membership,
    group_is_open: bool,
}

/// Whom the lines at hand are for.
#[derive(Debug, Default)]
struct Membership {
    crawlers: Vec<usize>,
    us: bool,
    everyone: bool,
}

impl AiOptOuts {
    /// Reads a file. Signals are those of the group that names `product_token`, else of the one for everyone.
    #[must_use]
    pub fn parse(bytes: &[u8], product_token: &str) -> Self {
        let mut reading = Reading::new(token_of(product_token));
        for (key, value) in lines::known(bytes) {
            reading.line(key, &value);
        }
        reading.finish()
    }

    /// The opt-outs that [`AiOptOuts::to_lines`] wrote.
    #[must_use]
    pub fn from_lines(lines: &str) -> Self {
        Self::parse(lines.as_bytes(), "")
    }

    /// The opt-outs as a short robots.txt of their own; empty when there are none.
    #[must_use]
    pub fn to_lines(&self) -> String {
        let mut lines = String::new();
        for group in &self.groups {
            for crawler in &group.crawlers {
                lines.push_str(&format!("user-agent: {crawler}\n"));
            }
            lines.push_str(&group.rules.to_lines());
        }
        if !self.signals.is_empty() {
            lines.push_str("user-agent: *\n");
        }
        for signal in &self.signals {
            let path = signal.path.as_ref().map(|path| format!("{} ", path.as_str()));
            let name = match signal.key {
                Key::ContentUsage => "content-usage",
                _ => "content-signal",
            };
            let path = path.unwrap_or_default();
            lines.push_str(&format!("{name}: {path}{}={}\n", signal.usage, signal.preference));
        }
        lines
    }

    /// True when the file says nothing against any use.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.signals.is_empty()
    }

    /// What is refused for `url`: product tokens such as `GPTBot` as their makers spell them, then signals such as
    /// `ai-train=no`.
    #[must_use]
    pub fn refused_for(&self, url: &str) -> Vec<String> {
        let groups = self.groups.iter().filter(|group| !group.rules.allows(url));
        let named = groups.flat_map(|group| group.crawlers.iter().map(|crawler| (*crawler).to_owned()));
        let mut refused: Vec<String> = named.collect();
        let path = path_of(url);
        let length = |signal: &Signal| signal.path.as_ref().map_or(0, Pattern::len);
        let applies = |signal: &Signal| signal.path.as_ref().is_none_or(|pattern| pattern.matches(&path));
        for signal in self.signals.iter().filter(|signal| applies(signal)) {
            let is_overruled = |other: &Signal| {
                let is_same = other.key == signal.key && other.usage == signal.usage;
                is_same && applies(other) && length(signal) < length(other)
            };
            let text = format!("{}={}", signal.usage, signal.preference);
            if signal.is_refusal() && !self.signals.iter().any(is_overruled) && !refused.contains(&text) {
                refused.push(text);
            }
        }
        refused
    }
}

impl Signal {
    fn is_refusal(&self) -> bool {
        matches!(self.preference.as_str(), "no" | "n")
    }
}

impl<'a> Reading<'a> {
    fn new(us: &'a [u8]) -> Self {
        let crawlers = crawlers();
        Self {
            us,
            rules: vec![None; crawlers.len()],
            crawlers,
            signals_for_us: None,
            signals: Vec::new(),
            membership: Membership::default(),
            group_is_open: true,
        }
    }

    fn line(&mut self, key: Key, value: &[u8]) {
        match key {
            Key::UserAgent => self.join(value),
            Key::Rule { allow } => {
                self.group_is_open = false;
                for rules in self.rules_at_hand().filter(|rules| rules.rules.len() < RULES_MAX) {
                    rules.add(allow, value);
                }
            }
            Key::ContentSignal | Key::ContentUsage => {
                let read = read_signals(key, value);
                if let (true, Some(signals)) = (self.membership.us, &mut self.signals_for_us) {
                    signals.extend(read.iter().cloned());
                }
                if self.membership.everyone {
                    self.signals.extend(read);
                }
            }
            Key::CrawlDelay | Key::Sitemap => {}
        }
    }

    fn join(&mut self, value: &[u8]) {
        if !self.group_is_open {
            self.membership = Membership::default();
            self.group_is_open = true;
        }
        let membership = &mut self.membership;
        membership.everyone |= is_everyone(value);
        membership.us |= !self.us.is_empty() && token_of_bytes(value).eq_ignore_ascii_case(self.us);
        // Names of these crawlers hold digits and blanks, which product tokens may not; a version goes all the same.
        let name = value.split(|byte| *byte == b'/').next().unwrap_or(value).trim_ascii();
        let mut crawlers = self.crawlers.iter();
        membership
            .crawlers
            .extend(crawlers.position(|crawler| name.eq_ignore_ascii_case(crawler.as_bytes())));
        if membership.us {
            self.signals_for_us.get_or_insert_default();
        }
    }

    /// The rules of the crawlers that the group at hand names.
    fn rules_at_hand(&mut self) -> impl Iterator<Item = &mut Rules> {
        let named = &self.membership.crawlers;
        let rules = self.rules.iter_mut().enumerate();
        rules
            .filter(|(index, _)| named.contains(index))
            .map(|(_, rules)| rules.get_or_insert_default())
    }

    fn finish(self) -> AiOptOuts {
        let mut signals = self.signals_for_us.unwrap_or(self.signals);
        signals.truncate(SIGNALS_MAX);
        AiOptOuts {
            groups: grouped(&self.crawlers, self.rules),
            signals,
        }
    }
}

/// The uses that an HTTP header `Content-Usage` refuses, such as `train-ai=n`, in its order.
#[must_use]
pub fn refused_by_header(value: &str) -> Vec<String> {
    let refused = read_signals(Key::ContentUsage, value.as_bytes()).into_iter();
    refused
        .filter(|signal| signal.path.is_none() && signal.is_refusal())
        .map(|signal| format!("{}={}", signal.usage, signal.preference))
        .collect()
}

fn crawlers() -> Vec<&'static str> {
    let lines = CRAWLERS.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split('\t').next()).collect()
}

/// Crawlers with rules, those of equal rules together, in the order of the list by their first.
fn grouped(crawlers: &[&'static str], rules: Vec<Option<Rules>>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (crawler, rules) in crawlers.iter().zip(rules) {
        let Some(rules) = rules.filter(|rules| rules.rules.iter().any(|rule| !rule.allow)) else {
            continue;
        };
        match groups.iter_mut().find(|group| group.rules == rules) {
            Some(group) => group.crawlers.push(crawler),
            None => groups.push(Group {
                crawlers: vec![crawler],
                rules,
            }),
        }
    }
    groups
}

/// `[path] use=preference, use=preference`; what does not look so is left out.
fn read_signals(key: Key, value: &[u8]) -> Vec<Signal> {
    let text = String::from_utf8_lossy(value);
    let text = text.trim();
    let (path, list) = match text.split_once(char::is_whitespace) {
        Some((path, list)) if key == Key::ContentUsage && text.starts_with(['/', '*']) => (Some(path), list),
        _ => (None, text),
    };
    let is_word = |text: &str| {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        !text.is_empty() && text.len() <= 40 && text.bytes().all(is_token)
    };
    // Parameters behind a semicolon qualify a preference without changing it.
    let pairs = list
        .split(',')
        .filter_map(|pair| pair.split(';').next()?.split_once('='));
    pairs
        .map(|(usage, preference)| {
            (
                usage.trim().to_ascii_lowercase(),
                preference.trim().to_ascii_lowercase(),
            )
        })
        .filter(|(usage, preference)| is_word(usage) && is_word(preference))
        .map(|(usage, preference)| Signal {
            key,
            path: path.map(|path| Pattern::new(path.as_bytes())),
            usage,
            preference,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, url: &str, expected: &[&str]) {
        let opt_outs = AiOptOuts::parse(file.as_bytes(), "Newsbot");
        assert_eq!(opt_outs.refused_for(url), expected, "{url} by {file:?}");
        let again = AiOptOuts::from_lines(&opt_outs.to_lines());
        assert_eq!(again.refused_for(url), expected, "{url} by the kept lines of {file:?}");
    }

    #[test]
    fn crawlers_are_reported_where_a_group_that_names_them_refuses() {
        let file = "user-agent: GPTBot\nuser-agent: ccbot/2.0\ndisallow: /\nallow: /free\n\n\
            user-agent: Kangaroo Bot\ndisallow: /\nuser-agent: AI2Bot\nallow: /\n";
        check(file, "https://example.org/a", &["GPTBot", "CCBot", "Kangaroo Bot"]);
        check(file, "https://example.org/free/a", &["Kangaroo Bot"]);
    }

    #[test]
    fn a_file_that_refuses_everybody_says_nothing_about_machine_learning() {
        check("user-agent: *\ndisallow: /\n", "https://example.org/a", &[]);
        check("user-agent: Newsbot\ndisallow: /\n", "https://example.org/a", &[]);
        let empty = AiOptOuts::parse(b"user-agent: GPTBot\ndisallow:\n", "Newsbot");
        assert!(empty.is_empty() && empty.to_lines().is_empty());
    }

    #[test]
    fn equal_rules_are_kept_once() {
        let file = "user-agent: CCBot\ndisallow: /\nuser-agent: GPTBot\ndisallow: /\n";
        let lines = AiOptOuts::parse(file.as_bytes(), "Newsbot").to_lines();
        assert_eq!(lines, "user-agent: GPTBot\nuser-agent: CCBot\ndisallow: /\n");
    }

    #[test]
    fn signals_of_our_group_or_of_everyones_are_reported_as_spelled() {
        let file = "user-agent: *\nContent-Signal: search=yes, ai-train=no ,ai-input=NO\nallow: /\n";
        check(file, "https://example.org/a", &["ai-train=no", "ai-input=no"]);
        let ours = format!("{file}user-agent: newsbot\ncontent-signal: ai-train=yes\nallow: /\n");
        check(&ours, "https://example.org/a", &[]);
        check("content-signal: ai-train=no\n", "https://example.org/a", &[]);
        check(
            "user-agent: *\ncontent-signal: nonsense, =no, x=\n",
            "https://example.org/a",
            &[],
        );
    }

    #[test]
    fn the_longest_path_of_a_content_usage_decides() {
        let file = "user-agent: *\ncontent-usage: train-ai=n;scope=all, search=y\n\
            content-usage: /open/ train-ai=y\ncontent-usage: /open/*/closed train-ai=n\n";
        check(file, "https://example.org/a", &["train-ai=n"]);
        check(file, "https://example.org/open/a", &[]);
        check(file, "https://example.org/open/a/closed", &["train-ai=n"]);
        assert_eq!(refused_by_header("search=y, train-ai=n"), ["train-ai=n"]);
    }

    #[test]
    fn a_hostile_file_stays_small() {
        let mut file = "user-agent: GPTBot\n".to_owned();
        for number in 0..20_000 {
            file.push_str(&format!("disallow: /{number}\ncontent-signal: a{number}=no\n"));
        }
        let opt_outs = AiOptOuts::parse(file.as_bytes(), "Newsbot");
        assert!(opt_outs.to_lines().len() < 10_000);
    }

    #[test]
    fn the_list_of_crawlers_is_well_formed() {
        let mut names = crawlers();
        assert!(names.contains(&"GPTBot") && names.iter().all(|name| !name.is_empty() && !name.contains('/')));
        let count = names.len();
        names.sort_by_key(|name| name.to_ascii_lowercase());
        names.dedup_by_key(|name| name.to_ascii_lowercase());
        assert_eq!(names.len(), count);
    }
}
