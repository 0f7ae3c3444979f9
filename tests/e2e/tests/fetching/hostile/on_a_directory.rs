//! All roles in one process on a local directory.

use e2e::program::Running;
use e2e::topics::Follower;

use super::run::Run;
use super::{OPTIONS, PATIENCE};
use crate::words;

#[test]
fn of_every_misbehaving_site_comes_what_should_across_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let place = words(&format!("--data-dir {}", directory.path().join("data").display()));
    let log = directory.path().join("up.log");
    let mut run = Run::new(&place, vec![log.clone()]);
    let start = || Running::start(words(&format!("up {OPTIONS}")).iter().chain(&place), &log);

    let killed = start();
    Follower::start("fates", &place).wait("60 fates", PATIENCE, |fates| fates.len() >= 60);
    run.kill(killed);

    let running = start();
    // Whoever only reads would open the directory itself as long as nobody owns it, and be in the way.
    Follower::start("fates", &place).wait("60 fates again", PATIENCE, |fates| fates.len() >= 60);
    run.check();
    assert!(running.terminate().success());
}
