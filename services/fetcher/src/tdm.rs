//! Reservations of text and data mining rights: `/.well-known/tdmrep.json` and the headers `tdm-reservation` and
//! `tdm-policy` (TDM Reservation Protocol, final report of the W3C community group, 10 May 2024).
//!
//! A value that the protocol does not know counts as none.

use serde_json::{Value, json};
use url::Url;

use crate::robots::{Pattern, path_of};

/// Where a site keeps the file.
pub const WELL_KNOWN_PATH: &str = "/.well-known/tdmrep.json";

/// How much of the file is worth reading, in bytes.
pub const BYTES_MAX: usize = 64 * 1024;

/// Rules kept of one file.
const RULES_MAX: usize = 500;

/// The longest address of a policy that is kept, in bytes.
const POLICY_BYTES_MAX: usize = 2_000;

/// What is said about one address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tdm {
    /// True when the rights are reserved.
    pub reserved: bool,
    /// The absolute address of the policy that goes with it.
    pub policy: Option<String>,
}

/// The rules of one `tdmrep.json`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TdmFile {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    location: String,
    pattern: Pattern,
    tdm: Tdm,
}

impl Tdm {
    /// What the headers of a response from `url` say; none without a valid `tdm-reservation`.
    #[must_use]
    pub fn of_headers(reservation: Option<&str>, policy: Option<&str>, url: &str) -> Option<Self> {
        let reserved = match reservation?.trim() {
            "1" => true,
            "0" => false,
            _ => return None,
        };
        let policy = policy.and_then(|policy| absolute(policy, url));
        Some(Self { reserved, policy })
    }
}

impl TdmFile {
    /// Reads the file that `url` delivered; at most [`BYTES_MAX`] of it. Rules that make no sense are left out, and a
    /// body that is no JSON array has none.
    #[must_use]
    pub fn parse(bytes: &[u8], url: &str) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let rows = match bytes.len() <= BYTES_MAX {
            true => serde_json::from_slice(bytes).unwrap_or_default(),
            false => Value::Null,
        };
        // One rule without the array around it is a mistake that says what it means.
        let rows = match rows {
            Value::Array(rows) => rows,
            row @ Value::Object(_) => vec![row],
            _ => Vec::new(),
        };
        let rules = rows.iter().filter_map(|row| Rule::read(row, url));
        Self {
            rules: rules.take(RULES_MAX).collect(),
        }
    }

    /// The rules that [`TdmFile::to_text`] wrote.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let rows: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
        let rules = rows.iter().filter_map(|row| Rule::read(row, ""));
        Self { rules: rules.collect() }
    }

    /// The rules in the file's own format with policies absolute; empty when there are none.
    #[must_use]
    pub fn to_text(&self) -> String {
        let rows = self.rules.iter().map(|rule| {
            let mut row = json!({ "location": rule.location, "tdm-reservation": u8::from(rule.tdm.reserved) });
            if let Some(policy) = &rule.tdm.policy {
                row["tdm-policy"] = json!(policy);
            }
            row
        });
        match self.rules.is_empty() {
            true => String::new(),
            false => Value::Array(rows.collect()).to_string(),
        }
    }

    /// True when the file has no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What the file says about `url`: its first rule that matches counts as the most specific one.
    #[must_use]
    pub fn for_url(&self, url: &str) -> Option<Tdm> {
        let path = path_of(url);
        let rule = self.rules.iter().find(|rule| rule.pattern.matches(&path))?;
        Some(rule.tdm.clone())
    }
}

