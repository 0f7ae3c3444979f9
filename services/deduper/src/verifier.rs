//! Whether a pair is a copy: a logistic regression over the measures of [`Pair`].
//!
//! A regression is used because each measure's part in the answer can be shown, and because some hundred weights
//! learned on some ten thousand pairs carry over to outlets and edits that were not among them.

mod weights;

use crate::pair::Pair;
pub use weights::Weights;

/// Measures that are weighed by themselves.
const PLAIN: usize = 61;
/// Measures that are also weighed in pairs: that numbers differ says more when names differ too.
const CORE: usize = 12;
/// Number of features.
pub(crate) const FEATURES: usize = PLAIN + CORE * (CORE + 1) / 2;
/// A feature vector.
pub(crate) type Features = [f32; FEATURES];

const CORE_NAMES: [&str; CORE] = [
    "best cover",
    "cover of the longer",
    "spread over the shorter",
    "spread over the longer",
    "numbers of the shorter",
    "numbers of the longer",
    "names of the shorter",
    "names of the longer",
    "title contained",
    "order",
    "rareness",
    "start in the longer",
];

const PLAIN_NAMES: [&str; PLAIN] = [
    "bias",
    "cover of the shorter, log odds",
    "cover of the shorter's lead, log odds",
    "plain cover of the shorter, log odds",
    "cover of the longer, log odds",
    "plain cover of the longer, log odds",
    "cover of the shorter by parts, log odds",
    "cover of the longer by parts, log odds",
    "best cover above a third",
    "best cover above a half",
    "best cover above three quarters",
    "spread over the shorter",
    "spread over the longer",
    "numbers of the shorter agree",
    "numbers missing of the shorter",
    "numbers of the longer agree",
    "numbers missing of the longer",
    "names of the shorter agree",
    "names missing of the shorter",
    "names of the longer agree",
    "names missing of the longer",
    "shared numbers",
    "shared names",
    "title contained",
    "title resembles",
    "title same",
    "order of shared passages",
    "length of the shorter",
    "longer to shorter length",
    "shared shingles",
    "weight of shared shingles",
    "hours apart",
    "same source",
    "cover and spread",
    "cover and numbers",
    "cover and names",
    "cover and title",
    "rareness of shared shingles",
    "numbers disagree under one title",
    "cover of the longer above a half",
    "same source and title",
    "numbers and names agree",
    "start in the shorter",
    "start in the longer",
    "both have text of their own",
    "both have names of their own",
    "both have numbers of their own",
    "best cover above nine tenths",
    "numbers replaced",
    "names replaced",
    "share of numbers replaced",
    "share of names replaced",
    "numbers of the better side",
    "names of the better side",
    "numbers missing on both sides",
    "names missing on both sides",
    "share of numbers missing on both sides",
    "share of names missing on both sides",
    "names and numbers missing on both sides",
    "shared names to cover",
    "same address",
];

/// Names of the features, in order.
pub(crate) fn names() -> Vec<String> {
    let products = CORE_NAMES.iter().enumerate().flat_map(|(at, first)| {
        CORE_NAMES
            .iter()
            .skip(at)
            .map(move |second| format!("{first} × {second}"))
    });
    PLAIN_NAMES
        .iter()
        .map(|&name| name.to_owned())
        .chain(products)
        .collect()
}

/// The features of a pair.
pub(crate) fn features(pair: &Pair) -> Features {
    let core = core(pair);
    let products = core
        .iter()
        .enumerate()
        .flat_map(|(at, first)| core.iter().skip(at).map(move |second| first * second));
    let mut all = [0.0; FEATURES];
    all.iter_mut()
        .zip(plain(pair).chain(products))
        .for_each(|(place, value)| *place = value);
    all
}

fn core(pair: &Pair) -> [f32; CORE] {
    let Pair { short, long, .. } = *pair;
    [
        best_cover(pair),
        long.cover,
        short.spread,
        long.spread,
        short.numbers,
        long.numbers,
        short.names,
        long.names,
        pair.title,
        pair.order,
        rareness(pair),
        long.start,
    ]
}

/// The measures that are weighed by themselves, in the order of their names.
fn plain(pair: &Pair) -> impl Iterator<Item = f32> {
    let groups = covers(pair)
        .into_iter()
        .chain(agreements(pair))
        .chain(circumstances(pair));
    groups.chain(combinations(pair)).chain(replacements(pair))
}

