//! The few shapes that the pictures are made of.

use std::fmt::Write as _;

/// Text, lines and areas in colours that are told apart in light and in dark mode.
const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#1f2328}.small{font-size:10px}.title{font-size:15px;font-weight:600}\
.ground{fill:#ffffff}.frame{fill:none;stroke:#59636e}.grid{stroke:#d1d9e0}.ideal{stroke:#59636e;stroke-dasharray:5 4}\
.a{fill:#0969da;stroke:#0969da}.b{fill:#bc4c00;stroke:#bc4c00}.line{fill:none;stroke-width:2}.area{fill-opacity:.55;stroke:none}\
.cell{fill:#0969da}.light{fill:#ffffff}\
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.ground{fill:#0d1117}.frame,.ideal{stroke:#9198a1}.grid{stroke:#3d444d}\
.a{fill:#4493f8;stroke:#4493f8}.b{fill:#f0883e;stroke:#f0883e}.line{fill:none}.area{stroke:none}.cell{fill:#4493f8}.light{fill:#0d1117}}";

/// Where a text stands beside its point.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// An SVG document under way. Lengths are in pixels.
pub(super) struct Drawing {
    text: String,
}

impl Drawing {
    /// An empty picture; `about` is read to people who do not see it.
    pub(super) fn new(width: f64, height: f64, about: &str) -> Self {
        let about = escaped(about);
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
             height=\"{height:.0}\" role=\"img\" aria-label=\"{about}\">\n<title>{about}</title>\n<style>{STYLE}</style>\n\
             <rect class=\"ground\" width=\"{width:.0}\" height=\"{height:.0}\"/>\n"
        );
        Self { text }
    }

    pub(super) fn words(&mut self, (x, y): (f64, f64), anchor: Anchor, class: &str, words: &str) {
        self.turned_words((x, y), 0, anchor, class, words);
    }

    /// Words turned by `degrees` about their point.
    pub(super) fn turned_words(&mut self, (x, y): (f64, f64), degrees: i32, anchor: Anchor, class: &str, words: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let turn = match degrees {
            0 => String::new(),
            degrees => format!(" transform=\"rotate({degrees} {x:.1} {y:.1})\""),
        };
        let words = escaped(words);
        self.push(format_args!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\" text-anchor=\"{anchor}\"{turn}>{words}</text>"
        ));
    }

    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) {
        self.push(format_args!(
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>"
        ));
    }

    /// A line through points.
    pub(super) fn path(&mut self, points: &[(f64, f64)], class: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        self.push(format_args!(
            "<polyline points=\"{}\" class=\"{class}\"/>",
            points.join(" ")
        ));
    }

    /// A dot with words that are shown when it is pointed at.
    pub(super) fn dot(&mut self, (x, y): (f64, f64), radius: f64, class: &str, about: &str) {
        let about = escaped(about);
        self.push(format_args!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" class=\"{class}\"><title>{about}</title></circle>"
        ));
    }

    pub(super) fn area(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), class: &str, opacity: f64) {
        let opacity = match opacity {
            1.0 => String::new(),
            share => format!(" fill-opacity=\"{share:.3}\""),
        };
        self.push(format_args!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" class=\"{class}\"{opacity}/>"
        ));
    }

    pub(super) fn end(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }

    fn push(&mut self, shape: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{shape}");
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
