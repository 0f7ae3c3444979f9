//! Who is the original of a cluster: what speaks for an article, and who comes before whom.
//!
//! Arrival says little: an agency's own page may be read long after a newspaper's copy of it. So, in this order:
//! 1. The article on the site of the agency that wrote it comes before every copy.
//! 2. What was published more than a day earlier comes first.
//! 3. Who names the agency and has a dateline comes before who does one of them, and that before who does neither: a
//!    copy that kept them is nearer to the original than one that lost them.
//! 4. What was published earlier by a clear margin comes first.
//!
//! Where nothing of this decides, the place stays with who has it. Two articles of one site never contest it.

mod agencies;

pub use agencies::Agency;
pub(crate) use agencies::site;

use crate::memory::Remembered;

/// Milliseconds of a minute.
const MINUTE: i64 = 60_000;
/// Minutes of an hour and of a day.
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;
/// Minutes that clocks and editors may be apart without proving anything.
const MARGIN: i64 = 15;

/// When an article says that it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Date and time of day, milliseconds since 1970.
    At(i64),
    /// The same by a clock whose zone is not known, as if it were UTC's.
    Local(i64),
    /// The day only, as its midnight UTC, milliseconds since 1970. Whose day it was is not known.
    Day(i64),
}

/// What an article says of where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clues<'a> {
    /// The agency that it credits.
    pub agency: Option<&'a str>,
    /// Whether it has a dateline.
    pub dateline: bool,
    /// When it says that it was published.
    pub told: Option<Told>,
}

/// What is kept of an article's [`Clues`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The agency that it credits.
    pub agency: Option<Agency>,
    /// Whether it has a dateline.
    pub dateline: bool,
    /// Minutes since 1970 when it says that it was published; 0 where it doesn't, or says what can't be.
    pub minute: u32,
    /// How exactly.
    pub precision: Precision,
}

/// How exactly a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// To the minute.
    #[default]
    Minute,
    /// To the minute, of a clock whose zone is not known.
    LocalMinute,
    /// To the day, of a calendar whose zone is not known.
    Day,
}

impl Evidence {
    /// What is kept of `clues` of an article that entered at `now`, milliseconds since 1970. A time after that is a
    /// mistake or an embargo and proves nothing.
    #[must_use]
    pub fn of(clues: &Clues<'_>, now: i64) -> Self {
        let (told, precision) = match clues.told {
            Some(Told::At(at)) => (at, Precision::Minute),
            Some(Told::Local(at)) => (at, Precision::LocalMinute),
            Some(Told::Day(day)) => (day, Precision::Day),
            None => (0, Precision::Minute),
        };
        let minute = u32::try_from(told.div_euclid(MINUTE)).unwrap_or(0);
        let evidence = Self {
            agency: clues.agency.map(Agency::named),
            dateline: clues.dateline,
            minute,
            precision,
        };
        let is_past = |(earliest, _)| earliest <= now.div_euclid(MINUTE) + MARGIN;
        if evidence.span().is_some_and(is_past) {
            return evidence;
        }
        Self {
            minute: 0,
            precision: Precision::Minute,
            ..evidence
        }
    }

    /// The first and the last minute at which it can have been published: clocks are up to 14 hours before UTC's in
    /// the east and up to 12 hours behind it in the west.
    fn span(self) -> Option<(i64, i64)> {
        let minute = i64::from(self.minute);
        let (before, after) = match self.precision {
            Precision::Minute => (0, 0),
            Precision::LocalMinute => (14 * HOUR, 12 * HOUR),
            Precision::Day => (14 * HOUR, 12 * HOUR + DAY),
        };
        (0 < minute).then_some((minute - before, minute + after))
    }

    /// How many minutes earlier it was published than `other`, at the least; negative where that is open.
    fn minutes_before(self, other: Self) -> Option<i64> {
        Some(other.span()?.0 - self.span()?.1)
    }
}

/// Why an article comes before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It stands on the site of the agency that wrote it.
    AgencySite,
    /// It credits an agency, the other doesn't.
    Credit,
    /// It has a dateline, the other hasn't.
    Dateline,
    /// It was published earlier.
    Earlier,
    /// One that a later release knows.
    Other,
}

impl Reason {
    const ALL: [Self; 5] = [
        Self::AgencySite,
        Self::Credit,
        Self::Dateline,
        Self::Earlier,
        Self::Other,
    ];

    /// The reason of this place in [`Self::ALL`].
    pub(crate) fn of_number(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or(Self::Other)
    }

    /// The reason as records spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AgencySite => "agency_site",
            Self::Credit => "credit",
            Self::Dateline => "dateline",
            Self::Earlier => "earlier",
            Self::Other => "other",
        }
    }

    /// The reason that records spell so.
    #[must_use]
    pub fn of_str(text: &str) -> Self {
        let known = Self::ALL.into_iter().find(|reason| reason.as_str() == text);
        known.unwrap_or(Self::Other)
    }
}

/// Why `article` comes before `other`, if it does. Of two articles at most one comes before the other, whichever came
/// first. Times that lie further apart than the window are not believed: one of them is a template's, or that of an
/// old text which was printed again. Two articles of one site are not to be asked about.
#[must_use]
pub fn comes_before(article: &Remembered, other: &Remembered, window_ms: i64) -> Option<Reason> {
    let (own, others) = (is_agency_site(article, other), is_agency_site(other, article));
    if own != others {
        return own.then_some(Reason::AgencySite);
    }
    let (mine, theirs) = (evidence_of(article), evidence_of(other));
    let earlier_by = |margin: i64, one: Evidence, two: Evidence| {
        let minutes = one.minutes_before(two);
        minutes.is_some_and(|minutes| (margin..=window_ms / MINUTE).contains(&minutes))
    };
    if earlier_by(DAY, mine, theirs) {
        return Some(Reason::Earlier);
    }
    let marks = |evidence: Evidence| u8::from(evidence.agency.is_some()) + u8::from(evidence.dateline);
    if earlier_by(DAY, theirs, mine) || marks(mine) < marks(theirs) {
        return None;
    }
    if marks(theirs) < marks(mine) {
        let has_credit = mine.agency.is_some() && theirs.agency.is_none();
        return Some(if has_credit { Reason::Credit } else { Reason::Dateline });
    }
    earlier_by(MARGIN, mine, theirs).then_some(Reason::Earlier)
}

/// Whether the article stands on the site of an agency, and neither it nor `other` says that another one wrote it:
/// agencies pass on one another's copy.
fn is_agency_site(article: &Remembered, other: &Remembered) -> bool {
    let credits = [evidence_of(article).agency, evidence_of(other).agency];
    Agency::of_url(&article.url).is_some_and(|agency| credits.into_iter().flatten().all(|credited| credited == agency))
}

fn evidence_of(article: &Remembered) -> Evidence {
    article.evidence.unwrap_or_default()
}
