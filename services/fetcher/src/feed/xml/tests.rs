use super::*;

fn check(document: &str, expected: &str) {
    let mut reader = Reader::new(document);
    let mut found = String::new();
    while let Some(token) = reader.next() {
        match token {
            Token::Start {
                name,
                attributes,
                empty,
            } => {
                let mark = if empty { "!" } else { "" };
                let pairs = attributes.iter().map(|(name, value)| format!(" {name}={value}"));
                found.push_str(&format!("({name}{}{mark})", pairs.collect::<String>()));
            }
            Token::End { name } => found.push_str(&format!("(/{name})")),
            Token::Text(text) => found.push_str(&text),
        }
    }
    assert_eq!(found, expected, "{document}");
}

#[test]
fn reads_what_is_well_formed() {
    check(
        "<?xml version='1.0'?><a b=\"1\" c='2'>x<d/></a>",
        "(a b=1 c=2)x(d!)(/a)",
    );
    check("<a><![CDATA[<b>&amp;</b>]]></a>", "(a)<b>&amp;</b>(/a)");
    check("<!-- <x> --><a>&lt;&#65;&#x42;&gt;</a>", "(a)<AB>(/a)");
    check("<!DOCTYPE a [<!ENTITY me 'Copy'>]><a>&me;</a>", "(a)Copy(/a)");
}

#[test]
fn reads_what_is_not() {
    check("<a>x & y < z &nope; &amp</a>", "(a)x & y < z &nope; &amp(/a)");
    check("<a b=1 c>x</a>", "(a b=1 c=)x(/a)");
    check("<a b=\"1>x</a>", "(a b=1)x(/a)");
    check("<a>x<b", "(a)x");
    check("<a <b>x</b></a>", "(a)(b)x(/b)(/a)");
    check("<!-- open ><a>x</a>", "(a)x(/a)");
    check("junk<a>x</a>", "junk(a)x(/a)");
    check("<", "<");
    check("<a>x</a <b>y</b junk>z", "(a)x(/a)(b)y(/b)z");
}

#[test]
fn what_was_never_closed_ends_before_the_next_entry() {
    check(
        "<item><title><![CDATA[One</title></item><item><title><![CDATA[Two]]></title></item>",
        "(item)(title)One(/title)(/item)(item)(title)Two(/title)(/item)",
    );
    check(
        "<item><!-- One</item><item>Two<!-- three --></item>",
        "(item)(item)Two(/item)",
    );
    check("<!-- <item>no</item> --><item>Two</item>", "(item)Two(/item)");
    check(
        "<item><a b=\"1></a><c d=\"2\"/></item>",
        "(item)(a b=1)(/a)(c d=2!)(/item)",
    );
    check("<a b=\"<i>1</i>\" c='2'>x</a>", "(a b=<i>1</i> c=2)x(/a)");
}

#[test]
fn a_document_declares_entities() {
    let check = |subset: &str, text: &str, expected: &str| {
        check(
            &format!("<!DOCTYPE a [{subset}]><a>{text}</a>"),
            &format!("(a){expected}(/a)"),
        );
    };
    check("<!ENTITY me 'Copy'><!ENTITY you \"A]>B\">", "&me; &you;", "Copy A]>B");
    check("<!ENTITY c '&#169;'><!ENTITY d '&c; &amp; me'>", "&c;&d;", "©© & me");
    check(
        "<!ENTITY % p 'no'><!ENTITY s SYSTEM 'file:///etc/passwd'>",
        "&p;&s;",
        "&p;&s;",
    );
    check("<!-- <!ENTITY a 'no'> --><!ENTITY b 'yes'>", "&a;&b;", "&a;yes");
    check("<!ENTITY a '&b;'><!ENTITY b '&a;'>", "&a;", "&b;");
}

#[test]
fn entities_do_not_grow_without_end() {
    let mut subset = "<!ENTITY e0 'lol lol lol lol lol '>".to_owned();
    for level in 1..40 {
        subset.push_str(&format!(
            "<!ENTITY e{level} '{}'>",
            format!("&e{};", level - 1).repeat(10)
        ));
    }
    let document = format!("<!DOCTYPE a [{subset}]><a>&e39;</a>");
    let mut reader = Reader::new(&document);
    let mut text_bytes = 0;
    while let Some(token) = reader.next() {
        if let Token::Text(text) = token {
            text_bytes += text.len();
        }
    }
    assert!(text_bytes < 10_000, "{text_bytes}");
}
