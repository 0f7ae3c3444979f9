//! The script of a text decides the partition of its article, so that copies meet however many instances run.

/// A family of scripts. The table is fixed: a wrong guess at the language can't move a copy to another partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Script {
    /// Latin letters, and texts without letters.
    Latin,
    /// Cyrillic letters.
    Cyrillic,
    /// Arabic letters, with Persian and Urdu.
    Arabic,
    /// Han, kana and hangul.
    Cjk,
    /// Devanagari to Sinhala: the Indic block of Unicode.
    Indic,
    /// Every other script.
    Other,
}

impl Script {
    /// All scripts, in the order of their partitions.
    pub const ALL: [Self; 6] = [
        Self::Latin,
        Self::Cyrillic,
        Self::Arabic,
        Self::Cjk,
        Self::Indic,
        Self::Other,
    ];

    /// The script of most letters in the first 4,000 characters of `text`; [`Script::Latin`] when there are none.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut counts = [0_u32; Self::ALL.len()];
        for script in text.chars().take(4000).filter_map(Self::of_letter) {
            counts[script as usize] += 1;
        }
        let most = counts.iter().max().copied().unwrap_or(0);
        Self::ALL
            .into_iter()
            .find(|script| most > 0 && counts[*script as usize] == most)
            .unwrap_or(Self::Latin)
    }

    /// The partition of the hop topics that this script's articles go to, before it is taken modulo their count.
    #[must_use]
    pub fn partition(self) -> u32 {
        self as u32
    }

    fn of_letter(letter: char) -> Option<Self> {
        match u32::from(letter) {
            0x41..=0x5A | 0x61..=0x7A | 0xC0..=0x24F | 0x1E00..=0x1EFF => Some(Self::Latin),
            0x400..=0x52F => Some(Self::Cyrillic),
            0x600..=0x77F | 0x8A0..=0x8FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => Some(Self::Arabic),
            0x1100..=0x11FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF => Some(Self::Cjk),
            0x900..=0xDFF => Some(Self::Indic),
            _ if letter.is_alphabetic() => Some(Self::Other),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_script_of_most_letters() {
        let check = |text: &str, expected: Script| assert_eq!(Script::of(text), expected, "{text}");
        check("Tiếng Việt và English", Script::Latin);
        check("Новости дня (AP)", Script::Cyrillic);
        check("أخبار اليوم", Script::Arabic);
        check("東京で首脳会議 ASEAN", Script::Cjk);
        check("서울 뉴스", Script::Cjk);
        check("आज की ख़बर", Script::Indic);
        check("ข่าววันนี้", Script::Other);
        check("12:30, 7–4!", Script::Latin);
    }
}
