use super::{Sections, SectionsError};
use crate::model::Filing;
use crate::taxonomy::Taxonomy;

fn sections() -> (Sections, Taxonomy) {
    let taxonomy = Taxonomy::media_topics().unwrap();
    (Sections::known(&taxonomy).unwrap(), taxonomy)
}

/// `expected` is the start of the topic's name; empty where the name must say nothing.
fn check(rows: &[(&str, &str, &str)]) {
    let (sections, taxonomy) = sections();
    for (language, name, expected) in rows {
        let language = (!language.is_empty()).then_some(*language);
        let topic = sections.topic(name, language);
        let found = topic
            .and_then(|topic| taxonomy.term(topic))
            .map_or("", |term| term.name.as_str());
        let fits = if expected.is_empty() {
            found.is_empty()
        } else {
            found.starts_with(expected)
        };
        assert!(fits, "{language:?} {name}: {found:?}, not {expected:?}");
    }
}

#[test]
fn sections_of_many_languages_are_known() {
    check(&[
        ("en", "Sport", "sport"),
        ("en-GB", "Rugby Union", "sport"),
        ("en", "Arts & Culture", "arts"),
        ("en", "Business", "economy"),
        ("en", "Home and Garden", "lifestyle"),
        ("de", "Wirtschaft", "economy"),
        ("de", "Außenpolitik", "politics"),
        ("de", "FEUILLETON", "arts"),
        ("fr", "Économie", "economy"),
        ("fr", "Santé", "health"),
        ("es", "Deportes", "sport"),
        ("es-MX", "Política", "politics"),
        ("pt-BR", "Educação", "education"),
        ("it", "Spettacoli", "arts"),
        ("nl", "Wetenschap", "science"),
        ("sv", "Väder", "weather"),
        ("da", "Kendte", "human interest"),
        ("nb", "Klima og miljø", "environment"),
        ("nn", "Sport", "sport"),
        ("fi", "Urheilu", "sport"),
        ("pl", "Gospodarka", "economy"),
        ("cs", "Krimi", "crime"),
        ("sk", "Zdravie", "health"),
        ("hu", "Időjárás", "weather"),
        ("ro", "Politică", "politics"),
        ("hr", "Gospodarstvo", "economy"),
        ("sr", "Спорт", "sport"),
        ("sl", "Znanost", "science"),
        ("bg", "Икономика", "economy"),
        ("ru", "Наука и техника", "science"),
        ("uk", "Довкілля", "environment"),
        ("el", "Πολιτική", "politics"),
        ("tr", "Kültür-Sanat", "arts"),
        ("ar", "رياضة", "sport"),
        ("fa", "ورزشی", "sport"),
        ("he", "כלכלה", "economy"),
        ("hi", "मनोरंजन", "arts"),
        ("bn", "খেলাধুলা", "sport"),
        ("id", "Olahraga", "sport"),
        ("ms", "Jenayah", "crime"),
        ("vi", "Thể thao", "sport"),
        ("vi", "phap luat", "crime"),
        ("th", "การเมือง", "politics"),
        ("zh", "財經", "economy"),
        ("ja", "経済", "economy"),
        ("ko", "정치", "politics"),
        ("sw", "Michezo", "sport"),
        ("", "Olahraga", "sport"),
        ("", "Sport", "sport"),
    ]);
}

#[test]
fn names_that_mean_anything_say_nothing() {
    check(&[
        ("en", "Life", ""),
        ("en", "Local", ""),
        ("en", "News", ""),
        ("en", "World", ""),
        ("en", "Opinion", ""),
        ("en", "Home", ""),
        ("", "News", ""),
        ("de", "Panorama", ""),
        ("fr", "Monde", ""),
        ("es", "Sucesos", ""),
        ("zh", "社会", ""),
        ("ko", "사회", ""),
        ("id", "Nasional", ""),
        ("en", "a headline, not a section", ""),
        ("en", "", ""),
    ]);
}

