//! Which file is read, and when.

use schemas::source::{Source, SourceChange};

use super::world::{CALM, World};
use crate::files::{Cause, Pressure, Settings, Work};

fn rows(names: &[&str]) -> Vec<u8> {
    let row = |name: &&str| format!("{{\"url\": \"https://harbour.example/{name}\", \"text\": \"Text of {name}.\"}}\n");
    names.iter().map(row).collect::<String>().into_bytes()
}

fn urls(names: &[&str]) -> Vec<String> {
    names
        .iter()
        .map(|name| format!("https://harbour.example/{name}"))
        .collect()
}

#[test]
fn waits_while_the_live_lane_has_something_to_do_or_later_stages_have_enough() {
    let mut world = World::new(&[("a.jsonl", &rows(&["a", "b"]))]);
    for _ in 0..2 {
        let listing = world.listing();
        let _ = world.lane.looked(&world.source.id, Ok(listing), world.now);
    }
    let waits = |world: &World, pressure: Pressure| match world.lane.next(world.now, pressure) {
        Work::Wait(wait) => wait.cause,
        other => panic!("{other:?}"),
    };
    let live = Pressure { live: true, room: 50 };
    assert_eq!(waits(&world, live), Some(Cause::Live));
    assert_eq!(waits(&world, Pressure { live: false, room: 0 }), Some(Cause::Lag));
    // Not even a look at a directory comes before live work.
    world.now = world.now.plus_millis(60_000);
    assert_eq!(waits(&world, live), Some(Cause::Live));
    assert!(matches!(
        world.lane.next(world.now, Pressure { live: false, room: 0 }),
        Work::Look(_)
    ));
    // Room for one is used for one.
    let step = world.step(Pressure { live: false, room: 1 }).unwrap();
    world.commit(step);
    let step = world.step(Pressure { live: false, room: 1 }).unwrap();
    world.commit(step);
    assert_eq!(world.urls(), urls(&["a"]));
    world.run();
    assert_eq!(waits(&world, live), None);
    assert_eq!(world.urls(), urls(&["a", "b"]));
}

#[test]
fn a_file_is_read_once_it_has_settled() {
    let mut world = World::new(&[("a.jsonl", &rows(&["a"]))]);
    let id = world.source.id.clone();
    let reads = |world: &World| matches!(world.lane.next(world.now, CALM), Work::Read(_));
    let look = |world: &mut World| {
        let listing = world.listing();
        let _ = world.lane.looked(&id, Ok(listing), world.now);
    };
    look(&mut world);
    assert!(!reads(&world));
    world.put("a.jsonl", &rows(&["a", "b"]));
    look(&mut world);
    assert!(!reads(&world), "it was just written to");
    look(&mut world);
    assert!(reads(&world));
    let Work::Read(read) = world.lane.next(world.now, CALM) else {
        panic!("nothing to read");
    };
    world.lane.unsettle(&read);
    assert!(!reads(&world), "it changed between look and opening");
    world.run();
    assert_eq!(world.urls(), urls(&["a", "b"]));
}

#[test]
fn lines_that_are_added_are_read_and_no_others() {
    let mut world = World::new(&[("a.jsonl", &rows(&["a", "b"]))]);
    world.run();
    world.put("a.jsonl", &rows(&["a", "b", "c"]));
    world.restart();
    world.run();
    assert_eq!(world.urls(), urls(&["a", "b", "c"]));
    assert_eq!(world.state("a.jsonl").rows, 3);
    world.put("a.jsonl", &rows(&["x", "b", "c", "d"]));
    world.run();
    assert_eq!(
        world.urls(),
        urls(&["a", "b", "c", "x", "b", "c", "d"]),
        "another beginning: another file"
    );
}

#[test]
fn a_line_that_grows_after_it_was_read_is_read_again() {
    let whole = rows(&["a", "b"]);
    let mut world = World::new(&[("a.jsonl", &whole[..whole.len() - 9])]);
    world.run();
    assert_eq!((world.urls(), world.dead.len()), (urls(&["a"]), 1));
    world.put("a.jsonl", &whole);
    world.run();
    assert_eq!((world.urls(), world.dead.len()), (urls(&["a", "b"]), 1));
    let ids: Vec<&str> = world
        .fetched()
        .iter()
        .map(|fetched| fetched.trace.fetch_id.as_str())
        .collect();
    assert!(!ids.contains(&world.dead[0].subject.fetch_id.as_str()));
}

#[test]
fn a_file_that_changes_is_read_anew_under_new_ids() {
    let page = |text: &str| format!("<link rel=canonical href=https://harbour.example/a><p>{text}</p>").into_bytes();
    let mut world = World::new(&[("a.html", &page("One."))]);
    world.run();
    world.put("a.html", &page("Two."));
    world.run();
    let fetched = world.fetched();
    assert_eq!((fetched.len(), fetched[0].url.as_str()), (2, fetched[1].url.as_str()));
    assert_ne!(fetched[0].trace.fetch_id, fetched[1].trace.fetch_id);
}

#[test]
fn sources_take_turns() {
    let many: Vec<String> = (0..10).map(|number| format!("big{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut world = World::new(&[("big.jsonl", &rows(&many))]);
    world.settings = Settings {
        step_records: 1,
        ..Settings::default()
    };
    world.restart();
    // Both sources show the same file, which is enough to see whose turn it is.
    let other = Source::of_url("file:///srv/other");
    world.lane.apply_source(&SourceChange::Set(other.clone()));
    let mut turns = Vec::new();
    while turns.len() < 6 {
        let step = world.step(CALM).unwrap();
        turns.extend(step.found.first().map(|found| match found {
            crate::found::Found::Fetched(fetched) => fetched.trace.source_id == other.id,
            other => panic!("no page: {other:?}"),
        }));
        world.commit(step);
    }
    assert!(turns.windows(2).all(|pair| pair[0] != pair[1]), "{turns:?}");
}

#[test]
fn a_paused_source_rests_and_a_removed_one_is_forgotten() {
    let mut world = World::new(&[("a.jsonl", &rows(&["a"]))]);
    world.source.paused = true;
    world.restart();
    world.run();
    assert_eq!(world.commits, 0);
    world.source.paused = false;
    world.restart();
    world.run();
    assert_eq!(world.lane.files_of(&world.source.id).count(), 1);
    world.lane.apply_source(&SourceChange::Removed(world.source.id.clone()));
    world.run();
    assert_eq!(world.lane.files_of(&world.source.id).count(), 0);
    assert!(!world.lane.has_sources() || world.step(CALM).is_none());
}

#[test]
fn trouble_with_a_source_is_written_down_once() {
    let mut world = World::new(&[]);
    let refused = || Err("it is not below a directory of fetcher.file_roots".to_owned());
    let id = world.source.id.clone();
    let step = world.lane.looked(&id, refused(), world.now);
    assert_eq!(step.memory.len(), 1);
    world.commit(step);
    assert!(world.lane.looked(&id, refused(), world.now).is_empty());
}
