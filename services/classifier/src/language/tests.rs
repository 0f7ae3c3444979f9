use super::{TWO_LETTERS, identify, prefix};
use proptest::prelude::{any, proptest};

fn check(text: &str, expected: Option<&str>) {
    assert_eq!(identify("", text).map(|guess| guess.tag), expected, "{text}");
}

#[test]
fn tells_the_languages_of_news_apart() {
    check(
        "The council voted late on Monday to close the old bridge, which has been unsafe for years.",
        Some("en"),
    );
    check(
        "Pemerintah kota akan menutup jembatan lama itu karena sudah tidak aman bagi warga.",
        Some("id"),
    );
    check(
        "Hội đồng thành phố đã bỏ phiếu đóng cửa cây cầu cũ vì không còn an toàn cho người dân.",
        Some("vi"),
    );
    check(
        "Der Stadtrat hat am Montag beschlossen, die alte Brücke zu schließen, weil sie nicht sicher ist.",
        Some("de"),
    );
    check("สภาเมืองลงมติให้ปิดสะพานเก่าเพราะไม่ปลอดภัย", Some("th"));
    check("市议会周一投票决定关闭这座旧桥，因为它已不再安全。", Some("zh-Hans"));
    check(
        "市議会は月曜日、安全でなくなった古い橋を閉鎖することを決めました。",
        Some("ja"),
    );
    check("시의회는 월요일 안전하지 않은 낡은 다리를 폐쇄하기로 했다.", Some("ko"));
    check("The old bridge will be closed to traffic and torn down.", Some("en"));
    check(
        "De burgemeester was het er niet mee eens, is of was dat zo? Het plan is van de baan.",
        Some("nl"),
    );
    check("1987 — 42 %", None);
    check("", None);
}

#[test]
fn a_title_helps_where_there_is_little_text() {
    assert_eq!(
        identify("Der Stadtrat schließt die alte Brücke", " ").map(|guess| guess.tag),
        Some("de")
    );
}

#[test]
fn a_sample_never_cuts_a_character() {
    assert_eq!(prefix("aé", 2), "a");
    assert_eq!(prefix("aé", 3), "aé");
    assert_eq!(prefix("a", 9), "a");
}

#[test]
fn the_table_is_sorted() {
    assert!(TWO_LETTERS.is_sorted_by(|(first, _), (second, _)| first < second));
}

