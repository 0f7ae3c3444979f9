//! Names of months, and words that may stand in a date without meaning anything.

use std::sync::LazyLock;

/// Month names, January first, each with the languages' spellings, parted by blanks. A word names a month when it is one of them or the
/// first three letters and more of one. English comes first, so that its abbreviations win.
const MONTHS: [&str; 12] = [
    "january januar enero janvier gennaio janeiro januari январь января styczeń stycznia leden ledna ocak \
        ιανουάριος ιανουαρίου január січня jänner gener ianuarie януари јануар jaanuar janvāris tammikuuta \
        sausio يناير ינואר בינואר มกราคม січень",
    "february februar febrero février fevrier febbraio fevereiro februari pebruari февраль февраля luty \
        lutego únor února şubat φεβρουάριος φεβρουαρίου február лютого febrer februarie февруари фебруар \
        veebruar februāris helmikuuta vasario pebrero فبراير شباط פברואר בפברואר กุมภาพันธ лютий februári",
    "march märz maerz marzo mars março marco maret maart март марта marzec marca březen března mart \
        μάρτιος μαρτίου március березня mrz marts märts maaliskuuta kovo marso martie مارس آذار מרץ במרץ \
        มีนาคม мар березень mac μάώ",
    "april abril avril aprile апрель апреля kwiecień kwietnia duben dubna nisan απρίλιος απριλίου április \
        квітня aprill aprīlis huhtikuuta balandžio aprilie أبريل ابريل نيسان אפריל באפריל เมษายน квітень",
    "may mai mayo maggio maio mei май мая maj maja květen května mayıs μάιος μαΐου μαϊ május травня maig \
        maijs toukokuuta gegužės mayis مايو أيار ايار מאי במאי พฤษภาคม травень",
    "june juni junio juin giugno junho июнь июня czerwiec czerwca červen června haziran ιούνιος ιουνίου \
        június червня juny juuni jūnijs kesäkuuta birželio iunie hunyo يونيو حزيران יוני ביוני มิถุนายน юни \
        јун червень ιον",
    "july juli julio juillet luglio julho июль июля lipiec lipca červenec července temmuz ιούλιος ιουλίου \
        július липня juliol juuli jūlijs heinäkuuta liepos iulie hulyo julai يوليو تموز יולי ביולי กรกฎาคม \
        юли јул липень ιολ",
    "august agosto août aout agustus augustus augusti август августа sierpień sierpnia srpen srpna \
        ağustos αύγουστος αυγούστου augusztus серпня agost augusts elokuuta rugpjūčio ogos أغسطس اغسطس آب \
        אוגוסט באוגוסט สิงหาคม серпень",
    "september septiembre setiembre septembre settembre setembro сентябрь сентября wrzesień września září \
        eylül σεπτέμβριος σεπτεμβρίου szeptember вересня setembre septembrie septembris syyskuuta rugsėjo \
        setyembre سبتمبر أيلول ايلول ספטמבר בספטמבר กันยายน септември септембар вересень",
    "october oktober octubre octobre ottobre outubro октябрь октября październik października říjen října \
        ekim οκτώβριος οκτωβρίου október жовтня octombrie oktobris lokakuuta spalio oktubre أكتوبر اكتوبر \
        אוקטובר באוקטובר ตุลาคม октомври октобар жовтень",
    "november noviembre novembre novembro nopember ноябрь ноября listopad listopada listopadu kasım \
        νοέμβριος νοεμβρίου листопада noiembrie novembris marraskuuta lapkričio nobyembre نوفمبر נובמבר \
        בנובמבר พฤศจิกายน ноември новембар листопад",
    "december dezember diciembre décembre decembre dicembre dezembro desember декабрь декабря grudzień \
        grudnia prosinec prosince aralık δεκέμβριος δεκεμβρίου грудня desembre decembrie decembris detsember \
        joulukuuta gruodžio disyembre disember ديسمبر דצמבר בדצמבר ธันวาคม декември децембар грудень",
];

/// The names of each month without accents, which people leave out and put in as they like.
static NAMES: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    MONTHS
        .iter()
        .map(|names| names.split_whitespace().map(without_accents).collect())
        .collect()
});

