//! What readers write below articles.

use crate::markup::{escape, fill};

/// A reader's name and words.
pub(super) type Comment = (&'static str, &'static str);

const EN: [Comment; 8] = [
    (
        "OldTimer52",
        "Been saying this for years. Nobody at the top ever listens until it is too late, and then they act surprised.",
    ),
    (
        "marisol_k",
        "Thanks for covering this. I would have liked to read more about the people who live nearby, though.",
    ),
    (
        "Gray Heron",
        "Can somebody explain why this is on the front page? There are more important things going on today.",
    ),
    (
        "dadjokes4life",
        "My brother-in-law works there and he says it is exactly as bad as it sounds. Popcorn ready!",
    ),
    (
        "P. Whitlow",
        "Well written and balanced. I have renewed my subscription because of pieces like this one.",
    ),
    (
        "nofilter",
        "First! Also the link in the second paragraph does not work on my phone.",
    ),
    (
        "Terrence B.",
        "I disagree with nearly everyone here. Give them a chance before you tear it all down.",
    ),
    (
        "lighthouse_keeper",
        "Does anyone know whether the meeting is open to the public? I could not find it on the calendar.",
    ),
];
const DE: [Comment; 4] = [
    (
        "Wanderfalke",
        "Endlich schreibt mal jemand darüber. Bei uns im Haus redet man seit Wochen von nichts anderem.",
    ),
    (
        "Gerti_1958",
        "Früher hätte es das nicht gegeben. Aber mich fragt ja keiner.",
    ),
    (
        "K. Obermaier",
        "Danke für den sachlichen Bericht, davon würde ich gern mehr lesen.",
    ),
    (
        "nullachtfuenfzehn",
        "Und wer zahlt das am Ende wieder? Wir alle, wie immer.",
    ),
];
const ID: [Comment; 4] = [
    (
        "budi_santuy",
        "Semoga ada tindak lanjutnya, jangan cuma ramai di awal saja ya min.",
    ),
    (
        "Ibu Ratna",
        "Alhamdulillah, terima kasih infonya. Bermanfaat sekali buat kami di daerah.",
    ),
    ("anak_kos77", "Pertamax! Ditunggu berita lanjutannya."),
    (
        "Joko W",
        "Dari dulu masalahnya itu-itu terus, pejabatnya saja yang ganti.",
    ),
];
const VI: [Comment; 4] = [
    (
        "Nguyễn Văn B",
        "Bài viết hay, mong báo có thêm nhiều bài như thế này để bà con được biết.",
    ),
    (
        "hoa_huong_duong",
        "Nhà mình ở gần đây mà giờ mới biết, cảm ơn tòa soạn.",
    ),
    (
        "Trần Thị C",
        "Ý kiến cá nhân thôi nhưng tôi thấy chuyện này cần làm sớm hơn.",
    ),
    ("saigon_mua", "Hóng phần tiếp theo của bài báo này quá."),
];
const ES: [Comment; 4] = [
    (
        "Charo M.",
        "Ya era hora de que alguien lo contara. En mi barrio llevamos meses igual.",
    ),
    (
        "lector_77",
        "Muy buen artículo, aunque me habría gustado ver más cifras.",
    ),
    (
        "ElAbuelo",
        "Esto antes no pasaba, pero claro, ahora todo es culpa de otros.",
    ),
    (
        "Nati",
        "¿Alguien sabe dónde se puede apuntar uno? No encuentro el formulario.",
    ),
];

/// The comments below article `number`: none to three.
pub(super) fn of(language: &str, number: u32) -> Vec<Comment> {
    let pool: &[Comment] = match language {
        "de" => &DE,
        "id" => &ID,
        "vi" => &VI,
        "es" => &ES,
        _ => &EN,
    };
    let number = usize::try_from(number).unwrap_or(0);
    (0..number % 4)
        .map(|step| pool[(number / 4 + step) % pool.len()])
        .collect()
}

/// The comments in the design's own tags.
pub(super) fn render(comments: &[Comment], template: &str) -> String {
    let one = |(name, words): &Comment| {
        fill(template, |gap| match gap {
            "name" => Some(escape(name)),
            "words" => Some(escape(words)),
            _ => None,
        })
    };
    comments.iter().map(one).collect()
}
