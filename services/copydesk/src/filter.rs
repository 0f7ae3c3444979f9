//! Offline filters: JSON lines in, JSON lines out, same order, one line for each line, by the very code of the stages.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) mod classify;
pub(crate) mod clean;
pub(crate) mod dedup;
pub(crate) mod probe;

/// The longest line that is read, in bytes; a longer one gets an error line and is passed over.
const LINE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What is wrong with one line; the stream goes on.
#[derive(Debug, Serialize)]
pub(crate) struct LineError {
    code: &'static str,
    message: String,
}

impl LineError {
    /// An error for people and programs.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// Answers each line of standard input with one line on standard output.
pub(crate) fn run<In: DeserializeOwned>(mut answer: impl FnMut(In) -> Result<Value, LineError>) -> Result<()> {
    let input = BufReader::with_capacity(1 << 16, std::io::stdin().lock());
    let output = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    answer_lines(input, output, &mut answer)
}

fn answer_lines<In: DeserializeOwned>(
    mut input: impl BufRead,
    mut output: impl Write,
    answer: &mut impl FnMut(In) -> Result<Value, LineError>,
) -> Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        let length = (&mut input)
            .take(limit + 1)
            .read_until(b'\n', &mut line)
            .context("can't read standard input")?;
        if length == 0 {
            return output.flush().context("can't write to standard output");
        }
        let answered = if LINE_BYTES_MAX < length {
            skip_line(&mut input)?;
            error_line(
                &Value::Null,
                &LineError::new("line_too_long", format!("a line may have {LINE_BYTES_MAX} bytes")),
            )
        } else {
            answer_line(&line, answer)
        };
        serde_json::to_writer(&mut output, &answered).context("can't write to standard output")?;
        output.write_all(b"\n").context("can't write to standard output")?;
        // Somebody may be waiting for the answer before the next question.
        if input.fill_buf().is_ok_and(<[u8]>::is_empty) {
            output.flush().context("can't write to standard output")?;
        }
    }
}

fn answer_line<In: DeserializeOwned>(line: &[u8], answer: &mut impl FnMut(In) -> Result<Value, LineError>) -> Value {
    let parsed: Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(error) => return error_line(&Value::Null, &LineError::new("not_json", error.to_string())),
    };
    let id = parsed.get("id").cloned().unwrap_or(Value::Null);
    let question: In = match serde_json::from_value(parsed) {
        Ok(question) => question,
        Err(error) => return error_line(&id, &LineError::new("bad_input", error.to_string())),
    };
    // A defect in one line's answer must not take the others with it.
    let answered = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| answer(question)));
    match answered.unwrap_or_else(|_| Err(LineError::new("defect", "a defect was caught; please report the line"))) {
        Ok(value) => value,
        Err(error) => error_line(&id, &error),
    }
}

fn error_line(id: &Value, error: &LineError) -> Value {
    json!({ "id": id, "error": error })
}

fn skip_line(input: &mut impl BufRead) -> Result<()> {
    loop {
        let buffer = input.fill_buf().context("can't read standard input")?;
        let (end, found) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        input.consume(end);
        if found {
            return Ok(());
        }
    }
}

/// True when the error is that nobody reads our output any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let by_io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let by_json = cause
            .downcast_ref::<serde_json::Error>()
            .and_then(serde_json::Error::io_error_kind);
        by_io.or(by_json) == Some(std::io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &[&str]) {
        let mut output = Vec::new();
        let mut echo = |value: Value| match value["fail"].as_bool() {
            Some(true) => Err(LineError::new("no", "not this one")),
            _ => Ok(value),
        };
        answer_lines(input.as_bytes(), &mut output, &mut echo).unwrap();
        let lines: Vec<String> = String::from_utf8(output).unwrap().lines().map(str::to_owned).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn every_line_gets_one_line_in_order() {
        check("{\"id\":1}\n{\"id\":2}", &["{\"id\":1}", "{\"id\":2}"]);
        check(
            "{\"id\":\"a\",\"fail\":true}\n{\"id\":3}\n",
            &[
                "{\"error\":{\"code\":\"no\",\"message\":\"not this one\"},\"id\":\"a\"}",
                "{\"id\":3}",
            ],
        );
    }

    #[test]
    fn a_line_that_is_no_json_gets_an_error_line() {
        let mut output = Vec::new();
        answer_lines(&b"nonsense\n{\"id\":1}\n"[..], &mut output, &mut |value: Value| {
            Ok(value)
        })
        .unwrap();
        let text = String::from_utf8(output).unwrap();
        assert!(
            text.starts_with("{\"error\":{\"code\":\"not_json\"") && text.ends_with("{\"id\":1}\n"),
            "{text}"
        );
    }
}
