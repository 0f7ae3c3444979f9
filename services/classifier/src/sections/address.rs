//! What an article's address says about its section: the steps of its path, and a host that is named for one.

/// Steps of a path that are looked at: sections stand first.
const STEPS: usize = 5;

/// The names in `url` that may be names of sections: `sport` and `football` of
/// `https://paper.example/sport/football/late-goal-decides.html`. The last step is the article itself.
pub(super) fn names(url: &str) -> Vec<String> {
    let Some((_, rest)) = url.split_once("://") else {
        return Vec::new();
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    steps.pop();
    let named_host = host.split('.').next().filter(|_| 1 < host.matches('.').count());
    let named = named_host.into_iter().chain(steps.into_iter().take(STEPS));
    named
        .filter(|step| step.chars().any(char::is_alphabetic))
        .map(decoded)
        .collect()
}

/// The step with its percent-encoded bytes decoded and its joints as spaces.
fn decoded(step: &str) -> String {
    let mut bytes = Vec::with_capacity(step.len());
    let mut rest = step.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.split_first_chunk::<2>().filter(|_| *first == b'%');
        let decoded = pair.and_then(|(pair, after)| Some((digit(pair[0])? << 4 | digit(pair[1])?, after)));
        let (byte, after) = decoded.unwrap_or((*first, after));
        bytes.push(if matches!(byte, b'-' | b'_' | b'+') { b' ' } else { byte });
        rest = after;
    }
    String::from_utf8(bytes).unwrap_or_default()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::names;
    use proptest::prelude::{any, proptest};

    #[test]
    fn an_address_names_the_sections_above_the_article() {
        for (url, expected) in [
            (
                "https://paper.example/sport/football/late-goal.html",
                &["sport", "football"][..],
            ),
            ("https://paper.example/late-goal.html", &[]),
            (
                "https://paper.example/2026/11/22/world-news/x?y=/sport/1",
                &["world news"],
            ),
            ("https://sport.paper.example/a/b", &["sport", "a"]),
            (
                "https://www.paper.example/%d1%81%d0%bf%d0%be%d1%80%d1%82/1",
                &["www", "спорт"],
            ),
            ("https://paper.example/the_arts/x#/sport/", &["the arts"]),
            ("https://paper.example/%ff%/x", &[""]),
            ("https://paper.example", &[]),
            ("nonsense", &[]),
            ("", &[]),
        ] {
            assert_eq!(names(url), expected, "{url}");
        }
    }

    proptest! {
        #[test]
        fn any_address_is_read(url in any::<String>()) {
            assert!(names(&format!("https://{url}")).len() <= 6);
        }
    }
}
