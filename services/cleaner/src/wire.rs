//! The opening of wire copy: place, date and agency before the first dash, as in `TOKYO (AP) — `.
//!
//! The words stay in the story; here they are only read. An unknown abbreviation before a dash names no agency.

use jiff::Timestamp as Moment;

use crate::dates;
use crate::words;

mod agencies;
mod prefix;

use agencies::agency_in;
pub(crate) use agencies::agency_named;

/// Characters of a first paragraph that a dateline can take up.
const MAX_DATELINE: usize = 110;

/// What the opening of a story says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Opening<'a> {
    /// The agency's usual name.
    pub(crate) agency: Option<&'static str>,
    /// The whole dateline as printed, its dash left out.
    pub(crate) dateline: Option<&'a str>,
    /// The day in it, when it has a year.
    pub(crate) date: Option<(Moment, &'a str)>,
}

/// Reads the opening of a story out of its first paragraphs.
pub(crate) fn opening<'a>(paragraphs: impl Iterator<Item = &'a str>, now: Option<Moment>) -> Opening<'a> {
    // A dek or a heading may stand before the paragraph with the dateline.
    paragraphs
        .take(3)
        .map(|paragraph| read(paragraph, now))
        .find(|opening| *opening != Opening::default())
        .unwrap_or_default()
}

fn read(paragraph: &str, now: Option<Moment>) -> Opening<'_> {
    let head = words::start(paragraph, 4 * MAX_DATELINE);
    let Some(prefix) = prefix(head) else {
        return Opening::default();
    };
    let printed = prefix.trim_end_matches([' ', '-', '–', '—', '―', ':', '.']).trim();
    let parted = |mark: &str| printed.split(mark).find_map(agency_in);
    let agency = agency_in(printed).or_else(|| [" - ", " – ", " — ", ". "].into_iter().find_map(parted));
    let date = dates::find(printed, now).map(|found| (found.at, found.text));
    if agency.is_none() && date.is_none() && !is_place(printed) {
        return Opening::default();
    }
    Opening {
        agency,
        dateline: Some(printed),
        date,
    }
}

fn prefix(head: &str) -> Option<&str> {
    let end = end_of_named(head)
        .or_else(|| prefix::end_of_stopped(head))
        .or_else(|| prefix::end_of_dashed(head))
        .or_else(|| prefix::end_of_bracketed(head))?;
    let (found, rest) = head.split_at_checked(end)?;
    let end = end + extension(found, rest);
    head.get(..end).filter(|found| found.chars().count() <= MAX_DATELINE)
}

/// Where a place with an agency in brackets ends.
fn end_of_named(head: &str) -> Option<usize> {
    let (before, end) = prefix::named(head)?;
    can_precede(before).then_some(end)
}

/// Whether what stands before an agency's bracket can be a place and a day. Words in small letters come with a day only.
fn can_precede(before: &str) -> bool {
    let before = before.trim();
    let words: Vec<&str> = before.split_whitespace().collect();
    let is_small = |word: &&&str| word.starts_with(char::is_lowercase);
    let day = words
        .iter()
        .position(|word| word.starts_with(|character: char| character.is_ascii_digit()));
    let small = words.iter().position(|word| is_small(&word));
    let is_dated = day.is_some_and(|day| {
        let is_parted = day > 0 && words[day - 1].ends_with([',', '.']) || words[day].ends_with('.');
        is_parted && small.is_none_or(|small| day < small)
    });
    words.len() <= 7 && before.chars().count() <= 50 && (small.is_none() || is_dated)
}

/// How far a dateline goes on behind its first dash: `(ANSA) - ROMA, 12 GEN -`, `МОСКВА, 5 дек - РИА Новости.`
fn extension(found: &str, rest: &str) -> usize {
    let blanks = rest.len() - rest.trim_start_matches([' ', '-', '–', '—', '.', ',']).len();
    let Some(rest) = rest.get(blanks..) else { return 0 };
    let has_agency = agency_in(found.trim_end_matches([' ', '-', '–', '—', '.', ':'])).is_some();
    if !has_agency {
        let named = rest.split_once(['.', '-', '–', '—', ',']).map(|(first, _)| first);
        let named = named.filter(|first| is_dated_place(found) && agency_named(first).is_some());
        return named.map_or(0, |named| blanks + named.trim_end().len());
    }
    let Some(next) = prefix::end_of_dashed(rest).and_then(|end| rest.get(..end)) else {
        return 0;
    };
    let goes_on = next.chars().count() <= 45 && is_dated_place(next);
    if goes_on { blanks + next.len() } else { 0 }
}

