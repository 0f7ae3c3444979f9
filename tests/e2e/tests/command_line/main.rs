//! What people and scripts meet: one clear line for each thing that goes wrong, exit codes, filters line by line.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod filters;

use std::net::TcpListener;
use std::process::Output;
use std::time::Duration;

use e2e::program::{Running, run, run_well};
use e2e::topics::Follower;

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The one line that a failure says; more is noise, a trace is a defect.
fn refusal(output: &Output, code: i32) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{text}");
    let errors: Vec<&str> = text.lines().filter(|line| line.starts_with("error: ")).collect();
    assert_eq!(errors.len(), 1, "{text}");
    assert!(
        !text.contains("panicked") && !text.contains("stack backtrace"),
        "{text}"
    );
    errors[0].to_owned()
}

fn check(arguments: &str, code: i32, expected: &[&str]) {
    let line = refusal(&run(words(arguments)), code);
    assert!(
        expected.iter().all(|part| line.contains(part)),
        "{line} lacks one of {expected:?}"
    );
}

#[test]
fn wrong_options_are_named() {
    check(
        "check --set fetcher.host_delay=5",
        2,
        &["fetcher.host_delay", "fetcher.host_delay_ms"],
    );
    check(
        "check --set fetcher.host_delay_ms=soon",
        2,
        &["fetcher.host_delay_ms", "soon"],
    );
    check("check --log redis:6379", 2, &["redis:6379", "kafka:HOST:PORT"]);
    check(
        "up --set fetcher.allow_networks=127.0.0.0/99 --data-dir /tmp/never-made --set admin.listen=",
        1,
        &["fetcher.allow_networks", "127.0.0.0/99"],
    );
    check("tail no-such-topic", 1, &["no-such-topic", "articles"]);
    check(
        "tail articles --data-dir /no/such/directory",
        1,
        &["/no/such/directory"],
    );
    check(
        "sources add ftp://example.org/feed --data-dir /tmp/never-made",
        1,
        &["ftp://example.org/feed"],
    );
    check("clean /no/such/file.html", 1, &["/no/such/file.html"]);
}

#[test]
fn an_unreachable_broker_is_one_clear_line() {
    check(
        "cleaner --log kafka:127.0.0.1:1 --set admin.listen=",
        1,
        &["127.0.0.1:1"],
    );
    check("topics apply --log kafka:127.0.0.1:1", 1, &["127.0.0.1:1"]);
}

#[test]
fn a_port_in_use_is_named_with_its_option() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let arguments = format!(
        "up --data-dir {} --set admin.listen={address}",
        directory.path().display()
    );
    check(&arguments, 1, &[&address.to_string(), "admin.listen"]);
}

#[test]
fn commands_work_beside_the_process_that_owns_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    let place = words(&format!("--data-dir {}", directory.path().join("data").display()));
    let with_place = |text: &str| words(text).into_iter().chain(place.clone());
    let up = Running::start(with_place("up --set admin.listen="), &directory.path().join("up.log"));
    let follower = Follower::start("sources", &place);
    run_well(with_place("sources add http://127.0.0.1:9/feed --title Nowhere"));
    let seen = follower.wait("the new source", Duration::from_secs(60), |records| records.len() == 1);
    assert_eq!(seen[0]["title"], "Nowhere");
    assert!(run_well(with_place("sources list")).contains("Nowhere"));
    let second = run(with_place("up --set admin.listen="));
    assert!(refusal(&second, 1).contains("in use by another process"));
    assert!(up.terminate().success());
    run_well(with_place("sources remove http://127.0.0.1:9/feed"));
    assert!(run_well(with_place("sources list")).contains("no sources"));
}

#[test]
fn every_command_has_help_with_its_options() {
    let help = run_well(["--help"]);
    let commands = "up demo fetcher cleaner deduper classifier publisher sources topics tail why explain clean dedup classify probe train check config health";
    for command in commands.split(' ') {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "--help does not list {command}"
        );
        assert!(run_well([command, "--help"]).contains("Usage: copydesk"), "{command}");
    }
}

#[test]
fn the_default_configuration_is_accepted_as_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("copydesk.toml");
    std::fs::write(&file, run_well(["config", "--default"])).unwrap();
    assert!(run_well(["check", "--config", file.to_str().unwrap()]).contains("fine"));
}
