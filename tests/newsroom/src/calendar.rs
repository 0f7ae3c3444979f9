//! Times as feeds, headers, machines and people write them.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

const MONTHS_ID: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const MONTHS_ES: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// A moment seen from a place `offset_hours` east of Greenwich.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    seconds: i64,
    offset_hours: i8,
}

impl Moment {
    pub(crate) fn new(seconds: i64, offset_hours: i8) -> Self {
        Self { seconds, offset_hours }
    }

    fn format(self, pattern: &str) -> String {
        let timestamp = Timestamp::from_second(self.seconds).unwrap_or_default();
        let offset = Offset::from_hours(self.offset_hours).unwrap_or(Offset::UTC);
        timestamp
            .to_zoned(TimeZone::fixed(offset))
            .strftime(pattern)
            .to_string()
    }

    /// RFC 3339 with the place's offset.
    pub(crate) fn iso(self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%:z")
    }

    /// RFC 3339 in UTC.
    pub(crate) fn utc(self) -> String {
        Self::new(self.seconds, 0).format("%Y-%m-%dT%H:%M:%SZ")
    }

    /// RFC 822, as RSS has it.
    pub(crate) fn rfc822(self) -> String {
        self.format("%a, %d %b %Y %H:%M:%S %z")
    }

    /// RFC 9110, as HTTP headers have it.
    pub(crate) fn http(self) -> String {
        Self::new(self.seconds, 0).format("%a, %d %b %Y %H:%M:%S GMT")
    }

    /// RFC 850, as HTTP headers had it once.
    pub(crate) fn rfc850(self) -> String {
        Self::new(self.seconds, 0).format("%A, %d-%b-%y %H:%M:%S GMT")
    }

    /// As the `asctime` of C has it.
    pub(crate) fn asctime(self) -> String {
        Self::new(self.seconds, 0).format("%a %b %e %H:%M:%S %Y")
    }

    /// `2026/03/02`, for paths.
    pub(crate) fn path(self, with_day: bool) -> String {
        self.format(if with_day { "%Y/%m/%d" } else { "%Y/%m" })
    }

    /// As a reader of `language` expects it.
    pub(crate) fn for_reader(self, language: &str) -> String {
        let month = self.format("%-m").parse::<usize>().unwrap_or(1).clamp(1, 12) - 1;
        match language {
            "de" => self.format("%d.%m.%Y, %H:%M Uhr"),
            "id" => format!(
                "{} {} {} WIB",
                self.format("%-d"),
                MONTHS_ID[month],
                self.format("%Y %H:%M")
            ),
            "es" => format!(
                "{} de {} de {} h",
                self.format("%-d"),
                MONTHS_ES[month],
                self.format("%Y, %H:%M")
            ),
            "vi" => self.format("%d/%m/%Y %H:%M (GMT+7)"),
            _ => self.format("%B %-d, %Y, %-I:%M %p"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn one_moment_is_written_in_many_ways() {
        // 2026-03-02 23:30 in Greenwich is the next day in Jakarta.
        let moment = Moment::new(1_772_494_200, 7);
        assert_eq!(moment.iso(), "2026-03-03T06:30:00+07:00");
        assert_eq!(moment.utc(), "2026-03-02T23:30:00Z");
        assert_eq!(moment.rfc822(), "Tue, 03 Mar 2026 06:30:00 +0700");
        assert_eq!(moment.http(), "Mon, 02 Mar 2026 23:30:00 GMT");
        assert_eq!(moment.rfc850(), "Monday, 02-Mar-26 23:30:00 GMT");
        assert_eq!(moment.asctime(), "Mon Mar  2 23:30:00 2026");
        assert_eq!(moment.for_reader("id"), "3 Maret 2026 06:30 WIB");
        assert_eq!(moment.for_reader("es"), "3 de marzo de 2026, 06:30 h");
        assert_eq!(moment.for_reader("en"), "March 3, 2026, 6:30 AM");
    }
}
