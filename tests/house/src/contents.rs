//! What may lie in the repository: the names of the design at the top, nothing huge, and no text that only makes
//! sense on the machine where it was written.

use crate::offence::Offence;

/// The names at the top. A new one is a change of the design. (Docker reads its list of what not to copy only there.)
const TOP: [&str; 20] = [
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".config",
    ".deny.toml",
    ".dockerignore",
    ".gitignore",
    ".rustfmt.toml",
    "BENCHMARKS.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "deploy",
    "schemas",
    "seeds",
    "services",
    "tests",
];

/// The largest file, in bytes: a clone stays quick, and what is larger is data that a script should fetch or make.
pub const FILE_BYTES: u64 = 6_000_000;
/// Files that may be larger, and how large: the topic model is compiled in, and training makes it again.
const LARGER: [(&str, u64); 1] = [("seeds/topics/topics.model", 10_000_000)];

/// Paths and hosts of one workplace. In parts, so that this file is not an offence of its own.
const FOREIGN: [&str; 6] = [
    concat!("/wo", "rk/main"),
    concat!("/wo", "rk/shared"),
    concat!("/wo", "rk/."),
    concat!("/fa", "rm/"),
    concat!("arti", "factory"),
    concat!("index.cra", "tes.io"),
];

/// The offence of the place and size of the file at `path`.
#[must_use]
pub fn check_file(path: &str, bytes: u64) -> Vec<Offence> {
    let mut offences = Vec::new();
    let top = path.split('/').next().unwrap_or(path);
    if !TOP.contains(&top) {
        let what = format!("{top} is no name of the design; move it into the room that it belongs to");
        offences.push(Offence::new(path, 1, what));
    }
    let own = LARGER.into_iter().find(|(name, _)| *name == path);
    let most = own.map_or(FILE_BYTES, |(_, bytes)| bytes);
    if bytes >= most {
        let what = format!("{bytes} bytes; keep files under {most}, make or fetch larger ones by a script");
        offences.push(Offence::new(path, 1, what));
    }
    offences
}

/// The offences of the text of the file at `path`.
#[must_use]
pub fn check_text(path: &str, text: &str) -> Vec<Offence> {
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let name = FOREIGN.into_iter().find(|name| line.contains(name))?;
            let what = format!("names {name}, which exists on one machine only; take it out or make it an argument");
            Some(Offence::new(path, index + 1, what))
        })
        .collect()
}
