//! Which script a text is written in, and the language where the script alone decides.

use std::sync::LazyLock;

/// Scripts that news is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    Bengali,
    Hebrew,
    Ethiopic,
    Han,
    Kana,
    Hangul,
    /// A script that one language of the news has to itself; its number in [`ALONE`].
    Alone(u8),
}

/// Scripts of one language: first and last letter, and the language.
const ALONE: [(u32, u32, &str); 16] = [
    (0x0370, 0x03ff, "el"),
    (0x0530, 0x058f, "hy"),
    (0x0780, 0x07bf, "dv"),
    (0x0a00, 0x0a7f, "pa"),
    (0x0a80, 0x0aff, "gu"),
    (0x0b00, 0x0b7f, "or"),
    (0x0b80, 0x0bff, "ta"),
    (0x0c00, 0x0c7f, "te"),
    (0x0c80, 0x0cff, "kn"),
    (0x0d00, 0x0d7f, "ml"),
    (0x0d80, 0x0dff, "si"),
    (0x0e00, 0x0e7f, "th"),
    (0x0e80, 0x0eff, "lo"),
    (0x0f00, 0x0fff, "bo"),
    (0x1000, 0x109f, "my"),
    (0x10a0, 0x10ff, "ka"),
];
const KHMER: (u32, u32) = (0x1780, 0x17ff);
const KHMER_NUMBER: u8 = 16;
const SCRIPTS: usize = 10 + ALONE.len() + 1;

/// The script of a letter; `None` for what is no letter of these.
pub(super) fn of(character: char) -> Option<Script> {
    if character.is_ascii() {
        return character.is_ascii_alphabetic().then_some(Script::Latin);
    }
    let code = u32::from(character);
    let script = match code {
        0xaa | 0xba | 0xc0..=0x24f | 0x250..=0x2af | 0x1e00..=0x1eff if !matches!(code, 0xd7 | 0xf7) => Script::Latin,
        0x0400..=0x052f => Script::Cyrillic,
        0x0590..=0x05ff => Script::Hebrew,
        0x0600..=0x06ff | 0x0750..=0x077f | 0xfb50..=0xfdff | 0xfe70..=0xfefc if !matches!(code, 0x60c | 0x61b | 0x61f | 0x660..=0x669 | 0x6d4 | 0x6f0..=0x6f9) => {
            Script::Arabic
        }
        0x0900..=0x097f if !matches!(code, 0x964 | 0x965) => Script::Devanagari,
        0x0980..=0x09ff => Script::Bengali,
        0x1200..=0x135f | 0x1380..=0x138f => Script::Ethiopic,
        0x1f00..=0x1fff => Script::Alone(0),
        0x3041..=0x3096 | 0x30a1..=0x30fa | 0xff66..=0xff9d => Script::Kana,
        0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff => Script::Han,
        0xac00..=0xd7a3 | 0x1100..=0x11ff => Script::Hangul,
        _ if KHMER.0 <= code && code <= KHMER.1 => Script::Alone(KHMER_NUMBER),
        _ => {
            let number = ALONE
                .iter()
                .position(|(first, last, _)| *first <= code && code <= *last)?;
            Script::Alone(u8::try_from(number).ok()?)
        }
    };
    Some(script)
}

/// What a letter counts: a Chinese character says as much as half a word of letters, a syllable of Hangul as two.
fn worth(script: Script) -> u32 {
    match script {
        Script::Han => 3,
        Script::Hangul | Script::Kana | Script::Ethiopic => 2,
        _ => 1,
    }
}

fn place(script: Script) -> usize {
    match script {
        Script::Latin => 0,
        Script::Cyrillic => 1,
        Script::Arabic => 2,
        Script::Devanagari => 3,
        Script::Bengali => 4,
        Script::Hebrew => 5,
        Script::Ethiopic => 6,
        Script::Han => 7,
        Script::Kana => 8,
        Script::Hangul => 9,
        Script::Alone(number) => 10 + usize::from(number),
    }
}

