//! The confusion matrix: articles by the topic that they have and the topic that they were given.

use super::outcomes::Outcomes;
use super::svg::{Anchor, Drawing};

const CELL: f64 = 38.0;
const LEFT: f64 = 270.0;
const TOP: f64 = 230.0;
/// Characters of a topic's name.
const NAME: usize = 34;
/// A cell darker than this has light digits.
const DARK: f64 = 0.55;

pub(super) fn draw(outcomes: &Outcomes) -> String {
    let side = CELL * outcomes.topics.len() as f64;
    let about = "Confusion on held-out articles: their main topic, and the topic that the model gives first";
    let mut drawing = Drawing::new(LEFT + side + 90.0, TOP + side + 60.0, about);
    drawing.words((24.0, 28.0), Anchor::Start, "title", "What is taken for what");
    let how = "shade: share of the row; numbers: articles";
    drawing.words((24.0, 48.0), Anchor::Start, "small", how);
    for (number, (id, name)) in outcomes.topics.iter().enumerate() {
        let at = number as f64 * CELL;
        let name = short(id, name);
        drawing.words((LEFT - 10.0, TOP + at + CELL * 0.6), Anchor::End, "small", &name);
        let foot = (LEFT + at + CELL * 0.55, TOP - 10.0);
        drawing.turned_words(foot, -60, Anchor::Start, "small", &name);
        row(&mut drawing, outcomes, number);
    }
    drawing.area((LEFT, TOP), (side, side), "frame", 1.0);
    drawing.words(
        (LEFT + side / 2.0, TOP + side + 30.0),
        Anchor::Middle,
        "",
        "topic that the model gives first",
    );
    drawing.turned_words(
        (22.0, TOP + side / 2.0),
        -90,
        Anchor::Middle,
        "",
        "topic of the article",
    );
    drawing.words((LEFT + side + 12.0, TOP - 10.0), Anchor::Start, "small", "recall");
    drawing.end()
}

fn row(drawing: &mut Drawing, outcomes: &Outcomes, number: usize) {
    let Some(row) = outcomes.confusion.get(number) else {
        return;
    };
    let all: usize = row.iter().sum();
    let top = TOP + number as f64 * CELL;
    for (column, count) in row.iter().enumerate() {
        let left = LEFT + column as f64 * CELL;
        if *count != 0 {
            let share = *count as f64 / all as f64;
            // The rarest confusion is still seen.
            drawing.area((left, top), (CELL, CELL), "cell", (0.06 + 0.94 * share).min(1.0));
            let class = if share < DARK { "small" } else { "small light" };
            let middle = (left + CELL / 2.0, top + CELL * 0.6);
            drawing.words(middle, Anchor::Middle, class, &count.to_string());
        }
    }
    drawing.line((LEFT, top), (LEFT + CELL * row.len() as f64, top), "grid");
    let left = LEFT + number as f64 * CELL;
    drawing.line((left, TOP), (left, TOP + CELL * row.len() as f64), "grid");
    let right = row.get(number).copied().unwrap_or_default();
    let recall = match all {
        0 => "–".to_owned(),
        all => format!("{:.2} of {all}", right as f64 / all as f64),
    };
    let beside = (LEFT + CELL * row.len() as f64 + 12.0, top + CELL * 0.6);
    drawing.words(beside, Anchor::Start, "small", &recall);
}

/// The name, cut at a word where it is long; the code where there is no name.
fn short(id: &str, name: &str) -> String {
    if name.is_empty() {
        return id.to_owned();
    }
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let start: String = name.chars().take(NAME).collect();
    let whole = start.rsplit_once(' ').map_or(start.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches(','))
}