/// A sentence about an old bridge in languages that are close to one another.
const RELATIVES: &[(&str, &str)] = &[
    (
        "Kerajaan negeri akan menutup jambatan lama itu kerana ia tidak lagi selamat, kata polis pada hari Isnin.",
        "ms",
    ),
    (
        "Pemerintah provinsi akan menutup jembatan lama itu karena sudah tidak aman, kata polisi pada hari Senin.",
        "id",
    ),
    (
        "Isasara ng pamahalaang lungsod ang lumang tulay dahil hindi na ito ligtas para sa mga residente.",
        "tl",
    ),
    (
        "Byrådet vedtog mandag at lukke den gamle bro, fordi den ikke længere er sikker efter en kontrol.",
        "da",
    ),
    (
        "Bystyret vedtok mandag å stenge den gamle broen, fordi den ikke lenger er trygg etter en kontroll.",
        "nb",
    ),
    (
        "Bystyret vedtok måndag å stengje den gamle brua, fordi ho ikkje lenger er trygg etter ein kontroll.",
        "nn",
    ),
    (
        "Kommunfullmäktige beslutade på måndagen att stänga den gamla bron eftersom den inte är säker.",
        "sv",
    ),
    (
        "Gradsko vijeće odlučilo je zatvoriti stari most jer više nije siguran, rekao je tko prije vodi ured.",
        "hr",
    ),
    (
        "Gradsko veće odlučilo je da zatvori stari most jer više nije bezbedan, rekao je posle sednice ko vodi grad.",
        "sr-Latn",
    ),
    (
        "Градско веће је одлучило да затвори стари мост јер више није безбедан за грађане и возила.",
        "sr",
    ),
    (
        "Общинският съвет реши да затвори стария мост, защото той вече не е безопасен за хората.",
        "bg",
    ),
    (
        "Міська рада вирішила закрити старий міст, бо він уже не є безпечним для людей і машин.",
        "uk",
    ),
    (
        "Гарадскі савет вырашыў закрыць стары мост, бо ён ужо не бяспечны для людзей і машын.",
        "be",
    ),
    (
        "Городской совет решил закрыть старый мост, потому что он уже не безопасен для людей.",
        "ru",
    ),
    (
        "Městská rada rozhodla v pondělí uzavřít starý most, protože už není podle ní bezpečný.",
        "cs",
    ),
    (
        "Mestská rada rozhodla v pondelok zatvoriť starý most, pretože už nie je podľa nej bezpečný.",
        "sk",
    ),
    (
        "L'ajuntament ha decidit tancar el pont vell perquè ja no és segur per als veïns.",
        "ca",
    ),
    (
        "شورای شهر تصمیم گرفت که پل قدیمی را ببندد چون دیگر برای مردم امن نیست.",
        "fa",
    ),
    (
        "شہر کی کونسل نے پرانے پل کو بند کرنے کا فیصلہ کیا کیونکہ وہ محفوظ نہیں ہے۔",
        "ur",
    ),
    (
        "قرر مجلس المدينة إغلاق الجسر القديم لأنه لم يعد آمنا بعد سنوات من الخلاف.",
        "ar",
    ),
    (
        "नगर परिषद ने पुराने पुल को बंद करने का फैसला किया है क्योंकि वह सुरक्षित नहीं है।",
        "hi",
    ),
    (
        "नगर परिषदेने जुना पूल बंद करण्याचा निर्णय घेतला आहे कारण तो आता सुरक्षित नाही.",
        "mr",
    ),
    ("नगरपालिकाले पुरानो पुल बन्द गर्ने निर्णय गरेको छ किनभने त्यो सुरक्षित छैन भने।", "ne"),
    ("議會週一投票決定關閉這座舊橋，因為它已不再安全。", "zh-Hant"),
];

#[test]
fn tells_close_relatives_apart() {
    for (text, expected) in RELATIVES {
        check(text, Some(expected));
    }
}

#[test]
fn most_of_the_body_decides_and_not_what_stands_first() {
    let quote = "\"The bridge has been there for all of my life and I will miss it,\" said the mayor. ";
    let body =
        "Pemerintah kota akan menutup jembatan lama itu karena sudah tidak aman bagi warga yang tinggal di sana. ";
    let page = format!("{quote}{}", body.repeat(6));
    assert_eq!(identify("The old bridge", &page).map(|guess| guess.tag), Some("id"));
    let page = format!("{}{}", body, quote.repeat(8));
    assert_eq!(identify("Jembatan lama", &page).map(|guess| guess.tag), Some("en"));
    let thai = format!("{quote}{}", "สภาเมืองลงมติให้ปิดสะพานเก่าเพราะไม่ปลอดภัย ".repeat(9));
    assert_eq!(identify("", &thai).map(|guess| guess.tag), Some("th"));
}

#[test]
fn a_guess_is_surer_the_more_there_is_to_go_by() {
    let confidence = |text: &str| identify("", text).map_or(0.0, |guess| guess.confidence);
    let sentence = "The council voted late on Monday to close the old bridge, which has been unsafe for years.";
    assert!(confidence("Angelique Kerber") < confidence(sentence));
    assert!(0.9 < confidence(&sentence.repeat(4)));
    for text in [sentence, "สภาเมือง", "x", "Совет", "市议会 and the council"] {
        assert!((0.0..=1.0).contains(&confidence(text)), "{text}");
    }
}

#[test]
fn a_tag_without_its_script_is_the_language() {
    assert_eq!(
        identify("", "议会决定关闭这座旧桥").map(|guess| guess.primary()),
        Some("zh")
    );
    assert_eq!(
        identify("", "It was the best of times.").map(|guess| guess.primary()),
        Some("en")
    );
}

proptest! {
    #[test]
    fn any_text_is_read(title in any::<String>(), text in any::<String>()) {
        let guess = identify(&title, &text);
        assert!(guess.is_none_or(|guess| (0.0..=1.0).contains(&guess.confidence) && !guess.tag.is_empty()));
    }
}
