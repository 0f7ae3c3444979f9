//! The reliability diagram: how probable the best topic was said to be, and how often it was right.

use super::outcomes::{Outcomes, STEPS, Series};
use super::svg::{Anchor, Drawing};

const LEFT: f64 = 70.0;
const TOP: f64 = 64.0;
/// Side of the plot.
const SIDE: f64 = 420.0;
/// Height of the counts beneath it, and the gap above them.
const COUNTS: f64 = 100.0;
const GAP: f64 = 58.0;
const CLASSES: [&str; 2] = ["a", "b"];

pub(super) fn draw(outcomes: &Outcomes) -> String {
    let height = TOP + SIDE + GAP + COUNTS + 56.0;
    let about = "Calibration on held-out articles: how often the best topic is right, by its probability";
    let mut drawing = Drawing::new(LEFT + SIDE + 40.0, height, about);
    drawing.words((LEFT, 24.0), Anchor::Start, "title", "Calibration of the best topic");
    axes(&mut drawing);
    let most = most(outcomes);
    counts(&mut drawing, outcomes, most);
    for (number, (series, class)) in outcomes.series.iter().zip(CLASSES).enumerate() {
        legend(&mut drawing, number, series, class);
        curve(&mut drawing, series, class);
    }
    drawing.end()
}

fn x(probability: f64) -> f64 {
    LEFT + SIDE * probability
}

fn y(share: f64) -> f64 {
    TOP + SIDE * (1.0 - share)
}

fn axes(drawing: &mut Drawing) {
    for tenth in (0..=10).step_by(2) {
        let share = f64::from(tenth) / 10.0;
        drawing.line((x(share), y(0.0)), (x(share), y(1.0)), "grid");
        drawing.line((x(0.0), y(share)), (x(1.0), y(share)), "grid");
        let label = format!("{share:.1}");
        drawing.words((x(share), y(0.0) + 16.0), Anchor::Middle, "small", &label);
        drawing.words((x(0.0) - 8.0, y(share) + 4.0), Anchor::End, "small", &label);
    }
    drawing.area((x(0.0), y(1.0)), (SIDE, SIDE), "frame", 1.0);
    drawing.line((x(0.0), y(0.0)), (x(1.0), y(1.0)), "ideal");
    let middle = (x(0.5), y(0.0) + 34.0);
    drawing.words(
        middle,
        Anchor::Middle,
        "",
        "probability that the model gave its best topic",
    );
    let side = (22.0, y(0.5));
    drawing.turned_words(side, -90, Anchor::Middle, "", "share of articles that have the topic");
}

fn legend(drawing: &mut Drawing, number: usize, series: &Series, class: &str) {
    let line = 44.0;
    let start = LEFT + number as f64 * 215.0;
    drawing.area((start, line - 9.0), (10.0, 10.0), class, 1.0);
    let words = format!(
        "{}: {} articles, ECE {:.4}",
        series.name,
        series.documents(),
        series.error()
    );
    drawing.words((start + 16.0, line), Anchor::Start, "small", &words);
}

fn curve(drawing: &mut Drawing, series: &Series, class: &str) {
    let seen = series.steps.iter().filter(|step| step.documents != 0);
    let points: Vec<(f64, f64, usize)> = seen
        .map(|step| {
            let documents = step.documents as f64;
            (
                x(step.promised / documents),
                y(step.right as f64 / documents),
                step.documents,
            )
        })
        .collect();
    let line: Vec<(f64, f64)> = points.iter().map(|(x, y, _)| (*x, *y)).collect();
    drawing.path(&line, &format!("{class} line"));
    for (x, y, documents) in points {
        // A dot's area follows the count, so that a step of three articles does not look like one of three hundred.
        let radius = 2.5 + (documents as f64).sqrt() / 6.0;
        drawing.dot((x, y), radius.min(9.0), class, &format!("{documents} articles"));
    }
}

fn most(outcomes: &Outcomes) -> usize {
    let steps = outcomes.series.iter().flat_map(|series| &series.steps);
    steps.map(|step| step.documents).max().unwrap_or_default().max(1)
}

/// How many articles stand behind each step, the series side by side.
fn counts(drawing: &mut Drawing, outcomes: &Outcomes, most: usize) {
    let base = TOP + SIDE + GAP + COUNTS;
    let step = SIDE / STEPS as f64;
    let bar = step * 0.4;
    for (number, (series, class)) in outcomes.series.iter().zip(CLASSES).enumerate() {
        for (index, counted) in series.steps.iter().enumerate() {
            let height = COUNTS * counted.documents as f64 / most as f64;
            let left = LEFT + index as f64 * step + step * 0.1 + number as f64 * bar;
            if 0.0 < height {
                drawing.area((left, base - height), (bar, height), &format!("{class} area"), 1.0);
            }
        }
    }
    drawing.line((LEFT, base), (LEFT + SIDE, base), "frame");
    drawing.words(
        (LEFT - 8.0, base - COUNTS + 4.0),
        Anchor::End,
        "small",
        &most.to_string(),
    );
    drawing.words((LEFT - 8.0, base + 4.0), Anchor::End, "small", "0");
    for tenth in (0..=10).step_by(2) {
        let share = f64::from(tenth) / 10.0;
        drawing.words((x(share), base + 16.0), Anchor::Middle, "small", &format!("{share:.1}"));
    }
    drawing.words(
        (x(0.5), base + 36.0),
        Anchor::Middle,
        "",
        "articles by that probability",
    );
    drawing.turned_words((22.0, base - COUNTS / 2.0), -90, Anchor::Middle, "", "articles");
}
