use super::*;

fn feed(body: &[u8], content_type: Option<&str>, expected: &str) {
    assert_eq!(
        of_xml(body, content_type).name(),
        expected,
        "{}",
        String::from_utf8_lossy(body)
    );
}

#[test]
fn a_feed_is_read_by_header_then_declaration() {
    let body = b"<?xml version='1.0' encoding='koi8-r'?><rss/>";
    feed(body, None, "KOI8-R");
    feed(body, Some("text/xml; charset=windows-1251"), "windows-1251");
    feed(
        "<?xml version='1.0' encoding='utf-16'?><rss/>".as_bytes(),
        None,
        "UTF-8",
    );
    feed(b"<\0r\0s\0s\0", None, "UTF-16LE");
}

#[test]
fn labels_that_the_bytes_contradict_are_not_believed() {
    feed(
        "<?xml version='1.0' encoding='iso-8859-1'?><a>d\u{e9}j\u{e0}</a>".as_bytes(),
        None,
        "UTF-8",
    );
    feed(
        b"<?xml version='1.0' encoding='utf-8'?><a>Gro\xdfe \xc4pfel f\xfcr M\xfcnchen</a>",
        None,
        "windows-1252",
    );
    let broken_once = [b"<a>d\xc3\xa9j\xc3\xa0 ".as_slice(), b"vu\xff</a>"].concat();
    feed(&broken_once, Some("text/xml; charset=utf-8"), "UTF-8");
}

#[test]
fn reads_utf_32() {
    let text = "<a>\u{1f600}</a>";
    let big: Vec<u8> = text
        .chars()
        .flat_map(|character| u32::from(character).to_be_bytes())
        .collect();
    assert_eq!(decode_xml(&big, None), text);
}

#[test]
fn reads_ebcdic() {
    // `<?xml?><a>Hi!</a>`
    let body = [
        0x4c, 0x6f, 0xa7, 0x94, 0x93, 0x6f, 0x6e, 0x4c, 0x81, 0x6e, 0xc8, 0x89, 0x5a, 0x4c, 0x61, 0x81, 0x6e,
    ];
    assert_eq!(decode_xml(&body, Some("text/xml; charset=utf-8")), "<?xml?><a>Hi!</a>");
}
