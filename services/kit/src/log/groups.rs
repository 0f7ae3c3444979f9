//! Who of a consumer group reads which partitions, inside one process: what a broker's coordinator does for Kafka.
//!
//! Used by the local and the memory log, so that both fence a member that was voted out as a broker does.

use std::collections::BTreeMap;

/// The members of all groups.
#[derive(Debug, Default)]
pub struct Groups {
    groups: BTreeMap<String, Group>,
    next_member: u64,
}

#[derive(Debug, Default)]
struct Group {
    members: Vec<u64>,
    generation: u64,
}

/// A member's seat in its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    /// The group.
    pub group: String,
    member: u64,
    /// The generation whose assignment the member works by; 0 before its first.
    generation: u64,
}

impl Groups {
    /// Adds a member to `group`; every member gets a new assignment.
    pub fn join(&mut self, group: &str) -> Seat {
        self.next_member += 1;
        let entry = self.groups.entry(group.to_owned()).or_default();
        entry.members.push(self.next_member);
        entry.generation += 1;
        Seat {
            group: group.to_owned(),
            member: self.next_member,
            generation: 0,
        }
    }

    /// Takes the member out; every other member gets a new assignment.
    pub fn leave(&mut self, seat: &Seat) {
        if let Some(group) = self.groups.get_mut(&seat.group) {
            group.members.retain(|member| *member != seat.member);
            group.generation += 1;
        }
    }

    /// The partition numbers below `count` that are the member's, when that changed since its last call.
    pub fn assignment(&self, seat: &mut Seat, count: u32) -> Option<Vec<u32>> {
        let group = self.groups.get(&seat.group)?;
        if group.generation == seat.generation {
            return None;
        }
        seat.generation = group.generation;
        let index = group.members.iter().position(|member| *member == seat.member)?;
        let size = u32::try_from(group.members.len()).unwrap_or(u32::MAX);
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        Some((0..count).filter(|partition| partition % size == index).collect())
    }

    /// True while the member's assignment is the group's newest.
    #[must_use]
    pub fn is_current(&self, seat: &Seat) -> bool {
        self.groups
            .get(&seat.group)
            .is_some_and(|group| group.generation == seat.generation && group.members.contains(&seat.member))
    }
}
