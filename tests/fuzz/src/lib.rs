//! What must hold for any bytes that a stranger sends: one check for each reader of foreign bytes.
//!
//! A check takes bytes and panics when the reader breaks a promise: it must never panic itself, say the same thing
//! twice, keep its limits, and never turn a small document into a large one. The checks do not know who calls them:
//! libFuzzer does with bytes that it makes up (see `README.md`), and an ordinary test replays the corpus.
//!
//! Start reading at [`TARGETS`].

pub mod address;
pub mod charset;
pub mod date;
pub mod discovery;
pub mod feed;
pub mod page;
pub mod record;
pub mod robots;
pub mod sitemap;

mod input;

/// A check of one reader: it panics when a promise is broken.
pub type Check = fn(&[u8]);

/// Every check by its name, which is that of its program for libFuzzer and of its folder in the corpus.
pub const TARGETS: [(&str, Check); 9] = [
    ("feed", feed::check),
    ("sitemap", sitemap::check),
    ("robots", robots::check),
    ("date", date::check),
    ("charset", charset::check),
    ("address", address::check),
    ("discovery", discovery::check),
    ("page", page::check),
    ("record", record::check),
];
