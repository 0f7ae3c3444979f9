//! Copydesk, the program: roles, all of them in one process, a command line for people, offline filters.
//!
//! It knows every room and which stage runs where. It does not know what becomes of an article: that is the stages'
//! business.
//! Start reading at [`cli`] (what can be asked for), then [`roles`] (the table of stages), then [`up`].

use std::process::ExitCode;

use clap::Parser as _;

mod callback;
mod check;
mod cli;
mod clock;
mod demo;
mod explain;
mod fetching;
mod files;
mod filter;
mod health;
mod models;
mod open;
mod opml;
mod roles;
mod scan;
mod sources;
mod tail;
mod topics;
mod train;
mod up;
mod why;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    match arguments.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A reader that left, such as `head`, is no failure.
            if filter::is_broken_pipe(&error) {
                return ExitCode::SUCCESS;
            }
            eprintln!("error: {}", one_line(&error));
            ExitCode::from(if error.is::<kit::config::ConfigError>() { 2 } else { 1 })
        }
    }
}

/// The error and its causes in one line, each said once.
fn one_line(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
    }
    parts.join(": ")
}