impl Rule {
    fn read(row: &Value, url: &str) -> Option<Self> {
        let location = row.get("location")?.as_str()?.trim();
        let reservation = row.get("tdm-reservation")?;
        // Written as text, too, by hand.
        let reserved = match (reservation.as_u64(), reservation.as_str().map(str::trim)) {
            (Some(1), _) | (_, Some("1")) => true,
            (Some(0), _) | (_, Some("0")) => false,
            _ => return None,
        };
        let policy = row.get("tdm-policy").and_then(Value::as_str);
        (!location.is_empty()).then(|| Self {
            location: location.to_owned(),
            pattern: Pattern::new(location.as_bytes()),
            tdm: Tdm {
                reserved,
                policy: policy.and_then(|policy| absolute(policy, url)),
            },
        })
    }
}

/// The address `policy`, relative to `url`.
fn absolute(policy: &str, url: &str) -> Option<String> {
    let policy = policy.trim();
    let joined = Url::parse(policy).or_else(|_| Url::parse(url).and_then(|base| base.join(policy)));
    let joined = joined
        .ok()
        .filter(|joined| matches!(joined.scheme(), "http" | "https"))?;
    (!policy.is_empty() && joined.as_str().len() <= POLICY_BYTES_MAX).then(|| joined.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "https://example.org/.well-known/tdmrep.json";

    fn check(body: &str, url: &str, expected: Option<(bool, Option<&str>)>) {
        let expected = expected.map(|(reserved, policy)| Tdm {
            reserved,
            policy: policy.map(str::to_owned),
        });
        let file = TdmFile::parse(body.as_bytes(), FILE);
        assert_eq!(file.for_url(url), expected, "{url} by {body}");
        let again = TdmFile::from_text(&file.to_text());
        assert_eq!(again.for_url(url), expected, "{url} by the kept rules of {body}");
    }

    #[test]
    fn the_first_rule_that_matches_counts() {
        let body = r#"[{"location": "/open/", "tdm-reservation": 0},
            {"location": "/*.pdf$", "tdm-reservation": 1, "tdm-policy": "/policies/pdf.json"},
            {"location": "/news", "tdm-reservation": 1, "tdm-policy": "https://rights.example/p"}]"#;
        check(body, "https://example.org/open/a.pdf", Some((false, None)));
        check(
            body,
            "https://example.org/news/a.pdf",
            Some((true, Some("https://example.org/policies/pdf.json"))),
        );
        check(
            body,
            "https://example.org/news/a?page=2",
            Some((true, Some("https://rights.example/p"))),
        );
        check(body, "https://example.org/", None);
    }

    #[test]
    fn forgives_what_is_clear_and_leaves_out_what_is_not() {
        check(
            "\u{feff}{\"location\": \"/\", \"tdm-reservation\": \"1\"}",
            "https://example.org/a",
            Some((true, None)),
        );
        let body = r#"[{"location": "/", "tdm-reservation": 2}, {"tdm-reservation": 1}, 7,
            {"location": "/", "tdm-reservation": 1, "tdm-policy": "javascript:alert(1)"}]"#;
        check(body, "https://example.org/a", Some((true, None)));
        for body in ["", "<html>Not found</html>", "null", "[", "[[]]"] {
            check(body, "https://example.org/a", None);
            assert!(TdmFile::parse(body.as_bytes(), FILE).to_text().is_empty());
        }
    }

    #[test]
    fn a_file_without_end_is_no_file() {
        let rule = r#"{"location": "/", "tdm-reservation": 1}"#;
        let body = format!("[{}]", vec![rule; 5_000].join(","));
        check(&body, "https://example.org/a", None);
        assert!(TdmFile::parse("[".repeat(60_000).as_bytes(), FILE).is_empty());
    }

    #[test]
    fn headers_say_it_for_one_response() {
        let read = |reservation, policy| Tdm::of_headers(reservation, policy, "https://example.org/a/b");
        let policy = Some("https://example.org/a/terms".to_owned());
        assert_eq!(read(Some("1"), Some("terms")), Some(Tdm { reserved: true, policy }));
        assert_eq!(read(Some(" 0 "), None), Some(Tdm::default()));
        assert_eq!(read(Some("yes"), None), None);
        assert_eq!(read(None, Some("terms")), None);
    }
}
