//! The story files, compiled in.

use super::Desk;

macro_rules! desk {
    ($language:literal, $site:literal, $file:literal) => {
        Desk {
            language: $language,
            site: $site,
            text: include_str!(concat!("../../../../seeds/newsroom/", $file)),
        }
    };
}

/// Language, usual site and text of each desk.
pub(crate) fn desks() -> &'static [Desk] {
    &[
        desk!("en", "meridian", "wire.txt"),
        desk!("en", "courier", "business.txt"),
        desk!("en", "ledger", "politics.txt"),
        desk!("en", "ledger", "justice.txt"),
        desk!("en", "courier", "science.txt"),
        desk!("en", "beacon", "health.txt"),
        desk!("en", "beacon", "society.txt"),
        desk!("en", "pulse", "culture.txt"),
        desk!("en", "pulse", "sport.txt"),
        desk!("en", "pulse", "briefs.txt"),
        desk!("en", "ledger", "families.txt"),
        desk!("en", "pulse", "oddities.txt"),
        desk!("de", "isar", "german.txt"),
        desk!("id", "kabar", "indonesian.txt"),
        desk!("vi", "nhip", "vietnamese.txt"),
        desk!("es", "faro", "spanish.txt"),
    ]
}
