//! Pages that are no article, and articles that look as if they were none: how many of each the cleaner refuses.

#[path = "refused/no_article.rs"]
mod no_article;
#[path = "refused/odd_article.rs"]
mod odd_article;
#[path = "refused/words.rs"]
mod words;

use std::collections::BTreeMap;

use cleaner::extracted::Known;

/// A generated page: what it is, and its markup.
pub(crate) struct Sample {
    name: String,
    html: String,
}

/// A page around its content, as sites have it: menu above, links and imprint below.
fn framed(title: &str, head: &str, content: &str) -> String {
    let menu: String = ["Home", "Politics", "Sport", "Culture", "Weather", "Contact"]
        .iter()
        .map(|name| format!("<li><a href='/{name}'>{name}</a></li>"))
        .collect();
    format!(
        "<!DOCTYPE html><html><head><title>{title} | Harbour Post</title>{head}</head><body><header><nav><ul>{menu}</ul>\
         </nav></header><main>{content}</main><footer><p><a href='/imprint'>Imprint</a> <a href='/privacy'>Privacy</a> \
         © 2026 Harbour Post. All rights reserved.</p></footer></body></html>"
    )
}

/// The reason why each page is refused, or `article`.
fn verdicts(samples: &[Sample]) -> Vec<(&str, &'static str)> {
    let verdict = |sample: &Sample| match cleaner::html::extract(
        &sample.html,
        Some("https://harbour.example/a"),
        &Known::default(),
    ) {
        Ok(_) => "article",
        Err(reason) => reason.as_str(),
    };
    samples
        .iter()
        .map(|sample| (sample.name.as_str(), verdict(sample)))
        .collect()
}

#[test]
fn pages_without_an_article_are_refused_and_odd_articles_are_not() {
    let (pages, articles) = (no_article::all(), odd_article::all());
    assert!(
        pages.len() >= 60 && articles.len() >= 40,
        "{} {}",
        pages.len(),
        articles.len()
    );
    let (refused, taken) = (verdicts(&pages), verdicts(&articles));
    let missed: Vec<_> = refused.iter().filter(|(_, verdict)| *verdict == "article").collect();
    let wrong: Vec<_> = taken.iter().filter(|(_, verdict)| *verdict != "article").collect();
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let found = pages.len() - missed.len();
    let (recall, precision) = (share(found, pages.len()), share(found, found + wrong.len()));
    println!(
        "refused {found} of {} pages, and {} of {} articles",
        pages.len(),
        wrong.len(),
        articles.len()
    );
    println!("recall {recall:.3} precision {precision:.3}");
    println!("taken for articles: {missed:?}\nrefused articles: {wrong:?}");
    assert!(recall >= 0.95, "recall {recall:.3}: {missed:?}");
    assert!(precision >= 0.98, "precision {precision:.3}: {wrong:?}");
}

#[test]
fn the_reason_is_the_one_that_an_operator_would_give() {
    let pages = no_article::all();
    let mut right: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (name, verdict) in verdicts(&pages) {
        let kind = name.split(' ').next().unwrap_or_default();
        let expected: &[&str] = match kind {
            "listing" => &["listing_page"],
            "stub" => &["paywall_stub"],
            "script" => &["needs_script"],
            _ => &["no_article", "too_short"],
        };
        let (good, all) = right.entry(kind).or_default();
        *good += usize::from(expected.contains(&verdict));
        *all += 1;
        println!("{name}: {verdict}");
    }
    for (kind, (good, all)) in right {
        assert!(good * 10 >= all * 8, "{kind}: {good} of {all} have the right reason");
    }
}
