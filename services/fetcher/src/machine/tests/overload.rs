//! A host with more work than it may be asked to do.

use schemas::frontier::{Errand, ErrandPurpose, FrontierRecord};
use schemas::source::Source;

use super::world::{Origin, World, ok, rss};
use crate::exchange::Purpose;

#[test]
fn errands_and_polls_both_get_their_turn_on_a_host_that_is_far_behind() {
    let mut world = World::new(&[]);
    world.settings.host_delay_ms = 60_000;
    world.sources = (0..1_000)
        .map(|number| Source::of_url(&format!("https://example.org/feed/{number}")))
        .collect();
    world.recall();
    for number in 0..300 {
        world.frontier.push(FrontierRecord::Errand(Box::new(Errand {
            url: format!("https://example.org/moved/{number}"),
            purpose: ErrandPurpose::Feed {
                source_id: "elsewhere".into(),
            },
            owner: "elsewhere.example".to_owned(),
            asked_at: world.now,
            ..Errand::default()
        })));
    }
    let mut origin: Origin = Box::new(|_, _| ok(&rss(&[])));
    world.run_for(4 * 3_600, &mut origin);
    let errands = world
        .requests
        .iter()
        .filter(|(_, request)| matches!(request.purpose, Purpose::Errand(_)));
    let (errands, all) = (errands.count(), world.requests.len());
    assert!((230..=241).contains(&all), "{all}");
    assert!((80..=95).contains(&errands), "{errands} of {all}");
}
