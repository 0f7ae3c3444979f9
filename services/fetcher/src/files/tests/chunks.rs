//! However a file is cut into steps, and wherever a kill falls, the same is read.

use proptest::prelude::*;

use super::formats::{record, response};
use super::world::{CALM, World, gzip};
use crate::files::{Pressure, Settings};

fn jsonl() -> impl Strategy<Value = Vec<u8>> {
    let row = (0..50_u32, 0..300_usize).prop_map(|(number, length)| {
        format!(
            "{{\"url\": \"https://harbour.example/{number}\", \"text\": \"{}\"}}",
            "word ".repeat(length)
        )
    });
    let line = prop_oneof![6 => row, 1 => Just("not json".to_owned()), 1 => Just(String::new())];
    (prop::collection::vec(line, 0..20), any::<bool>()).prop_map(|(lines, has_end)| {
        let end = if has_end { "\n" } else { "" };
        format!("{}{end}", lines.join("\n")).into_bytes()
    })
}

fn warc() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let one = (
        0..50_u32,
        0..2_000_usize,
        prop::sample::select(vec!["response", "request", "garbage"]),
    )
        .prop_map(|(number, length, kind)| {
            if kind == "garbage" {
                return b"garbage\r\n".to_vec();
            }
            let html = format!("<p>{}</p>", "word ".repeat(length));
            let block = response("200 OK", "Content-Type: text/html\r\n", html.as_bytes());
            record(kind, &format!("https://harbour.example/{number}"), &block)
        });
    prop::collection::vec(one, 0..12)
}

fn ninjs() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0..50_u32, 0..12).prop_map(|numbers| {
        let item = |number: u32| format!("{{\"uri\": \"urn:example:{number}\", \"body_text\": \"Text.\"}}");
        format!("[{}]", numbers.into_iter().map(item).collect::<Vec<_>>().join(",")).into_bytes()
    })
}

fn file() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    prop_oneof![
        jsonl().prop_map(|bytes| ("a.jsonl", bytes)),
        jsonl().prop_map(|bytes| ("a.jsonl.gz", gzip(&bytes))),
        warc().prop_map(|records| ("a.warc", records.concat())),
        warc().prop_map(|records| (
            "a.warc.gz",
            records.iter().map(|record| gzip(record)).collect::<Vec<_>>().concat()
        )),
        ninjs().prop_map(|bytes| ("a.json", bytes)),
    ]
}

/// What a step meets.
#[derive(Debug, Clone, Copy)]
enum Luck {
    Commits,
    KilledBefore,
    KilledAfter,
}

/// Everything that can be told apart from outside, times aside.
fn outcome(world: &World) -> Vec<String> {
    let found = world.fetched().into_iter().map(|fetched| {
        format!(
            "{} {} {:x?}",
            fetched.trace.fetch_id,
            fetched.url,
            crate::stable_hash::stable_hash(&[&fetched.body])
        )
    });
    let dead = world
        .dead
        .iter()
        .map(|row| format!("{} {} {}", row.subject.fetch_id, row.number, row.detail));
    found.chain(dead).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_lost_and_nothing_repeated(
        (name, bytes) in file(),
        step_records in 1..8_usize,
        step_bytes in 1..20_000_usize,
        room in 1..8_usize,
        luck in prop::collection::vec(
            prop_oneof![2 => Just(Luck::Commits), 1 => Just(Luck::KilledBefore), 1 => Just(Luck::KilledAfter)], 0..40),
    ) {
        let mut at_once = World::new(&[(name, &bytes)]);
        at_once.run();
        let mut world = World::new(&[(name, &bytes)]);
        world.settings = Settings { step_records, step_bytes, ..Settings::default() };
        world.restart();
        // The first step fixes the time that ids hang on; both worlds take it at the same time.
        let mut lucks = luck.into_iter();
        let mut is_begun = false;
        while let Some(step) = world.step(Pressure { live: false, room }) {
            let begins = step.memory.iter().any(|change| matches!(change, schemas::memory::fetcher::FetcherMemory::File(_)));
            let luck = match is_begun {
                true => lucks.next().unwrap_or(Luck::Commits),
                false => Luck::Commits,
            };
            is_begun |= begins;
            match luck {
                Luck::Commits => world.commit(step),
                Luck::KilledBefore => world.restart(),
                Luck::KilledAfter => {
                    world.commit(step);
                    world.restart();
                }
            }
            prop_assert!(world.commits < 1_000);
        }
        let (mut expected, mut actual) = (outcome(&at_once), outcome(&world));
        expected.sort();
        actual.sort();
        prop_assert_eq!(actual, expected);
        prop_assert!(world.step(CALM).is_none());
    }

    #[test]
    fn no_bytes_make_a_reader_panic(
        format in prop::sample::select(schemas::source::FileFormat::ALL),
        pieces in prop::collection::vec(prop_oneof![
            prop::sample::select(vec![
                "WARC/1.0\r\n", "Content-Length: 12\r\n", "Content-Length: 99999999999999999999\r\n", "\r\n\r\n",
                "WARC-Type: response\r\n", "WARC-Target-URI: https://a.example/\r\n", "HTTP/1.1 200 OK\r\n",
                "Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n", "{\"uri\": \"x\", \"bodies\": [{}]}", "[", "{",
                "<nitf>", "<body>", "<body.content>", "<newsItem guid='", "<contentSet>", "<inlineXML>", "</", "]]>", "\n",
            ]).prop_map(|text| text.as_bytes().to_vec()),
            prop::collection::vec(any::<u8>(), 0..20),
        ], 0..30),
    ) {
        let world = super::world::read_one(Some(format), "a", &pieces.concat());
        prop_assert!(world.commits < 1_000);
    }
}
