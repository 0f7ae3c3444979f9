//! The Link header (RFC 8288, section 3), read leniently: a link that can't be read costs that link.

/// A longer header is not read to its end, in bytes.
const HEADER_BYTES_MAX: usize = 16 * 1024;

/// Links of one header that are looked at.
const LINKS_MAX: usize = 100;

/// One link of a header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Its target as written, perhaps relative.
    pub target: String,
    /// Its relation types in lower case.
    pub relations: Vec<String>,
    /// True when it speaks of another resource than the one that was asked for (`anchor`).
    pub is_of_another: bool,
}

/// The links of the value of one Link header, in order.
#[must_use]
pub fn parse(value: &str) -> Vec<Link> {
    let mut end = value.len().min(HEADER_BYTES_MAX);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    let mut rest = value.get(..end).unwrap_or_default();
    let mut links = Vec::new();
    while links.len() < LINKS_MAX {
        // Whatever stands before the next target belongs to a link that can't be read.
        let Some((_, after)) = rest.split_once('<') else {
            break;
        };
        let Some((target, parameters)) = after.split_once('>') else {
            break;
        };
        let mut link = Link {
            target: target.trim().to_owned(),
            ..Link::default()
        };
        rest = read_parameters(parameters, &mut link);
        links.push(link);
    }
    links
}

/// Reads `;name=value` pairs into `link`; returns what follows the comma that ends them.
fn read_parameters<'a>(text: &'a str, link: &mut Link) -> &'a str {
    let mut rest = text.trim_start();
    let mut has_relations = false;
    while let Some(after) = rest.strip_prefix(';') {
        let after = after.trim_start();
        let name_end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, behind) = after.split_at(name_end);
        let (value, behind) = match behind.strip_prefix('=') {
            Some(value) => read_value(value.trim_start()),
            None => (String::new(), behind),
        };
        match name.trim().to_ascii_lowercase().as_str() {
            // The first one counts (section 3.3).
            "rel" if !has_relations => {
                has_relations = true;
                link.relations = value.split_ascii_whitespace().map(str::to_ascii_lowercase).collect();
            }
            "anchor" => link.is_of_another = true,
            _ => {}
        }
        rest = behind.trim_start();
    }
    match rest.split_once(',') {
        Some((_, next)) => next,
        None => "",
    }
}

/// A token or a quoted string, and what follows it.
fn read_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.trim().to_owned(), rest);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return (value, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(letters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: &[(&str, &[&str])]) {
        let found: Vec<(String, Vec<String>)> = parse(value)
            .into_iter()
            .filter(|link| !link.is_of_another)
            .map(|link| (link.target, link.relations))
            .collect();
        let expected: Vec<(String, Vec<String>)> = expected
            .iter()
            .map(|(target, relations)| {
                let relations = relations.iter().map(|relation| (*relation).to_owned());
                ((*target).to_owned(), relations.collect())
            })
            .collect();
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn reads_targets_and_relations() {
        check(
            "<https://hub.example/>; rel=\"hub\"",
            &[("https://hub.example/", &["hub"])],
        );
        check("<https://hub.example/>;rel=hub", &[("https://hub.example/", &["hub"])]);
        check(
            "<https://a.example/>; rel=\"hub\", <https://b.example/f,1>; rel=self",
            &[("https://a.example/", &["hub"]), ("https://b.example/f,1", &["self"])],
        );
        check(
            "<x>; title=\"a, <b>; rel=hub\"; REL = \"Self  HUB\"",
            &[("x", &["self", "hub"])],
        );
        check("<x>; rel=\"hub\"; rel=\"self\"", &[("x", &["hub"])]);
        check(
            "<x>; title=\"\\\"q\\\"\"; rel=hub , <y>;rel=\"self\"",
            &[("x", &["hub"]), ("y", &["self"])],
        );
    }

    #[test]
    fn passes_over_what_it_cannot_read() {
        check("", &[]);
        check("rel=hub", &[]);
        check("<https://hub.example/; rel=hub", &[]);
        check("<x>", &[("x", &[])]);
        check("junk, <x>; rel=hub", &[("x", &["hub"])]);
        check("<x>; rel=\"hub", &[("x", &["hub"])]);
        check("<x>; anchor=\"/other\"; rel=hub, <y>; rel=hub", &[("y", &["hub"])]);
        check("<x>; rel, <y>; rel=", &[("x", &[]), ("y", &[])]);
    }

    #[test]
    fn reads_a_bounded_number_of_bytes_and_links() {
        assert_eq!(parse(&"<x>;rel=hub,".repeat(5_000)).len(), LINKS_MAX);
        assert!(parse(&format!("{}<x>; rel=hub", "ü".repeat(HEADER_BYTES_MAX))).is_empty());
    }
}