/// Whole weekday names that begin like a month.
const WEEKDAYS_LIKE_MONTHS: &[&str] = &["martes", "mardi", "martedì", "martedi", "szerda"];

/// The month that `word`, in lower case, names.
pub(super) fn month_of(word: &str) -> Option<i8> {
    const ENGLISH: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    if let Some(at) = ENGLISH.iter().position(|name| *name == word) {
        return i8::try_from(at + 1).ok();
    }
    if word.chars().count() < 3 || WEEKDAYS_LIKE_MONTHS.contains(&word) {
        return None;
    }
    let word = without_accents(word);
    let exact = NAMES.iter().position(|names| names.contains(&word));
    let started = || {
        NAMES
            .iter()
            .position(|names| names.iter().any(|name| name.starts_with(&word)))
    };
    let at = exact.or_else(started)?;
    i8::try_from(at + 1).ok()
}

/// The word without the accents of the letters of the lists above.
fn without_accents(word: &str) -> String {
    let base = |character| match character {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' | 'ā' | 'ă' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ě' | 'ė' | 'ę' | 'ē' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'ī' | 'ı' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' | 'ő' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' => 'u',
        'ç' | 'ć' | 'č' => 'c',
        'ñ' | 'ń' | 'ň' => 'n',
        'š' | 'ś' | 'ş' | 'ș' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ł' => 'l',
        'ř' => 'r',
        'ğ' => 'g',
        'ά' => 'α',
        'έ' => 'ε',
        'ί' | 'ϊ' | 'ΐ' => 'ι',
        'ό' => 'ο',
        'ύ' | 'ϋ' | 'ΰ' => 'υ',
        'ώ' => 'ω',
        'ς' => 'σ',
        'ё' => 'е',
        other => other,
    };
    word.chars().map(base).collect()
}

/// The month names that Thai abbreviates by initials, January first.
pub(super) const THAI_INITIALS: [&str; 12] = [
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
];

const VIETNAMESE_NUMBERS: [&str; 10] = ["một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"];

/// `tháng mười một` is the eleventh month. Gives how many of `after` belong to it.
pub(super) fn vietnamese_month(word: &str, after: &[&str]) -> Option<(usize, i8)> {
    if !matches!(word, "tháng" | "thg" | "thang") {
        return None;
    }
    let value = |word: &&str| VIETNAMESE_NUMBERS.iter().position(|name| name == word).map(|at| at + 1);
    let first = after.first().and_then(value)?;
    match (first, after.get(1).and_then(value)) {
        (10, Some(second @ 1..=2)) => Some((2, i8::try_from(10 + second).ok()?)),
        _ => Some((1, i8::try_from(first).ok()?)),
    }
}

/// Articles, prepositions, units and other words that stand beside the parts of a date.
const FILLERS: &[&str] = &[
    "t", "de", "del", "of", "the", "at", "um", "à", "a", "le", "den", "der", "th", "st", "nd", "rd", "ngày", "tháng",
    "năm", "thứ", "hai", "ba", "tư", "sáu", "bảy", "chủ", "nhật", "pukul", "uhr", "г", "года", "в", "r", "o", "on",
    "klo", "kl", "h", "lúc", "thg",
];

/// Whole names of weekdays.
const WEEKDAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "lunes",
    "martes",
    "miércoles",
    "miercoles",
    "jueves",
    "viernes",
    "sábado",
    "sabado",
    "domingo",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "senin",
    "selasa",
    "rabu",
    "kamis",
    "jumat",
    "sabtu",
    "minggu",
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
    "lunedì",
    "martedì",
    "mercoledì",
    "giovedì",
    "venerdì",
    "sabato",
    "domenica",
];

/// Words that stand in dates without changing them: weekdays, articles, marks.
pub(super) fn is_filler(word: &str) -> bool {
    // Nearly all dates have one of these.
    if matches!(word, "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun" | "t") {
        return true;
    }
    FILLERS.contains(&word)
        || (2 <= word.chars().count() && WEEKDAYS.iter().any(|name| name.starts_with(word)))
        || matches!(
            word,
            "пн" | "вт" | "ср" | "чт" | "пт" | "сб" | "вс" | "星期" | "週" | "周" | "曜"
        )
}
