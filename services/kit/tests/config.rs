//! What operators can write, and what they are told when it is wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use kit::config::layers::option_names;
use kit::config::{Config, ConfigError, DEFAULT};

fn load(file: &str, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("copydesk.toml");
    std::fs::write(&path, file).unwrap();
    let environment: Vec<(String, String)> = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::load(Some(&path), &environment, &[])
}

fn refusal(file: &str, environment: &[(&str, &str)]) -> String {
    load(file, environment).unwrap_err().to_string()
}

#[test]
fn the_default_file_sets_every_option_and_nothing_else() {
    let config = Config::load(None, &Vec::new(), &[]).unwrap();
    let shown: toml::Table = config.to_toml().parse().unwrap();
    let default: toml::Table = DEFAULT.parse().unwrap();
    assert_eq!(shown, default);
}

#[test]
fn every_option_has_a_comment() {
    let lines: Vec<&str> = DEFAULT.lines().collect();
    for name in option_names() {
        let key = name.rsplit('.').next().unwrap();
        let index = lines
            .iter()
            .position(|line| line.starts_with(&format!("{key} =")))
            .unwrap();
        let above = lines[..index]
            .iter()
            .rev()
            .take_while(|line| !line.is_empty() && !line.starts_with('['));
        assert!(
            above.into_iter().any(|line| line.starts_with('#')),
            "{name} has no comment"
        );
    }
}

#[test]
fn later_layers_lie_over_earlier_ones() {
    let file = "[fetcher]\nhost_delay_ms = 5\npoll_interval_min_seconds = 7";
    let environment = [
        ("COPYDESK_FETCHER_HOST_DELAY_MS", "6"),
        ("COPYDESK_FETCHER_ALLOW_NETWORKS", "127.0.0.0/8, ::1/128"),
    ];
    let config = load(file, &environment).unwrap();
    assert_eq!(config.fetcher.host_delay_ms, 6);
    assert_eq!(config.fetcher.poll_interval_min_seconds, 7);
    assert_eq!(config.fetcher.allow_networks, ["127.0.0.0/8", "::1/128"]);
    let flags = [("log".to_owned(), "kafka:broker:9092".to_owned())];
    assert_eq!(
        Config::load(None, &Vec::new(), &flags).unwrap().log,
        "kafka:broker:9092"
    );
}

#[test]
fn secrets_come_from_files() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("password");
    std::fs::write(&path, "s3cret\n").unwrap();
    let environment = [("COPYDESK_KAFKA_PROPERTIES_SASL_PASSWORD_FILE", path.to_str().unwrap())];
    assert_eq!(
        load("", &environment).unwrap().kafka.properties["sasl.password"],
        "s3cret"
    );
}

#[test]
fn a_secret_is_read_and_not_shown() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    std::fs::write(&path, "what nobody guesses\n").unwrap();
    let environment = [
        ("COPYDESK_FETCHER_WEBSUB_CALLBACK_URL", "https://news.example/hooks/"),
        ("COPYDESK_FETCHER_WEBSUB_SECRET_FILE", path.to_str().unwrap()),
    ];
    let config = load("", &environment).unwrap();
    assert_eq!(config.fetcher.websub_secret, "what nobody guesses");
    let address = ("https://news.example/hooks".to_owned(), "/hooks".to_owned());
    assert_eq!(config.fetcher.websub_address(), Some(address));
    assert!(!config.to_toml().contains("nobody"));
}

#[test]
fn a_wrong_option_is_named_with_its_place_and_the_nearest_one() {
    let text = refusal("[fetcher]\n\nhost_delay = 5", &[]);
    assert!(
        text.contains("copydesk.toml:3") && text.contains("fetcher.host_delay_ms"),
        "{text}"
    );
    let text = refusal("", &[("COPYDESK_FETCHER_HOST_DELAY", "5")]);
    assert!(text.contains("COPYDESK_FETCHER_HOST_DELAY_MS"), "{text}");
    let text = refusal("[fetchr]\nhost_delay_ms = 5", &[]);
    assert!(text.contains("fetcher.host_delay_ms"), "{text}");
}

#[test]
fn a_wrong_value_is_named() {
    let check = |file: &str, expected: &str| {
        let text = refusal(file, &[]);
        assert!(text.contains(expected), "{text} lacks {expected}");
    };
    check("log = \"redis:x\"", "kafka:HOST:PORT");
    check("log = 5", "string");
    check("[topics]\nprefix = \"a b\"", "topics.prefix");
    check("[topics]\nhost_partitions = 0", "topics.host_partitions");
    check("[publisher]\nsubject_topics = [\"medtop:99\"]", "medtop:99");
    check("[topics\n", "copydesk.toml");
    let callback = "[fetcher]\nwebsub_callback_url = ";
    let secret = "websub_secret = \"0123456789abcdef\"\n";
    check(&format!("{callback}\"https://news.example\""), "fetcher.websub_secret");
    check(
        &format!("{callback}\"news.example\"\n{secret}"),
        "fetcher.websub_callback_url",
    );
    check(
        &format!("{callback}\"https://news.example/?a\"\n{secret}"),
        "fetcher.websub_callback_url",
    );
    let zero = format!("{callback}\"https://news.example\"\n{secret}websub_poll_factor = 0");
    check(&zero, "fetcher.websub_poll_factor");
    let text = refusal("", &[("COPYDESK_FETCHER_HOST_DELAY_MS", "soon")]);
    assert!(
        text.contains("COPYDESK_FETCHER_HOST_DELAY_MS") && text.contains("soon"),
        "{text}"
    );
    assert!(
        Config::load(Some(Path::new("/no/such/file")), &Vec::new(), &[])
            .unwrap_err()
            .to_string()
            .contains("/no/such/file")
    );
}
