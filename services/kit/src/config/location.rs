//! Where the log is: `local:DIR` or `kafka:HOST:PORT`.

use std::path::PathBuf;
use std::str::FromStr;

/// Where the log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogLocation {
    /// A directory of this machine.
    Local(PathBuf),
    /// Kafka brokers, comma-separated `HOST:PORT`.
    Kafka(String),
}

impl FromStr for LogLocation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("local", directory)) if !directory.is_empty() => Ok(Self::Local(PathBuf::from(directory))),
            Some(("kafka", brokers)) if brokers.split(',').all(is_host_and_port) => Ok(Self::Kafka(brokers.to_owned())),
            _ => Err(format!("{text:?} is neither local:DIR nor kafka:HOST:PORT")),
        }
    }
}

fn is_host_and_port(broker: &str) -> bool {
    broker
        .rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_kinds() {
        let check = |text: &str, expected: Option<LogLocation>| assert_eq!(text.parse().ok(), expected, "{text}");
        check(
            "local:/var/lib/copydesk",
            Some(LogLocation::Local("/var/lib/copydesk".into())),
        );
        check(
            "kafka:one:9092,two:9092",
            Some(LogLocation::Kafka("one:9092,two:9092".to_owned())),
        );
        check("kafka:[::1]:9092", Some(LogLocation::Kafka("[::1]:9092".to_owned())));
        for text in [
            "",
            "local:",
            "kafka:",
            "kafka:one",
            "kafka:one:port",
            "redis:one:1",
            "copydesk-data",
        ] {
            check(text, None);
        }
    }
}
