use super::*;

fn check(body: &[u8], content_type: Option<&str>, expected: &str) {
    let found = of_page(body, content_type).name();
    assert_eq!(found, expected, "{}", String::from_utf8_lossy(body));
}

#[test]
fn a_page_is_read_by_mark_then_header_then_meta() {
    let meta = b"<meta charset=koi8-r>";
    check(meta, None, "KOI8-R");
    check(meta, Some("text/html; charset=\"iso-8859-2\""), "ISO-8859-2");
    check(meta, Some("text/html;Charset=klingon"), "KOI8-R");
    let marked = b"\xef\xbb\xbf<meta charset=koi8-r>";
    check(marked, Some("text/html; charset=iso-8859-2"), "UTF-8");
    check(b"\xff\xfeh\0i\0", None, "UTF-16LE");
    check(b"\xfe\xff\0h\0i", Some("text/html; charset=utf-8"), "UTF-16BE");
}

#[test]
fn the_prescan_follows_the_standard() {
    for (body, expected) in [
        (
            "<meta http-equiv=Content-Type content='text/html; charset = gbk'>",
            "GBK",
        ),
        (
            "<meta content='text/html; charset=euc-kr' http-equiv=Content-Type>",
            "EUC-KR",
        ),
        ("<meta content='text/html; charset=gbk'>", "UTF-8"),
        ("<!-- <meta charset=gbk> --><META CHARSET='iso-8859-2'>", "ISO-8859-2"),
        ("<p title='<meta charset=gbk>'><meta charset=utf-16>", "UTF-8"),
        ("<meta charset=x-user-defined>", "windows-1252"),
        ("<meta charset=klingon><meta charset=big5>", "Big5"),
        ("<!--><meta charset=big5>", "Big5"),
        ("<?xml encoding=\"big5\"?><meta/charset=koi8-u>", "KOI8-U"),
        ("<meta charset", "UTF-8"),
        ("<!--", "UTF-8"),
        ("", "UTF-8"),
    ] {
        // An accent in UTF-8 shows what is taken when nothing is declared.
        check(format!("{body}\u{e9}").as_bytes(), None, expected);
    }
}

#[test]
fn half_a_label_at_the_end_of_the_prescan_is_none() {
    let mut body = b"<meta charset=iso-8859-15> \xa4".to_vec();
    let room = PRESCAN_BYTES - b"<meta charset=iso-8859-1".len();
    body.splice(0..0, vec![b' '; room]);
    check(&body, None, "ISO-8859-15");
}

#[test]
fn a_late_meta_counts_where_its_bytes_allow() {
    let late = |meta: &str, text: &[u8]| [[b' '; 5_000].as_slice(), meta.as_bytes(), text].concat();
    check(&late("<meta charset=windows-1251>", b"\xcf\xf0"), None, "windows-1251");
    check(&late("<meta charset=windows-1251>", "Привет".as_bytes()), None, "UTF-8");
    check(
        &late("<meta charset=utf-8>", b"d\xc3\xa9j\xc3\xa0 vu\xff"),
        None,
        "UTF-8",
    );
    let (legacy, _, _) = encoding_rs::WINDOWS_1251.encode("Президент страны подписал закон о бюджете");
    check(&late("<meta charset=utf-8>", &legacy), None, "windows-1251");
}

#[test]
fn undeclared_text_is_detected_by_its_letters() {
    let check = |text: &str, encoding: &'static Encoding| {
        let (bytes, _, _) = encoding.encode(text);
        assert_eq!(detected(&bytes).decode(&bytes).0, text, "{}", encoding.name());
    };
    let russian = "Президент страны подписал закон о бюджете на следующий год";
    check(russian, encoding_rs::WINDOWS_1251);
    check(russian, encoding_rs::KOI8_R);
    check(
        "Zażółć gęślą jaźń, a potem wróć do domu przed świtem",
        encoding_rs::WINDOWS_1250,
    );
    check(
        "Mae’r gân yn dôn hyfryd, ac mae’r plant yn canu’r gân bob dydd",
        encoding_rs::WINDOWS_1252,
    );
    let lithuanian = "Žuvėdros grįžo į uostą, nes jūra buvo rami, o žvejai laukė šilumos";
    check(lithuanian, encoding_rs::ISO_8859_4);
    check(lithuanian, encoding_rs::WINDOWS_1257);
    let turkish = "Martılar limana döndü, çünkü deniz sakindi ve balıkçılar güneşi bekliyordu";
    check(turkish, encoding_rs::WINDOWS_1254);
    let hungarian = "A sirályok visszatértek a kikötőbe, mert nyugodt volt a tenger és fűszeres a szél";
    check(hungarian, encoding_rs::WINDOWS_1250);
}

#[test]
fn no_bytes_are_too_odd() {
    let all: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    for start in 0..64 {
        assert!(!of_page(&all[start..], Some("charset")).name().is_empty());
    }
}
