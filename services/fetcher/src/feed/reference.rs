//! Relative addresses made absolute (RFC 3986, section 5.2), in the spelling of the document: nothing is encoded,
//! decoded or put into lower case, because an entry's id is compared letter by letter.

/// `reference` as an absolute address; itself when it is one, or when `base` is no address that others can start from.
pub(crate) fn resolved(base: &str, reference: &str) -> String {
    let reference = reference.trim();
    if scheme_end(reference).is_some() {
        return without_extra_slashes(reference);
    }
    let Some(base) = Base::of(base.trim()) else {
        return reference.to_owned();
    };
    let path_end = reference.find(['?', '#']).unwrap_or(reference.len());
    let (path, rest) = reference.split_at(path_end);
    if let Some(after) = reference.strip_prefix("//") {
        return format!("{}//{after}", base.scheme);
    }
    match path.chars().next() {
        Some('/') => format!("{}{}{rest}", base.origin, without_dots(path)),
        Some(_) => {
            let folder = base.path.rfind('/').map_or("/", |end| &base.path[..=end]);
            let merged = format!("{folder}{path}");
            format!("{}{}{rest}", base.origin, without_dots(&merged))
        }
        None if rest.starts_with('?') => format!("{}{}{rest}", base.origin, base.path),
        None => format!("{}{}{}{rest}", base.origin, base.path, base.query),
    }
}

/// The parts of an address that others start from.
struct Base<'a> {
    /// With its colon.
    scheme: &'a str,
    /// Scheme and authority.
    origin: &'a str,
    path: &'a str,
    /// With its question mark; empty when there is none.
    query: &'a str,
}

impl<'a> Base<'a> {
    /// `None` for what has no authority, such as `urn:…`.
    fn of(text: &'a str) -> Option<Self> {
        let scheme = text.get(..scheme_end(text)?)?;
        let after = text[scheme.len()..].strip_prefix("//")?;
        let origin_end = text.len() - after.len() + after.find(['/', '?', '#']).unwrap_or(after.len());
        let (origin, rest) = text.split_at(origin_end);
        let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        Some(Self {
            scheme,
            origin,
            path,
            query,
        })
    }
}

/// Where the scheme ends, after its colon.
fn scheme_end(text: &str) -> Option<usize> {
    let colon = text.find(':')?;
    let scheme = &text.as_bytes()[..colon];
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    is_scheme.then_some(colon + 1)
}

/// `http:///host/` is `http://host/`, as browsers take it (WHATWG URL, "special authority ignore slashes state").
fn without_extra_slashes(address: &str) -> String {
    let is_http = |scheme: &str| scheme.eq_ignore_ascii_case("http:") || scheme.eq_ignore_ascii_case("https:");
    let end = address.find(':').map_or(0, |colon| colon + 1);
    let (scheme, rest) = address.split_at(end);
    match is_http(scheme) && rest.starts_with("///") {
        true => format!("{scheme}//{}", rest.trim_start_matches('/')),
        false => address.to_owned(),
    }
}

/// Takes `.` and `..` out of a path that starts with a slash (RFC 3986, section 5.2.4).
fn without_dots(path: &str) -> String {
    let is_dots = |segment: &str| matches!(segment, "." | "..");
    if !path.split('/').any(is_dots) {
        return path.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        if segment == ".." {
            kept.pop();
        }
        match is_dots(segment) {
            false => kept.push(segment),
            // The folder itself.
            true if segments.peek().is_none() => kept.push(""),
            true => {}
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_as_the_standard_shows() {
        // RFC 3986, section 5.4.
        let check = |reference: &str, expected: &str| {
            assert_eq!(resolved("http://a/b/c/d;p?q", reference), expected, "{reference}");
        };
        check("g:h", "g:h");
        check("g", "http://a/b/c/g");
        check("./g", "http://a/b/c/g");
        check("g/", "http://a/b/c/g/");
        check("/g", "http://a/g");
        check("//g", "http://g");
        check("?y", "http://a/b/c/d;p?y");
        check("g?y", "http://a/b/c/g?y");
        check("#s", "http://a/b/c/d;p?q#s");
        check("g?y#s", "http://a/b/c/g?y#s");
        check(";x", "http://a/b/c/;x");
        check("", "http://a/b/c/d;p?q");
        check(".", "http://a/b/c/");
        check("..", "http://a/b/");
        check("../g", "http://a/b/g");
        check("../../g", "http://a/g");
        check("../../../g", "http://a/g");
        check("/./g", "http://a/g");
        check("g.", "http://a/b/c/g.");
        check("./g/.", "http://a/b/c/g/");
        check("g;x=1/../y", "http://a/b/c/y");
        check("g?y/../x", "http://a/b/c/g?y/../x");
    }

    #[test]
    fn spelling_stays_and_odd_bases_do_no_harm() {
        let check = |base: &str, reference: &str, expected: &str| {
            assert_eq!(resolved(base, reference), expected, "{base} {reference}");
        };
        check("https://Example.org", "É a", "https://Example.org/É a");
        check("https://example.org?x", "a", "https://example.org/a");
        check(
            "https://example.org/a",
            " https://EXAMPLE.org/B c ",
            "https://EXAMPLE.org/B c",
        );
        check("https://example.org/a", "12:30", "https://example.org/12:30");
        check(
            "https://example.org/a",
            "https:////example.net/b",
            "https://example.net/b",
        );
        check("urn:x", "a", "a");
        check("", "/a", "/a");
    }
}
