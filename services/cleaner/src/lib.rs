//! The article in a page or a text: main content, metadata, language.
//!
//! Bytes go in, paragraphs of the story come out, with what was found about it and what was cut. It does not know
//! where pages come from, how they are stored, or what happens to the article next. It has no clock, and no memory but
//! that of the [`site`]s whose articles it read: the same page after the same pages gives the same article.
//!
//! Start reading at [`extracted`] (the answer), then [`html`] (pages) and [`text`] (documents that another program
//! extracted before, and left the ads, captions and lists of links in), and [`stage`] for how the pipeline calls both.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]
#![expect(
    clippy::cast_precision_loss,
    reason = "counts of words and blocks become features; none comes near 2^24"
)]

pub mod decode;
pub mod extracted;
pub mod html;
pub mod output;
pub mod pages;
pub mod rules;
pub mod site;
pub mod stage;
pub mod text;
pub mod train;

mod dates;
mod language;
mod metadata;
mod phrases;
mod stories;
mod wire;
mod words;

use extracted::{Agency, Dateline, Extracted, Known};
use jiff::Timestamp as Moment;

impl Extracted {
    /// Reads place, date and agency out of the first paragraph; a full date there is the day of the story when
    /// nothing better says when it was published.
    pub(crate) fn read_opening(&mut self, known: &Known) {
        let now = known.now.and_then(|now| Moment::from_millisecond(now.as_millis()).ok());
        let opening = wire::opening(self.blocks.iter().map(|block| block.text.as_str()), now);
        let found = opening
            .date
            .map(|(at, text)| metadata::times::found_time(at, text, "dateline"));
        let dateline = opening.dateline.map(|text| Dateline {
            text: text.to_owned(),
            date: found.as_ref().map(|found| found.at),
        });
        self.agency = opening.agency.map(|name| Agency { name: name.to_owned() });
        self.dateline = dateline;
        if self.published_at.is_none() {
            self.published_at = found;
        }
    }
}
