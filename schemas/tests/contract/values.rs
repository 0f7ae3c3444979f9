//! The values that ids and order hang on: canonical URLs and times.

use proptest::prelude::*;
use schemas::canonical::canonical_url;
use schemas::id::ArticleId;
use schemas::time::Timestamp;

use crate::strategies::timestamp;

/// What URLs on the web are made of, the odd pieces among them.
const PIECES: &[&str] = &[
    "a",
    "B",
    "news",
    "2026",
    "%7e",
    "%2F",
    "%2f",
    "%41",
    "%25",
    "%",
    "%4",
    "%zz",
    "%+1",
    "%e4",
    "ä",
    "東",
    " ",
    "+",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "/",
    "//",
    "\\",
    ";",
    ":",
    "@",
    "&",
    "=",
    "?",
    "#",
    "utm_source=rss",
    "id=7",
    "fbclid=x",
    "ref=twitter",
    "\t",
    "\n",
    "|",
    "[",
    "\"",
    "'",
    "<",
    "\u{0}",
    "\u{ad}",
    "ß",
    "xn--",
    "amp",
    "/amp",
    ".amp",
    "/amp/",
    ".amp.html",
    "a-1",
    "amp;",
    "amp=1",
    "#!/",
    ":~:",
    ";jsessionid=9",
    "(S(x))",
    "u=https://b.example/c",
    "url=http%3A%2F%2Famp.b.example%2Fc-1%2Famp",
];

/// One of them, or any character.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(PIECES.to_vec());
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)]
}

fn url() -> impl Strategy<Value = String> {
    let scheme = prop::sample::select(vec!["http://", "https://", "HTTPS://", "http:/", "https:"]);
    let host = prop::sample::select(vec![
        "example.org",
        "Example.ORG.",
        "user:secret@example.org",
        "example.org:80",
        "example.org:443",
        "example.org.:8443",
        "bücher.example",
        "127.0.0.1",
        "0x7f.1.",
        "[::1]",
        "[::1]:443",
        "example%2eorg",
        "amp.amp.example.org",
        "amp.co.uk",
        "www.google.com/url?",
        "l.facebook.com/l.php?",
        "x.cdn.ampproject.org/c/s",
        "www.google.de/amp/s",
    ]);
    let rest = prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat());
    (scheme, host, rest).prop_map(|(scheme, host, rest)| format!("{scheme}{host}/{rest}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_canonical_url_is_its_own_canonical_form(text in prop_oneof![9 => url(), 1 => any::<String>()]) {
        if let Ok(once) = canonical_url(&text) {
            prop_assert_eq!(canonical_url(&once), Ok(once.clone()));
            prop_assert_eq!(ArticleId::of_url(&text), ArticleId::of_url(&once));
        }
    }

    #[test]
    fn a_canonical_url_holds_no_way_of_coming(text in url()) {
        if let Ok(canonical) = canonical_url(&text) {
            prop_assert!(!canonical.contains("secret"), "{}", canonical);
            // Only where a script reads the address from it.
            let fragment = canonical.split_once('#').map_or("/", |(_, fragment)| fragment);
            prop_assert!(fragment.starts_with(['/', '!']), "{}", canonical);
            let canonical = canonical.split('#').next().unwrap_or_default();
            let query = canonical.split_once('?').map_or("", |(_, query)| query);
            for name in query.split('&').filter_map(|pair| pair.split('=').next()) {
                prop_assert!(!["utm_source", "fbclid"].contains(&name), "{}", canonical);
            }
        }
    }

    #[test]
    fn other_values_of_a_parameter_are_other_articles(
        name in prop::sample::select(vec![
            "id", "p", "sid", "cid", "ref", "source", "from", "article", "story", "page", "s", "session", "mod", "amp_id",
            "output", "view", "date", "ch", "news_id", "a%5Bb%5D",
        ]),
        one in "[1-9][0-9]{0,9}",
        other in "[1-9][0-9]{0,9}",
        around in prop::sample::select(vec!["", "utm_source=rss&", "x=1&"]),
    ) {
        prop_assume!(one != other);
        let id = |value: &str| ArticleId::of_url(&format!("https://paper.example/a?{around}{name}={value}"));
        prop_assert_ne!(id(&one), id(&other));
        // Also where the two stand in two parameters of one name.
        let order = |first: &str, second: &str| canonical_url(&format!("https://paper.example/?x={first}&x={second}"));
        prop_assert_ne!(order(&one, &other), order(&other, &one));
    }

    #[test]
    fn a_tracked_link_is_the_article_that_it_leads_to(path in "(/[a-z0-9-]{1,8}){0,3}", id in "[0-9]{1,6}") {
        let page = format!("https://paper.example{path}?id={id}");
        let inner = page.replace(':', "%3A").replace('/', "%2F").replace('?', "%3F").replace('=', "%3D");
        let plain = ArticleId::of_url(&page);
        prop_assert_eq!(ArticleId::of_url(&format!("{page}&utm_medium=x&fbclid=y#part")), plain.clone());
        prop_assert_eq!(ArticleId::of_url(&format!("https://l.facebook.com/l.php?u={inner}&h=z")), plain.clone());
        prop_assert_eq!(ArticleId::of_url(&format!("https://www.google.com/url?sa=t&url={inner}")), plain);
    }

    #[test]
    fn a_time_comes_back_from_its_text(time in timestamp()) {
        prop_assert_eq!(time.to_string().parse(), Ok(time));
    }

    #[test]
    fn times_sort_as_their_texts(one in timestamp(), other in timestamp()) {
        prop_assert_eq!(one.cmp(&other), one.to_string().cmp(&other.to_string()));
    }

    #[test]
    fn no_text_makes_a_time_panic(text in "[0-9TZ:.+-]{0,40}") {
        let _ = text.parse::<Timestamp>();
    }
}

#[test]
fn no_dot_stays_after_the_host() {
    let check = |text: &str, expected: &str| assert_eq!(canonical_url(text).as_deref(), Ok(expected));
    check("https://example.org./a", "https://example.org/a");
    check("https://example.org../a", "https://example.org/a");
}

#[test]
fn a_percent_sign_that_begins_no_escape_stays() {
    let check = |text: &str| assert_eq!(canonical_url(text).as_deref(), Ok(text));
    check("https://example.org/100%");
    check("https://example.org/?q=100%+5");
    check("https://example.org/%zz%2");
}

#[test]
fn a_relation_of_a_later_release_is_let_pass() {
    let read: schemas::hop::Relation = serde_json::from_str("\"translation\"").unwrap();
    assert_eq!(read, schemas::hop::Relation::Other);
}
