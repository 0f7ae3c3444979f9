use super::*;

fn check(file: &str, url: &str, expected: &[&str]) {
    let opt_outs = AiOptOuts::parse(file.as_bytes(), "Newsbot");
    assert_eq!(opt_outs.refused_for(url), expected, "{url} by {file:?}");
    let again = AiOptOuts::from_lines(&opt_outs.to_lines());
    assert_eq!(again.refused_for(url), expected, "{url} by the kept lines of {file:?}");
}

#[test]
fn crawlers_are_reported_where_a_group_that_names_them_refuses() {
    let file = "user-agent: GPTBot\nuser-agent: ccbot/2.0\ndisallow: /\nallow: /free\n\n\
        user-agent: Kangaroo Bot\ndisallow: /\nuser-agent: AI2Bot\nallow: /\n";
    check(file, "https://example.org/a", &["GPTBot", "CCBot", "Kangaroo Bot"]);
    check(file, "https://example.org/free/a", &["Kangaroo Bot"]);
}

#[test]
fn a_file_that_refuses_everybody_says_nothing_about_machine_learning() {
    check("user-agent: *\ndisallow: /\n", "https://example.org/a", &[]);
    check("user-agent: Newsbot\ndisallow: /\n", "https://example.org/a", &[]);
    let empty = AiOptOuts::parse(b"user-agent: GPTBot\ndisallow:\n", "Newsbot");
    assert!(empty.is_empty() && empty.to_lines().is_empty());
}

#[test]
fn equal_rules_are_kept_once() {
    let file = "user-agent: CCBot\ndisallow: /\nuser-agent: GPTBot\ndisallow: /\n";
    let lines = AiOptOuts::parse(file.as_bytes(), "Newsbot").to_lines();
    assert_eq!(lines, "user-agent: GPTBot\nuser-agent: CCBot\ndisallow: /\n");
}

#[test]
fn signals_of_our_group_or_of_everyones_are_reported_as_spelled() {
    let file = "user-agent: *\nContent-Signal: search=yes, ai-train=no ,ai-input=NO\nallow: /\n";
    check(file, "https://example.org/a", &["ai-train=no", "ai-input=no"]);
    let ours = format!("{file}user-agent: newsbot\ncontent-signal: ai-train=yes\nallow: /\n");
    check(&ours, "https://example.org/a", &[]);
    check("content-signal: ai-train=no\n", "https://example.org/a", &[]);
    check(
        "user-agent: *\ncontent-signal: nonsense, =no, x=\n",
        "https://example.org/a",
        &[],
    );
}

#[test]
fn the_longest_path_of_a_content_usage_decides() {
    let file = "user-agent: *\ncontent-usage: train-ai=n;scope=all, search=y\n\
        content-usage: /open/ train-ai=y\ncontent-usage: /open/*/closed train-ai=n\n";
    check(file, "https://example.org/a", &["train-ai=n"]);
    check(file, "https://example.org/open/a", &[]);
    check(file, "https://example.org/open/a/closed", &["train-ai=n"]);
    assert_eq!(refused_by_header("search=y, train-ai=n"), ["train-ai=n"]);
}

#[test]
fn a_hostile_file_stays_small() {
    let mut file = "user-agent: GPTBot\n".to_owned();
    for number in 0..20_000 {
        file.push_str(&format!("disallow: /{number}\ncontent-signal: a{number}=no\n"));
    }
    let opt_outs = AiOptOuts::parse(file.as_bytes(), "Newsbot");
    assert!(opt_outs.to_lines().len() < 10_000);
}

#[test]
fn a_file_that_names_every_crawler_is_not_kept_once_for_each() {
    let all: String = crawlers()
        .iter()
        .map(|crawler| format!("user-agent: {crawler}\n"))
        .collect();
    let path = "a".repeat(2_000);
    let rules: String = (0..150).map(|number| format!("disallow: /{path}{number}\n")).collect();
    let opt_outs = AiOptOuts::parse((all.clone() + &rules).as_bytes(), "Newsbot");
    assert!(opt_outs.to_lines().len() <= LINES_BYTES_MAX);
    // Each in a group of its own, which are not alike.
    let own = |crawler: &&str| format!("user-agent: {crawler}\ndisallow: /{path}/{crawler}\n");
    let apart: String = crawlers().iter().map(own).collect();
    let opt_outs = AiOptOuts::parse(apart.as_bytes(), "Newsbot");
    assert!((30_000..=LINES_BYTES_MAX).contains(&opt_outs.to_lines().len()));
    let usages: String = (0..40).map(|number| format!("a{number}=n,")).collect();
    let signals = format!("user-agent: *\ncontent-usage: /{path} {usages}\n").repeat(60);
    let opt_outs = AiOptOuts::parse(signals.as_bytes(), "Newsbot");
    assert!((30_000..=LINES_BYTES_MAX).contains(&opt_outs.to_lines().len()));
    let again = AiOptOuts::from_lines(&opt_outs.to_lines());
    assert_eq!(again, opt_outs);
    // What is common is kept whole: many crawlers, many short rules.
    let common: String = (0..150)
        .map(|number| format!("disallow: /archive/of/{number}/\n"))
        .collect();
    let opt_outs = AiOptOuts::parse((all + &common).as_bytes(), "Newsbot");
    let refused = opt_outs.refused_for("https://example.org/archive/of/149/a");
    assert_eq!(refused.len(), crawlers().len());
}

#[test]
fn the_list_of_crawlers_is_well_formed() {
    let mut names = crawlers();
    assert!(names.contains(&"GPTBot") && names.iter().all(|name| !name.is_empty() && !name.contains('/')));
    let count = names.len();
    names.sort_by_key(|name| name.to_ascii_lowercase());
    names.dedup_by_key(|name| name.to_ascii_lowercase());
    assert_eq!(names.len(), count);
}
