use super::{Document, Progress, Settings, TrainError, Use, part_of, train};
use crate::evaluate::Tally;
use crate::model::{Article, Model, file};

const TOPICS: [(&str, &[&str]); 3] = [
    (
        "sport",
        &[
            "goal", "match", "coach", "league", "striker", "referee", "stadium", "cup",
        ],
    ),
    (
        "weather",
        &["rain", "snow", "forecast", "wind", "storm", "sunny", "frost", "thunder"],
    ),
    (
        "economy",
        &[
            "shares",
            "profit",
            "bank",
            "inflation",
            "market",
            "bonds",
            "trade",
            "tax",
        ],
    ),
];

/// Made-up news: each text mixes four words of its topic with words that any topic has.
fn documents(count: usize) -> Vec<Document> {
    let common = ["officials", "said", "city", "people", "week", "new", "report", "year"];
    let document = |number: usize| {
        let (topic, words) = TOPICS[number % TOPICS.len()];
        let pick = |from: &[&str], step: usize| from[(number / 3 * 5 + step * step * 3 + step) % from.len()].to_owned();
        let text: Vec<String> = (0..4)
            .flat_map(|step| [pick(words, step), pick(&common, step + 2)])
            .collect();
        Document {
            source: "made up".to_owned(),
            language: "en".to_owned(),
            title: format!("{} {number}", pick(&common, 1)),
            text: format!("{} item{number}", text.join(" ")),
            topics: vec![topic.to_owned()],
            always_fit: false,
        }
    };
    (0..count).map(document).collect()
}

#[test]
fn learns_what_the_documents_say() {
    let documents = documents(900);
    let model = file::read(&train(&documents, &Settings::default(), |_| {}).unwrap()).unwrap();
    let mut tally = Tally::default();
    for document in documents
        .iter()
        .filter(|document| part_of(&document.title, &document.text) == Use::Evaluate)
    {
        let article = Article {
            language: Some("en"),
            title: &document.title,
            text: &document.text,
            ..Article::default()
        };
        tally.add(&document.topics, &model.scores(&article));
    }
    let figures = tally.figures();
    assert!(30 < figures.documents, "{figures}");
    assert!(
        0.98 < figures.accuracy_at_1 && figures.calibration_error < 0.1,
        "{figures}"
    );

    let explained = model.explain(
        &Article {
            language: Some("en"),
            title: "",
            text: "The Striker said frost",
            ..Article::default()
        },
        3,
        9,
    );
    let sport = explained
        .iter()
        .find(|explanation| explanation.score.topic == "sport")
        .unwrap();
    let weight = |words: &str| {
        sport
            .reasons
            .iter()
            .find(|reason| reason.words == words)
            .map(|reason| reason.weight)
    };
    assert!(weight("striker").is_some_and(|weight| 0.0 < weight), "{sport:?}");
    assert!(weight("frost").is_some_and(|weight| weight < 0.0), "{sport:?}");
}

#[test]
fn abstains_where_nothing_is_known() {
    let model = file::read(&train(&documents(300), &Settings::default(), |_| {}).unwrap()).unwrap();
    for text in ["", "Zwölf Boxkämpfer jagen Viktor", "12345"] {
        let article = Article {
            language: None,
            title: "",
            text,
            ..Article::default()
        };
        assert!(model.scores(&article).iter().all(|score| !score.published), "{text}");
    }
}

#[test]
fn the_same_documents_give_the_same_bytes() {
    let documents = documents(300);
    let first = train(&documents, &Settings::default(), |_| {}).unwrap();
    assert_eq!(first, train(&documents, &Settings::default(), |_| {}).unwrap());
}

#[test]
fn keeps_no_more_features_than_asked() {
    let settings = Settings {
        features: 20,
        ..Settings::default()
    };
    let model = file::read(&train(&documents(300), &settings, |_| {}).unwrap()).unwrap();
    assert_eq!(model.parts().vocabulary.len(), 20);
}

#[test]
fn tells_how_far_it_is() {
    let mut epochs = 0;
    let settings = Settings {
        epochs: 3,
        ..Settings::default()
    };
    train(&documents(300), &settings, |progress| {
        epochs += usize::from(matches!(progress, Progress::Epoch { .. }));
    })
    .unwrap();
    assert_eq!(epochs, 6);
}

#[test]
fn a_copy_is_on_the_same_side_as_its_original() {
    assert_eq!(part_of("Rain", "It rained."), part_of(" RAIN: ", "it rained"));
    let parts: Vec<Use> = (0..1000).map(|number| part_of("", &format!("text {number}"))).collect();
    let share = |part: Use| parts.iter().filter(|own| **own == part).count();
    assert!((40..120).contains(&share(Use::Evaluate)) && (40..120).contains(&share(Use::Calibrate)));
}

#[test]
fn refuses_what_cannot_be_trained() {
    let settings = Settings::default();
    assert!(matches!(train(&[], &settings, |_| {}), Err(TrainError::NoDocuments)));
    let mut many = documents(600);
    for (number, document) in many.iter_mut().enumerate() {
        document.topics = vec![format!("topic {}", number % 40)];
    }
    assert!(matches!(
        train(&many, &settings, |_| {}),
        Err(TrainError::TooManyTopics { found: 40 })
    ));
}
