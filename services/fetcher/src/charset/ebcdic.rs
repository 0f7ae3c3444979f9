//! EBCDIC, in which mainframes write XML (XML 1.0, appendix F).

/// `<?xm` in every EBCDIC code page.
const START: &[u8] = &[0x4c, 0x6f, 0xa7, 0x94];

/// The characters of code page 37, which the others differ from in a few marks only.
const CHARACTERS: [&str; 8] = [
    "\u{0}\u{1}\u{2}\u{3}\u{9c}\u{9}\u{86}\u{7f}\u{97}\u{8d}\u{8e}\u{b}\u{c}\u{d}\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{9d}\u{85}\u{8}\u{87}\u{18}\u{19}\u{92}\u{8f}\u{1c}\u{1d}\u{1e}\u{1f}",
    "\u{80}\u{81}\u{82}\u{83}\u{84}\u{a}\u{17}\u{1b}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{5}\u{6}\u{7}\u{90}\u{91}\u{16}\u{93}\u{94}\u{95}\u{96}\u{4}\u{98}\u{99}\u{9a}\u{9b}\u{14}\u{15}\u{9e}\u{1a}",
    " \u{a0}âäàáãåçñ¢.<(+|&éêëèíîïìß!$*);¬",
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@'=\"",
    "Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤",
    "µ~stuvwxyz¡¿ÐÝÞ®^£¥·©§¶¼½¾[]¯¨´×",
    "{ABCDEFGHI\u{ad}ôöòóõ}JKLMNOPQR¹ûüùúÿ",
    "\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\u{9f}",
];

/// The text of a document in EBCDIC, told by its declaration.
pub(super) fn decode(body: &[u8]) -> Option<String> {
    if !body.starts_with(START) {
        return None;
    }
    let table: Vec<char> = CHARACTERS.iter().flat_map(|row| row.chars()).collect();
    let character = |byte: &u8| table.get(usize::from(*byte)).copied().unwrap_or('\u{fffd}');
    // The new line of mainframes is that of ISO 6429.
    Some(
        body.iter()
            .map(character)
            .map(|character| if character == '\u{85}' { '\n' } else { character })
            .collect(),
    )
}
