//! Which of the articles that an article resembles it joins, if any.
//!
//! The likeliest copy alone would chain stories: a brief of one event resembles two reporters' texts, and so puts them
//! into one cluster. So the cluster is asked, too.

use crate::deduper::Match;
use crate::store::Name;

/// The mean probability that the members of a cluster which were looked at must give.
const AGREEMENT: f32 = 0.3;
/// The share of the shorter text, or of its lead, that the other one must have, whatever else agrees: the same
/// headline, numbers and names are the same event, not the same copy.
const WORDING: f32 = 0.37;

/// The match to join: the likeliest whose wording is shared and whose cluster agrees. `matches` are those of one
/// article, the likeliest first.
pub(crate) fn joined<'a, 'b>(matches: &'b [Match<'a>], threshold: f32) -> Option<&'b Match<'a>> {
    let likely = matches.iter().take_while(|found| threshold <= found.probability);
    likely
        .filter(|found| WORDING <= found.pair.short.plain_cover.max(found.pair.short.lead_cover))
        .find(|found| AGREEMENT <= agreement(matches, found.kept.cluster))
}

/// The mean probability that the members of a cluster give.
fn agreement(matches: &[Match<'_>], cluster: Name<'_>) -> f32 {
    let members = matches.iter().filter(|found| found.kept.cluster == cluster);
    let (sum, count) = members.fold((0.0, 0.0), |(sum, count), member| {
        (sum + member.probability, count + 1.0)
    });
    sum / f32::max(count, 1.0)
}

#[cfg(test)]
mod tests {
    use super::joined;
    use crate::deduper::Match;
    use crate::pair::{Pair, Side};
    use crate::sketch::Sketch;
    use crate::store::Kept;

    fn check(table: &[(&'static str, f32, f32)], expected: Option<&str>) {
        let found = |(cluster, probability, wording): &(&'static str, f32, f32)| Match {
            kept: Kept::of_cluster(cluster),
            sketch: Sketch::default(),
            pair: Pair {
                short: Side {
                    plain_cover: *wording,
                    ..Side::default()
                },
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
}
