//! The same page as another designer, or another decade, would have written it.

/// Changes the design; what changes follows from `seed`.
pub(super) fn change(html: &str, seed: usize) -> String {
    match seed % 5 {
        0 => rewrite(html, without_names),
        1 => rewrite(html, with_hashed_names),
        2 => rewrite(html, generic),
        3 => rewrite(html, |tag| with_hashed_names(&generic(tag))),
        _ => rewrite(html, with_line_breaks),
    }
}

/// Hands every tag (with its brackets) to `change`, and copies what is between. Scripts are copied as they are.
fn rewrite(html: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tail) = rest.split_at(start);
        out.push_str(text);
        let is_tag = tail[1..].starts_with(|next: char| next.is_ascii_alphabetic() || next == '/');
        let is_raw = ["<script", "<style"].iter().any(|name| starts_with(tail, name));
        let end = match (is_raw, is_tag) {
            (true, _) => tail.find("</").map_or(tail.len(), |end| end.max(1)),
            (false, true) => tail.find('>').map_or(tail.len(), |end| end + 1),
            (false, false) => 1,
        };
        let (tag, behind) = tail.split_at(end);
        if is_tag && !is_raw {
            out.push_str(&change(tag));
        } else {
            out.push_str(tag);
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn starts_with(text: &str, name: &str) -> bool {
    text.get(..name.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(name))
}

/// Where the value of an attribute is, quotes left out.
fn value_of(tag: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let at = tag.find(&format!(" {name}="))? + name.len() + 2;
    let quote = tag
        .get(at..)?
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let end = tag.get(at + 1..)?.find(quote)?;
    Some(at + 1..at + 1 + end)
}

/// Pages of the first years have no names at all.
fn without_names(tag: &str) -> String {
    let mut out = tag.to_owned();
    for name in ["class", "id"] {
        if let Some(value) = value_of(&out, name) {
            out.replace_range(value, "");
        }
    }
    out
}

/// Pages of the latest years have names that a program made.
fn with_hashed_names(tag: &str) -> String {
    let mut out = tag.to_owned();
    for name in ["class", "id"] {
        if let Some(value) = value_of(&out, name) {
            let names: Vec<String> = out[value.clone()].split_whitespace().map(made_up).collect();
            out.replace_range(value, &names.join(" "));
        }
    }
    out
}

fn made_up(name: &str) -> String {
    let hash = crate::html::element::hash(name.as_bytes());
    let letters = (0..5).map(|place| char::from(b'a' + u8::try_from((hash >> (8 * place)) % 26).unwrap_or(0)));
    format!("sc-{}", letters.collect::<String>())
}

/// Everything is a `div`.
fn generic(tag: &str) -> String {
    const NAMES: [&str; 9] = [
        "article",
        "main",
        "section",
        "aside",
        "header",
        "footer",
        "nav",
        "figure",
        "figcaption",
    ];
    let (open, rest) = match tag.strip_prefix("</") {
        Some(rest) => ("</", rest),
        None => ("<", tag.get(1..).unwrap_or_default()),
    };
    let length = rest
        .find(|next: char| !next.is_ascii_alphanumeric())
        .unwrap_or(rest.len());
    let name = rest[..length].to_ascii_lowercase();
    if NAMES.contains(&name.as_str()) {
        format!("{open}div{}", &rest[length..])
    } else {
        tag.to_owned()
    }
}

/// Paragraphs are parted by line breaks.
fn with_line_breaks(tag: &str) -> String {
    let is = |name: &str| {
        starts_with(tag, name) && tag[name.len()..].starts_with(|next: char| next == '>' || next.is_whitespace())
    };
    if is("<p") {
        String::new()
    } else if is("</p") {
        "<br><br>".to_owned()
    } else {
        tag.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{generic, rewrite, with_hashed_names, with_line_breaks, without_names};

    #[test]
    fn a_design_changes_and_the_text_stays() {
        let page = "<article class=\"a b\"><p id='x'>1 < 2</p><script>if (a<b) '<p>'</script></article>";
        let none = rewrite(page, without_names);
        assert!(none.starts_with("<article class=\"\"><p id=''>1 < 2</p>"), "{none}");
        assert!(rewrite(page, with_hashed_names).contains("class=\"sc-"));
        assert!(rewrite(page, generic).starts_with("<div class=\"a b\"><p"));
        let breaks = rewrite(page, with_line_breaks);
        assert!(breaks.contains(">1 < 2<br><br><script>"), "{breaks}");
    }
}
