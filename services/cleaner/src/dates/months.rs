//! Names of the months.

/// Month names and their abbreviations, a line a month, in the languages of the larger news markets.
const MONTHS: [&str; 12] = [
    "january jan januari januar jänner oca enero ene janvier janv gennaio gen janeiro tammikuuta styczeń stycznia leden ledna ianuarie január ιανουαρίου ocak января январь янв січня януари يناير जनवरी জানুয়ারি มกราคม siječnja jaanuar",
    "february feb februari februar febrero février fevr févr febbraio febb fevereiro fev helmikuuta luty lutego únor února februarie feber február şub φεβρουαρίου şubat февраля февраль фев лютого февруари فبراير फरवरी फ़रवरी ফেব্রুয়ারি กุมภาพันธ์ veljače veebruar",
    "march mar maret maart märz mär marzo mars março maaliskuuta marzec marca březen března martie március μαρτίου mart марта март мар березня مارس मार्च মার্চ มีนาคม ožujka märts",
    "april apr avril aprile abril abr avr huhtikuuta kwiecień kwietnia duben dubna aprilie április apríl απριλίου nisan nis апреля апрель апр квітня април أبريل ابريل अप्रैल এপ্রিল เมษายน travnja",
    "may mei mai mayo maggio mag maio maj toukokuuta maja květen května máj május μαΐου mayıs мая май травня مايو मई মে พฤษภาคม svibnja",
    "june jun juni junio juin giugno giu junho kesäkuuta czerwiec czerwca červen června iunie június jún ιουνίου haziran haz июня июнь июн червня юни يونيو जून জুন มิถุนายน lipnja",
    "july jul juli julio juillet juil luglio lug julho heinäkuuta lipiec lipca červenec července iulie július júl ιουλίου temmuz tem июля июль июл липня юли يوليو जुलाई জুলাই กรกฎาคม srpnja",
    "august aug agustus augustus agosto ago août aout elokuuta sierpień sierpnia srpen srpna augusztus αυγούστου ağustos ağu августа август авг серпня أغسطس अगस्त আগস্ট สิงหาคม kolovoza agt",
    "september sep sept septiembre septembre settembre set setembro syyskuuta wrzesień września září septembrie szeptember σεπτεμβρίου eylül eyl сентября сентябрь сен вересня септември سبتمبر सितंबर सितम्बर সেপ্টেম্বর กันยายน rujna",
    "october oct oktober okt octubre octobre ottobre ott outubro out lokakuuta październik października říjen října octombrie október οκτωβρίου ekim eki октября октябрь окт жовтня октомври أكتوبر अक्टूबर অক্টোবর ตุลาคม",
    "november nov noviembre novembre novembro marraskuuta listopad listopadu noiembrie νοεμβρίου kasım kas ноября ноябрь ноя листопада ноември نوفمبر नवंबर नवम्बर নভেম্বর พฤศจิกายน listopada studenoga nop",
    "december dec desember dezember dez diciembre dic décembre déc dicembre dezembro joulukuuta grudzień grudnia prosinec prosince decembrie december δεκεμβρίου aralık ara декабря декабрь дек грудня декември ديسمبر दिसंबर दिसम्बर ডিসেম্বর ธันวาคม prosinca des",
];

/// The month that a word names, 1 to 12.
pub(super) fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.').to_lowercase();
    if word.chars().all(|character| character.is_ascii_digit()) {
        return word.parse().ok().filter(|month| (1..=12).contains(month));
    }
    MONTHS
        .iter()
        .zip(1..)
        .find(|(names, _)| names.split(' ').any(|name| name == word))
        .map(|(_, month)| month)
}
