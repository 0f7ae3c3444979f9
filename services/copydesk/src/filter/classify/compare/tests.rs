use std::sync::Arc;

use classifier::classifier::Classifier;
use classifier::model::rules::Rules;
use classifier::taxonomy::Taxonomy;
use serde_json::json;

use super::Comparison;
use crate::filter::classify::given::Given;

/// A classifier whose rules give `topic` for `word`.
fn rules(version: &str, rows: &[(&str, &str)]) -> Classifier {
    let mut text = format!("version = \"{version}\"\n");
    for (topic, word) in rows {
        text.push_str(&format!("[[rule]]\ntopic = \"{topic}\"\nany = [\"{word}\"]\n"));
    }
    let rules = Arc::new(Rules::parse(&text).unwrap());
    Classifier::new(rules, Arc::new(Taxonomy::media_topics().unwrap()))
}

const SPORT: &str = "medtop:15000000";
const WEATHER: &str = "medtop:17000000";

/// The old rules know goals and rain, the new ones goals and snow.
fn compared<'c>(old: &'c Classifier, new: &'c Classifier, examples: usize) -> Comparison<'c> {
    let mut comparison = Comparison::new(old, new, examples);
    let texts = ["a goal", "rain", "snow", "rain and snow", "rain and a goal", "nothing"];
    for (number, text) in texts.into_iter().enumerate() {
        let value = json!({ "id": number, "title": format!("On {text}"), "text": text, "language": "en" });
        comparison.add(&Given::read(value).unwrap());
    }
    comparison
}

fn pair() -> (Classifier, Classifier) {
    (
        rules("old", &[(SPORT, "goal"), (WEATHER, "rain")]),
        rules("new", &[(SPORT, "goal"), (WEATHER, "snow")]),
    )
}

#[test]
fn changes_are_counted_by_article_and_by_topic() {
    let (old, new) = pair();
    let found = compared(&old, &new, 2).json();
    let counts = ["articles", "changed", "first_changed", "unread"].map(|name| found[name].as_u64().unwrap());
    assert_eq!(counts, [6, 3, 2, 0], "{found}");
    assert_eq!(found["changed_share"], json!(0.5));
    assert_eq!(found["abstained"], json!({ "old": 2, "new": 2 }));
    let weather = &found["topics"][1];
    assert_eq!(
        (
            &weather["id"],
            &weather["old"],
            &weather["new"],
            &weather["gained"],
            &weather["lost"]
        ),
        (&json!(WEATHER), &json!(3), &json!(2), &json!(1), &json!(2))
    );
    assert_eq!((&weather["first_old"], &weather["first_new"]), (&json!(2), &json!(2)));
    assert!(found["old"].as_str().unwrap().starts_with("old@"));
    // One of two topics moved by 1 in three of six articles.
    assert_eq!(
        found["probability_change"],
        json!({ "mean": 0.25, "mean_of_largest": 0.5 })
    );
}

#[test]
fn the_most_changed_articles_are_named_in_order() {
    let (old, new) = pair();
    let found = compared(&old, &new, 2).json();
    let ids: Vec<u64> = found["most_changed"]
        .as_array()
        .unwrap()
        .iter()
        .map(|example| example["id"].as_u64().unwrap())
        .collect();
    // In both the only topic came or went; the earlier stands first.
    assert_eq!(ids, [1, 2]);
    assert_eq!(compared(&old, &new, 0).json()["most_changed"], json!([]));
    assert_eq!(
        compared(&old, &new, 99).json()["most_changed"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn a_model_agrees_with_itself() {
    let (old, _) = pair();
    let comparison = compared(&old, &old, 5);
    assert!(comparison.changed == 0 && comparison.changed_share() == 0.0);
    let text = comparison.to_string();
    assert!(text.contains("changed                0    0.00 %"), "{text}");
    assert!(!text.contains("most changed:"), "{text}");
}

#[test]
fn the_table_for_people_says_what_happened() {
    let (old, new) = pair();
    let text = compared(&old, &new, 1).to_string();
    for line in [
        "agree                  3   50.00 %",
        "medtop:17000000 weather                                 3        2       1       2",
        "  1 On rain\n    old weather 1.00\n    new none\n",
    ] {
        assert!(text.contains(line), "{text} lacks {line}");
    }
}
