//! Learned weights, and their card.
//!
//! **What for.** The probability that one article is a copy of another, from what their sketches have in common. One
//! half means: joined.
//!
//! **Learned from** 48 thousand pairs of seven streams: articles of eleven US news sites (November 2016, 63
//! copies), Reuters dispatches (February and March 1987, 219 copies), a stream of 4,000 articles with made-up copies
//! and traps, and four more of 3,000 with other kinds of edit (cut in mid-sentence, words replaced or inserted,
//! sentences dropped, new lead, strange tail, links in between, figures updated, …) and of trap (numbers or names
//! replaced, quotes and background borrowed, digests). Real copies weigh up to four times as much as made-up ones,
//! real non-copies twice. L2 penalty 2, features scaled by their deviation.
//!
//! **Figures** on held-out pairs (each half by time judged with weights learned on the other half of all streams; best
//! match of each article; F1 at raw probabilities of 0.7 and 0.8, between which this table's one half lies): US sites
//! .939 and .968, Reuters .989 and .991, made-up copies .993 and .993, the four others .990 to .992 and .991 to .994.
//! Clusters of the whole streams, pairwise F1, the streams it learned from: US sites .962, Reuters .989, made-up copies
//! .992; of the articles flagged as copies, .984, .995 and .998 are.
//!
//! **Limits.** English only was measured; other languages use the same features, of which names say little in German
//! and nothing in scripts without capitals. Two captures of one live page that share less than half are missed.

