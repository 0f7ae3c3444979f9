//! The session turn by turn, on a log in memory, with answers made by hand.

mod desk;

use fetcher::exchange::{Answer, FailureKind, Purpose, Response};
use fetcher::robots::Rules;
use schemas::frontier::FrontierEntry;
use schemas::memory::fetcher::{FetcherMemory, PendingEntry, RobotsState, RobotsVerdict};
use schemas::record::Record as _;
use schemas::source::{Source, SourceChange};

use super::*;
use crate::log::memory::Fault;
use crate::log::{Log as _, Message, Produce};
use desk::{Desk, NOW, PANICS, START, clock, noted};

fn entry(url: &str) -> FrontierEntry {
    FrontierEntry {
        url: url.to_owned(),
        requested_url: url.to_owned(),
        fetch_page: true,
        found_at: clock(),
        ..FrontierEntry::default()
    }
}

/// Makes the machine remember these, as if it had taken them long ago.
fn remember(session: &mut Session<'_>, changes: impl IntoIterator<Item = FetcherMemory>) {
    let machine = session.machines.get_mut(&0).unwrap();
    changes.into_iter().for_each(|change| machine.apply(&change));
}

fn pending(entry: FrontierEntry) -> FetcherMemory {
    FetcherMemory::Pending(PendingEntry {
        entry,
        attempts: 0,
        due_at: clock(),
    })
}

fn taken(session: &mut Session<'_>) -> Vec<Message> {
    match session.poll(Duration::ZERO).unwrap() {
        Polled::Records(messages) => messages,
        Polled::Assigned(_) => panic!("another assignment"),
    }
}

#[test]
fn a_record_that_makes_the_machine_panic_goes_to_the_dead_letters_and_the_next_one_is_taken() {
    let desk = Desk::new();
    let mut session = desk.session(Setbacks::default());
    desk.append(&entry("https://a.test/poison"));
    desk.append(&entry("https://a.test/good"));
    let messages = taken(&mut session);
    assert_eq!(messages.len(), 2);
    PANICS.set(true);
    session.work(&messages).unwrap();
    assert_eq!(desk.count(Topic::Dead(STAGE)), 1);
    let dead = ("https://a.test/poison".to_owned(), Some("panicked".to_owned()));
    assert_eq!(desk.fates(), [dead]);
    assert_eq!(session.machines[&0].pending_count(), 1);
    let committed = desk.log.committed(&group("news", STAGE), Topic::Frontier).unwrap();
    assert_eq!(committed[&(Topic::Frontier, 0)], 2);
}

#[test]
fn a_machine_that_panics_when_asked_rests_until_the_next_sweep() {
    let desk = Desk::new();
    let mut session = desk.session(Setbacks::default());
    PANICS.set(true);
    assert_eq!(session.next(0), None);
    assert_eq!(session.next(0), None);
    PANICS.set(true);
    assert_eq!(session.due(0), None);
    session.sweep().unwrap();
    assert_eq!(session.next(0), Some(Next::Wait(None)));
}

#[test]
fn an_entry_that_can_t_be_remembered_is_not_taken_without() {
    let desk = Desk::new();
    let mut session = desk.session(Setbacks::default());
    let mut large = entry("https://a.test/large");
    large.hints.title = Some("x".repeat(3 * 1024 * 1024));
    desk.append(&large);
    let messages = taken(&mut session);
    session.work(&messages).unwrap();
    assert_eq!(desk.count(Topic::Dead(STAGE)), 1);
    let dead = ("https://a.test/large".to_owned(), Some("oversized".to_owned()));
    assert_eq!(desk.fates(), [dead]);
    assert_eq!(session.machines[&0].pending_count(), 0);
}

/// The poll of a source with this id, and an answer that brings an entry.
fn polled(session: &mut Session<'_>, id: &str) -> (Request, Answer) {
    let source = Source {
        id: id.into(),
        ..Source::of_url("https://a.test/feed")
    };
    let machine = session.machines.get_mut(&0).unwrap();
    machine.apply_source(&SourceChange::Set(source));
    NOW.set(START + 60_000);
    let Some(Next::Request(request)) = session.next(0) else {
        panic!("no poll");
    };
    let feed = Response {
        status: 200,
        headers: Vec::new(),
        body: b"<rss><channel><item><link>https://a.test/1</link></item></channel></rss>".to_vec(),
    };
    (*request, Answer::Response(feed))
}

#[test]
fn of_an_answer_that_can_t_be_remembered_nothing_is_written() {
    let desk = Desk::new();
    let mut session = desk.session(Setbacks::default());
    let (request, answer) = polled(&mut session, &"x".repeat(3 * 1024 * 1024));
    let mut batch = Batch::default();
    // Not even that it failed can be remembered: its host stays busy.
    assert!(!session.answer(0, &request, answer, &mut batch).unwrap());
    assert!(batch.records.is_empty());
    let (request, answer) = polled(&mut session, "short");
    assert!(session.answer(0, &request, answer, &mut batch).unwrap());
    assert!(batch.holds(&[Topic::Frontier]));
}

#[test]
fn an_answer_that_makes_the_machine_panic_counts_as_a_failure() {
    let desk = Desk::new();
    let mut session = desk.session(Setbacks::default());
    let (request, answer) = polled(&mut session, "short");
    let mut batch = Batch::default();
    PANICS.set(true);
    assert!(session.answer(0, &request, answer, &mut batch).unwrap());
    assert!(!batch.holds(&[Topic::Frontier]));
    assert!(batch.holds(&[Topic::Memory(STAGE)]));
    let health: Vec<_> = session.machines[&0].health(clock()).collect();
    assert_eq!(health[0].failures, 1);
}

