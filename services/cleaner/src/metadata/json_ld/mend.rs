//! JSON as sites serve it: with comments, raw line breaks, commas too many, quotes within strings, entities for quotes,
//! two objects in a row, or cut short. One pass mends all of it; what is still no JSON then is left.

use serde_json::{Deserializer, Value};

/// Objects in a row that are read out of one script.
const MAX_VALUES: usize = 8;

/// The values in a script; none when it can't be mended.
pub(super) fn parse(script: &str) -> Vec<Value> {
    let script = unwrapped(script);
    let (mut values, is_whole) = stream(script);
    if is_whole {
        return values;
    }
    let (mended, is_whole) = stream(&mend(script));
    if is_whole || mended.len() > values.len() {
        values = mended;
    }
    if values.is_empty() && script.contains("&quot;") {
        let decoded = decode(script);
        values = stream(&mend(&decoded)).0;
    }
    values
}

/// Without the marks that hide a script from old browsers.
fn unwrapped(script: &str) -> &str {
    let mut script = script.trim();
    for _ in 0..3 {
        for open in ["<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "<![CDATA["] {
            script = script.strip_prefix(open).unwrap_or(script).trim_start();
        }
        for close in ["-->", "//]]>", "// ]]>", "/*]]>*/", "]]>", ";"] {
            script = script.strip_suffix(close).unwrap_or(script).trim_end();
        }
    }
    script
}

/// The values that stand in a row, and whether they are all that there is.
fn stream(script: &str) -> (Vec<Value>, bool) {
    let mut values = Vec::new();
    let mut rest = script;
    while !rest.is_empty() && values.len() < MAX_VALUES {
        let mut found = Deserializer::from_str(rest).into_iter::<Value>();
        let Some(Ok(value)) = found.next() else {
            return (values, false);
        };
        let end = found.byte_offset();
        values.push(value);
        rest = rest.get(end..).unwrap_or_default();
        rest = rest.trim_start_matches(|character: char| matches!(character, ',' | ';') || character.is_whitespace());
    }
    (values, true)
}

fn decode(script: &str) -> String {
    script
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// One pass over the text; every character is looked at a bounded number of times.
fn mend(script: &str) -> String {
    let mut out = String::with_capacity(script.len() + 16);
    let mut open: Vec<char> = Vec::new();
    let mut at = 0;
    while let Some(character) = script.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = script.get(at..).unwrap_or_default();
        match character {
            '"' => {
                at += string(rest, &mut out);
                continue;
            }
            '/' if rest.starts_with("//") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '/' if rest.starts_with("/*") => {
                at += rest.find("*/").map_or(rest.len(), |end| end + 2);
                continue;
            }
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                drop_comma(&mut out);
                if open.last() == Some(&character) {
                    open.pop();
                }
            }
            ',' => drop_comma(&mut out),
            _ => {}
        }
        out.push(character);
        at += character.len_utf8();
    }
    if !open.is_empty() {
        drop_comma(&mut out);
        out.extend(open.iter().rev());
    }
    out
}

/// Takes back a comma that nothing follows.
fn drop_comma(out: &mut String) {
    let end = out.trim_end().len();
    if out.get(..end).is_some_and(|out| out.ends_with(',')) {
        out.truncate(end - 1);
    }
}

/// Copies the string that starts here, mended; how many bytes it takes up.
fn string(rest: &str, out: &mut String) -> usize {
    out.push('"');
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                let escaped = characters
                    .next_if(|(_, next)| matches!(next, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u'));
                // An escape that JSON doesn't know stands for what it escapes.
                if let Some((_, next)) = escaped {
                    out.extend(['\\', next]);
                }
            }
            '"' if closes(rest.get(at + 1..).unwrap_or_default()) => {
                out.push('"');
                return at + 1;
            }
            '"' => out.push_str("\\\""),
            character if character.is_control() => out.push(' '),
            character => out.push(character),
        }
    }
    out.push('"');
    rest.len()
}

/// Whether a quote before this ends its string: what JSON allows there follows.
fn closes(rest: &str) -> bool {
    let mut following = rest.chars().filter(|character| !character.is_whitespace()).take(2);
    match (following.next(), following.next()) {
        (None | Some(':' | '}' | ']'), _) | (Some(','), None) => true,
        // Bare words and numbers follow a string in lists of many kinds only, which nobody publishes here.
        (Some(','), Some(next)) => matches!(next, '"' | ',' | '{' | '[' | '}' | ']' | '/'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    #[test]
    fn broken_json_is_mended() {
        let good = json!({"a": "b c", "d": [1]});
        for script in [
            "{\"a\":\"b\nc\",\"d\":[1,],}",
            "<!--{\"a\":\"b c\",\"d\":[1]};-->",
            "//<![CDATA[\n{\"a\":\"b c\",\"d\":[1]}\n//]]>",
            "{/* who */ \"a\":\"b c\", // what\n \"d\":[1]}",
            "{&quot;a&quot;:&quot;b c&quot;,&quot;d&quot;:[1]}",
            "{\"a\":\"b c\",,\"d\":[1]}",
            "{\"a\":\"b c\",\"d\":[1",
            "{\"a\":\"b\\ c\",\"d\":[1]}",
        ] {
            assert_eq!(parse(script), std::slice::from_ref(&good), "{script}");
        }
        let quoted = json!({"a": "He said \"no\", then left"});
        assert_eq!(parse("{\"a\":\"He said \"no\", then left\"}"), [quoted]);
    }

    #[test]
    fn objects_in_a_row_are_all_read() {
        let both = [json!({"a": 1}), json!({"b": 2})];
        assert_eq!(parse("{\"a\":1}{\"b\":2}"), both);
        assert_eq!(parse("{\"a\":1},\n{\"b\":2}"), both);
        assert_eq!(parse("{\"a\":1} and so on"), [json!({"a": 1})]);
    }

    #[test]
    fn what_is_no_json_is_left_in_bounded_time() {
        for script in ["", "not json", "&quot;", "\\"] {
            let values = parse(script);
            assert!(values.iter().all(|value| !value.is_object()), "{script}");
        }
        for part in ["[", "{", "\"", ",", "/*", "\"a\" ", "\\", "{\"a\":"] {
            parse(&part.repeat(20_000));
        }
    }
}
