use super::{Outcomes, pictures};
use crate::model::Score;
use crate::taxonomy::Taxonomy;
use crate::train::{Document, HeldOut};

fn score(topic: &str, probability: f32) -> Score<'_> {
    Score {
        topic,
        refines: None,
        probability,
        published: true,
    }
}

fn outcomes() -> Outcomes {
    let topics = ["a", "b", "c"].map(|id| (id.to_owned(), format!("topic <{id}> & more")));
    let mut outcomes = Outcomes::new(topics.to_vec());
    let mut add = |language: &str, truth: &[&str], given: &str, probability: f32, times: usize| {
        let truth: Vec<String> = truth.iter().map(|topic| (*topic).to_owned()).collect();
        for _ in 0..times {
            outcomes.add(language, &truth, &[score("x", 0.99), score(given, probability)]);
        }
    };
    add("en", &["a"], "a", 0.9, 9);
    add("en", &["a"], "b", 0.9, 1);
    add("de", &["b", "c"], "c", 0.5, 4);
    add("de", &["x"], "c", 0.5, 2);
    outcomes
}

/// The texts of a picture, in order.
fn texts(picture: &str) -> Vec<&str> {
    let texts = picture.lines().filter(|line| line.starts_with("<text"));
    texts
        .filter_map(|line| line.split_once('>')?.1.strip_suffix("</text>"))
        .collect()
}

#[test]
fn the_calibration_is_drawn_with_its_counts() {
    let picture = outcomes().draw().calibration;
    let texts = texts(&picture);
    // Nine of ten articles at .9 are right; four of four at .5.
    assert!(texts.contains(&"English: 10 articles, ECE 0.0000"), "{texts:?}");
    assert!(texts.contains(&"other languages: 4 articles, ECE 0.5000"), "{texts:?}");
    assert!(texts.contains(&"probability that the model gave its best topic"));
    assert!(texts.contains(&"share of articles that have the topic"));
    // At .9 of 420 pixels from the left edge, a tenth below the top.
    assert!(
        picture.contains("<polyline points=\"448.0,106.0\" class=\"a line\"/>"),
        "{picture}"
    );
    assert!(picture.contains("<title>10 articles</title>"));
}

#[test]
fn the_matrix_counts_what_is_taken_for_what() {
    let drawn = outcomes().draw();
    let texts = texts(&drawn.confusion);
    assert!(
        texts.contains(&"0.90 of 10") && texts.contains(&"1.00 of 4") && texts.contains(&"–"),
        "{texts:?}"
    );
    assert_eq!(
        texts
            .iter()
            .filter(|text| **text == "topic &lt;a&gt; &amp; more")
            .count(),
        2
    );
    assert!(
        drawn.confusion.contains("fill-opacity=\"0.906\""),
        "{}",
        drawn.confusion
    );
}

#[test]
fn pictures_are_whole_documents_for_light_and_dark_and_the_same_each_time() {
    let drawn = outcomes().draw();
    assert_eq!(drawn, outcomes().draw());
    for picture in [&drawn.calibration, &drawn.confusion] {
        assert!(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "));
        assert!(picture.ends_with("</svg>\n") && picture.contains("prefers-color-scheme:dark"));
        assert!(!picture.contains("NaN") && !picture.contains("inf"));
        assert_eq!(picture.matches("<text").count(), picture.matches("</text>").count());
    }
    let nothing = Outcomes::new(Vec::new()).draw();
    assert!(!nothing.calibration.contains("NaN") && nothing.confusion.ends_with("</svg>\n"));
}

#[test]
fn only_held_out_documents_are_drawn() {
    let document = |number: usize| Document {
        source: "sib200".to_owned(),
        language: "en".to_owned(),
        title: String::new(),
        text: format!("text {number}"),
        topics: vec!["medtop:15000000".to_owned()],
        finer: None,
        group: None,
        always_fit: false,
    };
    let documents: Vec<Document> = (0..50).map(document).collect();
    let held_out = (0..50).step_by(2).map(|document| HeldOut {
        document,
        scores: vec![("medtop:15000000".into(), 0.75, true)],
    });
    let held_out: Vec<HeldOut> = held_out.collect();
    let drawn = pictures(&documents, &held_out, &Taxonomy::media_topics().unwrap());
    assert!(
        texts(&drawn.calibration).contains(&"English: 25 articles, ECE 0.2500"),
        "{:?}",
        texts(&drawn.calibration)
    );
}
