//! Credentials of sources, read from files when a request needs them, so that a changed secret counts at once.
//!
//! Sources come over a topic, and whoever may write to it must not get at files of this machine, nor have secrets sent
//! elsewhere: files lie in one directory that the operator of this process names, go over https only, and may say
//! themselves which hosts they are for.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fetcher::exchange::{Answer, Failure, FailureKind, Request};
use fetcher::ssrf::Policy;
use url::Url;

/// A larger file holds no credentials.
const BYTES_MAX: u64 = 64 * 1024;

/// The name of the line that says for which hosts a file is; it is not sent.
const HOSTS_LINE: &str = "only-for";

/// Where credentials of sources lie, and where they may go without encryption.
#[derive(Debug, Clone, Default)]
pub struct CredentialSettings {
    /// The directory of the files. Empty: none, and sources with credentials fail.
    pub directory: PathBuf,
    /// Hosts whose address is listed here get credentials over http, too.
    pub policy: Policy,
}

/// True for what a source may name as its credentials file: the plain name of a file.
#[must_use]
pub fn is_credentials_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && name.len() <= 255 && !name.contains(['/', '\\', '\0'])
}

impl CredentialSettings {
    /// `request` with the headers of its credentials file; a failure that says what is wrong when it may not have them.
    pub(super) fn added(&self, mut request: Request) -> Result<Request, Answer> {
        let Some(name) = request.credentials_file.take() else {
            return Ok(request);
        };
        let failed = |detail: String| {
            Answer::Failure(Failure {
                kind: FailureKind::Credentials,
                detail,
            })
        };
        let headers = self.headers_for(&request.url, &name).map_err(failed)?;
        for (name, value) in headers {
            request.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(&name));
            request.headers.push((name, value));
        }
        Ok(request)
    }

    fn headers_for(&self, url: &str, name: &str) -> Result<Vec<(String, String)>, String> {
        let url = Url::parse(url).map_err(|error| format!("{url:?} is no URL: {error}"))?;
        if url.scheme() != "https" && !self.policy.lists_host(&url) {
            return Err("credentials are sent over https only; use an https address for the source".to_owned());
        }
        if self.directory.as_os_str().is_empty() {
            return Err("the source has credentials, but fetcher.credentials_directory is not set here".to_owned());
        }
        if !is_credentials_name(name) {
            return Err(format!(
                "credentials file {name:?} is not the plain name of a file in fetcher.credentials_directory"
            ));
        }
        let text = read(&self.directory, name)
            .map_err(|error| format!("can't read {name} in fetcher.credentials_directory: {error}"))?;
        let host = url.host_str().unwrap_or_default();
        match hosts(&text).is_none_or(|mut hosts| hosts.any(|other| other.eq_ignore_ascii_case(host))) {
            true => Ok(headers(&text)),
            false => Err(format!("credentials file {name} is for other hosts than {host}")),
        }
    }
}

