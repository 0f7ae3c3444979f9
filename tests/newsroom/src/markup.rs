//! Text to HTML and back.

/// HTML text or attribute value.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// A paragraph as written, its `[text](path)` links as anchors.
pub(crate) fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let parts = link.split_once("](").and_then(|(label, more)| {
            let (path, after) = more.split_once(')')?;
            Some((label, path, after))
        });
        let Some((label, path, after)) = parts else { break };
        out.push_str(&escape(before));
        out.push_str(&format!("<a href=\"{}\">{}</a>", escape(path), escape(label)));
        rest = after;
    }
    out.push_str(&escape(rest));
    out
}

/// What a reader sees of `html`: tags out, entities resolved, white space folded.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ");
    text.replace("&amp;", "&")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Fills the `[[name]]` gaps of a template. A name that `value` does not know stays as it stands.
pub(crate) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, gap)) = rest.split_once("[[") {
        out.push_str(before);
        let Some((name, after)) = gap.split_once("]]") else {
            out.push_str("[[");
            rest = gap;
            continue;
        };
        match value(name) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&format!("[[{name}]]")),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{escape, fill, inline, plain};

    #[test]
    fn plain_undoes_inline_but_for_the_links() {
        let text = "A \"b\" & <c> of [the port](/tag/port), he said";
        assert_eq!(plain(&inline(text)), "A \"b\" & <c> of the port, he said");
        assert_eq!(plain(&escape("x < y & z")), "x < y & z");
    }

    #[test]
    fn gaps_are_filled_and_unknown_ones_stay() {
        let value = |name: &str| (name == "a").then(|| "1".to_owned());
        assert_eq!(fill("x[[a]]y[[b]]z[[", value), "x1y[[b]]z[[");
    }
}
