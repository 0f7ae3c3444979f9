//! Log lines: JSON in containers, text on a terminal, always on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Text on a terminal, JSON otherwise.
    #[default]
    Auto,
    /// One JSON object a line.
    Json,
    /// Text for people.
    Text,
}

/// The level of log lines is not one that can be read.
#[derive(Debug, thiserror::Error)]
#[error("telemetry.log_level {level:?} is no level or filter: {detail}; try info, debug, or warn,kit=debug")]
pub struct InvalidLevel {
    level: String,
    detail: String,
}

/// Starts logging for this process and turns panics into log lines. Later calls change nothing.
///
/// # Errors
/// When `level` is no filter.
pub fn start(format: LogFormat, level: &str) -> Result<(), InvalidLevel> {
    let filter = EnvFilter::try_new(level).map_err(|error| InvalidLevel {
        level: level.to_owned(),
        detail: error.to_string(),
    })?;
    let is_terminal = std::io::stderr().is_terminal();
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Tests start it more than once in a process; the first one counts.
    let _ = match (format, is_terminal) {
        (LogFormat::Json, _) | (LogFormat::Auto, false) => builder.json().flatten_event(true).try_init(),
        (LogFormat::Text, _) | (LogFormat::Auto, true) => builder.with_ansi(is_terminal).with_target(false).try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let text = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(
            panic.place = place,
            panic.message = text,
            "a defect was caught; the input goes to the dead letters"
        );
    }));
    Ok(())
}
