//! What servers put in place of a page: that it is not there, that it comes later, that it needs a login or scripts.

use crate::html::page::Page;
use crate::words;

/// Weighted characters of text on a page up to which it can be an empty shell for scripts.
const MAX_SHELL: f32 = 400.0;

/// Words that stand in the headline of such pages, in lower case; no headline of a story is as short as these pages.
const HEADLINES: &[&str] = &[
    "404",
    "403 forbidden",
    "access denied",
    "page not found",
    "not found",
    "page doesn't exist",
    "page does not exist",
    "no longer available",
    "not available in your",
    "has moved",
    "has been moved",
    "be back soon",
    "under maintenance",
    "service unavailable",
    "temporarily unavailable",
    "something went wrong",
    "log in to",
    "sign in to",
    "login required",
    "your privacy",
    "just a moment",
    "attention required",
    "are you a robot",
    "verify you are human",
    "seite nicht gefunden",
    "nicht gefunden",
    "nicht mehr verfügbar",
    "wartungsarbeiten",
    "anmelden",
    "zugriff verweigert",
    "page introuvable",
    "page non trouvée",
    "accès refusé",
    "página no encontrada",
    "acceso denegado",
    "pagina non trovata",
    "accesso negato",
    "página não encontrada",
    "acesso negado",
    "pagina niet gevonden",
    "nie znaleziono strony",
    "strona nie istnieje",
    "страница не найдена",
    "сторінку не знайдено",
    "страницата не е намерена",
    "ページが見つかりません",
    "お探しのページ",
    "找不到页面",
    "找不到頁面",
    "页面不存在",
    "頁面不存在",
    "페이지를 찾을 수 없",
    "halaman tidak ditemukan",
    "sayfa bulunamadı",
    "الصفحة غير موجودة",
    "لم يتم العثور على الصفحة",
    "sidan hittades inte",
    "siden ble ikke funnet",
    "siden blev ikke fundet",
    "sivua ei löyt",
    "stránka nenalezena",
    "az oldal nem található",
    "pagina nu a fost găsită",
    "η σελίδα δεν βρέθηκε",
    "không tìm thấy trang",
    "ไม่พบหน้า",
    "पृष्ठ नहीं मिला",
];

/// Whether a page with little text says in its title or its first lines that it is none.
pub(super) fn is_notice(page: &Page, headline: &str) -> bool {
    let says = |text: &str| {
        let text = text.to_lowercase().replace('’', "'");
        words::words(&text).len() <= 12 && HEADLINES.iter().any(|phrase| stands_in(phrase, &text))
    };
    says(headline) || says(words::start(&page.head.title, 300))
}

/// Whether a phrase stands in a text, and no word goes on where it ends or begins.
fn stands_in(phrase: &str, text: &str) -> bool {
    let is_letter = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    text.match_indices(phrase).any(|(at, found)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|text| text.chars().next());
        !is_letter(before) && !is_letter(after)
    })
}

/// Whether a page without a story would get its text from scripts: it says so, or it has hardly any text and more
/// script than all else.
pub(super) fn needs_script(html: &str, page: &Page) -> bool {
    let text: f32 = page.blocks.iter().map(|block| block.size).sum();
    let says = |text: &str| text.to_ascii_lowercase().contains("javascript");
    if text <= 4.0 * MAX_SHELL
        && page
            .blocks
            .iter()
            .any(|block| block.size <= MAX_SHELL && says(&block.text))
    {
        return true;
    }
    if text > MAX_SHELL {
        return false;
    }
    let mut scripts = 0;
    let mut rest = html;
    while let Some((_, after)) = rest.split_once("<script") {
        let (script, next) = after.split_once("</script").unwrap_or((after, ""));
        scripts += script.len();
        rest = next;
    }
    let in_noscript = html.split("<noscript").skip(1).take(20);
    let asks = in_noscript
        .filter_map(|rest| rest.split("</noscript").next())
        .any(|content| says(words::start(content, 2000)));
    scripts > 0 && (asks || 2 * scripts > html.len())
}

#[cfg(test)]
mod tests {
    use super::stands_in;

    #[test]
    fn phrases_are_whole_words() {
        assert!(stands_in("404", "error 404: nothing here"));
        assert!(!stands_in("404", "1404 people came"));
        assert!(stands_in("お探しのページ", "お探しのページは"));
    }
}
