//! The automaton that finds cues in names: all patterns at once, a table look-up a byte (Aho and Corasick 1975).
//!
//! A set of regular expressions does the same, but works its states out while it runs: on the first hundreds of pages
//! that takes longer than parsing them.

use std::collections::BTreeMap;

/// Letters, hyphen, underscore, and everything else.
const CLASSES: usize = 29;

/// The bit of a state in which words end that must stand alone; no cue has it.
const BOUND: u32 = 1 << 31;

/// A word and what has to be around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bound {
    cue: u8,
    length: u8,
    /// No letter may stand before it.
    before: bool,
    /// No letter may stand behind it.
    after: bool,
}

/// Finds the patterns of all cues.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    /// By state and class of the next byte, the next state.
    next: Vec<u16>,
    /// By state, the cues of the words that end there, whatever stands around them, and [`BOUND`].
    cues: Vec<u32>,
    /// By state, the words that end there and must stand alone: where they begin and end in `bounds`.
    bound: Vec<(u16, u16)>,
    bounds: Vec<Bound>,
}

impl Automaton {
    /// Reads patterns: words in small letters, `|`, groups, `?`, `[-_]*` for up to two of them, `(^|[^a-z])` before a
    /// word and `([^a-z]|$)` behind it.
    pub(super) fn new(patterns: &[&str]) -> Self {
        let mut trie = Trie::default();
        trie.nodes.push(TrieNode::default());
        for (cue, pattern) in patterns.iter().enumerate() {
            for word in words(&plain(pattern)) {
                trie.add(&word, cue);
            }
        }
        trie.finish()
    }

    /// The cues in a name: one bit each.
    pub(super) fn cues(&self, name: &[u8]) -> u32 {
        let (mut state, mut cues) = (0_usize, 0);
        for (at, byte) in name.iter().enumerate() {
            let next = self.next.get(state * CLASSES + class(*byte));
            state = usize::from(next.copied().unwrap_or(0));
            let here = self.cues.get(state).copied().unwrap_or(0);
            cues |= here & !BOUND;
            if here & BOUND == 0 {
                continue;
            }
            let (start, end) = self.bound.get(state).copied().unwrap_or_default();
            for bound in self
                .bounds
                .get(usize::from(start)..usize::from(end))
                .unwrap_or_default()
            {
                if bound.holds(name, at + 1) {
                    cues |= 1 << bound.cue;
                }
            }
        }
        cues
    }
}

impl Bound {
    /// Whether the word may stand where it ends at `end`.
    fn holds(self, name: &[u8], end: usize) -> bool {
        let is_letter = |at: Option<usize>| at.and_then(|at| name.get(at)).is_some_and(u8::is_ascii_alphabetic);
        let before = end.checked_sub(usize::from(self.length) + 1);
        !(self.before && is_letter(before) || self.after && is_letter(Some(end)))
    }
}

fn class(byte: u8) -> usize {
    match byte.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => usize::from(letter - b'a'),
        b'-' => 26,
        b'_' => 27,
        _ => 28,
    }
}

#[derive(Debug, Default)]
struct TrieNode {
    children: BTreeMap<usize, usize>,
    cues: u32,
    bounds: Vec<Bound>,
}

#[derive(Debug, Default)]
struct Trie {
    nodes: Vec<TrieNode>,
}

impl Trie {
    fn add(&mut self, word: &str, cue: usize) {
        let (before, after) = (word.starts_with('<'), word.ends_with('>'));
        let word = word.trim_matches(['<', '>']);
        let mut node = 0;
        for byte in word.bytes() {
            let fresh = self.nodes.len();
            let child = *self.nodes[node].children.entry(class(byte)).or_insert(fresh);
            if child == fresh {
                self.nodes.push(TrieNode::default());
            }
            node = child;
        }
        let node = &mut self.nodes[node];
        if !before && !after {
            node.cues |= 1 << cue;
            return;
        }
        let narrow = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
        let (cue, length) = (narrow(cue), narrow(word.len()));
        node.bounds.push(Bound {
            cue,
            length,
            before,
            after,
        });
    }

