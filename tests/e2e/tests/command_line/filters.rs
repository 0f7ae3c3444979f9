//! The offline filters as other programs call them.

use std::io::Write as _;
use std::process::{Command, Stdio};

use e2e::program::binary;
use serde_json::{Value, json};

fn answers(arguments: &[&str], lines: &[Value]) -> Vec<Value> {
    let mut filter = Command::new(binary());
    let mut filter = filter
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = filter.stdin.take().unwrap();
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = filter.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

const STORY: &str = "The harbour authority of Lindholm reopened the ferry line to the outer islands on Sunday after nine days \
    without service, and the first boat left with four hundred passengers on board.\n\nA storm had torn the pontoon at the \
    northern pier from its chains. Divers needed a week to find the last of the anchors, the authority said, and the repair \
    will cost about 1.2 million crowns.\n\nThe islands' council has asked the ministry for a second pier, which it was promised \
    in 2019. The minister told reporters that the money is in next year's budget.";

#[test]
fn clean_answers_every_line_in_order() {
    let page = format!(
        "<html><head><title>Ferry line reopens - Example Daily</title></head><body><nav><a href=/>Home</a> <a href=/s>Sport</a></nav>\
         <article><h1>Ferry line reopens</h1>{}</article><footer>Copyright Example Daily</footer></body></html>",
        STORY
            .split("\n\n")
            .map(|paragraph| format!("<p>{paragraph}</p>"))
            .collect::<String>()
    );
    let got = answers(
        &["clean"],
        &[
            json!({"id": 1, "html": page}),
            json!({"id": "two"}),
            json!({"id": 3, "text": STORY}),
            json!({"id": 4, "html": "<p>Hi"}),
        ],
    );
    assert_eq!(got.len(), 4);
    assert_eq!(
        (&got[0]["id"], &got[0]["title"], &got[0]["text"]),
        (&json!(1), &json!("Ferry line reopens"), &json!(STORY))
    );
    assert_eq!(
        (&got[1]["id"], &got[1]["error"]["code"]),
        (&json!("two"), &json!("bad_input"))
    );
    assert_eq!((&got[2]["id"], &got[2]["text"]), (&json!(3), &json!(STORY)));
    assert_eq!(got[3]["id"], json!(4));
    assert!(got[3]["filtered"].is_string(), "{}", got[3]);
}

#[test]
fn dedup_finds_the_copy_and_only_the_copy() {
    let other = "Voters in the mountain canton of Aurach go to the polls next week to decide on a new tunnel, which opponents say \
        would bring more traffic than the valley can bear. The government expects the vote to be close, after a campaign in which \
        both camps spent more than in any other since the war. Turnout was 41 percent at the last vote.";
    let line = |id: &str, title: &str, text: &str| json!({"id": id, "title": title, "text": text, "published_at": "2026-11-22T10:00:00Z", "source": id});
    let copy = format!("{STORY}\n\nThe North Wind Agency contributed to this report.");
    let got = answers(
        &["dedup"],
        &[
            line("a", "Ferry line reopens", STORY),
            line("b", "Aurach votes on tunnel", other),
            line("c", "Islands reached again", &copy),
        ],
    );
    let duplicate_of: Vec<&Value> = got.iter().map(|answer| &answer["duplicate_of"]).collect();
    assert_eq!(duplicate_of, [&Value::Null, &Value::Null, &json!("a")]);
    assert_eq!((&got[2]["cluster"], &got[2]["relation"]), (&json!("a"), &json!("copy")));
    assert!(got[2]["similarity"].as_f64().unwrap() > 0.5);
}

#[test]
fn dedup_says_whose_place_a_late_original_takes() {
    let line = |id: &str, published_at: &str| json!({"id": id, "title": "Ferry line reopens", "text": STORY, "published_at": published_at, "source": id});
    let mut credited = line("c", "2026-11-22T12:00:00Z");
    credited["agency"] = json!("AP");
    let got = answers(
        &["dedup"],
        &[
            line("a", "2026-11-22T11:00:00Z"),
            line("b", "2026-11-22T10:00:00Z"),
            credited,
            line("d", "2026-11-22T13:00:00Z"),
        ],
    );
    let place = |at: usize| (got[at]["replaces"].clone(), got[at]["reason"].clone());
    assert_eq!(place(1), (json!("a"), json!("earlier")));
    assert_eq!(place(2), (json!("b"), json!("credit")));
    assert_eq!(got[3]["duplicate_of"], json!("c"));
    assert!(got.iter().all(|answer| answer["cluster"] == json!("a")));
}

#[test]
fn classify_gives_topics_best_first() {
    let text = "The striker scored twice in the second half as the home team won the cup final 3-1 in front of 40,000 fans. The coach \
        praised his players after the match, the club's first title in the league since 1998. The goalkeeper saved a penalty.";
    let got = answers(
        &["classify", "--all"],
        &[json!({"id": "s", "title": "Late goals win the cup final", "text": text})],
    );
    assert_eq!(
        (&got[0]["id"], &got[0]["language"], &got[0]["topics"][0]["id"]),
        (&json!("s"), &json!("en"), &json!("medtop:15000000"))
    );
    let scores: Vec<f64> = got[0]["topics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|topic| topic["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|one, other| other <= one), "{scores:?}");
}

