//! Pages made to hurt: time and stack stay bounded, and nothing is invented.

use cleaner::extracted::Known;
use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, prop_oneof, proptest};

const STORY: &str = "<p>The ferry to the outer islands left the new pier at dawn on Monday, ten years after the storm \
    that took the old one, and four hundred people waved from the quay until it was out of sight.</p><p>Two boats a \
    day will run until the spring, when a third one is expected from the yard, the harbour office said.</p>";

fn survives(page: &str) {
    let _ = cleaner::html::extract(page, Some("https://tide.example/a"), &Known::default());
}

#[test]
fn a_million_nested_elements() {
    survives(&format!("<body>{STORY}{}", "<div>".repeat(1_000_000)));
    for tag in [
        "div",
        "b",
        "a",
        "p",
        "span",
        "table",
        "ul><li",
        "font",
        "blockquote",
        "x-y",
        "svg",
        "td",
        "form",
        "a><table",
        "table><tr><td",
        "select",
        "button",
        "span class=x",
        "b><p",
        "a href=x><p",
    ] {
        let opening = format!("<{tag}>");
        survives(&format!("<body>{STORY}{}", opening.repeat(20_000)));
    }
}

#[test]
fn megabytes_of_attributes() {
    survives(&format!("<div {}>{STORY}</div>", "a=b ".repeat(250_000)));
    survives(&format!("<div class='{}'>{STORY}</div>", "x ".repeat(500_000)));
    survives(&"<a b=\"".repeat(100_000));
    survives(&"<a b='<a b=\"".repeat(50_000));
}

#[test]
fn unclosed_everything_still_gives_the_story() {
    let page = format!("<html><body><div><svg><select><table><tr><td><b><a href='/x'>x</a>{STORY}<ul><li><p><!-- ");
    let extracted = cleaner::html::extract(&page, None, &Known::default());
    assert!(extracted.is_ok_and(|extracted| extracted.text().contains("four hundred people waved")));
}

#[test]
fn thousands_of_small_things() {
    for piece in [
        "<br>a",
        "<p>x",
        "</p>",
        "<",
        "&",
        "&amp;",
        "<!--",
        "-->",
        "<i>a</b>",
        "<td>a",
        "</table>",
        "<a>x</a>",
        "<li>x<ul>",
        "<time>x",
        "<h1>x",
        "<img src=x>",
        "<meta name=a content=b>",
        "]]>",
        "\u{0}",
    ] {
        survives(&format!("<p>{}", piece.repeat(150_000 / piece.len())));
    }
}

/// The blocks of a page, kept and cut, are bounded in number and no longer than the page.
fn is_bounded(name: &str, page: &str) {
    let Ok(extracted) = cleaner::html::extract(page, Some("https://tide.example/a"), &Known::default()) else {
        return;
    };
    assert!(
        extracted.blocks.len() <= 20_000,
        "{name}: {} blocks",
        extracted.blocks.len()
    );
    assert!(
        extracted.removed.len() <= 500,
        "{name}: {} cuts",
        extracted.removed.len()
    );
    let cut: usize = extracted.removed.iter().map(|removed| removed.text.len()).sum();
    let size = extracted.text().len() + cut;
    assert!(
        size <= 2 * page.len(),
        "{name}: a page of {} bytes gave {size}",
        page.len()
    );
}

#[test]
fn five_megabytes_of_one_thing_stay_within_limits() {
    const SIZE: usize = 5 * 1024 * 1024;
    for piece in [
        "word ",
        "<br>",
        "<br>a",
        "<a href=/x>link</a> ",
        "<p>A sentence of some length, as stories have them, about a boat and its crew.",
        "<x-one><x-two>a",
        "&amp;",
        "&notin;&#x1f6a2;",
        "\u{0}",
        "<!-- half ",
        "<table><td>a",
        "<table>a<tr>b",
        "<ul><li>a",
        "<option>a",
        "<b><i><u>a",
        "<a b='c' d=\"e\" f>",
        "<template><td>",
        "<svg><p>a",
        "<textarea>",
        "<frameset>",
        "<script>a</script ",
        "<img src=a alt=b>",
    ] {
        is_bounded(piece, &format!("<body>{STORY}{}", piece.repeat(SIZE / piece.len())));
    }
}

#[test]
fn one_tag_with_a_hundred_thousand_attributes() {
    let attributes: String = (0..100_000).map(|index| format!(" data-a{index}='b{index}'")).collect();
    let classes: String = (0..100_000).map(|index| format!("c{index} ")).collect();
    for tag in [
        format!("<div{attributes}>"),
        format!("<p class='{classes}'>"),
        format!("<section{attributes}>"),
    ] {
        let page = format!("<body><main>{tag}{STORY}");
        let extracted = cleaner::html::extract(&page, None, &Known::default());
        let text = extracted.map(|extracted| extracted.text()).unwrap_or_default();
        assert!(text.contains("four hundred people waved"), "{}", &tag[..20]);
    }
}

/// Words of a text, as letters and digits.
fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_subsequence(part: &[String], whole: &[String]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|word| rest.any(|other| other == word))
}

/// Pages of paragraphs and boxes in any order, some of them broken.
fn page() -> impl Strategy<Value = String> {
    let sentence = prop::collection::vec("[a-z]{2,9}", 8..40).prop_map(|words| format!("{}. ", words.join(" ")));
    let piece = prop_oneof![
        4 => sentence.clone().prop_map(|text| format!("<p>{text}</p>")),
        1 => sentence.clone().prop_map(|text| format!("<div class=related><a href=/x>{text}</a>")),
        1 => sentence.clone().prop_map(|text| format!("<h2>{text}<br><b>{text}</h2>")),
        1 => sentence.prop_map(|text| format!("<ul><li>{text}<li>{text}</ul>")),
        // Marks of all kinds but those that could make a word of their own, or join two.
        1 => "[ -%'-;=-~]{0,40}",
    ];
    prop::collection::vec(piece, 3..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_word_comes_from_the_page_in_its_order(page in page()) {
        if let Ok(extracted) = cleaner::html::extract(&page, None, &Known::default()) {
            prop_assert!(is_subsequence(&words(&extracted.text()), &words(&page)), "{page}");
        }
    }

    #[test]
    fn every_line_of_a_text_is_a_line_of_the_document(text in "([ -~]{0,80}\n){0,30}") {
        if let Ok(extracted) = cleaner::text::extract(&text, None, &Known::default()) {
            prop_assert!(is_subsequence(&words(&extracted.text()), &words(&text)));
        }
    }
}
