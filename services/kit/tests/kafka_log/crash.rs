//! A broker that dies and comes back.

use std::time::Duration;

use e2e::kafka::Broker;
use kit::log::kafka::{KafkaLog, KafkaSettings};
use kit::log::{Commit, Log, LogError, Offsets, Polled, Worker};

use super::{INPUT, MEMORY, OUTPUT, PLAN, STEP, content, record};

const COUNT: u64 = 300;

#[test]
fn a_killed_broker_loses_and_doubles_nothing() {
    let Some(mut broker) = Broker::start() else { return };
    let mut settings = KafkaSettings::new(broker.bootstrap(), &broker.unique_prefix(), "one");
    // A dead broker is given up soon, and the member that could not say goodbye to it is forgotten soon.
    settings.transaction_timeout = Duration::from_secs(10);
    settings.request_timeout = Duration::from_secs(5);
    settings
        .properties
        .insert("session.timeout.ms".to_owned(), "6000".to_owned());
    let log = KafkaLog::connect(settings).unwrap();
    log.apply_topics(&PLAN).unwrap();
    log.append((0..COUNT).map(|number| record(INPUT, 0, &number.to_string())).collect())
        .unwrap();
    let (mut kills, mut failures) = (0, 0);
    while let Err(error) = log
        .worker("g", &[INPUT])
        .and_then(|mut worker| pass_on(worker.as_mut(), &mut broker, &mut kills))
    {
        assert!(error.is_transient(), "{error}");
        failures += 1;
        assert!(failures < 20, "{error}");
        broker.restart();
    }
    assert_eq!(kills, 2);
    assert!(failures > 0, "the first kill went unnoticed");
    let expected: Vec<String> = (0..COUNT).map(|number| number.to_string()).collect();
    assert_eq!(content(&log, OUTPUT, 0), expected);
    assert_eq!(content(&log, MEMORY, 0), expected);
    assert_eq!(log.committed("g", INPUT).unwrap().get(&(INPUT, 0)), Some(&COUNT));
}

/// Passes records on one by one up to the last or to an error. At the 100th the broker dies before the commit, and
/// stays dead; at the 200th it dies under the commit and comes back.
fn pass_on(worker: &mut dyn Worker, broker: &mut Broker, kills: &mut u32) -> Result<(), LogError> {
    let mut offsets = Offsets::new();
    loop {
        let records = match worker.poll(1, 1 << 20, STEP)? {
            Polled::Records(records) => records,
            Polled::Assigned(assigned) => {
                offsets = assigned;
                if offsets.get(&(INPUT, 0)) == Some(&COUNT) {
                    return Ok(());
                }
                continue;
            }
        };
        let Some(message) = records.into_iter().next() else {
            continue;
        };
        let value = String::from_utf8(message.value.unwrap()).unwrap();
        offsets.insert((message.topic, message.partition), message.offset + 1);
        let records = vec![record(OUTPUT, 0, &value), record(MEMORY, 0, &value)];
        let commit = Commit {
            records,
            offsets: offsets.clone(),
        };
        match (value.as_str(), *kills) {
            ("100", 0) => {
                *kills = 1;
                broker.kill();
                worker.commit(commit)?;
            }
            ("200", 1) => {
                *kills = 2;
                std::thread::scope(|scope| {
                    scope.spawn(|| {
                        broker.kill();
                        broker.restart();
                    });
                    worker.commit(commit)
                })?;
            }
            _ => worker.commit(commit)?,
        }
        if message.offset + 1 == COUNT {
            return Ok(());
        }
    }
}