#[test]
fn a_request_that_panics_has_an_answer_too() {
    let desk = Desk::new();
    let mut answers = Answers::new(1);
    answers.start(
        0,
        Request::default(),
        async { panic!("said the test") },
        desk.runtime.handle(),
    );
    desk.settle();
    let Some((_, _, Answer::Failure(failure))) = answers.next() else {
        panic!("no failure");
    };
    assert_eq!(failure.kind, FailureKind::Decode);
    assert_eq!(answers.under_way(), 0);
}

#[test]
fn entries_that_all_end_at_once_are_committed_by_the_batch() {
    let mut desk = Desk::new();
    desk.limits.batch_records = 20;
    let mut session = desk.session(Setbacks::default());
    let commits = noted(&mut session);
    remember(
        &mut session,
        (0..200).map(|number| pending(entry(&format!("https://a.test/{number}")))),
    );
    let forbidden = FetcherMemory::Robots(RobotsState {
        host: "a.test".to_owned(),
        expires_at: clock().plus_millis(86_400_000),
        verdict: RobotsVerdict::Rules,
        rules: Rules::parse(b"User-agent: *\nDisallow: /", "Copydesk").to_lines(),
        ..RobotsState::default()
    });
    remember(&mut session, [forbidden]);
    NOW.set(START + 60_000);
    session.start_requests().unwrap();
    assert_eq!(session.machines[&0].pending_count(), 0);
    assert_eq!(desk.fates().len(), 200);
    let commits = commits.lock().unwrap();
    assert!(commits.iter().all(|(records, _)| *records <= 22), "{commits:?}");
}

#[test]
fn one_commit_takes_no_more_answers_than_fit() {
    let mut desk = Desk::new();
    desk.limits.batch_bytes = 1_000;
    let mut session = desk.session(Setbacks::default());
    let commits = noted(&mut session);
    for number in 0..4 {
        let host = format!("{number}.test");
        let url = format!("https://{host}/");
        remember(&mut session, [pending(entry(&url))]);
        let request = Request {
            url,
            host,
            purpose: Purpose::Page,
            ..Request::default()
        };
        let page = Answer::Response(Response {
            status: 200,
            headers: Vec::new(),
            body: (0..20_000u32)
                .flat_map(|byte| byte.wrapping_mul(2_654_435_761).to_be_bytes())
                .collect(),
        });
        let runtime = desk.runtime.handle();
        session.answers.start(0, request, async { page }, runtime);
    }
    desk.settle();
    for done in 1..=4 {
        session.work(&[]).unwrap();
        assert_eq!(session.answers.under_way(), 4 - done);
        assert_eq!(session.answers.have_come(), done < 4);
        assert_eq!(
            (desk.count(Topic::Fetched), commits.lock().unwrap().len()),
            (done, done)
        );
    }
}

#[test]
fn hosts_are_left_alone_for_longer_while_nothing_that_they_answer_can_be_committed() {
    let desk = Desk::new();
    desk.append(&SourceChange::Set(Source::of_url("https://a.test/feed")));
    let mut setbacks = Setbacks::default();
    let mut waits = Vec::new();
    for _ in 0..5 {
        NOW.set(START);
        let mut session = desk.session(setbacks);
        let Some(Next::Wait(Some(until))) = session.next(0) else {
            panic!("no wait at a start");
        };
        waits.push(until.millis_since(clock()));
        NOW.set(until.as_millis());
        session.start_requests().unwrap();
        assert_eq!(session.answers.under_way(), 1);
        desk.log.inject(Fault::LostBefore);
        assert!(session.commit(Batch::default(), session.offsets.clone()).is_err());
        setbacks = session.setbacks.failed();
    }
    let delay = i64::from(desk.role.settings.host_delay_ms);
    assert_eq!(waits, [0, 1_000, 2_000, 4_000, 8_000].map(|pause| pause + delay));

    // What says nothing of whether pages can be committed changes nothing.
    let mut session = desk.session(setbacks);
    session.commit(Batch::default(), session.offsets.clone()).unwrap();
    assert_eq!(session.setbacks, setbacks);
    let mut batch = Batch::default();
    let found = Produce::new(entry("https://a.test/").encode().unwrap(), 0);
    batch.records.push(found);
    session.commit(batch, session.offsets.clone()).unwrap();
    assert_eq!(session.setbacks, Setbacks::default());
}

#[test]
fn the_longest_pause_ends() {
    let mut setbacks = Setbacks::default();
    assert_eq!(
        setbacks.failed(),
        setbacks,
        "nothing was asked, so nothing was for nothing"
    );
    for _ in 0..100 {
        setbacks.asked();
        setbacks = setbacks.failed();
    }
    assert_eq!(setbacks.start_at(clock()).millis_since(clock()), 600_000);
}

#[test]
fn room_is_what_all_partitions_of_the_process_leave() {
    let desk = Desk::new();
    let mut session = desk.session(Setbacks::default());
    let settings = desk.role.settings.clone();
    session.machines.insert(1, Fetcher::new(settings, clock()));
    for partition in [0, 1] {
        let machine = session.machines.get_mut(&partition).unwrap();
        machine.apply(&pending(entry("https://a.test/")));
    }
    assert_eq!(session.room(), PENDING_MAX - 2);
    let mut large = entry("https://a.test/large");
    large.feed_html = Some("x".repeat(PENDING_BYTES_MAX));
    session.machines.get_mut(&1).unwrap().apply(&pending(large));
    assert_eq!(session.room(), 0);
}
