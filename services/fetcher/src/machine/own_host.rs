//! What only a source's own host may be sent: the operator's headers and credentials.

use schemas::source::Source;
use url::Url;

use crate::exchange::Request;

/// `request` with the source's headers and credentials, when it goes to the very scheme, host and port that the
/// operator wrote. Nothing of them follows a redirect elsewhere, nor from https to http.
pub(super) fn with_headers(mut request: Request, source: &Source) -> Request {
    if !is_own(&request.url, &source.url) {
        return request;
    }
    for (name, value) in &source.headers {
        request.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        request.headers.push((name.clone(), value.clone()));
    }
    request.credentials_file.clone_from(&source.credentials_file);
    request
}

fn is_own(url: &str, own: &str) -> bool {
    let origin = |text: &str| Url::parse(text).ok().map(|url| url.origin());
    origin(url).is_some_and(|origin_of_url| origin_of_url.is_tuple() && Some(origin_of_url) == origin(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_to_the_sources_own_origin_only() {
        let source = Source {
            headers: [
                ("accept".to_owned(), "x".to_owned()),
                ("X-Partner".to_owned(), "1".to_owned()),
            ]
            .into(),
            credentials_file: Some("it".to_owned()),
            ..Source::of_url("https://example.org/feed")
        };
        let check = |url: &str, own: bool| {
            let request = Request {
                url: url.to_owned(),
                headers: vec![("Accept".to_owned(), "y".to_owned())],
                ..Request::default()
            };
            let request = with_headers(request, &source);
            assert_eq!(request.credentials_file.is_some(), own, "{url}");
            let expected = if own { "x" } else { "y" };
            let accepts = |(name, value): &(String, String)| name.eq_ignore_ascii_case("accept") && value == expected;
            assert!(request.headers.iter().any(accepts), "{url}");
            assert_eq!(request.headers.len(), if own { 2 } else { 1 }, "{url}");
        };
        check("https://example.org/other", true);
        check("https://example.org:443/", true);
        check("http://example.org/feed", false);
        check("https://example.org:8443/feed", false);
        check("https://www.example.org/feed", false);
        check("https://example.org.evil.example/feed", false);
        check("not an address", false);
    }
}
