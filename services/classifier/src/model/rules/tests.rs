use super::{InvalidRules, Rules};
use crate::model::{Article, Model};
use crate::taxonomy::Taxonomy;

const RULES: &str = r#"
    version = "desk-1"
    [[rule]]
    topic = "medtop:17000000"
    any = ["storm warning", "Schneefall", "大雪"]
    none = ["political storm"]
    [[rule]]
    topic = "medtop:15000000"
    any = ["cup final", "월드컵 결승"]
"#;

fn check(text: &str, expected: &[&str]) {
    let rules = Rules::parse(RULES).unwrap();
    let article = Article {
        text,
        ..Article::default()
    };
    let scores = rules.scores(&article);
    assert_eq!(scores.len(), 2);
    let published: Vec<&str> = scores
        .iter()
        .filter(|score| score.published)
        .map(|score| score.topic)
        .collect();
    assert_eq!(published, expected, "{text}");
}

#[test]
fn a_phrase_gives_its_topic() {
    check("A Storm Warning is in force.", &["medtop:17000000"]);
    check("The storm came without a warning.", &[]);
    check("Der Schneefall hält an.", &["medtop:17000000"]);
    check("气象台：明天有大雪。", &["medtop:17000000"]);
    check("오늘 월드컵 결승 경기가 열린다.", &["medtop:15000000"]);
    check(
        "Storm warning before the cup final",
        &["medtop:15000000", "medtop:17000000"],
    );
}

#[test]
fn a_forbidden_phrase_takes_it_back() {
    check("Storm warning for the cabinet: a political storm gathers.", &[]);
}

#[test]
fn says_which_phrase_decided() {
    let rules = Rules::parse(RULES).unwrap();
    let explained = rules.explain(
        &Article {
            title: "The cup final",
            ..Article::default()
        },
        5,
        5,
    );
    assert_eq!(explained.len(), 1);
    assert_eq!(explained[0].reasons[0].words, "cup final");
}

#[test]
fn phrases_that_begin_alike_are_told_apart() {
    let rules = Rules::parse(
        "version = \"1\"\n[[rule]]\ntopic = \"a\"\nany = [\"red\"]\n[[rule]]\ntopic = \"b\"\nany = [\"red cross\"]\n\
         [[rule]]\ntopic = \"c\"\nany = [\"red cross worker\", \"blue\"]\nnone = [\"red cross nurse\"]\n\
         [[rule]]\ntopic = \"c\"\nany = [\"green\"]",
    )
    .unwrap();
    for (text, expected) in [
        ("a red door", &["a"][..]),
        ("the Red Cross", &["a", "b"]),
        ("a Red Cross worker", &["a", "b", "c"]),
        ("a Red Cross nurse in blue", &["a", "b"]),
        ("a Red Cross nurse in green", &["a", "b", "c"]),
        ("cross", &[]),
        ("", &[]),
    ] {
        let article = Article {
            text,
            ..Article::default()
        };
        let scores = rules.scores(&article);
        let published = scores.iter().filter(|score| score.published);
        assert_eq!(
            published.map(|score| score.topic).collect::<Vec<&str>>(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn a_rule_that_cannot_work_is_named_with_its_line() {
    let check = |rules: &str, rule: usize, line: usize, detail: &str| {
        let InvalidRules {
            rule: found_rule,
            line: found_line,
            detail: found,
        } = Rules::parse(rules).unwrap_err();
        assert_eq!((found_rule, found_line), (rule, line), "{rules}: {found}");
        assert!(found.contains(detail), "{found} lacks {detail}");
    };
    let second =
        |rule: &str| format!("version = \"1\"\n\n[[rule]]\ntopic = \"a\"\nany = [\"rain\"]\n\n[[rule]]\n{rule}");
    check(&second("topic = \"a\"\nany = []"), 2, 7, "any: ");
    check(&second("topic = \"\"\nany = [\"rain\"]"), 2, 7, "topic: ");
    check(&second("topic = \"a\"\nany = [\"…\"]"), 2, 7, "any: \"…\"");
    check(
        &second("topic = \"a\"\nany = [\"rain snow\"]\nnone = [\"-\"]"),
        2,
        7,
        "none: \"-\"",
    );
    check(&second("topic = \"a\"\nany = [\"rain\"]\nall = []"), 2, 10, "all");
    check(&second("topic = \"a\""), 2, 7, "any");
    check(&second("topic = 5\nany = [\"rain\"]"), 2, 8, "string");
    check("version = \"\"", 0, 1, "version");
    check("", 0, 1, "version");
    check("version = ", 0, 1, "");
    let error = Rules::parse(&second("topic = \"a\"\nany = []")).unwrap_err();
    assert!(error.to_string().starts_with("rule 2 (line 7): any: "), "{error}");
}

#[test]
fn a_topic_that_the_taxonomy_lacks_is_named() {
    let taxonomy = Taxonomy::media_topics().unwrap();
    let check = |topic: &str| {
        let text = format!("version = \"1\"\n[[rule]]\ntopic = \"{topic}\"\nany = [\"rain\"]");
        Rules::parse(&text)
            .unwrap()
            .check(&taxonomy)
            .map_err(|error| error.to_string())
    };
    assert_eq!(check("medtop:17000000"), Ok(()));
    assert_eq!(check("medtop:20001128"), Ok(()));
    assert!(
        check("medtop:99")
            .unwrap_err()
            .starts_with("rule 1 (line 2): topic: \"medtop:99\"")
    );
}