/// A file of rules that gives the topic for sport to articles with `word`.
fn rules(folder: &std::path::Path, name: &str, word: &str) -> String {
    let path = folder.join(name);
    let text = format!("version = \"{name}\"\n[[rule]]\ntopic = \"medtop:15000000\"\nany = [\"{word}\"]\n");
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn classify_compares_two_models_before_one_goes_live() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (
        rules(folder.path(), "old.toml", "goal"),
        rules(folder.path(), "new.toml", "match"),
    );
    let articles = folder.path().join("articles.jsonl");
    let line = |id: &str, text: &str| json!({"id": id, "title": "", "text": text, "language": "en"}).to_string();
    let lines = [
        line("both", "a goal in the match"),
        line("lost", "a goal"),
        line("neither", "a vote"),
    ];
    std::fs::write(&articles, lines.join("\n")).unwrap();
    let compared = |more: &[&str]| {
        let mut command = Command::new(binary());
        command
            .args(["classify", "--json", "--compare", &old, &new])
            .args(more)
            .arg(&articles);
        command.output().unwrap()
    };
    let output = compared(&[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&found["articles"], &found["changed"]),
        (&json!(3), &json!(1)),
        "{found}"
    );
    assert!(found["old"].as_str().unwrap().starts_with("old.toml@"), "{found}");
    assert_eq!(found["most_changed"][0]["id"], json!("lost"), "{found}");
    // A third of the articles changed: a build that allows a tenth stops here, one that allows a half goes on.
    assert_eq!(compared(&["--fail-above", "0.1"]).status.code(), Some(1));
    assert!(compared(&["--fail-above", "0.5"]).status.success());
}

#[test]
fn a_model_that_cannot_be_used_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("cut.model");
    std::fs::write(&model, b"cdtopics\x01").unwrap();
    let name = model.display().to_string();
    for arguments in [
        vec!["classify", "--model", &name],
        vec!["classify", "--compare", "built-in", &name],
    ] {
        let output = Command::new(binary())
            .args(&arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains(&name),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn probe_answers_cases_of_the_fetcher() {
    let got = answers(
        &["probe", "ssrf"],
        &[
            json!({"id": 1, "url": "http://169.254.169.254/"}),
            json!({"id": 2, "url": "https://93.184.215.14/"}),
        ],
    );
    assert_eq!((&got[0]["allow"], &got[1]["allow"]), (&json!(false), &json!(true)));
    let got = answers(
        &["probe", "date"],
        &[json!({"id": 1, "s": "Thu, 01 Jan 1970 00:01:00 GMT"})],
    );
    assert_eq!(got[0]["epoch"], json!(60));
}