/// How much of a text is written in which script.
#[derive(Debug, Clone)]
pub(super) struct Census {
    weights: [u32; SCRIPTS],
    /// Characters that only simplified, only traditional and only Japanese writing has.
    han: [u32; 3],
}

impl Census {
    pub(super) fn new() -> Self {
        Self {
            weights: [0; SCRIPTS],
            han: [0; 3],
        }
    }

    pub(super) fn count(&mut self, script: Script, character: char) {
        if let Some(weight) = self.weights.get_mut(place(script)) {
            *weight += worth(script);
        }
        if script == Script::Han
            && let Some(count) = kind_of(character).and_then(|kind| self.han.get_mut(kind))
        {
            *count += 1;
        }
    }

    /// Counts letters of ASCII.
    pub(super) fn count_ascii(&mut self, letters: u32) {
        if let Some(weight) = self.weights.get_mut(place(Script::Latin)) {
            *weight += letters * worth(Script::Latin);
        }
    }

    fn weight(&self, script: Script) -> u32 {
        self.weights.get(place(script)).copied().unwrap_or_default()
    }

    /// The script of most of the text and its share, from 0 to 1; `None` without letters. Han and kana are one here.
    pub(super) fn main(&self) -> Option<(Script, f64)> {
        let fixed = [
            Script::Latin,
            Script::Cyrillic,
            Script::Arabic,
            Script::Devanagari,
            Script::Bengali,
            Script::Hebrew,
            Script::Ethiopic,
            Script::Han,
            Script::Hangul,
        ];
        let alone = (0..=KHMER_NUMBER).map(Script::Alone);
        let weight = |script: Script| match script {
            Script::Han => self.weight(Script::Han) + self.weight(Script::Kana),
            other => self.weight(other),
        };
        let all: u32 = self.weights.iter().sum();
        let mut best = (Script::Latin, 0);
        for script in fixed.into_iter().chain(alone) {
            if best.1 < weight(script) {
                best = (script, weight(script));
            }
        }
        (best.1 != 0).then(|| (best.0, f64::from(best.1) / f64::from(all)))
    }

    /// The language of a text of this script, where the script alone tells it.
    pub(super) fn language(&self, script: Script) -> Option<&'static str> {
        match script {
            Script::Hangul => Some("ko"),
            Script::Han | Script::Kana => Some(self.of_han()),
            Script::Alone(KHMER_NUMBER) => Some("km"),
            Script::Alone(number) => ALONE.get(usize::from(number)).map(|(_, _, language)| *language),
            _ => None,
        }
    }

    /// Any Japanese sentence has kana, and one character in twenty is enough: names of shops are written in kana in
    /// Taiwan, too. A headline of Han alone is told by its characters.
    fn of_han(&self) -> &'static str {
        let (han, kana) = (self.weight(Script::Han), self.weight(Script::Kana));
        if han + kana <= kana * 20 {
            return "ja";
        }
        match self.han {
            // A name in a Chinese text does not make it Japanese.
            [simplified, traditional, japanese] if japanese != 0 && simplified + traditional <= 3 * japanese => "ja",
            [simplified, traditional, _] if traditional < simplified => "zh-Hans",
            [simplified, traditional, _] if simplified < traditional => "zh-Hant",
            _ => "zh",
        }
    }
}

/// Where Han characters begin that are told apart, and how many there are.
const FIRST_HAN: u32 = 0x4e00;
const HAN: usize = 0x5200;

/// For each Han character one more than the number of the list that it is in.
static KINDS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut kinds = vec![0; HAN];
    for (kind, list) in (1..).zip([SIMPLIFIED, TRADITIONAL, JAPANESE]) {
        for character in list.chars() {
            if let Some(slot) = kinds.get_mut((u32::from(character) - FIRST_HAN) as usize) {
                *slot = kind;
            }
        }
    }
    kinds
});