    /// Fills in where to go on when a word breaks off: breadth first, so that shorter words are ready before longer.
    fn finish(mut self) -> Automaton {
        let count = self.nodes.len();
        let mut next = vec![0_u16; count * CLASSES];
        let mut queue = std::collections::VecDeque::from([(0_usize, 0_usize)]);
        while let Some((node, shorter)) = queue.pop_front() {
            if node != shorter {
                let (cues, bounds) = (self.nodes[shorter].cues, self.nodes[shorter].bounds.clone());
                self.nodes[node].cues |= cues;
                self.nodes[node].bounds.extend(bounds);
            }
            for class in 0..CLASSES {
                let fallback = if node == 0 { 0 } else { next[shorter * CLASSES + class] };
                next[node * CLASSES + class] = fallback;
                if let Some(child) = self.nodes[node].children.get(&class) {
                    next[node * CLASSES + class] = u16::try_from(*child).unwrap_or(0);
                    queue.push_back((*child, usize::from(fallback)));
                }
            }
        }
        let mut automaton = Automaton {
            next,
            ..Automaton::default()
        };
        for node in self.nodes {
            let start = automaton.bounds.len();
            automaton.bounds.extend(node.bounds);
            let narrow = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
            automaton.bound.push((narrow(start), narrow(automaton.bounds.len())));
            let is_bound = start < automaton.bounds.len();
            automaton.cues.push(node.cues | if is_bound { BOUND } else { 0 });
        }
        automaton
    }
}

/// A pattern with marks for what must stand around its words, and nothing but groups, `|` and `?` besides.
fn plain(pattern: &str) -> String {
    pattern
        .replace("(^|[^a-z])", "<")
        .replace("([^a-z]|$)", ">")
        .replace("[-_]*", "(|-|_|--|__|-_|_-)")
}

/// All words that a pattern stands for.
fn words(pattern: &str) -> Vec<String> {
    let mut rest = pattern;
    let mut all = Vec::new();
    loop {
        let (words, left) = one(rest);
        all.extend(words);
        match left.strip_prefix('|') {
            Some(left) => rest = left,
            None => return all,
        }
    }
}

/// The words of the first alternative, and the rest of the pattern from the `|` or `)` that ends it.
fn one(pattern: &str) -> (Vec<String>, &str) {
    let (mut words_so_far, mut rest) = (vec![String::new()], pattern);
    while let Some(first) = rest.chars().next().filter(|first| !matches!(first, '|' | ')')) {
        rest = &rest[first.len_utf8()..];
        let mut choices = vec![first.to_string()];
        if first == '(' {
            choices.clear();
            loop {
                let (more, left) = one(rest);
                choices.extend(more);
                rest = left.get(1..).unwrap_or_default();
                if !left.starts_with('|') {
                    break;
                }
            }
        }
        if let Some(left) = rest.strip_prefix('?') {
            choices.push(String::new());
            rest = left;
        }
        words_so_far = words_so_far
            .iter()
            .flat_map(|word| choices.iter().map(move |choice| format!("{word}{choice}")))
            .collect();
    }
    (words_so_far, rest)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use regex::bytes::{RegexSet, RegexSetBuilder};

    use super::super::element::PATTERNS;
    use super::*;

    static EXPRESSIONS: LazyLock<RegexSet> = LazyLock::new(|| {
        let patterns = PATTERNS.map(|pattern| pattern.replace("[-_]*", "[-_]{0,2}"));
        let mut set = RegexSetBuilder::new(patterns);
        set.unicode(false).case_insensitive(true).build().unwrap()
    });
    static AUTOMATON: LazyLock<Automaton> = LazyLock::new(|| Automaton::new(&PATTERNS));

    /// The cues that the patterns find as regular expressions.
    fn expected(name: &str) -> u32 {
        let found = EXPRESSIONS.matches(name.as_bytes());
        found.iter().fold(0, |bits, cue| bits | 1 << cue)
    }

    #[test]
    fn every_word_is_found_alone_and_within_others() {
        let all = PATTERNS.iter().flat_map(|pattern| words(&plain(pattern)));
        for word in all.chain(["read_-_more", "articlebody_"].map(str::to_owned)) {
            let word = word.trim_matches(['<', '>']);
            for name in [
                format!("x-{word}s"),
                word.to_uppercase(),
                format!("a{word}-b\u{1}{word}"),
            ] {
                assert_eq!(AUTOMATON.cues(name.as_bytes()), expected(&name), "{name}");
            }
        }
    }

    #[test]
    fn patterns_stand_for_words() {
        assert_eq!(words("a(b|cd?)|<e>"), ["ab", "acd", "ac", "<e>"]);
        assert_eq!(words(&plain("(^|[^a-z])tags?([^a-z]|$)")), ["<tags>", "<tag>"]);
    }

    proptest! {
        #[test]
        fn names_have_the_cues_that_the_expressions_find(
            pieces in prop::collection::vec(
                prop_oneof![
                    "[a-zA-Z_\u{1} 0-9é-]{0,3}",
                    prop::sample::select(PATTERNS.iter().flat_map(|pattern| words(&plain(pattern))).collect::<Vec<_>>()),
                ],
                0..6,
            ),
        ) {
            let name = pieces.concat().replace(['<', '>'], "");
            prop_assert_eq!(AUTOMATON.cues(name.as_bytes()), expected(&name), "{}", name);
        }
    }
}