/// One weight a feature, in the order of their names.
pub(super) const WEIGHTS: [f32; super::FEATURES] = [
    -2.7535,  // bias
    0.3727,   // cover of the shorter, log odds
    0.1139,   // cover of the shorter's lead, log odds
    -0.4204,  // plain cover of the shorter, log odds
    0.6908,   // cover of the longer, log odds
    -0.0319,  // plain cover of the longer, log odds
    -0.3948,  // best cover above a third
    -1.6583,  // best cover above a half
    4.158,    // best cover above three quarters
    1.7195,   // spread over the shorter
    1.4875,   // spread over the longer
    -0.9891,  // numbers of the shorter agree
    -0.5614,  // numbers missing of the shorter
    -1.7399,  // numbers of the longer agree
    -0.6942,  // numbers missing of the longer
    -1.258,   // names of the shorter agree
    1.366,    // names missing of the shorter
    -1.4672,  // names of the longer agree
    0.2827,   // names missing of the longer
    1.3186,   // shared numbers
    -0.0042,  // shared names
    2.4239,   // title contained
    -0.9688,  // title resembles
    0.057,    // title same
    -1.0151,  // order of shared passages
    -0.7471,  // length of the shorter
    1.1145,   // longer to shorter length
    0.2125,   // shared shingles
    0.569,    // weight of shared shingles
    -0.792,   // hours apart
    -1.3871,  // same source
    -0.2715,  // cover and spread
    1.0431,   // cover and numbers
    0.5189,   // cover and names
    -0.3679,  // cover and title
    3.04,     // rareness of shared shingles
    1.5223,   // numbers disagree under one title
    -3.1038,  // cover of the longer above a half
    -2.0498,  // same source and title
    -1.4236,  // numbers and names agree
    2.1878,   // start in the shorter
    -1.7988,  // start in the longer
    -2.4662,  // both have text of their own
    3.003,    // both have names of their own
    -1.3769,  // both have numbers of their own
    -13.1023, // best cover above nine tenths
    -0.6795,  // numbers replaced
    0.1716,   // names replaced
    -0.4837,  // share of numbers replaced
    -4.6699,  // share of names replaced
    -0.1462,  // numbers of the better side
    0.0096,   // names of the better side
    -0.8035,  // numbers missing on both sides
    -0.7116,  // names missing on both sides
    -0.2859,  // share of numbers missing on both sides
    -2.5332,  // share of names missing on both sides
    0.651,    // names and numbers missing on both sides
    -0.381,   // shared names to cover
    12.6457,  // same address
    0.4214,   // best cover × best cover
    3.4675,   // best cover × cover of the longer
    -0.2715,  // best cover × spread over the shorter
    2.8852,   // best cover × spread over the longer
    1.0431,   // best cover × numbers of the shorter
    1.9368,   // best cover × numbers of the longer
    0.5189,   // best cover × names of the shorter
    1.4774,   // best cover × names of the longer
    -0.3679,  // best cover × title contained
    -2.1734,  // best cover × order
    0.5683,   // best cover × rareness
    -5.2326,  // best cover × start in the longer
    -0.3842,  // cover of the longer × cover of the longer
    -1.2415,  // cover of the longer × spread over the shorter
    -2.1423,  // cover of the longer × spread over the longer
    1.103,    // cover of the longer × numbers of the shorter
    1.4361,   // cover of the longer × numbers of the longer
    2.6676,   // cover of the longer × names of the shorter
    2.8712,   // cover of the longer × names of the longer
    -5.294,   // cover of the longer × title contained
    -1.981,   // cover of the longer × order
    1.1694,   // cover of the longer × rareness
    6.0468,   // cover of the longer × start in the longer
    -2.2292,  // spread over the shorter × spread over the shorter
    -1.487,   // spread over the shorter × spread over the longer
    2.7288,   // spread over the shorter × numbers of the shorter
    2.8506,   // spread over the shorter × numbers of the longer
    0.3698,   // spread over the shorter × names of the shorter
    4.3988,   // spread over the shorter × names of the longer
    -2.2824,  // spread over the shorter × title contained
    -1.7577,  // spread over the shorter × order
    1.4901,   // spread over the shorter × rareness
    0.8232,   // spread over the shorter × start in the longer
    0.1232,   // spread over the longer × spread over the longer
    4.1222,   // spread over the longer × numbers of the shorter
    0.3248,   // spread over the longer × numbers of the longer
    0.3579,   // spread over the longer × names of the shorter
    -1.7963,  // spread over the longer × names of the longer
    -3.6493,  // spread over the longer × title contained
    -2.7407,  // spread over the longer × order
    0.9664,   // spread over the longer × rareness
    8.7876,   // spread over the longer × start in the longer
    -0.9949,  // numbers of the shorter × numbers of the shorter
    -3.2159,  // numbers of the shorter × numbers of the longer
    -1.4236,  // numbers of the shorter × names of the shorter
    -0.6476,  // numbers of the shorter × names of the longer
    2.6019,   // numbers of the shorter × title contained
    -1.6153,  // numbers of the shorter × order
    0.3989,   // numbers of the shorter × rareness
    -0.0994,  // numbers of the shorter × start in the longer
    0.9233,   // numbers of the longer × numbers of the longer
    0.1251,   // numbers of the longer × names of the shorter
    -1.1671,  // numbers of the longer × names of the longer
    0.7082,   // numbers of the longer × title contained
    -2.6304,  // numbers of the longer × order
    -0.6922,  // numbers of the longer × rareness
    0.5594,   // numbers of the longer × start in the longer
    -0.0745,  // names of the shorter × names of the shorter
    -0.2899,  // names of the shorter × names of the longer
    3.4985,   // names of the shorter × title contained
    1.8622,   // names of the shorter × order
    1.1285,   // names of the shorter × rareness
    -1.6415,  // names of the shorter × start in the longer
    -1.0367,  // names of the longer × names of the longer
    -0.7496,  // names of the longer × title contained
    1.643,    // names of the longer × order
    -1.1964,  // names of the longer × rareness
    -3.5601,  // names of the longer × start in the longer
    1.314,    // title contained × title contained
    0.7156,   // title contained × order
    0.7952,   // title contained × rareness
    5.0432,   // title contained × start in the longer
    2.0288,   // order × order
    2.0386,   // order × rareness
    -0.8818,  // order × start in the longer
    -2.4612,  // rareness × rareness
    -2.4696,  // rareness × start in the longer
    -3.6593,  // start in the longer × start in the longer
];
