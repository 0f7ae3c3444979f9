//! robots.txt.

use fetcher::robots::{BYTES_MAX, Rules};

use crate::input::line_and_rest;

/// Addresses made out of the file's own rules.
const PATHS_MAX: usize = 32;

/// The first line is a path, the rest a robots.txt. Reading it twice gives the same, and rules that were written down
/// and read again say the same about that path and about those of the file itself.
///
/// # Panics
/// When that does not hold.
pub fn check(data: &[u8]) {
    let (path, file) = line_and_rest(data);
    for agent in ["Copydesk", ""] {
        check_for(agent, path, file);
    }
}

fn check_for(agent: &str, path: &[u8], file: &[u8]) {
    let rules = Rules::parse(file, agent);
    assert_eq!(rules, Rules::parse(file, agent), "two readings differ");
    let lines = rules.to_lines();
    // An octet outside ASCII is three as an escape, two of UTF-16 are three of UTF-8, and each rule has a key.
    let bytes = file.len().min(BYTES_MAX);
    assert!(
        lines.len() <= 6 * bytes + 16,
        "{bytes} bytes became {} of rules",
        lines.len()
    );
    let again = Rules::from_lines(&lines);
    assert_eq!(
        again.to_lines(),
        lines,
        "rules that were written down are written otherwise"
    );
    let own_paths = lines
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(_, path)| path.to_owned());
    let asked = String::from_utf8_lossy(path).into_owned();
    for path in own_paths.take(PATHS_MAX).chain([asked]) {
        let url = format!("https://example.org/{}", path.trim_start_matches('/'));
        assert_eq!(rules.allows(&url), again.allows(&url), "{url} under {lines:?}");
    }
    assert!(rules.allows("https://example.org/robots.txt"));
    if rules.is_empty() {
        assert!(rules.allows("https://example.org/"));
    }
}