/// Whether a piece of a dateline is a place, or has a day. Beside an agency, a short place can't be a party's name.
fn is_dated_place(piece: &str) -> bool {
    let piece = piece.trim_end_matches([' ', '-', '–', '—', '.']);
    let place = piece.split(',').next().unwrap_or_default();
    let is_capital = place.chars().filter(|character| character.is_uppercase()).count() >= 3
        && !place.chars().any(char::is_lowercase);
    is_capital || dates::find(piece, None).is_some()
}

/// Whether a prefix is a place as newspapers set it: capitals throughout, few words.
fn is_place(printed: &str) -> bool {
    let place = printed.split([',', '(']).next().unwrap_or_default().trim();
    let letters = place.chars().filter(|character| character.is_alphabetic()).count();
    let is_capital = place.chars().all(|character| !character.is_lowercase()) && place.chars().any(char::is_uppercase);
    // Four letters or fewer may be the abbreviation of a paper or a party.
    is_capital && letters >= 5 && place.split_whitespace().count() <= 4
}

#[cfg(test)]
mod tests {
    use super::{agency_named, opening};

    fn check(paragraph: &str, agency: Option<&str>, dateline: Option<&str>, day: Option<&str>) {
        let found = opening([paragraph].into_iter(), None);
        assert_eq!(found.agency, agency, "{paragraph}");
        assert_eq!(found.dateline, dateline, "{paragraph}");
        let found_day = found
            .date
            .map(|(at, _)| at.to_string().chars().take(10).collect::<String>());
        assert_eq!(found_day.as_deref(), day, "{paragraph}");
    }

    #[test]
    fn datelines_of_wire_copy() {
        check(
            "OSLO (AP) — The ferry left at dawn.",
            Some("AP"),
            Some("OSLO (AP)"),
            None,
        );
        check(
            "HANOI, Feb 17 (Reuters) - The ferry left.",
            Some("Reuters"),
            Some("HANOI, Feb 17 (Reuters)"),
            None,
        );
        check(
            "Vietnam News Agency, 3 March 2016 – The ferry left.",
            Some("Vietnam News Agency"),
            Some("Vietnam News Agency, 3 March 2016"),
            Some("2016-03-03"),
        );
        check("(Reuters) - The ferry left.", Some("Reuters"), Some("(Reuters)"), None);
        check(
            "【ロイター】フェリーが出た。",
            Some("Reuters"),
            Some("【ロイター】"),
            None,
        );
        check("JAKARTA – The ferry left.", None, Some("JAKARTA"), None);
    }

