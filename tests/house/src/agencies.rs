//! The tables of news agencies agree: a room can't read another's table, so each has its own.

use crate::offence::Offence;

/// The agencies that the cleaner names, with their spellings.
pub const NAMES: &str = "services/cleaner/src/agencies.tsv";
/// The agencies that the deduper knows, with their own sites.
pub const SITES: &str = "services/deduper/src/origin/agencies.tsv";

/// The offences of the two tables, given as texts: an agency that only one of them has.
#[must_use]
pub fn check(names: &str, sites: &str) -> Vec<Offence> {
    let missing = |path: &'static str, text: &str, other_path: &str, other: &str| {
        let known: Vec<&str> = agencies(other).map(|(_, name)| name).collect();
        let lacking = agencies(text).filter(|(_, name)| !known.contains(name));
        let offence =
            |(line, name): (usize, &str)| Offence::new(path, line, format!("{name} is not in {other_path}; add it"));
        lacking.map(offence).collect::<Vec<_>>()
    };
    let mut offences = missing(NAMES, names, SITES, sites);
    offences.extend(missing(SITES, sites, NAMES, names));
    offences
}

/// The names in the first column, with their lines.
fn agencies(table: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = table.lines().enumerate();
    let rows = lines.filter(|(_, line)| !line.starts_with('#') && !line.is_empty());
    rows.map(|(index, line)| (index + 1, line.split('\t').next().unwrap_or(line)))
}
