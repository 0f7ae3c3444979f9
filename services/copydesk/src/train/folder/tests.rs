use std::io::Write as _;
use std::path::Path;

use super::{Set, read};

/// Writes a page as the folders hold it.
pub(in crate::train) fn page(folder: &Path, id: &str, bytes: &[u8]) {
    let pages = folder.join("pages");
    std::fs::create_dir_all(&pages).unwrap();
    let file = std::fs::File::create(pages.join(format!("{id}.html.gz"))).unwrap();
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap();
}

/// A folder `harbour` with page `a` in Latin-1, and these lines of gold.
fn harbour(gold: &str) -> (tempfile::TempDir, Result<Set, String>) {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("harbour");
    page(&folder, "a", b"<meta charset=iso-8859-1><p>Caf\xe9 am Kai");
    std::fs::write(folder.join("gold.jsonl"), gold).unwrap();
    let set = read(&folder).map_err(|error| format!("{error:#}").replace(&*folder.to_string_lossy(), "harbour"));
    (root, set)
}

#[test]
fn pages_come_in_the_order_of_the_lines_and_in_unicode() {
    let gold = "{\"id\":\"a\",\"url\":\"https://www.quay.co.uk/1\",\"text\":\"Café am Kai\",\"title\":[1]}\n\n";
    let (_root, set) = harbour(gold);
    let set = set.unwrap();
    assert_eq!((set.name.as_str(), set.left_out), ("harbour", 0));
    let one = &set.examples[0];
    assert_eq!(
        (one.id.as_str(), one.set.as_str(), one.group.as_str()),
        ("a", "harbour", "quay.co.uk")
    );
    assert_eq!(one.story, "Café am Kai");
    assert!(one.html.ends_with("Café am Kai"), "{}", one.html);
}

#[test]
fn what_is_stored_as_utf_8_is_read_so_whatever_the_page_declares() {
    for (bytes, expected) in [
        ("<meta charset=gb2312><p>Café".as_bytes(), "<p>Café"),
        ("\u{feff}<p>Café".as_bytes(), "<p>Café"),
        (b"<meta charset=gb2312><p>\xc4\xe3\xba\xc3", "<p>你好"),
        (b"<meta charset=iso-2022-jp><p>\x1b$B$\"\x1b(B", "<p>あ"),
    ] {
        let text = super::text(bytes);
        assert!(text.ends_with(expected) && !text.starts_with('\u{feff}'), "{text}");
    }
}

#[test]
fn pages_whose_story_is_not_in_the_markup_are_left_out() {
    for (fields, is_kept) in [
        ("\"text\":\"Café am Kai\",\"gold_in_html\":0.9", true),
        ("\"text\":\"Café am Kai\",\"gold_in_html\":0.89", false),
        ("\"text\":\" \"", false),
        ("\"url\":\"https://quay.example.com/1\"", false),
    ] {
        // A second line keeps the folder from being empty.
        let (_root, set) = harbour(&format!(
            "{{\"id\":\"b\",{fields}}}\n{{\"id\":\"a\",\"text\":\"Café\"}}"
        ));
        match set {
            Ok(set) => assert_eq!((set.left_out, is_kept), (1, false), "{fields}"),
            // Page b is asked for, and there is none.
            Err(error) => assert!(
                is_kept && error.starts_with("harbour/gold.jsonl:1: can't read"),
                "{error}"
            ),
        }
    }
}

#[test]
fn errors_name_the_file_and_the_line() {
    let first = "{\"id\":\"a\",\"text\":\"Café\"}\n";
    for (second, expected) in [
        ("{\"id\":", "harbour/gold.jsonl:2: EOF while parsing"),
        ("{\"text\":\"x\"}", "harbour/gold.jsonl:2: missing field `id`"),
        (first, "harbour/gold.jsonl:2: a second page a"),
        (
            "{\"id\":\"b\",\"text\":\"x\"}",
            "harbour/gold.jsonl:2: can't read harbour/pages/b.html.gz: No such file",
        ),
        (
            "{\"id\":\"../a\",\"text\":\"x\"}",
            "harbour/gold.jsonl:2: \"../a\" is no name of a file",
        ),
    ] {
        let (_root, set) = harbour(&format!("{first}{second}"));
        let error = set.unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
    let (_root, set) = harbour("\n");
    assert_eq!(set.unwrap_err(), "harbour/gold.jsonl names no page to learn from");
}

#[test]
fn a_page_that_is_no_gzip_file_is_an_error() {
    let (root, _) = harbour("");
    let folder = root.path().join("harbour");
    std::fs::write(folder.join("pages/a.html.gz"), "<p>plain").unwrap();
    std::fs::write(folder.join("gold.jsonl"), "{\"id\":\"a\",\"text\":\"x\"}").unwrap();
    let error = format!("{:#}", read(&folder).unwrap_err());
    assert!(
        error.contains("gold.jsonl:1: ") && error.contains("a.html.gz is no gzip file"),
        "{error}"
    );
}

#[test]
fn a_page_without_an_address_is_a_site_of_its_own() {
    for (url, site) in [
        ("", "a"),
        ("\"url\":null,", "a"),
        ("\"url\":\"\",", "a"),
        ("\"url\":\"quay\",", "a"),
        ("\"url\":\"https://News.Quay.org:8080/1\",", "quay.org"),
    ] {
        let (_root, set) = harbour(&format!("{{\"id\":\"a\",{url}\"text\":\"Café\"}}"));
        assert_eq!(set.unwrap().examples[0].group, site, "{url}");
    }
}
