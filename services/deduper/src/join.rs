//! Which of the articles that an article resembles it joins, if any.
//!
//! The likeliest copy alone would chain stories: a brief of one event resembles two reporters' texts, and so puts them
//! into one cluster. So the cluster is asked, too.

use crate::deduper::Match;
use crate::pair::Pair;
use crate::store::Name;

fn shares_wording(pair: &Pair) -> bool {
    let is_scattered = PARTS <= pair.short.spread.min(pair.long.spread) && ORDER <= pair.order;
    WORDING <= pair.short.part_cover || SCATTERED <= pair.short.part_cover && is_scattered
}

/// The mean probability that the members of a cluster which were looked at must give.
const AGREEMENT: f32 = 0.3;
/// The share of the shorter text that the other one must have, whatever else agrees: the same headline, numbers and
/// names are the same event, not the same copy, and so is an agency's sentence or two at the head of a long text.
const WORDING: f32 = 0.34;
/// The share that is enough where the shared passages stand in most parts of both texts and in one order: a copy full of
/// misprints has hardly a run of words whole, but it has some everywhere.
const SCATTERED: f32 = 0.2;
/// The share of the parts of each text in which anything must be shared then, and of the passages in one order.
const PARTS: f32 = 0.6;
const ORDER: f32 = 0.8;

/// The match to join: the likeliest whose wording is shared and whose cluster agrees. `matches` are those of one
/// article, the likeliest first.
pub(crate) fn joined<'a, 'b>(matches: &'b [Match<'a>], threshold: f32) -> Option<&'b Match<'a>> {
    let likely = matches.iter().take_while(|found| threshold <= found.probability);
    likely
        .filter(|found| shares_wording(&found.pair))
        .find(|found| AGREEMENT <= agreement(matches, found.kept.cluster))
}

/// The mean probability that the members of a cluster give. Each counts for as much text as was compared: what a brief
/// shares with an article, two reporters' texts may share, and the cluster's long members know better.
fn agreement(matches: &[Match<'_>], cluster: Name<'_>) -> f32 {
    let members = matches.iter().filter(|found| found.kept.cluster == cluster);
    let (sum, length) = members.fold((0.0, 0.0), |(sum, length), member| {
        let compared = member.pair.short_length.max(1.0);
        (sum + member.probability * compared, length + compared)
    });
    sum / f32::max(length, 1.0)
}

#[cfg(test)]
mod tests {
    use super::{joined, shares_wording};
    use crate::deduper::Match;
    use crate::pair::{Pair, Side};
    use crate::sketch::Sketch;
    use crate::store::Kept;

    fn check(table: &[(&'static str, f32, f32)], expected: Option<&str>) {
        let alike: Vec<_> = table
            .iter()
            .map(|&(cluster, probability, wording)| (cluster, probability, wording, 200.0))
            .collect();
        check_lengths(&alike, expected);
    }

    fn check_lengths(table: &[(&'static str, f32, f32, f32)], expected: Option<&str>) {
        let found = |(cluster, probability, wording, length): &(&'static str, f32, f32, f32)| Match {
            kept: Kept::of_cluster(cluster),
            sketch: Sketch::default(),
            pair: Pair {
                short: Side {
                    part_cover: *wording,
                    ..Side::default()
                },
                short_length: *length,
                ..Pair::default()
            },
            probability: *probability,
        };
        let matches: Vec<Match<'_>> = table.iter().map(found).collect();
        let found = joined(&matches, 0.5).map(|found| found.kept.cluster.text());
        assert_eq!(found.as_deref(), expected, "{table:?}");
    }

    #[test]
    fn an_article_joins_the_likeliest_match_whose_cluster_agrees() {
        check(&[], None);
        check(&[("a", 0.9, 0.8), ("b", 0.7, 0.8)], Some("a"));
        check(&[("a", 0.4, 0.8)], None);
        check(&[("a", 0.9, 0.1), ("b", 0.7, 0.8)], Some("b"));
        check(&[("a", 0.7, 0.8), ("a", 0.0, 0.2), ("a", 0.1, 0.2)], None);
        check(&[("a", 0.9, 0.8), ("a", 0.1, 0.2)], Some("a"));
        check(
            &[("a", 0.8, 0.8), ("b", 0.6, 0.8), ("a", 0.0, 0.1), ("a", 0.0, 0.1)],
            Some("b"),
        );
    }

    #[test]
    fn a_brief_does_not_join_an_article_to_a_text_that_shares_nothing_with_it() {
        check_lengths(&[("a", 0.95, 0.4, 130.0), ("a", 0.05, 0.1, 500.0)], None);
        check_lengths(&[("a", 0.95, 0.4, 130.0), ("a", 0.6, 0.4, 500.0)], Some("a"));
        check_lengths(&[("a", 0.95, 0.4, 500.0), ("a", 0.05, 0.1, 130.0)], Some("a"));
    }

    #[test]
    fn what_is_shared_everywhere_in_one_order_may_be_less() {
        let check = |(cover, spread, other_spread, order): (f32, f32, f32, f32), expected: bool| {
            let side = |spread| Side {
                part_cover: cover,
                spread,
                ..Side::default()
            };
            let pair = Pair {
                short: side(spread),
                long: side(other_spread),
                order,
                ..Pair::default()
            };
            assert_eq!(shares_wording(&pair), expected, "{pair:?}");
        };
        check((0.4, 0.2, 0.2, 0.2), true);
        check((0.25, 0.9, 0.9, 1.0), true);
        check((0.25, 0.9, 0.4, 1.0), false);
        check((0.25, 0.4, 0.9, 1.0), false);
        check((0.25, 0.9, 0.9, 0.5), false);
        check((0.1, 0.9, 0.9, 1.0), false);
    }
}