/// The text of the file `name` in `directory`; links lead to files in it only.
fn read(directory: &Path, name: &str) -> std::io::Result<String> {
    let directory = directory.canonicalize()?;
    let path = directory.join(name).canonicalize()?;
    if !path.starts_with(&directory) {
        return Err(std::io::Error::other("it is a link that leads out of the directory"));
    }
    // Opening a pipe would wait for somebody to write.
    if !path.metadata()?.is_file() {
        return Err(std::io::Error::other("it is no file"));
    }
    let mut text = String::new();
    std::fs::File::open(path)?.take(BYTES_MAX).read_to_string(&mut text)?;
    Ok(text)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn named_line(line: &str) -> Option<(&str, &str)> {
    line.split_once(": ").map(|(name, value)| (name, value.trim()))
}

/// The hosts that a file is for; `None` when it does not say.
fn hosts(text: &str) -> Option<impl Iterator<Item = &str>> {
    let mut named = lines(text).filter_map(named_line);
    let line = named.find(|(name, _)| name.eq_ignore_ascii_case(HOSTS_LINE))?;
    Some(line.1.split([',', ' ']).filter(|host| !host.is_empty()))
}

/// The headers that a file means: lines `Name: value` are headers, `user:password` is basic authentication.
fn headers(text: &str) -> Vec<(String, String)> {
    let header = |line: &str| match named_line(line) {
        Some((name, value)) => (name.to_owned(), value.to_owned()),
        None => ("Authorization".to_owned(), format!("Basic {}", BASE64.encode(line))),
    };
    let sent = |(name, _): &(String, String)| !name.eq_ignore_ascii_case(HOSTS_LINE);
    lines(text).map(header).filter(sent).collect()
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
        check("Only-For: example.org\nX-Key: 7\n", &[("X-Key", "7")]);
        check("", &[]);
    }

    /// A directory of credentials with a secret beside it.
    fn world() -> (tempfile::TempDir, CredentialSettings) {
        let folder = tempfile::tempdir().unwrap();
        let directory = folder.path().join("credentials");
        std::fs::create_dir(&directory).unwrap();
        std::fs::write(folder.path().join("secret"), "root:root").unwrap();
        std::fs::write(directory.join("paper"), "u:p").unwrap();
        let settings = CredentialSettings {
            directory,
            policy: Policy::new(vec!["127.0.0.0/8".parse().unwrap()]),
        };
        (folder, settings)
    }

    fn added(settings: &CredentialSettings, url: &str, name: &str) -> Result<Vec<(String, String)>, String> {
        let request = Request {
            url: url.to_owned(),
            credentials_file: Some(name.to_owned()),
            headers: vec![("authorization".to_owned(), "old".to_owned())],
            ..Request::default()
        };
        match settings.added(request) {
            Ok(sent) => {
                assert_eq!(sent.credentials_file, None);
                Ok(sent.headers)
            }
            Err(Answer::Failure(failure)) => {
                assert_eq!(failure.kind, FailureKind::Credentials);
                Err(failure.detail)
            }
            Err(Answer::Response(_)) => panic!("nothing was asked for"),
        }
    }

    fn basic(secret: &str) -> Vec<(String, String)> {
        vec![("Authorization".to_owned(), format!("Basic {secret}"))]
    }

    const URL: &str = "https://example.org/feed";

    #[test]
    fn the_file_is_read_for_each_request_and_its_absence_is_said() {
        let (_folder, settings) = world();
        assert!(
            added(&settings, URL, "absent")
                .unwrap_err()
                .contains("can't read absent")
        );
        assert_eq!(added(&settings, URL, "paper"), Ok(basic("dTpw")));
        std::fs::write(settings.directory.join("paper"), "user:pass").unwrap();
        assert_eq!(added(&settings, URL, "paper"), Ok(basic("dXNlcjpwYXNz")));
    }

    #[test]
    fn without_a_directory_the_failure_names_the_option() {
        let error = added(&CredentialSettings::default(), URL, "paper").unwrap_err();
        assert!(error.contains("fetcher.credentials_directory"), "{error}");
        assert!(added(&CredentialSettings::default(), URL, "/etc/hostname").is_err());
    }

    #[test]
    fn nothing_outside_the_directory_is_read() {
        let (folder, settings) = world();
        let secret = folder.path().join("secret");
        std::os::unix::fs::symlink(&secret, settings.directory.join("out")).unwrap();
        std::os::unix::fs::symlink("paper", settings.directory.join("in")).unwrap();
        std::fs::create_dir(settings.directory.join("more")).unwrap();
        let secret = secret.display().to_string();
        for name in [
            secret.as_str(),
            "../secret",
            "..",
            ".",
            "",
            "more",
            "more/../paper",
            "..\\secret",
            "paper\0",
            "out",
        ] {
            let error = added(&settings, URL, name).unwrap_err();
            assert!(error.contains("fetcher.credentials_directory"), "{name:?}: {error}");
        }
        assert_eq!(added(&settings, URL, "in"), Ok(basic("dTpw")));
    }

    #[test]
    fn credentials_go_unencrypted_to_listed_addresses_only() {
        let (_folder, settings) = world();
        let check = |url: &str, allowed: bool| assert_eq!(added(&settings, url, "paper").is_ok(), allowed, "{url}");
        check("http://127.0.0.1:8080/feed", true);
        check("http://localhost/feed", true);
        check("http://example.org/feed", false);
        check("http://8.8.8.8/feed", false);
        check("http://10.0.0.1/feed", false);
        check("http://newsroom/feed", false);
        check("https://newsroom/feed", true);
    }

    #[test]
    fn a_file_may_say_which_hosts_it_is_for() {
        let (_folder, settings) = world();
        std::fs::write(
            settings.directory.join("paper"),
            "only-for: example.org, www.Example.org\nu:p",
        )
        .unwrap();
        assert_eq!(added(&settings, URL, "paper"), Ok(basic("dTpw")));
        assert_eq!(added(&settings, "https://www.example.org/", "paper"), Ok(basic("dTpw")));
        for url in [
            "https://evil.example/",
            "https://example.org.evil.example/",
            "https://org/",
        ] {
            let error = added(&settings, url, "paper").unwrap_err();
            assert!(error.contains("is for other hosts"), "{url}: {error}");
        }
    }
}