/// How much of the shorter text the other has, in all of it or in its lead: a brief is cut from the lead.
fn best_cover(pair: &Pair) -> f32 {
    pair.short.cover.max(pair.short.lead_cover)
}

/// Share of the shared shingles that are rare.
fn rareness(pair: &Pair) -> f32 {
    pair.shared_weight / pair.shared.max(1.0)
}

/// How much of each text the other has.
fn covers(pair: &Pair) -> [f32; 13] {
    let Pair { short, long, .. } = *pair;
    let best = best_cover(pair);
    [
        1.0,
        log_odds(short.cover),
        log_odds(short.lead_cover),
        log_odds(short.plain_cover),
        log_odds(long.cover),
        log_odds(long.plain_cover),
        log_odds(short.part_cover),
        log_odds(long.part_cover),
        (best - 0.33).max(0.0),
        (best - 0.5).max(0.0),
        (best - 0.75).max(0.0),
        short.spread,
        long.spread,
    ]
}

/// How far numbers and names agree.
fn agreements(pair: &Pair) -> [f32; 10] {
    let Pair { short, long, .. } = *pair;
    [
        short.numbers,
        short.numbers_missing.ln_1p(),
        long.numbers,
        long.numbers_missing.ln_1p(),
        short.names,
        short.names_missing.ln_1p(),
        long.names,
        long.names_missing.ln_1p(),
        pair.numbers_shared.ln_1p(),
        pair.names_shared.ln_1p(),
    ]
}

/// Titles, order, lengths, time and source.
fn circumstances(pair: &Pair) -> [f32; 10] {
    let same_source = f32::from(u8::from(pair.same_source));
    let title_same = f32::from(u8::from(0.999 < pair.title_resemblance));
    [
        pair.title,
        pair.title_resemblance,
        title_same,
        pair.order,
        pair.short_length.ln_1p(),
        (pair.long_length / pair.short_length.max(1.0)).ln_1p(),
        pair.shared.ln_1p(),
        pair.shared_weight.ln_1p(),
        pair.hours.ln_1p(),
        same_source,
    ]
}

/// What counts together: a high cover with numbers that differ is a template.
fn combinations(pair: &Pair) -> [f32; 15] {
    let Pair { short, long, .. } = *pair;
    let best = best_cover(pair);
    let same_source = f32::from(u8::from(pair.same_source));
    [
        best * short.spread,
        best * short.numbers,
        best * short.names,
        best * pair.title,
        rareness(pair),
        (1.0 - short.numbers) * pair.title,
        (long.cover - 0.5).max(0.0),
        same_source * pair.title_resemblance,
        short.numbers * short.names,
        short.start,
        long.start,
        (1.0 - best) * (1.0 - long.cover),
        (1.0 - short.names) * (1.0 - long.names),
        (1.0 - short.numbers) * (1.0 - long.numbers),
        (best - 0.9).max(0.0),
    ]
}

/// What each text has in the place of the other's numbers and names.
fn replacements(pair: &Pair) -> [f32; 13] {
    let Pair { short, long, .. } = *pair;
    let best = best_cover(pair);
    let numbers_exchanged = short.numbers_missing.min(long.numbers_missing);
    let names_exchanged = short.names_missing.min(long.names_missing);
    let numbers_share = numbers_exchanged / (numbers_exchanged + pair.numbers_shared + 1.0);
    let names_share = names_exchanged / (names_exchanged + pair.names_shared + 1.0);
    [
        pair.numbers_replaced.ln_1p(),
        pair.names_replaced.ln_1p(),
        pair.numbers_replaced / (pair.numbers_replaced + pair.numbers_shared + 1.0),
        pair.names_replaced / (pair.names_replaced + pair.names_shared + 1.0),
        log_odds(short.numbers.max(long.numbers)),
        log_odds(short.names.max(long.names)),
        numbers_exchanged.ln_1p(),
        names_exchanged.ln_1p(),
        numbers_share,
        names_share,
        numbers_share * names_share,
        names_share * best,
        f32::from(u8::from(pair.same_address)),
    ]
}

/// Log odds of a share, bounded.
fn log_odds(share: f32) -> f32 {
    let share = share.clamp(0.01, 0.99);
    (share / (1.0 - share)).ln()
}

/// What each feature adds to the log odds.
pub(crate) fn contributions(weights: &Weights, features: &Features) -> Vec<(String, f32)> {
    names().into_iter().zip(weights.parts(features)).collect()
}

pub(crate) fn sigmoid(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}
