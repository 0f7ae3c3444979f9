//! All roles in one process on a local directory.

use std::path::Path;
use std::time::Duration;

use e2e::press::Press;
use e2e::program::{Running, run_well};
use e2e::topics::Follower;

use super::verdict;

const PATIENCE: Duration = Duration::from_secs(180);

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn up(place: &[String], log: &Path) -> Running {
    let options = "up --set fetcher.allow_networks=127.0.0.0/8 --set fetcher.host_delay_ms=10 \
                   --set fetcher.poll_interval_min_seconds=1 --set fetcher.first_poll_entries=500 --set admin.listen=";
    let options = options.split_whitespace().map(str::to_owned);
    Running::start(options.chain(place.iter().cloned()), log)
}

#[test]
fn the_newsroom_comes_out_as_it_should_across_a_kill_and_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let (data, log) = (directory.path().join("data"), directory.path().join("up.log"));
    let place = words(&format!("--data-dir {}", data.display()));
    let press = Press::start(80, 20.0);
    run_well(press.sources_add().iter().chain(&place));

    let killed = up(&place, &log);
    Follower::start("fates", &place).wait("50 fates", PATIENCE, |fates| fates.len() >= 50);
    killed.kill();

    let stopped = up(&place, &log);
    Follower::start("fates", &place).wait("150 fates", PATIENCE, |fates| fates.len() >= 150);
    assert!(stopped.terminate().success());

    let running = up(&place, &log);
    Follower::start("fates", &place).wait("fates of everything", PATIENCE, |fates| press.is_settled(fates));
    verdict::check(&press.truth(), &place);
    assert!(running.terminate().success());
    // The directory tells the same without its owner.
    verdict::check(&press.truth(), &place);
    let polite = press.hits().iter().all(|hit| hit.user_agent.starts_with("copydesk/"));
    assert!(polite, "every request says who asks");
}
