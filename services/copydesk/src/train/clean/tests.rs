use std::path::{Path, PathBuf};

use clap::Parser;
use cleaner::html::model::Model;

use super::{CleanArguments, run, told};
use crate::train::folder::tests::page;

#[derive(Debug, Parser)]
struct Line {
    #[command(flatten)]
    clean: CleanArguments,
}

fn parse(words: &[&str]) -> Result<CleanArguments, String> {
    let line = Line::try_parse_from(std::iter::once(&"clean").chain(words));
    line.map(|line| line.clean).map_err(|error| error.to_string())
}

const PLACES: [&str; 4] = ["harbour", "station", "market", "bridge"];
const DAYS: [&str; 3] = ["Monday", "Wednesday", "Saturday"];

/// Twelve pages of four sites, of our own writing, each site with a design of its own.
fn press(root: &Path) -> PathBuf {
    let folder = root.join("press");
    let mut gold = String::new();
    for (site, place) in PLACES.iter().enumerate() {
        for (turn, day) in DAYS.iter().enumerate() {
            let id = format!("{place}-{turn}");
            let story = story(place, day);
            page(&folder, &id, design(site, place, day, &story).as_bytes());
            let line = serde_json::json!({
                "id": id, "url": format!("https://www.{place}.example/{turn}"), "text": story.join("\n"),
            });
            gold.push_str(&format!("{line}\n"));
        }
    }
    std::fs::write(folder.join("gold.jsonl"), gold).unwrap();
    folder
}

fn story(place: &str, day: &str) -> [String; 4] {
    [
        format!("The old clock at the {place} stopped on {day}, and for an hour nobody who passed it noticed."),
        format!("A baker who opens his shop near the {place} at five saw it first and rang the keeper of the tower."),
        "The keeper climbed the stairs twice, oiled the wheels and found a pigeon's nest behind the dial.".to_owned(),
        format!(
            "By the evening of {day} it struck again, four minutes late, which the town says is how it ought to be."
        ),
    ]
}

fn design(site: usize, place: &str, day: &str, story: &[String]) -> String {
    let body: String = story.iter().map(|text| format!("<p>{text}</p>")).collect();
    let names = [
        ["nav", "text", "more"],
        ["menu", "body", "next"],
        ["bar", "story", "also"],
        ["top", "entry", "links"],
    ];
    let [menu, text, more] = names[site % names.len()];
    format!(
        "<html><head><title>Clock stops</title></head><body><div class={menu}><a href=/>Home</a> <a href=/w>Weather</a>\
         </div><h1>Clock at the {place} stops on {day}</h1><div class={text}>{body}</div><div class={more}>\
         <h3>More from the {place}</h3><ul><li><a href=/2>A goat crosses the square and nobody minds</a></li>\
         <li><a href=/3>Rain until the end of the week, says the miller</a></li></ul></div>\
         <footer>All rights reserved by the {place}'s paper</footer></body></html>"
    )
}

#[test]
fn the_same_pages_give_the_same_bytes_and_a_table() {
    let root = tempfile::tempdir().unwrap();
    let data = press(root.path());
    let report = root.path().join("figures.md");
    let mut made = Vec::new();
    for turn in ["first", "second"] {
        let out = root.path().join(turn);
        std::fs::create_dir(&out).unwrap();
        let words = [
            "--data",
            data.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
            "--folds",
            "2",
            "--report",
        ];
        let words: Vec<&str> = words.into_iter().chain([report.to_str().unwrap()]).collect();
        run(&parse(&words).unwrap()).unwrap();
        made.push((
            std::fs::read(out.join("blocks.bin")).unwrap(),
            std::fs::read_to_string(&report).unwrap(),
        ));
    }
    assert_eq!(made[0], made[1]);
    let (weights, table) = &made[0];
    assert!(Model::read(weights).is_some_and(|model| !model.trees.is_empty()));
    assert!(
        table.starts_with("12 pages of 4 sites;") && table.contains("\n| press | 12 | "),
        "{table}"
    );
    assert!(table.contains("\n| press with an insertion | "), "{table}");
}

#[test]
fn what_cannot_be_done_is_said_before_the_work() {
    let root = tempfile::tempdir().unwrap();
    let data = press(root.path());
    let twin = press(&root.path().join("twin"));
    let (data, twin, out) = (
        data.to_str().unwrap(),
        twin.to_str().unwrap(),
        root.path().to_str().unwrap(),
    );
    for (words, expected) in [
        (
            vec!["--data", data, "--out", "/no/such/folder"],
            "--out /no/such/folder: no such folder",
        ),
        (
            vec!["--data", "/no/such/set", "--out", out],
            "--data /no/such/set: No such file",
        ),
        (vec!["--data", out, "--out", out], "can't read "),
        (
            vec!["--data", data, "--data", twin, "--out", out],
            "two folders are called press",
        ),
    ] {
        let error = format!("{:#}", run(&parse(&words).unwrap()).unwrap_err());
        assert!(error.contains(expected), "{error}");
    }
    assert!(!root.path().join("blocks.bin").exists());
    for (folds, expected) in [("1", "leaves no page to learn from"), ("x", "not a whole number")] {
        let error = parse(&["--data", data, "--out", out, "--folds", folds]).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    assert!(parse(&["--out", out]).unwrap_err().contains("--data"));
}

#[test]
fn large_steps_have_a_line_of_their_own() {
    use cleaner::train::run::Step;
    for (step, text, is_large) in [
        (Step::Read { done: 3, of: 24 }, "read 3 of 24 pages", false),
        (Step::Prepared { sites: 4, blocks: 120 }, "4 sites, 120 blocks", true),
        (Step::Fold { done: 1, of: 2 }, "fold 1 of 2", true),
        (Step::Trained { trees: 300 }, "300 trees", true),
    ] {
        assert_eq!(told(step), (text.to_owned(), is_large));
    }
}
