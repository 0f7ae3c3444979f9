use super::vectors::Vectors;
use super::{Document, Effort, FOLDS, Settings, TrainError, Trained, curve, fold_of, train};
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
            finer: None,
            group: None,
            always_fit: false,
        }
    };
    (0..count).map(document).collect()
}

fn trained(documents: &[Document], settings: &Settings) -> Trained {
    train(documents, &Vectors::default(), settings, |_| {}).unwrap()
}

#[test]
fn learns_what_the_documents_say() {
    let documents = documents(900);
    let trained = trained(&documents, &Settings::default());
    let model = file::read(&trained.bytes).unwrap();
    let mut tally = Tally::default();
    for held_out in &trained.held_out {
        tally.add(&documents[held_out.document].topics, &held_out.scores());
    }
    let figures = tally.figures();
    assert_eq!(figures.documents, 900, "{figures}");
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
    let model = file::read(&trained(&documents(300), &Settings::default()).bytes).unwrap();
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
    let settings = Settings::default();
    assert_eq!(trained(&documents, &settings), trained(&documents, &settings));
}

#[test]
fn keeps_no_more_features_than_asked() {
    let mut settings = Settings::default();
    settings.english.features = 20;
    let model = file::read(&trained(&documents(300), &settings).bytes).unwrap();
    assert_eq!(model.heads().len(), 1);
    assert_eq!(model.heads()[0].vocabulary.len(), 20);
}

#[test]
fn english_and_other_languages_have_heads_of_their_own() {
    let mut documents = documents(600);
    for document in documents.iter_mut().skip(300) {
        document.language = "id".to_owned();
    }
    let trained = trained(&documents, &Settings::default());
    assert!(trained.held_out.iter().map(|one| one.document).eq(0..600));
    let model = file::read(&trained.bytes).unwrap();
    let languages: Vec<Option<&str>> = model.heads().iter().map(|head| head.language.as_deref()).collect();
    assert_eq!(languages, [Some("en"), None]);
    for (tag, expected) in [("en", 0), ("en-GB", 0), ("id", 1), ("tlh", 1)] {
        let article = Article {
            language: Some(tag),
            ..Article::default()
        };
        assert_eq!(model.head_of(&article), expected, "{tag}");
    }
}

/// Examples of two sports and two kinds of weather, told apart by words with like vectors; the sentences are all
/// different.
fn examples(count: usize) -> (Vec<Document>, Vectors) {
    let kinds = [
        ("football", "sport", ["striker", "goalkeeper", "penalty", "corner"]),
        ("tennis", "sport", ["serve", "racket", "deuce", "volley"]),
        ("rain", "weather", ["shower", "drizzle", "downpour", "flood"]),
        ("snow", "weather", ["flurry", "blizzard", "sleet", "frost"]),
    ];
    let mut vectors = Vectors::default();
    for (kind, (_, _, words)) in kinds.iter().enumerate() {
        for (place, word) in words.iter().enumerate() {
            let mut numbers = [0.1; 5];
            numbers[kind] = 1.0;
            numbers[4] = place as f32 / 10.0;
            vectors
                .add(&format!("{word} {}", numbers.map(|one| one.to_string()).join(" ")))
                .unwrap();
        }
    }
    let document = |number: usize| {
        let (finer, topic, words) = kinds[number % kinds.len()];
        Document {
            source: "examples".to_owned(),
            language: "en".to_owned(),
            title: String::new(),
            text: format!(
                "The {} of day {number} was item{number}",
                words[number / kinds.len() % words.len()]
            ),
            topics: vec![topic.to_owned()],
            finer: Some(finer.to_owned()),
            group: None,
            always_fit: number.is_multiple_of(2),
        }
    };
    ((0..count).map(document).collect(), vectors)
}

#[test]
fn tells_second_level_terms_apart() {
    let (documents, vectors) = examples(800);
    let trained = train(&documents, &vectors, &Settings::default(), |_| {}).unwrap();
    assert_eq!(trained.finer.examples, 800);
    assert!(760 < trained.finer.published_right, "{:?}", trained.finer);
    let model = file::read(&trained.bytes).unwrap();
    let article = Article {
        language: Some("en"),
        text: "A goalkeeper of another day",
        ..Article::default()
    };
    let scores = model.scores(&article);
    let published: Vec<&str> = scores
        .iter()
        .filter(|score| score.published)
        .map(|score| score.topic)
        .collect();
    assert_eq!(published, ["sport", "football"]);
    let explained = model.explain(&article, 2, 1);
    assert_eq!(explained[1].reasons[0].words, "goalkeeper");
}

#[test]
fn few_examples_make_no_second_level() {
    let (documents, vectors) = examples(300);
    let trained = train(&documents, &vectors, &Settings::default(), |_| {}).unwrap();
    assert!(file::read(&trained.bytes).unwrap().heads()[0].finer.is_none());
}

#[test]
fn tells_how_far_it_is() {
    let mut steps = 0;
    let settings = Settings {
        english: Effort {
            epochs: 3,
            ..Settings::default().english
        },
        ..Settings::default()
    };
    train(&documents(300), &Vectors::default(), &settings, |progress| {
        assert!(progress.is_english && progress.epoch <= 3 && progress.fold <= FOLDS + 1);
        steps += 1;
    })
    .unwrap();
    assert_eq!(steps, 3 * 2 * (FOLDS + 1));
}

#[test]
fn a_copy_is_in_the_same_part_as_its_original() {
    let folds = |title: &str, texts: &[&str], group: Option<&str>| -> Vec<usize> {
        let template = &documents(1)[0];
        let document = |text: &&str| Document {
            title: title.to_owned(),
            text: (*text).to_owned(),
            group: group.map(str::to_owned),
            ..template.clone()
        };
        texts.iter().map(|text| fold_of(&document(text))).collect()
    };
    assert_eq!(
        folds("Rain", &["It rained."], None),
        folds(" RAIN: ", &["it rained"], None)
    );
    let texts: Vec<String> = (0..1000).map(|number| format!("text {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let apart = folds("", &texts, None);
    assert!((0..FOLDS).all(|fold| (150..250).contains(&apart.iter().filter(|own| **own == fold).count())));
    let translations = folds("", &texts, Some("one"));
    assert!(translations.iter().all(|fold| *fold == translations[0]));
}

#[test]
fn refuses_what_cannot_be_trained() {
    let settings = Settings::default();
    assert!(matches!(
        train(&[], &Vectors::default(), &settings, |_| {}),
        Err(TrainError::NoDocuments)
    ));
    let mut many = documents(600);
    for (number, document) in many.iter_mut().enumerate() {
        document.topics = vec![format!("topic {}", number % 40)];
    }
    assert!(matches!(
        train(&many, &Vectors::default(), &settings, |_| {}),
        Err(TrainError::TooManyTopics { found: 40 })
    ));
}

#[test]
fn the_learning_curve_rises_to_the_model_of_all_documents() {
    let documents = documents(900);
    let settings = Settings::default();
    let all = trained(&documents, &settings);
    let points = curve(&documents, &Vectors::default(), &settings, &all.held_out, |_| {}).unwrap();
    let learnt: Vec<usize> = points.iter().map(|point| point.documents).collect();
    assert_eq!(learnt.len(), 4);
    assert!(
        learnt.is_sorted_by(|first, second| first < second) && learnt[3] == 900,
        "{learnt:?}"
    );
    assert!(points.iter().all(|point| point.figures.documents == 900));
    assert!(points[0].figures.accuracy_at_1 <= points[3].figures.accuracy_at_1);
}
