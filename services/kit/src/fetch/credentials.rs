//! Credentials of sources, read from files when a request needs them, so that a changed secret counts at once.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fetcher::exchange::{Answer, Failure, FailureKind, Request};

/// A larger file holds no credentials.
const BYTES_MAX: u64 = 64 * 1024;

/// `request` with the headers of its credentials file; a failure that names the file when that can't be read.
pub(super) fn added(mut request: Request) -> Result<Request, Answer> {
    let Some(path) = request.credentials_file.take() else {
        return Ok(request);
    };
    let text = read(&path).map_err(|error| {
        Answer::Failure(Failure {
            kind: FailureKind::Credentials,
            detail: format!("can't read the credentials of the source from {path}: {error}"),
        })
    })?;
    for (name, value) in headers(&text) {
        request.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
        request.headers.push((name, value));
    }
    Ok(request)
}

fn read(path: &str) -> std::io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

/// The headers that a file means: lines `Name: value` are headers, `user:password` is basic authentication.
fn headers(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let header = |line: &str| match line.split_once(": ") {
        Some((name, value)) => (name.to_owned(), value.trim().to_owned()),
        None => ("Authorization".to_owned(), format!("Basic {}", BASE64.encode(line))),
    };
    lines.map(header).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_hold_headers_or_a_user_and_a_password() {
        let check = |text: &str, expected: &[(&str, &str)]| {
            let found = headers(text);
            let found: Vec<(&str, &str)> = found
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("user:pass\n", &[("Authorization", "Basic dXNlcjpwYXNz")]);
        check(
            "Authorization: Bearer abc\r\nX-Key: 7\n\n",
            &[("Authorization", "Bearer abc"), ("X-Key", "7")],
        );
        check("", &[]);
    }

    #[test]
    fn the_file_is_read_for_each_request_and_its_absence_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let request = || Request {
            credentials_file: Some(path.display().to_string()),
            headers: vec![("authorization".to_owned(), "old".to_owned())],
            ..Request::default()
        };
        let Err(Answer::Failure(failure)) = added(request()) else {
            panic!("a file that is not there was read");
        };
        assert!(failure.detail.contains("secret"));
        std::fs::write(&path, "u:p").unwrap();
        let sent = added(request()).unwrap();
        assert_eq!(sent.headers, [("Authorization".to_owned(), "Basic dTpw".to_owned())]);
        assert_eq!(sent.credentials_file, None);
    }
}