fn kind_of(character: char) -> Option<usize> {
    let at = u32::from(character).checked_sub(FIRST_HAN)?;
    KINDS
        .get(at as usize)
        .and_then(|kind| usize::from(*kind).checked_sub(1))
}

/// Frequent characters that only the simplified script has.
const SIMPLIFIED: &str = "们这说时会对来个过为发动业东经关长门问间见开现实应样体点电车马语话让认该请谁调论议记设许证评试详误读\
    头产资报务军级线结给统网联机场战无师华权员贸际协边进运还远选总区医历压厂单双变团围坏块处备够奖导专书两严丧\
    刘则创别办劳势汉坛坚声复妇孙学宁宝审对尔尘岁岛币带归录忆怀态执扩扫护担拥择损换据数断旧显杂条构标树桥检";
/// Frequent characters that only the traditional script has.
const TRADITIONAL: &str = "們這說時會對來個過為發動業東經關長門問間見開現實應樣體點電車馬語話讓認該請誰調論議記設許證評試詳誤讀\
    頭產資報務軍級線結給統網聯機場戰無師華權員貿際協邊進運還遠選總區醫歷壓廠單雙變團圍壞塊處備夠獎導專書兩嚴喪\
    劉則創別辦勞勢漢壇堅聲復婦孫學寧寶審爾塵歲島幣帶歸錄憶懷態執擴掃護擔擁擇損換據數斷舊顯雜條構標樹橋檢";
/// Frequent characters as only Japan writes them.
const JAPANESE: &str =
    "気円売発経済図仏権県駅働込歳対帯広読駆択沢戦単観剣験検険圏価仮歓帰拠拡覚楽郷亀鉄弐聴塩応両悪毎舎黒畑峠匂";

#[cfg(test)]
mod tests {
    use super::{Census, JAPANESE, SIMPLIFIED, TRADITIONAL, of};

    fn language(text: &str) -> Option<&'static str> {
        let mut census = Census::new();
        for character in text.chars() {
            if let Some(script) = of(character) {
                census.count(script, character);
            }
        }
        census.main().and_then(|(script, _)| census.language(script))
    }

    #[test]
    fn a_character_is_in_one_list() {
        let lists = [SIMPLIFIED, TRADITIONAL, JAPANESE];
        for (number, list) in lists.iter().enumerate() {
            let others = lists.iter().enumerate().filter(|(other, _)| *other != number);
            for (_, other) in others {
                let shared: Vec<char> = list.chars().filter(|character| other.contains(*character)).collect();
                assert!(shared.is_empty(), "{shared:?}");
            }
        }
    }

    #[test]
    fn scripts_of_one_language_decide() {
        for (text, expected) in [
            ("สภาเมืองลงมติ", Some("th")),
            ("ສະພາແຫ່ງຊາດ", Some("lo")),
            ("រដ្ឋាភិបាល", Some("km")),
            ("လွှတ်တော်", Some("my")),
            ("Η κυβέρνηση", Some("el")),
            ("მთავრობა", Some("ka")),
            ("կառավարություն", Some("hy")),
            ("அரசு", Some("ta")),
            ("ప్రభుత్వం", Some("te")),
            ("ಸರ್ಕಾರ", Some("kn")),
            ("സർക്കാർ", Some("ml")),
            ("සිංහල", Some("si")),
            ("ਸਰਕਾਰ", Some("pa")),
            ("સરકાર", Some("gu")),
            ("ସରକାର", Some("or")),
            ("시의회는 다리를", Some("ko")),
            ("市議会は橋を閉鎖する", Some("ja")),
            ("県知事選の投票率", Some("ja")),
            ("议会决定关闭这座旧桥", Some("zh-Hans")),
            ("議會決定關閉這座舊橋", Some("zh-Hant")),
            ("人口大山", Some("zh")),
            ("Samsung 갤럭시 발표", Some("ko")),
            ("The council", None),
            ("Совет", None),
            ("12 …", None),
        ] {
            assert_eq!(language(text), expected, "{text}");
        }
    }
}
