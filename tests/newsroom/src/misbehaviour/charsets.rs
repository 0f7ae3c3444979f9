//! Articles in the charsets of the world, stated early, late, falsely or not at all.

use encoding_rs::{Encoding, KOI8_R, SHIFT_JIS, WINDOWS_1252};

use super::Text;
use super::answer::Answer;
use super::document;
use super::expect::Expect;
use super::row::{Place, Row};
use super::story;

pub(super) fn rows() -> Vec<Row> {
    let utf16 = |bytes: fn(u16) -> [u8; 2]| {
        move |page: &str| {
            "\u{feff}"
                .encode_utf16()
                .chain(page.encode_utf16())
                .flat_map(bytes)
                .collect::<Vec<u8>>()
        }
    };
    let (little, big) = (utf16(u16::to_le_bytes), utf16(u16::to_be_bytes));
    vec![
        Row::new(
            "charset-utf16-little",
            "sends its article in UTF-16 with a mark, and says UTF-8",
        )
        .pages(move |asked| {
            let page = document::page(&curly(asked.place));
            Answer::document("text/html; charset=utf-8", little(&page))
        })
        .expects(curly_published),
        Row::new(
            "charset-utf16-big",
            "sends its article in UTF-16 with a mark, and says nothing",
        )
        .pages(move |asked| Answer::document("text/html", big(&document::page(&curly(asked.place)))))
        .expects(curly_published),
        Row::new(
            "charset-header-wins",
            "says windows-1252 in the header, which is right, and UTF-8 in the page",
        )
        .pages(|asked| encoded(&curly(asked.place), "text/html; charset=windows-1252", WINDOWS_1252))
        .expects(curly_published),
        Row::new(
            "charset-latin1",
            "says ISO-8859-1 and means windows-1252, as the web does",
        )
        .pages(|asked| encoded(&curly(asked.place), "text/html; charset=\"ISO-8859-1\"", WINDOWS_1252))
        .expects(curly_published),
        Row::new("charset-koi8-r", "says KOI8-R in the page alone")
            .pages(|asked| {
                let page = document::page(&foreign(asked.place, "ru"));
                let page = page.replace("charset=\"utf-8\"", "charset=\"koi8-r\"");
                Answer::document("text/html", KOI8_R.encode(&page).0.into_owned())
            })
            .expects(|place| published(foreign(place, "ru"))),
        Row::new(
            "charset-late-meta",
            "says Shift_JIS in the page, behind 3,000 bytes of scripts",
        )
        .pages(|asked| {
            let page = document::page(&foreign(asked.place, "ja"));
            let script = format!("<script>{}</script>\n", "var x = 1; ".repeat(270));
            let late = "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=Shift_JIS\">";
            let page = page.replace("<meta charset=\"utf-8\">", &format!("{script}{late}"));
            Answer::document("text/html", SHIFT_JIS.encode(&page).0.into_owned())
        })
        .expects(|place| published(foreign(place, "ja"))),
    ]
}

fn encoded(text: &Text, content_type: &str, charset: &'static Encoding) -> Answer {
    Answer::document(content_type, charset.encode(&document::page(text)).0.into_owned())
}

/// The site's article with typographic quotation marks and accents, so that a wrong charset shows.
fn curly(place: &Place) -> Text {
    let mut text = place.story(1);
    for paragraph in &mut text.body {
        let mut opens = true;
        *paragraph = paragraph
            .chars()
            .map(|letter| match letter {
                '"' => {
                    opens = !opens;
                    if opens { '”' } else { '“' }
                }
                other => other,
            })
            .collect();
    }
    text.body.push(
        "The café behind the façade, long run by the naïve Señora Ångström – “a curé's daughter” – is for sale."
            .to_owned(),
    );
    text
}

fn foreign(place: &Place, language: &str) -> Text {
    let text = place.story(1);
    story::foreign(language, &text.slug, text.url)
}

fn published(text: Text) -> Vec<Expect> {
    vec![Expect::Published { text }, Expect::SourceWorks]
}

fn curly_published(place: &Place) -> Vec<Expect> {
    published(curly(place))
}
