//! The fetcher's promises to publishers and readers, judged from outside: by what the newsroom's own access log shows
//! and by what comes out on the topics.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod corrections;
mod hostile;
mod politeness;
mod several_pages;

use std::path::Path;

use e2e::program::Running;

/// The words of a command line.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// Everything in one process on a local directory, with `options` besides those that a loopback press needs.
fn up(options: &str, place: &[String], log: &Path) -> Running {
    let loopback =
        "up --set fetcher.allow_networks=127.0.0.0/8 --set fetcher.first_poll_entries=500 --set admin.listen=";
    let arguments = words(loopback).into_iter().chain(words(options));
    Running::start(arguments.chain(place.iter().cloned()), log)
}
