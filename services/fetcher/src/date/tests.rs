use super::*;

fn check(text: &str, expected: Option<&str>) {
    let found = parse(text).map(|time| time.to_string());
    assert_eq!(found.as_deref(), expected, "{text:?}");
}

#[test]
fn reads_the_standard_forms() {
    let ten = Some("2026-11-22T10:00:00.000Z");
    for text in [
        "2026-11-22T10:00:00Z",
        "2026-11-22t10:00:00z",
        "2026-11-22T12:00:00+02:00",
        "2026-11-22 05:00 -0500",
        "20261122T100000Z",
        "Sun, 22 Nov 2026 10:00:00 GMT",
        "Sun, 22 Nov 26 10:00 UT",
        "Sunday, 22-Nov-26 10:00:00 GMT",
        "Sun Nov 22 10:00:00 2026",
        "22 Nov 2026 15:30:00 +0530",
    ] {
        check(text, ten);
    }
    check("2026-11-22T10:00:00.123456Z", Some("2026-11-22T10:00:00.123Z"));
}

#[test]
fn reads_zone_names_and_offsets() {
    check("Sun, 22 Nov 2026 10:00:00 EST", Some("2026-11-22T15:00:00.000Z"));
    check(
        "Sun, 22 Nov 2026 10:00:00 +0200 (CEST)",
        Some("2026-11-22T08:00:00.000Z"),
    );
    check("22/11/2026 10:00 (GMT+7)", Some("2026-11-22T03:00:00.000Z"));
    check(
        "Fri, 31 Mar 2023 20:19:00 America/Los_Angeles",
        Some("2023-04-01T03:19:00.000Z"),
    );
    check("2026-11-22 10:00 Etc/GMT", Some("2026-11-22T10:00:00.000Z"));
    check("2026-11-22T00:00:00+02:00", Some("2026-11-21T22:00:00.000Z"));
    check("2026-11-22T100000+01:00", Some("2026-11-22T09:00:00.000Z"));
    check("2026-11-22T10Z", Some("2026-11-22T10:00:00.000Z"));
    check("2026년 11월 22일 10:00:00", Some("2026-11-22T01:00:00.000Z"));
    check("2026-11-22 오후 10:00:00", Some("2026-11-22T13:00:00.000Z"));
    check("Sun Nov 22 10:00:00 EST 2026", Some("2026-11-22T15:00:00.000Z"));
    check("Sun Nov 22 10:00:00 +0100 2026", Some("2026-11-22T09:00:00.000Z"));
    check("22 November 2026 10:00 WIB", Some("2026-11-22T03:00:00.000Z"));
    check("Sun, 22 Nov 2026 10:00:00 Q", Some("2026-11-22T10:00:00.000Z"));
}

#[test]
fn reads_other_languages() {
    let midnight = Some("2026-11-22T00:00:00.000Z");
    for text in [
        "22. November 2026",
        "22 de noviembre de 2026",
        "22 novembre 2026",
        "dim. 22 nov. 2026",
        "22 ноября 2026 г.",
        "Chủ Nhật, 22 tháng 11, 2026",
        "22 tháng Mười Một 2026",
        "2026年11月22日",
        "2026년 11월 22일",
        "22 listopada 2026",
        "domenica 22 novembre 2026",
        "22 de novembro de 2026",
        "zondag 22 november 2026",
        "22 Kasım 2026 Pazar",
        "22 พฤศจิกายน 2569",
        "22 พ.ย. 2569",
        "22 نوفمبر 2026",
        "٢٢/١١/٢٠٢٦",
        "22 Νοεμβριου 2026",
        "22. marraskuuta 2026",
        "22 noiembrie 2026",
        "2026-326",
        "2026326",
        "26-326",
    ] {
        check(text, midnight);
    }
    check("mar. 3 nov. 2026", Some("2026-11-03T00:00:00.000Z"));
    check("2026年11月22日 下午3:05", Some("2026-11-22T15:05:00.000Z"));
    check("2026年11月22日 午後3時05分", Some("2026-11-22T15:05:00.000Z"));
    check("Minggu, 22 November 2026 10.30 WIB", Some("2026-11-22T03:30:00.000Z"));
    check("22 novembre 2026 à 10h30", Some("2026-11-22T10:30:00.000Z"));
    check("22.11.2026 10.30 Uhr", Some("2026-11-22T10:30:00.000Z"));
    check("22/11/2026 3:05 p. m.", Some("2026-11-22T15:05:00.000Z"));
    check("Κυρ, 11 Ιούλ 2004 12:00:00 EST", Some("2004-07-11T17:00:00.000Z"));
}

#[test]
fn day_month_and_year_find_their_places() {
    check("22/11/2026", Some("2026-11-22T00:00:00.000Z"));
    check("11/22/2026", Some("2026-11-22T00:00:00.000Z"));
    check("03/04/2026 1:00 PM", Some("2026-03-04T13:00:00.000Z"));
    check("03.04.2026", Some("2026-04-03T00:00:00.000Z"));
    check("2026-11", Some("2026-11-01T00:00:00.000Z"));
    check("2026", Some("2026-01-01T00:00:00.000Z"));
    check("-2611", Some("2026-11-01T00:00:00.000Z"));
    check("-26-11", Some("2026-11-01T00:00:00.000Z"));
    check("Nov 22, 2026 12:30 AM", Some("2026-11-22T00:30:00.000Z"));
}

#[test]
fn the_end_of_a_day_is_the_next_midnight() {
    check("2026-12-31T24:00:00Z", Some("2027-01-01T00:00:00.000Z"));
    check("2026-12-31T23:59:60Z", Some("2027-01-01T00:00:00.000Z"));
}

#[test]
fn refuses_what_is_no_date() {
    for text in [
        "",
        "yesterday",
        "not a date",
        "0000-00-00 00:00:00",
        "2026-02-30",
        "2026-11-22T25:00:00Z",
        "2026-11-22T10:61:00Z",
        "2026-11-xx",
        "Sun, 22 Nov 2026 10:00:00 +00:zz",
        "Sun, 22 Nov 2026 1:2:3:4 GMT",
        "12",
        "Sun, 22 Nov 2026 10:00:00 Europe/Nowhere",
        "9999-12-31T23:59:59Z",
        "0026-11-22",
        "2026-366",
        "99999999999999999999",
        "\u{0}:\u{0}",
        "::::",
    ] {
        check(text, None);
    }
}