#[test]
fn the_language_of_the_article_decides_on_a_shared_name() {
    check(&[
        ("sw", "vita", "conflict"),
        ("it", "Vita", ""),
        ("", "vita", ""),
        ("hr", "Rat", "conflict"),
        ("de", "Rat", ""),
    ]);
}

#[test]
fn the_terms_of_the_taxonomy_are_names_too() {
    check(&[
        ("de", "Justiz, Kriminalität", "crime"),
        ("sv", "Brottslighet", "crime"),
        ("zh", "恐怖活动", "conflict"),
    ]);
}

#[test]
fn section_goes_before_address_before_tag() {
    let (sections, _) = sections();
    let tags = [
        "Football".to_owned(),
        "Elections".to_owned(),
        "medtop:07000000".to_owned(),
    ];
    let filing = Filing {
        section: Some("News > Politics"),
        tags: &tags,
        categories: &[],
        url: "https://paper.example/sport/politics/late-goal",
    };
    let found: Vec<(String, f32)> = sections
        .evidence(&filing, Some("en"))
        .into_iter()
        .map(|evidence| (format!("{} {}", evidence.topic, evidence.found), evidence.strength))
        .collect();
    let expected = [
        ("medtop:11000000 section: News > Politics".to_owned(), 1.0),
        ("medtop:15000000 address: sport".to_owned(), 0.75),
        ("medtop:07000000 tag: medtop:07000000".to_owned(), 0.5),
    ];
    assert_eq!(found, expected);
    assert!(sections.evidence(&Filing::default(), None).is_empty());
}

#[test]
fn a_few_categories_of_a_feed_are_sections_and_many_are_tags() {
    let (sections, _) = sections();
    for (names, expected) in [
        (&["Football"][..], Some(0.75)),
        (&["News", "Local", "Football"], Some(0.75)),
        (&["News", "Local", "Weekend", "Football"], Some(0.5)),
        (&["medtop:15000000"], Some(0.75)),
        (&["medtop:15000000", "News", "Local", "Weekend", "Oddities"], Some(0.75)),
        (&["medtop:15000000", "News", "Local", "Football"], Some(0.75)),
        (&["News"], None),
    ] {
        let categories: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let filing = Filing {
            categories: &categories,
            ..Filing::default()
        };
        let found = sections.evidence(&filing, Some("en"));
        let strength = found.first().map(|evidence| evidence.strength);
        assert_eq!(strength, expected, "{names:?}");
        assert!(found.iter().all(|evidence| evidence.topic == "medtop:15000000"));
    }
}

#[test]
fn a_topic_is_as_sure_as_the_strongest_place_that_names_it() {
    let (sections, _) = sections();
    let categories = ["News", "Local", "Weekend", "Football"].map(str::to_owned);
    let filing = Filing {
        categories: &categories,
        url: "https://gazette.example/sport/a-late-goal",
        ..Filing::default()
    };
    let found = sections.evidence(&filing, Some("en"));
    let [evidence] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((evidence.strength, evidence.found.as_str()), (0.75, "address: sport"));
}

#[test]
fn a_broken_list_names_the_line() {
    let taxonomy = Taxonomy::media_topics().unwrap();
    for broken in [
        "medtop:15000000\ten",
        "medtop:1\ten\tsport",
        "medtop:15000000\ten\tsport\tx",
    ] {
        let text = format!("# names\n{broken}\n");
        assert_eq!(
            Sections::parse(&text, &taxonomy),
            Err(SectionsError::Line { line: 2 }),
            "{broken}"
        );
    }
}

#[test]
fn every_top_term_has_names_in_twenty_languages() {
    let (sections, taxonomy) = sections();
    for topic in taxonomy.top_terms() {
        let meanings = sections.names.values().flatten();
        let languages: std::collections::BTreeSet<&str> = meanings
            .filter(|meaning| meaning.topic == topic.id)
            .map(|meaning| meaning.language.as_str())
            .collect();
        assert!(20 <= languages.len(), "{}: {}", topic.name, languages.len());
    }
}