    /// First paragraphs with the agency and the dateline in each.
    const DATELINES: &[(&str, &str, &str)] = &[
        (
            "PARIS, Nov 3 (Reuters) - The ferry left.",
            "Reuters",
            "PARIS, Nov 3 (Reuters)",
        ),
        (
            "SEOUL, Nov. 3 (Yonhap) -- The ferry left.",
            "Yonhap",
            "SEOUL, Nov. 3 (Yonhap)",
        ),
        ("WASHINGTON, D.C. (AP) – The ferry left.", "AP", "WASHINGTON, D.C. (AP)"),
        ("BERLIN (dpa) - Die Fähre legte ab.", "dpa", "BERLIN (dpa)"),
        ("Berlin/Kiel (dpa) – Die Fähre legte ab.", "dpa", "Berlin/Kiel (dpa)"),
        ("Jakarta (ANTARA) - Kapal itu berangkat.", "ANTARA", "Jakarta (ANTARA)"),
        (
            "KUALA LUMPUR, Nov 3 (Bernama) -- The ferry left.",
            "Bernama",
            "KUALA LUMPUR, Nov 3 (Bernama)",
        ),
        (
            "MADRID, 5 (EUROPA PRESS) El barco zarpó.",
            "Europa Press",
            "MADRID, 5 (EUROPA PRESS)",
        ),
        ("Madrid, 5 nov (EFE).- El barco zarpó.", "EFE", "Madrid, 5 nov (EFE)"),
        (
            "(ANSA) - ROMA, 12 GEN - Il traghetto è partito.",
            "ANSA",
            "(ANSA) - ROMA, 12 GEN",
        ),
        (
            "Lisboa, 03 nov 2023 (Lusa) - O barco partiu.",
            "Lusa",
            "Lisboa, 03 nov 2023 (Lusa)",
        ),
        (
            "Hà Nội (TTXVN) Con tàu rời bến.",
            "Vietnam News Agency",
            "Hà Nội (TTXVN)",
        ),
        (
            "МОСКВА, 5 дек - РИА Новости. Паром ушёл.",
            "RIA Novosti",
            "МОСКВА, 5 дек - РИА Новости",
        ),
        (
            "МОСКВА, 5 декабря. /ТАСС/. Паром ушёл.",
            "TASS",
            "МОСКВА, 5 декабря. /ТАСС/",
        ),
        (
            "Москва. 5 декабря. INTERFAX.RU - Паром ушёл.",
            "Interfax",
            "Москва. 5 декабря. INTERFAX.RU",
        ),
        (
            "Praha 5. listopadu (ČTK) - Loď odplula.",
            "ČTK",
            "Praha 5. listopadu (ČTK)",
        ),
        ("ANKARA (AA) - Vapur kalktı.", "Anadolu Agency", "ANKARA (AA)"),
        (
            "नई दिल्ली, 3 नवंबर (भाषा) नौका रवाना हुई।",
            "PTI",
            "नई दिल्ली, 3 नवंबर (भाषा)",
        ),
        ("القاهرة (رويترز) - غادرت العبارة.", "Reuters", "القاهرة (رويترز)"),
        ("【新华社北京11月3日电】渡轮离开。", "Xinhua", "【新华社北京11月3日电】"),
        ("新华社北京11月3日电 渡轮离开。", "Xinhua", "新华社北京11月3日电"),
        (
            "中新网北京11月3日电 渡轮离开。",
            "China News Service",
            "中新网北京11月3日电",
        ),
        ("（中央社台北3日電）渡輪離開。", "CNA", "（中央社台北3日電）"),
        ("【ワシントン共同】フェリーが出た。", "Kyodo News", "【ワシントン共同】"),
        (
            "［東京 ３日 ロイター］ - フェリーが出た。",
            "Reuters",
            "［東京 ３日 ロイター］",
        ),
        ("(서울=연합뉴스) 여객선이 떠났다.", "Yonhap", "(서울=연합뉴스)"),
    ];

    #[test]
    fn datelines_of_the_worlds_agencies() {
        let wrong: Vec<_> = DATELINES
            .iter()
            .map(|(paragraph, agency, dateline)| (opening([*paragraph].into_iter(), None), agency, dateline))
            .filter(|(found, agency, dateline)| (found.agency, found.dateline) != (Some(**agency), Some(**dateline)))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        check(
            "KYODO NEWS - Nov 3, 2023 - 10:00 | World, All",
            Some("Kyodo News"),
            Some("KYODO NEWS - Nov 3, 2023"),
            Some("2023-11-03"),
        );
    }

    #[test]
    fn credits_name_their_agency_and_sentences_do_not() {
        for (credit, agency) in [
            ("© Agence France-Presse", "AFP"),
            ("© 2024 AFP", "AFP"),
            ("Copyright 2024 The Associated Press. All rights reserved.", "AP"),
            ("Source: Xinhua", "Xinhua"),
            ("Theo TTXVN", "Vietnam News Agency"),
            ("来源：新华社", "Xinhua"),
            ("(With inputs from PTI)", "PTI"),
            ("(dpa)", "dpa"),
        ] {
            assert_eq!(agency_named(credit.trim_matches(['(', ')'])), Some(agency), "{credit}");
        }
        for text in [
            "AFP said the ferry left",
            "Source: the captain",
            "Via Reuters we learned more.",
            "共同富裕",
        ] {
            assert_eq!(agency_named(text), None, "{text}");
        }
        check("The company (AFP) said that it would sail.", None, None, None);
        check("In 2023 the company (AFP) was sold to its crew.", None, None, None);
        check("【共同富裕】渡轮离开。", None, None, None);
    }

    #[test]
    fn dashes_within_sentences_are_no_datelines() {
        check("XYZN - \"We will sail,\" the captain said.", None, None, None);
        check("The ferry – the oldest of the fleet – left at dawn.", None, None, None);
        check("The ferry left.", None, None, None);
    }
}
