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

/// Opt-outs of one file are kept until their lines are this long, in bytes.
const LINES_BYTES_MAX: usize = 64 * 1024;

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

/// Rules on the way of being read: whether each allows, and its path.
type Lines<'a> = Vec<(bool, &'a [u8])>;

/// A file on the way of being read.
struct Reading<'a> {
    us: &'a [u8],
    crawlers: Vec<&'static str>,
    /// By crawler: the rules of the groups that name it. A group may name them all, so none has a copy of its own.
    rules: Vec<Lines<'a>>,
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
        let lines = lines::known(bytes);
        let mut reading = Reading::new(token_of(product_token));
        for (key, value) in &lines {
            reading.line(*key, value);
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
        let mut lines: String = self.groups.iter().map(Group::to_lines).collect();
        if !self.signals.is_empty() {
            lines.push_str("user-agent: *\n");
        }
        lines.extend(self.signals.iter().map(Signal::to_line));
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

impl Group {
    fn to_lines(&self) -> String {
        let named = self.crawlers.iter().map(|crawler| format!("user-agent: {crawler}\n"));
        named.collect::<String>() + &self.rules.to_lines()
    }
}

impl Signal {
    fn to_line(&self) -> String {
        let path = self.path.as_ref().map(|path| format!("{} ", path.as_str()));
        let name = match self.key {
            Key::ContentUsage => "content-usage",
            _ => "content-signal",
        };
        format!(
            "{name}: {}{}={}\n",
            path.unwrap_or_default(),
            self.usage,
            self.preference
        )
    }

    fn is_refusal(&self) -> bool {
        matches!(self.preference.as_str(), "no" | "n")
    }
}

impl<'a> Reading<'a> {
    fn new(us: &'a [u8]) -> Self {
        let crawlers = crawlers();
        Self {
            us,
            rules: vec![Vec::new(); crawlers.len()],
            crawlers,
            signals_for_us: None,
            signals: Vec::new(),
            membership: Membership::default(),
            group_is_open: true,
        }
    }

    fn line(&mut self, key: Key, value: &'a [u8]) {
        match key {
            Key::UserAgent => self.join(value),
            Key::Rule { allow } => {
                self.group_is_open = false;
                let rules = self.rules_at_hand().filter(|rules| rules.len() < RULES_MAX);
                // An empty rule says nothing.
                for rules in rules.filter(|_| !value.is_empty()) {
                    rules.push((allow, value));
                }
            }
            Key::ContentSignal | Key::ContentUsage => {
                let read = read_signals(key, value);
                if let (true, Some(signals)) = (self.membership.us, &mut self.signals_for_us) {
                    let room = SIGNALS_MAX.saturating_sub(signals.len());
                    signals.extend(read.iter().take(room).cloned());
                }
                if self.membership.everyone {
                    let room = SIGNALS_MAX.saturating_sub(self.signals.len());
                    self.signals.extend(read.into_iter().take(room));
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
    fn rules_at_hand(&mut self) -> impl Iterator<Item = &mut Lines<'a>> {
        let named = &self.membership.crawlers;
        let rules = self.rules.iter_mut().enumerate();
        rules.filter(|(index, _)| named.contains(index)).map(|(_, rules)| rules)
    }

    fn finish(self) -> AiOptOuts {
        let mut signals = self.signals_for_us.unwrap_or(self.signals);
        let mut room = LINES_BYTES_MAX;
        let groups = grouped(&self.crawlers, self.rules)
            .filter(|group| fits(&mut room, group.to_lines().len()))
            .collect();
        signals.retain(|signal| fits(&mut room, signal.to_line().len()));
        AiOptOuts { groups, signals }
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

/// Takes `bytes` of the room that is left, where they fit.
fn fits(room: &mut usize, bytes: usize) -> bool {
    let left = room.checked_sub(bytes);
    *room = left.unwrap_or(*room);
    left.is_some()
}

/// Crawlers that a rule keeps out of something, those of equal rules together, in the order of the list by their first.
fn grouped<'a>(crawlers: &[&'static str], rules: Vec<Vec<(bool, &'a [u8])>>) -> impl Iterator<Item = Group> + use<'a> {
    let mut groups: Vec<(Vec<&'static str>, Lines<'a>)> = Vec::new();
    for (crawler, rules) in crawlers.iter().zip(rules) {
        if rules.iter().all(|(allow, _)| *allow) {
            continue;
        }
        match groups.iter_mut().find(|(_, known)| *known == rules) {
            Some((alike, _)) => alike.push(crawler),
            None => groups.push((vec![crawler], rules)),
        }
    }
    groups.into_iter().map(|(crawlers, lines)| {
        let mut rules = Rules::default();
        for (allow, path) in lines {
            rules.add(allow, path);
        }
        Group { crawlers, rules }
    })
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
        .take(SIGNALS_MAX)
        .map(|(usage, preference)| Signal {
            key,
            path: path.map(|path| Pattern::new(path.as_bytes())),
            usage,
            preference,
        })
        .collect()
}

#[cfg(test)]
mod tests;
