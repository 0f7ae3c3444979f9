//! The table of figures that stands in the models' card.

use std::fmt::Write as _;

use super::measure;
use super::run::THRESHOLDS;
use crate::html::THRESHOLD;

/// True positives, false positives and false negatives of one page.
type Counts = (f64, f64, f64);

/// One page, measured.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// By the model alone, at each of [`THRESHOLDS`].
    pub blocks: [Counts; THRESHOLDS.len()],
    /// By the whole extractor.
    pub extracted: Counts,
}

#[derive(Debug, Clone, Default)]
struct Pages {
    blocks: [Vec<Counts>; THRESHOLDS.len()],
    extracted: Vec<Counts>,
}

/// Figures of all sets.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Pages learnt from.
    pub pages: usize,
    /// Their sites.
    pub sites: usize,
    /// By set, in the order in which they came first; each as it is and with insertions.
    sets: Vec<(String, [Pages; 2])>,
}

impl Figures {
    /// No page measured yet, of so many.
    #[must_use]
    pub fn new(pages: usize, sites: usize) -> Self {
        Self {
            pages,
            sites,
            sets: Vec::new(),
        }
    }

    /// Adds a page of a set.
    pub fn add(&mut self, set: &str, has_insertion: bool, page: &Measured) {
        let at = self.sets.iter().position(|(name, _)| name == set);
        let at = at.unwrap_or_else(|| {
            self.sets.push((set.to_owned(), <[Pages; 2]>::default()));
            self.sets.len() - 1
        });
        let pages = &mut self.sets[at].1[usize::from(has_insertion)];
        pages.extracted.push(page.extracted);
        for (all, counts) in pages.blocks.iter_mut().zip(page.blocks) {
            all.push(counts);
        }
    }

    /// The figures as Markdown: a table by the whole extractor, and one by the model alone at each threshold.
    #[must_use]
    pub fn markdown(&self) -> String {
        if self.sets.is_empty() {
            return format!("{} pages of {} sites, not cross-validated.\n", self.pages, self.sites);
        }
        let mut out = format!(
            "{} pages of {} sites; all pages of one site in one fold. Means over pages of the precision and recall of \
             four-word windows, and their harmonic mean.\n\n",
            self.pages, self.sites
        );
        out.push_str(
            "| set | pages | F1 | precision | recall | F1 with an insertion | precision | recall |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        );
        for (set, pages) in &self.sets {
            let [plain, inserted] = [0, 1].map(|index: usize| cells(&pages[index].extracted));
            let count = pages[0].extracted.len();
            let _ = writeln!(out, "| {set} | {count} | {plain} | {inserted} |");
        }
        self.push_thresholds(&mut out);
        out
    }

    fn push_thresholds(&self, out: &mut String) {
        let heads: Vec<String> = THRESHOLDS.iter().map(|threshold| format!("{threshold:.2}")).collect();
        let _ = write!(
            out,
            "\nThe model alone, without what the extractor does after it: F1 by the score from which a block is kept (it \
             is {THRESHOLD:.2}).\n\n| set | {} |\n| --- |{}\n",
            heads.join(" | "),
            " --- |".repeat(THRESHOLDS.len())
        );
        for (set, both) in &self.sets {
            for (pages, label) in both.iter().zip(["", " with an insertion"]) {
                if pages.extracted.is_empty() {
                    continue;
                }
                let scores: Vec<String> = pages.blocks.iter().map(|all| figure(measure::score(all).f1)).collect();
                let _ = writeln!(out, "| {set}{label} | {} |", scores.join(" | "));
            }
        }
    }
}

/// F1, precision and recall; dashes for no page.
fn cells(pages: &[Counts]) -> String {
    if pages.is_empty() {
        return "– | – | –".to_owned();
    }
    let score = measure::score(pages);
    [score.f1, score.precision, score.recall].map(figure).join(" | ")
}

/// Four decimals without the leading zero, as in the card.
fn figure(value: f64) -> String {
    let text = format!("{value:.4}");
    text.strip_prefix('0').map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{Figures, Measured};

    #[test]
    fn each_set_has_a_row_in_the_order_in_which_it_came() {
        let mut figures = Figures::new(3, 2);
        let half = Measured {
            blocks: [(1.0, 1.0, 1.0); 5],
            extracted: (1.0, 0.0, 1.0),
        };
        let whole = Measured {
            blocks: [(2.0, 0.0, 0.0); 5],
            extracted: (2.0, 0.0, 0.0),
        };
        figures.add("posts", false, &half);
        figures.add("news", false, &whole);
        figures.add("news", true, &half);
        figures.add("news", false, &half);
        let table = figures.markdown();
        let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).collect();
        assert_eq!(
            rows[2..4],
            [
                "| posts | 1 | .6667 | 1.0000 | .5000 | – | – | – |",
                "| news | 2 | .8571 | 1.0000 | .7500 | .6667 | 1.0000 | .5000 |",
            ]
        );
        assert_eq!(
            rows.last(),
            Some(&"| news with an insertion | .5000 | .5000 | .5000 | .5000 | .5000 |")
        );
        assert!(table.starts_with("3 pages of 2 sites;"), "{table}");
    }

    #[test]
    fn without_folds_the_text_says_so() {
        assert_eq!(
            Figures::new(3, 2).markdown(),
            "3 pages of 2 sites, not cross-validated.\n"
        );
    }
}
